"""Labelled articles and their JSON lines, gold files among them."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from pipeline.corpus.articles import (
    CorpusArticle,
    LabelledUnit,
    article_from_json,
    article_to_json,
    read_articles,
    write_articles,
)
from pipeline.corpus.gold import read_gold
from pipeline.errors import CorpusError
from pipeline.records import Comparator, Kind, Pillar, Status
from tests.labelled import SHIPPED, labelled_article

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

TEXT = "Xã mở quầy số. Đến 2027 có 80% hộ dùng ví."
ENTRY = {
    "surface": "80%",
    "start": 12,
    "end": 15,
    "value": 80.5,
    "value_max": None,
    "comparator": ">=",
    "unit": "%",
    "deadline": "2027",
    "indicator": "Tỷ lệ hộ dùng ví",
    "status": "target",
    "pillar": "economy",
    "scope": ["hộ", "xã"],
    "baseline_value": 12.25,
}
ROW: dict[str, Any] = {
    "id": "a1",
    "title": None,
    "published": "2025-03",
    "genre": "plan",
    "source_style": "portal",
    "topic": "wallets",
    "text": TEXT,
    "sentences": [
        {"start": 0, "end": 14, "kind": "lead", "pillars": ["government"], "primary": "government"},
        {
            "start": 15,
            "end": 42,
            "kind": "body",
            "pillars": ["economy", "society"],
            "primary": "society",
            "targets": [ENTRY],
        },
    ],
    "origin": "corrected",
    "annotators": ["an"],
    "guideline_version": "1.0",
}


def _changed(change: Callable[[dict[str, Any]], object]) -> dict[str, Any]:
    row: dict[str, Any] = json.loads(json.dumps(ROW))
    change(row)
    return row


def test_an_article_is_read_with_all_its_labels() -> None:
    article = article_from_json(ROW)
    first, second = article.sentences
    assert article.sentence_text(second) == "Đến 2027 có 80% hộ dùng ví."
    assert (first.kind, first.primary) == (Kind.LEAD, Pillar.GOVERNMENT)
    assert second.pillars == (Pillar.ECONOMY, Pillar.SOCIETY)
    entry = second.targets[0]
    assert (entry.value, entry.baseline_value) == (Decimal("80.5"), Decimal("12.25"))
    assert (entry.comparator, entry.status) == (Comparator.AT_LEAST, Status.TARGET)
    assert (entry.scope, entry.rule) == (("hộ", "xã"), "annotated")


def test_json_to_article_and_back_is_the_same() -> None:
    assert article_to_json(article_from_json(ROW)) == ROW


def test_the_shipped_corpus_survives_being_written(tmp_path: Path) -> None:
    articles = read_articles(SHIPPED / "articles")
    write_articles(articles, tmp_path / "all.jsonl")
    assert read_articles(tmp_path / "all.jsonl") == articles


def test_an_article_is_a_document_of_one_block_a_sentence() -> None:
    document = article_from_json(ROW).as_document()
    assert [s.text for s in document.sentences] == [
        "Xã mở quầy số.",
        "Đến 2027 có 80% hộ dùng ví.",
    ]
    assert [s.block for s in document.sentences] == [0, 1]
    assert document.article.path == "corpus:a1"


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda r: r.pop("text"), "'text' is missing"),
        (lambda r: r["sentences"][0].update(end=20), "overlaps, is empty or out of the text"),
        (lambda r: r["sentences"][0].update(end=0), "overlaps, is empty or out of the text"),
        (lambda r: r["sentences"][1].update(end=400), "out of the text"),
        (lambda r: r["sentences"][0].update(pillars=["finance"]), "'finance' is not a valid"),
        (lambda r: r["sentences"][0].update(primary="society"), "does not fit the pillars"),
        (lambda r: r["sentences"][0].update(primary="none"), "does not fit the pillars"),
        (lambda r: r["sentences"][1].update(pillars=["society", "economy"]), "fixed order"),
        (lambda r: r["sentences"][1]["targets"][0].update(start=11), "is not at its span"),
        (lambda r: r["sentences"][1]["targets"][0].update(value=None), "'80%' has no value"),
        (lambda r: r["sentences"][1]["targets"][0].update(value="nhiều"), "ConversionSyntax"),
        (lambda r: r["sentences"][1]["targets"][0].update(status="wish"), "'wish' is not a valid"),
        (lambda r: r["sentences"][1]["targets"][0].update(status="result"), "has no deadline"),
        (lambda r: r.update(sentences=["x"]), "line 2: "),
        (lambda r: r.update(sentences=None), "line 2: "),
    ],
)
def test_a_line_that_breaks_the_contract_is_named(
    change: Callable[[dict[str, Any]], object], reason: str, tmp_path: Path
) -> None:
    path = tmp_path / "bad.jsonl"
    lines = [json.dumps(ROW), json.dumps(_changed(change))]
    path.write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(CorpusError) as caught:
        read_articles(path)
    message = str(caught.value)
    assert message.startswith(f"{path}, line 2: ")
    assert reason in message
    assert message.endswith("Correct the line.")


@pytest.mark.parametrize("line", [b"{", b"[]", b'"x"', b"\xff\xfe{}", b"\x00\x01"])
@pytest.mark.parametrize("read", [read_articles, read_gold])
def test_a_line_that_is_no_object_is_named(
    line: bytes, read: Callable[[Path], object], tmp_path: Path
) -> None:
    path = tmp_path / "bad.jsonl"
    path.write_bytes(b"\n" + line + b"\n")
    with pytest.raises(CorpusError, match=r"line 2: .+\. Correct the line\."):
        read(path)


def test_a_folder_without_articles_is_explained(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "none.jsonl"):
        with pytest.raises(CorpusError, match="No labelled articles at"):
            read_articles(path)


def test_a_unit_keeps_pillars_in_order_and_primary_among_them() -> None:
    with pytest.raises(ValueError, match="fixed order"):
        LabelledUnit(0, 1, Kind.BODY, (Pillar.SOCIETY, Pillar.ECONOMY), Pillar.SOCIETY)
    with pytest.raises(ValueError, match="does not fit"):
        LabelledUnit(0, 1, Kind.BODY, (), Pillar.SOCIETY)


def test_a_made_article_is_a_right_one() -> None:
    article = labelled_article("a", ("Câu một.", "eg"), ("Câu hai.", ""))
    assert isinstance(article, CorpusArticle)
    assert [article.sentence_text(u) for u in article.sentences] == ["Câu một.", "Câu hai."]
    assert article.sentences[0].pillars == (Pillar.GOVERNMENT, Pillar.ECONOMY)
    assert article.sentences[0].primary is Pillar.ECONOMY


# -- gold files ------------------------------------------------------------------------------

GOLD: dict[str, Any] = {
    "id": 7,
    "text": "Xã mở  quầy\nsố. Đến 2027 có 80%  hộ dùng ví. Xã mở quầy số.",
    "sentences": [
        {"text": "Xã mở quầy số.", "pillars": ["government"], "primary": "government"},
        {"text": "Câu không có trong bài.", "pillars": [], "primary": "none"},
        {
            "text": "Đến 2027 có 80% hộ dùng ví.",
            "pillars": ["society", "economy"],
            "primary": "economy",
            "targets": [
                {**ENTRY, "surface": "80% hộ", "start": 99},
                {**ENTRY, "surface": "2027", "status": "result", "comparator": "="},
            ],
        },
        {"text": "Xã mở quầy số.", "pillars": [], "primary": None},
        {"text": "Xa mo quay so.", "kind": "unaccented_duplicate", "pillars": [], "primary": None},
    ],
}


def _gold(tmp_path: Path, row: dict[str, Any]) -> Path:
    path = tmp_path / "gold.jsonl"
    path.write_text(json.dumps(row, ensure_ascii=False) + "\n\n", encoding="utf-8")
    return path


def test_gold_sentences_are_found_in_their_text_one_after_the_other(tmp_path: Path) -> None:
    gold = read_gold(_gold(tmp_path, GOLD))
    article = gold.articles[0]
    assert gold.lost == 1
    assert (article.id, article.origin) == ("7", "imported")
    texts = [article.sentence_text(u) for u in article.sentences]
    assert texts == ["Xã mở  quầy\nsố.", "Đến 2027 có 80%  hộ dùng ví.", "Xã mở quầy số."]
    assert article.sentences[1].pillars == (Pillar.ECONOMY, Pillar.SOCIETY)


def test_gold_entries_are_found_in_their_sentence(tmp_path: Path) -> None:
    article = read_gold(_gold(tmp_path, GOLD)).articles[0]
    share, year = article.sentences[1].targets
    assert (share.surface, share.deadline) == ("80%  hộ", "2027")
    assert (year.surface, year.start, year.deadline) == ("2027", 4, None)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda r: r["sentences"][2]["targets"][0].update(surface="90%"), "not in its sentence"),
        (lambda r: r["sentences"][2]["targets"][0].update(value="x"), "ConversionSyntax"),
        (lambda r: r["sentences"][0].pop("pillars"), "'pillars' is missing"),
        (lambda r: r["sentences"][0].update(primary="economy"), "does not fit"),
        (lambda r: r.pop("text"), "'text' is missing"),
        (lambda r: r.update(sentences=["x"]), "line 1"),
    ],
)
def test_a_gold_line_that_breaks_the_form_is_named(
    change: Callable[[dict[str, Any]], object], reason: str, tmp_path: Path
) -> None:
    row = json.loads(json.dumps(GOLD))
    change(row)
    path = _gold(tmp_path, row)
    with pytest.raises(CorpusError) as caught:
        read_gold(path)
    assert str(caught.value).startswith(f"{path}, line 1: ")
    assert reason in str(caught.value)


def test_a_missing_gold_file_is_explained(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="No gold file at"):
        read_gold(tmp_path / "none.jsonl")
