"""From the labelled corpus to a model folder."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import asdict, dataclass
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

import joblib

from pipeline import __version__
from pipeline.classify.artefact import load_model, save
from pipeline.classify.background import document_frequencies
from pipeline.classify.calibration import PROMISE, macro_f1
from pipeline.classify.training import Fit, FitSettings, TrainingSet, as_estimators, fit
from pipeline.corpus.articles import GUIDELINE_VERSION, CorpusArticle, read_articles
from pipeline.corpus.splits import TRAIN, clusters, read_splits, select
from pipeline.learning.labelled import WarmSegmenter, corpus_hash, training_set
from pipeline.settings import NEWEST, WARM

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from pipeline.classify.artefact import Loaded

LIBRARIES = ("scikit-learn", "numpy", "underthesea", "underthesea-core")

_FREQUENT = 200
"""Sentences of real news that hold a frequent syllable."""


@dataclass(frozen=True, slots=True)
class Corpus:
    """The shipped corpus with extra labelled articles, and the split of each article."""

    articles: tuple[CorpusArticle, ...]
    split_of: dict[str, str]

    def split(self, name: str) -> list[CorpusArticle]:
        """Return the articles of one split; extra articles are train."""
        return select(self.articles, self.split_of, name)


@dataclass(frozen=True, slots=True)
class Trained:
    """Where a new model lies, and what it was fitted on."""

    path: Path
    loaded: Loaded
    fit: Fit
    data: TrainingSet


def read_corpus(folder: Path, extra: Sequence[Path] = ()) -> Corpus:
    """Read `folder/articles` with its splits, and further labelled files beside it.

    An extra article with the id of a shipped one replaces it (a correction) and keeps its split.

    Raises:
        CorpusError: A file is missing or breaks the contract.
    """
    by_id = {article.id: article for article in read_articles(folder / "articles")}
    for path in extra:
        by_id.update((article.id, article) for article in read_articles(path))
    return Corpus(tuple(by_id.values()), read_splits(folder / "splits.json"))


def train(
    corpus: Corpus,
    models: Path,
    segmenter: WarmSegmenter,
    settings: FitSettings | None = None,
    jobs: int = 1,
) -> Trained:
    """Fit a model on the train split and save it in `models/<id>/`.

    Args:
        corpus: Labelled articles with splits.
        models: Folder of models.
        segmenter: Words of sentences.
        settings: Features and regularisation.
        jobs: Processes for cross-validation; the model does not depend on it.
    """
    settings = settings or FitSettings()
    articles = corpus.split(TRAIN)
    data = training_set(articles, segmenter, clusters(articles))
    fitted = fit(data, settings, jobs)
    path = save(fitted.model, models, _facts(corpus, articles, data, fitted, settings))
    segmenter.save_warm(path / WARM, warm_texts(articles))
    (models / NEWEST).write_text(path.name + "\n", encoding="utf-8")
    return Trained(path, load_model(path), fitted, data)


def warm_texts(articles: Sequence[CorpusArticle]) -> list[str]:
    """Return texts whose chunks a new process shall know: sentences, and syllables of real news.

    A syllable stands as it is met most: in lower case and with a capital, alone, before a comma and
    before a full stop at the end; a frequent one also in capitals.
    """
    _, counts = document_frequencies()
    syllables: Counter[str] = Counter()
    for word, count in counts.items():
        for syllable in word.split("_"):
            syllables[syllable] += count
    texts = [article.sentence_text(unit) for article in articles for unit in article.sentences]
    for syllable, count in sorted(syllables.items()):
        small, large = syllable, syllable.title()
        also = f"{syllable.upper()} " if count >= _FREQUENT else ""
        texts += [f"{also}{small} {large} {small}, {large}, {small}.", f"{large}."]
    return texts


def keep_estimators(trained: Trained) -> Path:
    """Write the four logistic regressions with joblib, for people who go on in scikit-learn.

    The file is for them alone; nothing here ever loads one.
    """
    path = trained.path / "estimators.joblib"
    joblib.dump(as_estimators(trained.fit.model), path)
    return path


def _facts(
    corpus: Corpus,
    articles: Sequence[CorpusArticle],
    data: TrainingSet,
    fitted: Fit,
    settings: FitSettings,
) -> dict[str, Any]:
    calibration = fitted.model.calibration
    probabilities = calibration.probabilities(fitted.scores)
    kept = calibration.margins(probabilities) >= calibration.band
    return {
        "trucot": __version__,
        "libraries": {name: version(name) for name in LIBRARIES},
        "corpus_hash": corpus_hash(corpus.articles),
        "guideline_version": GUIDELINE_VERSION,
        "train_hash": corpus_hash(articles),
        "articles": len(articles),
        "sentences": len(data),
        "settings": json.loads(json.dumps(asdict(settings))),
        "thresholds": calibration.threshold.tolist(),
        "cross_validation": {
            "macro_f1": macro_f1(data.labels, probabilities >= calibration.threshold),
            "promise": PROMISE,
            "coverage": float(kept.mean()),
        },
    }
