"""Inputs and outputs of runs in tests."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from pipeline.runs import RunSettings, RunSummary, classify
from tests.runs.fakes import make_labeller

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

TEXT = "Xã Na Ư có {0} hộ dân dùng mạng xã hội trong tháng {1}. Thôn bản số {0} mở lớp học."
SMALL = RunSettings("fake", check_language=False, shard_articles=4, seconds=1.0)


def row(number: int, text: str | None = None, **more: object) -> dict[str, object]:
    """Return an input row of its own text."""
    said = TEXT.format(number, number * 7) if text is None else text
    return {"id": f"a{number:05d}", "title": f"Tin {number}", "text": said, **more}


def write_rows(path: Path, rows: list[dict[str, Any]]) -> Path:
    """Write JSONL."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(r) + "\n" for r in rows), encoding="utf-8")
    return path


def run(inputs: Path | list[str], output: Path, settings: RunSettings = SMALL) -> RunSummary:
    """Classify with the fake labeller."""
    names = inputs if isinstance(inputs, list) else [str(inputs)]
    return classify(names, output, settings, make_labeller)


def rows_of(output: Path, table: str) -> pd.DataFrame:
    """Read a table of a run."""
    import pandas as pd  # the coordinator of the fault tests starts without it

    return pd.read_parquet(output / f"{table}.parquet")


def rejects_of(output: Path) -> list[dict[str, Any]]:
    """Read the rejects of a run."""
    lines = (output / "rejects.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def data_bytes(output: Path) -> dict[str, bytes]:
    """Return the files that people read, by their paths in the run."""
    files = [p for p in output.rglob("*") if p.is_file() and ".state" not in p.parts]
    return {str(p.relative_to(output)): p.read_bytes() for p in files}
