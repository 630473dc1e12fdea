"""Every format is written and read again with a library that knows it."""

from __future__ import annotations

import csv
import hashlib
import json
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import duckdb
import openpyxl
import pyarrow.parquet as pq
import pytest
from python_calamine import CalamineWorkbook

from pipeline.errors import ExportError
from pipeline.exports import FORMATS, ExportOptions, export
from pipeline.exports.label_studio import labelling_config
from tests.exports.builders import MODEL_ID, as_corpus, labelled_article, write_corpus, write_run

if TYPE_CHECKING:
    from pathlib import Path

WITHOUT_EXTRA = [name for name in FORMATS if name != "spacy"]
ARTICLES, SENTENCES, TARGETS = 5, 30, 20


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("runs") / "run"
    return write_run(folder, [labelled_article(n) for n in range(ARTICLES)])


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("corpus")
    (folder / "articles").mkdir()
    write_corpus(folder / "articles" / "a.jsonl", [as_corpus(labelled_article(n)) for n in (1, 2)])
    splits = {"bai-001": "train", "bai-002": "dev"}
    (folder / "splits.json").write_text(json.dumps(splits), encoding="utf-8")
    return folder


@pytest.mark.parametrize("name", WITHOUT_EXTRA)
def test_a_manifest_counts_and_hashes_what_was_written(
    name: str, run: Path, tmp_path: Path
) -> None:
    summary = export(run, name, tmp_path / f"out{FORMATS[name].suffix}", ExportOptions(licence="L"))
    manifest = json.loads(summary.manifest.read_text(encoding="utf-8"))
    assert manifest["counts"] == {
        "articles": ARTICLES,
        "sentences": SENTENCES,
        "targets": TARGETS,
    }
    assert manifest["sentences_by_label"]["government"] == 3 * ARTICLES
    assert manifest["sentences_by_label"]["none"] == ARTICLES
    assert (manifest["model"], manifest["licence"]) == (MODEL_ID, "L")
    assert summary.files
    for file, row in zip(summary.files, manifest["files"], strict=True):
        assert hashlib.sha256(file.read_bytes()).hexdigest() == row["sha256"]
    assert not list(tmp_path.glob(".export-*"))


@pytest.mark.parametrize("name", [n for n in WITHOUT_EXTRA if n != "duckdb"])
def test_the_same_input_gives_the_same_bytes(name: str, run: Path, tmp_path: Path) -> None:
    suffix = FORMATS[name].suffix
    one = export(run, name, tmp_path / "a" / f"x{suffix}")
    two = export(run, name, tmp_path / "b" / f"x{suffix}")
    assert [f.read_bytes() for f in one.files] == [f.read_bytes() for f in two.files]


@pytest.mark.parametrize("name", WITHOUT_EXTRA)
def test_an_empty_selection_is_written_too(name: str, run: Path, tmp_path: Path) -> None:
    options = ExportOptions(since="2099")
    summary = export(run, name, tmp_path / f"out{FORMATS[name].suffix}", options)
    assert summary.counts["sentences"] == 0


def test_csv_opens_in_excel_and_holds_no_formula(run: Path, tmp_path: Path) -> None:
    folder = export(run, "csv", tmp_path / "csv").output
    assert (folder / "sentences.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    for name in ("articles", "sentences", "targets"):
        with (folder / f"{name}.csv").open(encoding="utf-8-sig", newline="") as lines:
            rows = list(csv.reader(lines))
        assert not [c for row in rows for c in row if c[:1] in {"=", "+", "-", "@"}]
        assert len({len(row) for row in rows}) == 1
    assert "'=SUM(A1:A9)" in (folder / "sentences.csv").read_text(encoding="utf-8")


def test_a_workbook_has_three_sheets_and_only_texts(run: Path, tmp_path: Path) -> None:
    file = export(run, "xlsx", tmp_path / "run.xlsx").output
    book = CalamineWorkbook.from_path(str(file))
    assert book.sheet_names == ["sentences", "targets", "articles"]
    rows = book.get_sheet_by_name("sentences").to_python()
    assert len(rows) == SENTENCES + 1
    texts = [str(row[rows[0].index("text")]) for row in rows]
    assert sum(text.startswith("=SUM(A1:A9)") for text in texts) == ARTICLES


def test_parquet_keeps_lists_and_stands_alone(run: Path, tmp_path: Path) -> None:
    folder = export(run, "parquet", tmp_path / "tables").output
    table = pq.read_table(folder / "sentences.parquet")
    assert table["pillars"][1].as_py() == ["government", "society"]
    assert table["url"][0].as_py() == "https://bao.example/0"
    assert table["model"].unique().to_pylist() == [MODEL_ID]
    assert pq.read_table(folder / "targets.parquet")["value"][0].as_py() == 85


@pytest.mark.parametrize("name", ["duckdb", "sqlite"])
def test_databases_have_keys_and_views(name: str, run: Path, tmp_path: Path) -> None:
    file = export(run, name, tmp_path / f"run.{name}").output
    connect = duckdb.connect if name == "duckdb" else sqlite3.connect
    with closing(connect(str(file))) as database:

        def ask(query: str) -> list[tuple[object, ...]]:
            return [tuple(row) for row in database.execute(query).fetchall()]

        assert ask("select count(*) from sentences") == [(SENTENCES,)]
        found = ask(
            "select province, pillar, status, entries from targets_by_province_pillar"
            " order by status"
        )
        assert found == [
            ("Lào Cai", "government", "result", ARTICLES),
            ("Lào Cai", "government", "target", 3 * ARTICLES),
        ]
        assert ask("select month, sentences from sentences_by_month_pillar where pillar='society'")
        assert len(ask("select * from sentences_to_review")) == ARTICLES
        with pytest.raises((duckdb.ConstraintException, sqlite3.IntegrityError)):
            database.execute("insert into articles (article_id) values ('bai-000')")


def test_sqlite_finds_words_without_accents(run: Path, tmp_path: Path) -> None:
    file = export(run, "sqlite", tmp_path / "run.sqlite").output
    query = "select count(*) from sentences_fts where sentences_fts match ?"
    with closing(sqlite3.connect(file)) as database:
        for words in ("dich vu cong", "dịch vụ công", "doanh thu dat"):
            assert database.execute(query, (words,)).fetchone() == (ARTICLES,), words
        assert database.execute("pragma foreign_key_check").fetchall() == []


def test_hugging_face_splits_follow_the_corpus(corpus: Path, tmp_path: Path) -> None:
    folder = export(corpus, "huggingface", tmp_path / "hf").output
    assert sorted(p.name for p in (folder / "data").iterdir()) == [
        "train.parquet",
        "validation.parquet",
    ]
    table = pq.read_table(folder / "data" / "train.parquet")
    assert table["pillars"][1].as_py() == [0, 2]
    assert table["primary"][4].as_py() == 4
    assert table["targets"][1].as_py()[0]["surface"] == "ít nhất 85%"


def test_conll_tags_spans_and_keeps_offsets(run: Path, tmp_path: Path) -> None:
    text = export(run, "conll", tmp_path / "run.conllu").output.read_text(encoding="utf-8")
    block = next(b for b in text.split("\n\n") if "bai-000:0001" in b)
    lines = [line.split("\t") for line in block.split("\n") if not line.startswith("#")]
    tagged = [(line[1], line[9].split("|")[0]) for line in lines if "NE=" in line[9]]
    assert tagged == [
        ("ít", "NE=B-TARGET"),
        ("nhất", "NE=I-TARGET"),
        ("85", "NE=I-TARGET"),
        ("%", "NE=I-TARGET"),
        ("60", "NE=B-TARGET"),
        ("%", "NE=I-TARGET"),
    ]
    assert "# pillars = government;society" in block
    assert {len(line) for line in lines} == {10}


def test_a_workbook_shows_whole_texts_and_says_what_goes_into_a_column(
    run: Path, tmp_path: Path
) -> None:
    book = openpyxl.load_workbook(export(run, "xlsx", tmp_path / "run.xlsx").output)
    sheet = book["sentences"]
    columns = {cell.value: cell for cell in sheet[1]}
    assert columns["society"].comment.text == "society: xã hội số"
    assert columns["checked"].comment.text.startswith("Chọn yes")
    assert columns["text_sha256"].comment is None
    texts = [row[columns["text"].column - 1].value for row in sheet.iter_rows(min_row=2)]
    longest = max(range(len(texts)), key=lambda i: len(texts[i]))
    lines = -(-len(texts[longest]) // 80)
    assert sheet.row_dimensions[longest + 2].height >= 15 * lines


def test_label_studio_offers_a_model_as_prediction_and_people_as_annotation(
    run: Path, corpus: Path, tmp_path: Path
) -> None:
    folder = export(run, "label-studio", tmp_path / "ls").output
    tasks = json.loads((folder / "tasks-00000.json").read_text(encoding="utf-8"))
    assert len(tasks) == SENTENCES
    said = tasks[1]["predictions"][0]
    assert said["model_version"] == MODEL_ID
    for item in said["result"]:
        assert item["id"].replace("-", "").isalnum(), "it becomes a CSS class"
        if item["type"] == "labels":
            value = item["value"]
            assert tasks[1]["data"]["text"][value["start"] : value["end"]] == value["text"]
    folder = export(corpus, "label-studio", tmp_path / "ls2").output
    tasks = json.loads((folder / "tasks-00000.json").read_text(encoding="utf-8"))
    assert "annotations" in tasks[0]
    assert 'alias="&gt;="' in labelling_config()


def test_doccano_metadata_are_texts(run: Path, tmp_path: Path) -> None:
    folder = export(run, "doccano", tmp_path / "doc").output
    for name in ("intent_and_slots", "classification", "sequence"):
        lines = (folder / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
        assert len(lines) == SENTENCES
        row = json.loads(lines[1])
        labels = {"text", "cats", "entities", "label"}
        assert all(isinstance(v, str) for k, v in row.items() if k not in labels)


def test_a_missing_extra_is_named(
    monkeypatch: pytest.MonkeyPatch, run: Path, tmp_path: Path
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "xlsxwriter", None)
    with pytest.raises(ExportError, match=r"pip install 'trucot\[excel\]'"):
        export(run, "xlsx", tmp_path / "a.xlsx")


def test_nothing_is_overwritten_unasked(run: Path, tmp_path: Path) -> None:
    file = export(run, "jsonl", tmp_path / "a.jsonl").output
    with pytest.raises(ExportError, match="--force"):
        export(run, "jsonl", file)
    export(run, "jsonl", file, ExportOptions(force=True))
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").write_text("x", encoding="utf-8")
    with pytest.raises(ExportError, match="no export made"):
        export(run, "csv", tmp_path / "mine", ExportOptions(force=True))


def test_what_cannot_be_exported_is_said_plainly(run: Path, tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="neither a run nor"):
        export(tmp_path, "csv", tmp_path / "o")
    with pytest.raises(ExportError, match="Unknown format"):
        export(run, "docx", tmp_path / "o")
    (tmp_path / "half" / "sentences.parquet").mkdir(parents=True)
    with pytest.raises(ExportError, match="not finished"):
        export(tmp_path / "half", "csv", tmp_path / "o")
