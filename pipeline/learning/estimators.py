"""Other linear classifiers on the features that were kept, for the table of experiments.

All see the same matrices and are calibrated in the same way, on cross-validated scores.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from sklearn.linear_model import LogisticRegression, RidgeClassifier, SGDClassifier
from sklearn.model_selection import GroupKFold
from sklearn.multiclass import OneVsRestClassifier
from sklearn.multioutput import ClassifierChain
from sklearn.naive_bayes import ComplementNB
from sklearn.svm import LinearSVC

from pipeline.classify.calibration import fit_calibration, log_odds
from pipeline.classify.features import FeatureSettings, fit_features
from pipeline.classify.training import FOLDS, matrix_of, subset
from pipeline.learning.experiments import Outcome
from pipeline.learning.labelled import label_matrix
from pipeline.learning.scoring import macro_interval

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from numpy.typing import NDArray
    from scipy import sparse

    from pipeline.classify.calibration import Calibration
    from pipeline.classify.features import Batch
    from pipeline.classify.training import TrainingSet
    from pipeline.learning.experiments import Laboratory
    from pipeline.learning.scoring import Interval

    Scores = NDArray[np.float64]
    Labels = NDArray[np.bool_]


def _logistic() -> LogisticRegression:
    return LogisticRegression(C=10.0, class_weight="balanced", solver="liblinear", random_state=0)


ESTIMATORS: dict[str, Callable[[], Any]] = {
    "logistic regression (kept)": lambda: OneVsRestClassifier(_logistic()),
    "chained logistic regressions": lambda: ClassifierChain(_logistic()),
    "linear support vectors": lambda: OneVsRestClassifier(
        LinearSVC(C=0.5, class_weight="balanced", random_state=0)
    ),
    "ridge": lambda: OneVsRestClassifier(RidgeClassifier(class_weight="balanced")),
    "stochastic gradient descent, log loss": lambda: OneVsRestClassifier(
        SGDClassifier(loss="log_loss", alpha=1e-5, class_weight="balanced", random_state=0)
    ),
    "complement naive Bayes": lambda: OneVsRestClassifier(ComplementNB(alpha=0.1)),
}
"""What was tried, by its name in the table."""


@dataclass(frozen=True, slots=True)
class _Matrices:
    """Features and labels to fit on, and the features of the sets to score."""

    train: sparse.csr_matrix
    labels: Labels
    sets: Mapping[str, sparse.csr_matrix]


def compare_estimators(place: Laboratory) -> Iterator[Outcome]:
    """Fit each estimator on the same matrices: five folds, then the whole train split.

    Features may be negative (word vectors); naive Bayes sees those as 0.
    """
    data = place.data
    folds = list(GroupKFold(FOLDS).split(np.zeros(len(data)), groups=data.groups))
    parts = [_matrices(data, train, {"": subset(data.batch, held)}) for train, held in folds]
    batches = {name: batch for name, (_, batch) in place.sets.items()}
    whole = _matrices(data, np.arange(len(data)), batches)
    for name, make in ESTIMATORS.items():
        scores = np.zeros(data.labels.shape)
        for part, (_, held) in zip(parts, folds, strict=True):
            scores[held] = _scores(make(), part)[""]
        calibration = fit_calibration(data.labels, scores)
        found = _scores(make(), whole)
        sets = {}
        for label, (articles, _) in place.sets.items():
            owners = [a.id for a in articles for _ in a.sentences]
            sets[label] = _interval(calibration, found[label], label_matrix(articles), owners)
        cross_validation = _interval(calibration, scores, data.labels, list(place.owners))
        yield Outcome(name, len(data), cross_validation, sets)


def _interval(
    calibration: Calibration, scores: Scores, labels: Labels, owners: list[str]
) -> Interval:
    found = calibration.probabilities(scores) >= calibration.threshold
    return macro_interval(labels, np.asarray(found), owners)


def _matrices(data: TrainingSet, train: NDArray[np.int64], sets: Mapping[str, Batch]) -> _Matrices:
    batch = subset(data.batch, train)
    space = fit_features(batch, FeatureSettings())
    return _Matrices(
        matrix_of(space, batch),
        data.labels[train],
        {name: matrix_of(space, held) for name, held in sets.items()},
    )


def _scores(estimator: Any, matrices: _Matrices) -> dict[str, Scores]:  # noqa: ANN401
    """Fit an estimator and return its scores of each set (n × 4)."""
    bounded = isinstance(getattr(estimator, "estimator", None), ComplementNB)
    train = matrices.train.maximum(0) if bounded else matrices.train
    fitted = estimator.fit(train, matrices.labels)
    found = {}
    for name, features in matrices.sets.items():
        seen = features.maximum(0) if bounded else features
        by_margin = hasattr(fitted, "decision_function")
        found[name] = (
            fitted.decision_function(seen) if by_margin else log_odds(fitted.predict_proba(seen))
        )
    return found
