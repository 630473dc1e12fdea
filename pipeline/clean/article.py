"""`clean_all`: raw records with their plain text become an `Article` each."""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace
from typing import TYPE_CHECKING

from pipeline.clean.normalise import normalise
from pipeline.clean.pieces import Piece, read_pieces
from pipeline.clean.roles import assign_roles
from pipeline.clean.wraps import join_wraps
from pipeline.records import Article, Block, Kind

if TYPE_CHECKING:
    from collections.abc import Sequence

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
    return clean_all([replace(raw, text=text)])[0]


def clean_all(raws: Sequence[RawArticle]) -> list[Article]:
    """Return what `clean_article` makes of each of some articles with text, in less time.

    Each step is taken for all of them before the next, so that its code stays at hand.
    """
    titles = [_one_line(raw.title) for raw in raws]
    plain = [normalise(raw.text or "") for raw in raws]
    texts = [join_wraps(text) for text in plain]
    pages = [read_pieces(text, title) for text, title in zip(texts, titles, strict=True)]
    assign_roles(pages, titles)
    return [_article(*each) for each in zip(raws, titles, texts, pages, strict=True)]


def _article(raw: RawArticle, title: str | None, text: str, pieces: list[Piece]) -> Article:
    """Return the article of a record, its cleaned text and the parts of its page."""
    return Article(
        id=raw.id or _content_id(raw),
        path=raw.path,
        text=text,
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


def _content_id(raw: RawArticle) -> str:
    """Return the id of a record that brings none: a hash of what it says."""
    parts = (raw.source, raw.url, raw.title, raw.text)
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
