"""The plain statement of the model, the arrays and the library say the same."""

from __future__ import annotations

import random

import numpy as np
import pytest

from pipeline.segment import Segmenter, installed
from pipeline.segment.bounds import bounded
from pipeline.segment.engine import Engine
from pipeline.segment.reference import Reference
from pipeline.segment.tokens import PAD
from pipeline.segment.viterbi import Viterbi
from tests.segment.odd_texts import random_text, stock


@pytest.fixture(scope="module")
def reference() -> Reference:
    return Reference()


@pytest.fixture(scope="module")
def engine() -> Engine:
    way = Segmenter.load()._way
    assert isinstance(way, Engine)
    return way


def plain_texts(count: int) -> list[str]:
    """Return bounded texts without letters whose case Python and the library see differently."""
    rng = random.Random(11)
    texts = [random_text(rng).replace("Σ", "S").replace("ẞ", "S") for _ in range(count)]
    return [bounded(text) for text in texts]


def test_the_reference_gives_the_words_of_the_library(reference: Reference) -> None:
    for text in plain_texts(100):
        assert reference.words(text) == installed.words(text), repr(text)


def test_the_features_are_those_of_the_library(reference: Reference) -> None:
    from underthesea_core import CRFFeaturizer

    templates = list(installed.templates())
    featurizer = CRFFeaturizer(templates, set(installed.dictionary()))
    for text in plain_texts(20):
        tokens = reference._rules.tokenize(text)
        rows = featurizer.process([[[token] for token in tokens]])[0]
        for place, row in enumerate(rows):
            mine = [f"{t}={reference.feature(t, tokens, place)}" for t in templates]
            assert mine == row


def test_the_tokens_are_those_of_the_library(reference: Reference) -> None:
    from underthesea.pipeline.word_tokenize.regex_tokenize import tokenize

    for text in [*plain_texts(200), *stock()["odd"][:-1]]:
        assert reference._rules.tokenize(text) == tokenize(text), repr(text)


def test_emissions_are_those_of_the_reference(reference: Reference, engine: Engine) -> None:
    texts = plain_texts(40)
    flat, pads = engine.chunks.read(texts)
    d = engine._emissions.of(flat)
    for sentence, text in enumerate(texts):
        tokens = reference._rules.tokenize(text)
        span = slice(pads[sentence] + 2, pads[sentence + 1])
        assert [engine.tokens.texts[n] for n in flat[span]] == tokens
        expected = [reference.emission(tokens, place) for place in range(len(tokens))]
        assert d[span] == pytest.approx([begin - inside for begin, inside in expected], abs=1e-9)


def test_exact_labels_are_those_of_the_reference(reference: Reference, engine: Engine) -> None:
    for text in plain_texts(30):
        tokens = reference._rules.tokenize(text)
        numbers = engine.tokens.numbers(tokens)
        assert engine._exact.labels(numbers) == reference.labels(tokens), repr(text)


def test_labels_are_those_of_viterbi_on_random_numbers() -> None:
    rng = np.random.default_rng(2)
    transitions = np.array([[-0.4, 0.4], [0.4, -0.6]])
    d = rng.normal(0, 1, 4000)
    is_pad = rng.random(4000) < 0.1
    is_pad[[0, -1]] = True
    begins = Viterbi(transitions).label(d.copy(), is_pad).begins
    for span in np.split(np.arange(4000), np.flatnonzero(is_pad)):
        places = span[~is_pad[span]]
        assert begins[places].tolist() == _best(d[places].tolist(), transitions.tolist())


def _best(d: list[float], step: list[list[float]]) -> list[bool]:
    """Return the best labels of one sentence by the textbook."""
    score, before = [0.0, 0.0], []
    for place, value in enumerate(d):
        previous = [
            0 if place and score[0] + step[0][y] >= score[1] + step[1][y] else 1 for y in (0, 1)
        ]
        moved = [score[x] + step[x][y] for y, x in enumerate(previous)] if place else [0.0, 0.0]
        score = [moved[0] + value, moved[1]]
        before.append(previous)
    labels = [0 if score[0] >= score[1] else 1] if d else []
    for previous in reversed(before[1:]):
        labels.append(previous[labels[-1]])
    return [label == 0 for label in reversed(labels)]


def test_pads_part_the_texts_of_a_batch(engine: Engine) -> None:
    flat, pads = engine.chunks.read(["số", "", " dữ liệu "])
    assert flat[pads].tolist() == [PAD] * 4
    assert np.diff(pads).tolist() == [3, 2, 4]
