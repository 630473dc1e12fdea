"""What the words of a sentence add up to: vectors, and letter n-grams, each weighed by idf."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from pipeline.classify.background import row_sums, slices, unit_rows, unit_sums, weighed_vectors
from pipeline.classify.ngrams import norms_of, rows_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from pipeline.classify.ngrams import Entries
    from pipeline.classify.words import KnownWords
    from pipeline.records import WordBatch

_AT_ONCE = 1024
"""Words whose vectors are summed at a time: they stay in the processor's cache."""
_SENTENCES_AT_ONCE = 512


def vectors(known: KnownWords, words: WordBatch) -> NDArray[np.float64]:
    """Return the idf-weighted sum of word vectors of each sentence, at unit length."""
    table = weighed_vectors()
    rows, offsets = known.vectors(words)
    sums = np.zeros((len(words), table.shape[1]))
    room = np.empty((_AT_ONCE, table.shape[1]))
    for first, last in slices(offsets, _AT_ONCE):
        part = offsets[first : last + 1]
        mine = rows[part[0] : part[-1]]
        out = room[: len(mine)] if len(mine) <= _AT_ONCE else None
        # "clip" lets numpy write to `out` at once; no row is out of range.
        gathered = np.take(table, mine, axis=0, out=out, mode="clip")
        sums[first:last] = row_sums(gathered, part - part[0])
    return unit_rows(sums)


def vector_scores(
    known: KnownWords, words: WordBatch, weights: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return `vectors` times weights (vector columns × pillars).

    Sentences of like length are summed together, word after word: rows of numpy instead of short
    columns, three times faster.
    """
    table = weighed_vectors()
    rows, offsets = known.vectors(words)
    sizes = np.diff(offsets)
    scores = np.zeros((len(words), weights.shape[1]))
    room = np.empty((_SENTENCES_AT_ONCE, table.shape[1]))
    longest_first = np.argsort(-sizes, kind="stable")
    for first in range(0, len(words), _SENTENCES_AT_ONCE):
        some = longest_first[first : first + _SENTENCES_AT_ONCE]
        starts, shortness = offsets[some], -sizes[some]
        sums = np.zeros((len(some), table.shape[1]))
        have_place = np.searchsorted(shortness, -np.arange(-shortness[0]))
        for place, count in enumerate(have_place.tolist()):
            mine = rows.take(starts[:count] + place)
            sums[:count] += np.take(table, mine, axis=0, out=room[:count], mode="clip")
        squares = np.einsum("ij,ij->i", sums, sums)
        scores[some] = unit_sums(np.column_stack([sums @ weights, squares]))
    return scores


def letters(known: KnownWords, words: WordBatch) -> Entries:
    """Return the letter n-grams of each sentence: mean over words, weighed by idf."""
    idf = known.idf(words)
    norms, rows = _norms(idf, words)
    sizes, grams, values = known.letters(words)
    shares = idf / norms[rows]
    return np.repeat(rows, sizes), grams, values * np.repeat(shares, sizes)


def letter_scores(known: KnownWords, words: WordBatch) -> NDArray[np.float64]:
    """Return `letters` times the weights that `known` was given, one sum a word."""
    norms, _ = _norms(known.idf(words), words)
    return row_sums(known.letter_scores(words), words.offsets) / norms[:, None]


def _norms(
    idf: NDArray[np.float64], words: WordBatch
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Return the root of the squared idf of each sentence, and the sentence of each word."""
    rows = rows_of(words.offsets)
    return norms_of(rows, idf, len(words)), rows
