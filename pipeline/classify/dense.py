"""What the words of a sentence add up to: vectors, and letter n-grams, each weighed by idf."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from pipeline.classify.background import row_sums, unit_rows, weighed_vectors
from pipeline.classify.ngrams import rows_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from pipeline.classify.ngrams import Entries
    from pipeline.classify.words import KnownWords
    from pipeline.records import WordBatch

_AT_ONCE = 1024
"""Words whose vectors are summed at a time: they stay in the processor's cache."""


def vectors(known: KnownWords, words: WordBatch) -> NDArray[np.float64]:
    """Return the idf-weighted sum of word vectors of each sentence, at unit length."""
    table = weighed_vectors()
    rows, offsets = known.vectors(words)
    sums = np.zeros((len(words), table.shape[1]))
    room = np.empty((_AT_ONCE, table.shape[1]))
    first = 0
    while first < len(words):
        last = int(np.searchsorted(offsets, offsets[first] + _AT_ONCE, side="right")) - 1
        last = max(first + 1, last)
        part = offsets[first : last + 1]
        mine = rows[part[0] : part[-1]]
        # "clip" lets numpy write to `out` at once; no row is out of range.
        out = room[: len(mine)] if len(mine) <= _AT_ONCE else None
        gathered = np.take(table, mine, axis=0, out=out, mode="clip")
        sums[first:last] = row_sums(gathered, part - part[0])
        first = last
    return unit_rows(sums)


def letters(known: KnownWords, words: WordBatch) -> Entries:
    """Return the letter n-grams of each sentence: mean over words, weighed by idf."""
    shares, rows = _shares(known, words)
    sizes, grams, values = known.letters(words)
    return np.repeat(rows, sizes), grams, values * np.repeat(shares, sizes)


def letter_scores(known: KnownWords, words: WordBatch) -> NDArray[np.float64]:
    """Return `letters` times the weights that `known` was given, one sum a word."""
    shares, rows = _shares(known, words)
    table = known.letter_scores(words)
    columns = [np.bincount(rows, column * shares, minlength=len(words)) for column in table.T]
    return np.column_stack(columns)


def _shares(known: KnownWords, words: WordBatch) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Return the weight of each word in its sentence, and the sentence."""
    idf = known.idf(words)
    rows = rows_of(words.offsets)
    norms = np.sqrt(np.bincount(rows, idf * idf, minlength=len(words)))
    norms[norms == 0] = 1
    return idf / norms[rows], rows
