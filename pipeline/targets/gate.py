"""Which sentences are worth reading: one pattern over each sentence, then cheap tests.

Reading a sentence costs some thirty times more than looking at it, and in general news one in
twenty holds a target. One pattern finds the runs of digits and the number words of a sentence,
with the unit behind them. A sentence without finds is not looked at again; for the others the
kinds of the units decide what else they must hold, asked once for all numbers of a kind. Three of
four runs of digits in general news have no unit: the pattern finds those only behind a word that
bounds or ranks, as parts of a whole, or as an index. Every test asks for what a full rule needs,
with the words of the same lexicon row or the very pattern of the rule, but somewhere near the
numbers: it lets too much through, never too little.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from pipeline.records import Comparator
from pipeline.targets.comparators import (
    LEAD_REACH,
    leaders_behind,
    read_lead,
    speaks_of_ranks,
)
from pipeline.targets.levels import REACH
from pipeline.targets.lexical import (
    WORD_END,
    alternation,
    behind,
    forms,
    holds,
    last_words,
    late,
    may_hold,
    rows,
    single_spaced,
)
from pipeline.targets.numerals import (
    HALF,
    NUMBER_STARTS,
    NUMBER_WORDS,
    PARTS,
    SCALE,
    WHOLES,
)
from pipeline.targets.quantities import FRACTION_NOUN, OF_WHOLE
from pipeline.targets.status import QUOTA_REACH
from pipeline.targets.traps import GAME_KINDS, off_topic
from pipeline.targets.units import (
    PERCENT,
    UNIT_WORDS,
    heading_count,
    kind_of,
    may_name_count,
)

if TYPE_CHECKING:
    import re
    from collections.abc import Callable, Iterator, Sequence

_SURE = frozenset({"percent", "permille", "point", "rank", "speed", "score"})
_COUNTED = frozenset({"output", "count"})
_NEED_BOUND = frozenset({"output", "count", "duration"})
_NEAR = 200
_JOINED = 120
_ORDINAL = "thứ "
_ONE = "một"
_TO = ("đến ", "tới ", "khoảng ")
_SLASH = ("/", "/ ")
_EACH = ("mỗi", "cứ", "bình")


def _comparators(*kinds: str) -> list[str]:
    return [form for kind in kinds for form in forms("comparators", kind)]


_BOUND_LEADS = tuple(f"{w} " for w in last_words(_comparators("before", "filler", "pace")))
_RANK_LEADS = tuple(f"{w} " for w in last_words(_comparators("rank_within", "rank_at")))
_PLACE_LEADS = last_words(_comparators("rank_at"))
_SHARES = frozenset({"percent", "share", "parts", "worded_percent"})


def _unit(group: str) -> str:
    """Return a pattern for a unit; `group` begins the names of its groups."""
    percent, unit = f"(?P<{group}percent>{PERCENT})", f"(?P<{group}unit>{UNIT_WORDS}){WORD_END}"
    return rf" *[\"“]?(?:{percent}|{unit})"


_WORD = rf"(?:{alternation(NUMBER_WORDS)}){WORD_END}"
_TELLING = behind(_comparators("before", "filler", "pace", "rank_within", "rank_at"))
_OUT_OF = rf" ?/ ?[0-9]| +(?:trong|trên) +(?:tổng +)?(?:số +)?(?:[0-9]|{_WORD})"
_TOTALS = ("trong tổng", "trên tổng")
_RUN = r"[0-9]*+(?:[.,][0-9]++)*+"
# A letter before makes digits a name. A number without a unit counts only where its words say so.
_DIGITS = (
    r"(?<![^\W_][0-9])(?<![0-9][.,][0-9])"
    rf"(?:(?P<digits>{_RUN})"
    rf"(?: *(?P<scale>{SCALE}(?: +{SCALE})?(?: +{HALF})?))?(?:{_unit('')}|(?(scale)|(?!)))"
    r"|(?P<index>(?<=0)[.,][0-9]{3,4}(?![0-9]))"
    rf"|(?:{_TELLING})(?P<told>{_RUN})"
    rf"|{_RUN}(?P<part>(?={_OUT_OF}))"
    rf"|(?:(?<=/[0-9])|(?<=/ [0-9])){_RUN}(?P<share>(?={OF_WHOLE}))"
    ")"
)
# What may count of a number in words: a unit or "phần" behind it, or a rank before it.
_WORDS = (
    rf"(?P<whole>{WHOLES})"
    rf"|(?P<words>{_WORD}(?: +{_WORD}){{0,24}})(?:(?P<parts> +{PARTS})|(?={_unit('worded_')}))"
    rf"|(?P<place>(?:{alternation(_PLACE_LEADS)})(?= +{_WORD}))"
    rf"|(?P<total>(?:{alternation(_TOTALS)})(?= ))"
)
_FIRST = alternation([*NUMBER_STARTS, *_PLACE_LEADS, *_TOTALS])
# `re` skips to what is no Vietnamese letter: a digit, or what stands before a word.
_FIND = late(
    rf"[^a-zà-öø-ÿĀ-ɏḀ-ỿ](?:(?<=\d)(?:(?<=[0-9]){_DIGITS}|(?<![0-9])(?P<odd>))"
    rf"|(?={_FIRST})(?:{_WORDS}))"
)
_NAMED = late(
    rf"(?:số|lượng) +(?=(?P<unit>{UNIT_WORDS}){WORD_END}[^\d;.]{{0,60}}(?P<number>[0-9]))"
)
_IS_PART = late(_OUT_OF)
_DIGIT = late(r"[0-9]")


def _mentions(found: Sequence[str]) -> Callable[[str, int, int], bool]:
    """Return a test for any of the forms, even where a rule's window cuts its first word."""
    pattern = late(rf"(?:{alternation(found)}){WORD_END}")
    return lambda seen, low, high: pattern.search(seen, low, high) is not None


_BOUNDS = [
    form
    for row in rows("comparators", "before")
    if row["comparator"] in {">=", "<="}
    for form in row["forms"]
]
_holds_outcome = _mentions(rows("traps", "outcome")[0]["forms"])
_may_bound_behind = may_hold(_comparators("after"))
_ends_bound = holds(_comparators("after"))
_cuts = _mentions([*_BOUNDS, *forms("comparators", "cut_level")])
_holds_change = _mentions([*_comparators("increase", "decrease", "multiple"), "hơn", "kém"])
_holds_volume = _mentions(forms("units", "volume"))
# As far as the rule looks for a verb, and as far as words may bound the number behind it.
_DELIVERED = late(
    rf"(?:{alternation(forms('aims', 'deliver'))}){WORD_END}[^;:.(]{{0,{REACH + LEAD_REACH}}}[0-9]"
)
_holds_quota = _mentions(forms("aims", "quota"))
_holds_assigned = _mentions(forms("aims", "assigned"))
# As far as the rule looks for a quota, and as far as words may bound the number behind it.
_QUOTA = late(
    rf"(?:{alternation(forms('aims', 'quota'))}){WORD_END}"
    rf"[^\d,;.]{{0,{QUOTA_REACH + LEAD_REACH}}}[0-9]"
)
_VERBS = {"money": _holds_outcome, "measure": _holds_volume}
_TIMES = alternation(rows("units", "time_rate")[0]["values"])
_LEADS = alternation(rows("units", "time_rate")[0]["lead"])
_RECURS = late(rf"lần(?: ?/| +(?:{_LEADS}) +(?:{_TIMES}){WORD_END})")
_BY_TIME = late(rf"(?:{_LEADS}|bình|quân|1) *(?:{_TIMES}){WORD_END}")
_PER_TURN = late("/ ?lần")


def _holds_bound_behind(seen: str) -> bool:
    return _may_bound_behind(seen) and _ends_bound(seen)


class Finds(NamedTuple):
    """What the one pattern finds in a sentence: its view, that view padded, and the matches."""

    seen: str
    padded: str
    finds: Sequence[re.Match[str]]
    named: Sequence[re.Match[str]]


def find_numbers(seen: str) -> Finds | None:
    """Return what may count something in the view of a sentence; None for nothing, as mostly.

    >>> find_numbers("ngày hội") is None
    True
    """
    padded = f" {single_spaced(seen)}"
    finds = list(_FIND.finditer(padded))
    named = list(_NAMED.finditer(padded)) if may_name_count(padded) else ()
    return Finds(seen, padded, finds, named) if finds or named else None


def may_hold_target(
    found: Finds, is_digital: Callable[[], bool], may_aim: Callable[[], bool]
) -> bool:
    """Tell cheaply whether any number of a sentence may become a target; a yes is no promise.

    A sentence without any says nothing that the walk would not work out when asked, so it need
    not be read. The others are asked only if nothing but plain counts is left: those need a
    digital page, or an aim and a verb of delivery.

    >>> may_hold_target(find_numbers("đạt 80% kế hoạch"), bool, bool)
    True
    """
    seen, padded, finds, named = found
    numbers = _Numbers(padded)
    for find in finds:
        numbers.add(find)
    for name in named:
        numbers.note(kind_of(name["unit"]), name.start("number"))
    for kind in numbers.passing():
        topic = off_topic(seen)
        if topic == "market":
            return False
        if topic is None or kind not in GAME_KINDS:
            return True
    counted = _COUNTED & numbers.spans.keys()
    if not counted or not (is_digital() or (_DELIVERED.search(padded) and may_aim())):
        return False
    topic = off_topic(seen)
    return topic is None or (topic == "contest" and "output" in counted)


class _Numbers:
    """The kinds of quantity that the numbers of a sentence may become.

    `passed` are those that count wherever they stand. For the others `spans` has the starts of
    the first and the last number: what they need is looked for once for all of them.
    """

    def __init__(self, seen: str) -> None:
        """Take the view of a sentence, with a blank before it."""
        self.seen = seen
        self.passed: set[str] = set()
        self.spans: dict[str, tuple[int, int]] = {}
        self._ranks: bool | None = None
        self._worded = False
        self._bare_at = 0
        self._heirs: dict[str, int] = {}

    def add(self, find: re.Match[str]) -> None:
        """Take a match of `_FIND`; the last of its groups that took part tells what it is."""
        group = find.lastgroup
        if group == "unit":
            self._add_counted(find, kind_of(find["unit"]))
        elif group in {"part", "total", "place"}:
            self._worded |= group == "place"
            if self._speaks_of_ranks():
                self.passed.add("rank")
        elif group == "told":
            self._add_bare(find.start())
            if _IS_PART.match(self.seen, find.end()) and self._speaks_of_ranks():
                self.passed.add("rank")
        elif group == "worded_unit":
            self._worded = True
            self._add_words(find["words"], find.start("words"), kind_of(find["worded_unit"]))
        elif group == "scale":
            self.note("money", find.start())
            self._add_bare(find.start())
            self._bare_at = find.start()
        elif group == "index":
            self.passed.add("score")
        else:
            self.passed.add("percent" if group in _SHARES else "any")

    def passing(self) -> Iterator[str]:
        """Yield the kinds that may count here, those without a further test first."""
        yield from self.passed
        self._hand_down()
        for kind, (first, last) in self.spans.items():
            if kind == "duration":
                yield from self._durations(first, last)
            elif kind in {"fold", "turn"}:
                yield from self._folds(kind, first, last)
            elif (kind in _VERBS and self._near(_VERBS[kind], first, last)) or (
                kind != "money" and self._holds_quota()
            ):
                yield kind

    def note(self, kind: str, start: int) -> None:
        """Note a kind and where a number of it stands."""
        if kind in _SURE:
            self.passed.add(kind)
        else:
            first, last = self.spans.get(kind, (start, start))
            self.spans[kind] = (first, max(last, start))

    def _hand_down(self) -> None:
        """Let a number without a unit take over the kind of one before it that counts things.

        It has a bound or a scale, or a quota stands beside it.
        """
        if self._heirs and self._holds_quota():
            for kind, start in self._heirs.items():
                self.note(kind, start)
        if not self._bare_at:
            return
        heirs = self._heirs | {kind: self.spans[kind][0] for kind in _COUNTED & self.spans.keys()}
        for kind, start in heirs.items():
            if start < self._bare_at:
                self.note(kind, start)
                self.note(kind, self._bare_at)

    def _speaks_of_ranks(self) -> bool:
        if self._ranks is None:
            self._ranks = speaks_of_ranks(self.seen)
        return self._ranks

    def _add_words(self, words: str, start: int, kind: str) -> None:
        """Take words with a unit: a count in words needs a bound or those that get one each."""
        seen = self.seen
        if kind in _NEED_BOUND:
            bounded = seen.endswith(_BOUND_LEADS, 0, start) and _bounds(seen, start, words)
            if bounded or "mỗi" in seen or _holds_bound_behind(seen):
                self.passed.add(kind)
            elif kind == "duration" or _DIGIT.search(seen, max(0, start - _JOINED), start):
                self.note(kind, start)
            else:
                self._heirs[kind] = start
        elif kind == "fold" and words == _ONE:
            self.note("turn", start)
        elif kind != "permille":
            self.note(kind, start)

    def _add_counted(self, find: re.Match[str], kind: str) -> None:
        """Take digits with a unit behind them: "2/3 hộ" is a share, "top 10 tỉnh" a rank too."""
        seen, start = self.seen, find.start()
        self.note(kind, start)
        self._may_rank(start)
        end = max(find.end("digits"), find.end("scale"))
        if seen.endswith(_SLASH, 0, start) and FRACTION_NOUN.match(seen, end):
            self.passed.add("percent")
        if kind == "count" and leaders_behind(seen, end):
            self.passed.add("rank")

    def _add_bare(self, start: int) -> None:
        """Take digits without a unit that may have a bound, and then a unit named before."""
        self._may_rank(start)
        if self.seen.endswith(_BOUND_LEADS, 0, start):
            self._bare_at = start
            heading = heading_count(self.seen, self.seen, start)
            if heading is not None:
                self.note(heading.kind, start)

    def _may_rank(self, start: int) -> None:
        """Take a number behind a word of rank; "thứ" is one beside others only."""
        seen = self.seen
        if seen.endswith(_RANK_LEADS, 0, start) and (
            not seen.endswith(_ORDINAL, 0, start) or self._speaks_of_ranks()
        ):
            self.passed.add("rank")

    def _holds_quota(self) -> bool:
        """True if a quota may stand beside a number; what one follows may be a number in words."""
        seen = self.seen
        before = _holds_quota(seen, 0, len(seen)) if self._worded else _QUOTA.search(seen)
        return bool(before) or _holds_assigned(seen, 0, len(seen))

    def _near(self, holds: Callable[[str, int, int], bool], first: int, last: int) -> bool:
        """True if the words that a test looks for stand before one of the numbers."""
        return holds(self.seen, max(0, first - _NEAR), last)

    def _durations(self, first: int, last: int) -> Iterator[str]:
        """Yield what times may be: one for each turn, or bounded or cut."""
        if "/" in self.seen and _PER_TURN.search(self.seen):
            yield "frequency"
        if self._near(_cuts, first, last) or _holds_bound_behind(self.seen):
            yield "duration"

    def _folds(self, kind: str, first: int, last: int) -> Iterator[str]:
        """Yield what "so many times" may be: a change, or so many times a year."""
        seen = self.seen
        if kind == "fold" and self._near(_holds_change, first, last):
            yield kind
        low = max(0, first - _NEAR)
        by_time = any(mark in seen for mark in _EACH) and _BY_TIME.search(seen, low, last)
        if by_time or _RECURS.search(seen, first):
            yield "frequency"


def _bounds(seen: str, start: int, words: str) -> bool:
    """Tell whether a bound may stand before a number in words, or before one that it ends."""
    if words != _ONE and seen.endswith(_TO, 0, start):
        return True
    comparator = read_lead(seen, start).comparator
    return comparator is not None and not (
        words == _ONE and comparator is Comparator.MORE_THAN  # "hơn một" is no bound.
    )
