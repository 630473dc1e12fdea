"""Which time binds a number: behind it, before it, or at the head of the sentence (4.2, 4.3)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.targets.lexical import late

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.targets.deadlines import TimeMention
    from pipeline.targets.spot import Spot

BINDING = frozenset({"until", "in", "as_of"})
_BROKEN = late(r"[,:()]| và | rồi | còn ")
_CLOSE = 16


def binding_times(times: Sequence[TimeMention], low: int, high: int) -> list[TimeMention]:
    """Return the times within a stretch that can bind a number."""
    return [t for t in times if t.start >= low and t.end <= high and t.role in BINDING and t.iso]


def bind(spot: Spot, *, quota: bool = False) -> TimeMention | None:
    """Return the time that binds the quantity at a spot, or None.

    A time right behind the number wins ("60% năm 2025 và 80% năm 2026"), then the last one before
    it in its clause, then the next behind it, then the head of the list, then one that conjuncts
    share at the end.
    """
    times = spot.scene.times
    if not times:
        return None
    seen, quantity, following = spot.scene.seen, spot.quantity, spot.following
    hard = seen.find(";", quantity.end)
    hard = len(seen) if hard < 0 else hard
    stop = hard if following is None else min(following.start, hard)
    behind = binding_times(times, quantity.end, stop)
    before = binding_times(times, spot.low, quantity.start)
    if quantity.kind == "fold":
        behind = []
    for near in behind:
        if not _BROKEN.search(seen, quantity.end, near.start):
            if quota or not before or near.start - quantity.end <= _CLOSE:
                return near
            break
    if before:
        return before[-1]
    if behind:
        return behind[0]
    head = binding_times(times, 0, spot.low)
    if head:
        return head[-1]
    shared = binding_times(times, quantity.end, hard)
    return shared[0] if shared else None
