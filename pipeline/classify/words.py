"""What a model knows of each word of a segmenter's vocabulary, computed once a word.

Words that were not met before are worked out for a whole batch at a time: one text of all of them
is folded, cut into syllables and into letter n-grams by one call each, and only look-ups in
dictionaries are left to do for single words.
"""

from __future__ import annotations

from itertools import repeat
from typing import TYPE_CHECKING

import numpy as np

from pipeline.arrays import GrowingRows
from pipeline.classify.background import (
    idf_of_all,
    row_sums,
    rows_of_weights,
    unit_sums,
    word_vectors,
)
from pipeline.classify.vocabulary import DROPPED, fold_all, spread, terms_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from pipeline.classify.background import LetterSpace
    from pipeline.classify.vocabulary import SyllableNumbers
    from pipeline.records import WordBatch

    Ids = tuple[NDArray[np.int64], NDArray[np.int64]]

_UNCOUNTED = "<>"
"""Stands for classes ("<number>") and punctuation, which have no idf, vector or letters."""


class KnownWords:
    """Term, syllables, idf, vector and letter scores of the words of one vocabulary.

    Args:
        terms: Term → its number; other terms get the number `len(terms)`.
        syllables: Numbers of syllables.
        letters: Letter n-grams.
    """

    def __init__(
        self, terms: Mapping[str, int], syllables: SyllableNumbers, letters: LetterSpace
    ) -> None:
        self._term_numbers = terms
        self._syllable_numbers = syllables
        self._letters = letters
        self._letter_rows: NDArray[np.float64] | None = None
        self._vocabulary: Sequence[str] | None = None

    def weigh_letters(self, weights: NDArray[np.float64]) -> None:
        """Keep for each word what its letter n-grams add up to (weights: features × pillars)."""
        self._letter_rows = rows_of_weights(weights, self._letters.idf)
        self._vocabulary = None

    def grow(self, vocabulary: Sequence[str]) -> None:
        """Work out words not met before; start anew for another vocabulary."""
        if vocabulary is not self._vocabulary:
            self._begin(vocabulary)
        new = vocabulary[len(self._terms) :]
        if not new:
            return
        folded = fold_all(new)
        terms = terms_of(folded)
        self._terms.extend(self._numbers_of(terms))
        flat, sizes = self._syllable_numbers.of(folded)
        self._syllable_ends.extend(len(self._syllables) + np.cumsum(sizes))
        self._syllables.extend(flat)
        counted = [_UNCOUNTED if t is None or t[0] == "<" else t for t in terms]
        is_counted = np.fromiter(map(_UNCOUNTED.__ne__, counted), bool, len(counted))
        idf = np.where(is_counted, idf_of_all(counted), 0.0)
        self._idf.extend(idf)
        rows, _ = word_vectors()
        self._vectors.extend(np.fromiter(map(rows.get, counted, repeat(-1)), int, len(counted)))
        if self._letter_rows is not None:
            scores = self._scores_of(counted, self._letter_rows)
            self._letter_scores.extend(scores * idf[:, None])

    def _begin(self, vocabulary: Sequence[str]) -> None:
        self._vocabulary = vocabulary
        self._terms, self._vectors, self._syllables = (
            GrowingRows(np.zeros(0, np.int64)) for _ in range(3)
        )
        self._syllable_ends = GrowingRows(np.zeros(1, np.int64))
        self._idf = GrowingRows(np.zeros(0))
        if self._letter_rows is not None:
            self._letter_scores = GrowingRows(np.zeros((0, self._letter_rows.shape[1] - 1)))

    def _numbers_of(self, terms: Sequence[str | None]) -> NDArray[np.int64]:
        number, unknown = self._term_numbers.get, len(self._term_numbers)
        numbers = [DROPPED if term is None else number(term, unknown) for term in terms]
        return np.array(numbers, np.int64)

    def _scores_of(self, terms: Sequence[str], rows: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the sums of n-grams' rows over terms of unit length; see `weigh_letters`."""
        of_term, grams = self._letters.found(terms)
        starts = np.searchsorted(of_term, np.arange(len(terms) + 1))
        return unit_sums(row_sums(rows.take(grams, axis=0), starts))

    def terms(self, words: WordBatch) -> Ids:
        """Return the terms of sentences as numbers, and where each sentence begins."""
        self.grow(words.vocabulary)
        return without_dropped(self._terms.rows.take(words.ids), words.offsets)

    def syllables(self, words: WordBatch) -> Ids:
        """Return the syllables and marks of sentences as numbers, and where each begins."""
        self.grow(words.vocabulary)
        places, ends = spread(self._syllable_ends.rows, words.ids)
        return self._syllables.rows.take(places), ends[words.offsets]

    def idf(self, words: WordBatch) -> NDArray[np.float64]:
        """Return the idf of each word of sentences; 0 for classes and punctuation."""
        self.grow(words.vocabulary)
        found: NDArray[np.float64] = self._idf.rows.take(words.ids)
        return found

    def vectors(self, words: WordBatch) -> Ids:
        """Return the rows of the words that have a vector, and where each sentence begins."""
        self.grow(words.vocabulary)
        return without_dropped(self._vectors.rows.take(words.ids), words.offsets)

    def letter_scores(self, words: WordBatch) -> NDArray[np.float64]:
        """Return the sums of `weigh_letters` for each word of sentences, times its idf."""
        self.grow(words.vocabulary)
        found: NDArray[np.float64] = self._letter_scores.rows.take(words.ids, axis=0)
        return found

    def letters(
        self, words: WordBatch
    ) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
        """Return letter n-grams: how many each word of sentences has, which, and their values."""
        ids, place = np.unique(words.ids, return_inverse=True)
        terms = terms_of(fold_all([words.vocabulary[i] for i in ids.tolist()]))
        counted = [_UNCOUNTED if t is None else t for t in terms]
        sizes, grams, values = self._letters.table(counted)
        places, starts = spread(np.concatenate([np.zeros(1, np.int64), np.cumsum(sizes)]), place)
        return np.diff(starts), grams[places], values[places]


def without_dropped(numbers: NDArray[np.int64], offsets: NDArray[np.int64]) -> Ids:
    """Leave out numbers below 0.

    Args:
        numbers: Of sentence after sentence.
        offsets: Sentence k holds `numbers[offsets[k]:offsets[k + 1]]`.

    >>> kept, starts = without_dropped(np.array([4, DROPPED, 5]), np.array([0, 2, 3]))
    >>> kept.tolist(), starts.tolist()
    ([4, 5], [0, 1, 2])
    """
    kept = np.flatnonzero(numbers >= 0)
    return numbers.take(kept), np.searchsorted(kept, offsets)
