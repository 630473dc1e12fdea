"""Which sentences are worth reading: a cheap test before any quantity is built."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.targets.lexical import forms, holds
from pipeline.targets.quantities import FRACTION_NOUN, INDEX_POINTS
from pipeline.targets.units import named_count, names_unit

if TYPE_CHECKING:
    import re
    from collections.abc import Sequence

_holds_rank_word = holds(
    form
    for kind in ("rank_within", "rank_at", "rank_context", "rank_leaders")
    for form in forms("comparators", kind)
)


def may_hold_quantity(text: str, seen: str, found: Sequence[re.Match[str]]) -> bool:
    """Tell cheaply whether any numeral found may become a quantity; a yes is no promise.

    Without a unit behind any of them, only ranks, parts and named counts are left.
    """
    if any(
        match["scale"] or match["parts"] or not (match["digits"] or match["words"])
        or names_unit(seen, match.end())
        for match in found
    ):  # fmt: skip
        return True
    if not found:
        return False
    if _holds_rank_word(seen) or ("/" in seen and FRACTION_NOUN.search(seen)):
        return True
    digits = [match.start() for match in found if match["digits"]]
    return any(
        INDEX_POINTS.match(seen, start) or named_count(text, seen, start) for start in digits
    )
