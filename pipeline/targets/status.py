"""Whether a number is aimed at or reached: rules R1 to R8 of guideline 3.4, first one decides."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from pipeline.records import Status
from pipeline.targets.lexical import (
    WORD_END,
    WORD_START,
    alternation,
    forms,
    last_words,
    late,
    may_hold,
    view,
    words,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

_GROUPS = (
    ("neutral", "results", "not_reached"),
    ("forecast", "results", "forecast"),
    ("result", "results", "strong"),
    ("aim", "aims", "strong"),
    ("clause_aim", "aims", "clause_only"),
    ("weak_aim", "aims", "weak"),
    ("weak_result", "results", "weak"),
)
_WORD = late(r"[^\W_]+")


def _marker_kinds() -> dict[str, str]:
    """Return every form that can be a marker with its kind.

    A form that begins with one of a group above never is one: the group above goes first.
    """
    found: dict[str, str] = {}
    for name, table, kind in _GROUPS:
        group = {}
        for form in map(view, forms(table, kind)):
            heads = (form[: word.end()] for word in _WORD.finditer(form))
            if found.keys().isdisjoint(heads):
                group[form] = name
        found |= group
    return found


_MARKERS = _marker_kinds()
_MARKER = late(rf"[\W_](?P<word>{alternation(_MARKERS)}){WORD_END}")
QUOTA = (
    rf"(?:{alternation(forms('aims', 'quota'))}){WORD_END}"
    r"(?: +(?:là|đạt|được giao|đã đề ra|đề ra|đặt ra|năm|chung"
    r"|của [^\d,;:.]{0,24}|mà [^\d,;:.]{0,30})){0,2} *[:(]? *"
)
_QUOTA = late(f"{WORD_START}{QUOTA}$")
_QUOTA_REACH = 48
_may_hold_quota = may_hold(forms("aims", "quota"))
_ASSIGNED = late(
    rf" *(?:[^\W\d_]+ +){{0,2}}?(?:{alternation(forms('aims', 'assigned'))}){WORD_END}"
)
_ASSIGNED_ENDS = last_words(forms("aims", "assigned"))
_GAP = ("vượt", "thấp hơn", "cao hơn", "hụt", "kém", "thiếu")
_AGAINST = late(r"[^\d;.]{0,12}so với (?:chỉ tiêu|kế hoạch|mục tiêu|yêu cầu)")
_HARD = late(r"[;]|:(?! *\d+%?$)")
# "Đề án 06" and its like are names, not plans of the page.
PLAN = late(words(forms("aims", "plan")) + r"(?! *0\d)")
_may_plan = may_hold(forms("aims", "plan"))
OBSERVED = late(words(forms("results", "observed")))
REVIEW = late(words(forms("results", "review")))
DELIVERS = late(words(forms("aims", "deliver")))
COMPLETES = late(words(forms("aims", "complete")))


class Marker(NamedTuple):
    """A word of aim, result or forecast, at its place in the sentence."""

    start: int
    end: int
    kind: str
    word: str


class Verdict(NamedTuple):
    """A status (None: no indicator at all) and the rule that gave it.

    `own` is true where the sentence itself says so; inherited verdicts are not.
    """

    status: Status | None
    rule: str
    own: bool = True


def scan_markers(seen: str) -> list[Marker]:
    """Return the markers of a view in order, without those that govern nothing.

    >>> [(m.kind, m.word) for m in scan_markers("huyện đã đặt mục tiêu, hiện đạt 90%")]
    [('result', 'hiện'), ('weak_result', 'đạt')]
    """
    found = []
    for match in _MARKER.finditer(f" {seen}"):
        word = match["word"]
        kind = _MARKERS.get(word) or _MARKERS[" ".join(word.split())]
        if kind != "neutral":
            found.append(Marker(match.start(), match.end() - 1, kind, word))
    return found


def is_quota(seen: str, start: int, end: int) -> bool:
    """True if a quota noun is attached to the number: "chỉ tiêu 80%", "75% tỉnh giao" (R1).

    >>> is_quota("vượt chỉ tiêu 80%", 14, 17), is_quota("đã đạt 80%", 7, 10)
    (True, False)
    """
    before = seen[max(0, start - _QUOTA_REACH) : start]
    if _may_hold_quota(before) and _QUOTA.search(before) is not None:
        return True
    for word in _ASSIGNED_ENDS:
        if word in seen:
            return _ASSIGNED.match(seen, end) is not None
    return False


def is_gap(seen: str, number_start: int, end: int) -> bool:
    """True for a distance from a quota: "vượt 14 điểm % so với chỉ tiêu"."""
    before = seen[max(0, number_start - 12) : number_start].rstrip(" ")
    return before.endswith(_GAP) and _AGAINST.match(seen, end) is not None


def speaks_of_plan(seen: str) -> bool:
    """True if a view names a plan.

    >>> speaks_of_plan("kế hoạch năm nay"), speaks_of_plan("đề án 06")
    (True, False)
    """
    return _may_plan(seen) and PLAN.search(seen) is not None


def segment_bounds(seen: str, start: int) -> int:
    """Return where the clause list item that holds `start` begins: behind the last ";" or ":"."""
    low = 0
    if ";" not in seen and ":" not in seen:
        return low
    for match in _HARD.finditer(seen, 0, start):
        low = match.end()
    return low


def nearest(markers: Sequence[Marker], kinds: frozenset[str], low: int, high: int) -> Marker | None:
    """Return the last marker of the kinds that lies in [low, high)."""
    for marker in reversed(markers):
        if marker.end <= high and marker.start >= low and marker.kind in kinds:
            return marker
    return None


def lead_end(seen: str) -> int:
    """Return where the lead clause of a sentence ends: at its first ";" or ":"."""
    match = _HARD.search(seen)
    return len(seen) if match is None else match.start()


def first_after(
    markers: Sequence[Marker], kinds: frozenset[str], low: int, high: int
) -> Marker | None:
    """Return the first marker of the kinds that lies in [low, high)."""
    for marker in markers:
        if marker.start >= low and marker.end <= high and marker.kind in kinds:
            return marker
    return None


STRONG = frozenset({"result", "aim", "clause_aim", "forecast"})
WEAK = frozenset({"weak_aim", "weak_result"})
_STATUS = {
    "result": Status.RESULT,
    "weak_result": Status.RESULT,
    "aim": Status.TARGET,
    "clause_aim": Status.TARGET,
    "weak_aim": Status.TARGET,
    "forecast": None,
}
_RULES = {
    "result": "result_marker",
    "weak_result": "weak_result_marker",
    "aim": "aim_marker",
    "clause_aim": "aim_of_the_clause",
    "weak_aim": "weak_aim_marker",
    "forecast": "observer_forecast",
}


def by_marker(marker: Marker, suffix: str = "") -> Verdict:
    """Return the verdict that a marker gives."""
    return Verdict(_STATUS[marker.kind], _RULES[marker.kind] + suffix)
