"""The words are the library's, whatever the text."""

from __future__ import annotations

import random
import unicodedata
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.segment import Segmenter, bounds, chunks, engine, installed, segmenter, selfcheck
from tests.segment.odd_texts import odd_text, random_text, stock

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.records import WordBatch
    from pipeline.segment.tables import Tables


@pytest.fixture(scope="module")
def fast() -> Segmenter:
    return Segmenter.load()


def all_words(batch: WordBatch) -> list[list[str]]:
    return [batch.words(sentence) for sentence in range(len(batch))]


def assert_like_the_library(fast: Segmenter, texts: Sequence[str]) -> None:
    found = all_words(fast.segment(texts))
    for text, words in zip(texts, found, strict=True):
        assert words == installed.words(text), repr(text)


def test_the_installed_library_is_one_that_was_proved(fast: Segmenter) -> None:
    assert installed.fingerprint() in installed.PROVED
    assert fast.is_fast


def test_words_are_those_of_the_text_format(fast: Segmenter) -> None:
    from underthesea import word_tokenize

    text = "Tỉnh Thái Nguyên phấn đấu 80% học_sinh có kỹ năng số."
    assert " ".join(fast.segment([text]).words(0)) == word_tokenize(text, format="text")


@settings(max_examples=150, deadline=None)
@given(st.lists(odd_text(), max_size=6))
def test_odd_texts_give_the_words_of_the_library(fast: Segmenter, texts: list[str]) -> None:
    assert_like_the_library(fast, texts)


def test_random_texts_give_the_words_of_the_library(fast: Segmenter) -> None:
    rng = random.Random(1)
    assert_like_the_library(fast, [random_text(rng) for _ in range(300)])


@pytest.mark.torture
@pytest.mark.timeout(3600)
def test_many_random_texts_give_the_words_of_the_library(fast: Segmenter) -> None:
    for seed in range(200):
        rng = random.Random(1000 + seed)
        assert_like_the_library(fast, [random_text(rng) for _ in range(500)])


def test_stored_sentences_give_the_words_of_the_library(fast: Segmenter) -> None:
    assert len(selfcheck.sentences()) == 300
    assert_like_the_library(fast, selfcheck.sentences())


@pytest.mark.parametrize("ending", ["", " ", "\n", "\n\n", " \n", "\r\n", "\u3000", " ."])
@pytest.mark.parametrize("last", ["UBND.", "A.", "tỉnh.", ":D", "v.v...", "BOS", "EOS"])
def test_the_end_of_a_sentence_is_where_the_library_sees_it(
    fast: Segmenter, last: str, ending: str
) -> None:
    assert_like_the_library(fast, [f"Theo {last}{ending}", last + ending, f"{ending}{last}"])


def test_white_space_of_every_kind_parts_chunks(fast: Segmenter) -> None:
    assert len(stock()["blanks"]) == 18
    assert_like_the_library(fast, [f"dữ{b}liệu số.{b}{b}UBND.{b}" for b in stock()["blanks"]])


def test_the_table_of_blanks_is_that_of_python() -> None:
    assert chunks._IS_BLANK.tolist() == [chr(unit).isspace() for unit in range(1 << 16)]


def test_words_named_like_the_marks_of_the_model(fast: Segmenter) -> None:
    texts = ["BOS", "EOS", "BOS EOS", "EOS BOS BOS", "trạm BOS mới", "Bos eos", "người BOS dân EOS"]
    assert_like_the_library(fast, texts)


def test_ties_of_foreign_names_are_decided_as_the_library_decides(fast: Segmenter) -> None:
    rng = random.Random(7)
    names = ["".join(rng.choices("bcdfghklmnpqrstvxz", k=5)).title() for _ in range(40)]
    for joint in (" ", ", ", " - ", "\n"):
        texts = [joint.join(rng.choices(names, k=size)) for size in range(1, 60)]
        assert_like_the_library(fast, texts)


def test_nfd_input_gives_the_words_of_nfc(fast: Segmenter) -> None:
    text = "Ủy ban nhân dân tỉnh đẩy mạnh chuyển đổi số, hoà nhịp."
    both = [unicodedata.normalize(form, text) for form in ("NFC", "NFD")]
    assert_like_the_library(fast, both)
    batch = fast.segment(both)
    assert batch.words(0) == batch.words(1)


def test_characters_outside_the_basic_plane(fast: Segmenter) -> None:
    texts = ["😀", "tỉnh 😀 số", "👨‍👩‍👧 gia đình", "𝐀𝐁 chữ", "a😀\nb 𠀀𠀁. c😀", "😀 UBND."]
    assert_like_the_library(fast, texts)


def test_no_texts_and_empty_texts(fast: Segmenter) -> None:
    assert len(fast.segment([])) == 0
    batch = fast.segment(["", " ", "\n\n", "số"])
    assert all_words(batch) == [[], [], [], ["số"]]
    assert batch.ids.dtype == np.int32
    assert batch.offsets.dtype == np.int64


def test_a_lone_surrogate_is_read_as_a_replacement_character(fast: Segmenter) -> None:
    assert fast.segment(["số \ud800 hóa"]).words(0) == installed.words("số \ufffd hóa")


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    "unit", ["a.", "a", ".", "A.", "(", "a@", "http://a!", "vi-du.vn/.", "http://", "1,", "😀"]
)
def test_a_stretch_without_blanks_takes_bounded_time(fast: Segmenter, unit: str) -> None:
    text = f"trước {unit * (15_000 // len(unit))} sau"
    assert_like_the_library(fast, [text])


@pytest.mark.timeout(20)
def test_an_address_that_ends_in_marks_takes_bounded_time(fast: Segmenter) -> None:
    assert_like_the_library(
        fast, ["Xem http://vi-du.vn/" + mark * 60 for mark in ".!?:;'\"\u037e\u1fef"]
    )


def test_stretches_of_ordinary_length_are_never_cut() -> None:
    for text in (*stock()["odd"][:-2], "x" * bounds.LONGEST, "." * 90, "a" + "!" * 90):
        assert bounds.bounded(text) == text


def test_a_batch_is_cut_into_slices_without_a_trace(
    fast: Segmenter, monkeypatch: pytest.MonkeyPatch
) -> None:
    rng = random.Random(3)
    texts = [random_text(rng) for _ in range(60)]
    whole = all_words(fast.segment(texts))
    monkeypatch.setattr(engine, "SLICE_CHARACTERS", 100)
    assert all_words(fast.segment(texts)) == whole


def test_words_keep_their_numbers_when_chunks_are_forgotten(fast: Segmenter) -> None:
    rng = random.Random(4)
    texts = [random_text(rng) for _ in range(200)]
    small = Segmenter(engine.Engine(installed.rules(), fast_tables(fast), chunk_cap=50))
    first = small.segment(texts[:50])
    words = all_words(first)
    for start in range(50, 200, 50):
        small.segment(texts[start : start + 50])
    again = small.segment(texts[:50])
    assert again.vocabulary is first.vocabulary
    assert np.array_equal(again.ids, first.ids)
    assert all_words(first) == words == all_words(fast.segment(texts[:50]))


def fast_tables(fast: Segmenter) -> Tables:
    way = fast._way
    assert isinstance(way, engine.Engine)
    return way.tables


def test_a_full_vocabulary_is_followed_by_a_new_one(monkeypatch: pytest.MonkeyPatch) -> None:
    small = Segmenter.load()
    first = small.segment(["Chuyển đổi số"])
    monkeypatch.setattr(segmenter, "VOCABULARY_CAP", 1)
    second = small.segment(["Dữ liệu mở"])
    assert second.vocabulary is not first.vocabulary
    assert first.words(0) == ["Chuyển_đổi", "số"]
    assert second.words(0) == ["Dữ_liệu", "mở"]


def test_the_same_texts_give_the_same_numbers() -> None:
    rng = random.Random(5)
    texts = [random_text(rng) for _ in range(50)]
    one, other = Segmenter.load().segment(texts), Segmenter.load().segment(texts)
    assert one.vocabulary == other.vocabulary
    assert np.array_equal(one.ids, other.ids)
