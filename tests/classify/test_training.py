"""Training: the same data give the same model, however many processes; folds keep groups apart."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import joblib
import numpy as np
import pytest
from sklearn.model_selection import GroupKFold

from pipeline.classify.training import (
    FOLDS,
    FitSettings,
    as_estimators,
    cross_scores,
    fit,
    held_out_scores,
    matrix_of,
    subset,
)
from pipeline.errors import CorpusError
from pipeline.learning.training import train
from pipeline.records import PILLARS

if TYPE_CHECKING:
    from pathlib import Path

    from pipeline.segment import Segmenter
    from tests.conftest import Tiny


def test_training_twice_gives_the_same_id(tiny: Tiny, segmenter: Segmenter, tmp_path: Path) -> None:
    again = train(tiny.corpus, tmp_path, segmenter)
    assert again.loaded.id == tiny.trained.loaded.id
    assert again.fit.scores.tobytes() == tiny.trained.fit.scores.tobytes()
    assert (tmp_path / "newest").read_text(encoding="utf-8").strip() == again.loaded.id


def test_the_number_of_jobs_does_not_change_the_model(tiny: Tiny) -> None:
    with joblib.parallel_config(backend="threading"):
        two = fit(tiny.trained.data, jobs=2)
    assert two.scores.tobytes() == tiny.trained.fit.scores.tobytes()
    assert two.model.weights.tobytes() == tiny.trained.fit.model.weights.tobytes()


def test_more_regularisation_gives_smaller_weights(tiny: Tiny) -> None:
    other = fit(tiny.trained.data, FitSettings(strength=0.5, balanced=False))
    assert other.model.weights.shape == tiny.model.weights.shape
    assert np.abs(other.model.weights).sum() < np.abs(tiny.model.weights).sum()


def test_a_cross_score_comes_from_a_model_that_saw_nothing_of_the_group(tiny: Tiny) -> None:
    data = tiny.trained.data
    before = cross_scores(data, FitSettings())
    _, held_out = next(GroupKFold(FOLDS).split(np.zeros(len(data)), groups=data.groups))
    labels = data.labels.copy()
    labels[held_out] = ~labels[held_out]
    after = cross_scores(replace(data, labels=labels), FitSettings())
    assert after[held_out].tobytes() == before[held_out].tobytes()
    others = np.setdiff1d(np.arange(len(data)), held_out)
    assert (after[others] != before[others]).any()


def test_held_out_parts_are_labelled_by_a_model_of_the_others(tiny: Tiny) -> None:
    data = tiny.trained.data
    names = ["odd" if group % 2 else "even" for group in data.groups.tolist()]
    found = held_out_scores(data, names, FitSettings())
    assert sorted(found) == ["even", "odd"]
    places, labels = found["odd"]
    assert places.tolist() == [i for i, name in enumerate(names) if name == "odd"]
    changed = data.labels.copy()
    changed[places] = ~changed[places]
    again = held_out_scores(replace(data, labels=changed), names, FitSettings())
    assert again["odd"][1].tolist() == labels.tolist()
    assert again["even"][1].tolist() != found["even"][1].tolist()


def test_a_pillar_without_examples_is_explained_and_not_a_traceback(tiny: Tiny) -> None:
    labels = tiny.trained.data.labels.copy()
    labels[:, 2] = False
    with pytest.raises(CorpusError, match=r"society.*Add labelled articles"):
        fit(replace(tiny.trained.data, labels=labels))


def test_too_few_articles_for_the_folds_are_explained(tiny: Tiny) -> None:
    data = tiny.trained.data
    few = replace(data, groups=np.zeros(len(data), np.int64))
    with pytest.raises(CorpusError, match="Add labelled articles"):
        fit(few)


def test_a_subset_keeps_words_titles_and_owners(tiny: Tiny) -> None:
    batch = tiny.trained.data.batch
    keep = np.array([2, 3, 6, 7])
    part = subset(batch, keep)
    assert [part.words.words(i) for i in range(4)] == [batch.words.words(k) for k in keep.tolist()]
    assert part.article_of.tolist() == batch.article_of[keep].tolist()
    assert part.titles is batch.titles


def test_the_estimators_score_as_the_model_does(tiny: Tiny) -> None:
    batch = tiny.trained.data.batch
    features = matrix_of(tiny.model.space, batch)
    scores = tiny.model.scores(batch)
    for k, (name, estimator) in enumerate(as_estimators(tiny.model).items()):
        assert name == PILLARS[k]
        assert np.allclose(estimator.decision_function(features), scores[:, k], atol=1e-9)
        assert estimator.predict(features).tolist() == (scores[:, k] > 0).tolist()
