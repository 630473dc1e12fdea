"""d = emission(B-W) - emission(I-W) for every place of a batch at once.

A batch is one flat array of token numbers in which two pads part sentences, so the window of five
tokens around a place never reaches into the next sentence.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from pipeline.hash_index import HashIndex
from pipeline.segment.tables import OFFSETS, Table, Tables, window_codes
from pipeline.segment.tokens import FIRST_PART, Tokens

if TYPE_CHECKING:
    from numpy.typing import NDArray

_HALF = np.uint64(32)


class _Grams:
    """A table of pairs or triples, ready for look-up.

    The rows of `sums` are: lower-case weights alone, then both weights added (for an n-gram that
    is written in lower case). A last row of zeros would be read for the unknown, so only known
    n-grams are looked at.
    """

    def __init__(self, left: NDArray[np.int32], right: NDArray[np.int32], table: Table) -> None:
        self._index = HashIndex.of(_key(left, right))
        self._count = len(left)
        self._sums = np.concatenate([table.lower, table.lower + table.written])
        self._written = table.written

    def find(self, left: NDArray[np.int32], right: NDArray[np.int32]) -> NDArray[np.int32]:
        """Return the row of each n-gram, -1 for unknown ones."""
        return self._index.find(_key(left, right))

    def add_lower(
        self,
        d: NDArray[np.float64],
        places: NDArray[np.intp],
        rows: NDArray[np.int32],
        as_written: NDArray[np.bool_],
    ) -> None:
        """Add the weights of n-grams in lower case; both weights where they are written so."""
        _scatter(d, places, self._sums.take(rows + self._count * as_written, axis=0))

    def add_written(
        self, d: NDArray[np.float64], places: NDArray[np.intp], rows: NDArray[np.int32]
    ) -> None:
        """Add the weights of n-grams as written."""
        _scatter(d, places, self._written.take(rows, axis=0))


def _key(left: NDArray[np.int32], right: NDArray[np.int32]) -> NDArray[np.uint64]:
    keys: NDArray[np.uint64] = (left.astype(np.uint64) << _HALF) | right.astype(np.uint64)
    return keys


def _scatter(
    d: NDArray[np.float64], places: NDArray[np.intp], weights: NDArray[np.float64]
) -> None:
    """Add column c of the weights of an n-gram at `place` to the place `place + 2 - c`.

    Column c belongs to the labelled place from which the n-gram begins at offset c - 2. Places
    are all different. (`take` is many times faster than an index in brackets.)
    """
    for column in range(weights.shape[1]):
        reached = places + (2 - column)
        d[reached] = d.take(reached) + weights[:, column]


class Emissions:
    """Computes d for flat arrays of token numbers."""

    def __init__(self, tables: Tables, tokens: Tokens) -> None:
        self._tokens = tokens
        self._window = tables.window
        pairs, triples = tables.pairs, tables.triples
        self._pairs = _Grams(pairs.left + FIRST_PART, pairs.right + FIRST_PART, pairs)
        self._triples = _Grams(triples.left, triples.right + FIRST_PART, triples)
        self._opens_triple = tables.opens_triple

    def of(self, flat: NDArray[np.int32]) -> NDArray[np.float64]:
        """Return d of every place; the values at pads mean nothing.

        Args:
            flat: Token numbers, at least two pads at both ends and between sentences.
        """
        d: NDArray[np.float64] = self._window.take(window_codes(self._tokens.classes.take(flat)))
        self._add_unigrams(d, flat)
        lower = self._tokens.lower.take(flat)
        is_lower = lower == flat
        self._add_in_lower_case(d, lower, is_lower)
        self._add_with_capitals(d, flat, is_lower)
        return d

    def _add_unigrams(self, d: NDArray[np.float64], flat: NDArray[np.int32]) -> None:
        """Add to each place what the tokens around it add by themselves."""
        weights = self._tokens.weights.take(flat, axis=0)
        for column, offset in enumerate(OFFSETS):
            d[2:-2] += weights[2 + offset : len(flat) - 2 + offset, column]

    def _add_in_lower_case(
        self, d: NDArray[np.float64], lower: NDArray[np.int32], is_lower: NDArray[np.bool_]
    ) -> None:
        """Look up all pairs, and the triples that begin with such a pair, in lower case."""
        pair_is_lower = is_lower[:-1] & is_lower[1:]
        rows = self._pairs.find(lower[:-1], lower[1:])
        places = np.flatnonzero(rows >= 0)
        rows = rows.take(places)
        self._pairs.add_lower(d, places, rows, pair_is_lower.take(places))
        opens = self._opens_triple.take(rows)
        places, rows = places.compress(opens), rows.compress(opens)
        found = self._triples.find(rows, lower[places + 2])
        places, found = places.compress(found >= 0), found.compress(found >= 0)
        self._triples.add_lower(d, places, found, pair_is_lower[places] & is_lower[places + 2])

    def _add_with_capitals(
        self, d: NDArray[np.float64], flat: NDArray[np.int32], is_lower: NDArray[np.bool_]
    ) -> None:
        """Look up as written what is not written in lower case.

        A triple counts here if any of its tokens has a capital, hence the pairs that have none
        but stand before a token that has one are looked up again.
        """
        lower_pair = is_lower[:-1] & is_lower[1:]
        wanted = ~lower_pair
        wanted[:-1] |= ~is_lower[2:]
        places = np.flatnonzero(wanted)
        rows = self._pairs.find(flat.take(places), flat.take(places + 1))
        places, rows = places.compress(rows >= 0), rows.compress(rows >= 0)
        capital = ~lower_pair[places]
        self._pairs.add_written(d, places[capital], rows[capital])
        opens = self._opens_triple[rows]
        places, rows = places[opens], rows[opens]
        found = self._triples.find(rows, flat[places + 2])
        known = (found >= 0) & ~(lower_pair[places] & is_lower[places + 2])
        self._triples.add_written(d, places[known], found[known])
