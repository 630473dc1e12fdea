"""What holds for a whole page: its date, how it writes numbers, its genre and its term (R7)."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from pipeline.records import Kind, Status
from pipeline.targets.deadlines import TimeMention, names_span_of_years, scan_times
from pipeline.targets.levels import is_digital, is_digital_page
from pipeline.targets.lexical import late, view
from pipeline.targets.numerals import Convention
from pipeline.targets.status import PLAN, REVIEW

if TYPE_CHECKING:
    from pipeline.records import Document

_HEAD_CHARS = 3000
_MARKED = "|".join(
    rf"(?<=[/.-]{day}{mark}....)" for day in (r"\d", r"\d\d") for mark in (r"[/.-]", r"\\[/.]")
)
# Every date with its year, seen from the year: a search for its century is the fastest.
_FULL_DATES = [
    *(late(rf"{century}\d\d(?:{_MARKED})") for century in ("20", "19")),
    late(r"ngày +\d{1,2} *tháng +\d{1,2}[ ,/-]*(?:năm *)?(?:19|20)\d\d"),
]


class Page:
    """What holds for a whole document: the time it speaks from, its numbers, its genre.

    Each is read when it is first asked for: most pages are asked for little.
    """

    def __init__(self, document: Document, whole: str) -> None:
        """Take a document and the view of its text."""
        self._document = document
        self._whole = whole
        self.convention = Convention(document.article.text)

    @property
    def today(self) -> str | None:
        """The date of publication, if it is known."""
        return self._document.article.published

    @cached_property
    def here(self) -> int | None:
        """The year the page speaks from."""
        published = self.today
        if published and published[:4].isdigit():
            return int(published[:4])
        return _estimated_year(self._whole)

    @cached_property
    def mood(self) -> Status | None:
        """The status that the genre of the page gives its numbers."""
        return _genre(self._title, self._terms, self)

    @property
    def term(self) -> TimeMention | None:
        """The term that the title names."""
        return self._terms[-1] if self._terms else None

    @cached_property
    def digital(self) -> bool:
        """True if the page speaks of digital transformation."""
        return is_digital_page(self._whole) or is_digital(self._title)

    @cached_property
    def spans_years(self) -> bool:
        """True if the page or its title names a span of years: no other time has a period."""
        return names_span_of_years(self._whole) or names_span_of_years(self._title)

    @cached_property
    def _title(self) -> str:
        document = self._document
        title = document.article.title
        return view(title or next((s.text for s in document.sentences if s.kind is Kind.TITLE), ""))

    @cached_property
    def _terms(self) -> list[TimeMention]:
        times = scan_times(self._title, self._title, self.here)
        return [t for t in times if t.role in {"until", "in"} and not t.exact and t.iso]


def _estimated_year(whole: str) -> int | None:
    """Return the latest year of a full date of a page that has no date of publication."""
    head = whole[:_HEAD_CHARS]
    if not any(date.search(head) for date in _FULL_DATES):
        return None
    times = scan_times("", head, None)
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
