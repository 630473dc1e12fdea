"""TF-IDF over unigrams and bigrams, in numbers from end to end.

A sentence is a run of term ids. Known unigrams and bigrams become features with sublinear term
frequency and smoothed idf, scaled to unit length; bigrams join neighbours among the terms that
were not dropped. The values equal those of scikit-learn's `TfidfVectorizer(sublinear_tf=True)`
with the same idf (a test holds them together).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from pipeline.arrays import is_first

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Entries = tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]


_MIXER = np.uint64(0x9E3779B97F4A7C15)
"""2^64 divided by the golden ratio: the upper bits of a product with it are well mixed."""
_FREE, _TAKEN, _SHARED = range(3)
"""Slots of a hash table: of no number, of one, of several."""


def rows_of(offsets: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the sentence number of every term of a batch."""
    return np.repeat(np.arange(len(offsets) - 1), np.diff(offsets))


class Places:
    """Where numbers stand in a sorted array: a hash table, many times faster than a search.

    The few that share their slot with an earlier one are searched for in an array of their own.
    """

    def __init__(self, numbers: NDArray[np.int64]) -> None:
        self._numbers = numbers
        self._shift = np.uint64(64 - max(8, 2 + len(numbers).bit_length()))
        slots = self._slots(numbers)
        self._table = np.zeros(1 << (64 - int(self._shift)), np.int32)
        self._table[slots[::-1]] = np.arange(len(numbers), dtype=np.int32)[::-1]
        others = np.nonzero(self._table[slots] != np.arange(len(numbers)))[0]
        self._others, self._other_numbers = others, numbers[others]
        self._use = np.full(len(self._table), _FREE, np.uint8)
        self._use[slots] = _TAKEN
        self._use[slots[others]] = _SHARED

    def _slots(self, numbers: NDArray[np.int64]) -> NDArray[np.int64]:
        mixed = numbers.view(np.uint64) * _MIXER
        mixed >>= self._shift
        return mixed.view(np.int64)

    def find(self, wanted: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return which of the wanted numbers are there, in any order, and the places of those.

        >>> which, places = Places(np.array([3, 70, 500])).find(np.array([500, 4, 3]))
        >>> which.tolist(), places.tolist()
        ([0, 2], [2, 0])
        """
        if not len(self._numbers):
            return np.zeros(0, np.int64), np.zeros(0, np.int64)
        slots = self._slots(wanted)
        use = self._use.take(slots)
        likely = np.flatnonzero(use)  # most of the wanted numbers end here, at a small table
        slots, use, wanted = slots.take(likely), use.take(likely), wanted.take(likely)
        places = self._table.take(slots)
        there = self._numbers.take(places) == wanted
        which, found = likely[there], places[there].astype(np.int64)
        strange = np.flatnonzero((use == _SHARED) & ~there)
        if not len(strange):
            return which, found
        at = np.searchsorted(self._other_numbers, wanted[strange])
        at = np.minimum(at, len(self._others) - 1)
        right = self._other_numbers[at] == wanted[strange]
        return (
            np.concatenate([which, likely[strange[right]]]),
            np.concatenate([found, self._others[at[right]]]),
        )


@dataclass(frozen=True, slots=True)
class NgramBlock:
    """Fitted vocabulary of one block of n-grams.

    `pairs` holds the known bigrams as `left * n_terms + right`, sorted; their features follow
    those of the unigrams. `idf` has one value a feature.
    """

    n_terms: int
    pairs: NDArray[np.int64]
    idf: NDArray[np.float64]
    _places: Places = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_places", Places(self.pairs))

    @property
    def size(self) -> int:
        """Number of features."""
        return self.n_terms + len(self.pairs)

    def entries(self, terms: NDArray[np.int64], offsets: NDArray[np.int64]) -> Entries:
        """Return rows, features and TF-IDF values of a batch, sorted by row and feature."""
        rows, features, values = self.raw_entries(terms, offsets)
        return rows, features, values / norms_of(rows, values, len(offsets) - 1)[rows]

    def raw_entries(self, terms: NDArray[np.int64], offsets: NDArray[np.int64]) -> Entries:
        """Return `entries` before they are scaled to unit length.

        Args:
            terms: Term ids; an id of `n_terms` or more is a term unknown to the block, and it
                parts its neighbours.
            offsets: Sentence k holds `terms[offsets[k]:offsets[k + 1]]`.
        """
        rows = rows_of(offsets)
        known = terms < self.n_terms
        bits = self.size.bit_length()
        keys = rows << bits
        single = (keys | terms)[known]
        if len(self.pairs):
            joined = known[:-1] & known[1:]
            joined &= rows[:-1] == rows[1:]
            left = np.flatnonzero(joined)
            pairs = terms.take(left) * self.n_terms
            pairs += terms.take(left + 1)
            which, places = self._places.find(pairs)
            double = keys.take(left.take(which)) + self.n_terms
            single = np.concatenate([single, double + places])
        single.sort()
        first = np.flatnonzero(is_first(single))
        keys = single.take(first)
        counts = np.diff(first, append=len(single))
        rows, features = keys >> bits, keys & ((1 << bits) - 1)
        return rows, features, _damped(counts) * self.idf.take(features)

    @property
    def unigrams(self) -> NgramBlock:
        """The block without its bigrams."""
        return NgramBlock(self.n_terms, self.pairs[:0], self.idf[: self.n_terms])


def _damped(counts: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return 1 + ln(n) of each count."""
    most = int(counts.max(initial=1))
    table = 1.0 + np.log(np.arange(1, most + 1, dtype=np.float64))
    damped: NDArray[np.float64] = table.take(counts - 1)
    return damped


def norms_of(
    rows: NDArray[np.int64], values: NDArray[np.float64], n_rows: int
) -> NDArray[np.float64]:
    """Return the length of each row; that of an empty one is 1."""
    norms = np.sqrt(np.bincount(rows, values * values, minlength=n_rows))
    norms[norms == 0] = 1
    return norms


def fit_ngrams(
    terms: NDArray[np.int64],
    offsets: NDArray[np.int64],
    n_terms: int,
    *,
    bigrams: bool,
    unigram_idf: NDArray[np.float64] | None = None,
) -> NgramBlock:
    """Learn the bigrams and idf of a block from training sentences.

    idf is `ln((1 + n) / (1 + df)) + 1` over the training sentences, as scikit-learn smooths it.

    Args:
        terms: Term ids of the training sentences.
        offsets: Where each sentence begins, and the end.
        n_terms: Number of known terms; ids from there on are unknown.
        bigrams: Whether pairs of neighbours are features too.
        unigram_idf: idf of the terms from elsewhere (counts over real news), if there is better.
    """
    rows = rows_of(offsets)
    n_rows = len(offsets) - 1
    pairs = np.zeros(0, np.int64)
    if bigrams:
        joined = (rows[:-1] == rows[1:]) & (terms[:-1] < n_terms) & (terms[1:] < n_terms)
        pairs = np.unique((terms[:-1] * n_terms + terms[1:])[joined])
    block = NgramBlock(n_terms, pairs, np.ones(n_terms + len(pairs)))
    _, features, _ = block.entries(terms, offsets)
    df = np.bincount(features, minlength=block.size)
    idf = np.log((1 + n_rows) / (1 + df)) + 1
    if unigram_idf is not None:
        idf[:n_terms] = unigram_idf
    return NgramBlock(n_terms, pairs, idf)


def known_terms(sentences: Sequence[Sequence[str]], least: int) -> list[str]:
    """Return the terms that occur in at least `least` sentences, sorted.

    >>> known_terms([["a", "b"], ["a", "a"]], least=2)
    ['a']
    """
    counts = Counter(term for sentence in sentences for term in set(sentence))
    return sorted(term for term, count in counts.items() if count >= least)
