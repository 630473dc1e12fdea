"""What a page and the sentences before say of a number: genre, mood and term (R5 to R8)."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pipeline.records import Kind, Status
from pipeline.targets.deadlines import TimeMention, scan_times
from pipeline.targets.levels import DIGITAL, DIGITAL_PAGE
from pipeline.targets.lexical import view
from pipeline.targets.numerals import Convention, read_convention
from pipeline.targets.status import (
    OBSERVED,
    PLAN,
    REVIEW,
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
    segment_bounds,
)
from pipeline.targets.terms import bind, binding_times

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.records import Document
    from pipeline.targets.quantities import Quantity
    from pipeline.targets.scene import Scene

_COMPARED = re.compile(
    r"so (?:với )?(?:cùng kỳ|năm (?:trước|ngoái)|(?:cuối |đầu )?năm \d"
    r"|kỳ trước|tháng|quý|thời điểm|đầu|cuối)"
)
_HEAD_CHARS = 3000
_FAR = 10_000
_BEHIND = 110
_CONJUNCT = 48


@dataclass(frozen=True, slots=True)
class Page:
    """What holds for a whole document: the time it speaks from, its numbers, its genre."""

    here: int | None
    today: str | None
    convention: Convention
    mood: Status | None
    term: TimeMention | None
    digital: bool


@dataclass(slots=True)
class State:
    """What the walk carries from sentence to sentence."""

    mood: Status | None
    mood_rule: str
    term: TimeMention | None = None
    past_term: TimeMention | None = None
    lead_in: bool = False
    indicator: str | None = None
    unit: str | None = None
    block: int = -1
    block_mood: Status | None = None

    def enter(self, block: int) -> None:
        """Start a paragraph: what held for one clause of the last one is forgotten."""
        self.block = block
        self.block_mood = None


def read_page(document: Document, whole: str) -> Page:
    """Read title, date and number style of a document; `whole` is the view of its text."""
    article = document.article
    published = article.published
    here = int(published[:4]) if published and published[:4].isdigit() else None
    title = article.title or next((s.text for s in document.sentences if s.kind is Kind.TITLE), "")
    if here is None:
        here = _estimated_year(whole)
    seen = view(title)
    times = scan_times(title, seen, here)
    terms = [t for t in times if t.role in {"until", "in"} and not t.exact and t.iso]
    digital = DIGITAL_PAGE.search(whole) is not None
    page = Page(
        here, published, read_convention(article.text), None, terms[-1] if terms else None,
        digital or DIGITAL.search(seen) is not None,
    )  # fmt: skip
    return replace(page, mood=_genre(seen, terms, page))


def _estimated_year(whole: str) -> int | None:
    """Return the latest year of a full date of a page that has no date of publication."""
    times = scan_times("", whole[:_HEAD_CHARS], None)
    years = [t.year for t in times if t.exact and t.role == "since" and t.year is not None]
    return max(years, default=None)


def _genre(seen: str, terms: list[TimeMention], page: Page) -> Status | None:
    """Read the genre of an article from its title (R7)."""
    if REVIEW.search(seen):
        return None if PLAN.search(seen) else Status.RESULT
    if PLAN.search(seen) or any(is_ahead(t, page) for t in terms):
        return Status.TARGET
    return None


def is_ahead(mention: TimeMention, page: Page) -> bool:
    """True if a time lies ahead of the page; without a date of the page, if it is a term's end."""
    if mention.iso is None:
        return False
    if page.here is None:
        return (mention.role == "until" and not mention.exact) or _is_long(mention)
    return _compare(mention, page) > 0


def _is_long(mention: TimeMention) -> bool:
    if mention.period is None:
        return False
    first, last = mention.period.split("-")
    return int(last) - int(first) > 1


def is_past(mention: TimeMention, page: Page) -> bool:
    """True if a time had ended when the page was published."""
    return mention.iso is not None and page.here is not None and _compare(mention, page) < 0


def _compare(mention: TimeMention, page: Page) -> int:
    """Compare a time with the date of the page as exactly as both are known; 0 is unknown."""
    iso = mention.iso or ""
    year = mention.year or 0
    if page.here is None or year != page.here:
        return year - (page.here or year)
    today = page.today or ""
    if len(iso) < 7 or len(today) < 7 or not iso[5].isdigit():  # noqa: PLR2004 - year and month
        return 0
    size = min(len(iso), len(today))
    if iso[:size] == today[:size]:
        return -1 if mention.role in {"until", "as_of"} else 0
    return 1 if iso[:size] > today[:size] else -1


# --- the rules, first one decides ---------------------------------------------------------------


def judge(
    scene: Scene, position: int, page: Page, state: State, before: Sequence[Verdict]
) -> Verdict:
    """Apply R1 to R8 to the quantity at a position; `before` are the verdicts of its sentence."""
    seen = scene.seen
    quantity = scene.quantities[position]
    if is_gap(seen, quantity.number_start, quantity.end):
        return Verdict(None, "gap")
    if is_quota(seen, quantity.start, quantity.end):
        return Verdict(Status.TARGET, "quota_noun")
    low = segment_bounds(seen, quantity.start)
    strong = nearest(scene.markers, STRONG, low, quantity.start)
    if strong is not None:
        return _observed(scene, strong) or by_marker(strong)
    return (
        _measured_against_quota(scene, position)
        or _by_term(scene, position, page)
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


def _measured_against_quota(scene: Scene, position: int) -> Verdict | None:
    """Take the number that a quota follows in the same clause as what was reached."""
    if position + 1 >= len(scene.quantities):
        return None
    here, following = scene.quantities[position], scene.quantities[position + 1]
    between = scene.seen[here.end : following.start]
    if ";" in between or not is_quota(scene.seen, following.start, following.end):
        return None
    return Verdict(Status.RESULT, "measured_against_quota")


def _by_term(scene: Scene, position: int, page: Page) -> Verdict | None:
    mention = bind(scene.seen, scene.times, scene.quantities, position)
    if mention is None:
        return None
    if is_ahead(mention, page):
        return Verdict(Status.TARGET, "term_ahead")
    if is_past(mention, page):
        return Verdict(Status.RESULT, "term_past")
    return None


def _by_comparison(scene: Scene, quantity: Quantity, state: State) -> Verdict | None:
    """Read "so với cùng kỳ", "so với năm 2019" behind a change as a report (R3)."""
    high = min(len(scene.seen), quantity.end + 48)
    if state.mood is Status.TARGET or not _COMPARED.search(scene.seen, quantity.end, high):
        return None
    return Verdict(Status.RESULT, "compared_with_before")


def _by_weak_marker(scene: Scene, quantity: Quantity, low: int, state: State) -> Verdict | None:
    weak = nearest(scene.markers, WEAK, low, quantity.start)
    if weak is None:
        return None
    aimed = state.mood is Status.TARGET or state.block_mood is Status.TARGET
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
            return replace(verdict, own=False)
    if state.block_mood is not None:
        return Verdict(state.block_mood, "sentence_before", own=False)
    if state.mood is not None:
        rule = "list_lead_in" if state.lead_in else state.mood_rule
        return Verdict(state.mood, rule, own=False)
    return Verdict(Status.RESULT, "stated_without_aim", own=False)


# --- what a sentence leaves behind ----------------------------------------------------------------


def listen(
    seen: str,
    markers: Sequence[Marker],
    times: Sequence[TimeMention],
    verdicts: Sequence[Verdict],
    page: Page,
    state: State,
) -> None:
    """Let a sentence set the mood of what follows it (R5, R6)."""
    aims = [m for m in markers if m.kind == "aim"]
    own = [v for v in verdicts if v.own and v.rule != "quota_noun"]
    if own:
        lasting = any(v.rule.startswith(("aim_marker", "term_ahead")) for v in own)
        state.block_mood = own[-1].status
        if own[-1].status is Status.RESULT:
            state.mood, state.mood_rule = Status.RESULT, "sentence_before"
        elif lasting:
            state.mood, state.mood_rule = Status.TARGET, "sentence_before"
    elif not verdicts:
        ahead = any(is_ahead(t, page) for t in times if t.role in {"until", "in"})
        _listen_to_words(seen, aims, [m for m in markers if m.kind == "result"], state, ahead=ahead)


def _listen_to_words(
    seen: str, aims: list[Marker], results: list[Marker], state: State, *, ahead: bool
) -> None:
    last_aim = max((m.start for m in aims), default=-1)
    last_result = max((m.start for m in results), default=-1)
    if last_result > last_aim and not ahead:
        state.mood, state.mood_rule = Status.RESULT, "sentence_before"
    elif last_aim >= 0 or ahead or PLAN.search(seen):
        state.mood, state.mood_rule = Status.TARGET, "sentence_before"


def remember(scene: Scene, page: Page, state: State) -> None:
    """Keep the last term of a sentence for the numbers that follow it."""
    for mention in binding_times(scene.times, 0, _FAR):
        if mention.role != "as_of" or is_ahead(mention, page):
            state.past_term = mention
            if not is_past(mention, page) and state.mood is not Status.RESULT:
                state.term = mention
