"""Which sentences are worth reading: one look over a whole page, then cheap tests.

Reading a sentence costs a hundred times more than looking at it, and in general news one in
twenty holds a target. So a page is searched twice as a whole, for runs of digits with the unit
behind them and for number words (`look_over`), and each find is handed to its sentence. A
sentence without finds is not looked at again; for the others the kinds of the units decide what
else they must hold (`may_hold_target`). Every test asks for what a full rule needs, with the words
of the same lexicon row or the very pattern of the rule, but somewhere near the number: it lets too
much through, never too little.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.records import Comparator
from pipeline.targets.comparators import leaders_behind, read_lead, speaks_of_ranks
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
from pipeline.targets.numerals import (
    HALF,
    NUMBER_STARTS,
    NUMBER_WORDS,
    PARTS,
    SCALE,
    SPELLED,
    WHOLES,
)
from pipeline.targets.quantities import FRACTION_NOUN, INDEX_POINTS
from pipeline.targets.traps import GAME_KINDS, off_topic
from pipeline.targets.units import (
    PERCENT,
    UNIT_STARTS,
    heading_count,
    may_name_count,
    named_count,
    unit_kind,
)

if TYPE_CHECKING:
    import re
    from collections.abc import Callable, Sequence

_SURE = frozenset({"percent", "permille", "point", "rank", "speed", "score"})
_COUNTED = frozenset({"output", "count"})
_NEED_BOUND = frozenset({"output", "count", "duration"})
# With many blanks in a row, what is near in words is not near in characters.
_GAP = "   "
_NEAR = 200
_JOINED = 120
_ORDINAL = "thứ"
_ONE = "một"
_EACH = ("mỗi", "cứ", "bình")
_LEAD = 16


def _comparators(*kinds: str) -> list[str]:
    return [form for kind in kinds for form in forms("comparators", kind)]


_BOUND_LEADS = last_words(_comparators("before", "filler", "pace"))
_RANK_LEADS = last_words(_comparators("rank_within", "rank_at"))
_PLACE_LEADS = last_words(_comparators("rank_at"))
_LEAD_ENDS = frozenset(f" {word}"[-2:] for word in (*_BOUND_LEADS, *_RANK_LEADS))
_BEHIND_A_PART = frozenset(" /")
_UNIT = rf" *[\"“]?(?:(?P<percent>{PERCENT})|(?P<word>{alternation(UNIT_STARTS)}))"
# A run of digits begins with an ASCII digit: `re` skips to those without trying the pattern.
_RUN = late(
    r"(?P<number>[0-9][0-9]*+(?:[.,][0-9]++)*+)"
    rf"(?: *(?P<scale>{SCALE}(?: +{SCALE})?(?: +{HALF})?))?(?:{_UNIT})?"
)
# What may count of a number in words: a unit or "phần" behind it, or a rank before it.
_WORD = rf"(?:{alternation(NUMBER_WORDS)}){WORD_END}"
_SPELLED = late(
    rf"(?P<whole>{WHOLES})|(?P<words>{SPELLED})(?:(?P<parts> +{PARTS})|{_UNIT})"
    rf"|(?P<place>(?:{alternation(_PLACE_LEADS)}) +{_WORD})"
)
# Most words stand behind a blank, and looking for one character is what `re` does best; the
# second pattern looks for what is no Vietnamese letter, and for digits of other scripts.
_FIRST = rf"(?={alternation([*NUMBER_STARTS, *_PLACE_LEADS])})"
_BEHIND_BLANK = late(rf" {_FIRST}")
_BEHIND_MARK = late(rf"[^ _0-9a-zà-öø-ÿĀ-ɏḀ-ỿ](?:(?<=\d)|(?<=\W){_FIRST})")
_BEHIND_LINE = late(rf"_{_FIRST}")
_OUT_OF = late(rf" ?/ ?[0-9]| +(?:trong|trên) +(?:tổng +)?(?:số +)?(?:[0-9]|{_WORD})")
_OUT_OF_ALL = late(r"(?: +[^\W\d_]+){0,3} +(?:trong|trên) +tổng ")


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
_holds_delivery = _mentions(forms("aims", "deliver"))
_holds_quota = _mentions([*forms("aims", "quota"), *forms("aims", "assigned")])
_VERBS = {"money": _holds_outcome, "measure": _holds_volume}
_recurs = _mentions(rows("units", "time_rate")[0]["lead"])


def _holds_bound_behind(seen: str) -> bool:
    return _may_bound_behind(seen) and _ends_bound(seen)


@dataclass(frozen=True, slots=True)
class Look:
    """What one look over the view of a page found: runs of digits, and numbers in words.

    `odd` is true for a page with digits of other scripts, which the look passes over.
    """

    digits: list[re.Match[str]]
    digits_at: list[int]
    words: list[re.Match[str]]
    words_at: list[int]
    odd: bool


def look_over(whole: str) -> Look:
    """Find the runs of digits and the number words of a page, once for all its sentences."""
    digits = list(_RUN.finditer(whole))
    places = [0, *(m.end() for m in _BEHIND_BLANK.finditer(whole))]
    odd = False
    for mark in _BEHIND_MARK.finditer(whole):
        odd = odd or mark[0].isdecimal()
        places.append(mark.end())
    if "_" in whole:
        places += (m.end() for m in _BEHIND_LINE.finditer(whole))
    words = [match for at in sorted(places) if (match := _SPELLED.match(whole, at)) is not None]
    return Look(digits, [m.start() for m in digits], words, [m.start() for m in words], odd)


def may_hold_target(seen: str, start: int, look: Look, is_digital: Callable[[], bool]) -> bool:
    """Tell cheaply whether any number of a sentence may become a target; a yes is no promise.

    `seen` is the view of the sentence, which begins at `start` of the page that was looked over.
    A sentence without any says nothing that the walk would not work out when asked, so it need
    not be read.

    `is_digital` is asked only if nothing but a plain count is left: those need a digital page.
    """
    if look.odd:
        return True
    end = start + len(seen)
    at = bisect_left(look.digits_at, start)
    last = bisect_left(look.digits_at, end, at)
    word_at = bisect_left(look.words_at, start)
    last_word = bisect_left(look.words_at, end, word_at)
    if at == last and word_at == last_word:
        return False
    if _GAP in seen:
        return True
    kinds = _Kinds(seen, start, look.digits_at[at:last])
    kinds.gather(look.words[word_at:last_word], look.digits[at:last])
    passed = kinds.passed
    if not passed and not (kinds.counted and is_digital()):
        return False
    topic = off_topic(seen)
    if topic == "contest":
        return bool(passed - GAME_KINDS) or ("output" in kinds.counted and is_digital())
    return topic is None


class _Kinds:
    """Gathers for one sentence the kinds of quantity that its numbers may become.

    `passed` are those that may count here, `counted` the plain counts: in a digital page they may.
    `inherited` are kinds that only a bare number behind them may take over.
    """

    def __init__(self, seen: str, origin: int, digits_at: list[int]) -> None:
        self.seen = seen
        self.origin = origin
        self.digits_at = digits_at
        self.passed: set[str] = set()
        self.counted: set[str] = set()
        self.inherited: set[str] = set()
        self.names_counts = may_name_count(seen)
        self.ranks: bool | None = None
        self.quota: bool | None = None

    def gather(self, words: list[re.Match[str]], runs: list[re.Match[str]]) -> None:
        """Take numbers until one may count: only in a sentence of games the others matter too."""
        for match in words:
            self.add_words(match)
        for run in runs:
            if self.passed and off_topic(self.seen) != "contest":
                return
            self.add_digits(run)

    def _ranks(self) -> bool:
        """True if the sentence speaks of ranks."""
        if self.ranks is None:
            self.ranks = speaks_of_ranks(self.seen)
        return self.ranks

    def _quota(self) -> bool:
        """True if the sentence names a quota."""
        if self.quota is None:
            self.quota = _holds_quota(self.seen, 0, len(self.seen))
        return self.quota

    def add_words(self, match: re.Match[str]) -> None:
        """Take a number in words with the unit behind it."""
        group = match.lastgroup
        if group == "word":
            start, words = match.start() - self.origin, match["words"]
            kind = unit_kind(self.seen, start + len(words))
            if kind is not None:
                self._add_spelled(kind, words, start, len(words))
        elif group == "place":
            if self._ranks():
                self.passed.add("rank")
        else:
            self.passed.add("any" if group == "whole" else "percent")

    def _add_spelled(self, kind: str, words: str, start: int, size: int) -> None:
        """Take words with a unit: a count in words needs a bound or those that get one each."""
        seen = self.seen
        if kind in _NEED_BOUND:
            lead = seen[max(0, start - _LEAD) : start].rstrip()
            bounded = lead.endswith(_BOUND_LEADS) and _bounds(seen, start, words)
            if bounded or "mỗi" in seen or _holds_bound_behind(seen):
                self.passed.add(kind)
            elif kind == "duration" or any(0 < start - at < _JOINED for at in self._digits()):
                self._take(kind, start, start + size)
            else:
                self.inherited.add(kind)
        elif kind == "fold" and words == _ONE:
            self._take_recurring(start, start + size)
        elif kind != "permille":
            self._take(kind, start, start + size)

    def _digits(self) -> list[int]:
        return [at - self.origin for at in self.digits_at]

    def add_digits(self, run: re.Match[str]) -> None:
        """Take a run of digits with the unit behind it."""
        seen, origin = self.seen, self.origin
        start, end = run.start() - origin, run.end() - origin
        if end > len(seen):
            run, origin = _RUN.match(seen, start) or run, 0
            end = run.end()
        group = run.lastgroup
        if group == "percent":
            self.passed.add("percent")
            return
        if group != "number":
            end = max(run.end("number"), run.end("scale")) - origin
        lead = seen[max(0, start - _LEAD) : start].rstrip()
        telling = lead[-2:] in _LEAD_ENDS
        if telling and lead.endswith(_RANK_LEADS):
            if not lead.endswith(_ORDINAL) or self._ranks():
                self.passed.add("rank")
        elif lead[-1:] == "/" and FRACTION_NOUN.match(seen, end):
            self.passed.add("percent")
        kind = unit_kind(seen, end) if group == "word" else None
        if kind is not None:
            self._take(kind, start, end)
            if kind == "count" and leaders_behind(seen, end):
                self.passed.add("rank")
        else:
            self._add_bare(run, lead if telling else "", start, end)
        if seen[end : end + 1] in _BEHIND_A_PART and self._is_part(end) and self._ranks():
            self.passed.add("rank")

    def _is_part(self, end: int) -> bool:
        """True if the number that ends there is so many of a total."""
        if _OUT_OF.match(self.seen, end) is not None:
            return True
        return "tổng" in self.seen and _OUT_OF_ALL.match(self.seen, end) is not None

    def _add_bare(self, run: re.Match[str], lead: str, start: int, end: int) -> None:
        """Take digits without a unit: an index, money, part of a fraction, or a count named."""
        seen = self.seen
        if run.lastgroup != "number" and run["scale"]:
            self._take("money", start, end)
        if seen[start] == "0" and INDEX_POINTS.match(seen, start):
            self.passed.add("score")
        if self.counted or self.inherited:
            for kind in self.counted | self.inherited:
                self._take(kind, start, end)
        bounded = lead != "" and lead.endswith(_BOUND_LEADS)
        if bounded or self.names_counts:
            named = named_count(seen, seen, start) if self.names_counts else None
            if named is None and bounded:
                named = heading_count(seen, seen, start)
            if named is not None:
                self._take(named.kind, start, end)

    def _take(self, kind: str, start: int, end: int) -> None:
        """Note a kind, and whether what the level test asks of it may be there."""
        if kind in self.passed:
            return
        if kind in _SURE:
            self.passed.add(kind)
        elif kind == "fold":
            if self._near(_holds_change, start):
                self.passed.add("fold")
            self._take_recurring(start, end)
        elif kind == "duration":
            self._take_duration(start)
        elif self._near(_VERBS.get(kind, _holds_delivery), start) or (
            kind != "money" and self._quota()
        ):
            self.passed.add(kind)
        if kind in _COUNTED:
            self.counted.add(kind)

    def _near(self, holds: Callable[[str, int, int], bool], start: int) -> bool:
        """True if the words that a test looks for stand before a number."""
        return holds(self.seen, max(0, start - _NEAR), start)

    def _take_duration(self, start: int) -> None:
        """Note a time that is bounded or cut, or one for each turn."""
        if "/" in self.seen and "lần" in self.seen:
            self.passed.add("frequency")
        if self._near(_cuts, start) or _holds_bound_behind(self.seen):
            self.passed.add("duration")

    def _take_recurring(self, start: int, end: int) -> None:
        """Note so many times a year."""
        seen = self.seen
        lead = seen[max(0, start - _NEAR) : start]
        if "/" in seen or any(mark in lead for mark in _EACH) or _recurs(seen, end, end + _NEAR):
            self.passed.add("frequency")


def _bounds(seen: str, start: int, words: str) -> bool:
    """Tell whether a bound may stand before a number in words; "hơn một" is none."""
    if words != _ONE:
        return True
    return read_lead(seen, start).comparator not in {None, Comparator.MORE_THAN}
