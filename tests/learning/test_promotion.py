"""A model becomes current only if it clears the floors and does not lose."""

from __future__ import annotations

import random
import shutil
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from pipeline.errors import GateError, ModelError
from pipeline.learning.promotion import promote
from pipeline.learning.training import Corpus, train

if TYPE_CHECKING:
    from pathlib import Path

    from pipeline.segment import Segmenter
    from tests.conftest import Tiny


@pytest.fixture
def models(tiny: Tiny, tmp_path: Path) -> Path:
    """Return a models folder that holds the tiny model, as the current one."""
    shutil.copytree(tiny.root / "models", tmp_path / "models")
    return tmp_path / "models"


def _current(models: Path) -> str:
    return (models / "current").read_text(encoding="utf-8").strip()


def _wider(tiny: Tiny) -> Corpus:
    """Return the corpus with the train articles in dev too, so that there is much to lose."""
    both = [replace(a, id=f"dev-{a.id}") for a in tiny.articles]
    split_of = tiny.corpus.split_of | {a.id: "dev" for a in both}
    return Corpus((*tiny.corpus.articles, *both), split_of)


def _shuffled(corpus: Corpus) -> Corpus:
    """Return the corpus with the labels of all train sentences dealt out anew."""
    articles = corpus.split("train")
    labels = [(u.pillars, u.primary) for a in articles for u in a.sentences]
    random.Random(5).shuffle(labels)
    dealt = iter(labels)
    wrong = []
    for article in articles:
        units = []
        for unit in article.sentences:
            pillars, primary = next(dealt)
            units.append(replace(unit, pillars=pillars, primary=primary, targets=()))
        wrong.append(replace(article, sentences=tuple(units)))
    others = [a for a in corpus.articles if corpus.split_of[a.id] != "train"]
    return Corpus((*wrong, *others), corpus.split_of)


def test_the_first_model_needs_only_the_floors(
    tiny: Tiny, segmenter: Segmenter, models: Path
) -> None:
    (models / "current").unlink()
    done = promote(models / tiny.trained.loaded.id, tiny.corpus, tiny.root / "corpus", segmenter)
    assert done.difference is None
    assert done.model_id == _current(models) == tiny.trained.loaded.id
    assert 0.05 < done.macro <= 1


def test_a_model_that_equals_the_current_one_may_replace_it(
    tiny: Tiny, segmenter: Segmenter, models: Path
) -> None:
    done = promote(models / tiny.trained.loaded.id, tiny.corpus, tiny.root / "corpus", segmenter)
    assert done.difference is not None
    assert (done.difference.low, done.difference.value, done.difference.high) == (0, 0, 0)


def test_a_worse_model_is_stopped_and_the_current_one_stays(
    tiny: Tiny, segmenter: Segmenter, models: Path
) -> None:
    before = _current(models)
    worse = train(_shuffled(tiny.corpus), models, segmenter)
    assert worse.loaded.id != before
    with pytest.raises(GateError, match=f"loses against {before}.*The current model stays") as err:
        promote(worse.path, _wider(tiny), tiny.root / "corpus", segmenter)
    assert err.value.exit_code == 3
    assert _current(models) == before


@pytest.mark.parametrize(
    ("floors", "reason"),
    [
        (None, "an empty gate proves nothing"),
        ("", "an empty gate proves nothing"),
        ("# no line\n", "an empty gate proves nothing"),
        ("macro_f1 = 1.01\n", r"macro_f1 is 0\.\d+, its floor 1\.01"),
        ("f1_economy = 1.01\nmacro_f1 = 0.0\n", "misses floors.toml: f1_economy is"),
        ("macro_f = 0.5\n", "unknown figure macro_f"),
        ("macro_f1 = high\n", "floors.toml is not valid TOML"),
        ('macro_f1 = "high"\n', "floor of macro_f1 is not a number"),
    ],
)
def test_floors_that_are_missed_empty_or_malformed_stop_a_model(
    floors: str | None,
    reason: str,
    tiny: Tiny,
    segmenter: Segmenter,
    models: Path,
    tmp_path: Path,
) -> None:
    (models / "current").unlink()
    if floors is not None:
        (tmp_path / "floors.toml").write_text(floors, encoding="utf-8")
    with pytest.raises(GateError, match=reason):
        promote(models / tiny.trained.loaded.id, tiny.corpus, tmp_path, segmenter)
    assert not (models / "current").exists()


def test_without_a_dev_split_nothing_is_promoted(
    tiny: Tiny, segmenter: Segmenter, models: Path
) -> None:
    corpus = Corpus(tuple(tiny.articles), {})
    with pytest.raises(GateError, match="dev split is empty"):
        promote(models / tiny.trained.loaded.id, corpus, tiny.root / "corpus", segmenter)


def test_a_current_model_that_nobody_can_read_gives_way(
    tiny: Tiny, segmenter: Segmenter, models: Path
) -> None:
    (models / "current").write_text("000000000000\n", encoding="utf-8")
    done = promote(models / tiny.trained.loaded.id, tiny.corpus, tiny.root / "corpus", segmenter)
    assert done.difference is None
    assert done.unreadable is not None
    assert "000000000000" in done.unreadable
    assert _current(models) == tiny.trained.loaded.id


def test_a_candidate_that_cannot_be_read_is_refused(
    tiny: Tiny, segmenter: Segmenter, models: Path
) -> None:
    with pytest.raises(ModelError, match="There is no model at"):
        promote(models / "000000000000", tiny.corpus, tiny.root / "corpus", segmenter)
    assert _current(models) == tiny.trained.loaded.id
