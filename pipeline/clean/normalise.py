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
# One class, as a class is searched faster than a choice of classes; few texts hold many of them.
_CHANGED = re.compile(f"\r\n|[{_LINE_ENDS}{_BLANKS}{_INVISIBLE}{_SURROGATES}Ðð]")
_PRINTABLE = "\u034fÐð"
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
    if not _needs_no_change(text):
        text = _CHANGED.sub(_instead, text)
    return unicodedata.normalize("NFC", text)


def _needs_no_change(text: str) -> bool:
    """Tell by the fastest looks there are that `_CHANGED` matches nothing, as in most texts.

    All that it matches is not printable, but for three letters.
    """
    line = text.replace("\n", "")
    return line.isprintable() and not any(map(line.__contains__, _PRINTABLE))


def _instead(match: re.Match[str]) -> str:
    """Return what stands for a character, or for a carriage return with its line feed."""
    return next(instead for kind, instead in _KINDS if kind.match(match[0]))
