"""The laboratory: every experiment and estimator runs, and is scored as the model itself is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pipeline.classify.training import FitSettings, fit
from pipeline.learning.estimators import ESTIMATORS, compare_estimators
from pipeline.learning.evaluation import predict
from pipeline.learning.experiments import (
    Laboratory,
    as_markdown,
    laboratory,
    learning_curve,
    run_experiment,
)

if TYPE_CHECKING:
    from pipeline.segment import Segmenter
    from tests.conftest import Tiny


@pytest.fixture(scope="module")
def place(tiny: Tiny, segmenter: Segmenter) -> Laboratory:
    return laboratory(tiny.corpus, segmenter, [])


def test_an_experiment_scores_what_the_fitted_model_says(place: Laboratory) -> None:
    outcome = run_experiment(place, "kept", FitSettings())
    articles, batch = place.sets["our dev split"]
    model = fit(place.data, FitSettings()).model
    assert outcome.sets == {"our dev split": predict(model, articles, batch).macro}
    assert outcome.sentences == len(place.data)


def test_every_estimator_is_compared_and_the_kept_one_agrees(place: Laboratory) -> None:
    outcomes = {outcome.name: outcome for outcome in compare_estimators(place)}
    assert list(outcomes) == list(ESTIMATORS)
    kept = run_experiment(place, "kept", FitSettings())
    mine = outcomes["logistic regression (kept)"]
    assert mine.cross_validation == kept.cross_validation
    assert mine.sets == kept.sets
    assert len({str(o.cross_validation) for o in outcomes.values()}) > 1


def test_a_curve_grows_and_is_told_as_a_table(place: Laboratory) -> None:
    outcomes = list(learning_curve(place, FitSettings(), jobs=1, shares=(0.8, 1.0)))
    sizes = [outcome.sentences for outcome in outcomes]
    assert sizes[0] < sizes[1] == len(place.data)
    lines = as_markdown(outcomes).splitlines()
    assert len(lines) == 2 + len(outcomes)
    assert all(line.count("|") == lines[0].count("|") for line in lines)
