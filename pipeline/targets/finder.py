"""The walk over a document that turns quantities into targets and results.

Status and deadline of a number often stand outside its sentence: in the lead-in of its list, the
sentence before, the title or the name of the plan. The walk keeps a small state for that, and
records for every number which rule decided it and what was inherited from where.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pipeline.records import Comparator, Kind, Status, Target
from pipeline.targets.deadlines import TimeMention, scan_times
from pipeline.targets.indicators import compare_with_official, link
from pipeline.targets.lexical import view
from pipeline.targets.numerals import HAS_NUMBER, Convention, read_convention
from pipeline.targets.phrases import describe
from pipeline.targets.scene import Scene, delivered, read_scene
from pipeline.targets.status import (
    PLAN,
    REVIEW,
    STRONG,
    WEAK,
    Verdict,
    by_marker,
    first_after,
    is_gap,
    is_quota,
    nearest,
    scan_markers,
    segment_bounds,
)
from pipeline.targets.trace import Step, Trace
from pipeline.targets.traps import OUTCOME

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pipeline.records import Document, Sentence
    from pipeline.targets.quantities import Quantity

_LEAD_IN = re.compile(r"[:：]\s*$")
_REDUCED = re.compile(r"(?:còn|xuống|xuống còn|rút ngắn|giảm|chỉ còn)(?: +[^\W\d_]+){0,3} *$")
_SCORES = re.compile(r"(?:điểm số|chỉ số|đạt|với|index|dti|par|pci|papi|sipas)[^\d;]{0,40}$")
_DEADLINE_ROLES = frozenset({"until", "in"})
_LOOK_BACK = 72


@dataclass(frozen=True, slots=True)
class _Page:
    """What holds for a whole document: the year it speaks from, its numbers, its genre."""

    here: int | None
    convention: Convention
    mood: Status | None
    deadline: TimeMention | None


@dataclass(slots=True)
class _State:
    """What the walk carries from sentence to sentence."""

    mood: Status | None
    mood_rule: str
    deadline: str | None = None
    source: str | None = None
    period: str | None = None
    lead_in: bool = False
    indicator: str | None = None
    unit: str | None = None


def _read_page(document: Document) -> _Page:
    article = document.article
    published = article.published
    here = int(published[:4]) if published and published[:4].isdigit() else None
    title = article.title or _first_title(document)
    seen = view(title)
    if here is None:
        here = _estimated_year(document)
    times = scan_times(title, seen, here)
    future = [t for t in times if t.role in _DEADLINE_ROLES and not t.exact and t.iso]
    return _Page(here, read_convention(article.text), _genre(seen, future, here), _latest(future))


def _first_title(document: Document) -> str:
    return next((s.text for s in document.sentences if s.kind is Kind.TITLE), "")


def _latest(times: list[TimeMention]) -> TimeMention | None:
    return times[-1] if times else None


def _estimated_year(document: Document) -> int | None:
    """Return the latest year of a full date of a page that has no date of publication."""
    text = document.article.text[:3000]
    years = [t.year for t in scan_times("", view(text), None) if t.exact and t.iso and t.role == "since"]
    return max((year for year in years if year is not None), default=None)


def _genre(seen: str, times: list[TimeMention], here: int | None) -> Status | None:
    """Read the genre of an article from its title (R7)."""
    if PLAN.search(seen) and not REVIEW.search(seen):
        return Status.TARGET
    if any(t.year is not None and here is not None and t.year > here for t in times):
        return Status.TARGET
    if any(t.role == "until" for t in times):
        return Status.TARGET
    if REVIEW.search(seen):
        return Status.RESULT
    return Status.TARGET if PLAN.search(seen) else None


def find_targets(document: Document) -> tuple[tuple[Target, ...], ...]:
    """Return the targets and results of a document: one tuple for each sentence, in order.

    Spans of a sentence are ordered and do not overlap. Page furniture holds none.
    """
    return tuple(targets for targets, _ in _walk(document))


def explain_targets(document: Document) -> Trace:
    """Return for every number of a document which rule decided it and what was inherited.

    The same walk as `find_targets`: what it tells is what was done.
    """
    return Trace(tuple(step for _, steps in _walk(document) for step in steps))


def _walk(document: Document) -> Iterator[tuple[tuple[Target, ...], tuple[Step, ...]]]:
    """Visit the sentences in order; without any number on the page there is nothing to do."""
    spoken = [not s.kind.is_furniture for s in document.sentences]
    if not any(
        speaks and HAS_NUMBER.search(s.text.lower())
        for s, speaks in zip(document.sentences, spoken, strict=True)
    ):
        yield from (((), ()) for _ in document.sentences)
        return
    page = _read_page(document)
    state = _State(page.mood, "genre_of_the_title")
    for sentence, speaks in zip(document.sentences, spoken, strict=True):
        if not speaks:
            yield (), ()
            continue
        yield _visit(sentence, page, state)


def _visit(
    sentence: Sentence, page: _Page, state: _State
) -> tuple[tuple[Target, ...], tuple[Step, ...]]:
    if not HAS_NUMBER.search(sentence.text.lower()):
        _hear(view(sentence.text), state)
        state.lead_in = _LEAD_IN.search(sentence.text) is not None
        return (), ()
    scene = read_scene(sentence.text, page.convention, page.here)
    reader = _Reader(scene, page, state)
    targets: list[Target] = []
    steps = [
        Step(sentence.index, a.start, a.end, sentence.text[a.start : a.end], "set_aside", a.kind)
        for a in scene.asides
    ]
    for position in range(len(scene.quantities)):
        target, step = reader.resolve(position, sentence.index)
        steps.append(step)
        if target is not None:
            targets.append(target)
    reader.carry_on()
    state.lead_in = _LEAD_IN.search(sentence.text) is not None
    steps.sort(key=lambda step: (step.start, step.end))
    return tuple(targets), tuple(steps)


def _hear(seen: str, state: _State) -> None:
    """Let a sentence without numbers set the mood of what follows it (R5, R6)."""
    markers = scan_markers(seen)
    strong = [m for m in markers if m.kind in {"aim", "result"}]
    if not strong and not PLAN.search(seen):
        return
    if strong and strong[-1].kind == "result":
        state.mood, state.mood_rule = Status.RESULT, "sentence_before"
    elif strong or state.mood is None:
        state.mood, state.mood_rule = Status.TARGET, "sentence_before"


class _Reader:
    """Resolves the quantities of one sentence in the light of the state."""

    def __init__(self, scene: Scene, page: _Page, state: _State) -> None:
        self.scene = scene
        self.page = page
        self.state = state
        self.verdicts: list[tuple[Quantity, Verdict]] = []
        self.found: list[Target] = []

    # --- status -----------------------------------------------------------------------------

    def verdict(self, position: int) -> Verdict:
        """Apply R1 to R8 to the quantity at a position."""
        scene = self.scene
        quantity = scene.quantities[position]
        if is_gap(scene.seen, quantity.number_start, quantity.end):
            return Verdict(None, "gap")
        if is_quota(scene.seen, quantity.start, quantity.end):
            return Verdict(Status.TARGET, "quota_noun")
        low = segment_bounds(scene.seen, quantity.start)
        markers = list(scene.markers)
        strong = nearest(markers, STRONG, low, quantity.start)
        if strong is not None:
            return by_marker(strong)
        return (
            self._by_year(quantity, low)
            or self._by_weak_marker(quantity, low)
            or self._behind(position)
            or self._by_lead(quantity, low)
            or self._inherited()
        )

    def _by_year(self, quantity: Quantity, low: int) -> Verdict | None:
        mention = self._deadline_mention(quantity, low)
        here = self.page.here
        if mention is None or mention.year is None:
            return None
        if here is None:
            future = mention.role == "until"
            return Verdict(Status.TARGET, "term_ahead") if future else None
        if mention.role == "as_of" and mention.year <= here:
            return Verdict(Status.RESULT, "state_at_a_time")
        if mention.year > here:
            return Verdict(Status.TARGET, "term_ahead")
        if mention.year < here:
            return Verdict(Status.RESULT, "term_past")
        return None

    def _by_weak_marker(self, quantity: Quantity, low: int) -> Verdict | None:
        markers = list(self.scene.markers)
        weak = nearest(markers, WEAK, low, quantity.start)
        if weak is None:
            return None
        if weak.kind == "weak_aim":
            return by_marker(weak) if self.state.mood is not Status.RESULT else None
        return by_marker(weak) if self.state.mood is None else None

    def _behind(self, position: int) -> Verdict | None:
        """Read a marker behind the number, in its own clause: "80% hộ sẽ thanh toán …"."""
        quantities = self.scene.quantities
        quantity = quantities[position]
        high = len(self.scene.seen)
        if position + 1 < len(quantities):
            high = quantities[position + 1].start
        for mark in ";:":
            at = self.scene.seen.find(mark, quantity.end, high)
            high = at if at >= 0 else high
        marker = first_after(list(self.scene.markers), STRONG, quantity.end, high)
        if marker is None or (marker.kind == "result" and self.state.mood is Status.TARGET):
            return None
        return by_marker(marker, "_behind")

    def _by_lead(self, quantity: Quantity, low: int) -> Verdict | None:
        """Take the marker of the lead clause of a list on one line (R5)."""
        if low == 0:
            return None
        marker = nearest(list(self.scene.markers), STRONG, 0, low)
        if marker is not None and marker.kind != "forecast":
            return by_marker(marker, "_of_list_lead_in")
        return self._by_year(quantity, 0)

    def _inherited(self) -> Verdict:
        if self.verdicts:
            last = self.verdicts[-1][1]
            if last.status is not None and last.rule not in {"quota_noun"}:
                return replace(last, own=False)
        if self.state.mood is not None:
            rule = "list_lead_in" if self.state.lead_in else self.state.mood_rule
            return Verdict(self.state.mood, rule, own=False)
        return Verdict(Status.RESULT, "stated_without_aim", own=False)

    # --- deadline ---------------------------------------------------------------------------

    def _mentions(self, low: int, high: int) -> list[TimeMention]:
        return [
            t
            for t in self.scene.times
            if t.start >= low and t.end <= high and t.role in {*_DEADLINE_ROLES, "as_of"} and t.iso
        ]

    def _deadline_mention(self, quantity: Quantity, low: int) -> TimeMention | None:
        """Return the time that binds a quantity: behind it, before it, or at the list's head."""
        seen = self.scene.seen
        end = len(seen)
        later = [q.start for q in self.scene.quantities if q.start >= quantity.end]
        stop = min([*later, end])
        hard = min([i for i in (seen.find(";", quantity.end), end) if i >= 0])
        near = [
            t
            for t in self._mentions(quantity.end, min(stop, hard))
            if not re.search(r"[,:()]", seen[quantity.end : t.start])
        ]
        if near:
            return near[0]
        before = self._mentions(low, quantity.start)
        if before:
            return before[-1]
        behind = self._mentions(quantity.end, min(stop, hard))
        if behind:
            return behind[0]
        return self._distant_mention(quantity, low, hard)

    def _distant_mention(self, quantity: Quantity, low: int, hard: int) -> TimeMention | None:
        head = self._mentions(0, low)
        if head:
            return head[-1]
        shared = self._mentions(quantity.end, hard)
        return shared[0] if shared else None

    def _deadline(self, quantity: Quantity) -> tuple[str | None, str | None, str | None]:
        """Return deadline, where it came from and the span of years."""
        low = segment_bounds(self.scene.seen, quantity.start)
        mention = self._deadline_mention(quantity, low)
        if mention is not None:
            return mention.iso, "clause", mention.period
        if self.state.deadline is not None:
            return self.state.deadline, self.state.source or "prev", self.state.period
        title = self.page.deadline
        if title is not None:
            return title.iso, "title", title.period
        return None, None, None

    # --- level test ---------------------------------------------------------------------------

    def _measures(self, quantity: Quantity, status: Status) -> bool:
        """Tell whether the number says how much of an indicator or an output (3.2)."""
        seen = self.scene.seen
        before = seen[max(0, quantity.start - _LOOK_BACK) : quantity.start]
        kind = quantity.kind
        if quantity.spelled and not quantity.explicit and kind in {"output", "count", "duration"}:
            return "per_bearer" in quantity.rules
        if kind in {"percent", "permille", "point", "rank", "speed"}:
            return True
        if kind == "fold":
            return quantity.comparator is Comparator.MULTIPLE
        if kind == "frequency":
            return status is Status.TARGET or not quantity.spelled
        if kind == "money":
            return OUTCOME.search(before) is not None
        if kind == "score":
            return _SCORES.search(before) is not None
        return self._counts(quantity, status, before)

    def _counts(self, quantity: Quantity, status: Status, before: str) -> bool:
        if quantity.kind in {"duration", "measure"}:
            aimed = status is Status.TARGET and quantity.explicit and quantity.kind == "duration"
            return _REDUCED.search(before) is not None or aimed
        if quantity.kind == "output":
            return True
        if delivered(self.scene.seen, quantity.start):
            return True
        return status is Status.TARGET and quantity.explicit

    # --- all of it ------------------------------------------------------------------------------

    def resolve(self, position: int, index: int) -> tuple[Target | None, Step]:
        """Return the target of a quantity, or None, and the step that tells why."""
        quantity = self.scene.quantities[position]
        verdict = self.verdict(position)
        status = verdict.status
        rule = verdict.rule
        if status is not None and not self._measures(quantity, status):
            status, rule = None, "no_level_of_an_indicator"
        surface = self.scene.text[quantity.start : quantity.end]
        if status is None:
            step = Step(index, quantity.start, quantity.end, surface, "set_aside", rule, quantity.rules)
            return None, step
        self.verdicts.append((quantity, verdict))
        target = self._target(quantity, status, rule)
        inherited = [] if verdict.own else [f"status from {rule}"]
        if target.deadline_source not in {None, "clause"}:
            inherited.append(f"deadline from {target.deadline_source}")
        self.found.append(target)
        step = Step(
            index, quantity.start, quantity.end, surface, status.value, rule, quantity.rules, tuple(inherited)
        )  # fmt: skip
        return target, step

    def _target(self, quantity: Quantity, status: Status, rule: str) -> Target:
        deadline, source, period = self._deadline(quantity)
        aimed = status is Status.TARGET
        description = describe(self.scene, quantity, self.state.indicator)
        unit = quantity.unit
        entry = link(description.indicator, unit)
        self.state.indicator = description.indicator or self.state.indicator
        self.state.unit = unit
        target = Target(
            quantity.start, quantity.end, self.scene.text[quantity.start : quantity.end],
            quantity.value, quantity.comparator, unit, status, rule,
            value_max=quantity.value_max,
            bound=quantity.bound,
            deadline=deadline if aimed else None,
            deadline_source=source if aimed and deadline else None,
            period=period,
            indicator=description.indicator,
            indicator_id=entry.id if entry else None,
            pillar=entry.pillar if entry else None,
            scope=description.scope,
            exclusion=description.exclusion,
            place=description.place,
            freq_per_year=quantity.freq_per_year,
            out_of=quantity.out_of,
            as_of=None if aimed or source not in {"clause"} else deadline,
        )  # fmt: skip
        return replace(target, against_official=compare_with_official(target, entry))

    def carry_on(self) -> None:
        """Hand mood and deadline of this sentence to the next ones."""
        own = [(q, v) for q, v in self.verdicts if v.own and v.status and v.rule != "quota_noun"]
        if own:
            self.state.mood, self.state.mood_rule = own[-1][1].status, "sentence_before"
        elif not self.verdicts:
            _hear(self.scene.seen, self.state)
        aims = self._mentions(0, len(self.scene.seen))
        aims = [t for t in aims if self._may_bind(t)]
        if aims and self.state.mood is not Status.RESULT:
            last = aims[-1]
            self.state.deadline, self.state.source, self.state.period = last.iso, "prev", last.period

    def _may_bind(self, mention: TimeMention) -> bool:
        if mention.role == "as_of" and (mention.year or 0) <= (self.page.here or 0):
            return False
        return self.page.here is None or (mention.year or 0) >= self.page.here


def count_targets(found: Sequence[Sequence[Target]]) -> int:
    """Return how many entries are aimed at, not reached."""
    return sum(t.status is Status.TARGET for sentence in found for t in sentence)
