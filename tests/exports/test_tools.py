"""Each export is loaded by the tool it is meant for (make tools-test)."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from pipeline.corpus.articles import read_articles
from pipeline.exports import ExportOptions, export, import_labels
from tests.exports.builders import MODEL_ID, as_corpus, labelled_article, write_corpus, write_run
from tests.exports.label_studio_server import label_studio

pytestmark = pytest.mark.tools

SENTENCES = 12
LEAD = 1
"""Place of the sentence with two targets and two pillars."""


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("runs") / "run"
    return write_run(folder, [labelled_article(n) for n in range(2)])


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("corpus")
    (folder / "articles").mkdir()
    write_corpus(folder / "articles" / "a.jsonl", [as_corpus(labelled_article(n)) for n in (1, 2)])
    splits = {"bai-001": "train", "bai-002": "test"}
    (folder / "splits.json").write_text(json.dumps(splits), encoding="utf-8")
    return folder


@pytest.mark.parametrize("include_text", [True, False])
def test_datasets_loads_the_folder(
    include_text: bool, corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    import datasets  # type: ignore[import-not-found,unused-ignore]

    options = ExportOptions(include_text=include_text, licence="CC-BY-4.0")
    folder = export(corpus, "huggingface", tmp_path / "hf", options).output
    loaded = datasets.load_dataset(str(folder), cache_dir=str(tmp_path / "cache"))
    assert {name: len(rows) for name, rows in loaded.items()} == {"train": 6, "test": 6}
    rows = loaded["train"]
    names = rows.features["pillars"].feature.names
    assert [names[i] for i in rows[LEAD]["pillars"]] == ["government", "society"]
    assert rows.features["primary"].names[rows[4]["primary"]] == "none"
    entry = rows[LEAD]["targets"][0]
    assert (entry["value"], entry["unit"], entry["status"]) == (85.0, "%", "target")
    if include_text:
        assert rows[LEAD]["text"][entry["start"] : entry["end"]] == entry["surface"]
    else:
        assert rows[LEAD]["text"] is None
    assert len(rows[LEAD]["text_sha256"]) == 64


def test_the_card_is_a_dataset_card(run: Path, tmp_path: Path) -> None:
    from huggingface_hub import DatasetCard  # type: ignore[import-not-found,unused-ignore]

    folder = export(run, "huggingface", tmp_path / "hf").output
    card = DatasetCard.load(folder / "README.md")
    assert card.data.language == ["vi"]
    assert card.data.dataset_info["splits"][0]["num_examples"] == SENTENCES


def test_datasets_and_pandas_read_the_plain_formats(run: Path, tmp_path: Path) -> None:
    import datasets
    import pandas as pd

    lines = export(run, "jsonl", tmp_path / "run.jsonl").output
    cache = str(tmp_path / "cache")
    loaded = datasets.load_dataset("json", data_files=str(lines), cache_dir=cache)["train"]
    assert len(loaded) == SENTENCES
    sheet = export(run, "csv", tmp_path / "csv").output / "sentences.csv"
    assert len(pd.read_csv(sheet)) == SENTENCES
    table = export(run, "parquet", tmp_path / "pq").output / "sentences.parquet"
    assert len(pd.read_parquet(table)) == SENTENCES


def test_spacy_reads_the_documents(run: Path, tmp_path: Path) -> None:
    import spacy
    from spacy.tokens import DocBin

    folder = export(run, "spacy", tmp_path / "spacy").output
    nlp = spacy.blank("xx")
    documents = list(DocBin().from_disk(folder / "train" / "part-00000.spacy").get_docs(nlp.vocab))
    assert len(documents) == SENTENCES
    lead = documents[LEAD]
    assert lead.cats["society"] == 1.0
    assert lead.cats["none"] == 0.0
    assert [(s.text, s.label_) for s in lead.spans["sc"]] == [
        ("ít nhất 85%", "target"),
        ("60%", "target"),
    ]
    assert lead.user_data["entries"][0]["value"] == 85.0
    assert lead.user_data["model"] == MODEL_ID


def test_spacy_trains_on_the_documents(run: Path, tmp_path: Path) -> None:
    folder = export(run, "spacy", tmp_path / "spacy").output / "train"
    config = tmp_path / "config.cfg"
    spacy = [sys.executable, "-m", "spacy"]
    task = "textcat_multilabel,spancat"
    subprocess.run([*spacy, "init", "config", str(config), "-l", "xx", "-p", task], check=True)
    done = subprocess.run(
        [
            *spacy,
            "train",
            str(config),
            f"--paths.train={folder}",
            f"--paths.dev={folder}",
            "--training.max_steps=3",
            "--training.eval_frequency=3",
        ],
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr[-2000:]


def test_spacy_converts_conll(run: Path, tmp_path: Path) -> None:
    from spacy.training.converters import conllu_to_docs

    file = export(run, "conll", tmp_path / "run.conllu").output
    documents = list(conllu_to_docs(file.read_text(encoding="utf-8"), n_sents=1, no_print=True))
    assert len(documents) == SENTENCES
    found = [(e.text, e.label_) for e in documents[LEAD].ents]
    assert found == [("ít nhất 85%", "TARGET"), ("60%", "TARGET")]


def test_openpyxl_sees_lists_filters_and_no_formula(run: Path, tmp_path: Path) -> None:
    import openpyxl

    book = openpyxl.load_workbook(export(run, "xlsx", tmp_path / "run.xlsx").output)
    assert book.sheetnames == ["sentences", "targets", "articles"]
    for sheet in book:
        assert sheet.freeze_panes == "A2"
        assert sheet.auto_filter.ref
        assert not [c for row in sheet.iter_rows() for c in row if c.data_type == "f"]
    sheet = book["sentences"]
    lists = {str(rule.sqref): rule.formula1 for rule in sheet.data_validations.dataValidation}
    assert '"government,economy,society,infrastructure,none"' in lists.values()
    assert len(lists) == 6
    assert sheet.conditional_formatting
    columns = [cell.value for cell in sheet[1]]
    texts = [row[columns.index("text")] for row in sheet.iter_rows(min_row=2)]
    risky = next(cell for cell in texts if cell.value.startswith("=SUM"))
    assert (risky.data_type, risky.quotePrefix) == ("s", True)


def test_a_sheet_saved_again_by_openpyxl_is_imported(run: Path, tmp_path: Path) -> None:
    import openpyxl

    file = export(run, "xlsx", tmp_path / "run.xlsx").output
    book = openpyxl.load_workbook(file)
    sheet = book["sentences"]
    columns = [cell.value for cell in sheet[1]]
    sheet.cell(6, columns.index("society") + 1).value = "yes"
    sheet.cell(6, columns.index("primary") + 1).value = "society"
    sheet.cell(6, columns.index("annotator") + 1).value = "lan"
    for row in sheet.iter_rows():
        for cell in row:
            if cell.data_type == "f":
                cell.data_type = "s"
    book.save(file)
    summary = import_labels(file, "xlsx", run, tmp_path / "r.jsonl")
    assert (summary.changed, summary.conflicts) == (1, ())


def test_datasette_shows_views_and_searches(run: Path, tmp_path: Path) -> None:
    file = export(run, "sqlite", tmp_path / "run.sqlite").output

    def ask(path: str) -> Any:  # noqa: ANN401 -- JSON
        command = [sys.executable, "-m", "datasette", str(file), "--get", f"/run{path}"]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        return json.loads(done.stdout)

    views = {view["name"] for view in ask(".json")["views"]}
    assert "targets_by_province_pillar" in views
    assert ask("/targets_by_province_pillar.json?_shape=objects")["rows"]
    assert len(ask("/sentences.json?_search=dich+vu+cong&_shape=array")) == 2
    facets = ask("/sentences.json?_facet_array=pillars")["facet_results"]
    assert len(facets["pillars"]["results"]) == 4


def test_duckdb_joins_the_tables(run: Path, tmp_path: Path) -> None:
    import duckdb

    file = export(run, "duckdb", tmp_path / "run.duckdb").output
    with duckdb.connect(str(file), read_only=True) as database:
        query = "select count(*) from sentences, unnest(pillars) p(pillar) where pillar = 'society'"
        assert database.execute(query).fetchone() == (2,)


def test_the_sdk_of_label_studio_accepts_tasks_and_labels(run: Path, tmp_path: Path) -> None:
    from label_studio_sdk.label_interface import (  # type: ignore[import-not-found,unused-ignore]
        LabelInterface,
    )

    folder = export(run, "label-studio", tmp_path / "ls").output
    interface = LabelInterface((folder / "labelling_config.xml").read_text(encoding="utf-8"))
    interface.validate()
    tasks = json.loads((folder / "tasks-00000.json").read_text(encoding="utf-8"))
    for task in tasks:
        assert interface.validate_task({"data": task["data"]})
        for prediction in task["predictions"]:
            assert not interface.validate_prediction(prediction, return_errors=True)
    broken = json.loads(json.dumps(tasks[LEAD]["predictions"][0]))
    broken["result"][0]["value"]["choices"] = ["sea"]
    assert interface.validate_prediction(broken, return_errors=True)


@pytest.mark.timeout(900)
def test_label_studio_takes_tasks_and_gives_corrections_back(run: Path, tmp_path: Path) -> None:
    command = Path(".venv-label-studio/bin/label-studio").absolute()
    if not command.exists():
        pytest.skip("no .venv-label-studio")
    folder = export(run, "label-studio", tmp_path / "ls").output
    tasks = json.loads((folder / "tasks-00000.json").read_text(encoding="utf-8"))
    (tmp_path / "data").mkdir()
    with label_studio(command, tmp_path / "data") as server:
        config = (folder / "labelling_config.xml").read_text(encoding="utf-8")
        project = server.ask("/api/projects/", {"title": "trucot", "label_config": config})["id"]
        taken = server.ask(f"/api/projects/{project}/import", tasks)
        assert (taken["task_count"], taken["prediction_count"]) == (SENTENCES, SENTENCES)
        listed = server.ask(f"/api/tasks?project={project}&fields=all&page_size=100")["tasks"]
        task = next(t for t in listed if t["data"]["sentence_id"] == "bai-000:0001")
        result = task["predictions"][0]["result"]
        result[0]["value"]["choices"] = ["society"]
        kept = [item for item in result if item["id"] != "entry-1"]
        server.ask(f"/api/tasks/{task['id']}/annotations/", {"result": kept})
        given = server.ask(f"/api/projects/{project}/export?exportType=JSON")
    file = tmp_path / "given.json"
    file.write_text(json.dumps(given), encoding="utf-8")
    summary = import_labels(file, "label-studio", run, tmp_path / "r.jsonl")
    assert (summary.read, summary.changed, summary.conflicts) == (1, 1, ())
    (article,) = read_articles(summary.output)
    assert article.annotators == ("user 1",)
    (unit,) = article.sentences
    assert unit.primary == "society"
    assert [t.surface for t in unit.targets] == ["ít nhất 85%"]


@pytest.mark.timeout(900)
def test_doccano_takes_examples_and_gives_corrections_back(run: Path, tmp_path: Path) -> None:
    python = Path(".venv-doccano/bin/python").absolute()
    if not python.exists():
        pytest.skip("no .venv-doccano")
    folder = export(run, "doccano", tmp_path / "doccano").output
    script = Path(__file__).with_name("doccano_project.py")
    for name, kind in (
        ("intent_and_slots", "IntentDetectionAndSlotFilling"),
        ("classification", "DocumentClassification"),
        ("sequence", "SequenceLabeling"),
    ):
        given = tmp_path / f"{name}.jsonl"
        work = tmp_path / name
        work.mkdir()
        command = [str(python), str(script), str(folder / f"{name}.jsonl"), kind, str(given)]
        done = subprocess.run(command, cwd=work, check=False, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr[-3000:]
        summary = import_labels(given, "doccano", run, tmp_path / f"{name}.corpus")
        assert (summary.read, summary.changed, summary.conflicts) == (SENTENCES, 1, ())
