"""What the words of a sentence add up to: vectors, and letter n-grams, each weighed by idf."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from pipeline.classify.background import (
    idf_of_all,
    row_sums,
    unit_rows,
    weighed_vectors,
    word_vectors,
)
from pipeline.classify.ngrams import rows_of
from pipeline.classify.vocabulary import GrowingArray, spread, term_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from pipeline.classify.background import LetterSpace
    from pipeline.classify.ngrams import Entries
    from pipeline.records import WordBatch

_AT_ONCE = 2048
"""Words whose vectors are summed at a time: they stay in the processor's cache."""


class DenseWords:
    """idf, vector row and letter n-grams of each word of a vocabulary, computed once a word."""

    def __init__(self, letters: LetterSpace) -> None:
        self._letters = letters
        self._vocabulary: Sequence[str] | None = None

    def _begin(self, vocabulary: Sequence[str]) -> None:
        self._vocabulary = vocabulary
        self._idf = GrowingArray(np.float64)
        self._vector = GrowingArray(np.int64)
        self._grams, self._gram_values = GrowingArray(np.int64), GrowingArray(np.float64)
        self._gram_ends = GrowingArray(np.int64)
        self._gram_ends.append(np.zeros(1, np.int64))
        self._scores: GrowingArray | None = None

    def _grow(self, words: WordBatch) -> None:
        """Compute what is asked of words not seen before; starts anew for another vocabulary."""
        if words.vocabulary is not self._vocabulary:
            self._begin(words.vocabulary)
        new = [term_of(words.vocabulary[i]) for i in range(len(self._idf), len(words.vocabulary))]
        if not new:
            return
        # Classes ("<number>") and punctuation count for nothing here.
        terms = ["<>" if term is None or term.startswith("<") else term for term in new]
        counted = np.fromiter((term != "<>" for term in terms), bool, len(terms))
        known, _ = word_vectors()
        rows = np.fromiter((known.get(term, -1) for term in terms), np.int64, len(terms))
        sizes, grams, values = self._letters.table(terms)
        self._idf.append(np.where(counted, idf_of_all(terms), 0.0))
        self._vector.append(rows)
        self._gram_ends.append(len(self._grams) + np.cumsum(sizes))
        self._grams.append(grams)
        self._gram_values.append(values)

    def vectors(self, words: WordBatch) -> NDArray[np.float64]:
        """Return the idf-weighted sum of word vectors of each sentence, at unit length."""
        self._grow(words)
        table = weighed_vectors()
        rows = self._vector.filled[words.ids]
        known = rows >= 0
        rows = rows[known]
        offsets = np.concatenate([np.zeros(1, np.int64), np.cumsum(known)])[words.offsets]
        sums = np.zeros((len(words), table.shape[1]))
        first = 0
        while first < len(words):
            last = int(np.searchsorted(offsets, offsets[first] + _AT_ONCE, side="right")) - 1
            last = max(first + 1, last)
            part = offsets[first : last + 1]
            sums[first:last] = row_sums(table[rows[part[0] : part[-1]]], part - part[0])
            first = last
        return unit_rows(sums)

    def letters(self, words: WordBatch) -> Entries:
        """Return the letter n-grams of each sentence: mean over words, weighed by idf."""
        self._grow(words)
        shares, rows = self._shares(words)
        places, starts = spread(self._gram_ends.filled, words.ids)
        sizes = np.diff(starts)
        values = self._gram_values.filled[places] * np.repeat(shares, sizes)
        return np.repeat(rows, sizes), self._grams.filled[places], values

    def _shares(self, words: WordBatch) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
        """Return the weight of each word in its sentence, and the sentence."""
        idf = self._idf.filled[words.ids]
        rows = rows_of(words.offsets)
        norms = np.sqrt(np.bincount(rows, idf * idf, minlength=len(words)))
        norms[norms == 0] = 1
        return idf / norms[rows], rows

    def letter_scores(self, words: WordBatch, weights: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return `letters(words)` times `weights` (features × pillars), one sum a word.

        The score of a word's letters is the same in every sentence, so it is kept: always give
        the same weights.
        """
        self._grow(words)
        if self._scores is None:
            self._scores = GrowingArray(np.float64, weights.shape[1])
        known = len(self._scores)
        ends = self._gram_ends.filled[known:]
        if len(ends) > 1:
            new = slice(int(ends[0]), int(ends[-1]))
            values = weights[self._grams.filled[new]] * self._gram_values.filled[new, None]
            self._scores.append(row_sums(values, ends - ends[0]))
        shares, rows = self._shares(words)
        table = self._scores.filled
        columns = [
            np.bincount(rows, table[words.ids, k] * shares, minlength=len(words))
            for k in range(weights.shape[1])
        ]
        return np.column_stack(columns)
