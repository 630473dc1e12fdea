"""TF-IDF in numbers says what scikit-learn says of the same words."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.feature_extraction.text import TfidfVectorizer

from pipeline.classify.ngrams import NgramBlock, fit_ngrams, rows_of
from pipeline.classify.vocabulary import term_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from pipeline.segment import Segmenter
    from tests.conftest import Tiny

    Sentences = Sequence[Sequence[int]]


def _flat(sentences: Sentences) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    ends = np.cumsum([0, *map(len, sentences)])
    return np.array([t for s in sentences for t in s], np.int64), ends.astype(np.int64)


def _library(block: NgramBlock, fitted_on: Sentences) -> TfidfVectorizer:
    """Return scikit-learn's vectorizer with the features of a block, fitted by itself."""
    features: list[tuple[int, ...]] = [(t,) for t in range(block.n_terms)]
    features += [divmod(int(pair), block.n_terms) for pair in block.pairs]

    def ngrams(sentence: Sequence[int]) -> list[tuple[int, ...]]:
        pairs = pairwise(sentence)
        return [*((t,) for t in sentence), *(pairs if len(block.pairs) else ())]

    vectorizer = TfidfVectorizer(
        sublinear_tf=True,
        analyzer=ngrams,
        lowercase=False,
        vocabulary={f: i for i, f in enumerate(features)},
    )
    return vectorizer.fit(fitted_on)


def _assert_equal_bits(block: NgramBlock, vectorizer: TfidfVectorizer, texts: Sentences) -> None:
    expected = vectorizer.transform(texts)
    expected.sort_indices()
    rows, features, values = block.entries(*_flat(texts))
    assert rows.tolist() == np.repeat(np.arange(len(texts)), np.diff(expected.indptr)).tolist()
    assert features.tolist() == expected.indices.tolist()
    assert values.tobytes() == expected.data.tobytes()


@pytest.mark.parametrize("bigrams", [True, False])
def test_corpus_sentences_get_the_bits_that_the_library_gives(
    tiny: Tiny, segmenter: Segmenter, bigrams: bool
) -> None:
    texts = [a.sentence_text(u) for a in tiny.corpus.articles for u in a.sentences]
    batch = segmenter.segment(texts)
    words = [[t for w in batch.words(k) if (t := term_of(w))] for k in range(len(batch))]
    half = len(words) // 2
    numbers = {t: i for i, t in enumerate(sorted({t for s in words[:half] for t in s}))}
    sentences = [[numbers.get(t, len(numbers)) for t in s] for s in words]
    block = fit_ngrams(*_flat(sentences[:half]), len(numbers), bigrams=bigrams)
    assert block.size > 500
    library = _library(block, sentences[:half])
    assert library.idf_.tobytes() == block.idf.tobytes()
    _assert_equal_bits(block, library, sentences)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.lists(st.integers(0, 7), max_size=12), min_size=1, max_size=8),
    st.lists(st.lists(st.integers(0, 7), max_size=12), min_size=1, max_size=8),
)
def test_random_sentences_get_the_bits_that_the_library_gives(
    learnt: list[list[int]], asked: list[list[int]]
) -> None:
    # Six terms are known; 6 and 7 are unknown words.
    block = fit_ngrams(*_flat(learnt), 6, bigrams=True)
    _assert_equal_bits(block, _library(block, learnt), asked)


def test_idf_from_elsewhere_replaces_that_of_the_terms_and_not_of_the_pairs() -> None:
    terms, offsets = _flat([[0, 1], [0, 1, 2], [2]])
    own = fit_ngrams(terms, offsets, 3, bigrams=True)
    outside = fit_ngrams(terms, offsets, 3, bigrams=True, unigram_idf=np.array([5.0, 6.0, 7.0]))
    assert outside.idf[:3].tolist() == [5.0, 6.0, 7.0]
    assert outside.idf[3:].tolist() == own.idf[3:].tolist()
    assert own.idf[0] == np.log(4 / 3) + 1


def test_an_unknown_word_parts_its_neighbours() -> None:
    block = NgramBlock(2, np.array([1]), np.ones(3))  # the pair (0, 1)
    assert block.entries(*_flat([[0, 1]]))[1].tolist() == [0, 1, 2]
    assert block.entries(*_flat([[0, 2, 1]]))[1].tolist() == [0, 1]


def test_a_pair_never_crosses_from_one_sentence_into_the_next() -> None:
    block = NgramBlock(2, np.array([1]), np.ones(3))
    rows, features, _ = block.entries(*_flat([[0], [1], [0, 1]]))
    assert list(zip(rows.tolist(), features.tolist(), strict=True)) == [
        (0, 0),
        (1, 1),
        (2, 0),
        (2, 1),
        (2, 2),
    ]


def test_an_empty_sentence_has_no_entries_and_keeps_its_row() -> None:
    block = NgramBlock(1, np.zeros(0, np.int64), np.ones(1))
    rows, _, values = block.entries(*_flat([[], [0], []]))
    assert rows.tolist() == [1]
    assert values.tolist() == [1.0]
    assert rows_of(np.array([0, 0, 1, 1])).tolist() == [1]


def test_no_sentences_at_all_give_no_entries() -> None:
    block = NgramBlock(2, np.array([1]), np.ones(3))
    assert [len(part) for part in block.entries(*_flat([]))] == [0, 0, 0]
