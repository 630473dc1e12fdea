"""What many tests need and what is slow to make: the segmenter, a small corpus, its model."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import pytest

from tests.labelled import write_tiny_corpus

if TYPE_CHECKING:
    from pathlib import Path

    from pipeline.classify.model import PillarModel
    from pipeline.corpus.articles import CorpusArticle
    from pipeline.learning.training import Corpus, Trained
    from pipeline.segment import Segmenter


@dataclass(frozen=True)
class Tiny:
    """A folder with `corpus/` and `models/` in it, and what was read from and trained in it."""

    root: Path
    corpus: Corpus
    trained: Trained

    @property
    def model(self) -> PillarModel:
        """The model as it was loaded from its folder."""
        return self.trained.loaded.model

    @property
    def articles(self) -> list[CorpusArticle]:
        """The articles that the model was trained on."""
        return self.corpus.split("train")


@dataclass(frozen=True)
class Outcome:
    """What a command ended with and what it printed."""

    code: int
    out: str
    err: str


class Command(Protocol):
    """Runs `trucot` with arguments, in this process."""

    def __call__(self, *arguments: object) -> Outcome:
        """Return how the command ended."""
        ...


@pytest.fixture(scope="session")
def segmenter() -> Segmenter:
    from pipeline.segment import Segmenter

    return Segmenter.load()


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory, segmenter: Segmenter) -> Tiny:
    from pipeline.learning.training import read_corpus, train
    from pipeline.settings import CURRENT

    root = tmp_path_factory.mktemp("tiny")
    write_tiny_corpus(root / "corpus")
    corpus = read_corpus(root / "corpus")
    trained = train(corpus, root / "models", segmenter)
    (root / "models" / CURRENT).write_text(trained.loaded.id + "\n", encoding="utf-8")
    return Tiny(root, corpus, trained)


@pytest.fixture
def workplace(tiny: Tiny, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return an empty folder to work in; the tiny model is the current one there."""
    monkeypatch.setenv("TRUCOT_MODELS", str(tiny.root / "models"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def trucot(
    workplace: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Command:
    """Return the command `trucot`, run in `workplace` as its entry point runs it."""
    from pipeline.cli import run

    monkeypatch.setenv("COLUMNS", "200")
    assert workplace.is_dir()

    def call(*arguments: object) -> Outcome:
        monkeypatch.setattr(sys, "argv", ["trucot", *map(str, arguments)])
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            run()
        code = ended.value.code
        captured = capsys.readouterr()
        return Outcome(code if isinstance(code, int) else int(code is not None), *captured)

    return call
