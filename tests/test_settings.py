"""Where models and corpus are looked for when the user does not say."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.errors import ModelError
from pipeline.settings import PROJECT, corpus_folder, model_path, models_folder, newest_model


def test_the_environment_names_the_models_before_anything_else(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("TRUCOT_MODELS", raising=False)
    assert models_folder() == PROJECT / "models"
    (tmp_path / "models").mkdir()
    (tmp_path / "models/current").write_text("m1\n", encoding="utf-8")
    assert models_folder() == Path("models")
    assert model_path() == Path("models/m1")
    monkeypatch.setenv("TRUCOT_MODELS", "elsewhere")
    assert models_folder() == Path("elsewhere")


def test_a_corpus_here_is_used_before_the_shipped_one(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    assert corpus_folder() == PROJECT / "corpus"
    (tmp_path / "corpus/articles").mkdir(parents=True)
    assert corpus_folder() == Path("corpus")


def test_a_named_model_is_taken_as_it_is_and_none_at_all_is_explained(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("TRUCOT_MODELS", str(tmp_path))
    assert model_path(Path("mine")) == newest_model(Path("mine")) == Path("mine")
    for find in (model_path, newest_model):
        with pytest.raises(ModelError, match="make train"):
            find()
    (tmp_path / "newest").write_text("m2\n", encoding="utf-8")
    assert newest_model() == tmp_path / "m2"
