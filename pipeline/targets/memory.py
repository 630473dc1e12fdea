"""What the sentences before a number leave behind: mood and term (R5, R6).

Most sentences of a page are never asked. So a sentence that is passed is only noted down, and
what it leaves behind is worked out when a number asks, backwards and no further than the first
sentence that gives an answer. Each answer is kept, so a page costs at most one pass.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pipeline.records import Status
from pipeline.targets.deadlines import TimeMention, scan_times
from pipeline.targets.numerals import has_number
from pipeline.targets.page import Page, is_ahead, is_past
from pipeline.targets.status import Marker, Verdict, nearest, scan_markers, speaks_of_plan
from pipeline.targets.terms import binding_times

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.records import Document

_FAR = 10_000
_LASTING = frozenset({"aim", "result"})
_AIMS = frozenset({"aim", "clause_aim", "weak_aim"})
_Mood = tuple[Status | None, str]
_Terms = tuple[TimeMention | None, TimeMention | None]
_BEFORE = "sentence_before"


@dataclass(slots=True)
class Heard:
    """A sentence that was passed; its times count only if it holds a number.

    `verdicts` are those of its own numbers. What was not read on the way is read when needed;
    `numbered` says that it is known to hold a number.
    """

    text: str
    seen: str
    numbered: bool = False
    verdicts: Sequence[Verdict] = ()
    times: Sequence[TimeMention] | None = None
    markers: Sequence[Marker] | None = None
    mood: _Mood | None = None
    terms: _Terms | None = None


@dataclass(slots=True)
class State:
    """What the walk carries from sentence to sentence; the page is read when first asked for."""

    document: Document
    whole: str
    heard: list[Heard] = field(default_factory=list)
    lead_in: bool = False
    block_mood: Status | None = None
    speaks_of_all: bool = False
    _at: int = 0
    _block: int = -1
    _page: Page | None = None

    def arrive(self, position: int) -> None:
        """Come to a sentence that may be read: those passed on the way are noted down.

        With a new paragraph, what held for one clause of the last one is forgotten.
        """
        *passed, here = self.document.sentences[self._at : position + 1]
        self._at = position
        for sentence in passed:
            if not sentence.kind.is_furniture:
                self.listen(Heard(sentence.text, self.whole[sentence.start : sentence.end]))
        self.lead_in = bool(self.heard) and self.heard[-1].seen.rstrip().endswith((":", "："))
        if here.block != self._block:
            self._block = here.block
            self.block_mood = None

    def leave(self) -> None:
        """Go on behind a sentence that was read: it noted itself down."""
        self._at += 1

    def may_aim(self, position: int) -> bool:
        """Tell whether a count of a sentence may be aimed at: by its own words or by others."""
        self.arrive(position)
        here = self.document.sentences[position]
        seen = self.whole[here.start : here.end]
        return (
            any(marker.kind in _AIMS for marker in scan_markers(seen))
            or any(is_ahead(t, self.page) for t in scan_times(here.text, seen, self.page.here))
            or Status.TARGET in {self.block_mood, self.mood}
        )

    @property
    def page(self) -> Page:
        """What holds for the whole page."""
        if self._page is None:
            self._page = Page(self.document, self.whole)
        return self._page

    @property
    def mood(self) -> Status | None:
        """The mood that the page and the sentences so far set."""
        return self._mood_after(len(self.heard))[0]

    @property
    def mood_rule(self) -> str:
        """The rule that set the mood."""
        return self._mood_after(len(self.heard))[1]

    @property
    def term(self) -> TimeMention | None:
        """The last term of the sentences so far that can still bind a target."""
        return self._terms_after(len(self.heard))[0]

    @property
    def past_term(self) -> TimeMention | None:
        """The last term of the sentences so far, past or not."""
        return self._terms_after(len(self.heard))[1]

    def listen(self, heard: Heard) -> None:
        """Note a sentence down; verdicts of its own numbers set the mood of its paragraph."""
        self.heard.append(heard)
        if heard.verdicts and (own := _own(heard.verdicts)):
            self.block_mood = own[-1].status

    def _mood_after(self, count: int) -> _Mood:
        """Return the mood behind the first `count` sentences."""
        at = count
        while at and self.heard[at - 1].mood is None:
            set_here = _mood_set_by(self.heard[at - 1], self.page)
            if set_here is not None:
                self.heard[at - 1].mood = (set_here, _BEFORE)
                break
            at -= 1
        mood = self.heard[at - 1].mood if at else None
        mood = mood or (self.page.mood, "genre_of_the_title")
        for heard in self.heard[at:count]:
            heard.mood = mood
        return mood

    def _terms_after(self, count: int) -> _Terms:
        """Return the terms behind the first `count` sentences: open, and past or open."""
        at = count
        while at and self.heard[at - 1].terms is None:
            at -= 1
        terms = (self.heard[at - 1].terms if at else None) or (None, None)
        for index in range(at, count):
            terms = self.heard[index].terms = self._terms_set_by(index, terms)
        return terms

    def _terms_set_by(self, index: int, terms: _Terms) -> _Terms:
        """Keep the last term of a sentence for the numbers that follow it."""
        term, past_term = terms
        for mention in binding_times(_times(self.heard[index], self.page), 0, _FAR):
            if mention.role != "as_of" or is_ahead(mention, self.page):
                past_term = mention
                over = is_past(mention, self.page)
                if not over and self._mood_after(index + 1)[0] is not Status.RESULT:
                    term = mention
        return term, past_term


def _own(verdicts: Sequence[Verdict]) -> list[Verdict]:
    return [v for v in verdicts if v.own and v.rule != "quota_noun"]


def _times(heard: Heard, page: Page) -> Sequence[TimeMention]:
    if heard.times is None:
        found = scan_times(heard.text, heard.seen, page.here)
        # Most sentences hold no time: that is sooner told than whether one holds a number.
        heard.times = found if found and (heard.numbered or has_number(heard.seen)) else ()
    return heard.times


def _mood_set_by(heard: Heard, page: Page) -> Status | None:
    """Return the mood that a sentence sets for what follows it, or None (R5, R6)."""
    own = _own(heard.verdicts)
    if own:
        if own[-1].status is Status.RESULT:
            return Status.RESULT
        lasting = any(v.rule.startswith(("aim_marker", "term_ahead")) for v in own)
        return Status.TARGET if lasting else None
    return None if heard.verdicts else _mood_of_words(heard, page)


def _mood_of_words(heard: Heard, page: Page) -> Status | None:
    markers = scan_markers(heard.seen) if heard.markers is None else heard.markers
    last = nearest(markers, _LASTING, 0, len(heard.seen))
    if last is not None and last.kind == "aim":
        return Status.TARGET
    for time in _times(heard, page):
        if time.role in {"until", "in"} and is_ahead(time, page):
            return Status.TARGET
    if last is not None:
        return Status.RESULT
    return Status.TARGET if speaks_of_plan(heard.seen) else None
