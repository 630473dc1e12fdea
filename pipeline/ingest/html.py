"""The article in a web page: trafilatura, with a rescue of the lede.

trafilatura drops the lede (sapô) of Vietnamese papers when it lies outside the container of the
article, and the lede is where the target number usually sits. We look it up by the class names
that papers use, then in the page's description, and put it back in front of the body.
"""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass

import trafilatura
from lxml import etree
from lxml import html as lxml_html
from trafilatura.settings import Document

from pipeline.orthography import fold

# It reports every page without text as an error; we tell that in a reject.
logging.getLogger("trafilatura").setLevel(logging.CRITICAL)

_LEDE_CLASS = re.compile(
    r"(?:^|[\s_-])(?:sapo|lead|lede|description|summary|chapeau)(?:$|[\s_-])", re.IGNORECASE
)
_META_DESCRIPTION = (
    "//meta[@property='og:description']/@content | //meta[@name='description']/@content"
)
_LEAST_LEDE, _MOST_LEDE = 40, 1200
_BLANKS = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Page:
    """What a page holds: text with one paragraph a line, and what its metadata says."""

    text: str
    title: str | None
    published: str | None
    source: str | None
    url: str | None


def extract(html: str, url: str | None = None) -> Page | None:
    r"""Return the article of a page, or None if it holds none.

    Args:
        html: The page, decoded.
        url: Its address, if known; helps to find the date.

    >>> page = extract('''<html><head><title>Xã Na Ư</title></head><body><h1>Xã Na Ư</h1>
    ... <p class="sapo">Xã Na Ư phấn đấu 90% hộ dân có Internet vào năm 2026.</p>
    ... <article><p>Sáng nay, các thôn bàn cách làm trong mùa mưa tới, từ bản gần đến bản xa.</p>
    ... <p>Bà con ở bản xa mong có sóng khoẻ để con em học hành, buôn bán thuận tiện.</p></article>
    ... </body></html>''')
    >>> page.text.split("\n")[0]
    'Xã Na Ư phấn đấu 90% hộ dân có Internet vào năm 2026.'
    """
    found = trafilatura.bare_extraction(
        html,
        url=url,
        with_metadata=True,
        include_comments=False,
        include_tables=True,
        # An extensive search takes "năm 2026" in the text for the day of publication.
        date_extraction_params={"extensive_search": False},
    )
    if not isinstance(found, Document) or not (found.text or "").strip():
        return None
    paragraphs = [line for line in str(found.text).split("\n") if line.strip()]
    return Page(
        text="\n\n".join(_with_lede(html, paragraphs, found.title)),
        title=found.title,
        published=found.date,
        source=found.sitename or found.hostname,
        url=found.url or url,
    )


def _squeeze(text: str) -> str:
    return _BLANKS.sub("", fold(text))


def _with_lede(html: str, paragraphs: list[str], title: str | None) -> list[str]:
    """Put the lede first: added if the extraction dropped it, moved if it came elsewhere."""
    try:
        tree = lxml_html.fromstring(html)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return paragraphs
    known = [_squeeze(paragraph) for paragraph in paragraphs]
    for candidate in _ledes(tree):
        lede = _BLANKS.sub(" ", candidate).strip()
        squeezed = _squeeze(lede)
        if not _LEAST_LEDE <= len(lede) <= _MOST_LEDE or squeezed == _squeeze(title or ""):
            continue
        if squeezed in known:
            at = known.index(squeezed)
            return [paragraphs[at], *paragraphs[:at], *paragraphs[at + 1 :]]
        whole = "".join(known)
        if squeezed in whole or _is_cut_copy(squeezed, whole):
            return paragraphs
        return [lede, *paragraphs]
    return paragraphs


def _ledes(tree: lxml_html.HtmlElement) -> list[str]:
    marked = tree.xpath(
        "//*[self::h2 or self::p or self::div or self::strong or self::span][@class]"
    )
    found = [n.text_content() for n in marked if _LEDE_CLASS.search(n.get("class"))]
    return [str(text) for text in (*found, *tree.xpath(_META_DESCRIPTION))]


def _is_cut_copy(squeezed: str, known: str) -> bool:
    """True if a description is the beginning of the body, cut off with dots."""
    stem = squeezed.rstrip(".…")
    return stem[: max(30, len(stem) - 10)] in known
