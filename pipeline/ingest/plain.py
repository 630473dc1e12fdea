"""Strings of unknown origin made harmless for tables, terminals and JSON."""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pipeline.records import RawArticle

_SEQUENCE = re.compile(
    r"\x1b(?:\[[0-?]{0,64}[ -/]{0,8}[@-~]|\][^\x07\x1b]{0,2000}(?:\x07|\x1b\\)|.?)"
)
_CONTROL = re.compile(r"[\0-\x08\x0b-\x1f\x7f-\x9f]")
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_LONGEST_ID = 200


def without_escapes(text: str) -> str:
    r"""Drop terminal sequences and NULs, and put U+FFFD for lone surrogates.

    >>> without_escapes("\x1b[31mđỏ\x1b[0m \x1b]0;tên\x07cửa sổ\0 \ud800")
    'đỏ cửa sổ \ufffd'
    """
    if "\x1b" in text:
        text = _SEQUENCE.sub("", text)
    text = text.replace("\0", "")
    try:
        text.encode()  # the fastest look for them
    except UnicodeEncodeError:
        return _SURROGATE.sub("\ufffd", text)
    return text


def one_line(text: str) -> str:
    r"""Return a field that belongs on one line: no control characters, blanks squeezed.

    >>> one_line(" Báo\r\n\x07 Minh  Hà ")
    'Báo Minh Hà'
    """
    if text.isprintable():
        return " ".join(text.split())
    return " ".join(_CONTROL.sub(" ", without_escapes(text)).split())


def article_id(given: str) -> str:
    r"""Return an id fit for a key: one line, and a hash in place of one that is too long.

    >>> article_id("../../etc/passwd\n"), article_id("x" * 10_000)
    ('../../etc/passwd', 'e4ee97ec252749d2')
    """
    text = one_line(given)
    if len(text) <= _LONGEST_ID:
        return text
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def plain(row: RawArticle) -> RawArticle:
    """Return the article with every field but its text and title on one line and printable."""
    return replace(
        row,
        url=one_line(row.url) if row.url else None,
        source=one_line(row.source) if row.source else None,
        title=without_escapes(row.title) if row.title else None,
        published=one_line(row.published) if row.published else None,
        text=None if row.text is None else without_escapes(row.text),
        html=None if row.html is None else without_escapes(row.html),
        riders=tuple((one_line(k), without_escapes(v)) for k, v in row.riders),
    )
