"""JSON Lines: a sentence a line, with the columns of its article and its number entries."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from pipeline.exports.corrections import SLOTS, Correction, EntryChange
from pipeline.exports.options import Written
from pipeline.exports.view import sentence_rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from pipeline.exports.options import ExportOptions
    from pipeline.exports.view import Part, Source

_INHERITED = ("sentence_id", "article_id", "origin")
"""Columns of an entry that its sentence has already."""

_LINE_ENDS = str.maketrans({"\u2028": "\\u2028", "\u2029": "\\u2029", "\u0085": "\\u0085"})


def dump_line(row: object) -> str:
    r"""Return one line of JSON that no reader takes for two.

    >>> dump_line({"text": "a\u2028b"})
    '{"text": "a\\u2028b"}\n'
    """
    return json.dumps(row, ensure_ascii=False, allow_nan=False).translate(_LINE_ENDS) + "\n"


def write(
    parts: Iterable[Part],
    target: Path,
    source: Source,
    options: ExportOptions,
) -> Written:
    """Write one object a sentence; `target_ids` tells later which entries were there."""
    with target.open("w", encoding="utf-8", newline="\n") as lines:
        for part in parts:
            lines.writelines(dump_line(_line(row)) for row in sentence_rows(part))
    return Written([target])


def _line(row: dict[str, Any]) -> dict[str, Any]:
    entries = [
        {name: value for name, value in entry.items() if name not in _INHERITED}
        for entry in row.pop("targets")
    ]
    return {
        **row,
        "targets": entries,
        "target_ids": [entry["target_id"] for entry in entries],
        "checked": False,
        "annotator": None,
    }


def read(file: Path) -> Iterator[Correction]:
    """Yield the corrections of a file that `write` made and a person or program changed."""
    with file.open(encoding="utf-8-sig") as lines:
        for number, line in enumerate(lines, 1):
            if line.strip():
                place = f"line {number}"
                try:
                    yield _correction(json.loads(line), place)
                except (ValueError, KeyError, TypeError, AttributeError) as error:
                    yield Correction("", place, problem=f"not a sentence of an export ({error})")


def _correction(row: dict[str, Any], place: str) -> Correction:
    entries = tuple(
        EntryChange(
            entry.get("surface"),
            {name: entry[name] for name in SLOTS if name in entry},
            entry.get("target_id"),
            entry.get("start"),
        )
        for entry in row.get("targets", ())
    )
    present = {entry.target_id for entry in entries}
    return Correction(
        sentence_id=row["sentence_id"],
        place=place,
        annotator=row.get("annotator"),
        checked=row.get("checked") is True,
        text=row.get("text"),
        text_sha256=row.get("text_sha256"),
        pillars=None if row.get("pillars") is None else tuple(row["pillars"]),
        primary=row.get("primary"),
        entries=entries,
        removed=tuple(key for key in row.get("target_ids", ()) if key not in present),
    )
