"""What the review queue teaches the classifier, against as many sentences drawn at random.

The classifier is the shipped one, fitted anew after each round on what a person has labelled so
far; the "person" is the corpus and always right.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from pipeline.classify.training import fit
from pipeline.corpus.articles import read_articles
from pipeline.corpus.splits import DEV, TRAIN, clusters, read_splits, select
from pipeline.learning.evaluation import predict
from pipeline.learning.labelled import label_matrix, sentence_batch, training_set
from pipeline.review import Candidates, ReviewOptions, choose

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from pipeline.classify.model import PillarModel
    from pipeline.corpus.articles import CorpusArticle
    from pipeline.learning.labelled import Segmenter

    Places = NDArray[np.int64]

QUEUE, RANDOM = "queue", "random"


@dataclass(frozen=True, slots=True)
class Curve:
    """What one way of choosing sentences brought, round by round.

    Attributes:
        macro: Macro-F1 on the dev split, from before the first round to after the last.
        corrected: Share of the chosen sentences whose labels were wrong, a round.
    """

    macro: list[float]
    corrected: list[float]


class Reader:
    """A person who labels sentences of a corpus, and the classifier that learns from them.

    Args:
        train: Articles to label.
        dev: Articles to judge by.
        segmenter: Words of sentences.
    """

    def __init__(
        self, train: Sequence[CorpusArticle], dev: Sequence[CorpusArticle], segmenter: Segmenter
    ) -> None:
        self._train, self._dev, self._segmenter = train, dev, segmenter
        self._batch, self._dev_batch = (sentence_batch(a, segmenter) for a in (train, dev))
        self.labels = label_matrix(train)
        self.article_of = np.repeat(np.arange(len(train)), [len(a.sentences) for a in train])
        self._texts = [a.sentence_text(u) for a in train for u in a.sentences]
        kinds = [u.kind for a in train for u in a.sentences]
        self.asked: Places = np.nonzero([not (k.is_furniture or k.is_copy) for k in kinds])[0]

    def learn(self, known: Places) -> tuple[PillarModel, float]:
        """Return a model of the known sentences, and its macro-F1 on dev."""
        ends = np.cumsum([0, *(len(a.sentences) for a in self._train)])
        articles = []
        for article, start in zip(self._train, ends, strict=False):
            mine = known[(known >= start) & (known < start + len(article.sentences))] - start
            if len(mine):
                units = tuple(article.sentences[i] for i in np.sort(mine))
                articles.append(replace(article, sentences=units))
        model = fit(training_set(articles, self._segmenter, clusters(articles))).model
        return model, predict(model, self._dev, self._dev_batch).macro.value

    def candidates(self, model: PillarModel, left: Places) -> Candidates:
        """Return what the model says of the sentences left to label."""
        found = model.probabilities(self._batch)[left]
        return Candidates(
            [str(i) for i in left],
            [self._train[self.article_of[i]].id for i in left],
            [self._texts[i] for i in left],
            found,
            found >= model.calibration.threshold,
            model.calibration.margins(found) < model.calibration.band,
        )


def corpus_reader(corpus: Path, segmenter: Segmenter) -> Reader:
    """Return the reader of a corpus folder."""
    articles = read_articles(corpus / "articles")
    split_of = read_splits(corpus / "splits.json")
    return Reader(select(articles, split_of, TRAIN), select(articles, split_of, DEV), segmenter)


def learning_curves(
    reader: Reader, start: int, step: int, rounds: int, seed: int, share: float | None = None
) -> dict[str, Curve]:
    """Return the curves of the queue and of chance from one and the same start.

    Args:
        reader: Who labels and learns.
        start: Whole articles known before the first round.
        step: Sentences a round.
        rounds: How often to ask.
        seed: Which articles are known at the start, and what chance draws.
        share: Thin the sentences to ask for until this share of them has a pillar; None for all.
    """
    random = np.random.default_rng(seed)
    articles = random.permutation(reader.article_of[-1] + 1)[:start]
    known = reader.asked[np.isin(reader.article_of[reader.asked], articles)]
    pool = _thinned(reader, np.setdiff1d(reader.asked, known), share, random)
    first = reader.learn(known)
    curves = {}
    for order in (QUEUE, RANDOM):
        (model, figure), labelled, left = first, known, pool
        curve = Curve([figure], [])
        for _ in range(rounds):
            found = reader.candidates(model, left)
            if order == QUEUE:
                chosen = np.array([*map(int, choose(found, step, ReviewOptions(seed=seed)))])
            else:
                chosen = random.permutation(left)[:step]
            said = found.labels[np.searchsorted(left, chosen)]
            curve.corrected.append(float((said != reader.labels[chosen]).any(axis=1).mean()))
            labelled, left = np.append(labelled, chosen), np.setdiff1d(left, chosen)
            model, figure = reader.learn(labelled)
            curve.macro.append(figure)
        curves[order] = curve
    return curves


def _thinned(
    reader: Reader, pool: Places, share: float | None, random: np.random.Generator
) -> Places:
    """Return the pool with so few sentences that carry a pillar that their share is `share`."""
    if share is None:
        return pool
    has_pillar = reader.labels[pool].any(axis=1)
    wanted = round((~has_pillar).sum() * share / (1 - share))
    return np.sort(np.append(pool[~has_pillar], random.permutation(pool[has_pillar])[:wanted]))
