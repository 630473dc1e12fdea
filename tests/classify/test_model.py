"""The fitted classifier: fast scores equal plain ones, batches do not matter, reasons add up."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from pipeline.classify.features import BLOCKS, FeatureSettings, fit_features
from pipeline.classify.model import batch_of
from pipeline.classify.training import matrix_of
from pipeline.classify.vocabulary import term_of
from pipeline.learning.labelled import sentence_batch
from pipeline.records import PILLARS, Kind

if TYPE_CHECKING:
    from pipeline.records import Document, Prediction
    from pipeline.segment import Segmenter
    from tests.conftest import Tiny


def _predicted(
    tiny: Tiny, segmenter: Segmenter, documents: list[Document]
) -> list[list[Prediction]]:
    words = segmenter.segment([s.text for d in documents for s in d.sentences])
    titles = segmenter.segment([d.article.title or "" for d in documents])
    return tiny.model.predict(documents, words, titles)


@pytest.fixture(scope="module")
def documents(tiny: Tiny) -> list[Document]:
    return [article.as_document() for article in tiny.corpus.articles]


def test_scores_equal_the_product_with_all_features(tiny: Tiny, segmenter: Segmenter) -> None:
    batch = sentence_batch(tiny.corpus.articles, segmenter)
    model = tiny.model
    product = matrix_of(model.space, batch) @ model.weights + model.intercepts
    assert np.abs(product).max() > 0.1
    assert np.abs(model.scores(batch) - product).max() < 1e-9


@pytest.mark.parametrize("size", [1, 7])
def test_predictions_do_not_depend_on_how_articles_are_batched(
    tiny: Tiny, segmenter: Segmenter, documents: list[Document], size: int
) -> None:
    whole = _predicted(tiny, segmenter, documents)
    parts = [
        prediction
        for start in range(0, len(documents), size)
        for prediction in _predicted(tiny, segmenter, documents[start : start + size])
    ]
    assert parts == whole


def test_an_article_gets_the_same_labels_whatever_stands_before_it(
    tiny: Tiny, segmenter: Segmenter, documents: list[Document]
) -> None:
    assert _predicted(tiny, segmenter, documents[::-1])[::-1] == _predicted(
        tiny, segmenter, documents
    )


def test_a_given_pillar_has_reached_its_threshold_and_no_other_has(
    tiny: Tiny, segmenter: Segmenter, documents: list[Document]
) -> None:
    thresholds = tiny.model.calibration.threshold.tolist()
    seen = set()
    for prediction in (p for d in _predicted(tiny, segmenter, documents) for p in d):
        reached = zip(PILLARS, prediction.scores, thresholds, strict=True)
        assert prediction.pillars == tuple(p for p, score, least in reached if score >= least)
        if prediction.pillars:
            best = max(prediction.pillars, key=lambda p: prediction.scores[PILLARS.index(p)])
            assert prediction.primary is best
        assert all(0 <= s <= 1 and round(s, 6) == s for s in prediction.scores)
        seen.add(len(prediction.pillars))
    assert seen >= {0, 1}


def test_a_sentence_near_a_threshold_is_marked_abstained(
    tiny: Tiny, segmenter: Segmenter, documents: list[Document]
) -> None:
    calibration = tiny.model.calibration
    predictions = [p for d in _predicted(tiny, segmenter, documents) for p in d]
    margins = calibration.margins(np.array([p.scores for p in predictions]))
    assert [p.abstained for p in predictions] == (margins < calibration.band).tolist()


def test_page_furniture_never_gets_a_pillar(
    tiny: Tiny, segmenter: Segmenter, documents: list[Document]
) -> None:
    document = next(
        d
        for d, found in zip(documents, _predicted(tiny, segmenter, documents), strict=True)
        if found[0].pillars
    )
    byline = replace(document.sentences[0], kind=Kind.BYLINE)
    changed = replace(document, sentences=(byline, *document.sentences[1:]))
    first = _predicted(tiny, segmenter, [changed])[0][0]
    assert (first.pillars, first.primary, first.scores) == ((), None, (0.0, 0.0, 0.0, 0.0))


def test_documents_without_sentences_are_predicted_too(
    tiny: Tiny, segmenter: Segmenter, documents: list[Document]
) -> None:
    empty = replace(documents[0], sentences=())
    assert _predicted(tiny, segmenter, [empty]) == [[]]
    mixed = _predicted(tiny, segmenter, [empty, documents[1], empty])
    assert mixed == [[], *_predicted(tiny, segmenter, [documents[1]]), []]


def test_all_reasons_together_are_the_score(tiny: Tiny, segmenter: Segmenter) -> None:
    batch = sentence_batch(tiny.articles[:6], segmenter)
    scores = tiny.model.scores(batch)
    for sentence in range(len(batch.words)):
        reasons = tiny.model.reasons(batch, sentence, top=10**6)
        for k, pillar in enumerate(PILLARS):
            total = sum(r.weight for r in reasons[pillar]) + tiny.model.intercepts[k]
            assert total == pytest.approx(scores[sentence, k], abs=1e-9)


def test_reasons_are_the_strongest_first_and_have_readable_names(
    tiny: Tiny, segmenter: Segmenter
) -> None:
    reasons = tiny.model.reasons(sentence_batch(tiny.articles[:1], segmenter), 0, top=5)
    assert list(reasons) == list(PILLARS)
    for found in reasons.values():
        weights = [abs(r.weight) for r in found]
        assert len(found) == 5
        assert weights == sorted(weights, reverse=True)


def test_every_column_has_a_name_of_its_block(tiny: Tiny) -> None:
    space = tiny.model.space
    names = {
        block: [space.feature_name(space.starts[block] + i) for i in (0, space.sizes[block] - 1)]
        for block in BLOCKS
        if space.sizes[block]
    }
    assert names["words"][0] == space.terms[0]
    assert len(names["words"][1].split()) == 2
    assert names["syllables"][0] == space.syllables[0]
    assert names["concepts"][0].startswith("concept: ")
    assert names["concepts"][1] == "any none concept"
    assert names["previous"] == [f"previous: {space.terms[i]}" for i in (0, -1)]
    assert names["title"][1] == f"title: {space.terms[-1]}"
    assert names["vectors"] == ["word vectors", "word vectors"]
    assert sum(space.sizes.values()) == space.size == len(tiny.model.weights)


@pytest.mark.parametrize("block", BLOCKS)
def test_a_block_of_weight_nought_is_left_out(block: str, tiny: Tiny, segmenter: Segmenter) -> None:
    batch = sentence_batch(tiny.articles[:4], segmenter)
    every = fit_features(batch, FeatureSettings())
    left_out = FeatureSettings(**{block: 0.0})  # type: ignore[arg-type]
    without = fit_features(batch, left_out)
    assert without.sizes[block] == 0 < every.sizes[block]
    assert without.size == every.size - every.sizes[block]
    start, end = every.starts[block], every.starts[block] + every.sizes[block]
    full, rest = matrix_of(every, batch).toarray(), matrix_of(without, batch).toarray()
    assert np.abs(full[:, start:end]).sum() > 0
    # Letter n-grams of several words add up in another order, hence the last bit.
    assert np.abs(np.delete(full, np.s_[start:end], axis=1) - rest).max() < 1e-15


def test_words_of_the_sentence_before_come_from_the_same_article(
    tiny: Tiny, segmenter: Segmenter
) -> None:
    articles = [a for a in tiny.articles if len(a.sentences) == 2][:3]
    batch = sentence_batch(articles, segmenter)
    space = tiny.model.space
    rows, columns, _ = space.entries(batch, ["previous"])
    assert set(rows.tolist()) == {1, 3, 5}
    first = space.entries(batch, ["words"])
    own = {c for r, c in zip(*(p.tolist() for p in first[:2]), strict=True) if r == 2}
    unigrams = {c for c in own if c < len(space.terms)}
    start = space.starts["previous"]
    before = {c - start for r, c in zip(rows.tolist(), columns.tolist(), strict=True) if r == 3}
    assert before == unigrams


def test_every_sentence_has_the_words_of_its_title(tiny: Tiny, segmenter: Segmenter) -> None:
    documents = [a.as_document() for a in tiny.articles[:2]]
    untitled = replace(documents[1], article=replace(documents[1].article, title=None))
    words = segmenter.segment([s.text for d in documents for s in d.sentences])
    titles = segmenter.segment([documents[0].article.title or "", ""])
    space = tiny.model.space
    batch = batch_of([documents[0], untitled], words, titles)
    rows, columns, _ = space.entries(batch, ["title"])
    named: dict[int, set[str]] = {}
    for row, column in zip(rows.tolist(), columns.tolist(), strict=True):
        named.setdefault(row, set()).add(space.feature_name(column))
    expected = {f"title: {t}" for w in titles.words(0) if (t := term_of(w)) in space.terms}
    assert len(expected) > 3
    assert named == dict.fromkeys(range(len(documents[0].sentences)), expected)
