"""The walk from articles to labels, as the README tells it.

    ingest ─► clean ─► split ─┬─► segment ─► classify ─┐
                              └─► targets ─────────────┴─► join

A batch of articles goes through each stage as a batch: that is where the speed is.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

from pipeline.classify.primary import choose_primary
from pipeline.clean import clean_all
from pipeline.places import locate
from pipeline.records import (
    Document,
    LabelledArticle,
    LabelledSentence,
    Prediction,
    RawArticle,
    Target,
    WordBatch,
)
from pipeline.split import split_sentences
from pipeline.targets import find_all

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Classifier", "Segmenter", "join_all", "label_articles"]


class Segmenter(Protocol):
    """Gives the words of sentences; see `pipeline.segment`."""

    def segment(self, texts: Sequence[str]) -> WordBatch:
        """Return the words of each text."""
        ...


class Classifier(Protocol):
    """Gives the pillars of sentences; see `pipeline.classify`."""

    def predict(
        self, documents: Sequence[Document], words: WordBatch, titles: WordBatch
    ) -> list[list[Prediction]]:
        """Return one prediction for each sentence of each document."""
        ...


def label_articles(
    raws: Sequence[RawArticle], segmenter: Segmenter, classifier: Classifier
) -> list[LabelledArticle]:
    """Take a batch of articles with text through all stages.

    Args:
        raws: Articles as `ingest.read_article` gives them: `text` is set.
        segmenter: Words of sentences.
        classifier: Pillars of sentences.
    """
    documents = [split_sentences(article) for article in clean_all(raws)]
    words = segmenter.segment([s.text for d in documents for s in d.sentences])
    titles = segmenter.segment([d.article.title or "" for d in documents])
    predictions = classifier.predict(documents, words, titles)
    targets = find_all(documents)
    return join_all(documents, predictions, targets)


def join_all(
    documents: Sequence[Document],
    predictions: Sequence[Sequence[Prediction]],
    targets: Sequence[Sequence[tuple[Target, ...]]],
) -> list[LabelledArticle]:
    """Put what the stages say of each article together, and say where it is from."""
    articles = [document.article for document in documents]
    places = [locate(a.title or "", a.text, a.source or "") for a in articles]
    sentences = [_labelled(*each) for each in zip(documents, predictions, targets, strict=True)]
    return [
        LabelledArticle(article, labelled, province=where.province, place=where.place)
        for article, labelled, where in zip(articles, sentences, places, strict=True)
    ]


def _labelled(
    document: Document,
    predictions: Sequence[Prediction],
    targets: Sequence[tuple[Target, ...]],
) -> tuple[LabelledSentence, ...]:
    """Return the sentences of an article with their pillars and targets.

    A number whose own words name no pillar takes that of its sentence when there is just one.
    """
    sentences = []
    for sentence, prediction, numbers in zip(document.sentences, predictions, targets, strict=True):
        found, labels = numbers, prediction
        if numbers:
            found = tuple(_with_pillar(target, prediction) for target in numbers)
        if len(prediction.pillars) > 1:
            primary = choose_primary(document, sentence, prediction, found)
            if primary is not prediction.primary:
                labels = replace(prediction, primary=primary)
        sentences.append(LabelledSentence(sentence, labels, found))
    return tuple(sentences)


def _with_pillar(target: Target, prediction: Prediction) -> Target:
    if target.pillar is None and target.indicator_id is None and len(prediction.pillars) == 1:
        return replace(target, pillar=prediction.pillars[0])
    return target
