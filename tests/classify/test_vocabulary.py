"""Words as terms: numbers, years and names become classes; tables grow with the vocabulary."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.classify.background import (
    fit_letters,
    idf_of,
    letter_grams,
    row_sums,
    unit_rows,
    word_vectors,
)
from pipeline.classify.ngrams import known_terms
from pipeline.classify.vocabulary import (
    OUTLET,
    PLACE,
    SyllableNumbers,
    fold_all,
    syllables_of,
    term_of,
    terms_of,
)
from pipeline.lexicon import load
from pipeline.orthography import fold


@pytest.mark.parametrize(
    ("word", "term"),
    [
        ("1999", "<year>"),
        ("2030", "<year>"),
        ("2130", "<number>"),
        ("80,5%", "<number>"),
        ("1.200", "<number>"),
        ("(12/5", "<number>"),
        ("3G", "3g"),
        ("Thuỷ_lợi", "thủy_lợi"),
        ("...", None),
        ("", None),
    ],
)
def test_words_become_terms(word: str, term: str | None) -> None:
    assert term_of(word) == term


@pytest.mark.parametrize(("name", "mark"), [("places", PLACE), ("outlets", OUTLET)])
def test_every_masked_name_becomes_its_class(name: str, mark: str) -> None:
    names = load("masks")[name]
    assert len(names) > 5
    assert {n: term_of(n.replace(" ", "_")) for n in names} == dict.fromkeys(names, mark)


@given(st.text(max_size=12))
def test_any_word_has_a_term_or_none_and_lower_case_syllables(word: str) -> None:
    term = term_of(word)
    assert term is None or term.strip()
    assert all(s and not s.isspace() for s in syllables_of(word))


_ODD_WORDS = st.lists(
    st.text(max_size=6)
    | st.text("Hoàa_1.,%İΣΑ²٣\nÐ<", max_size=6)
    | st.sampled_from(["Thanh_Hoá", "2025", "80,5%", "İstanbul", "ΟΔΟΣ", "số", ""])
)


@given(_ODD_WORDS)
def test_many_words_at_once_have_the_terms_of_single_ones(words: list[str]) -> None:
    assert fold_all(words) == [fold(word) for word in words]
    assert terms_of(fold_all(words)) == [term_of(word) for word in words]


@given(_ODD_WORDS)
def test_many_words_at_once_have_the_syllables_of_single_ones(words: list[str]) -> None:
    known = ["số", "thanh", "12", "a", ".", "h"]
    numbers = SyllableNumbers(known)
    flat, sizes = numbers.of(fold_all(words))
    number = {syllable: n for n, syllable in enumerate(numbers.known, 3)}
    expected = [
        [number.get(s, numbers.UNKNOWN if s[0].isalnum() else numbers.MARK) for s in syllables]
        for syllables in map(syllables_of, words)
    ]
    assert sizes.tolist() == list(map(len, expected))
    assert flat.tolist() == [n for ns in expected for n in ns]


def test_only_one_character_has_a_longer_lower_case() -> None:
    longer = [c for c in map(chr, range(0x110000)) if len(c.lower()) > 1]
    assert longer == ["İ"]


@given(st.lists(st.text("sốlượng_<1\0\U0001f600", max_size=8)))
def test_letters_of_many_terms_are_those_of_each(terms: list[str]) -> None:
    space = fit_letters(["số_lượng", "lượng_số", "số_1", "ương_1"])
    sizes, grams, values = space.table(terms)
    found = [sorted({space.grams[g] for g in letter_grams(t) if g in space.grams}) for t in terms]
    assert sizes.tolist() == list(map(len, found))
    assert grams.tolist() == [g for each in found for g in each]
    lengths = np.bincount(np.repeat(np.arange(len(terms)), sizes), values**2, len(terms))
    assert np.allclose(lengths, [float(bool(each)) for each in found])


def test_terms_must_occur_in_enough_sentences() -> None:
    sentences = [["a", "b"], ["b", "a"], ["c", "c"]]
    assert known_terms(sentences, 1) == ["a", "b", "c"]
    assert known_terms(sentences, 2) == ["a", "b"]


def test_rare_words_weigh_more_than_common_ones_and_unknown_ones_most() -> None:
    assert idf_of("của") < idf_of("kinh_tế") < idf_of("chữ_ký_số_của_ai_đó")


def test_word_vectors_are_no_longer_than_one() -> None:
    rows, table = word_vectors()
    assert table.shape == (len(rows), 100)
    norms = np.linalg.norm(table, axis=1)
    assert 0.1 < norms.min() <= norms.max() < 1.001


def test_related_words_lie_nearer_than_unrelated_ones() -> None:
    rows, table = word_vectors()
    bank, money, buffalo = (table[rows[w]] for w in ("ngân_hàng", "tín_dụng", "trâu"))
    assert bank @ money > bank @ buffalo


def test_letter_grams_mark_the_ends_and_leave_classes_alone() -> None:
    assert letter_grams("số") == ["_số", "số_", "_số_"]
    assert letter_grams("<number>") == []


def test_letters_of_a_term_have_unit_length_and_only_known_grams() -> None:
    space = fit_letters(["dữ_liệu", "dữ_kiện", "liệu"])
    assert "_dữ" in space.grams
    assert "_kiện" not in space.grams
    features, values = space.features("dữ_liệu")
    assert values @ values == pytest.approx(1)
    assert sorted(features.tolist()) == features.tolist()
    assert space.features("xyz")[1].tolist() == []


def test_sums_of_empty_sentences_are_nought() -> None:
    values = np.array([[1.0, 2.0], [3.0, 4.0]])
    assert row_sums(values, np.array([0, 0, 2, 2])).tolist() == [[0, 0], [4, 6], [0, 0]]
    assert row_sums(values[:0], np.array([0, 0])).tolist() == [[0, 0]]
    assert unit_rows(np.array([[3.0, 4.0], [0.0, 0.0]])).tolist() == [[0.6, 0.8], [0, 0]]
