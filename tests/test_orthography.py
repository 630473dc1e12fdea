"""Spelling: what two writers spell differently is alike, and offsets stay."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.orthography import (
    fold,
    fold_tone_placement,
    plainly_spaced,
    spellings,
    strip_accents,
    strip_tones,
)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("hoà bình", "hòa bình"),
        ("Thuỷ lợi", "Thủy lợi"),
        ("UỶ BAN", "ỦY BAN"),
        ("Uỷ ban", "Ủy ban"),
        ("khoẻ, xoè", "khỏe, xòe"),
        ("hoàn thành quý này", "hoàn thành quý này"),
        ("quỹ, quỳ, QUÝ", "quỹ, quỳ, QUÝ"),
        ("uỷ2", "ủy2"),
    ],
)
def test_old_tone_placement_becomes_the_new_one(old: str, new: str) -> None:
    assert fold_tone_placement(old) == new
    assert fold_tone_placement(new) == new


@given(
    st.lists(
        st.sampled_from(
            ["Khánh Hoà", "khánh hòa", "ÐÀ NẴNG", "Đà\u00a0Nẵng", "ðông", "uỷ", "quý", ".", " "]
        )
    )
)
def test_a_text_is_among_the_spellings_of_what_it_folds_to(parts: list[str]) -> None:
    text = " ".join(parts)
    assert re.fullmatch(spellings(fold(text)), plainly_spaced(text.lower()))


@given(st.text())
def test_folding_keeps_the_length(text: str) -> None:
    assert len(fold(text)) == len(text)


@given(st.text(st.sampled_from("aăâeêioôơuưyàáảãạòóỏõọỳýỷỹỵđqhtHOÀUỶ １２％İß .-"), max_size=30))
def test_folding_again_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


def test_look_alikes_and_wide_digits_are_made_plain() -> None:
    assert fold("Ðà Nẵng\u00a0８０％") == "đà nẵng 80%"


def test_a_letter_whose_lower_case_is_longer_stays() -> None:
    assert fold("AİB") == "aİb"


@pytest.mark.parametrize(
    ("text", "bare", "toneless"),
    [
        ("Đường sắt", "Duong sat", "Đương săt"),
        ("hỗ trợ đọc", "ho tro doc", "hô trơ đoc"),
        ("2025: 5G!", "2025: 5G!", "2025: 5G!"),
    ],
)
def test_accents_and_tones_are_dropped(text: str, bare: str, toneless: str) -> None:
    assert strip_accents(text) == strip_accents(unicodedata.normalize("NFD", text)) == bare
    assert strip_tones(text) == strip_tones(unicodedata.normalize("NFD", text)) == toneless
