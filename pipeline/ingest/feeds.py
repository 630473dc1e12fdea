"""Entries of RSS and Atom files."""

from __future__ import annotations

import io
import re
import sys
from email.utils import parsedate_to_datetime
from typing import IO, TYPE_CHECKING, Any

import feedparser

from pipeline.ingest.limits import Limits, megabytes
from pipeline.records import RawArticle, Reject

if TYPE_CHECKING:
    from collections.abc import Iterator

STAGE = "ingest"
_REFERENCE = re.compile(rb"&#(?:[xX]([0-9a-fA-F]+)|([0-9]+))")
_MOST_DIGITS = 7


def read_feed(stream: IO[bytes], path: str, limits: Limits) -> Iterator[RawArticle | Reject]:
    """Read the entries of a feed: full content where the feed has it, else the summary.

    Nothing is fetched and no outside entity is followed.
    """
    data = stream.read(limits.whole_bytes + 1)
    if len(data) > limits.whole_bytes:
        yield Reject(path, None, STAGE, f"is larger than {megabytes(limits.whole_bytes)}")
        return
    try:
        feed = _parse(data)
    except (ValueError, OverflowError) as error:
        yield Reject(path, None, STAGE, f"is too damaged to be read: {error}")
        return
    if not feed.entries:
        told = "holds no entries" if feed.get("version") else "is no RSS or Atom feed"
        yield Reject(path, None, STAGE, told)
        return
    source = feed.get("feed", {}).get("title") or None
    for record, entry in enumerate(feed.entries):
        yield _article(entry, path, record, source)
    if feed.bozo and isinstance(feed.bozo_exception, Exception) and not _is_harmless(feed):
        reason = f"is damaged behind entry {len(feed.entries)}: {feed.bozo_exception}"
        yield Reject(path, len(feed.entries), STAGE, reason)


def _parse(data: bytes) -> Any:  # noqa: ANN401 - feedparser has no types
    """Parse a feed; feedparser raises where a damaged one names a character that is none."""
    if b"&#" in data:
        data = _REFERENCE.sub(_existing, data)
    return feedparser.parse(io.BytesIO(data), sanitize_html=False, resolve_relative_uris=False)


def _existing(reference: re.Match[bytes]) -> bytes:
    r"""Return a reference to a character, U+FFFD for one that does not exist.

    >>> [_existing(found) for found in _REFERENCE.finditer(b"&#00000065; &#xD800; &#99999999999;")]
    [b'&#00000065', b'&#xFFFD', b'&#xFFFD']
    """
    digits, base = (reference[1], 16) if reference[1] else (reference[2], 10)
    digits = digits.lstrip(b"0") or b"0"
    code = int(digits, base) if len(digits) <= _MOST_DIGITS else sys.maxunicode + 1
    exists = 0 < code <= sys.maxunicode and not 0xD800 <= code < 0xE000  # noqa: PLR2004
    return reference[0] if exists else b"&#xFFFD"


def _is_harmless(feed: Any) -> bool:  # noqa: ANN401 - feedparser has no types
    """Tell whether feedparser only frowns at the declared encoding or media type."""
    return isinstance(
        feed.bozo_exception,
        feedparser.exceptions.CharacterEncodingOverride | feedparser.exceptions.NonXMLContentType,
    )


def _article(entry: Any, path: str, record: int, source: str | None) -> RawArticle | Reject:  # noqa: ANN401 - feedparser has no types
    from pipeline.ingest.fragments import fragment_text  # noqa: PLC0415 - lxml, seldom needed

    contents = [c.get("value") or "" for c in entry.get("content", ())]
    html = max((*contents, entry.get("summary") or ""), key=len)
    text = fragment_text(html)
    if not text:
        return Reject(path, record, STAGE, "the entry has no text")
    return RawArticle(
        path=path,
        record=record,
        url=entry.get("link") or None,
        source=source,
        title=fragment_text(entry.get("title") or "") or None,
        published=_day(entry.get("published") or entry.get("updated") or ""),
        text=text,
    )


def _day(stated: str) -> str | None:
    """Return the day as the paper states it, not as it is in Greenwich.

    >>> _day("Fri, 14 Mar 2025 01:00:00 +0700"), _day("2025-03-14T01:00:00+07:00"), _day("")
    ('2025-03-14', '2025-03-14T01:00:00+07:00', None)
    """
    try:
        return parsedate_to_datetime(stated).date().isoformat()
    except (ValueError, TypeError, IndexError):
        return stated or None
