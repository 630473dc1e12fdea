"""Labelled articles as training sets and as scored documents."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Protocol

import numpy as np

from pipeline.classify.model import batch_of
from pipeline.classify.training import TrainingSet
from pipeline.corpus.articles import article_to_json
from pipeline.records import PILLARS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from pipeline.classify.features import Batch
    from pipeline.corpus.articles import CorpusArticle
    from pipeline.records import WordBatch


class Segmenter(Protocol):
    """Gives the words of sentences; see `pipeline.segment`."""

    def segment(self, texts: Sequence[str]) -> WordBatch:
        """Return the words of each text."""
        ...


class WarmSegmenter(Segmenter, Protocol):
    """A segmenter that can leave behind what the next process needs to start warm."""

    def save_warm(self, path: Path, texts: Sequence[str]) -> None:
        """Write the tables that segmenting `texts` fills."""
        ...


def corpus_hash(articles: Sequence[CorpusArticle]) -> str:
    """Return a hash of the labelled articles; their order does not matter."""
    lines = sorted(repr(article_to_json(article)) for article in articles)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]


def sentence_batch(articles: Sequence[CorpusArticle], segmenter: Segmenter) -> Batch:
    """Return the sentences of labelled articles as the classifier takes them."""
    documents = [article.as_document() for article in articles]
    words = segmenter.segment([s.text for d in documents for s in d.sentences])
    titles = segmenter.segment([d.article.title or "" for d in documents])
    return batch_of(documents, words, titles)


def label_matrix(articles: Sequence[CorpusArticle]) -> NDArray[np.bool_]:
    """Return the labels of all sentences, n × 4 in the order of `PILLARS`."""
    rows = [[p in u.pillars for p in PILLARS] for a in articles for u in a.sentences]
    return np.array(rows, bool).reshape(-1, len(PILLARS))


def training_set(
    articles: Sequence[CorpusArticle], segmenter: Segmenter, cluster_of: Mapping[str, str]
) -> TrainingSet:
    """Return the training set of labelled articles.

    Args:
        articles: Labelled articles.
        segmenter: Words of sentences.
        cluster_of: Article id → id of its near-duplicate cluster; clusters stay in one fold.
    """
    names = sorted({cluster_of.get(a.id, a.id) for a in articles})
    number = {name: i for i, name in enumerate(names)}
    groups = [number[cluster_of.get(a.id, a.id)] for a in articles for _ in a.sentences]
    batch = sentence_batch(articles, segmenter)
    return TrainingSet(batch, label_matrix(articles), np.array(groups, np.int64))
