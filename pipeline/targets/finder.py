"""The walk over a document that turns quantities into targets and results.

Status and deadline of a number often stand outside its sentence: in the lead-in of its list, the
sentence before, the title or the name of the plan. The walk keeps a small state for that, and
records for every number which rule decided it and what was inherited from where.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from pipeline.records import Comparator, Status, Target
from pipeline.targets.gate import may_hold_target
from pipeline.targets.indicators import Level, compare_with_official, link
from pipeline.targets.levels import is_digital, measures
from pipeline.targets.lexical import late, view
from pipeline.targets.memory import Heard, State
from pipeline.targets.mood import judge, quota_beside
from pipeline.targets.numerals import has_number
from pipeline.targets.phrases import describe
from pipeline.targets.scene import Scene, implied_all, read_scene, speaks_of_all
from pipeline.targets.spot import Spot, spot_at
from pipeline.targets.status import Verdict
from pipeline.targets.terms import bind
from pipeline.targets.trace import Step, Trace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from decimal import Decimal

    from pipeline.records import Document
    from pipeline.targets.quantities import Quantity

_SHARE_OF = late(r"tỷ trọng [^\d,;]{0,40}(?:trong|so với) (?P<whole>grdp|gdp)(?![^\W_])")
_NOT_MET = late(r"(?:không|chưa) (?:đạt|hoàn thành|cán|tới)(?![^\W_])")
_LOOSER_AS_QUOTA = frozenset({"count", "output", "measure", "score"})
_STRETCH = 4000
_Read = tuple[tuple["Target", ...], tuple[Step, ...]]
_Found = tuple[int, tuple["Target", ...], tuple[Step, ...]]


def find_targets(document: Document) -> tuple[tuple[Target, ...], ...]:
    """Return the targets and results of a document: one tuple for each sentence, in order.

    Spans of a sentence are ordered and do not overlap. Page furniture holds none.
    """
    found: list[tuple[Target, ...]] = [()] * len(document.sentences)
    for position, targets, _ in _walk(document, tell=False):
        found[position] = targets
    return tuple(found)


def explain_targets(document: Document) -> Trace:
    """Return for every number of a document which rule decided it and what was inherited.

    The same walk as `find_targets`: what it tells is what was done.
    """
    return Trace(tuple(step for _, _, steps in _walk(document, tell=True) for step in steps))


def _walk(document: Document, *, tell: bool) -> Iterator[_Found]:
    """Read in order the sentences that have to be read, and yield what each holds.

    One without a number, or without any that could count something, is passed over, unless the
    walk is to `tell` why its numbers count nothing.
    """
    whole = view(document.article.text)
    state = State(document, whole, speaks_of_all=speaks_of_all(whole))
    for position, sentence in enumerate(document.sentences):
        if sentence.kind.is_furniture:
            continue
        seen = whole[sentence.start : sentence.end]
        long = len(seen) > _STRETCH
        aims = partial(state.may_aim, position)
        if (long or tell or _may_hold_target(seen, state, aims)) and has_number(seen):
            state.arrive(position)
            visit = _visit_long if long else _read
            yield position, *visit(sentence.index, sentence.text, seen, state, tell=tell)
            state.leave()


def _visit_long(index: int, text: str, seen: str, state: State, *, tell: bool) -> _Read:
    """Read a monster without a full stop in stretches, so that cost stays linear."""
    targets: list[Target] = []
    steps: list[Step] = []
    at = 0
    while at < len(seen):
        end = at + _STRETCH
        if end < len(seen):
            cut = max(seen.rfind(mark, at + 1, end) for mark in ";, ")
            end = cut + 1 if cut > 0 else end
        part = seen[at:end]
        if tell or _may_hold_target(part, state, lambda: True):
            found, told = _read(index, text[at:end], part, state, tell=tell)
            targets += (replace(t, start=t.start + at, end=t.end + at) for t in found)
            steps += (replace(s, start=s.start + at, end=s.end + at) for s in told)
        else:
            state.listen(Heard(text[at:end], part, numbered=True))
        at = end
    return tuple(targets), tuple(steps)


def _may_hold_target(seen: str, state: State, may_aim: Callable[[], bool]) -> bool:
    """Ask the gate, with what the page says of digital things and aims if it comes to that."""
    if may_hold_target(seen, lambda: state.page.digital or is_digital(seen), may_aim):
        return True
    return state.speaks_of_all and implied_all(seen) is not None


def _read(index: int, text: str, seen: str, state: State, *, tell: bool) -> _Read:
    """Read a stretch of text in full."""
    scene = read_scene(text, seen, state.page.convention, state.page.here)
    targets, steps = _resolve(scene, index, state, tell=tell)
    return tuple(targets), tuple(steps)


def _resolve(
    scene: Scene, index: int, state: State, *, tell: bool
) -> tuple[list[Target], list[Step]]:
    """Give every quantity of a scene its status and slots, and tell why."""
    targets: list[Target] = []
    accepted: list[Quantity] = []
    verdicts: list[Verdict] = []
    steps = _aside_steps(scene, index) if tell else []
    for position, quantity in enumerate(scene.quantities):
        spot = spot_at(scene, position)
        if not (tell or _may_measure(spot, state, accepted, verdicts)):
            continue
        verdict = judge(spot, state, verdicts)
        if verdict.status is not None and not _measures(
            spot, verdict.status, state, accepted, quota="quota" in verdict.rule
        ):
            verdict = Verdict(None, "no_level_of_an_indicator")
        target = None
        if verdict.status is not None:
            target = _target(spot, verdict, verdict.status, state, accepted)
            targets.append(target)
            accepted.append(quantity)
            verdicts.append(verdict)
        if tell:
            steps.append(_step(scene, index, quantity, verdict, target))
    state.listen(Heard(scene.text, scene.seen, True, verdicts, scene.times, scene.known_markers))
    steps.sort(key=lambda step: (step.start, step.end))
    return targets, steps


def _measures(
    spot: Spot, status: Status, state: State, accepted: list[Quantity], *, quota: bool
) -> bool:
    """Put the level test to the quantity at a spot."""
    scene = spot.scene
    return measures(
        scene.seen, spot.quantity, status, accepted,
        digital=lambda: state.page.digital or scene.digital, quota=quota,
    )  # fmt: skip


def _may_measure(
    spot: Spot, state: State, accepted: list[Quantity], verdicts: list[Verdict]
) -> bool:
    """Tell whether a number could be a level of something, whatever its status turns out to be.

    The level test holds of no result what it does not hold of a target, and asks less of quotas.
    """
    quota = spot.quantity.kind in _LOOSER_AS_QUOTA and (
        quota_beside(spot) or any("quota" in verdict.rule for verdict in verdicts)
    )
    return _measures(spot, Status.TARGET, state, accepted, quota=quota)


def _aside_steps(scene: Scene, index: int) -> list[Step]:
    return [
        Step(index, a.start, a.end, scene.text[a.start : a.end], "set_aside", a.kind)
        for a in scene.asides
    ]


def _step(
    scene: Scene, index: int, quantity: Quantity, verdict: Verdict, target: Target | None
) -> Step:
    inherited = []
    if target is not None and not verdict.own:
        inherited.append(f"status from {verdict.rule}")
    if target is not None and target.deadline_source not in {None, "clause"}:
        inherited.append(f"deadline from {target.deadline_source}")
    return Step(
        index,
        quantity.start,
        quantity.end,
        scene.text[quantity.start : quantity.end],
        "set_aside" if verdict.status is None else verdict.status.value,
        verdict.rule,
        quantity.rules,
        tuple(inherited),
    )


def _term(spot: Spot, verdict: Verdict, state: State) -> tuple[str | None, str | None, str | None]:
    """Return the time that holds for a number, where it came from, and its span of years."""
    quota = verdict.rule == "quota_noun"
    mention = bind(spot, quota=quota)
    if mention is not None:
        return mention.iso, "clause", mention.period
    if verdict.status is not Status.TARGET and not state.page.spans_years:
        return None, None, None  # Of a time outside its clause a result takes only the period.
    if state.term is not None:
        return state.term.iso, "prev", state.term.period
    title = state.page.term
    if title is not None:
        return title.iso, "title", title.period
    if quota and state.past_term is not None:
        return state.past_term.iso, "prev", state.past_term.period
    return None, None, None


def _baseline(scene: Scene, quantity: Quantity) -> Decimal | None:
    """Return the starting point that the sentence gives for a number, if any."""
    if not scene.baselines:
        return None
    same = [q.value for q in scene.baselines if q.kind == quantity.kind]
    return same[0] if len(same) == 1 else None


def _met(spot: Spot, verdict: Verdict, accepted: list[Quantity]) -> bool | None:
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


def _target(
    spot: Spot, verdict: Verdict, status: Status, state: State, accepted: list[Quantity]
) -> Target:
    scene, _, quantity, _ = spot
    time, source, period = _term(spot, verdict, state)
    aimed = status is Status.TARGET
    description = describe(spot, state.indicator)
    comparator = quantity.comparator
    if aimed and quantity.kind == "rank" and comparator is Comparator.EQUAL:
        comparator = Comparator.AT_MOST
    quota = "quota" in verdict.rule and bool(accepted)
    phrase = state.indicator if quota and verdict.rule == "quota_noun" else description.indicator
    unit = _unit(spot, state.unit if quota or description.elliptic else None)
    entry = link(f"{phrase} {unit}", unit) if phrase else None
    state.indicator = phrase or state.indicator
    state.unit = unit
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
