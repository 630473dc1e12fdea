"""Simple chunks are cut by a short regex, and tokens looked at by Python, as the library would."""

from __future__ import annotations

import itertools
import random

import numpy as np
import pytest

from pipeline.segment import installed, tokens
from pipeline.segment.simple import END, HARMLESS, QUOTES, are_simple

WORDS = [
    *("a", "B", "Tp", "TP", "Mr", "ThS", "Th", "s", "e", "mail", "Nguyễn", "UBND", "http", "ftp"),
    *("https", "D", "hoà", "Ưu", "vn", "com", "ĐỨC", "v.v", "T", "É", "ðA", "Thịs", "Thịsinh"),
    *("ThaS", "Thạ", "H'Mông", "5G", "e-mail", "ưỪ", "Mrs", "Dr", "hơn", "Bình", "aMrs", "ĐứcA"),
]
MARKS = [*HARMLESS, *QUOTES, ":", ".", "-", "1"]
DIGITS = ["1", "23", "456", "2025", *"..,,//::--%()…"]


def _chunks(count: int) -> list[str]:
    rng = random.Random(4)
    drawn = ("".join(rng.choices(WORDS + MARKS, k=rng.randint(1, 6))) for _ in range(count))
    pairs = ["".join(pair) for pair in itertools.product(WORDS + MARKS, repeat=2)]
    numbers = ["".join(rng.choices(DIGITS, k=rng.randint(2, 9))) for _ in range(count)]
    return [*pairs, *drawn, *numbers]


@pytest.fixture(scope="module")
def rules() -> installed.Rules:
    return installed.rules()


@pytest.mark.parametrize("behind", ["", " "], ids=["end of sentence", "inside"])
def test_chunks_in_one_text_are_cut_as_single_ones(rules: installed.Rules, behind: str) -> None:
    chunks = _chunks(10_000)
    expected = [[*rules.tokenize(chunk + behind), END] for chunk in chunks]
    pieces = rules.pieces("".join(chunk + behind + END for chunk in chunks))
    assert pieces == [piece for each in expected for piece in each]
    units = np.frombuffer("".join(c + END for c in chunks).encode("utf-16-le"), np.uint16)
    simple = are_simple(units, np.flatnonzero(units == ord(END)) + 1).tolist()
    assert 0.2 < np.mean(simple) < 0.9
    wrong = [
        chunk
        for chunk, is_simple, each in zip(chunks, simple, expected, strict=True)
        if is_simple and rules.simple_pieces(chunk + END) != each
    ]
    assert wrong == []


def test_python_and_the_library_agree_on_case_and_numbers() -> None:
    agreed = [c for c in map(chr, range(1 << 16)) if tokens._AGREED.fullmatch(c)]
    assert len(agreed) > 400
    texts = [*agreed, *(f"a{c}" for c in agreed), *(f"{c}1" for c in agreed)]
    texts += ["2147483647", "2147483648", "-2147483648", "-2147483649", "+5", "00000000000005", "-"]
    answers = installed.TokenFeaturizer().of(texts)
    ours = [(text.lower(), tokens.is_integer(text), text[0] == text[0].upper()) for text in texts]
    assert ours == answers
