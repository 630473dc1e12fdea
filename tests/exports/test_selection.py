"""Filters keep the sentences asked for, with their articles and entries."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pyarrow.parquet as pq
import pytest

from pipeline.errors import ExportError
from pipeline.exports import FORMATS, ExportOptions, export
from tests.exports.builders import labelled_article, write_run

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    articles = [
        labelled_article(0, published="2024-12-31", province="Nghệ An"),
        labelled_article(1, published="2025-01-01"),
        labelled_article(2, published="2025-06"),
        labelled_article(3, published=None, province=None),
    ]
    return write_run(tmp_path_factory.mktemp("runs") / "run", articles)


def _counts(run: Path, tmp_path: Path, options: ExportOptions) -> tuple[int, int, int]:
    counts = export(run, "jsonl", tmp_path / "o.jsonl", options).counts
    return counts["articles"], counts["sentences"], counts["targets"]


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (ExportOptions(), (4, 24, 16)),
        (ExportOptions(pillars=("society",)), (4, 4, 8)),
        (ExportOptions(pillars=("society", "none")), (4, 8, 8)),
        (ExportOptions(status="result"), (4, 4, 4)),
        (ExportOptions(status="target"), (4, 8, 12)),
        (ExportOptions(only_targets=True), (4, 8, 12)),
        (ExportOptions(since="2025"), (2, 12, 8)),
        (ExportOptions(until="2024"), (1, 6, 4)),
        (ExportOptions(since="2025-02", until="2025-06-30"), (1, 6, 4)),
        (ExportOptions(provinces=("Nghệ An",)), (1, 6, 4)),
        (ExportOptions(provinces=("nghe an",)), (1, 6, 4)),
        (ExportOptions(provinces=("Cà Mau",)), (0, 0, 0)),
        (ExportOptions(where="targets.value >= 85 and published < '2025'"), (1, 3, 4)),
        (ExportOptions(where="score_government > 0.5 -- chính quyền"), (4, 12, 8)),
        (ExportOptions(where="targets.value = 60", since="2025-06"), (1, 1, 2)),
    ],
)
def test_filters_combine(
    options: ExportOptions, expected: tuple[int, int, int], run: Path, tmp_path: Path
) -> None:
    assert _counts(run, tmp_path, options) == expected


def test_a_sample_is_fixed_by_its_seed(run: Path, tmp_path: Path) -> None:
    def sample(name: str, seed: int) -> str:
        options = ExportOptions(sample=5, seed=seed, pillars=("government",))
        return export(run, "jsonl", tmp_path / name, options).output.read_text(encoding="utf-8")

    assert len(sample("a", 1).splitlines()) == 5
    assert sample("b", 1) == sample("c", 1)
    assert sample("d", 1) != sample("e", 2)


def test_a_queue_keeps_its_order_and_says_why(run: Path, tmp_path: Path) -> None:
    queue = {"bai-003:0001": "uncertain", "bai-000:0004": "control"}
    file = export(run, "jsonl", tmp_path / "q", ExportOptions(queue=queue)).output
    rows = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    assert [(r["sentence_id"], r["review_reason"]) for r in rows] == list(queue.items())
    with pytest.raises(ExportError, match="not in"):
        export(run, "jsonl", tmp_path / "r", ExportOptions(queue={"nobody:0001": "x"}))


@pytest.mark.parametrize("name", [n for n, f in FORMATS.items() if not f.needs_text])
def test_without_text_no_word_of_the_article_is_left(name: str, run: Path, tmp_path: Path) -> None:
    output = tmp_path / f"o{FORMATS[name].suffix}"
    summary = export(run, name, output, ExportOptions(include_text=False))
    words = ["trực tuyến", "phơi lúa", "Mẫu Sơn", "doanh thu"]
    for file in summary.files:
        if file.suffix == ".parquet":
            held = str(pq.read_table(file).to_pylist())
        else:
            held = file.read_bytes().decode("utf-8", "replace")
        assert not [word for word in words if word in held], file
        assert "ít nhất 85%" not in held


def test_formats_of_text_refuse_to_do_without(run: Path, tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="--no-text"):
        export(run, "conll", tmp_path / "o", ExportOptions(include_text=False))


@pytest.mark.parametrize(
    "where", ["nonsense ==", "1=1; drop table articles", "text in (select * from '/etc/passwd')"]
)
def test_a_bad_condition_is_refused(where: str, run: Path, tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="--where"):
        export(run, "jsonl", tmp_path / "o", ExportOptions(where=where))


@pytest.mark.parametrize(
    "wrong",
    [
        {"pillars": ("sea",)},
        {"status": "maybe"},
        {"sample": 0},
        {"since": "03/2025"},
        {"until": "2025-13"},
        {"provinces": ("Atlantis",)},
    ],
)
def test_unknown_choices_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ExportError):
        ExportOptions(**wrong)  # type: ignore[arg-type]


def test_an_export_of_nothing_says_so(run: Path, tmp_path: Path) -> None:
    nothing = export(run, "jsonl", tmp_path / "o", ExportOptions(since="2031"))
    assert nothing.notes == ("No sentence passes the filters: the export is empty.",)
