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
from pipeline.classify.concepts import concepts
from pipeline.classify.ngrams import norms_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from pipeline.classify.features import Batch, FeatureSpace
    from pipeline.classify.ngrams import Entries

    Floats = NDArray[np.float64]
    Ids = tuple[NDArray[np.int64], NDArray[np.int64]]


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
        """Pillars × features of each block that is in use."""
        for name, size in space.sizes.items():
            if size:
                part = weights[space.starts[name] : space.starts[name] + size]
                self._parts[name] = np.ascontiguousarray(part.T) * getattr(space.settings, name)
        if "letters" in self._parts:
            space.words.weigh_letters(self._parts["letters"].T)

    def scores(self, batch: Batch) -> Floats:
        """Return the sums of a batch, without intercepts (sentences × pillars)."""
        scores = np.zeros((len(batch.words), self._n_pillars))
        syllables = self._space.words.syllables(batch.words)
        self._add_words(batch, scores)
        self._add_syllables(syllables, scores)
        self._add_title(batch, scores)
        self._add_concepts(batch, syllables, scores)
        self._add_dense(batch, scores)
        return scores

    def _add_words(self, batch: Batch, scores: Floats) -> None:
        block = self._space.blocks["words"]
        rows, features, values = block.raw_entries(*self._space.term_ids(batch.words))
        if "words" in self._parts:
            scores += self._unit_sums("words", (rows, features, values), len(scores))
        if "previous" in self._parts:
            single = features < block.n_terms
            own = rows[single], features[single], values[single]
            sums = self._unit_sums("previous", own, len(scores))
            same = batch.article_of[1:] == batch.article_of[:-1]
            scores[1:][same] += sums[:-1][same]

    def _add_syllables(self, syllables: Ids, scores: Floats) -> None:
        if "syllables" in self._parts:
            block = self._space.blocks["syllables"]
            entries = block.raw_entries(*self._space.syllable_ids(syllables))
            scores += self._unit_sums("syllables", entries, len(scores))

    def _add_title(self, batch: Batch, scores: Floats) -> None:
        if "title" in self._parts:
            block = self._space.blocks["words"].unigrams
            entries = block.raw_entries(*self._space.term_ids(batch.titles))
            scores += self._unit_sums("title", entries, len(batch.titles))[batch.article_of]

    def _add_concepts(self, batch: Batch, syllables: Ids, scores: Floats) -> None:
        if not {"concepts", "around"} & set(self._parts):
            return
        found = self._space.found_concepts(syllables)
        if "concepts" in self._parts:
            single, sides = np.split(self._parts["concepts"], [len(concepts())], axis=1)
            for k, weights in enumerate(single):
                scores[:, k] += np.bincount(found.rows, weights[found.concepts], len(scores))
            scores += found.sides @ sides.T
        if "around" in self._parts:
            titles = self._space.found_concepts(self._space.words.syllables(batch.titles))
            scores += self._space.around(found, titles, batch.article_of) @ self._parts["around"].T

    def _add_dense(self, batch: Batch, scores: Floats) -> None:
        if "vectors" in self._parts:
            weights = self._parts["vectors"].T
            scores += dense.vector_scores(self._space.words, batch.words, weights)
        if "letters" in self._parts:
            scores += dense.letter_scores(self._space.words, batch.words)

    def _unit_sums(self, name: str, entries: Entries, n_rows: int) -> Floats:
        """Return the sums of a block whose rows are yet to be scaled to unit length."""
        rows, features, values = entries
        sums = [np.bincount(rows, w.take(features) * values, n_rows) for w in self._parts[name]]
        return np.column_stack(sums) / norms_of(rows, values, n_rows)[:, None]
