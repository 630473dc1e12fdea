"""Everything that is told of a model: figures, baselines, weak spots, errors to read."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from pipeline.classify.concepts import lexicon_labels
from pipeline.learning.labelled import Segmenter, label_matrix, sentence_batch
from pipeline.learning.numbers import Level, number_levels
from pipeline.learning.scoring import (
    CalibrationFigures,
    Figures,
    Interval,
    calibration_figures,
    exact_share,
    label_figures,
    macro_interval,
)
from pipeline.lexicon import load
from pipeline.records import NONE, PILLARS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from pipeline.classify.features import Batch
    from pipeline.classify.model import PillarModel
    from pipeline.corpus.articles import CorpusArticle
    from pipeline.records import WordBatch

    Labels = NDArray[np.bool_]

WORST = 30


@dataclass(frozen=True, slots=True)
class Error:
    """A sentence with a wrong pillar set, and how sure the model was."""

    text: str
    labelled: tuple[str, ...]
    predicted: tuple[str, ...]
    surprise: float


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Figures of one model on one set of labelled articles."""

    articles: int
    sentences: int
    labels: list[Figures]
    macro: Interval
    exact: float
    promised_exact: float
    coverage: float
    calibration: CalibrationFigures
    masked_macro: Interval
    baselines: dict[str, Interval]
    by_genre: dict[str, tuple[float, int]]
    by_year: dict[str, tuple[float, int]]
    primary_confusion: dict[tuple[str, str], int]
    numbers: list[Level]
    worst: list[Error]


@dataclass(frozen=True, slots=True)
class Predicted:
    """Labels, probabilities and predictions of one set, sentence by sentence."""

    groups: list[str]
    actual: Labels
    probabilities: NDArray[np.float64]
    predicted: Labels

    @property
    def macro(self) -> Interval:
        """Macro-F1 with its bootstrap interval by article."""
        return macro_interval(self.actual, self.predicted, self.groups)


def predict(model: PillarModel, articles: Sequence[CorpusArticle], batch: Batch) -> Predicted:
    """Predict labelled sentences; page furniture never has a pillar."""
    probabilities = model.probabilities(batch)
    kinds = [unit.kind for article in articles for unit in article.sentences]
    probabilities[[kind.is_furniture for kind in kinds]] = 0.0
    return Predicted(
        [article.id for article in articles for _ in article.sentences],
        label_matrix(articles),
        probabilities,
        probabilities >= model.calibration.threshold,
    )


def evaluate(
    model: PillarModel,
    articles: Sequence[CorpusArticle],
    segmenter: Segmenter,
    plain: PillarModel | None = None,
) -> Evaluation:
    """Evaluate a model on labelled articles.

    Args:
        model: The model.
        articles: Articles that it was not trained on.
        segmenter: Words of sentences.
        plain: A model of word n-grams alone, as a baseline.
    """
    batch = sentence_batch(articles, segmenter)
    found = predict(model, articles, batch)
    kept = model.calibration.margins(found.probabilities) >= model.calibration.band
    masked = sentence_batch(articles, _Masking(segmenter))
    return Evaluation(
        articles=len(articles),
        sentences=len(found.actual),
        labels=label_figures(found.actual, found.predicted),
        macro=found.macro,
        exact=exact_share(found.actual, found.predicted),
        promised_exact=exact_share(found.actual[kept], found.predicted[kept]),
        coverage=float(kept.mean()),
        calibration=calibration_figures(found.actual, found.probabilities),
        masked_macro=predict(model, articles, masked).macro,
        baselines=_baselines(found, articles, batch, plain),
        by_genre=_by(found, [a.genre for a in articles for _ in a.sentences]),
        by_year=_by(found, [(a.published or "?")[:4] for a in articles for _ in a.sentences]),
        primary_confusion=_confusion(found, articles),
        numbers=number_levels(articles),
        worst=_worst(found, articles),
    )


def _baselines(
    found: Predicted, articles: Sequence[CorpusArticle], batch: Batch, plain: PillarModel | None
) -> dict[str, Interval]:
    majority = np.zeros_like(found.actual)
    baselines = {
        "majority (none)": majority,
        "keyword list (lexicon)": lexicon_labels(
            [batch.words.words(k) for k in range(len(batch.words))]
        ),
    }
    if plain is not None:
        baselines["plain TF-IDF and logistic regression"] = predict(
            plain, articles, batch
        ).predicted
    return {
        name: macro_interval(found.actual, labels, found.groups)
        for name, labels in baselines.items()
    }


class _Masking:
    """A segmenter that first takes numbers, years, places and outlets out of the text.

    The drop that follows says how far a model leans on them (shortcut test).
    """

    def __init__(self, segmenter: Segmenter) -> None:
        self._segmenter = segmenter
        names = load("masks")
        places = sorted(map(re.escape, names["places"]), key=len, reverse=True)
        outlets = sorted(map(re.escape, names["outlets"]), key=len, reverse=True)
        self._rules: list[tuple[re.Pattern[str], str]] = [
            (re.compile(rf"(?<!\w)(?:{'|'.join(places)})(?!\w)"), "địa phương"),
            (re.compile(rf"(?<!\w)(?:{'|'.join(outlets)})(?!\w)"), "báo"),
            (re.compile(r"(?<!\w)\d[\d.,/]*"), "1"),
        ]

    def segment(self, texts: Sequence[str]) -> WordBatch:
        """Return the words of the masked texts."""
        masked = list(texts)
        for pattern, word in self._rules:
            masked = [pattern.sub(word, text) for text in masked]
        return self._segmenter.segment(masked)


def _by(found: Predicted, names: Sequence[str]) -> dict[str, tuple[float, int]]:
    """Return share of right pillar sets and number of sentences, name by name."""
    members: dict[str, list[int]] = defaultdict(list)
    for position, name in enumerate(names):
        members[name].append(position)
    return {
        name: (exact_share(found.actual[at], found.predicted[at]), len(at))
        for name, at in sorted(members.items())
    }


def _confusion(found: Predicted, articles: Sequence[CorpusArticle]) -> dict[tuple[str, str], int]:
    labelled = [
        NONE if u.primary is None else u.primary.value for a in articles for u in a.sentences
    ]
    best = found.probabilities.argmax(axis=1)
    given = np.asarray(found.predicted.any(axis=1))
    pairs = zip(best.tolist(), given.tolist(), strict=True)
    predicted = [PILLARS[k].value if has else NONE for k, has in pairs]
    return dict(sorted(Counter(zip(labelled, predicted, strict=True)).items()))


def _worst(found: Predicted, articles: Sequence[CorpusArticle]) -> list[Error]:
    texts = [a.sentence_text(u) for a in articles for u in a.sentences]
    held = np.clip(found.probabilities, 1e-6, 1 - 1e-6)
    wrong = np.nonzero((found.actual != found.predicted).any(axis=1))[0]
    losses = -np.where(found.actual, np.log(held), np.log(1 - held)).sum(axis=1)
    order = sorted(wrong.tolist(), key=lambda i: -losses[i])[:WORST]
    return [
        Error(texts[i], _names(found.actual[i, :]), _names(found.predicted[i, :]), float(losses[i]))
        for i in order
    ]


def _names(row: NDArray[np.bool_]) -> tuple[str, ...]:
    return tuple(PILLARS[k].value for k in np.nonzero(row)[0].tolist())
