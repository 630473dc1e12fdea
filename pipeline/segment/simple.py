r"""Which chunks are so simple that a short regex cuts them as the library would.

Most chunks are a Latin word or a number, perhaps with marks: "(Nguyễn", "Nam”,", "38,5%.". The
library cuts them into words, numbers and dates, runs of full stops, and single marks; all its other
patterns need letters and digits side by side, a rarer mark, a hyphen, quote or full stop between
letters, two equal marks in a row, or a short form with a capital before a full stop. Its regex
tries thirty patterns at each letter; the short one is many times faster.

A chunk is simple if it is made of Latin letters and harmless marks, or of digits and such marks; no
quote stands between letters, no letter behind a full stop, colons are at the end or before a digit;
a full stop behind a letter comes after a long word in lower case (unlike "Mr."), or the chunk has
no capitals; and there is no "Th_s". A test asks the library about all combinations.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

HARMLESS = '"“”‘()[]{},;?!…/%*|–«»'
QUOTES = "'’"
END = "\n"
"""What stands behind a chunk in a text of chunks."""
SIMPLE = re.compile(
    r"[^\W\d_]+"
    r"|(?=\d)(?:\d{2,}-\d{3,}-\d{3,}"
    r"|\d{1,2}/\d{1,2}/\d+|\d{1,2}/\d{1,4}|\d{1,2}-\d{1,2}-\d+|\d{1,2}-\d{1,4}"
    r"|\d{1,2}\.\d{1,2}\.\d+|\d{4}/\d{1,2}/\d{1,2}|\d{2}:\d{2}:\d{2}"
    r"|\d+(?:\.\d+)+,\d+|\d+(?:\.\d+)+|\d+(?:,\d+)+|\d+)"
    r"|\.{2,}|[^\w ]"
)
"""Cuts simple chunks: words, telephone numbers, dates and times, numbers, runs of full stops,
single marks and what stands behind a chunk."""

_END, _LOWER, _CAPITAL, _DIGIT, _MARK, _QUOTE, _COLON, _STOP, _DASH, _OTHER = range(10)
_BITS = 4
_LONG = 4
"""Letters of a word that is none of the short forms before a full stop: Tp, Mr, Mrs, Ms, Dr."""


def _kinds() -> NDArray[np.uint8]:
    """Return the kind of each UTF-16 unit."""
    table = np.full(1 << 16, _OTHER, np.uint8)
    for point in (*range(0x250), *range(0x1E00, 0x1F00)):
        if chr(point).isalpha():
            table[point] = _LOWER if chr(point).islower() else _CAPITAL
    marks = {
        END: _END,
        "0123456789": _DIGIT,
        HARMLESS: _MARK,
        QUOTES: _QUOTE,
        ":": _COLON,
        ".": _STOP,
        "-": _DASH,
    }
    for some, kind in marks.items():
        table[list(map(ord, some))] = kind
    return table


def _forbidden() -> NDArray[np.bool_]:
    """Return which kind must not stand behind which: entry `before << 4 | behind`."""
    table = np.zeros((1 << _BITS, 1 << _BITS), np.bool_)
    table[_OTHER], table[:, _OTHER] = True, True
    table[_STOP, [_LOWER, _CAPITAL]] = True
    table[_COLON] = True
    table[_COLON, [_END, _DIGIT]] = False
    table[_DASH, _DASH] = True
    return table.ravel()


_KINDS, _FORBIDDEN = _kinds(), _forbidden()


def are_simple(units: NDArray[np.uint16], ends: NDArray[np.intp]) -> NDArray[np.bool_]:
    r"""Tell which chunks are simple.

    Args:
        units: UTF-16 units of chunks, `END` behind each.
        ends: Where each chunk ends, the unit behind it included.

    >>> text = "(Nguyễn\nNam”,\nUBND.\nhết...\nH'Mông\n20/10/2025.\n5G\n"
    >>> units = np.frombuffer(text.encode("utf-16-le"), np.uint16)
    >>> are_simple(units, np.flatnonzero(units == ord(END)) + 1).tolist()
    [True, True, False, True, False, True, False]
    """
    kinds = _KINDS[units]
    before = np.full(len(kinds), _END, np.uint8)
    before[1:] = kinds[:-1]
    is_odd = _FORBIDDEN[before << _BITS | kinds]
    is_odd[3:] |= _ends_th_s(units)
    is_capital, is_stop = kinds == _CAPITAL, kinds == _STOP
    is_letter = is_capital | (kinds == _LOWER)
    is_odd[2:] |= is_letter[2:] & (kinds[1:-1] == _QUOTE) & is_letter[:-2]
    ends_short = is_stop.copy()
    ends_short[1:] &= is_letter[:-1]
    ends_long = (kinds == _LOWER)[_LONG - 1 : -1]
    for back in range(1, _LONG):
        ends_long &= is_letter[_LONG - 1 - back : -1 - back]
    ends_short[_LONG:] &= ~ends_long

    def some(which: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Return which chunks have one of the units."""
        found: NDArray[np.bool_] = np.logical_or.reduceat(which, starts)
        return found

    starts = np.append(0, ends[:-1])
    is_numeric = (kinds == _DIGIT) | (kinds == _DASH)
    mixed = some(is_letter) & some(is_numeric)
    return ~some(is_odd) & ~mixed & ~(some(is_capital) & some(ends_short))


def _ends_th_s(units: NDArray[np.uint16]) -> NDArray[np.bool_]:
    """Return where, from the fourth unit on, "Th", a unit and an s of either case end."""
    s = (units[3:] == ord("s")) | (units[3:] == ord("S"))
    found: NDArray[np.bool_] = s & (units[:-3] == ord("T")) & (units[1:-2] == ord("h"))
    return found
