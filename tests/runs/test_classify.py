from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Event, Thread
from typing import TYPE_CHECKING

import pytest

from pipeline.errors import InputError, ModelError, RunError
from pipeline.runs import RunSettings, RunSummary, classify, read_run
from tests.runs.fakes import make_labeller
from tests.runs.folders import SMALL, data_bytes, rejects_of, row, rows_of, run, write_rows

if TYPE_CHECKING:
    from pipeline.runs import Labeller


def test_every_article_is_in_the_tables_once(tmp_path: Path) -> None:
    source = write_rows(tmp_path / "in.jsonl", [row(n) for n in range(10)])
    summary = run(source, tmp_path / "run")
    articles = rows_of(tmp_path / "run", "articles")
    assert list(articles["article_id"]) == [f"a{n:05d}" for n in range(10)]
    assert list(articles["n_targets"]) == [3] * 10
    assert len(rows_of(tmp_path / "run", "sentences")) == summary.sentences == 20
    assert len(rows_of(tmp_path / "run", "targets")) == summary.targets == 30
    assert (summary.read, summary.written, summary.rejected) == (10, 10, 0)
    parts = sorted(p.name[:11] for p in (tmp_path / "run/sentences.parquet").iterdir())
    assert parts == ["part-000000", "part-000001", "part-000002"]


def test_the_same_input_gives_the_same_bytes_with_any_number_of_jobs(tmp_path: Path) -> None:
    source = write_rows(tmp_path / "in.jsonl", [row(n) for n in range(10)])
    run(source, tmp_path / "one")
    run(source, tmp_path / "two", replace(SMALL, jobs=2))
    assert data_bytes(tmp_path / "one") == data_bytes(tmp_path / "two")


def test_workers_are_spawned_where_threads_forbid_a_fork(tmp_path: Path) -> None:
    source = write_rows(tmp_path / "in.jsonl", [row(n) for n in range(6)])
    run(source, tmp_path / "forked")
    end = Event()
    thread = Thread(target=end.wait)
    thread.start()
    try:
        run(source, tmp_path / "spawned", replace(SMALL, jobs=2))
    finally:
        end.set()
        thread.join()
    assert data_bytes(tmp_path / "forked") == data_bytes(tmp_path / "spawned")


def test_a_run_leaves_nothing_to_the_next(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        monkeypatch.chdir(tmp_path / name)
        write_rows(Path("in.jsonl"), [row(1)])
        assert run(Path("in.jsonl"), Path("run")).written == 1
        assert (tmp_path / name / "run/manifest.json").is_file()


def test_a_second_start_does_nothing_and_changes_nothing(tmp_path: Path) -> None:
    source = write_rows(tmp_path / "in.jsonl", [row(n) for n in range(6)])
    run(source, tmp_path / "run")
    before = data_bytes(tmp_path / "run")
    calls: list[RunSummary] = []
    summary = classify([str(source)], tmp_path / "run", SMALL, make_labeller, calls.append)
    assert (summary.known, summary.written, calls) == (6, 6, [])
    assert data_bytes(tmp_path / "run") == before


@pytest.mark.parametrize("lost", [{0}, {1}, {2}, {0, 2}, {1, 2}, {0, 1, 2}])
def test_lost_shards_come_back_the_same(tmp_path: Path, lost: set[int]) -> None:
    source = write_rows(tmp_path / "in.jsonl", [row(n) for n in range(10)])
    run(source, tmp_path / "run")
    before = data_bytes(tmp_path / "run")
    for state in (tmp_path / "run/.state").glob("*.json"):
        if json.loads(state.read_text()).get("sequence") in lost:
            state.unlink()
    run(source, tmp_path / "run")
    assert data_bytes(tmp_path / "run") == before


def test_a_grown_folder_costs_only_the_new_articles(tmp_path: Path) -> None:
    write_rows(tmp_path / "in/b.jsonl", [row(n) for n in range(5)])
    run(tmp_path / "in", tmp_path / "run")
    before = {p.name for p in (tmp_path / "run/sentences.parquet").iterdir()}
    write_rows(tmp_path / "in/a.jsonl", [row(n) for n in range(5, 8)])
    summary = run(tmp_path / "in", tmp_path / "run")
    after = {p.name for p in (tmp_path / "run/sentences.parquet").iterdir()}
    assert before < after
    assert (summary.known, summary.written) == (5, 8)
    assert sorted(rows_of(tmp_path / "run", "articles")["article_id"]) == [
        f"a{n:05d}" for n in range(8)
    ]


def test_a_row_that_moves_in_its_file_is_not_new(tmp_path: Path) -> None:
    source = write_rows(tmp_path / "in.jsonl", [row(1), row(2)])
    run(source, tmp_path / "run")
    write_rows(source, [row(3), row(2), row(1)])
    assert run(source, tmp_path / "run").known == 2


@pytest.mark.parametrize(
    "other", [replace(SMALL, model_id="other"), replace(SMALL, columns=(("text", "body"),))]
)
def test_another_model_or_settings_never_mix(tmp_path: Path, other: RunSettings) -> None:
    source = write_rows(tmp_path / "in.jsonl", [row(1, body="Thôn 5 có chợ")])
    run(source, tmp_path / "run")
    with pytest.raises(RunError, match=r"another (model_id|columns).*--fresh"):
        run(source, tmp_path / "run", other)
    assert run(source, tmp_path / "run", replace(other, fresh=True)).written == 1
    assert len(rows_of(tmp_path / "run", "articles")) == 1


def test_a_second_process_on_a_run_is_refused(tmp_path: Path) -> None:
    source = write_rows(tmp_path / "in.jsonl", [row(1), row(2)])
    messages = []

    def second(_: RunSummary) -> None:
        with pytest.raises(RunError) as caught:
            run(source, tmp_path / "run")
        messages.append(str(caught.value))

    classify([str(source)], tmp_path / "run", SMALL, make_labeller, second)
    assert messages[0].startswith(f"Another process is writing to {tmp_path / 'run'}. Wait until")


def test_tables_of_something_else_are_left_alone(tmp_path: Path) -> None:
    stranger = tmp_path / "run/sentences.parquet/part-0.parquet"
    stranger.parent.mkdir(parents=True)
    stranger.write_bytes(b"mine")
    source = write_rows(tmp_path / "in.jsonl", [row(1)])
    with pytest.raises(RunError, match="holds tables of something else"):
        run(source, tmp_path / "run")
    assert stranger.read_bytes() == b"mine"


def test_an_article_that_fails_is_a_reject_and_the_others_land(tmp_path: Path) -> None:
    texts = {3: "#raise", 5: "   ", 6: "#hang"}
    rows = [row(n, texts.get(n)) for n in range(8)]
    summary = run(write_rows(tmp_path / "in.jsonl", rows), tmp_path / "run")
    assert (summary.written, summary.rejected) == (5, 3)
    assert [(r["record"], r["stage"], r["reason"]) for r in rejects_of(tmp_path / "run")] == [
        (3, "label", "an unexpected error: KeyError: 'asked for'"),
        (5, "ingest", "the row has no text and no html"),
        (6, "label", "it took longer than its time bound of 1 s"),
    ]
    assert summary.reasons[0] == ("ingest: the row has no text and no html", 1)


@pytest.mark.parametrize("poison", ["#die", "#spin"])
def test_an_article_that_kills_its_worker_is_a_reject(tmp_path: Path, poison: str) -> None:
    rows = [row(n, poison if n == 2 else None) for n in range(6)]
    source = write_rows(tmp_path / "in.jsonl", rows)
    summary = run(source, tmp_path / "run", replace(SMALL, jobs=2, seconds=0.2))
    assert (summary.written, summary.rejected) == (5, 1)
    (reject,) = rejects_of(tmp_path / "run")
    assert (reject["record"], reject["stage"]) == (2, "label")
    assert reject["reason"].startswith("the worker process died on it")


def test_an_id_given_to_two_texts_is_suffixed_and_told(tmp_path: Path) -> None:
    rows = [row(1), row(1, "Một bài khác hẳn về chợ phiên có 12 gian hàng"), row(2)]
    summary = run(write_rows(tmp_path / "in.jsonl", rows), tmp_path / "run")
    first, second, third = rows_of(tmp_path / "run", "articles")["article_id"]
    assert (first, third, second[:7], len(second)) == ("a00001", "a00002", "a00001-", 15)
    assert read_run(tmp_path / "run").manifest["renamed_ids"] == {second: "a00001"}
    assert summary.renamed == 1


def test_two_files_of_one_text_are_two_articles_and_one_is_a_copy(tmp_path: Path) -> None:
    for name in ("a.txt", "b.txt"):
        (tmp_path / "in").mkdir(exist_ok=True)
        (tmp_path / "in" / name).write_text("Xã Na Ư mở lớp. Có 30 người.", encoding="utf-8")
    summary = run(tmp_path / "in", tmp_path / "run")
    articles = rows_of(tmp_path / "run", "articles")
    assert articles["article_id"].is_unique
    assert articles["duplicate_of"].isna().tolist() == [True, False]
    assert articles["duplicate_of"][1] == articles["article_id"][0]
    assert summary.duplicates == 1


def test_a_mended_input_is_no_longer_told_as_a_reject(tmp_path: Path) -> None:
    source = tmp_path / "in.jsonl"
    source.write_text('{"id": "a1", "text": "Xã 1"}\nbroken\n', encoding="utf-8")
    assert run(source, tmp_path / "run").rejected == 1
    source.write_text('{"id": "a1", "text": "Xã 1"}\n{"id": "a2", "text": "Xã 2"}\n')
    summary = run(source, tmp_path / "run")
    assert (summary.written, summary.rejected, rejects_of(tmp_path / "run")) == (2, 0, [])


def failing_factory() -> Labeller:
    message = "The model is missing. Run make train."
    raise ModelError(message)


def test_errors_of_ours_end_the_run_with_their_message(tmp_path: Path) -> None:
    source = write_rows(tmp_path / "in.jsonl", [row(1)])
    with pytest.raises(ModelError, match="make train"):
        classify([str(source)], tmp_path / "run", SMALL, failing_factory)
    with pytest.raises(InputError, match="No such file"):
        run([str(tmp_path / "no.txt")], tmp_path / "run")
    assert run(source, tmp_path / "run").written == 1


def test_a_damaged_state_file_is_told(tmp_path: Path) -> None:
    source = write_rows(tmp_path / "in.jsonl", [row(1)])
    run(source, tmp_path / "run")
    state = next(p for p in (tmp_path / "run/.state").glob("*.json") if p.name != "run.json")
    state.write_text("{")
    with pytest.raises(RunError, match=r"is damaged\. Delete that file"):
        run(source, tmp_path / "run")


def test_read_run_gives_back_the_counts(tmp_path: Path) -> None:
    source = write_rows(tmp_path / "in.jsonl", [row(1), row(2, "")])
    summary = run(source, tmp_path / "run")
    opened = read_run(tmp_path / "run")
    assert opened.summary == replace(summary, known=0)
    assert opened.model_id == "fake"
    (tmp_path / "run/manifest.json").write_text("[]")
    with pytest.raises(RunError, match="is damaged"):
        read_run(tmp_path / "run")
    (tmp_path / "run/manifest.json").unlink()
    with pytest.raises(RunError, match="is not finished"):
        read_run(tmp_path / "run")


@dataclass(frozen=True)
class _NotedFactory:
    """Makes the labeller, and a line in a file for each that it made."""

    notes: Path

    def __call__(self) -> Labeller:
        with self.notes.open("a", encoding="utf-8") as lines:
            lines.write("loaded\n")
        return make_labeller()


def test_each_run_loads_its_model_anew_and_once(tmp_path: Path) -> None:
    source = write_rows(tmp_path / "in.jsonl", [row(n) for n in range(10)])
    factory = _NotedFactory(tmp_path / "notes")
    for name in ("a", "b"):
        classify([str(source)], tmp_path / name, replace(SMALL, jobs=2), factory)
    assert factory.notes.read_text(encoding="utf-8").splitlines() == ["loaded"] * 2
