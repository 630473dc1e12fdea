"""The characters of a text: one spelling for what looks the same, nothing invisible."""

from __future__ import annotations

import re
import unicodedata

_LINE_ENDS = "\r\v\f\x85\u2028\u2029"
_BLANKS = "\t\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000"
# Controls, soft hyphen, grapheme joiner, zero-width, bidi marks and isolates, byte order mark.
_INVISIBLE = (
    "\0-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e"
    "\u2060-\u2069\ufeff"
)
_SURROGATES = "\ud800-\udfff"
# One class, as a class is searched faster than a choice; few texts hold many of them.
_CHANGED = re.compile(f"[{_LINE_ENDS}{_BLANKS}{_INVISIBLE}{_SURROGATES}Ðð]")
_LETTERS = "\u00a1-\u00ac\u00ae-\u00cf\u00d1-\u00ef\u00f1-\u02ff\u1ea0-\u1ef9"
_ORDINARY = re.compile(f"[\n -~{_LETTERS}\u2010-\u2027\u2030-\u203e]*+")
"""Characters that neither `_CHANGED` nor NFC changes; nearly all texts hold no others."""
_KINDS = tuple(
    (re.compile(f"[{characters}]"), instead)
    for characters, instead in (
        (_LINE_ENDS, "\n"),
        (_BLANKS, " "),
        (_INVISIBLE, ""),
        (_SURROGATES, "\ufffd"),
        ("Ð", "Đ"),
        ("ð", "đ"),
    )
)


def normalise(text: str) -> str:
    r"""Return the text in NFC with line feeds, plain blanks and no invisible characters.

    Lone surrogates, which no file can hold, become the replacement character. Eth becomes the
    Vietnamese đ. Doing it twice changes nothing, and NFD input gives the result of NFC.

    >>> normalise("Ðà Nẵng\u00a0\u200bsố\r\nhóa\x00")
    'Đà Nẵng số\nhóa'
    """
    text = text.replace("\u00a0", " ")  # all that must change in many texts, and soon done
    if _ORDINARY.fullmatch(text):
        return text
    return unicodedata.normalize("NFC", _CHANGED.sub(_instead, text.replace("\r\n", "\n")))


def _instead(match: re.Match[str]) -> str:
    """Return what stands for a character."""
    return next(instead for kind, instead in _KINDS if kind.match(match[0]))
