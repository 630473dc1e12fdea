"""Probabilities rise with scores, thresholds are the best, the promise holds where it was made."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.classify.calibration import (
    PROMISE,
    Calibration,
    abstention_band,
    best_thresholds,
    brier,
    expected_calibration_error,
    f1,
    fit_calibration,
    log_odds,
    macro_f1,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tests.conftest import Tiny


@pytest.fixture(scope="module")
def made() -> tuple[NDArray[np.bool_], NDArray[np.float64]]:
    """Return labels of 400 sentences and scores that tell them apart, with noise."""
    draw = np.random.default_rng(3)
    labels = draw.random((400, 4)) < (0.4, 0.3, 0.2, 0.1)
    return labels, np.where(labels, 1.5, -1.5) + draw.normal(0, 1, labels.shape)


def test_a_higher_score_is_a_higher_probability(tiny: Tiny) -> None:
    scores = np.linspace(-2, 2, 200)[:, None].repeat(4, axis=1)
    assert (tiny.model.calibration.slope > 0).all()
    probabilities = tiny.model.calibration.probabilities(scores)
    assert (np.diff(probabilities, axis=0) > 0).all()
    assert ((probabilities > 0) & (probabilities < 1)).all()


def test_fitted_probabilities_are_frequencies(
    made: tuple[NDArray[np.bool_], NDArray[np.float64]],
) -> None:
    labels, scores = made
    probabilities = fit_calibration(labels, scores).probabilities(scores)
    for k in range(4):
        assert probabilities[:, k].mean() == pytest.approx(labels[:, k].mean(), abs=1e-3)
        assert expected_calibration_error(labels[:, k], probabilities[:, k]) < 0.05
        raw = 1 / (1 + np.exp(-scores[:, k]))
        assert brier(labels[:, k], probabilities[:, k]) < brier(labels[:, k], raw)


def test_no_single_threshold_on_the_grid_does_better(
    made: tuple[NDArray[np.bool_], NDArray[np.float64]],
) -> None:
    labels, scores = made
    probabilities = fit_calibration(labels, scores).probabilities(scores)
    best = best_thresholds(labels, probabilities)
    reached = macro_f1(labels, probabilities >= best)
    assert reached > macro_f1(labels, probabilities >= 0.9)
    for k in range(4):
        for trial in np.linspace(0, 1, 101)[1:-1]:
            moved = best.copy()
            moved[k] = trial
            assert macro_f1(labels, probabilities >= moved) <= reached


def test_the_promise_holds_on_what_it_was_fitted_on(
    made: tuple[NDArray[np.bool_], NDArray[np.float64]], tiny: Tiny
) -> None:
    fitted = [
        (made[0], made[1], fit_calibration(*made)),
        (tiny.trained.data.labels, tiny.trained.fit.scores, tiny.trained.fit.model.calibration),
    ]
    for labels, scores, calibration in fitted:
        probabilities = calibration.probabilities(scores)
        kept = calibration.margins(probabilities) >= calibration.band
        right = ((probabilities >= calibration.threshold) == labels).all(axis=1)
        assert kept.any()
        assert right[kept].mean() >= PROMISE or kept.sum() == 1
        assert kept.sum() < len(kept)


def test_the_band_is_the_narrowest_that_keeps_the_promise(
    made: tuple[NDArray[np.bool_], NDArray[np.float64]],
) -> None:
    labels, scores = made
    calibration = fit_calibration(labels, scores)
    probabilities = calibration.probabilities(scores)
    margins = calibration.margins(probabilities)
    right = ((probabilities >= calibration.threshold) == labels).all(axis=1)
    narrower = sorted(m for m in margins.tolist() if m < calibration.band)
    assert len(narrower) > 10
    assert all(right[margins >= band].mean() < PROMISE for band in narrower)


def test_without_an_error_nothing_is_abstained() -> None:
    labels = np.eye(4, dtype=bool)
    probabilities = np.where(labels, 0.9, 0.1)
    thresholds = np.full(4, 0.5)
    band = abstention_band(labels, probabilities, thresholds)
    calibration = Calibration(np.ones(4), np.zeros(4), thresholds, band)
    assert (calibration.margins(probabilities) >= band).all()


def test_with_nothing_but_errors_the_band_takes_in_all_but_the_surest() -> None:
    labels = np.zeros((3, 4), bool)
    probabilities = np.full((3, 4), 0.1)
    probabilities[:, 0] = [0.7, 0.8, 0.9]
    thresholds = np.full(4, 0.5)
    band = abstention_band(labels, probabilities, thresholds)
    margins = np.abs(log_odds(probabilities) - log_odds(thresholds)).min(axis=1)
    assert band == margins.max()


_ROWS = st.lists(st.tuples(st.booleans(), st.booleans()), min_size=1, max_size=30)


@settings(max_examples=60, deadline=None)
@given(_ROWS)
def test_f1_is_that_of_its_definition(rows: list[tuple[bool, bool]]) -> None:
    actual, predicted = (np.array(column) for column in zip(*rows, strict=True))
    right, given_, true = ((actual & predicted).sum(), predicted.sum(), actual.sum())
    precision, recall = right / max(1, given_), right / max(1, true)
    expected = 2 * precision * recall / (precision + recall) if right else 0.0
    assert f1(actual, predicted) == pytest.approx(expected)


def test_macro_f1_counts_none_as_a_fifth_label() -> None:
    actual = np.array([[True, False, False, False], [False] * 4])
    assert macro_f1(actual, actual) == pytest.approx(2 / 5)
    assert macro_f1(actual, ~actual) == 0.0


def test_calibration_error_is_the_gap_of_confidence_and_frequency() -> None:
    actual = np.array([True] * 5 + [False] * 5)
    assert expected_calibration_error(actual, np.full(10, 0.5), bins=1) == 0.0
    assert expected_calibration_error(actual, np.full(10, 0.9), bins=1) == pytest.approx(0.4)
    assert brier(actual, actual.astype(float)) == 0.0
    assert brier(actual, np.full(10, 0.5)) == 0.25


def test_scores_far_out_are_sure_and_no_error(tiny: Tiny) -> None:
    far = np.array([[-1e6] * 4, [1e6] * 4])
    assert tiny.model.calibration.probabilities(far).round(6).tolist() == [[0.0] * 4, [1.0] * 4]
