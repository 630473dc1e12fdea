"""Which time binds a number: behind it, before it, or at the head of the sentence (4.2, 4.3)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.targets.lexical import late
from pipeline.targets.status import segment_bounds

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.targets.deadlines import TimeMention
    from pipeline.targets.quantities import Quantity

BINDING = frozenset({"until", "in", "as_of"})
_BROKEN = late(r"[,:()]| và | rồi | còn ")
_CLOSE = 16


def binding_times(times: Sequence[TimeMention], low: int, high: int) -> list[TimeMention]:
    """Return the times within a stretch that can bind a number."""
    return [t for t in times if t.start >= low and t.end <= high and t.role in BINDING and t.iso]


def bind(
    seen: str,
    times: Sequence[TimeMention],
    quantities: Sequence[Quantity],
    position: int,
    *,
    quota: bool = False,
) -> TimeMention | None:
    """Return the time that binds the quantity at a position, or None.

    A time right behind the number wins ("60% năm 2025 và 80% năm 2026"), then the last one before
    it in its clause, then the next behind it, then the head of the list, then one that conjuncts
    share at the end.
    """
    if not times:
        return None
    quantity = quantities[position]
    low = segment_bounds(seen, quantity.start)
    hard = seen.find(";", quantity.end)
    hard = len(seen) if hard < 0 else hard
    stop = quantities[position + 1].start if position + 1 < len(quantities) else len(seen)
    behind = binding_times(times, quantity.end, min(stop, hard))
    near = [t for t in behind if not _BROKEN.search(seen, quantity.end, t.start)]
    before = binding_times(times, low, quantity.start)
    if near and quantity.kind != "fold":
        close = near[0].start - quantity.end <= _CLOSE
        if close or quota or not before:
            return near[0]
    choices = (
        before[-1:],
        [] if quantity.kind == "fold" else behind[:1],
        binding_times(times, 0, low)[-1:],
        binding_times(times, quantity.end, hard)[:1],
    )
    return next((choice[0] for choice in choices if choice), None)
