"""The splitter: cases, rows of its lexicon, exact spans, any text, linear work."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import split
from pipeline.lexicon import load
from pipeline.records import Article, Block, Kind
from pipeline.split import sentence_spans, split_sentences

CASES = Path(__file__).parent / "cases" / "split"
FRAGMENTS = [
    ". ",
    ".",
    "...",
    "… ",
    "! ",
    "?",
    "”",
    "“",
    '"',
    ")",
    "(",
    "TP. ",
    "v.v. ",
    "PGS.TS. ",
    "1. ",
    "80%",
    "Xã",
    "số",
    "A. ",
    "; ",
    ": ",
    "29.3.2025",
    "gov.vn",
    "\n",
    " ",
    "\x00",
    "\u202e",
    "\ud800",
    "Điều ",
    "Đ",
]
TEXTS = st.one_of(st.text(st.characters()), st.lists(st.sampled_from(FRAGMENTS)).map("".join))


def cases(name: str) -> list[Any]:
    lines = (CASES / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    return [pytest.param(case, id=case["name"]) for case in map(json.loads, lines)]


def sentences(text: str) -> list[str]:
    return [words for a, b in sentence_spans(text) if (words := text[a:b].strip())]


def lexicon_rows() -> list[dict[str, Any]]:
    table = load("abbreviations")
    singles = [table[name] for name in ("class_letter", "numbered_part", "domain_ending")]
    return [*table["abbreviation"], *singles]


@pytest.mark.parametrize("case", cases("in_the_wild") + cases("synthetic") + cases("negative"))
def test_a_paragraph_comes_apart_as_expected(case: dict[str, Any]) -> None:
    assert sentences(case["text"]) == case["sentences"]


@pytest.mark.xfail(strict=True, reason="known failures")
@pytest.mark.parametrize("case", cases("known_failures"))
def test_known_failures(case: dict[str, Any]) -> None:
    assert sentences(case["text"]) == case["sentences"]


@pytest.mark.parametrize("text", [t for row in lexicon_rows() for t in row.get("examples", [])])
def test_an_example_of_the_lexicon_is_one_sentence(text: str) -> None:
    assert sentences(text) == [text]


@pytest.mark.parametrize("pair", [p for row in lexicon_rows() for p in row.get("splits", [])])
def test_a_pair_of_the_lexicon_comes_apart(pair: list[str]) -> None:
    assert sentences(" ".join(pair)) == pair


def test_sentences_take_the_kind_and_number_of_their_block() -> None:
    text = "Ảnh: T. D. Anh\nMột. Hai."
    blocks = (Block(0, 14, Kind.CREDIT), Block(15, 24, Kind.LEAD))
    document = split_sentences(Article("a", "a.txt", text, blocks))
    found = [(s.text, s.kind, s.block, s.index) for s in document.sentences]
    assert found == [
        ("Ảnh: T. D. Anh", Kind.CREDIT, 0, 0),
        ("Một.", Kind.LEAD, 1, 1),
        ("Hai.", Kind.LEAD, 1, 2),
    ]


def test_a_block_of_blanks_holds_no_sentence() -> None:
    article = Article("a", "a.txt", "  \n ", (Block(0, 4, Kind.BODY),))
    assert split_sentences(article).sentences == ()


@settings(deadline=None)
@given(TEXTS)
def test_spans_cover_any_text_in_order(text: str) -> None:
    spans = list(sentence_spans(text))
    assert "".join(text[a:b] for a, b in spans) == text
    assert all(a < b for a, b in spans)


@settings(deadline=None)
@given(TEXTS)
def test_a_paragraph_of_full_stops_is_cut_by_either_expression(text: str) -> None:
    text = text.replace("!", "").replace("?", "").replace("…", "")
    spans = list(sentence_spans(text))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(split, "_STOP_BOUNDARY", split._BOUNDARY)
        assert spans == list(sentence_spans(text))


@settings(deadline=None)
@given(TEXTS)
def test_sentences_of_any_text_are_exact_and_lose_only_blanks(text: str) -> None:
    blocks = (Block(0, len(text), Kind.BODY),) if text else ()
    document = split_sentences(Article("a", "a.txt", text, blocks))
    assert all(text[s.start : s.end] == s.text == s.text.strip() for s in document.sentences)
    said = "".join("".join(s.text.split()) for s in document.sentences)
    assert said == "".join(text.split())


@pytest.mark.timeout(20)
@pytest.mark.parametrize("unit", [".", ".)", "”", " ", "A.", ". ", "?!", "1.", "TP. ", '."', "a.A"])
def test_long_runs_take_no_more_than_linear_time(unit: str) -> None:
    """Quadratic work on a million marks would take hours; the time limit is generous."""
    text = f"Xã{unit * 300_000}Xã"
    assert "".join(text[a:b] for a, b in sentence_spans(text)) == text
