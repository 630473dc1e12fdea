"""Bytes to text: UTF-8 first, then what a byte order mark, a declaration or a detector says."""

from __future__ import annotations

import codecs
import re
import unicodedata
from typing import TYPE_CHECKING

from pipeline.ingest.legacy import from_legacy
from pipeline.ingest.mojibake import is_well_written, repair

if TYPE_CHECKING:
    from charset_normalizer import CharsetMatch

_DECLARED = re.compile(rb"""charset\s*=\s*["']?\s*([A-Za-z0-9_:.-]+)""", re.IGNORECASE)
_HEAD_BYTES = 2048
_MARKS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_CANDIDATES = ["utf_8", "utf_16", "cp1258", "cp1252"]
_PYTHON_ONLY = frozenset({"idna", "punycode", "raw-unicode-escape", "undefined", "unicode-escape"})
_FONTS = "cp1252"
_MOST_CONTROL_SHARE = 0.01
_CONTROL_BYTES = bytes(c for c in range(32) if c not in {9, 10, 12, 13, 27})
_OTHER_BYTES = bytes(set(range(256)) - set(_CONTROL_BYTES))
_CONTROL = re.compile(f"[{_CONTROL_BYTES.decode()}]")


class UndecodableError(ValueError):
    """The bytes are no text in any encoding that we know."""


def decode(data: bytes) -> str:
    """Return the text of a file, in NFC, mojibake repaired where it can be proved.

    Tries a byte order mark, UTF-16 without a mark, strict UTF-8, the old font encodings TCVN3 and
    VNI, the charset that the page declares, then a detector limited to the encodings of Vietnamese
    pages (windows-1258, 1252).

    Raises:
        UndecodableError: The bytes are binary data.

    >>> decode("Chuyển đổi số".encode("utf-16"))
    'Chuyển đổi số'
    >>> decode("Chuyển đổi số".encode().decode("latin-1").encode())
    'Chuyển đổi số'
    """
    text = _decode(data)
    if is_well_written(text):
        return text  # as nine of ten
    return unicodedata.normalize("NFC", repair(from_legacy(text)))


def encoding_of(head: bytes) -> str:
    """Return the encoding of a file by its first bytes, for reading it as a stream.

    Raises:
        UndecodableError: The bytes are binary data.

    >>> encoding_of("tiêu đề;nội dung".encode()), encoding_of("tiêu đề".encode("utf-16"))
    ('utf-8', 'utf-16')
    """
    for mark, name in _MARKS:
        if head.startswith(mark):
            return name
    if b"\0" in head[:_HEAD_BYTES]:
        return _utf16_order(head)
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        pass
    else:
        return "utf-8"
    if _font_encoded(head) is not None:
        return _FONTS
    best = _detected(head)
    if best is None:
        message = "it is binary data or text in an unknown encoding"
        raise UndecodableError(message)
    return best.encoding


def _decode(data: bytes) -> str:
    for mark, name in _MARKS:
        if data.startswith(mark):
            return _strict(data, name)
    if b"\0" in data[:_HEAD_BYTES]:
        return _checked(_strict(data, _utf16_order(data)))
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        pass
    else:
        return _checked(text) if data.translate(None, _OTHER_BYTES) else text
    font_encoded = _font_encoded(data)
    if font_encoded is not None:
        return _checked(font_encoded)
    declared = _as_declared(data)
    if declared is not None:
        return _checked(declared)
    best = _detected(data)
    if best is None:
        message = "it is binary data or text in an unknown encoding"
        raise UndecodableError(message)
    return _checked(str(best))


def _as_declared(data: bytes) -> str | None:
    """Decode with the charset that a page declares, if that fits."""
    declared = _DECLARED.search(data[:_HEAD_BYTES])
    if declared is None:
        return None
    try:
        name = codecs.lookup(declared[1].decode("ascii")).name
        return None if name in _PYTHON_ONLY else data.decode(name)
    except (UnicodeDecodeError, LookupError):
        return None


def _font_encoded(data: bytes) -> str | None:
    """Return the codes of a text in TCVN3 or VNI as letters of windows-1252, else None."""
    try:
        text = data.decode(_FONTS)
    except UnicodeDecodeError:
        return None
    return None if from_legacy(text) is text else text


def _detected(data: bytes) -> CharsetMatch | None:
    from charset_normalizer import from_bytes  # noqa: PLC0415 - seldom needed

    return from_bytes(data, cp_isolation=_CANDIDATES).best()


def _utf16_order(data: bytes) -> str:
    head = data[:_HEAD_BYTES]
    return "utf-16-le" if head[1::2].count(0) >= head[::2].count(0) else "utf-16-be"


def _strict(data: bytes, name: str) -> str:
    try:
        return data.decode(name)
    except UnicodeDecodeError as error:
        message = f"it is binary data, not text ({name} does not fit)"
        raise UndecodableError(message) from error


def _checked(text: str) -> str:
    """Refuse text that is mostly control characters: a binary file under a text name."""
    if len(_CONTROL.findall(text)) > _MOST_CONTROL_SHARE * len(text):
        message = "it is binary data, not text"
        raise UndecodableError(message)
    return text
