"""The characters of a text: one spelling for what looks the same, nothing invisible."""

from __future__ import annotations

import re
import unicodedata

_LINE_ENDS = re.compile("\r\n?|[\v\f\x85\u2028\u2029]")
_BLANKS = re.compile("[\t\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
# Controls, soft hyphen, grapheme joiner, zero-width, bidi marks and isolates, byte order mark.
_INVISIBLE = re.compile(
    "[\0-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e"
    "\u2060-\u2069\ufeff]"
)
_SURROGATES = re.compile("[\ud800-\udfff]")
_LOOKALIKES = re.compile("[Ðð]")


def normalise(text: str) -> str:
    r"""Return the text in NFC with line feeds, plain blanks and no invisible characters.

    Lone surrogates, which no file can hold, become the replacement character. Eth becomes the
    Vietnamese đ. Doing it twice changes nothing, and NFD input gives the result of NFC.

    >>> normalise("Ðà Nẵng\u00a0\u200bsố\r\nhóa\x00")
    'Đà Nẵng số\nhóa'
    """
    text = _LINE_ENDS.sub("\n", text)
    text = _BLANKS.sub(" ", text)
    text = _INVISIBLE.sub("", text)
    text = _SURROGATES.sub("\ufffd", text)
    text = unicodedata.normalize("NFC", text)
    return _LOOKALIKES.sub(lambda m: "Đ" if m[0] == "Ð" else "đ", text)
