"""Rows of a run for people: targets with the titles of their articles, counts by pillar."""

import re
from pathlib import Path
from typing import Any

import pyarrow.compute as pc
import pyarrow.parquet as pq

from pipeline.errors import RunError
from pipeline.records import NONE, PILLARS

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_LONGEST_TITLE = 48


def target_rows(run: Path, status: str | None, pillar: str | None) -> list[dict[str, Any]]:
    """Return the number entries of a run, each with the title of its article.

    Args:
        run: Run folder.
        status: `target` or `result`, or None for both.
        pillar: A pillar, or None for all.

    Raises:
        RunError: The folder is not a finished run.
    """
    articles = _table(run, "articles", ["article_id", "title", "path"]).to_pylist()
    titles = {row["article_id"]: row["title"] or Path(row["path"]).name for row in articles}
    rows = _table(run, "targets", None).to_pylist()
    return [
        {**row, "title": plain(titles.get(row["article_id"], ""))[:_LONGEST_TITLE]}
        for row in rows
        if status in (None, row["status"]) and pillar in (None, row["pillar"])
    ]


def pillar_counts(run: Path) -> list[tuple[str, int, int]]:
    """Return pillar, number of sentences that carry it, and of those with a target."""
    table = _table(run, "sentences", ["pillars", "has_target"])
    rows = table.to_pylist()
    counts = [
        (
            str(p),
            sum(str(p) in row["pillars"] for row in rows),
            sum(str(p) in row["pillars"] and row["has_target"] for row in rows),
        )
        for p in PILLARS
    ]
    empty = pc.equal(pc.list_value_length(table["pillars"]), 0)
    with_target = sum(not row["pillars"] and row["has_target"] for row in rows)
    return [*counts, (NONE, pc.sum(empty).as_py() or 0, with_target)]


def comparator_words(row: dict[str, Any]) -> str:
    """Return comparator, value and unit as one would write them.

    >>> comparator_words({"comparator": ">=", "value": 80.0, "value_max": None, "unit": "%"})
    '≥ 80 %'
    """
    signs = {">=": "≥", "<=": "≤", "=": "", "range": "", "approx": "≈", "multiple": "×"}
    signs |= {"change+": "tăng", "change-": "giảm"}
    value = _number(row["value"])
    if row["value_max"] is not None:
        value += f"–{_number(row['value_max'])}"
    sign = signs.get(row["comparator"], row["comparator"])
    return plain(" ".join(part for part in (sign, value, row["unit"]) if part))


def _number(value: float) -> str:
    text = f"{value:,.4f}".rstrip("0").rstrip(".")
    return text.translate(str.maketrans(",.", ".,"))


def plain(text: str) -> str:
    r"""Return text without control characters, which could steer a terminal.

    >>> plain("an\x1b[31mtoàn")
    'an[31mtoàn'
    """
    return _CONTROL.sub("", text)


def _table(run: Path, name: str, columns: list[str] | None) -> Any:  # noqa: ANN401 - untyped library
    folder = run / f"{name}.parquet"
    if not (run / "manifest.json").is_file() or not folder.exists():
        message = f"{run} is not a finished run. Make one with: trucot classify INPUT -o {run}"
        raise RunError(message)
    return pq.read_table(folder, columns=columns)
