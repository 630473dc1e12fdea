"""What stands before and behind a number and bounds it (guideline 5.2).

The words before a number are read backwards, longest phrase first: "tăng bình quân trên 11,5%" is
a bound, a word of pace and a verb of change; "nâng lên 95%" stops at "lên" and is a level.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from pipeline.records import Comparator
from pipeline.targets.lexical import (
    forms,
    last_words,
    late,
    lengths,
    may_hold,
    rows,
    view,
    words,
)

if TYPE_CHECKING:
    import re

_LEAD_REACH = 64
_MARK = r"[,;:.!?()\[\]{}“”\"'‘’…|/•+*–—-](?!\d)"
_STOP = late(_MARK)
_TO_LAST_STOP = late(f"(?s:.*){_MARK}")


class Lead(NamedTuple):
    """What the words before a number say: where they start, the bound, the change, the rank."""

    start: int
    comparator: Comparator | None = None
    bound: Comparator | None = None
    change: Comparator | None = None
    rank: str | None = None
    open_range: bool = False
    level: bool = False


_Roles = dict[str, Comparator | None]
"""What a phrase may be, each with the comparator that it then stands for."""


def _table() -> dict[str, _Roles]:
    table: dict[str, _Roles] = {}
    kinds = ("before", "increase", "decrease", "multiple", "level", "filler", "pace", "open_range")
    for kind in (*kinds, "rank_within", "rank_at"):
        for row in rows("comparators", kind):
            comparator = Comparator(row["comparator"]) if "comparator" in row else None
            for form in row["forms"]:
                table.setdefault(view(form), {})[kind] = comparator
    return table


_TABLE = _table()
_LENGTHS = lengths(_TABLE)
LEAD_WORDS = frozenset(word for phrase in _TABLE for word in phrase.split())
"""The words that a lead is made of, each followed by a blank."""
_TELLING = frozenset(
    {"increase", "decrease", "multiple", "before", "rank_within", "rank_at", "open_range"}
)
_NEARLY = frozenset(
    view(form) for row in rows("comparators", "before") if "bound" in row for form in row["forms"]
)
_AFTER = {
    view(f): Comparator(r["comparator"]) for r in rows("comparators", "after") for f in r["forms"]
}
_AFTER_NEAR = late(rf" *(?P<form>{words(_AFTER)})")
_AFTER_FAR = late(rf"[^.;:()\d%]{{0,45}}?(?P<form>{words(_AFTER)})")
LEADERS = late(words(forms("comparators", "rank_leaders")))
RANK_CONTEXT = late(words(forms("comparators", "rank_context")))
_LEADERS_END = last_words(forms("comparators", "rank_leaders"))
_LEADERS_REACH = 40
_may_speak_of_ranks = may_hold(forms("comparators", "rank_context"))


def speaks_of_ranks(seen: str) -> bool:
    """True if a view holds a word that makes a number beside "thứ" or "/" a rank.

    >>> speaks_of_ranks("xếp thứ 3 toàn tỉnh"), speaks_of_ranks("hội nghị lần thứ 3")
    (True, False)
    """
    return _may_speak_of_ranks(seen) and RANK_CONTEXT.search(seen) is not None


def leaders_behind(seen: str, end: int) -> re.Match[str] | None:
    """Find what makes those counted the first of many: "10 địa phương dẫn đầu"."""
    behind = seen[end : end + _LEADERS_REACH]
    for word in _LEADERS_END:
        if word in behind:
            return LEADERS.search(seen, end, min(len(seen), end + _LEADERS_REACH))
    return None


class _Backwards:
    """Walks the words before a number from right to left, back to the last stop."""

    def __init__(self, seen: str, start: int) -> None:
        low = max(0, start - _LEAD_REACH)
        whole = low == 0
        stop = _TO_LAST_STOP.match(seen, low, start)
        if stop is not None:
            low = stop.end()
            whole = True
        self.low = low
        self.window = seen[low:start]
        self.words = self.window.split()
        if not whole:
            del self.words[:1]  # It may be the rest of a word.
        self.at = len(self.words)

    def place(self, length: int) -> int:
        """Return where the phrase of so many words that ends here begins."""
        behind = len(self.words) - self.at + length
        parts = self.window.rsplit(None, behind)
        ahead = len(parts[0]) if len(parts) > behind else 0
        rest = self.window[ahead:]
        return self.low + ahead + len(rest) - len(rest.lstrip())

    def peek(self, skip: int = 0) -> tuple[int, str, _Roles] | None:
        """Return length, phrase and roles of the longest known phrase that ends here."""
        end = self.at - skip
        words = self.words
        if end <= 0:
            return None
        for length in _LENGTHS.get(words[end - 1], ()):
            if length <= end:
                phrase = " ".join(words[end - length : end])
                roles = _TABLE.get(phrase)
                if roles is not None:
                    return length, phrase, roles
        return None


def read_lead(seen: str, start: int) -> Lead:
    """Read the words before the number that starts at `start`.

    >>> read_lead("tăng bình quân trên 11,5%/năm", 20).change
    <Comparator.INCREASE: 'change+'>
    >>> read_lead("được nâng lên 95%", 14).change is None
    True
    """
    lead = Lead(start)
    words = seen[max(0, start - _LEAD_REACH) : start].rsplit(None, 1)
    last = words[-1] if words else ""
    if last not in _LENGTHS and (last.isalpha() or _STOP.split(last)[-1] not in _LENGTHS):
        return lead
    back = _Backwards(seen, start)
    while (found := back.peek()) is not None:
        length, phrase, roles = found
        step = _step(lead, back, length, phrase, roles)
        if step is None:
            break
        lead = step
        if lead.change or lead.rank or lead.open_range or lead.level:
            break
        back.at -= length
    return lead


def _step(  # noqa: PLR0911 - rules in turn
    lead: Lead, back: _Backwards, length: int, phrase: str, roles: _Roles
) -> Lead | None:
    """Return the lead with one phrase more, or None if the phrase does not belong to it."""
    if _TELLING.isdisjoint(roles):
        return _between(lead, back, length, roles)
    start = back.place(length)
    for kind in ("increase", "decrease"):
        if kind in roles:
            return Lead(start, lead.comparator, lead.bound, roles[kind])
    if "multiple" in roles and not ("level" in roles or lead.comparator):
        return Lead(start, lead.comparator, lead.bound, Comparator.MULTIPLE)
    if "before" in roles:
        return _bounded(lead, start, phrase, roles)
    if "rank_within" in roles:
        return Lead(start, lead.comparator, lead.bound, rank="within")
    if "rank_at" in roles:
        return Lead(start, lead.comparator, lead.bound, rank="at")
    if "open_range" in roles:
        return Lead(start, lead.comparator, lead.bound, open_range=True)
    return _between(lead, back, length, roles)


def _bounded(lead: Lead, start: int, phrase: str, roles: _Roles) -> Lead:
    if lead.comparator is not None:
        return Lead(start, lead.comparator, lead.bound)
    bound = Comparator.LESS_THAN if phrase in _NEARLY else None
    return Lead(start, roles["before"], bound)


def _between(lead: Lead, back: _Backwards, length: int, roles: _Roles) -> Lead | None:
    """Skip a filler or a word of pace only where a bound or a change stands behind it."""
    further = back.peek(skip=length)
    if further is not None:
        _, _, behind = further
        change = "pace" in roles and (
            "increase" in behind or "decrease" in behind or "pace" in behind
        )
        if change or ("filler" in roles and "before" in behind and lead.comparator is None):
            return lead
    if "level" in roles:
        return Lead(lead.start, lead.comparator, lead.bound, level=True)
    return None


def read_tail(seen: str, end: int, *, far: bool) -> tuple[int, Comparator] | None:
    """Read a bound behind a number: where it ends and what it says ("90% trở lên").

    With `far`, the thing counted may stand in between ("từ 600 dự án trở lên").

    >>> read_tail("từ 90% trở lên", 6, far=False)
    (14, <Comparator.AT_LEAST: '>='>)
    """
    match = (_AFTER_FAR if far else _AFTER_NEAR).match(seen, end)
    if match is None:
        return None
    return match.end(), _AFTER[" ".join(match["form"].split())]
