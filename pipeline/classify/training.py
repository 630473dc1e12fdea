"""Fit the pillar classifier: cross-validated scores first, then the model on all of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import joblib
import numpy as np
from scipy import sparse
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from pipeline.classify.calibration import fit_calibration
from pipeline.classify.features import Batch, FeatureSettings, FeatureSpace, fit_features
from pipeline.classify.model import PillarModel
from pipeline.errors import CorpusError
from pipeline.records import PILLARS, WordBatch

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

FOLDS = 5
_MORE = "Add labelled articles: --corpus FILE."


@dataclass(frozen=True, slots=True)
class TrainingSet:
    """Sentences with labels.

    `labels` is n × 4 in the order of `PILLARS`; `groups` holds a number for each sentence, the
    same for all sentences of articles that must stay on one side of a fold.
    """

    batch: Batch
    labels: NDArray[np.bool_]
    groups: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.labels)


@dataclass(frozen=True, slots=True)
class FitSettings:
    """What besides the corpus decides a model."""

    features: FeatureSettings = FeatureSettings()  # noqa: RUF009 - frozen
    strength: float = 10.0
    """C of the logistic regressions: the inverse of regularisation."""
    balanced: bool = True


@dataclass(frozen=True, slots=True)
class Fit:
    """A fitted model, with the cross-validated scores that its calibration rests on."""

    model: PillarModel
    scores: NDArray[np.float64]


def matrix_of(space: FeatureSpace, batch: Batch) -> sparse.csr_matrix:
    """Return the features of a batch as a sparse matrix (sentences × features)."""
    rows, columns, values = space.entries(batch)
    return sparse.csr_matrix((values, (rows, columns)), shape=(len(batch.words), space.size))


def subset(batch: Batch, keep: NDArray[np.int64]) -> Batch:
    """Return some sentences of a batch, in order; sentences of one article must stay together."""
    sizes = np.diff(batch.words.offsets)[keep]
    starts = batch.words.offsets[keep]
    ends = np.cumsum(sizes)
    places = np.arange(int(sizes.sum())) + np.repeat(starts - (ends - sizes), sizes)
    words = WordBatch(batch.words.vocabulary, batch.words.ids[places], np.concatenate([[0], ends]))
    return Batch(words, batch.titles, batch.article_of[keep])


def _weights(
    features: sparse.csr_matrix, labels: NDArray[np.bool_], settings: FitSettings
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Fit one logistic regression a pillar; return weights (features × 4) and intercepts."""
    lacking = [p.value for p, n in zip(PILLARS, labels.sum(axis=0), strict=True) if not n]
    if lacking:
        message = f"Too few sentences carry {', '.join(lacking)} to train on. {_MORE}"
        raise CorpusError(message)
    estimators = [
        LogisticRegression(
            C=settings.strength,
            class_weight="balanced" if settings.balanced else None,
            solver="liblinear",
            random_state=0,
        ).fit(features, labels[:, k])
        for k in range(len(PILLARS))
    ]
    return (
        np.column_stack([e.coef_[0] for e in estimators]),
        np.array([e.intercept_[0] for e in estimators]),
    )


def _fold_scores(
    data: TrainingSet,
    train: NDArray[np.int64],
    held_out: NDArray[np.int64],
    settings: FitSettings,
) -> NDArray[np.float64]:
    batch = subset(data.batch, train)
    space = fit_features(batch, settings.features)
    weights, intercepts = _weights(matrix_of(space, batch), data.labels[train], settings)
    features = matrix_of(space, subset(data.batch, held_out))
    scores: NDArray[np.float64] = features @ weights + intercepts
    return scores


def cross_scores(data: TrainingSet, settings: FitSettings, jobs: int = 1) -> NDArray[np.float64]:
    """Return scores of every sentence from models that have not seen its group (n × 4)."""
    if len(np.unique(data.groups)) < FOLDS:
        message = f"Training needs {FOLDS} articles or more that share no sentence. {_MORE}"
        raise CorpusError(message)
    folds = list(GroupKFold(FOLDS).split(np.zeros(len(data)), groups=data.groups))
    parts = joblib.Parallel(n_jobs=jobs)(
        joblib.delayed(_fold_scores)(data, train, held_out, settings) for train, held_out in folds
    )
    scores = np.zeros((len(data), len(PILLARS)))
    for (_, held_out), part in zip(folds, parts, strict=True):
        scores[held_out] = part
    return scores


def held_out_scores(
    data: TrainingSet, names: Sequence[str], settings: FitSettings, jobs: int = 1
) -> dict[str, tuple[NDArray[np.int64], NDArray[np.bool_]]]:
    """Label each named part of the data by a model that was fitted on all the others.

    Args:
        data: Labelled sentences.
        names: Name of each sentence's part (its genre, its year).
        settings: What decides a model.
        jobs: Processes.

    Returns:
        Name → positions of its sentences, and the labels they got (n × 4).
    """
    named = np.array(names)
    parts = [(name, np.nonzero(named == name)[0]) for name in sorted(set(names))]
    scores = joblib.Parallel(n_jobs=jobs)(
        joblib.delayed(_fold_scores)(data, np.nonzero(named != name)[0], held_out, settings)
        for name, held_out in parts
    )
    return {
        name: (held_out, np.asarray(part >= 0))
        for (name, held_out), part in zip(parts, scores, strict=True)
    }


def fit(data: TrainingSet, settings: FitSettings | None = None, jobs: int = 1) -> Fit:
    """Fit the model: calibration on cross-validated scores, weights on all sentences.

    Args:
        data: The training split.
        settings: Features and regularisation.
        jobs: Processes for the folds; the result does not depend on it.

    Raises:
        CorpusError: There are too few articles, or too few that carry a pillar.
    """
    settings = settings or FitSettings()
    scores = cross_scores(data, settings, jobs)
    space = fit_features(data.batch, settings.features)
    weights, intercepts = _weights(matrix_of(space, data.batch), data.labels, settings)
    calibration = fit_calibration(data.labels, scores)
    return Fit(PillarModel(space, weights, intercepts, calibration), scores)


def as_estimators(model: PillarModel) -> dict[str, LogisticRegression]:
    """Return the classifiers as fitted scikit-learn estimators, one a pillar."""
    found = {}
    for k, pillar in enumerate(PILLARS):
        estimator = LogisticRegression(solver="liblinear")
        estimator.classes_ = np.array([False, True])
        estimator.coef_ = model.weights[:, [k]].T
        estimator.intercept_ = model.intercepts[[k]]
        found[pillar.value] = estimator
    return found
