"""What holds for a whole page: its date, how it writes numbers, its genre and its term (R7)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pipeline.records import Kind, Status
from pipeline.targets.deadlines import TimeMention, scan_times
from pipeline.targets.levels import is_digital, is_digital_page
from pipeline.targets.lexical import view
from pipeline.targets.numerals import Convention, read_convention
from pipeline.targets.status import PLAN, REVIEW

if TYPE_CHECKING:
    from pipeline.records import Document

_HEAD_CHARS = 3000


@dataclass(frozen=True, slots=True)
class Page:
    """What holds for a whole document: the time it speaks from, its numbers, its genre."""

    here: int | None
    today: str | None
    convention: Convention
    mood: Status | None
    term: TimeMention | None
    digital: bool


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
    digital = is_digital_page(whole)
    page = Page(
        here, published, read_convention(article.text), None, terms[-1] if terms else None,
        digital or is_digital(seen),
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
