"""Text that was decoded by the wrong table, "Chuyá»ƒn" for "Chuyển", repaired by ftfy.

ftfy finds it with one large regular expression, half a microsecond a character, and hardly any
text holds any. All that this expression matches holds two neighbours that never stand side by side
in well-written Vietnamese: a small marked letter before a capital one, a letter before an opening
quote, two symbols. So characters are sorted into classes, and numpy looks each pair of neighbours
up in a table of classes; only a text with a suspicious pair is shown to ftfy. That no match lacks
such a pair is proved in the tests from the expression itself.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

_CODES = 0x10000
_LONGEST_MATCH = 8
_FEW_PLACES = 100
_SUSPECT = b"\1"
_STRANGE = ((0x300, 0x370), (0x200B, 0x2010), (0x2E80, 0xE000))
"""What ftfy never objects to: combining marks, invisible signs, Chinese, halves of emoji.

The class "strange", as ranges of codes, ends left out.
"""
_CLASSES = {
    "blank": " ",
    "mark": "".join(chr(c) for c in range(128) if not chr(c).isalnum() and chr(c) not in "_ "),
    "ascii": "_" + "".join(chr(c) for c in range(128) if chr(c).isalnum()),
    "neutral": "ĩũơưĨŨƠƯ" + "".join(map(chr, range(0x1EA0, 0x1EFA))),
    "small": "àáâãèéêìíăđ",
    "capital": "ÀÁÈÉÊÌÍĂĐÝ",
    "other": "òóôõùúýÒÓÔÕÙÚ",
    "tailed": "ÂÃ",
    "opening": "“‘",
    "closing": "”",
    "dash": "’…–—",
    "no-break": "\u00a0",
    "never": "Œœ" + "".join(map(chr, range(0x80, 0xA0))),
}
"""Every other character is "strange" or a "symbol"."""
_SUSPICIOUS = {
    "symbol": "symbol small capital other tailed opening closing dash no-break",
    "small": "symbol capital tailed opening",
    "capital": "symbol opening closing dash no-break",
    "other": "symbol opening closing dash no-break",
    "tailed": "symbol blank opening closing dash no-break",
    "opening": "symbol closing",
    "closing": "symbol ascii neutral strange small capital other tailed opening closing",
    "dash": "symbol",
    "no-break": "symbol",
}
"""Class → classes that it should not stand before; "never" is suspicious wherever it stands."""
_NAMES = ("symbol", *_CLASSES, "strange")
_CALM = ("blank", "mark", "ascii", "neutral", "small", "other")
"""Classes of which any two may be neighbours."""
_RARE = ("capital", "tailed", "opening", "closing", "dash", "no-break")


def _class_of_codes() -> NDArray[np.uint8]:
    table = np.zeros(_CODES, dtype=np.uint8)
    for number, characters in enumerate(_CLASSES.values(), start=1):
        table[[ord(c) for c in characters]] = number
    for first, end in _STRANGE:
        table[first:end] = _NAMES.index("strange")
    return table


def _suspicious_pairs() -> bytes:
    """Return 1 for a suspicious pair of classes, at its number, else 0."""
    table = np.zeros((len(_NAMES), len(_NAMES)), dtype=np.uint8)
    for first, seconds in _SUSPICIOUS.items():
        for second in seconds.split():
            table[_NAMES.index(first), _NAMES.index(second)] = 1
    never = _NAMES.index("never")
    table[never] = table[:, never] = 1
    return table.tobytes().ljust(256, b"\0")


def _well_written() -> re.Pattern[str]:
    """Return an expression for texts of calm and rare classes without a suspicious pair."""

    def any_of(names: Iterable[str]) -> str:
        return f"[{re.escape(''.join(_CLASSES[name] for name in names))}]"

    end = r"|\Z"  # counts as a blank
    choices = [f"{any_of(_CALM)}++"]
    for name in _RARE:
        behind = [n for n in (*_CALM, *_RARE) if name in _SUSPICIOUS.get(n, "").split()]
        ahead = [n for n in (*_CALM, *_RARE) if n in _SUSPICIOUS.get(name, "").split()]
        choices.append(
            any_of([name])
            + (f"(?<!{any_of(behind)}.)" if behind else "")
            + (f"(?!{any_of(ahead)}{end if 'blank' in ahead else ''})" if ahead else "")
        )
    return re.compile(f"(?:{'|'.join(choices)})*+", re.DOTALL)


_CLASS = _class_of_codes()
_PAIRS = _suspicious_pairs()
_WELL_WRITTEN = _well_written()


def is_well_written(text: str) -> bool:
    """Tell by one look that a text needs no repair, nor NFC, nor is of an old encoding of fonts.

    >>> is_well_written("“Chuyển đổi số”"), is_well_written("Chuyá»ƒn Ä‘á»•i sá»‘")
    (True, False)
    """
    return _WELL_WRITTEN.fullmatch(text) is not None


def repair(text: str) -> str:
    """Undo mojibake where ftfy can prove it; quotes, ligatures and widths stay as they are.

    >>> repair("Chuyá»ƒn Ä‘á»•i sá»‘"), repair("“Chuyển đổi số”")
    ('Chuyển đổi số', '“Chuyển đổi số”')
    """
    places = [] if text.isascii() else suspicious_places(text)
    if not places:
        return text
    import ftfy  # noqa: PLC0415 - seldom needed

    if len(places) < _FEW_PLACES and max(text) < chr(_CODES):  # else places count other units
        windows = (text[max(0, at - _LONGEST_MATCH) : at + _LONGEST_MATCH] for at in places)
        if not any(map(ftfy.is_bad, windows)):
            return text
    return str(ftfy.fix_encoding(text)) if ftfy.is_bad(text) else text


def suspicious_places(text: str) -> list[int]:
    """Return where characters stand that should not follow the ones before them.

    Places count 16 bits each: a character behind the first 65,536 takes two.
    Whatever ftfy objects to holds such a place; the end of the text counts as one behind it.

    >>> suspicious_places("“Sở Y tế: 80%…”"), suspicious_places("sá»‘")
    ([], [2, 3])
    """
    codes = np.frombuffer(f" {text} ".encode("utf-16-le", "surrogatepass"), dtype=np.uint16)
    classes = _CLASS.take(codes, mode="clip")  # faster than by index
    pairs = classes[:-1] * np.uint8(len(_NAMES)) + classes[1:]
    suspicious = pairs.tobytes().translate(_PAIRS)
    if _SUSPECT not in suspicious:
        return []
    places: list[int] = np.flatnonzero(np.frombuffer(suspicious, dtype=np.uint8)).tolist()
    return places
