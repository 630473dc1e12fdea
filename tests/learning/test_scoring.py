"""Figures on labelled sentences, by hand; bootstrap samples are the same every day."""

from __future__ import annotations

import numpy as np
import pytest

from pipeline.learning.scoring import (
    Interval,
    calibration_figures,
    exact_share,
    interval,
    label_figures,
    macro_interval,
    resamples,
)

GROUPS = ["a", "a", "b", "c", "c", "c"]
ACTUAL = np.array(
    [
        [True, False, False, False],
        [False, False, False, False],
        [True, True, False, False],
        [False, False, False, True],
        [False, False, False, False],
        [False, True, False, False],
    ]
)


def test_figures_of_labels_are_those_counted_by_hand() -> None:
    predicted = ACTUAL.copy()
    predicted[0, 0], predicted[1, 0], predicted[5, 1] = False, True, False
    figures = {f.name: f for f in label_figures(ACTUAL, predicted)}
    government, economy, none = (figures[n] for n in ("government", "economy", "none"))
    assert (government.precision, government.recall, government.n) == (1 / 2, 1 / 2, 2)
    assert (economy.precision, economy.recall, economy.n) == (1.0, 1 / 2, 2)
    assert economy.f1 == pytest.approx(2 / 3)
    assert (none.precision, none.recall, none.n) == (1 / 3, 1 / 2, 2)
    assert figures["society"].f1 == figures["society"].n == 0


def test_samples_draw_whole_articles_and_are_the_same_each_time() -> None:
    first, second = resamples(GROUPS, 50), resamples(GROUPS, 50)
    assert [s.tolist() for s in first] == [s.tolist() for s in second]
    assert len({tuple(s.tolist()) for s in first}) > 5
    members = {"a": [0, 1], "b": [2], "c": [3, 4, 5]}
    for sample in first:
        counts = np.bincount(sample, minlength=6)
        assert all(len({counts[i] for i in places}) == 1 for places in members.values())
        assert sum(counts[places[0]] for places in members.values()) == 3


def test_an_interval_holds_the_figure_and_is_nought_wide_for_a_constant() -> None:
    found = interval(lambda at: float((at < 3).mean()), GROUPS, 200)
    assert found.low < found.value == 0.5 < found.high
    assert interval(lambda _at: 0.25, GROUPS, 20) == Interval(0.25, 0.25, 0.25)
    assert macro_interval(ACTUAL, ACTUAL, GROUPS) == macro_interval(ACTUAL, ACTUAL, GROUPS)
    assert macro_interval(ACTUAL, ~ACTUAL, GROUPS).value < 0.3


def test_an_interval_reads_as_a_figure_with_its_ends() -> None:
    assert str(Interval(0.8123, 0.7, 0.9)) == "0.812 [0.700, 0.900]"


def test_sure_and_right_probabilities_have_no_calibration_error() -> None:
    sure = calibration_figures(ACTUAL, ACTUAL.astype(float))
    unsure = calibration_figures(ACTUAL, np.full(ACTUAL.shape, 0.5))
    assert (sure.ece, sure.brier) == (0.0, 0.0)
    assert unsure.brier == 0.25


def test_a_pillar_set_is_right_only_as_a_whole() -> None:
    predicted = ACTUAL.copy()
    predicted[2, 0] = False
    assert exact_share(ACTUAL, predicted) == pytest.approx(5 / 6)
    assert exact_share(ACTUAL[:0], ACTUAL[:0]) == 0.0
