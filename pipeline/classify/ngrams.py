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
from pipeline.hash_index import HashIndex

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Entries = tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]


def rows_of(offsets: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the sentence number of every term of a batch."""
    return np.repeat(np.arange(len(offsets) - 1), np.diff(offsets))


@dataclass(frozen=True, slots=True)
class NgramBlock:
    """Fitted vocabulary of one block of n-grams.

    `pairs` holds the known bigrams as `left * n_terms + right`, sorted; their features follow
    those of the unigrams. `idf` has one value a feature.
    """

    n_terms: int
    pairs: NDArray[np.int64]
    idf: NDArray[np.float64]
    _places: HashIndex = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_places", HashIndex.of(self.pairs))

    @property
    def size(self) -> int:
        """Number of features."""
        return self.n_terms + len(self.pairs)

    def entries(self, terms: NDArray[np.int64], offsets: NDArray[np.int64]) -> Entries:
        """Return rows, features and TF-IDF values of a batch, sorted by row and feature."""
        ends, features, counts = self.counted(terms, offsets)
        rows, values = rows_of(ends), damped(counts) * self.idf.take(features)
        return rows, features, values / norms_of(rows, values, len(offsets) - 1)[rows]

    def counted(
        self, terms: NDArray[np.int64], offsets: NDArray[np.int64]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
        """Return the features of each sentence in order, and how often it has each.

        Args:
            terms: Term ids; an id of `n_terms` or more is a term unknown to the block, and it
                parts its neighbours.
            offsets: Sentence k holds `terms[offsets[k]:offsets[k + 1]]`.

        Returns:
            Where the features of each sentence begin, and the end; features; counts.
        """
        rows = rows_of(offsets)
        known = terms < self.n_terms
        bits = self.size.bit_length()
        keys = rows << bits
        single = (keys | terms).compress(known)
        if len(self.pairs):
            joined = known[:-1] & known[1:]
            joined &= rows[:-1] == rows[1:]
            left = np.flatnonzero(joined)
            pairs = (terms[:-1] * self.n_terms + terms[1:]).take(left)
            which, places = self._places.known(pairs)
            double = keys.take(left.take(which)) + self.n_terms
            single = np.concatenate([single, double + places])
        single.sort()
        first = np.flatnonzero(is_first(single))
        keys = single.take(first)
        counts = np.diff(first, append=len(single))
        starts = np.searchsorted(keys, np.arange(len(offsets)) << bits)
        return starts, keys & ((1 << bits) - 1), counts

    @property
    def unigrams(self) -> NgramBlock:
        """The block without its bigrams."""
        return NgramBlock(self.n_terms, self.pairs[:0], self.idf[: self.n_terms])


def damped(counts: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return 1 + ln(n) of each count."""
    values = np.ones(len(counts))
    many = np.flatnonzero(counts > 1)
    values[many] += np.log(counts.take(many))
    return values


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
