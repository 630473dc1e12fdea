"""Copies and look-alikes: pairs of our own stories in tests/cases/duplicates."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import duplicates
from pipeline.duplicates import _words, find_copies, likeness, signature, signatures
from pipeline.orthography import fold

_CASES = Path(__file__).parent / "cases" / "duplicates"


def read_pairs(name: str) -> list[dict[str, Any]]:
    lines = (_CASES / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def are_copies(pair: dict[str, Any]) -> bool:
    return bool(find_copies(signatures([pair["a"], pair["b"]]))[1] == 0)


@pytest.mark.parametrize("pair", read_pairs("synthetic"), ids=lambda p: p["edit"])
def test_copies_edited_as_papers_do_are_found(pair: dict[str, Any]) -> None:
    assert are_copies(pair)


@pytest.mark.parametrize("pair", read_pairs("negative"), ids=lambda p: p["edit"])
def test_stories_that_only_look_alike_are_none(pair: dict[str, Any]) -> None:
    assert not are_copies(pair)


@pytest.mark.parametrize("seed", range(20))
def test_no_lucky_seed_is_needed(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(duplicates, "_SEED", 1000 * seed + 7)
    monkeypatch.setattr(duplicates, "_alphabet", cache(duplicates._alphabet.__wrapped__))
    check_all_pairs_at_once()


def test_all_pairs_at_once_give_the_same_originals() -> None:
    check_all_pairs_at_once()


def check_all_pairs_at_once() -> None:
    pairs = [*read_pairs("synthetic"), *read_pairs("negative")]
    texts = list(dict.fromkeys(text for pair in pairs for text in (pair["a"], pair["b"])))
    place = {text: at for at, text in enumerate(texts)}
    original = find_copies(signatures(texts))
    root = [at if original[at] < 0 else int(original[at]) for at in range(len(texts))]
    assert all(original[r] < 0 for r in root)
    for pair in pairs:
        same = root[place[pair["a"]]] == root[place[pair["b"]]]
        assert same == pair["copy"], pair["edit"]


def test_a_thousand_copies_have_one_original() -> None:
    rows = np.repeat(signatures(["Xã Na Ư mở lớp học số cho 40 người ở bản xa"]), 1000, axis=0)
    assert find_copies(rows).tolist() == [-1] + [0] * 999


def test_no_article_and_one_article_have_no_copies() -> None:
    assert find_copies(signatures([])).tolist() == []
    assert find_copies(signatures(["một bài"])).tolist() == [-1]


def test_texts_without_numbers_are_compared_by_their_words() -> None:
    texts = ["Bà con bản Mới rủ nhau đi chợ phiên từ lúc trời chưa sáng rõ"] * 2
    assert find_copies(signatures(texts)).tolist() == [-1, 0]


@given(st.text(max_size=300))
def test_any_text_is_a_copy_of_itself(text: str) -> None:
    assert likeness(signature(text), signature(text)) == (1.0, 1.0)


_WORD = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+")


@given(st.text(st.sampled_from("aAoòóàOÀĐđÐ19.,-_ \n٣²中😀"), max_size=30))
def test_words_are_those_of_the_regular_expression(text: str) -> None:
    words = [fold(word) for word in _WORD.findall(text.replace("😀", " "))]
    numbers, numeral, _ = _words([text])
    assert numeral.tolist() == [word[0].isdecimal() for word in words]
    same = dict(zip(words, numbers.tolist(), strict=True))
    assert numbers.tolist() == [same[word] for word in words]
    assert len({tuple(sorted(word)) for word in words}) <= len(set(same.values()))


@given(st.lists(st.text(st.sampled_from("aAoòĐ19.,  \n中😀"), max_size=40), max_size=6))
def test_texts_that_go_through_arrays_together_do_not_touch(texts: list[str]) -> None:
    alone = [signature(text).tobytes() for text in texts]
    assert [row.tobytes() for row in signatures(texts)] == alone
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(duplicates, "_BATCH", 50)
        assert [row.tobytes() for row in signatures(texts)] == alone


def test_words_differ_by_letters_order_and_tone_but_not_by_the_place_of_the_tone() -> None:
    numbers, *_ = _words(["hòa hoà HOÀ hóa hoa aho hòa. 80 80,5 80.5 0 00"])
    assert len(set(numbers.tolist())) == 9
    assert len(set(numbers[[0, 1, 2, 6]].tolist())) == 1
