"""The walk over a document that turns quantities into targets and results.

Status and deadline of a number often stand outside its sentence: in the lead-in of its list, the
sentence before, the title or the name of the plan. The walk keeps a small state for that, and
records for every number which rule decided it and what was inherited from where.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING

from pipeline.records import Status, Target
from pipeline.targets.candidates import find_candidates
from pipeline.targets.gate import may_hold_target
from pipeline.targets.levels import is_digital, measures
from pipeline.targets.lexical import view
from pipeline.targets.memory import Heard, State
from pipeline.targets.mood import judge, quota_beside
from pipeline.targets.numerals import has_number
from pipeline.targets.scene import Passage, Scene, implied_all, read_scenes, speaks_of_all
from pipeline.targets.slots import Judged, Slots, term_of
from pipeline.targets.spot import Spot, spot_at
from pipeline.targets.status import Verdict
from pipeline.targets.trace import Step, Trace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from pipeline.records import Document
    from pipeline.targets.candidates import Candidates
    from pipeline.targets.quantities import Quantity

_LOOSER_AS_QUOTA = frozenset({"count", "output", "measure", "score"})
_STRETCH = 4000
_Found = tuple[tuple[Target, ...], ...]


def find_targets(document: Document) -> _Found:
    """Return the targets and results of a document: one tuple for each sentence, in order.

    Spans of a sentence are ordered and do not overlap. Page furniture holds none.
    """
    return find_all([document])[0]


def find_all(documents: Sequence[Document]) -> list[_Found]:
    """Return what `find_targets` does for each of some documents, in less time.

    Each step is taken for all of them before the next, so that its code stays at hand.
    """
    walks = _walk(documents, tell=False)
    return [walk.found() for walk in walks]


def explain_targets(document: Document) -> Trace:
    """Return for every number of a document which rule decided it and what was inherited.

    The same walk as `find_targets`: what it tells is what was done.
    """
    (walk,) = _walk([document], tell=True)
    return Trace(tuple(walk.steps()))


def _walk(documents: Sequence[Document], *, tell: bool) -> list[_Walk]:
    """Choose the sentences that have to be read, read them, and judge their numbers."""
    walks = [_Walk(document, tell=tell) for document in documents]
    for walk in walks:
        walk.look()
    for walk in walks:
        walk.choose()
    _read([visit for walk in walks for visit in walk.visits if not visit.doubtful])
    for walk in walks:
        walk.judge()
    return walks


@dataclass(slots=True)
class _Stretch:
    """A part of a sentence that is read at once, from `at` on: the whole of all but monsters.

    `worth` is false for a part that holds nothing: it is only noted down.
    """

    text: str
    seen: str
    at: int = 0
    worth: bool = True
    scene: Scene | None = None
    judged: list[Judged] = field(default_factory=list)


@dataclass(slots=True)
class _Visit:
    """A sentence to be read; a doubtful one only if it has an aim once the walk comes there."""

    position: int
    stretches: list[_Stretch]
    state: State
    doubtful: bool = False


def _read(visits: Sequence[_Visit]) -> None:
    """Read the stretches of sentences that are worth it."""
    pages = [(s, visit.state.page) for visit in visits for s in visit.stretches if s.worth]
    scenes = read_scenes([Passage(s.text, s.seen, p.convention, p.here) for s, p in pages])
    for (stretch, _), scene in zip(pages, scenes, strict=True):
        stretch.scene = scene


class _Walk:
    """The walk over one document: `look`, `choose`, read, `judge`, then `found` or `steps`.

    A sentence without a number, or without any that could count something, is passed over, unless
    the walk is to `tell` why its numbers count nothing.
    """

    def __init__(self, document: Document, *, tell: bool) -> None:
        self._document = document
        self._tell = tell
        self._whole = view(document.article.text)
        self._state = State(document, self._whole, speaks_of_all=speaks_of_all(self._whole))
        self._seen: list[tuple[int, str, Candidates | None]] = []
        self._doubtful: set[int] = set()
        self.visits: list[_Visit] = []

    def look(self) -> None:
        """Look for numbers in each sentence; most have none that may count."""
        everything = self._tell or self._state.speaks_of_all
        for position, sentence in enumerate(self._document.sentences):
            if not sentence.kind.is_furniture:
                seen = self._whole[sentence.start : sentence.end]
                long = len(seen) > _STRETCH
                found = None if long else find_candidates(seen)
                if found is not None or long or everything:
                    self._seen.append((position, seen, found))

    def choose(self) -> None:
        """Choose the sentences that have to be read."""
        for position, seen, found in self._seen:
            long = len(seen) > _STRETCH
            ask = partial(self._doubt, position)
            sure = long or self._tell or _may_hold_target(seen, found, self._state, ask)
            if (sure or position in self._doubtful) and has_number(seen):
                text = self._document.sentences[position].text
                parts = self._cut(text, seen) if long else [_Stretch(text, seen)]
                self.visits.append(_Visit(position, parts, self._state, not sure))
        self._seen.clear()

    def _doubt(self, position: int) -> bool:
        """Leave open whether a sentence has an aim: others before it are to be judged first."""
        self._doubtful.add(position)
        return False

    def _cut(self, text: str, seen: str) -> list[_Stretch]:
        """Cut a monster without a full stop into stretches, so that cost stays linear."""
        stretches = []
        at = 0
        while at < len(seen):
            end = at + _STRETCH
            if end < len(seen):
                cut = max(seen.rfind(mark, at + 1, end) for mark in ";, ")
                end = cut + 1 if cut > 0 else end
            part = seen[at:end]
            worth = self._tell or _may_hold_target(
                part, find_candidates(part), self._state, lambda: True
            )
            stretches.append(_Stretch(text[at:end], part, at, worth))
            at = end
        return stretches

    def judge(self) -> None:
        """Give every quantity its status, sentence by sentence: each leaves its mood behind."""
        state = self._state
        for visit in self.visits:
            if visit.doubtful:
                if not state.may_aim(visit.position):
                    continue
                _read([visit])
            state.arrive(visit.position)
            for stretch in visit.stretches:
                if stretch.scene is None:
                    state.listen(Heard(stretch.text, stretch.seen, numbered=True))
                else:
                    stretch.judged = _judge(stretch.scene, state, tell=self._tell)
            state.leave()

    def found(self) -> _Found:
        """Return the targets of each sentence."""
        found: list[tuple[Target, ...]] = [()] * len(self._document.sentences)
        slots = Slots()
        for visit in self.visits:
            targets: list[Target] = []
            for stretch in visit.stretches:
                here = [t for _, t in _filled(stretch, slots) if t is not None]
                if stretch.at:
                    here = [
                        replace(t, start=t.start + stretch.at, end=t.end + stretch.at) for t in here
                    ]
                targets += here
            found[visit.position] = tuple(targets)
        return tuple(found)

    def steps(self) -> Iterator[Step]:
        """Tell what became of each number, in order."""
        slots = Slots()
        for visit in self.visits:
            index = self._document.sentences[visit.position].index
            for stretch in visit.stretches:
                told = [] if stretch.scene is None else _aside_steps(stretch.scene, index)
                told += [_step(index, *each) for each in _filled(stretch, slots)]
                told.sort(key=lambda step: (step.start, step.end))
                for s in told:
                    yield replace(s, start=s.start + stretch.at, end=s.end + stretch.at)


def _filled(stretch: _Stretch, slots: Slots) -> list[tuple[Judged, Target | None]]:
    """Return the judged numbers of a stretch, each with the target that it is, if any."""
    filled: list[tuple[Judged, Target | None]] = []
    for judged in stretch.judged:
        status = judged.verdict.status
        filled.append((judged, None if status is None else slots.fill(judged, status)))
    return filled


def _may_hold_target(
    seen: str, found: Candidates | None, state: State, may_aim: Callable[[], bool]
) -> bool:
    """Ask the gate, with what the page says of digital things and aims if it comes to that."""
    if found is not None and may_hold_target(
        found, seen, lambda: state.page.digital or is_digital(seen), may_aim
    ):
        return True
    return state.speaks_of_all and implied_all(seen) is not None


def _judge(scene: Scene, state: State, *, tell: bool) -> list[Judged]:
    """Give every quantity of a scene its status and term; those without one only to `tell` why."""
    judged: list[Judged] = []
    accepted: list[Quantity] = []
    verdicts: list[Verdict] = []
    for position, quantity in enumerate(scene.quantities):
        spot = spot_at(scene, position)
        if not (tell or _may_measure(spot, state, accepted, verdicts)):
            continue
        verdict = judge(spot, state, verdicts)
        if verdict.status is not None and not _measures(
            spot, verdict.status, state, accepted, quota="quota" in verdict.rule
        ):
            verdict = Verdict(None, "no_level_of_an_indicator")
        if verdict.status is not None:
            judged.append(Judged(spot, verdict, term_of(spot, verdict, state), accepted[:]))
            accepted.append(quantity)
            verdicts.append(verdict)
        elif tell:
            judged.append(Judged(spot, verdict))
    state.listen(Heard(scene.text, scene.seen, True, verdicts, scene.times, scene.known_markers))
    return judged


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


def _step(index: int, judged: Judged, target: Target | None) -> Step:
    (scene, _, quantity, _), verdict, _, _ = judged
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
