"""Whether a number is aimed at or reached: rules R1 to R8, first one decides."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.records import Status
from pipeline.targets.lexical import late
from pipeline.targets.page import is_ahead, is_past
from pipeline.targets.status import (
    OBSERVED,
    STRONG,
    WEAK,
    Marker,
    Verdict,
    by_marker,
    first_after,
    is_gap,
    is_quota,
    lead_end,
    nearest,
)
from pipeline.targets.terms import bind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.targets.memory import State
    from pipeline.targets.quantities import Quantity
    from pipeline.targets.scene import Scene
    from pipeline.targets.spot import Spot

_COMPARED = late(
    r"so (?:với )?(?:cùng kỳ|năm (?:trước|ngoái)|(?:cuối |đầu )?năm \d"
    r"|kỳ trước|tháng|quý|thời điểm|đầu|cuối)"
)
_BEHIND = 110
_CONJUNCT = 48


def judge(spot: Spot, state: State, before: Sequence[Verdict]) -> Verdict:
    """Apply R1 to R8 to the quantity at a spot; `before` are the verdicts of its sentence."""
    scene, position, quantity, low = spot
    seen = scene.seen
    if is_gap(seen, quantity.number_start, quantity.end):
        return Verdict(None, "gap")
    if is_quota(seen, quantity.start, quantity.end):
        return Verdict(Status.TARGET, "quota_noun")
    strong = nearest(scene.markers, STRONG, low, quantity.start)
    if strong is not None:
        return _observed(scene, strong) or by_marker(strong)
    return (
        _measured_against_quota(spot)
        or _by_term(spot, state)
        or _by_comparison(scene, quantity, state)
        or _by_lead(scene, low)
        or _by_weak_marker(scene, quantity, low, state)
        or _behind(scene, position, state)
        or _by_duty(quantity, seen, state)
        or _inherited(before, state)
    )


def _observed(scene: Scene, marker: Marker) -> Verdict | None:
    """Read "sẽ" and "dự kiến" after an observer, or of what nobody governs, as a forecast (R2)."""
    if marker.kind != "clause_aim":
        return None
    observer = any(m.kind == "forecast" and m.start < marker.start for m in scene.markers)
    if observer or OBSERVED.search(scene.seen, 0, marker.start):
        return Verdict(None, "observer_forecast")
    return None


def quota_beside(spot: Spot) -> bool:
    """True if the quantity at a spot is a quota, or the number behind it is one."""
    seen, quantity, following = spot.scene.seen, spot.quantity, spot.following
    return is_quota(seen, quantity.start, quantity.end) or (
        following is not None and is_quota(seen, following.start, following.end)
    )


def _measured_against_quota(spot: Spot) -> Verdict | None:
    """Take the number that a quota follows in the same clause as what was reached."""
    seen, following = spot.scene.seen, spot.following
    if following is None or ";" in seen[spot.quantity.end : following.start]:
        return None
    if not is_quota(seen, following.start, following.end):
        return None
    return Verdict(Status.RESULT, "measured_against_quota")


def _by_term(spot: Spot, state: State) -> Verdict | None:
    mention = bind(spot)
    if mention is None:
        return None
    if is_ahead(mention, state.page):
        return Verdict(Status.TARGET, "term_ahead")
    if is_past(mention, state.page):
        return Verdict(Status.RESULT, "term_past")
    return None


def _by_comparison(scene: Scene, quantity: Quantity, state: State) -> Verdict | None:
    """Read "so với cùng kỳ", "so với năm 2019" behind a change as a report (R3)."""
    high = min(len(scene.seen), quantity.end + 48)
    if "so " not in scene.seen or _COMPARED.search(scene.seen, quantity.end, high) is None:
        return None
    if state.mood is Status.TARGET:
        return None
    return Verdict(Status.RESULT, "compared_with_before")


def _by_weak_marker(scene: Scene, quantity: Quantity, low: int, state: State) -> Verdict | None:
    weak = nearest(scene.markers, WEAK, low, quantity.start)
    if weak is None:
        return None
    aimed = state.block_mood is Status.TARGET or state.mood is Status.TARGET
    if weak.kind == "weak_aim":
        return by_marker(weak) if aimed else None
    return None if aimed else by_marker(weak)


def _behind(scene: Scene, position: int, state: State) -> Verdict | None:
    """Read a marker behind the number, in its own clause: "80% hộ sẽ thanh toán …"."""
    quantity = scene.quantities[position]
    seen = scene.seen
    high = len(seen)
    if position + 1 < len(scene.quantities):
        high = scene.quantities[position + 1].start
        if seen[quantity.end : high].endswith(" và ") and high - quantity.end < _CONJUNCT:
            return _behind(scene, position + 1, state)
    high = min(high, quantity.end + _BEHIND)
    ends = [at for at in (seen.find(mark, quantity.end, high) for mark in ";:") if at >= 0]
    marker = first_after(scene.markers, STRONG, quantity.end, min([*ends, high]))
    if marker is not None and seen[: marker.start].rstrip().endswith(" và"):
        return None
    if marker is None or (marker.kind == "result" and state.mood is Status.TARGET):
        return None
    return by_marker(marker, "_behind")


def _by_duty(quantity: Quantity, seen: str, state: State) -> Verdict | None:
    """Take a recurring duty ("tối thiểu 1 lần/năm", "định kỳ 3 tháng/lần") as a requirement."""
    ahead = seen[max(0, quantity.start - 16) : quantity.start]
    duty = quantity.kind == "frequency" and (quantity.explicit or "định kỳ" in ahead)
    if not duty or state.mood is Status.RESULT:
        return None
    return Verdict(Status.TARGET, "recurring_duty", own=False)


def _by_lead(scene: Scene, low: int) -> Verdict | None:
    """Take the marker of the lead clause of a list on one line (R5)."""
    if low == 0:
        return None
    marker = nearest(scene.markers, STRONG, 0, min(low, lead_end(scene.seen)))
    if marker is None or marker.kind == "forecast":
        return None
    return by_marker(marker, "_of_list_lead_in")


def _inherited(before: Sequence[Verdict], state: State) -> Verdict:
    for verdict in reversed(before):
        if verdict.status is not None and verdict.rule != "quota_noun":
            return verdict._replace(own=False)
    if state.block_mood is not None:
        return Verdict(state.block_mood, "sentence_before", own=False)
    if state.mood is not None:
        rule = "list_lead_in" if state.lead_in else state.mood_rule
        return Verdict(state.mood, rule, own=False)
    return Verdict(Status.RESULT, "stated_without_aim", own=False)
