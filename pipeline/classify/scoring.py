"""Scores without a feature matrix: the sums that the sparse product would make, block by block.

Equal to the product with all features up to rounding (a test holds them together), and many
times faster: the words of a sentence are weighed once and serve their own sentence, the one
behind it and, for titles, every sentence of the article; letters are summed a word at a time;
vectors and counts of concepts stay dense.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from pipeline.classify import dense
from pipeline.classify.background import row_sums, rows_of_weights, slices, unit_sums
from pipeline.classify.concepts import concepts
from pipeline.classify.ngrams import damped

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from pipeline.classify.features import Batch, FeatureSpace
    from pipeline.classify.ngrams import NgramBlock

    Floats = NDArray[np.float64]
    Ids = tuple[NDArray[np.int64], NDArray[np.int64]]

_AT_ONCE = 8192
"""N-grams whose weights are summed at a time: they stay in the processor's cache."""


class Scorer:
    """The weights of a model by block, each times the weight of its block.

    Args:
        space: Fitted features.
        weights: Features × pillars.
    """

    def __init__(self, space: FeatureSpace, weights: Floats) -> None:
        self._space = space
        self._n_pillars = weights.shape[1]
        self._parts: dict[str, Floats] = {}
        """Features × pillars of each block that is in use."""
        for name, size in space.sizes.items():
            if size:
                part = weights[space.starts[name] : space.starts[name] + size]
                self._parts[name] = part * getattr(space.settings, name)
        if "letters" in self._parts:
            space.words.weigh_letters(self._parts["letters"])
        words, syllables = space.blocks["words"], space.blocks["syllables"]
        self._words = self._unit_sums(words, "words", "previous")
        self._syllables = self._unit_sums(syllables, "syllables")
        self._titles = self._unit_sums(words.unigrams, "title")

    def _unit_sums(self, ngrams: NgramBlock, *names: str) -> _UnitSums:
        unused = np.zeros((0, self._n_pillars))
        return _UnitSums(ngrams, [self._parts.get(name, unused) for name in names])

    def scores(self, batch: Batch) -> Floats:
        """Return the sums of a batch, without intercepts (sentences × pillars)."""
        scores = np.zeros((len(batch.words), self._n_pillars))
        syllables = self._space.words.syllables(batch.words)
        self._add_ngrams(batch, syllables, scores)
        self._add_concepts(batch, syllables, scores)
        self._add_dense(batch, scores)
        return scores

    def _add_ngrams(self, batch: Batch, syllables: Ids, scores: Floats) -> None:
        own, as_previous = self._words.of(*self._space.term_ids(batch.words))
        scores += own
        same = batch.article_of[1:] == batch.article_of[:-1]
        scores[1:][same] += as_previous[:-1][same]
        (of_syllables,) = self._syllables.of(*self._space.syllable_ids(syllables))
        scores += of_syllables
        (of_titles,) = self._titles.of(*self._space.term_ids(batch.titles))
        scores += of_titles[batch.article_of]

    def _add_concepts(self, batch: Batch, syllables: Ids, scores: Floats) -> None:
        if not {"concepts", "around"} & set(self._parts):
            return
        found = self._space.found_concepts(syllables)
        if "concepts" in self._parts:
            single, sides = np.split(self._parts["concepts"], [len(concepts())], axis=0)
            for k, weights in enumerate(single.T):
                scores[:, k] += np.bincount(found.rows, weights[found.concepts], len(scores))
            scores += found.sides @ sides
        if "around" in self._parts:
            titles = self._space.found_concepts(self._space.words.syllables(batch.titles))
            scores += self._space.around(found, titles, batch.article_of) @ self._parts["around"]

    def _add_dense(self, batch: Batch, scores: Floats) -> None:
        if "vectors" in self._parts:
            weights = self._parts["vectors"]
            scores += dense.vector_scores(self._space.words, batch.words, weights)
        if "letters" in self._parts:
            scores += dense.letter_scores(self._space.words, batch.words)


class _UnitSums:
    """Weights of n-grams, ready to be summed over sentences that are scaled to unit length.

    Each n-gram has a row: for each block that stands over the n-grams, or over the unigrams among
    them, its weights (times its idf) and its squared idf, whose sum is the squared length of a
    sentence. So a gathered row is all that an n-gram adds if it occurs once; the few that occur
    more often are added again, for what their count weighs more than 1.

    Args:
        ngrams: The n-grams.
        parts: Features × pillars of each block.
    """

    def __init__(self, ngrams: NgramBlock, parts: Sequence[Floats]) -> None:
        self._ngrams = ngrams
        self._shape = len(parts), parts[0].shape[1] + 1
        self._rows = np.zeros((ngrams.size, *self._shape))
        for number, weights in enumerate(parts):
            rows = rows_of_weights(weights, ngrams.idf[: len(weights)])
            self._rows[: len(weights), number] = rows
        self._rows = self._rows.reshape(ngrams.size, -1)
        self._is_square = np.arange(self._rows.shape[1]) % self._shape[1] == self._shape[1] - 1

    def of(self, terms: NDArray[np.int64], offsets: NDArray[np.int64]) -> Floats:
        """Return the sums of sentences of terms by block (blocks × sentences × pillars)."""
        starts, features, counts = self._ngrams.counted(terms, offsets)
        sums = np.empty((len(offsets) - 1, self._rows.shape[1]))
        for first, last in slices(starts, _AT_ONCE):
            rows = self._rows.take(features[starts[first] : starts[last]], axis=0)
            sums[first:last] = row_sums(rows, starts[first : last + 1] - starts[first])
        many = np.flatnonzero(counts > 1)
        weight = damped(counts.take(many))[:, None]
        more = np.where(self._is_square, weight * weight, weight) - 1
        more *= self._rows.take(features.take(many), axis=0)
        sums += row_sums(more, np.searchsorted(many, starts))
        sums = sums.reshape(len(sums), *self._shape)
        return np.moveaxis(unit_sums(sums), 1, 0)
