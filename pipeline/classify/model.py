"""The fitted pillar classifier: predicts and gives its reasons, with numpy alone."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import repeat
from typing import TYPE_CHECKING

import numpy as np

from pipeline.classify.features import Batch
from pipeline.classify.scoring import Scorer
from pipeline.records import PILLARS, Pillar, Prediction

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from pipeline.classify.calibration import Calibration
    from pipeline.classify.features import FeatureSpace
    from pipeline.records import Document, WordBatch

_SCORE_DIGITS = 6
_FURNITURE = Prediction((), None, (0.0, 0.0, 0.0, 0.0))


@dataclass(frozen=True, slots=True)
class Reason:
    """One feature of a sentence and what it adds to the score of a pillar."""

    feature: str
    weight: float


def batch_of(documents: Sequence[Document], words: WordBatch, titles: WordBatch) -> Batch:
    """Return the sentences of documents as a batch."""
    sizes = [len(document.sentences) for document in documents]
    return Batch(words, titles, np.repeat(np.arange(len(documents)), sizes))


class PillarModel:
    """Four linear classifiers over one feature space.

    Args:
        space: Fitted features.
        weights: Features × 4.
        intercepts: One a pillar.
        calibration: How scores are read.
    """

    def __init__(
        self,
        space: FeatureSpace,
        weights: NDArray[np.float64],
        intercepts: NDArray[np.float64],
        calibration: Calibration,
    ) -> None:
        self.space = space
        self.weights = weights
        self.intercepts = intercepts
        self.calibration = calibration
        self._scorer = Scorer(space, weights)

    def scores(self, batch: Batch) -> NDArray[np.float64]:
        """Return the raw scores of a batch (sentences × 4).

        Equal to the sparse product with all features up to rounding; see `Scorer`.
        """
        return self._scorer.scores(batch) + self.intercepts

    def probabilities(self, batch: Batch) -> NDArray[np.float64]:
        """Return calibrated probabilities, rounded so that every machine writes the same bytes."""
        rounded: NDArray[np.float64] = np.round(
            self.calibration.probabilities(self.scores(batch)), _SCORE_DIGITS
        )
        return rounded

    def predict(
        self, documents: Sequence[Document], words: WordBatch, titles: WordBatch
    ) -> list[list[Prediction]]:
        """Return one prediction for each sentence; page furniture never gets a pillar.

        Args:
            documents: Whole articles.
            words: Words of all their sentences, in order.
            titles: Words of their titles.
        """
        probabilities = self.probabilities(batch_of(documents, words, titles))
        given = probabilities >= self.calibration.threshold
        abstained = self.calibration.margins(probabilities) < self.calibration.band
        scores = zip(*probabilities.T.tolist(), strict=True)
        found = list(map(Prediction, repeat(()), repeat(None), scores, abstained.tolist()))
        for k in np.flatnonzero(given.any(axis=1)).tolist():
            found[k] = _with_pillars(found[k], given[k].tolist())
        rest = iter(found)
        return [
            [
                _FURNITURE if sentence.kind.is_furniture else prediction
                for sentence, prediction in zip(document.sentences, rest, strict=False)
            ]
            for document in documents
        ]

    def reasons(self, batch: Batch, sentence: int, top: int = 8) -> dict[Pillar, list[Reason]]:
        """Return the features that weigh most for and against each pillar, strongest first.

        Features of one name count together: word vectors and letters, whose single columns say
        nothing to a reader, are one line each.
        """
        rows, columns, values = self.space.entries(batch)
        mine = rows == sentence
        columns, values = columns[mine], values[mine]
        names = [self.space.feature_name(column) for column in columns.tolist()]
        found = {}
        for k, pillar in enumerate(PILLARS):
            sums: dict[str, float] = {}
            parts = values * self.weights[columns, k]
            for name, part in zip(names, parts.tolist(), strict=True):
                sums[name] = sums.get(name, 0.0) + part
            strongest = sorted(sums.items(), key=lambda item: -abs(item[1]))[:top]
            found[pillar] = [Reason(name, weight) for name, weight in strongest]
        return found


def _with_pillars(prediction: Prediction, given: Sequence[bool]) -> Prediction:
    """Return the prediction of a sentence that has pillars; the likeliest is the primary one."""
    scores = prediction.scores
    pillars = tuple(pillar for pillar, yes in zip(PILLARS, given, strict=True) if yes)
    primary = max(pillars, key=lambda p: scores[PILLARS.index(p)])
    return Prediction(pillars, primary, scores, prediction.abstained)
