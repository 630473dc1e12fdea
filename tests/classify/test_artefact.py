"""Models are saved and read without loss; what is missing, cut or changed is a ModelError."""

from __future__ import annotations

import json
import random
import shutil
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from pipeline.classify import artefact
from pipeline.classify.artefact import load_model, save
from pipeline.classify.concepts import concepts
from pipeline.errors import ModelError
from pipeline.learning.labelled import sentence_batch

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pipeline.classify.model import PillarModel
    from pipeline.segment import Segmenter
    from tests.conftest import Tiny

FILES = ("model.npz", "vocabulary.json", "manifest.json")


@pytest.fixture
def folder(tiny: Tiny, tmp_path: Path) -> Path:
    """Return a copy of the tiny model that may be harmed."""
    copy = tmp_path / tiny.trained.path.name
    shutil.copytree(tiny.trained.path, copy)
    return copy


def _rewrite(folder: Path, change: Callable[[dict[str, Any]], object]) -> None:
    path = folder / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    change(manifest)
    path.write_text(json.dumps(manifest), encoding="utf-8")


def _assert_refused(folder: Path, reason: str) -> None:
    with pytest.raises(ModelError, match=reason) as caught:
        load_model(folder)
    assert str(folder) in str(caught.value)
    assert str(caught.value).endswith("Run: make train.")


def test_a_loaded_model_gives_the_scores_of_the_one_that_was_saved(
    tiny: Tiny, segmenter: Segmenter
) -> None:
    batch = sentence_batch(tiny.corpus.articles, segmenter)
    fitted = tiny.trained.fit.model
    assert tiny.model is not fitted
    assert tiny.model.scores(batch).tobytes() == fitted.scores(batch).tobytes()
    assert tiny.model.probabilities(batch).tobytes() == fitted.probabilities(batch).tobytes()
    assert tiny.model.calibration.band == fitted.calibration.band


def test_saving_a_model_again_writes_the_same_bytes(tiny: Tiny, tmp_path: Path) -> None:
    again = save(tiny.model, tmp_path, {})
    assert again.name == tiny.trained.path.name == tiny.trained.loaded.id
    for name in FILES[:2]:
        assert (again / name).read_bytes() == (tiny.trained.path / name).read_bytes()


def test_another_model_has_another_id(tiny: Tiny, tmp_path: Path) -> None:
    before = tiny.model.intercepts.copy()
    tiny.model.intercepts[0] += 1e-12
    try:
        assert save(tiny.model, tmp_path, {}).name != tiny.trained.loaded.id
    finally:
        tiny.model.intercepts[:] = before


def test_the_manifest_says_what_the_model_was_made_of(tiny: Tiny) -> None:
    manifest = tiny.trained.loaded.manifest
    assert manifest["articles"] == len(tiny.articles)
    assert manifest["sentences"] == sum(len(a.sentences) for a in tiny.articles) <= 150
    assert manifest["thresholds"] == tiny.model.calibration.threshold.tolist()
    assert set(manifest["libraries"]) >= {"scikit-learn", "numpy", "underthesea"}
    assert manifest["train_hash"] != manifest["corpus_hash"]
    assert 0 < manifest["cross_validation"]["macro_f1"] <= 1


def test_arrays_are_readable_without_pickle(tiny: Tiny) -> None:
    with np.load(tiny.trained.path / "model.npz", allow_pickle=False) as arrays:
        assert arrays["weights"].shape == (tiny.model.space.size, 4)
        assert all(arrays[name].dtype != object for name in arrays.files)


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    _assert_refused(tmp_path / "none", "There is no model at")


@pytest.mark.parametrize("name", FILES)
def test_a_missing_file_is_refused(name: str, folder: Path) -> None:
    (folder / name).unlink()
    _assert_refused(folder, "There is no model at|cannot be read")


@pytest.mark.parametrize("share", [0.0, 0.3, 0.9, 0.999])
@pytest.mark.parametrize("name", FILES)
def test_a_truncated_file_is_refused(name: str, share: float, folder: Path) -> None:
    content = (folder / name).read_bytes()
    (folder / name).write_bytes(content[: int(len(content) * share)])
    _assert_refused(folder, "cannot be read|was changed")


@pytest.mark.parametrize("name", FILES[:2])
def test_a_flipped_bit_is_refused_or_changes_nothing(name: str, folder: Path, tiny: Tiny) -> None:
    draw = random.Random(20250314)
    content = (folder / name).read_bytes()
    places = [*range(60), *range(len(content) - 400, len(content), 3)]
    places += [draw.randrange(len(content)) for _ in range(60)]
    expected, refused = _content(tiny.model), 0
    for place in places:
        changed = bytearray(content)
        changed[place] ^= 1 << draw.randrange(8)
        (folder / name).write_bytes(changed)
        try:
            loaded = load_model(folder)
        except ModelError:
            refused += 1
        else:  # a date, a flag or a spare field of the zip file
            assert _content(loaded.model) == expected
    assert refused > len(places) * 0.7


def _content(model: PillarModel) -> list[bytes]:
    space = model.space
    arrays = (model.weights, model.intercepts, model.calibration.threshold, space.letters.idf)
    return [a.tobytes() for a in arrays] + [block.idf.tobytes() for block in space.blocks.values()]


@pytest.mark.parametrize(
    "change",
    [
        lambda m: m.update(id="0" * 12),
        lambda m: m["features"].update(words=0.25),
        lambda m: m["features"].update(colour=1.0),
        lambda m: m.pop("features"),
        lambda m: m.pop("id"),
        lambda m: m.update(features=None),
    ],
)
def test_a_changed_manifest_is_refused(
    change: Callable[[dict[str, Any]], object], folder: Path
) -> None:
    _rewrite(folder, change)
    _assert_refused(folder, "was changed|cannot be read")


def test_a_manifest_that_is_no_object_is_refused(folder: Path) -> None:
    (folder / "manifest.json").write_text("[]", encoding="utf-8")
    _assert_refused(folder, "cannot be read")


def test_nothing_that_scores_rest_on_is_read_from_unhashed_facts(
    folder: Path, tiny: Tiny, segmenter: Segmenter
) -> None:
    hashed = ("id", "format", "features")
    _rewrite(folder, lambda m: [m.pop(name) for name in list(m) if name not in hashed])
    batch = sentence_batch(tiny.articles[:5], segmenter)
    scores = load_model(folder).model.scores(batch)
    assert scores.tobytes() == tiny.model.scores(batch).tobytes()


@pytest.mark.parametrize("version", [0, 2, None, "1"])
def test_a_model_of_another_version_is_refused(version: object, folder: Path) -> None:
    _rewrite(folder, lambda manifest: manifest.update(format=version))
    _assert_refused(folder, "made by another version of trucot")


def test_a_model_of_another_lexicon_is_refused(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = concepts()
    monkeypatch.setattr(artefact, "concepts", lambda: known[:-1])
    _assert_refused(folder, "made with another pillar lexicon")
