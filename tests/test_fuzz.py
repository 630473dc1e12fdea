"""Random input through readers, cleaner, splitter and finder: no crash, exact offsets."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.clean import clean_article
from pipeline.errors import InputError
from pipeline.ingest import loads, read_article
from pipeline.ingest.fragments import fragment_text
from pipeline.ingest.language import why_not_vietnamese
from pipeline.ingest.loads import UNEXPECTED
from pipeline.records import RawArticle, Reject
from pipeline.split import split_sentences
from pipeline.targets import find_targets

_NAMES = ("a.txt", "a.html", "a.jsonl", "a.csv", "a.rss", "a.warc", "a.parquet", "a.xlsx", "a.gz")
_PIECES = st.sampled_from(
    [
        "phấn đấu đến năm 2026",
        "90%",
        "1,2 triệu",
        "trên",
        "tỷ đồng",
        "hộ dân",
        "Ảnh: tư liệu",
        "\n\n",
        ".",
        ";",
        "- ",
        "“",
        "”",
        "14/3/2025",
        "a.a.a.a",
        "1.1.1.1",
        "<p>",
        "\x1b[31m",
        "\u202e",
        "\ud800",
        "quý III",
        "giai đoạn 2025-2030",
    ]
)
TEXTS = st.lists(st.one_of(_PIECES, st.text(max_size=12)), max_size=40).map(" ".join)

BYTES = TEXTS.map(lambda text: text.encode("utf-8", "replace"))


def check_bytes(name: str, data: bytes) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder, name)
        path.write_bytes(data)
        try:
            done = [read_article(load) for load in loads([str(path)])]
        except InputError:
            return
        assert not any(isinstance(r, Reject) and r.reason.startswith(UNEXPECTED) for r in done)


def check_text(text: str) -> None:
    article = clean_article(RawArticle("a.txt", text=text), text)
    again = clean_article(RawArticle("a.txt", text=article.text), article.text)
    assert again.text == article.text
    document = split_sentences(article)
    for sentence, found in zip(document.sentences, find_targets(document), strict=True):
        assert article.text[sentence.start : sentence.end] == sentence.text
        for target in found:
            assert sentence.text[target.start : target.end] == target.surface


@given(st.sampled_from(_NAMES), st.binary(max_size=400))
@settings(max_examples=60, deadline=None)
def test_readers_survive_any_bytes(name: str, data: bytes) -> None:
    check_bytes(name, data)


@given(TEXTS)
@settings(max_examples=60, deadline=None)
def test_text_stages_survive_any_text(text: str) -> None:
    check_text(text)


@given(TEXTS)
@settings(max_examples=60, deadline=None)
def test_small_parts_survive_any_text(text: str) -> None:
    why_not_vietnamese(text)
    fragment_text(text)


@pytest.mark.torture
@given(
    st.sampled_from(_NAMES), st.one_of(st.binary(max_size=3000), TEXTS.map(repr).map(str.encode))
)
@settings(max_examples=2000, deadline=None, suppress_health_check=list(HealthCheck))
def test_readers_survive_many_bytes(name: str, data: bytes) -> None:
    check_bytes(name, data)


@pytest.mark.torture
@given(TEXTS)
@settings(max_examples=2000, deadline=None, suppress_health_check=list(HealthCheck))
def test_text_stages_survive_many_texts(text: str) -> None:
    check_text(text)
