"""What a target holds besides its status: deadline, indicator, unit, scope and the rest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from pipeline.records import Comparator, Status, Target
from pipeline.targets.indicators import Level, compare_with_official, link
from pipeline.targets.lexical import late
from pipeline.targets.phrases import describe
from pipeline.targets.terms import bind

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

    from pipeline.targets.memory import State
    from pipeline.targets.quantities import Quantity
    from pipeline.targets.scene import Scene
    from pipeline.targets.spot import Spot
    from pipeline.targets.status import Verdict

_SHARE_OF = late(r"tỷ trọng [^\d,;]{0,40}(?:trong|so với) (?P<whole>grdp|gdp)(?![^\W_])")
_NOT_MET = late(r"(?:không|chưa) (?:đạt|hoàn thành|cán|tới)(?![^\W_])")


class Term(NamedTuple):
    """The time that holds for a number, where it came from, and its span of years."""

    iso: str | None = None
    source: str | None = None
    period: str | None = None


class Judged(NamedTuple):
    """A quantity with its verdict and term; `before` are those accepted in its sentence so far."""

    spot: Spot
    verdict: Verdict
    term: Term = Term()
    before: Sequence[Quantity] = ()


def term_of(spot: Spot, verdict: Verdict, state: State) -> Term:
    """Return the time that holds for a number; asked before the walk goes on."""
    quota = verdict.rule == "quota_noun"
    mention = bind(spot, quota=quota)
    if mention is not None:
        return Term(mention.iso, "clause", mention.period)
    if verdict.status is not Status.TARGET and not state.page.spans_years:
        return Term()  # Of a time outside its clause a result takes only the period.
    if state.term is not None:
        return Term(state.term.iso, "prev", state.term.period)
    title = state.page.term
    if title is not None:
        return Term(title.iso, "title", title.period)
    if quota and state.past_term is not None:
        return Term(state.past_term.iso, "prev", state.past_term.period)
    return Term()


@dataclass(slots=True)
class Slots:
    """Fills the slots of the targets of one document, which are given in order."""

    indicator: str | None = None
    unit: str | None = None

    def fill(self, judged: Judged, status: Status) -> Target:
        """Return the target that a quantity is, and keep what the next one may point back to."""
        spot, verdict, (time, source, period), accepted = judged
        scene, _, quantity, _ = spot
        aimed = status is Status.TARGET
        description = describe(spot, self.indicator)
        comparator = quantity.comparator
        if aimed and quantity.kind == "rank" and comparator is Comparator.EQUAL:
            comparator = Comparator.AT_MOST
        quota = "quota" in verdict.rule and bool(accepted)
        phrase = self.indicator if quota and verdict.rule == "quota_noun" else description.indicator
        unit = _unit(spot, self.unit if quota or description.elliptic else None)
        entry = link(f"{phrase} {unit}", unit) if phrase else None
        self.indicator = phrase or self.indicator
        self.unit = unit
        deadline = time if aimed else None
        official = None
        if entry is not None:
            level = Level(status, quantity.value, comparator, unit, deadline)
            official = compare_with_official(level, entry)
        return Target(
            quantity.start, quantity.end, scene.text[quantity.start : quantity.end],
            quantity.value, comparator, unit, status, verdict.rule,
            value_max=quantity.value_max,
            bound=quantity.bound,
            deadline=deadline,
            deadline_source=source if deadline else None,
            period=period,
            indicator=phrase,
            indicator_id=entry.id if entry else None,
            pillar=entry.pillar if entry else None,
            scope=description.scope,
            exclusion=description.exclusion,
            place=description.place,
            baseline_value=_baseline(scene, quantity),
            freq_per_year=quantity.freq_per_year,
            met=_met(spot, verdict, accepted),
            out_of=quantity.out_of,
            as_of=time if not aimed and source == "clause" else None,
            against_official=official,
        )  # fmt: skip


def _baseline(scene: Scene, quantity: Quantity) -> Decimal | None:
    """Return the starting point that the sentence gives for a number, if any."""
    if not scene.baselines:
        return None
    same = [q.value for q in scene.baselines if q.kind == quantity.kind]
    return same[0] if len(same) == 1 else None


def _met(spot: Spot, verdict: Verdict, accepted: Sequence[Quantity]) -> bool | None:
    """Tell whether a quota was met: by the words, or by the result beside it."""
    if verdict.rule != "quota_noun":
        return None
    if _NOT_MET.search(spot.scene.seen, spot.low):
        return False
    quantity = spot.quantity
    beside = [q for q in accepted if q.kind == quantity.kind and not q.changes]
    return beside[-1].value >= quantity.value if beside else None


def _unit(spot: Spot, last: str | None) -> str:
    """Fill the unit of an elliptic "15%" from the number before or the whole that is named."""
    unit = spot.quantity.unit
    if unit != "%" or spot.quantity.changes:
        return unit
    if last is not None and last.startswith("%"):
        return last
    seen = spot.scene.seen
    stop = seen.find(",", spot.quantity.end)
    match = _SHARE_OF.search(seen, spot.low, stop if stop >= 0 else len(seen))
    return unit if match is None else f"% {match['whole'].upper()}"
