"""`clean_article`: the raw record and its plain text become an `Article`."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING

from pipeline.clean.normalise import normalise
from pipeline.clean.pieces import Piece, read_pieces
from pipeline.clean.roles import assign_roles
from pipeline.clean.wraps import join_wraps
from pipeline.records import Article, Block, Kind

if TYPE_CHECKING:
    from pipeline.records import RawArticle

_ID_DIGITS = 16
_ISO_DATE = re.compile(r"(?:19|20)\d{2}(?:-\d{2}(?:-\d{2})?)?(?![\d-])")
_PAGE_DATE = re.compile(
    r"(?<!\d)(?:(?P<day>\d{1,2})[/.-](?P<month>\d{1,2})[/.-](?P<year>(?:19|20)\d{2})"
    r"|(?P<iso>(?:19|20)\d{2}-\d{2}(?:-\d{2})?))(?!\d)"
)
_DAYS, _MONTHS = 31, 12


def clean_article(raw: RawArticle, text: str) -> Article:
    r"""Return the article with its cleaned text and the parts of its page.

    The text is that of the page: furniture stays in it and is known by the kind of its block. A
    title that does not occur in the text is not added to it.

    Args:
        raw: The record as it was read.
        text: Its plain text, or the text taken from its HTML.

    >>> from pipeline.records import RawArticle
    >>> page = "09/10/2023 14:20\nXã Minh An mở lớp số\n\nSáng nay, xã mở lớp.\n\nKIM CHI"
    >>> article = clean_article(RawArticle("a.txt", text=page), page)
    >>> for block in article.blocks:
    ...     print(block.kind, article.text[block.start : block.end], sep=": ")
    meta: 09/10/2023 14:20
    title: Xã Minh An mở lớp số
    lead: Sáng nay, xã mở lớp.
    byline: KIM CHI
    >>> article.title, article.published
    ('Xã Minh An mở lớp số', '2023-10-09')
    """
    title = _one_line(raw.title)
    cleaned = join_wraps(normalise(text))
    pieces = read_pieces(cleaned, title)
    assign_roles(pieces, title)
    return Article(
        id=raw.id or _content_id(raw, text),
        path=raw.path,
        text=cleaned,
        blocks=tuple([Block(p.start, p.start + len(p.text), p.kind or Kind.BODY) for p in pieces]),
        record=raw.record,
        url=raw.url,
        source=raw.source,
        title=title or next((p.text for p in pieces if p.kind is Kind.TITLE), None),
        published=_published(raw.published, pieces),
        riders=raw.riders,
    )


def _one_line(title: str | None) -> str | None:
    """Return the title on one line, or None if it has no words."""
    return " ".join(normalise(title).split()) or None if title else None


def _content_id(raw: RawArticle, text: str) -> str:
    """Return the id of a record that brings none: a hash of what it says."""
    parts = (raw.source, raw.url, raw.title, text)
    content = "\0".join(part or "" for part in parts)
    digest = hashlib.sha256(content.encode("utf-8", "surrogatepass"))
    return digest.hexdigest()[:_ID_DIGITS]


def _published(stated: str | None, pieces: list[Piece]) -> str | None:
    """Return the stated date, or the first date that stands alone on the page, in ISO form."""
    if stated and (iso := _ISO_DATE.match(stated.strip())):
        return iso[0]
    lines = (piece.text for piece in pieces if piece.kind in {Kind.META, Kind.BYLINE})
    for line in (stated or "", *lines):
        match = _PAGE_DATE.search(line)
        if match is None:
            continue
        if match["iso"]:
            return match["iso"]
        day, month = int(match["day"]), int(match["month"])
        if 1 <= day <= _DAYS and 1 <= month <= _MONTHS:
            return f"{match['year']}-{month:02}-{day:02}"
    return None
