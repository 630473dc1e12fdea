"""The commands as a user types them: results, one plain sentence for each mistake, exit codes."""

from __future__ import annotations

import io
import json
import re
import shutil
import threading
from typing import TYPE_CHECKING

import joblib
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipeline.cli.options import parse_columns
from pipeline.cli.report import progress
from pipeline.cli.rows import comparator_words
from pipeline.errors import InputError
from pipeline.runs import RunSummary
from tests.labelled import write_tiny_corpus

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Command, Outcome, Tiny

PAGE = """Xã Đông Hoà mở quầy dịch vụ công trực tuyến

Sáng 14/3/2025, UBND xã Đông Hoà khai trương quầy hướng dẫn bà con nộp hồ sơ trực tuyến.
Xã phấn đấu đến hết năm 2026 có ít nhất 80% hồ sơ được nộp trực tuyến.
Năm 2024, tỷ lệ này mới đạt 41,5%, thấp hơn mức chung của cả tỉnh.
Tổ công nghệ số cộng đồng đến từng nhà dạy bà con quét mã trả tiền điện, tiền nước.
"""


@pytest.fixture
def page(workplace: Path) -> Path:
    path = workplace / "page.txt"
    path.write_text(PAGE, encoding="utf-8")
    return path


@pytest.fixture
def run_folder(trucot: Command, page: Path, workplace: Path) -> Path:
    assert trucot("classify", page, "-o", workplace / "run").code == 0
    return workplace / "run"


def _assert_plain(outcome: Outcome, reason: str, code: int = 1) -> None:
    """Check that a mistake is one sentence on standard error, and no traceback."""
    assert outcome.code == code
    assert outcome.err.startswith("trucot: ")
    assert outcome.err.count("\n") == 1
    assert reason in outcome.err
    assert "Traceback" not in outcome.err + outcome.out


def _count(outcome: Outcome, name: str) -> int:
    """Return the count that the summary of a run gives."""
    found = re.search(rf"(\d+)\s+{name}", outcome.out)
    return int(found[1]) if found else -1


# -- classify --------------------------------------------------------------------------------


def test_classify_writes_a_run_and_says_where(run_folder: Path, trucot: Command) -> None:
    sentences = pq.read_table(run_folder / "sentences.parquet").to_pylist()
    targets = pq.read_table(run_folder / "targets.parquet").to_pylist()
    assert [s["text"] for s in sentences][1].startswith("Sáng 14/3/2025")
    assert [(t["value"], t["status"], t["deadline"]) for t in targets] == [
        (80.0, "target", "2026"),
        (41.5, "result", None),
    ]
    again = trucot("classify", run_folder.parent / "page.txt", "-o", run_folder)
    assert again.code == 0
    assert _count(again, "articles written") == 1
    assert f"trucot show {run_folder}" in again.out


def test_progress_is_drawn_without_a_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    """With one, a run would spawn its workers, and each would load the model."""
    terminal = io.StringIO()
    monkeypatch.setattr(terminal, "isatty", lambda: True)
    monkeypatch.setattr("sys.stderr", terminal)
    monkeypatch.setenv("TERM", "xterm")
    threads = threading.active_count()
    with progress() as advance:
        advance(RunSummary(written=1234, rejected=5))
        assert threading.active_count() == threads
    assert "1,234 articles, 0 numbers, 5 rejected" in terminal.getvalue()


def test_classify_on_a_missing_path_is_one_sentence(trucot: Command, workplace: Path) -> None:
    _assert_plain(trucot("classify", "none.txt", "-o", workplace / "run"), "none.txt")


def test_classify_on_an_empty_folder_is_one_sentence(trucot: Command, workplace: Path) -> None:
    (workplace / "empty").mkdir()
    _assert_plain(trucot("classify", "empty", "-o", workplace / "run"), "empty")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("photo.txt", bytes(range(256)) * 40),
        ("cut.parquet", b"PAR1" + b"\x15\x04" * 30),
        ("zero.txt", b""),
        ("broken.jsonl", b'{"text": "cut'),
    ],
)
def test_a_file_that_is_no_article_is_a_reject_or_one_sentence(
    name: str, content: bytes, trucot: Command, page: Path, workplace: Path
) -> None:
    (workplace / name).write_bytes(content)
    outcome = trucot("classify", page, workplace / name, "-o", workplace / "run")
    assert outcome.code == 0
    assert "Traceback" not in outcome.err + outcome.out
    lines = (workplace / "run/rejects.jsonl").read_text(encoding="utf-8").splitlines()
    rejects = [json.loads(line) for line in lines]
    assert [(r["path"].endswith(name), bool(r["reason"])) for r in rejects] == [(True, True)]
    assert _count(outcome, "inputs rejected") == 1
    assert "1 × " in outcome.out
    assert _count(outcome, "articles written") == 1


def test_a_truncated_parquet_is_a_reject(trucot: Command, page: Path, workplace: Path) -> None:
    pq.write_table(pa.table({"text": [PAGE] * 50}), workplace / "whole.parquet")
    content = (workplace / "whole.parquet").read_bytes()
    (workplace / "half.parquet").write_bytes(content[: len(content) // 2])
    outcome = trucot("classify", page, workplace / "half.parquet", "-o", workplace / "run")
    assert outcome.code == 0
    assert _count(outcome, "inputs rejected") == 1


def test_more_rejects_than_allowed_end_with_three(
    trucot: Command, page: Path, workplace: Path
) -> None:
    (workplace / "zero.txt").write_bytes(b"")
    arguments = (
        "classify",
        page,
        workplace / "zero.txt",
        "-o",
        workplace / "run",
        "--fail-on-reject",
    )
    _assert_plain(trucot(*arguments, 0), "1 inputs were rejected, more than the 0 allowed", 3)
    assert trucot(*arguments, 1).code == 0


def test_columns_of_a_table_are_named_by_the_user(trucot: Command, workplace: Path) -> None:
    table = pa.table({"noidung": [PAGE], "tieude": ["Tin xã"], "khac": ["x"]})
    pq.write_table(table, workplace / "in.parquet")
    columns = ("--column", "text=noidung", "--column", "title=tieude")
    done = trucot("classify", workplace / "in.parquet", "-o", workplace / "run", *columns)
    assert done.code == 0
    assert pq.read_table(workplace / "run/articles.parquet")["title"].to_pylist() == ["Tin xã"]


@pytest.mark.parametrize("pair", ["noidung", "body=noidung", "text="])
def test_a_malformed_column_is_explained(pair: str, trucot: Command, page: Path) -> None:
    _assert_plain(trucot("classify", page, "-o", "run", "--column", pair), "FIELD=NAME")
    with pytest.raises(InputError, match="FIELD=NAME"):
        parse_columns([pair])


def test_without_a_model_the_user_is_told_to_train(
    trucot: Command, page: Path, workplace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRUCOT_MODELS", str(workplace / "models"))
    _assert_plain(trucot("classify", page, "-o", "run"), "make train")
    _assert_plain(trucot("explain", "Câu."), "make train")
    _assert_plain(trucot("evaluate"), "make train")
    _assert_plain(trucot("classify", page, "-o", "run", "--model", "none"), "make train")
    assert not (workplace / "run").exists()


# -- usage -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "arguments",
    [
        ["clasify"],
        ["classify"],
        ["classify", "page.txt"],
        ["classify", "page.txt", "-o", "run", "--jobs", "0"],
        ["classify", "page.txt", "-o", "run", "--jobs", "many"],
        ["show", "run", "--limit", "0"],
        ["show", "run", "--status", "goal"],
        ["show", "run", "--pillar", "goverment"],
        ["explain", "câu", "--colour"],
        ["corpus", "mend"],
    ],
)
def test_usage_errors_end_with_two(arguments: list[str], trucot: Command) -> None:
    outcome = trucot(*arguments)
    assert outcome.code == 2
    assert "Error" in outcome.err
    assert "Traceback" not in outcome.err


@pytest.mark.parametrize("arguments", [[], ["corpus"]])
def test_without_a_command_the_commands_are_listed(arguments: list[str], trucot: Command) -> None:
    outcome = trucot(*arguments)
    shown = outcome.out + outcome.err
    assert "Commands:" in shown
    assert ("suspects" if arguments else "promote") in shown


# -- show, explain ---------------------------------------------------------------------------


def test_show_lists_numbers_and_counts(run_folder: Path, trucot: Command) -> None:
    outcome = trucot("show", run_folder)
    assert outcome.code == 0
    assert "2 numbers in" in outcome.out
    assert "≥ 80 %" in outcome.out
    assert "41,5 %" in outcome.out
    assert "infrastructure" in outcome.out
    targets = trucot("show", run_folder, "--status", "target")
    assert "1 numbers in" in targets.out
    assert "41,5" not in targets.out
    limited = trucot("show", run_folder, "--limit", "1")
    assert "and 1 more" in limited.out


def test_show_keeps_to_one_pillar(run_folder: Path, trucot: Command) -> None:
    rows = pq.read_table(run_folder / "targets.parquet").to_pylist()
    for pillar in ("government", "economy", "society", "infrastructure"):
        mine = sum(row["pillar"] == pillar for row in rows)
        assert f"{mine} numbers in" in trucot("show", run_folder, "--pillar", pillar).out


def test_show_on_a_folder_that_is_no_run_is_one_sentence(trucot: Command, workplace: Path) -> None:
    _assert_plain(trucot("show", workplace), "is not a finished run")


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (
            {"comparator": "range", "value": 1200.5, "value_max": 3e6, "unit": "hộ"},
            "1.200,5–3.000.000 hộ",
        ),
        ({"comparator": "change-", "value": 5.0, "value_max": None, "unit": "%"}, "giảm 5 %"),
        ({"comparator": "=", "value": 0.0001, "value_max": None, "unit": ""}, "0,0001"),
        ({"comparator": "<", "value": 3.0, "value_max": None, "unit": "x\x1b[31m"}, "< 3 x[31m"),
    ],
)
def test_numbers_are_written_as_vietnamese_readers_write_them(
    row: dict[str, object], words: str
) -> None:
    assert comparator_words(row) == words


def test_explain_shows_probabilities_features_and_numbers(trucot: Command) -> None:
    text = "Xã phấn đấu đến năm 2026 có 80% hồ sơ được nộp trực tuyến."
    outcome = trucot("explain", text, "--top", "3")
    assert outcome.code == 0
    assert text in outcome.out
    for word in ("pillars:", "primary:", "government", "threshold", "80"):
        assert word in outcome.out
    assert "concept: online_application_file" in trucot("explain", text, "--top", "40").out


def test_explain_strips_what_could_steer_a_terminal(trucot: Command) -> None:
    assert "\x1b" not in trucot("explain", "Xã \x1b[31mmở quầy số.").out


@pytest.mark.parametrize("text", ["", " ", "\n\t"])
def test_explain_without_a_sentence_is_one_sentence(text: str, trucot: Command) -> None:
    _assert_plain(trucot("explain", text), "Give a sentence")


def test_explain_reads_a_document(trucot: Command, page: Path) -> None:
    outcome = trucot("explain", "--document", page)
    assert outcome.code == 0
    assert "80%' target by" in outcome.out
    assert "'41,5%' result by" in outcome.out
    assert "'14' set_aside by" in outcome.out


def test_explain_on_a_document_that_cannot_be_read_is_one_sentence(
    trucot: Command, workplace: Path
) -> None:
    (workplace / "zero.txt").write_bytes(b"")
    _assert_plain(trucot("explain", "--document", "zero.txt"), "zero.txt cannot be read")
    _assert_plain(trucot("explain", "--document", "none.txt"), "none.txt")


# -- export, import --------------------------------------------------------------------------


def test_a_run_goes_out_as_jsonl_and_comes_back_checked(
    run_folder: Path, trucot: Command, workplace: Path
) -> None:
    out = trucot("export", run_folder, "-f", "csv", "-o", workplace / "csv")
    assert out.code == 0
    assert str(workplace / "csv") in out.out
    sheet = next((workplace / "csv").glob("*sentences*.csv"))
    assert "Tổ công nghệ số cộng đồng" in sheet.read_text(encoding="utf-8-sig")
    back = trucot(
        *("import", workplace / "csv", "--from", "csv", "--base", run_folder),
        *("-o", workplace / "back.jsonl", "--annotator", "an", "--all-checked"),
    )
    assert back.code == 0, back.err
    assert "sentences checked, 0 changed, in 1 articles" in back.out
    row = json.loads((workplace / "back.jsonl").read_text(encoding="utf-8"))
    assert row["annotators"] == ["an"]


def test_an_unknown_format_is_one_sentence(run_folder: Path, trucot: Command) -> None:
    _assert_plain(trucot("export", run_folder, "-f", "docx", "-o", "x"), "docx")
    _assert_plain(
        trucot("import", "x", "--from", "docx", "--base", run_folder, "-o", "y.jsonl"), ""
    )


# -- train, evaluate, promote ----------------------------------------------------------------


def test_train_evaluate_and_promote_follow_one_another(
    trucot: Command, workplace: Path, tiny: Tiny, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_tiny_corpus(workplace / "corpus")
    monkeypatch.setenv("TRUCOT_MODELS", str(workplace / "models"))
    trained = trucot("train", "--jobs", "1", "--keep-estimator")
    assert trained.code == 0
    assert f"Model {tiny.trained.loaded.id}:" in trained.out
    assert (workplace / "models" / tiny.trained.loaded.id / "estimators.joblib").is_file()
    evaluated = trucot("evaluate", "--no-baseline", "--jobs", "1")
    assert evaluated.code == 0
    for word in ("keyword list (lexicon)", "Exact pillar set", "target flag", "Worst errors"):
        assert word in evaluated.out
    promoted = trucot("promote")
    assert promoted.code == 0
    assert f"Model {tiny.trained.loaded.id} is current" in promoted.out
    (workplace / "corpus/floors.toml").write_text("macro_f1 = 1.01\n", encoding="utf-8")
    _assert_plain(trucot("promote"), "misses floors.toml", 3)
    (workplace / "models/current").write_text("gone\n", encoding="utf-8")
    (workplace / "corpus/floors.toml").write_text("macro_f1 = 0.01\n", encoding="utf-8")
    assert "compared with no other" in trucot("promote").out


def test_a_missing_correction_file_is_one_sentence(trucot: Command) -> None:
    _assert_plain(trucot("train", "--corpus", "none.jsonl"), "No labelled articles at none.jsonl")


# -- corpus ----------------------------------------------------------------------------------


def test_a_corpus_is_added_to_split_checked_and_counted(trucot: Command, workplace: Path) -> None:
    draft = workplace / "draft.txt"
    draft.write_text(
        "## news | style=paper | published=2025-01-02\nB g | Xã mở quầy số.\n", encoding="utf-8"
    )
    folder = ("--folder", workplace / "own")
    added = trucot("corpus", "add", draft, "--into", "mine", "--annotator", "an", *folder)
    assert (added.code, "1 articles added" in added.out) == (0, True)
    assert "1 articles" in trucot("corpus", "split", *folder).out
    checked = trucot("corpus", "check", *folder)
    assert checked.code == 3
    assert "of the sentences, not" in checked.out
    _assert_plain(checked, "faults; mend them", 3)
    page = workplace / "counts.html"
    counted = trucot("corpus", "stats", "--html", page, *folder)
    assert counted.code == 0
    assert "sentences that carry government" in counted.out
    assert "2025" in counted.out
    assert page.read_text(encoding="utf-8").count("<html>") == 1
    _assert_plain(trucot("corpus", "add", "none.txt", "--into", "mine", *folder), "cannot be read")


def test_a_sound_corpus_is_called_sound(trucot: Command, workplace: Path, tiny: Tiny) -> None:
    from pipeline.cli.corpus_figures import print_findings

    shutil.copytree(tiny.root / "corpus", workplace / "own")
    (workplace / "own/bounds.toml").write_text("", encoding="utf-8")
    print_findings([])
    outcome = trucot("corpus", "stats", "--folder", workplace / "own")
    assert "sentences without a pillar" in outcome.out


def test_suspects_are_listed_with_labels_and_probabilities(trucot: Command, tiny: Tiny) -> None:
    pytest.importorskip("cleanlab")
    with joblib.parallel_config(backend="threading"):
        outcome = trucot("corpus", "suspects", "--folder", tiny.root / "corpus", "--top", "2")
    assert outcome.code == 0
    assert outcome.out.count("(government 0.") == 2
