"""The cleaner: cases, rows of its lexicon, and what holds for any text."""

from __future__ import annotations

import json
import unicodedata
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.clean import clean_all, clean_article
from pipeline.clean.furniture import is_section_name, kind_of_line, kinds_of_lines
from pipeline.clean.names import is_byline
from pipeline.clean.normalise import _CHANGED, _ORDINARY
from pipeline.clean.pieces import read_pieces, starts_with_agency
from pipeline.lexicon import load
from pipeline.records import Article, Kind, RawArticle

CASES = Path(__file__).parent / "cases" / "clean"
LINES = [
    "date 2025-06 Xã hội Xã An mở lớp học (BXA) - Ngày 3/4, xã mở lớp.",
    "09/10/2023 14:20",
    "Lượt xem: 86",
    "KIM CHI",
    "Xã An mở lớp học số cho bà con",
    "Bà con quét mã. Ảnh: THU AN",
    "Bà con quét mã.",
    "- 80% hồ sơ;",
    "1. Mục tiêu",
    "Sáng nay, bà con xã Minh An đã biểu quyết thông",
    "qua kế hoạch của xã trong năm nay và giao việc cho các",
    "thôn.",
    "Phát",
    "biểu",
    "",
    "",
    " ",
    "Zalo",
    "Nguồn Báo xã: http://vi-du.vn/a",
    "Xa An mo lop hoc so cho ba con",
    "\x00",
    "Ð",
    "![a](http://b.vn/c.jpg)",
    "a.jpg",
    "more(BXA) – Xã họp.",
    "\u202eXã\u200b",
    "ế",
    "\ud800",
    "Chặng 2025:",
]
PAGES = st.one_of(
    st.text(st.characters()),
    st.lists(st.sampled_from(LINES)).map("\n".join),
    st.lists(st.sampled_from(LINES)).map("\r\n".join),
)


def cases(name: str) -> list[Any]:
    lines = (CASES / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    return [pytest.param(case, id=case["name"]) for case in map(json.loads, lines)]


def clean(text: str, title: str | None = None) -> Article:
    return clean_article(RawArticle("page.txt", title=title, text=text), text)


def parts(article: Article) -> list[list[str]]:
    return [[str(b.kind), article.text[b.start : b.end]] for b in article.blocks]


def check(case: dict[str, Any]) -> None:
    if "kind" in case:
        assert kind_of_line(case["text"]) == case["kind"]
        return
    article = clean(case["text"], case.get("title"))
    if "blocks" in case:
        assert parts(article) == case["blocks"]
    if "cleaned" in case:
        assert article.text == case["cleaned"]
    if "published" in case:
        assert article.published == case["published"]


@pytest.mark.parametrize("case", cases("in_the_wild") + cases("synthetic") + cases("negative"))
def test_a_page_is_read_as_expected(case: dict[str, Any]) -> None:
    check(case)


@pytest.mark.xfail(strict=True, reason="known failures")
@pytest.mark.parametrize("case", cases("known_failures"))
def test_known_failures(case: dict[str, Any]) -> None:
    check(case)


def rows() -> list[dict[str, Any]]:
    table = load("furniture")
    return [*table["line"], *table["atom"], *table["pattern"]]


def test_lines_at_once_are_what_each_is_alone() -> None:
    lines = [line for row in rows() for line in row["examples"] + row["not_examples"]]
    lines += [line.strip() for line in LINES] + ["ΑΣ", "MINH HOẠ", "hoà" * 99, "İ", "oà", "q", "uỳ"]
    assert kinds_of_lines(lines) == [kind_of_line(line) for line in lines]


@given(st.lists(st.tuples(st.none() | st.sampled_from(LINES), PAGES)))
def test_articles_at_once_are_cleaned_as_each_alone(pages: list[tuple[str | None, str]]) -> None:
    raws = [RawArticle("page.txt", title=title, text=text) for title, text in pages]
    assert clean_all(raws) == [clean(text, title) for title, text in pages]


def kind_at_top(line: str) -> str | None:
    return Kind.META if is_section_name(line) else kind_of_line(line)


@pytest.mark.parametrize(("kind", "line"), [(r["kind"], x) for r in rows() for x in r["examples"]])
def test_an_example_of_the_lexicon_is_furniture(kind: str, line: str) -> None:
    assert kind_at_top(line) == kind


@pytest.mark.parametrize("line", [x for row in rows() for x in row["not_examples"]])
def test_a_counter_example_of_the_lexicon_is_a_line_of_the_story(line: str) -> None:
    assert kind_at_top(line) is None


@pytest.mark.parametrize("line", load("furniture")["byline"]["examples"])
def test_an_example_of_a_byline_is_one(line: str) -> None:
    assert is_byline(line)


@pytest.mark.parametrize("line", load("furniture")["byline"]["not_examples"])
def test_a_counter_example_of_a_byline_is_none(line: str) -> None:
    assert not is_byline(line)


def test_agencies_and_credits_of_the_lexicon() -> None:
    table = load("furniture")
    assert all(starts_with_agency(tag + "Xã họp") for tag in table["agency"]["examples"])
    assert not any(starts_with_agency(tag + "Xã họp") for tag in table["agency"]["not_examples"])
    for line in table["credit_tail"]["examples"]:
        assert [piece.kind for piece in read_pieces(line, None)] == [None, Kind.CREDIT]
    for line in table["credit_tail"]["not_examples"]:
        assert len(read_pieces(line, None)) == 1


def test_the_id_is_given_or_a_hash_of_the_content() -> None:
    raw = RawArticle("a.txt", id="x1", text="Xã họp.")
    assert clean_article(raw, "Xã họp.").id == "x1"
    first, again, other = clean("Xã họp."), clean("Xã họp."), clean("Xã họp.", title="Tin xã")
    assert first.id == again.id != other.id
    assert len(first.id) == 16
    assert set(first.id) <= set("0123456789abcdef")


@pytest.mark.parametrize(
    ("stated", "published"),
    [
        ("2025-03-14T08:00:00+07:00", "2025-03-14"),
        ("2025-03", "2025-03"),
        ("14/3/2025", "2025-03-14"),
        (None, "2023-10-09"),
        ("40/13/2025", "2023-10-09"),
    ],
)
def test_the_date_is_the_stated_one_or_that_of_the_page(stated: str | None, published: str) -> None:
    text = "09/10/2023 14:20\nXã họp bàn việc mở lớp."
    assert clean_article(RawArticle("a", published=stated, text=text), text).published == published


def test_what_the_record_brings_is_kept() -> None:
    raw = RawArticle("a", 3, url="u", source="s", title=" T\n1 ", text="x", riders=(("k", "v"),))
    article = clean_article(raw, "x")
    kept = (article.path, article.record, article.url, article.source, article.title)
    assert kept == ("a", 3, "u", "s", "T 1")
    assert article.riders == (("k", "v"),)


@settings(deadline=None)
@given(PAGES)
def test_any_text_is_cleaned_and_nothing_is_lost(text: str) -> None:
    article = clean(text)
    outside, at = "", 0
    for block in article.blocks:
        outside += article.text[at : block.start]
        at = block.end
    outside += article.text[at:]
    assert not outside.strip(" \n|:–—-")
    article.text.encode("utf-8")


@settings(deadline=None)
@given(PAGES)
def test_cleaning_twice_changes_nothing(text: str) -> None:
    once = clean(text).text
    assert clean(once).text == once


@settings(deadline=None)
@given(PAGES)
def test_decomposed_input_gives_the_same_article(text: str) -> None:
    composed = clean(unicodedata.normalize("NFC", text))
    decomposed = clean(unicodedata.normalize("NFD", text))
    assert (composed.text, composed.blocks) == (decomposed.text, decomposed.blocks)


@pytest.mark.timeout(30)
@pytest.mark.parametrize(
    "unit",
    ["a\n", "thông qua\nqua ", "- ", "KIM CHI\n\n", "![](", "(Ảnh ", "\u00a0", "Xã họp. Ảnh: A\n"],
)
def test_long_pages_take_no_more_than_linear_time(unit: str) -> None:
    """Quadratic work on so many lines would take hours; the time limit is generous."""
    text = unit * 30_000
    assert clean(text).text


def test_no_character_that_changes_is_taken_for_an_ordinary_one() -> None:
    ordinary = list(filter(_ORDINARY.fullmatch, map(chr, range(0x110000))))
    assert _CHANGED.search("".join(ordinary)) is None
    for character in ordinary:  # alone and behind a letter, where a mark would be joined to it
        assert unicodedata.is_normalized("NFC", f"a{character}")
        assert not unicodedata.combining(character)
    assert {"\n", "a", "Ệ", "”"} <= set(ordinary)
