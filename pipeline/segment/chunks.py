r"""Texts → chunks (stretches without white space) → token numbers.

No token of the library reaches over white space, and what stands on the other side of it changes
nothing, but for one thing: `$` in its patterns ("UBND." keeps its full stop inside a sentence and
loses it at the end). So the tokens of a sentence are those of its chunks, and a chunk's tokens
depend on the chunk and on whether it is the last one. (`$` also stands before one final "\n", but
not before a blank.) Each kind of chunk is tokenised once; then texts are read as arrays.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from pipeline.arrays import GrowingRows
from pipeline.hash_index import HashIndex
from pipeline.segment.bounds import bounded
from pipeline.segment.simple import END, are_simple
from pipeline.segment.spans import SpanHasher, random_codes
from pipeline.segment.tokens import PAD, Tokens

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from pipeline.segment.installed import Rules

_LAST_BLANK = 0x3000
_IS_BLANK = np.zeros(1 << 16, np.bool_)
_IS_BLANK[: _LAST_BLANK + 1] = [chr(unit).isspace() for unit in range(_LAST_BLANK + 1)]
_CODES = random_codes(np.arange(1 << 16, dtype=np.uint64))
_LAST = np.uint64(0x6A09E667F3BCC909)
_NEWLINE = ord("\n")
_LOW_SURROGATES = 0xDC00
_SURROGATE_MASK = 0xFC00
PARTING = 0
"""Number of the chunk that stands between sentences: two pads."""


@dataclass(frozen=True, slots=True)
class ChunkRows:
    """Known chunks: hashes and tokens (`tokens[offsets[n]:offsets[n + 1]]` of chunk n)."""

    hashes: NDArray[np.uint64]
    offsets: NDArray[np.int64]
    tokens: NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class _Stretches:
    """Chunks of a batch of texts as places in an array of UTF-16 units.

    `points` are the units once more, as numbers that tables are asked with.
    """

    units: NDArray[np.uint16]
    points: NDArray[np.intp]
    starts: NDArray[np.intp]
    ends: NDArray[np.intp]
    first: NDArray[np.intp]
    is_last: NDArray[np.bool_]

    def gathered(self, chunks: NDArray[np.intp]) -> tuple[NDArray[np.uint16], NDArray[np.intp]]:
        """Return the units of some chunks, `END` behind each, and where each ends."""
        starts = self.starts[chunks]
        lengths = self.ends[chunks] - starts + 1
        ends = np.cumsum(lengths)
        units = self.units[np.arange(int(ends[-1])) + np.repeat(starts - ends + lengths, lengths)]
        units[ends - 1] = ord(END)
        return units, ends


class Chunks:
    """Reads texts as token numbers; remembers the tokens of every chunk."""

    def __init__(self, rules: Rules, tokens: Tokens, known: ChunkRows | None = None) -> None:
        self._rules = rules
        self._tokens = tokens
        self._hasher = SpanHasher()
        start = known or ChunkRows(
            np.zeros(1, np.uint64), np.array([0, 2]), np.full(2, PAD, np.int32)
        )
        self._hashes = GrowingRows(start.hashes)
        self._offsets = GrowingRows(start.offsets)
        self._contents = GrowingRows(start.tokens)
        self._make_index()

    def __len__(self) -> int:
        return len(self._hashes)

    def _make_index(self) -> None:
        hashes = self._hashes.rows[1:]
        self._index = HashIndex(2 * len(hashes))
        self._index.add(hashes, np.arange(1, len(self), dtype=np.int32))

    def rows(self) -> ChunkRows:
        """Return all known chunks, for a warm file."""
        return ChunkRows(self._hashes.rows, self._offsets.rows, self._contents.rows)

    def truncate(self, count: int) -> None:
        """Forget the chunks from number `count` on."""
        self._hashes.truncate(count)
        self._contents.truncate(int(self._offsets.rows[count]))
        self._offsets.truncate(count + 1)
        self._make_index()

    def read(self, texts: Sequence[str]) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
        """Return the token numbers of texts, and the place of the pads before each text.

        The array begins and ends with two pads, and two pads stand between texts; text k has the
        places `pads[k] + 2` to `pads[k + 1]`.
        """
        stretches = _find_stretches(texts)
        hashes = self._hasher.hashes(
            _CODES.take(stretches.points), stretches.starts, stretches.ends
        )
        hashes[stretches.is_last] ^= _LAST
        numbers = self._index.find(hashes)
        unknown = np.flatnonzero(numbers < 0)
        if unknown.size:
            self._learn(stretches, hashes, unknown)
            numbers[unknown] = self._index.find(hashes[unknown])
        parted = np.insert(numbers, stretches.first, PARTING)
        partings = stretches.first + np.arange(len(stretches.first))
        return self._expand(parted, partings)

    def _expand(
        self, numbers: NDArray[np.int32], partings: NDArray[np.intp]
    ) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
        """Return the tokens of chunks one after the other, and the places of some chunks."""
        offsets = self._offsets.rows
        chunks = numbers.astype(np.intp)
        starts = offsets.take(chunks)
        lengths = offsets[1:].take(chunks) - starts
        ends = np.cumsum(lengths)
        places = ends - lengths
        source = np.repeat(starts - places, lengths)
        source += np.arange(len(source))
        flat: NDArray[np.int32] = self._contents.rows.take(source)
        return flat, places[partings]

    def _learn(
        self, stretches: _Stretches, hashes: NDArray[np.uint64], unknown: NDArray[np.intp]
    ) -> None:
        """Tokenise unknown chunks, each kind once."""
        _, first = np.unique(hashes[unknown], return_index=True)
        places = unknown[np.sort(first)]
        units, ends = stretches.gathered(places)
        texts = _decoded(units).split(END)[:-1]
        simple = are_simple(units, ends)
        is_last = stretches.is_last[places]
        order: list[int] = []
        pieces: list[str] = []
        for some, end, cut in (
            (simple, END, self._rules.simple_pieces),
            (~simple & is_last, END, self._rules.pieces),
            (~simple & ~is_last, f" {END}", self._rules.pieces),
        ):
            chosen = np.flatnonzero(some).tolist()
            order += chosen
            pieces += cut(bounded("".join([texts[n] + end for n in chosen])))
        self._add(hashes[places[order]], pieces)

    def _add(self, hashes: NDArray[np.uint64], pieces: list[str]) -> None:
        """Add chunks that are cut to pieces: tokens, and `END` behind each chunk."""
        tokens = self._tokens.numbers(pieces)
        is_end = tokens == PAD
        ends = np.flatnonzero(is_end)
        numbers = np.arange(len(self), len(self) + len(hashes), dtype=np.int32)
        self._index.add(hashes, numbers)
        self._hashes.extend(hashes)
        self._offsets.extend(ends - np.arange(len(ends)) + len(self._contents))
        self._contents.extend(tokens[~is_end])


def _decoded(units: NDArray[np.uint16]) -> str:
    return units.tobytes().decode("utf-16-le", "surrogatepass")


def _find_stretches(texts: Sequence[str]) -> _Stretches:
    """Join texts by newlines and find their chunks."""
    joined = "\n".join(["", *texts, ""])
    units = np.frombuffer(joined.encode("utf-16-le", "surrogatepass"), np.uint16)
    sizes = np.fromiter(map(len, texts), np.int64, len(texts))
    breaks = np.append(0, np.cumsum(sizes + 1))
    if len(units) > len(joined):
        breaks = np.flatnonzero((units & _SURROGATE_MASK) != _LOW_SURROGATES)[breaks]
    points = units.astype(np.intp)
    is_blank = _IS_BLANK.take(points)
    edges = np.flatnonzero(is_blank[1:] != is_blank[:-1]) + 1
    starts, ends = edges[::2], edges[1::2]
    first = np.searchsorted(starts, breaks)
    is_last = np.zeros(len(starts), np.bool_)
    final = first[1:] - 1
    has_chunk = first[1:] > first[:-1]
    final, close = final[has_chunk], breaks[1:][has_chunk]
    final_newline = (ends[final] == close - 1) & (units[close - 1] == _NEWLINE)
    is_last[final] = (ends[final] == close) | final_newline
    return _Stretches(units, points, starts, ends, first, is_last)
