"""Scores into probabilities, thresholds and an abstention band, all from cross-validated scores."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from pipeline.records import PILLARS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Scores = NDArray[np.float64]
    Labels = NDArray[np.bool_]

PROMISE = 0.95
"""Share of sentences outside the abstention band whose pillar set shall be right."""

_GRID = 99
_ROUNDS = 3
_FAR = 700.0


@dataclass(frozen=True, slots=True)
class Calibration:
    """How the scores of four classifiers are read.

    The probability of a pillar is `1 / (1 + exp(-(slope * score + offset)))`; the pillar is given
    from `threshold` on. A sentence whose nearest pillar lies within `band` of its threshold, in
    log odds, is marked abstained.
    """

    slope: Scores
    offset: Scores
    threshold: Scores
    band: float

    def probabilities(self, scores: Scores) -> Scores:
        """Return calibrated probabilities of raw scores (n × 4)."""
        return _logistic(scores * self.slope + self.offset)

    def margins(self, probabilities: Scores) -> Scores:
        """Return the least distance of a sentence's pillars to their thresholds, in log odds."""
        nearest: Scores = np.abs(log_odds(probabilities) - log_odds(self.threshold)).min(axis=1)
        return nearest


def _logistic(odds: Scores) -> Scores:
    """Return probabilities of log odds; beyond 700 the exponential has no number."""
    probabilities: Scores = 1.0 / (1.0 + np.exp(-np.clip(odds, -_FAR, _FAR)))
    return probabilities


def log_odds(probabilities: Scores) -> Scores:
    """Return log odds, with probabilities held off 0 and 1."""
    held = np.clip(probabilities, 1e-9, 1 - 1e-9)
    odds: Scores = np.log(held / (1 - held))
    return odds


def f1(actual: Labels, predicted: Labels) -> float:
    """Return F1 of a yes/no label; 0 where nothing is right.

    >>> round(f1(np.array([True, True, False]), np.array([True, False, True])), 2)
    0.5
    """
    right = int((actual & predicted).sum())
    return 2 * right / max(1, int(actual.sum()) + int(predicted.sum()))


def macro_f1(actual: Labels, predicted: Labels) -> float:
    """Return the mean F1 of the four pillars and of none (n × 4 labels)."""
    scores = [f1(actual[:, k], predicted[:, k]) for k in range(len(PILLARS))]
    none, predicted_none = np.all(~actual, axis=1), np.all(~predicted, axis=1)
    return float(np.mean([*scores, f1(np.asarray(none), np.asarray(predicted_none))]))


def best_thresholds(actual: Labels, probabilities: Scores) -> Scores:
    """Return the thresholds that maximise macro-F1: coordinate ascent from each pillar's best."""
    grid = np.linspace(0, 1, _GRID + 2)[1:-1]
    best = np.array(
        [
            max(grid, key=lambda t: f1(actual[:, k], probabilities[:, k] >= t))
            for k in range(len(PILLARS))
        ]
    )
    for _ in range(_ROUNDS):
        for k in range(len(PILLARS)):
            trials = np.tile(best, (_GRID, 1))
            trials[:, k] = grid
            gains = [macro_f1(actual, probabilities >= trial) for trial in trials]
            best = trials[int(np.argmax(gains))]
    return best


def abstention_band(actual: Labels, probabilities: Scores, thresholds: Scores) -> float:
    """Return the narrowest band outside which the promised share of pillar sets is right."""
    right = ((probabilities >= thresholds) == actual).all(axis=1)
    margins = np.abs(log_odds(probabilities) - log_odds(thresholds)).min(axis=1)
    order = np.argsort(-margins, kind="stable")
    share = np.cumsum(right[order]) / np.arange(1, len(order) + 1)
    kept = np.nonzero(share >= PROMISE)[0]
    return float(margins[order[kept[-1]]]) if len(kept) else float(margins.max())


def fit_calibration(actual: Labels, scores: Scores) -> Calibration:
    """Fit slope and offset (Platt), thresholds and band on cross-validated scores (n × 4)."""
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415 - four seconds to import

    slope, offset = np.ones(len(PILLARS)), np.zeros(len(PILLARS))
    for k in range(len(PILLARS)):
        platt = LogisticRegression(C=1e6).fit(scores[:, [k]], actual[:, k])
        slope[k], offset[k] = platt.coef_[0, 0], platt.intercept_[0]
    probabilities = _logistic(scores * slope + offset)
    thresholds = best_thresholds(actual, probabilities)
    return Calibration(
        slope, offset, thresholds, abstention_band(actual, probabilities, thresholds)
    )


def expected_calibration_error(actual: Labels, probabilities: Scores, bins: int = 10) -> float:
    """Return the mean gap of confidence and frequency over bins of equal mass (one pillar)."""
    order = np.argsort(probabilities, kind="stable")
    parts = np.array_split(order, bins)
    gaps = [
        abs(float(probabilities[part].mean()) - float(actual[part].mean())) * len(part)
        for part in parts
        if len(part)
    ]
    return sum(gaps) / len(order)


def brier(actual: Labels, probabilities: Scores) -> float:
    """Return the mean squared gap between probability and outcome (one pillar)."""
    return float(np.mean((probabilities - actual) ** 2))
