"""Figures of a classifier on labelled sentences."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from pipeline.classify.calibration import (
    brier,
    expected_calibration_error,
    f1,
    macro_f1,
)
from pipeline.records import NONE, PILLARS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    Labels = NDArray[np.bool_]
    Scores = NDArray[np.float64]

ROUNDS = 1000
_SEED = 7


@dataclass(frozen=True, slots=True)
class Figures:
    """Precision, recall and F1 of one label, and how often it occurs."""

    name: str
    precision: float
    recall: float
    f1: float
    n: int


@dataclass(frozen=True, slots=True)
class Interval:
    """A figure with its 95 % bootstrap interval by article."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.value:.3f} [{self.low:.3f}, {self.high:.3f}]"


def label_figures(actual: Labels, predicted: Labels) -> list[Figures]:
    """Return figures of the four pillars and of none (n × 4 labels)."""
    columns = [(str(p), actual[:, k], predicted[:, k]) for k, p in enumerate(PILLARS)]
    columns.append((NONE, ~np.any(actual, axis=1), ~np.any(predicted, axis=1)))
    return [_figures(*column) for column in columns]


def _figures(name: str, actual: Labels, predicted: Labels) -> Figures:
    right = int((actual & predicted).sum())
    precision = right / max(1, int(predicted.sum()))
    recall = right / max(1, int(actual.sum()))
    return Figures(name, precision, recall, f1(actual, predicted), int(actual.sum()))


def resamples(groups: Sequence[str], rounds: int = ROUNDS) -> list[NDArray[np.int64]]:
    """Return bootstrap samples of sentence positions, drawn article by article."""
    members: dict[str, list[int]] = defaultdict(list)
    for position, group in enumerate(groups):
        members[group].append(position)
    blocks = [np.array(m, np.int64) for m in members.values()]
    draw = np.random.default_rng(_SEED)
    return [
        np.concatenate([blocks[i] for i in draw.integers(0, len(blocks), len(blocks))])
        for _ in range(rounds)
    ]


def interval(
    measure: Callable[[NDArray[np.int64]], float], groups: Sequence[str], rounds: int = ROUNDS
) -> Interval:
    """Return a figure on all sentences with its bootstrap interval.

    Args:
        measure: Figure on the sentences at the given positions.
        groups: Article of each sentence.
        rounds: Number of samples.
    """
    values = [measure(sample) for sample in resamples(groups, rounds)]
    low, high = np.percentile(values, [2.5, 97.5])
    return Interval(measure(np.arange(len(groups))), float(low), float(high))


def macro_interval(actual: Labels, predicted: Labels, groups: Sequence[str]) -> Interval:
    """Return macro-F1 with its interval."""
    return interval(lambda at: macro_f1(actual[at], predicted[at]), groups)


@dataclass(frozen=True, slots=True)
class CalibrationFigures:
    """How far probabilities can be trusted: means over the four pillars."""

    ece: float
    brier: float


def calibration_figures(actual: Labels, probabilities: Scores) -> CalibrationFigures:
    """Return expected calibration error (ten bins of equal mass) and Brier score."""
    pairs = [(actual[:, k], probabilities[:, k]) for k in range(len(PILLARS))]
    return CalibrationFigures(
        float(np.mean([expected_calibration_error(a, p) for a, p in pairs])),
        float(np.mean([brier(a, p) for a, p in pairs])),
    )


def exact_share(actual: Labels, predicted: Labels) -> float:
    """Return the share of sentences whose pillar set is right."""
    return float((actual == predicted).all(axis=1).mean()) if len(actual) else 0.0
