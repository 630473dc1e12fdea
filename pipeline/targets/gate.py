"""Which sentences are worth reading: cheap tests of their candidates.

Reading a sentence costs some twenty times more than looking at it, and in general news one in
twenty holds a target. The kinds of the units of its candidates decide what else a sentence must
hold. Every test asks for what a full rule needs, with the words of the same lexicon row or the very
pattern of the rule, where the rule needs it: before a number, with no more in between than the
words that bound it and the first number of a range, or behind it. It lets too much through, never
too little.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.records import Comparator
from pipeline.targets.candidates import NUMBER_WORD, OUT_OF
from pipeline.targets.comparators import (
    LEAD_WORDS,
    leaders_behind,
    read_lead,
    speaks_of_ranks,
)
from pipeline.targets.levels import DOES, DONE, NAMED, REACH
from pipeline.targets.lexical import (
    WORD_END,
    alternation,
    forms,
    holds,
    last_words,
    late,
    may_hold,
    rows,
)
from pipeline.targets.quantities import FRACTION_NOUN
from pipeline.targets.status import QUOTA
from pipeline.targets.traps import GAME_KINDS, off_topic
from pipeline.targets.units import heading_count, kind_of

if TYPE_CHECKING:
    import re
    from collections.abc import Callable, Iterator, Sequence

    from pipeline.targets.candidates import Candidates

_SURE = frozenset({"percent", "permille", "point", "rank", "speed", "score"})
_COUNTED = frozenset({"output", "count"})
_NEED_BOUND = frozenset({"output", "count", "duration"})
# Characters; over ordinary words they are more than any rule looks past.
_NEAR = 200
_FAR = 400
_ASSIGNED_REACH = 160
_JOINED = 120
_ORDINAL = "thứ "
_ONE = "một"
_TO = ("đến ", "tới ", "khoảng ")
_BILLION = 9
_SLASH = ("/", "/ ")
# Of numbers without a unit only billions are money.
_SMALL = frozenset(
    form for row in rows("numerals", "scale") if row["power"] < _BILLION for form in row["forms"]
)
_EACH = ("mỗi", "cứ", "bình")


def _comparators(*kinds: str) -> list[str]:
    return [form for kind in kinds for form in forms("comparators", kind)]


_BOUND_LEADS = tuple(f"{w} " for w in last_words(_comparators("before", "filler", "pace")))
_RANK_LEADS = tuple(f"{w} " for w in last_words(_comparators("rank_within", "rank_at")))
_SHARES = frozenset({"percent", "share", "parts", "worded_percent"})


_IS_PART = late(OUT_OF)
# Every such pair is read as a time: a month of a year, with or without its day, or a day.
_YEAR = r"(?:19|20)[0-9]{2}(?![0-9])"
_DATE = late(
    rf"(?:(?<![0-9/.,-])(?:[0-9]{{1,2}}/)?|(?<=[^0-9/.,-][0-9]/)|(?<=[^0-9/.,-][0-9]{{2}}/))"
    rf"[0-9]{{1,2}}/{_YEAR}"
    r"|(?<= ngày )(?:0?[1-9]|[12][0-9]|3[01])/(?:0?[1-9]|1[0-2])"
    r"(?![0-9/]|[.,-][0-9]| *%|[^\W_])"
)
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
# The words that a rule looks for stand before a number with no more in between than it allows:
# the words that bound the number, and the first number of a range or of parts of a whole.
_LEADS = rf"(?:(?:{alternation(LEAD_WORDS)})\s)*+"
_FIRST = r"(?:[0-9][^;:]{0,60})?$"
_CUT = late(
    rf"(?:{alternation([*_BOUNDS, *forms('comparators', 'cut_level')])}){WORD_END}"
    rf"(?: +[^\W\d_]+){{0,3}} *{_LEADS}{_FIRST}"
)
_VOLUME = late(rf"(?:{alternation(forms('units', 'volume'))})[^\d;]{{0,40}}{_LEADS}{_FIRST}")
_DELIVERED = late(
    rf"(?:{alternation(forms('aims', 'deliver'))}){WORD_END}[^;:.(]{{0,{REACH}}}{_LEADS}{_FIRST}"
)
# What a plain count needs on a digital page: a bound or a change, its name, a verb, a whole.
_STATED = late(
    rf"(?:(?:{alternation(_comparators('before', 'increase', 'decrease', 'multiple'))}){WORD_END} *"
    rf"|(?:hơn|kém|với|tăng){WORD_END}[^,;:.]{{0,40}}|{NAMED}"
    rf"|(?:{alternation([*forms('aims', 'deliver'), *forms('aims', 'complete')])}){WORD_END}"
    rf"[^;:.(]{{0,{REACH}}}){_LEADS}{_FIRST}|[0-9][^;:]{{0,60}}(?:/|trong|trên|số) ?$"
)
_DONE_BEHIND = late(rf"(?: ?/ ?[^;:]{{0,30}})?(?: +[^\W\d_]+){{0,6}}? +(?:{DONE}|{DOES})")
_PER_BEARER = late(rf"mỗi +(?:{alternation(forms('units', 'bearer'))}){WORD_END}[^\d;:.]*+$")
_holds_change = _mentions([*_comparators("increase", "decrease", "multiple"), "hơn", "kém"])
_ASSIGNED = late(rf"(?:{alternation(forms('aims', 'assigned'))}){WORD_END}")
_QUOTA = late(rf"{QUOTA}{_LEADS}(?:[0-9]|{NUMBER_WORD})")
_NUMBER = late(rf"[0-9]|{NUMBER_WORD}")
_TIMES = alternation(rows("units", "time_rate")[0]["values"])
_EVERY = alternation(rows("units", "time_rate")[0]["lead"])
_RECURS = late(rf"lần(?: ?/| +(?:{_EVERY}) +(?:{_TIMES}){WORD_END})")
_BY_TIME = late(rf"(?:{_EVERY}|bình|quân|1) *(?:{_TIMES}){WORD_END}")
_PER_TURN = late("/ ?lần")


def _holds_bound_behind(seen: str) -> bool:
    return _may_bound_behind(seen) and _ends_bound(seen)


def may_hold_target(
    candidates: Candidates,
    seen: str,
    is_digital: Callable[[], bool],
    may_aim: Callable[[], bool],
) -> bool:
    """Tell cheaply whether any candidate of a sentence may become a target; a yes is no promise.

    `seen` is the view of the sentence. A sentence without any says nothing that the walk would
    not work out when asked, so it need not be read. The others are asked only if nothing but
    plain counts is left: those need a digital page, or an aim and a verb of delivery.

    >>> from pipeline.targets.candidates import find_candidates
    >>> for seen in ("đạt 80% kế hoạch", "giá 700 triệu đồng"):
    ...     may_hold_target(find_candidates(seen), seen, bool, bool)
    True
    False
    """
    numbers = _Numbers(candidates)
    for kind in numbers.passing():
        topic = off_topic(seen)
        if topic == "market":
            return False
        if topic is None or kind not in GAME_KINDS:
            return True
    counted = _COUNTED & numbers.starts.keys()
    if not counted:
        return False
    delivers = numbers.delivers()
    if not (delivers or numbers.states()) or not (is_digital() or (delivers and may_aim())):
        return False
    topic = off_topic(seen)
    return topic is None or (topic == "contest" and "output" in counted)


class _Numbers:
    """The kinds of quantity that the numbers of a sentence may become.

    `passed` are those that count wherever they stand; the others have `starts` of their numbers.
    """

    def __init__(self, candidates: Candidates) -> None:
        self.seen, found, named = candidates
        self.passed: set[str] = set()
        self.starts: dict[str, list[int]] = {}
        self._ranks: bool | None = None
        self._plain: dict[int, int] = {}
        self._bare_at = 0
        self._heirs: dict[str, int] = {}
        for find in found:
            self._add(find)
        for unit, start in named:
            self.note(kind_of(unit), start)

    def _add(self, find: re.Match[str]) -> None:
        """Take a candidate; the last of its groups that took part tells what it is."""
        group, start = find.lastgroup, find.start()
        if group == "unit":
            self._add_counted(find, kind_of(find["unit"]))
        elif group in {"part", "total", "place"}:
            if self._speaks_of_ranks() and not _DATE.match(self.seen, start):
                self.passed.add("rank")
        elif group == "told":
            self._add_bare(start)
            if _IS_PART.match(self.seen, find.end()) and self._speaks_of_ranks():
                self.passed.add("rank")
        elif group == "worded_unit":
            self._add_words(find["words"], find.start("words"), kind_of(find["worded_unit"]))
        elif group == "scale":
            if find["scale"] not in _SMALL:
                self.note("money", start)
            self._add_bare(start)
            self._bare_at = start
        elif group == "index":
            self.passed.add("score")
        else:
            self.passed.add("percent" if group in _SHARES else "any")

    def passing(self) -> Iterator[str]:
        """Yield the kinds that may count here, those without a further test first."""
        yield from self.passed
        self._hand_down()
        for kind, starts in self.starts.items():
            if kind in {"duration", "turn_length"}:
                yield from self._durations(kind, starts)
            elif kind in {"fold", "turn"}:
                yield from self._folds(kind, starts)
            elif kind == "money":
                if self._near(_holds_outcome, starts):
                    yield kind
            elif (
                kind == "measure" and self._stands_before(_VOLUME, starts)
            ) or self._holds_quota():
                yield kind

    def note(self, kind: str, start: int) -> None:
        """Note a kind and where a number of it stands."""
        if kind in _SURE:
            self.passed.add(kind)
        else:
            self.starts.setdefault(kind, []).append(start)

    def delivers(self) -> bool:
        """True if a verb that delivers leads up to something counted."""
        return any(self._stands_before(_DELIVERED, self.starts.get(kind, [])) for kind in _COUNTED)

    def states(self) -> bool:
        """True if something counted may be a level where digital things are spoken of."""
        seen = self.seen
        for start in self.starts.get("count", ()):
            end = self._plain.get(start)
            if end is None or _DONE_BEHIND.match(seen, end):
                return True
        return (
            "output" in self.starts
            or self._stands_before(_STATED, self.starts["count"])
            or _holds_bound_behind(seen)
        )

    def _hand_down(self) -> None:
        """Let a number without a unit take over the kind of one before it that counts things.

        It has a bound or a scale, or a quota stands beside it.
        """
        if self._heirs and self._holds_quota():
            for kind, start in self._heirs.items():
                self.note(kind, start)
        if not self._bare_at:
            return
        heirs = self._heirs | {kind: self.starts[kind][0] for kind in _COUNTED & self.starts.keys()}
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
            if bounded or self._stands_before(_PER_BEARER, [start]) or _holds_bound_behind(seen):
                self.passed.add(kind)
            elif _DIGIT.search(seen, max(0, start - _JOINED), start):
                self.note(kind, start)
            elif kind == "duration":
                self.note("turn_length", start)
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
        if kind == "count":
            self._plain[start] = find.end()
            if leaders_behind(seen, end):
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
        """True if a quota may stand before a number, or one that was assigned behind it."""
        seen = self.seen
        return _QUOTA.search(seen) is not None or any(
            _NUMBER.search(seen, max(0, found.start() - _ASSIGNED_REACH), found.start())
            for found in _ASSIGNED.finditer(seen)
        )

    def _near(self, holds: Callable[[str, int, int], bool], starts: list[int]) -> bool:
        """True if the words that a test looks for stand before one of the numbers."""
        return holds(self.seen, max(0, min(starts) - _NEAR), max(starts))

    def _stands_before(self, pattern: re.Pattern[str], starts: list[int]) -> bool:
        """True if what a pattern finds leads up to one of the numbers."""
        for start in starts:
            if pattern.search(self.seen, max(0, start - _FAR), start) is not None:
                return True
        return False

    def _durations(self, kind: str, starts: list[int]) -> Iterator[str]:
        """Yield what times may be: one for each turn, or bounded or cut."""
        if "/" in self.seen and _PER_TURN.search(self.seen):
            yield "frequency"
        if kind == "duration" and (
            self._stands_before(_CUT, starts) or _holds_bound_behind(self.seen)
        ):
            yield "duration"

    def _folds(self, kind: str, starts: list[int]) -> Iterator[str]:
        """Yield what "so many times" may be: a change, or so many times a year."""
        seen = self.seen
        if kind == "fold" and self._near(_holds_change, starts):
            yield kind
        low = max(0, min(starts) - _NEAR)
        by_time = any(mark in seen for mark in _EACH) and _BY_TIME.search(seen, low, max(starts))
        if by_time or _RECURS.search(seen, min(starts)):
            yield "frequency"


def _bounds(seen: str, start: int, words: str) -> bool:
    """Tell whether a bound may stand before a number in words, or before one that it ends."""
    if words != _ONE and seen.endswith(_TO, 0, start):
        return True
    comparator = read_lead(seen, start).comparator
    return comparator is not None and not (
        words == _ONE and comparator is Comparator.MORE_THAN  # "hơn một" is no bound.
    )
