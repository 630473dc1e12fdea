"""From a load to an article with plain text, in whichever process."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from pipeline.ingest.dates import iso_date
from pipeline.ingest.encoding import UndecodableError, decode
from pipeline.ingest.legacy import SEPARATOR, from_legacy, page_from_legacy
from pipeline.ingest.limits import Limits
from pipeline.ingest.plain import without_escapes
from pipeline.records import RawArticle, Reject

if TYPE_CHECKING:
    from pipeline.ingest.loads import Load

STAGE = "ingest"
_DEFAULTS = Limits()


def read_article(load: Load, limits: Limits = _DEFAULTS) -> RawArticle | Reject:
    """Decode a load and extract its text: the article it gives has `text` set.

    >>> from pipeline.ingest.loads import Load
    >>> read_article(Load("a.txt", "", page="Xã Na Ư".encode())).text
    'Xã Na Ư'
    >>> read_article(Load("a.txt", "", page=bytes(range(255)))).reason
    'it is binary data, not text (utf-16-be does not fit)'
    """
    raw = load.row
    if raw is None:
        raw = _decoded(load)
    if isinstance(raw, Reject):
        return raw
    reject = partial(Reject, raw.path, raw.record, STAGE)
    if raw.html is not None:
        from pipeline.ingest.html import extract  # noqa: PLC0415 - trafilatura takes a second

        page = extract(page_from_legacy(raw.html), raw.url)
        if page is None:
            return reject("the page holds no article text")
        raw = replace(
            raw,
            html=None,
            text=page.text,
            title=raw.title or page.title,
            published=raw.published or page.published,
            source=raw.source or page.source,
            url=raw.url or page.url,
        )
    text = raw.text or ""
    if not text.strip():
        return reject("the article is empty")
    if len(text) > limits.text_characters:
        return reject(f"the article is longer than {limits.text_characters} characters")
    published = iso_date(raw.published) if raw.published else None
    return replace(_in_unicode(raw), id=load.id or raw.id, published=published)


def _in_unicode(raw: RawArticle) -> RawArticle:
    """Convert text, title, source and riders from TCVN3 or VNI together: the text proves it."""
    names = [name for name, _ in raw.riders]
    fields = [raw.text or "", raw.title or "", raw.source or "", *(said for _, said in raw.riders)]
    whole = SEPARATOR.join(fields)
    converted = from_legacy(whole)
    if converted is whole:
        return raw
    text, title, source, *riders = converted.split(SEPARATOR)
    told = tuple(zip(names, riders, strict=True))
    return replace(raw, text=text, title=title or None, source=source or None, riders=told)


def _decoded(load: Load) -> RawArticle | Reject:
    try:
        text = without_escapes(decode(load.page or b""))
    except UndecodableError as error:
        return Reject(load.path, load.record, STAGE, str(error))
    article = partial(RawArticle, path=load.path, record=load.record, url=load.url)
    if load.form == "html" or text.lstrip()[:15].lower().startswith(("<!doctype html", "<html")):
        return article(html=text)
    return article(text=text)
