"""The scripted person of the demo answers what the corpus says, and nothing else."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
from loop_demo import answer, prepare_loop

from pipeline.corpus.articles import read_articles
from pipeline.corpus.splits import write_splits
from pipeline.exports import export
from pipeline.review_simulation import Reader, learning_curves
from pipeline.segment import Segmenter
from tests.exports.builders import as_corpus, blanked, labelled_article, write_corpus


def _corpus(folder: Path) -> Path:
    write_corpus(
        folder / "articles" / "a.jsonl", [as_corpus(labelled_article(n)) for n in range(4)]
    )
    write_splits(
        {"bai-003": "dev", **{f"bai-00{n}": "train" for n in range(3)}}, folder / "splits.json"
    )
    return folder


def test_the_loop_keeps_articles_apart_and_answers_from_the_corpus(tmp_path: Path) -> None:
    unread = prepare_loop(_corpus(tmp_path / "corpus"), tmp_path / "loop", 1, 2)
    shipped = {a.id for a in read_articles(tmp_path / "loop/corpus/articles")}
    assert shipped == {"bai-000", "bai-003"}
    assert {a.id for a in unread} == {"bai-001", "bai-002"}
    text = (tmp_path / "loop/unread.jsonl").read_text(encoding="utf-8")
    assert [json.loads(line)["id"] for line in text.splitlines()] == ["bai-001", "bai-002"]
    source = write_corpus(tmp_path / "blank.jsonl", [blanked(unread[0])])
    sheet = export(source, "xlsx", tmp_path / "queue.xlsx").output
    book = openpyxl.load_workbook(sheet)
    columns = [cell.value for cell in book["sentences"][1]]
    book["sentences"].cell(2, columns.index("text") + 1).value = "Câu đã bị cắt khác đi."
    book.save(sheet)
    assert answer(sheet, unread) == 5
    rows = [
        dict(zip(columns, cells, strict=True))
        for cells in openpyxl.load_workbook(sheet)["sentences"].iter_rows(
            min_row=2, values_only=True
        )
    ]
    assert [row["primary"] for row in rows] == [
        "none",
        "government",
        "government",
        "infrastructure",
        "none",
        "economy",
    ]
    assert [row["checked"] for row in rows] == [None, *["yes"] * 5]
    assert [row["society"] for row in rows][1] == "yes"


def test_both_curves_begin_at_one_model_and_read_what_they_may() -> None:
    articles = read_articles(Path("corpus/articles"))[::60]
    reader = Reader(articles, articles[:2], Segmenter.load())
    shown = [u for a in articles for u in a.sentences if not u.kind.is_furniture]
    assert 0 < len(reader.asked) <= len(shown)
    start = len(articles) - 4
    curves = learning_curves(reader, start, 4, 1, 0)
    assert set(curves) == {"queue", "random"}
    assert curves["queue"].macro[0] == curves["random"].macro[0]
    for curve in curves.values():
        assert (len(curve.macro), len(curve.corrected)) == (2, 1)
        assert 0 <= curve.corrected[0] <= 1
    again = learning_curves(reader, start, 4, 1, 0, share=0.5)
    assert again["queue"].macro[0] == curves["queue"].macro[0]
