r"""Which chunks are so simple that a short regex cuts them as the library would.

Most chunks are a Latin word, perhaps with marks: "(Nguyễn", "Nam”,". The library cuts them into the
word and the single marks, for all its other patterns need a digit, a rarer mark, a quote or full
stop between letters, two equal marks in a row, or a short form with a capital before a full stop.
Its regex tries thirty patterns at each letter; the short one is many times faster.

A chunk is simple if it is made of Latin letters and harmless marks; a quote does not stand before a
letter, colon and full stop are its end, a full stop that follows a letter ends a chunk without
capitals, and there is no "Th_s". A test asks the library about all combinations.
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
SIMPLE = re.compile(r"[^\W\d_]+|[^\w ]")
"""Cuts simple chunks: words, single marks and what stands behind a chunk."""

_END, _LOWER, _CAPITAL, _MARK, _QUOTE, _COLON, _STOP, _OTHER = range(8)
_BITS = 3


def _kinds() -> NDArray[np.uint8]:
    """Return the kind of each UTF-16 unit."""
    table = np.full(1 << 16, _OTHER, np.uint8)
    for point in (*range(0x250), *range(0x1E00, 0x1F00)):
        if chr(point).isalpha():
            table[point] = _LOWER if chr(point).islower() else _CAPITAL
    marks = {
        END: _END,
        HARMLESS: _MARK,
        QUOTES: _QUOTE,
        ":": _COLON,
        ".": _STOP,
    }
    for some, kind in marks.items():
        table[list(map(ord, some))] = kind
    return table


def _forbidden() -> NDArray[np.bool_]:
    """Return which kind must not stand behind which: entry `before << 3 | behind`."""
    table = np.zeros((1 << _BITS, 1 << _BITS), np.bool_)
    table[_OTHER], table[:, _OTHER] = True, True
    table[_QUOTE, [_LOWER, _CAPITAL]] = True
    table[[_COLON, _STOP]] = True
    table[[_COLON, _STOP], _END] = False
    return table.ravel()


_KINDS, _FORBIDDEN = _kinds(), _forbidden()


def are_simple(units: NDArray[np.uint16], ends: NDArray[np.intp]) -> NDArray[np.bool_]:
    r"""Tell which chunks are simple.

    Args:
        units: UTF-16 units of chunks, `END` behind each.
        ends: Where each chunk ends, the unit behind it included.

    >>> text = "(Nguyễn\nNam”,\nUBND.\nhết.\nH'Mông\n2025\n"
    >>> units = np.frombuffer(text.encode("utf-16-le"), np.uint16)
    >>> are_simple(units, np.flatnonzero(units == ord(END)) + 1).tolist()
    [True, True, False, True, False, False]
    """
    kinds = _KINDS[units]
    before = np.full(len(kinds), _END, np.uint8)
    before[1:] = kinds[:-1]
    is_odd = _FORBIDDEN[before << _BITS | kinds]
    is_odd[3:] |= _ends_th_s(units)
    starts = np.append(0, ends[:-1])
    has_capital = np.logical_or.reduceat(kinds == _CAPITAL, starts)
    is_letter = (before == _LOWER) | (before == _CAPITAL)
    has_stop = np.logical_or.reduceat(is_letter & (kinds == _STOP), starts)
    simple: NDArray[np.bool_] = ~np.logical_or.reduceat(is_odd, starts)
    return simple & ~(has_capital & has_stop)


def _ends_th_s(units: NDArray[np.uint16]) -> NDArray[np.bool_]:
    """Return where, from the fourth unit on, "Th", a unit and an s of either case end."""
    s = (units[3:] == ord("s")) | (units[3:] == ord("S"))
    found: NDArray[np.bool_] = s & (units[:-3] == ord("T")) & (units[1:-2] == ord("h"))
    return found
