"""What does not fit is listed, not guessed; agreement is counted."""

from __future__ import annotations

import csv
import json
import zipfile
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from pipeline.corpus.articles import read_articles
from pipeline.errors import ExportError
from pipeline.exports import ImportOptions, export, import_labels
from pipeline.exports.agreement import agreements
from pipeline.records import PILLARS, Pillar, Status
from tests.exports.builders import as_corpus, labelled_article, write_run

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

Row = dict[str, Any]


@pytest.fixture
def run(tmp_path: Path) -> Path:
    return write_run(tmp_path / "run", [labelled_article(n) for n in range(2)])


def _edit_jsonl(file: Path, edit: Callable[[list[Row]], None]) -> None:
    rows = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    edit(rows)
    text = "\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
    file.write_text(text, encoding="utf-8")


def _edit_csv(file: Path, edit: Callable[[list[Row]], None]) -> None:
    with file.open(encoding="utf-8-sig", newline="") as lines:
        rows = list(csv.DictReader(lines))
    names = list(rows[0])
    edit(rows)
    with file.open("w", encoding="utf-8-sig", newline="") as lines:
        # Excel of a decimal-comma country saves with semicolons.
        writer = csv.DictWriter(lines, names, delimiter=";")
        writer.writeheader()
        writer.writerows(rows)


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        ({"text": "Một câu khác hẳn."}, "edited_text"),
        ({"sentence_id": "bai-000:0099"}, "unknown_id"),
        ({"sentence_id": "nobody:0001"}, "unknown_id"),
        ({"text_sha256": "0" * 64}, "other_base"),
        ({"pillars": ["sea"]}, "invalid_label"),
        ({"pillars": ["economy", "infrastructure"], "primary": None}, "invalid_label"),
        ({"pillars": ["economy"], "primary": "society"}, "invalid_label"),
        ({"pillars": [], "primary": "society"}, "invalid_label"),
        ({"targets": [{"surface": "không có", "value": 1}]}, "invalid_label"),
        ({"targets": [{"surface": "60%", "value": 60}]}, "invalid_label"),
        (
            {"targets": [{"target_id": "bai-000:0001:0", "value": "nhiều"}]},
            "invalid_label",
        ),
        (
            {"targets": [{"target_id": "bai-000:0001:7", "value": 1}]},
            "invalid_label",
        ),
        ({"sentence_id": None, "pillars": 7}, "unreadable"),
    ],
)
def test_a_correction_that_does_not_fit_is_listed(
    change: Row, kind: str, run: Path, tmp_path: Path
) -> None:
    file = export(run, "jsonl", tmp_path / "o.jsonl").output

    def edit(rows: list[Row]) -> None:
        rows[0]["checked"] = True
        rows[1].update(change, checked=True)

    _edit_jsonl(file, edit)
    summary = import_labels(file, "jsonl", run, tmp_path / "r.jsonl")
    assert [conflict.kind for conflict in summary.conflicts] == [kind]
    assert summary.conflicts[0].place == "line 2"
    assert summary.checked == 1
    assert summary.conflicts_file is not None
    assert kind in summary.conflicts_file.read_text(encoding="utf-8")


def test_a_line_that_is_no_json_is_listed(run: Path, tmp_path: Path) -> None:
    file = export(run, "jsonl", tmp_path / "o.jsonl").output
    file.write_text(file.read_text(encoding="utf-8") + '{"half": \n[]\n', encoding="utf-8")
    summary = import_labels(file, "jsonl", run, tmp_path / "r.jsonl")
    assert [(c.kind, c.place) for c in summary.conflicts] == [
        ("unreadable", "line 13"),
        ("unreadable", "line 14"),
    ]


def test_two_annotators_who_differ_are_listed_and_counted(run: Path, tmp_path: Path) -> None:
    for name, pillar in (("lan", "economy"), ("mai", "society")):
        file = export(run, "jsonl", tmp_path / f"{name}.jsonl").output

        def edit(rows: list[Row], pillar: str = pillar) -> None:
            rows[0].update(pillars=[pillar], primary=pillar)
            rows[1].update(checked=True)
            rows[2].update(pillars=["economy"], primary="economy")

        _edit_jsonl(file, edit)
    files = [tmp_path / "lan.jsonl", tmp_path / "mai.jsonl"]
    summary = import_labels(files, "jsonl", run, tmp_path / "r.jsonl")
    assert [c.kind for c in summary.conflicts] == ["annotators_differ"]
    assert "lan: economy" in summary.conflicts[0].detail
    assert (summary.checked, summary.changed) == (2, 1)
    (agreement,) = summary.agreement
    assert agreement.annotators == ("lan", "mai")
    assert agreement.sentences == 3
    assert agreement.kappa["primary"] == pytest.approx(1 - (1 / 3) / (1 - 3 / 9))
    assert agreement.span_f1 == 1.0
    decided = import_labels(
        files, "jsonl", run, tmp_path / "s.jsonl", ImportOptions(adjudicator="mai")
    )
    assert decided.conflicts == ()
    article = read_articles(decided.output)[0]
    assert article.sentences[0].primary is Pillar.SOCIETY
    assert article.annotators == ("lan", "mai")


def test_one_annotator_who_says_two_things_is_listed(run: Path, tmp_path: Path) -> None:
    file = export(run, "jsonl", tmp_path / "o.jsonl").output

    def edit(rows: list[Row]) -> None:
        rows[0].update(pillars=["economy"], primary="economy")
        rows.append({**rows[0], "pillars": ["society"], "primary": "society"})

    _edit_jsonl(file, edit)
    summary = import_labels(file, "jsonl", run, tmp_path / "r.jsonl")
    assert [c.kind for c in summary.conflicts] == ["said_twice"]
    assert summary.articles == 0


def test_a_sheet_corrects_labels_and_entries(run: Path, tmp_path: Path) -> None:
    folder = export(run, "csv", tmp_path / "csv").output

    def labels(rows: list[Row]) -> None:
        rows[1].update(government="no", economy="x", primary="economy", annotator="lan")

    def entries(rows: list[Row]) -> None:
        rows[0]["value"] = "85,5"
        rows[1]["verdict"] = "wrong"
        rows[2].update(deadline="2028", unit="thôn, bản")
        new = {"sentence_id": "bai-000:0005", "surface": "doanh thu", "value": "3"}
        rows.append({**new, "comparator": "=", "unit": "tỷ", "status": "result"})

    _edit_csv(folder / "sentences.csv", labels)
    _edit_csv(folder / "targets.csv", entries)
    summary = import_labels(folder, "csv", run, tmp_path / "r.jsonl")
    assert summary.conflicts == ()
    (article,) = read_articles(summary.output)
    lead, coverage, sales = article.sentences
    assert lead.pillars == (Pillar.ECONOMY, Pillar.SOCIETY)
    assert [str(t.value) for t in lead.targets] == ["85.5"]
    assert (coverage.targets[0].deadline, coverage.targets[0].unit) == ("2028", "thôn, bản")
    assert [t.surface for t in sales.targets] == ["doanh thu", "11,5 tỷ đồng"]
    assert sales.targets[0].status is Status.RESULT
    assert article.annotators == ("lan",)


@pytest.mark.parametrize(
    ("row", "word"),
    [
        ({"value": "1,200"}, "without a comma"),
        ({"verdict": "maybe"}, "verdict"),
        ({"start": "x"}, "start"),
        ({"met": "perhaps"}, "met"),
        ({"status": "wish"}, "wish"),
    ],
)
def test_a_cell_that_may_mean_two_things_is_listed(
    row: Row, word: str, run: Path, tmp_path: Path
) -> None:
    folder = export(run, "csv", tmp_path / "csv").output
    _edit_csv(folder / "targets.csv", lambda rows: rows[0].update(row))
    summary = import_labels(folder / "targets.csv", "csv", run, tmp_path / "r.jsonl")
    assert len(summary.conflicts) == 1
    assert word in summary.conflicts[0].detail


def test_new_spans_of_doccano_need_a_value(run: Path, tmp_path: Path) -> None:
    file = export(run, "doccano", tmp_path / "d").output / "sequence.jsonl"

    def edit(rows: list[Row]) -> None:
        rows[1]["label"] = rows[1]["label"][:1]
        rows[3]["label"].append([2, 9, "result"])

    _edit_jsonl(file, edit)
    archive = tmp_path / "doccano.zip"
    with zipfile.ZipFile(archive, "w") as opened:
        opened.write(file, "lan.jsonl")
    summary = import_labels(archive, "doccano", run, tmp_path / "r.jsonl")
    assert [c.kind for c in summary.conflicts] == ["invalid_label"]
    assert "has no value" in summary.conflicts[0].detail
    (article,) = read_articles(summary.output)
    assert [t.surface for t in article.sentences[0].targets] == ["ít nhất 85%"]
    assert article.annotators == ("lan",)


def test_label_studio_annotations_are_taken_and_predictions_are_not(
    run: Path, tmp_path: Path
) -> None:
    file = export(run, "label-studio", tmp_path / "ls").output / "tasks-00000.json"
    with pytest.raises(ExportError, match="no corrections"):
        import_labels(file, "label-studio", run, tmp_path / "r.jsonl")
    tasks = json.loads(file.read_text(encoding="utf-8"))
    result = [item for item in tasks[1]["predictions"][0]["result"] if item["id"] != "entry-1"]
    result[0]["value"]["choices"] = ["society"]
    result.append(
        {
            "id": "x7",
            "from_name": "entry",
            "to_name": "text",
            "type": "labels",
            "value": {"start": 8, "end": 12, "text": "2027", "labels": ["target"]},
        }
    )
    tasks[1]["annotations"] = [{"result": result, "completed_by": {"email": "lan@bao.example"}}]
    tasks[2]["annotations"] = [{"result": [], "was_cancelled": True}]
    tasks[4]["annotations"] = [{"result": [{"from_name": "primary"}], "completed_by": 3}]
    file.write_text(json.dumps(tasks), encoding="utf-8")
    summary = import_labels(file, "label-studio", run, tmp_path / "r.jsonl")
    assert [(c.kind, c.place) for c in summary.conflicts] == [
        ("invalid_label", "tasks-00000.json, task 2"),
        ("unreadable", "tasks-00000.json, task 5"),
    ]
    result.pop()
    file.write_text(json.dumps(tasks), encoding="utf-8")
    options = ImportOptions(force=True)
    summary = import_labels(file, "label-studio", run, tmp_path / "r.jsonl", options)
    (article,) = read_articles(summary.output)
    assert article.sentences[0].primary is Pillar.SOCIETY
    assert len(article.sentences[0].targets) == 1
    assert article.sentences[0].targets[0].scope == ("cấp xã", "vùng cao; biên giới")
    assert article.annotators == ("lan@bao.example",)


def test_what_cannot_be_read_is_said_plainly(run: Path, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong"
    wrong.write_bytes(b"\xff\xfe not ours")
    for name in ("csv", "xlsx", "label-studio", "doccano"):
        with pytest.raises(ExportError):
            import_labels(wrong, name, run, tmp_path / "r.jsonl")
    with pytest.raises(ExportError, match="cannot be imported"):
        import_labels(wrong, "parquet", run, tmp_path / "r.jsonl")
    with pytest.raises(ExportError, match="No such file"):
        import_labels(tmp_path / "gone", "csv", run, tmp_path / "r.jsonl")


def test_agreement_counts_spans_exactly_and_by_overlap() -> None:
    article = as_corpus(labelled_article(1))
    unit = article.sentences[1]
    moved = replace(unit.targets[0], start=unit.targets[0].start + 3, surface="nhất 85%")
    other = replace(unit, pillars=tuple(PILLARS[:1]), targets=(moved, unit.targets[1]))
    (found,) = agreements({"s": {"a": unit, "b": other}})
    assert (found.span_f1, found.overlap_f1) == (0.5, 1.0)
    assert found.kappa["society"] == 0.0
    assert found.kappa["primary"] is None
