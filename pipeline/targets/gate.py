"""Which sentences are worth reading: cheap tests before any quantity is built.

Every test asks for what a full rule needs, with the words of the same lexicon row or the very
pattern of the rule, but anywhere in the sentence: it lets too much through, never too little.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pipeline.targets.comparators import LEADERS, RANK_CONTEXT
from pipeline.targets.lexical import WORD_END, alternation, forms, holds, rows
from pipeline.targets.quantities import FRACTION_NOUN, INDEX_POINTS
from pipeline.targets.units import named_count, unit_kind

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_SURE = frozenset({"percent", "permille", "point", "rank", "speed", "score"})
_SPELLED = frozenset({"output", "count", "duration"})
_WINDOW = 64
_LONGEST = 4
_COUNT = "count"
_OUT_OF = re.compile(r" ?/ ?\d| +(?:trong|trên) |(?: +[^\W\d_]+){0,3} +(?:trong|trên) +tổng ")
_MONEY = "money"


def _mentions(found: Sequence[str]) -> Callable[[str], bool]:
    """Return a test for any of the forms, even where a rule's window cuts its first word."""
    search = re.compile(rf"(?:{alternation(found)}){WORD_END}").search
    return lambda seen: search(seen) is not None


def _comparators(*kinds: str) -> list[str]:
    return [form for kind in kinds for form in forms("comparators", kind)]


_BOUNDS = [
    form
    for row in rows("comparators", "before")
    if row["comparator"] in {">=", "<="}
    for form in row["forms"]
]
_holds_outcome = _mentions(rows("traps", "outcome")[0]["forms"])
_holds_bound_behind = holds(_comparators("after"))
_holds_bound_or_cut = _mentions(
    [*_BOUNDS, *_comparators("after"), "còn", "xuống", "rút ngắn", "giảm"]
)
_holds_change = _mentions([*_comparators("increase", "decrease", "multiple"), "hơn", "kém"])
_holds_volume = _mentions(["sản lượng", "năng suất", "công suất", "điện thương phẩm", "tổng lượng"])
_holds_delivery = _mentions(forms("aims", "deliver"))
_holds_quota = _mentions([*forms("aims", "quota"), *forms("aims", "assigned")])
_LEADS = tuple(_comparators("before", "filler", "pace"))
_RANKS = tuple(_comparators("rank_within", "rank_at"))


def may_hold_target(
    text: str, seen: str, found: Sequence[re.Match[str]], is_digital: Callable[[], bool]
) -> bool:
    """Tell cheaply whether any numeral found may become a target; a yes is no promise.

    A sentence without any says nothing that the walk would not work out when asked, so it need
    not be read.

    `is_digital` is asked only if nothing but a plain count is left: those need a digital page.
    """
    kinds: set[str] = set()
    spelled = bounded = False
    for match in found:
        if match["times"] or match["share"] or match["parts"] or match["half_scale"]:
            return True
        kind = unit_kind(seen, match.end())
        if kind in _SURE or _may_rank(seen, match, kind):
            return True
        if kind is not None:
            kinds.add(kind)
        elif match["digits"]:
            if INDEX_POINTS.match(seen, match.start()):
                return True
            named = named_count(text, seen, match.start())
            kinds.update({named.kind} if named else (), {_MONEY} if match["scale"] else ())
        if match["words"]:
            spelled = True
            bounded = bounded or _before(seen, match.start()).endswith(_LEADS)
    if spelled and kinds & _SPELLED and (bounded or "mỗi" in seen or _holds_bound_behind(seen)):
        return True
    if "/" in seen and FRACTION_NOUN.search(seen):
        return True
    return any(_may_measure(seen, kind) for kind in kinds) or (
        bool(kinds & {"output", _COUNT}) and is_digital()
    )


def _before(seen: str, start: int) -> str:
    """Return the last words before a place, as many as a phrase may have, single-spaced."""
    return " ".join(seen[max(0, start - _WINDOW) : start].split()[-_LONGEST:])


def _may_rank(seen: str, match: re.Match[str], kind: str | None) -> bool:
    """True if the words around a numeral may make it a rank."""
    before = _before(seen, match.start())
    if before.endswith(_RANKS) and (not before.endswith(" thứ") or RANK_CONTEXT.search(seen)):
        return True
    end = match.end()
    if kind == _COUNT and LEADERS.search(seen, end, min(len(seen), end + 40)):
        return True
    return _OUT_OF.match(seen, end) is not None and RANK_CONTEXT.search(seen) is not None


def _may_measure(seen: str, kind: str) -> bool:
    """True if a sentence holds what the level test asks of a kind outside digital pages."""
    if kind == _MONEY:
        return _holds_outcome(seen)
    if kind == "fold":
        return _holds_change(seen) or _may_recur(seen)
    if kind == "duration":
        return "lần" in seen or _holds_bound_or_cut(seen)
    if kind == "measure":
        return _holds_volume(seen) or _holds_quota(seen)
    return _holds_delivery(seen) or _holds_quota(seen)


def _may_recur(seen: str) -> bool:
    """True if a number may be so many times a year."""
    return "/" in seen or "mỗi" in seen or "cứ" in seen or "bình" in seen or _recurs(seen)


_recurs = _mentions(rows("units", "time_rate")[0]["lead"])
