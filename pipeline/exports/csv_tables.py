"""CSV: a folder of three tables in UTF-8 with a byte order mark, as Excel opens them.

A cell that a spreadsheet would take for a formula gets an apostrophe in front; it is taken off
again when the table is imported.
"""

from __future__ import annotations

import csv
import re
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any, TextIO

from pipeline.errors import ExportError
from pipeline.exports import sheets
from pipeline.exports.options import Written

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from pipeline.exports.corrections import Correction
    from pipeline.exports.options import ExportOptions
    from pipeline.exports.view import Part, Source

_FORMULA = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")
_QUOTED = re.compile(r"'+[=+\-@\t\r\n＝＋－＠]")


def neutralise(text: str) -> str:
    """Put an apostrophe before a text that a spreadsheet would take for a formula.

    >>> neutralise("=1+1"), neutralise("- Phát triển"), neutralise("80%")
    ("'=1+1", "'- Phát triển", '80%')
    """
    return f"'{text}" if _FORMULA.match(text) else text


def restore(text: str) -> str:
    """Undo `neutralise`.

    >>> restore("'=1+1"), restore("'tis"), restore(neutralise("'=1"))
    ('=1+1', "'tis", "'=1")
    """
    return text[1:] if _QUOTED.match(text) else text


def write(
    parts: Iterable[Part],
    target: Path,
    source: Source,
    options: ExportOptions,
) -> Written:
    """Write `articles.csv`, `sentences.csv` and `targets.csv` into the folder `target`."""
    if options.delimiter not in {",", ";", "\t"}:
        message = f"The delimiter {options.delimiter!r} does not fit. Take ',' or ';' or a tab."
        raise ExportError(message)
    files = [target / f"{name}.csv" for name in ("articles", "sentences", "targets")]
    with ExitStack() as stack:
        opened = [
            stack.enter_context(file.open("w", encoding="utf-8-sig", newline="")) for file in files
        ]
        articles, sentences, targets = (
            csv.writer(file, delimiter=options.delimiter, lineterminator="\r\n") for file in opened
        )
        columns: list[str] = []
        sentences.writerow(sheets.SENTENCE_COLUMNS)
        targets.writerow(sheets.TARGET_COLUMNS)
        for part in parts:
            if not columns:
                columns = sheets.article_columns(part)
                articles.writerow(columns)
            articles.writerows(map(_cells, sheets.article_sheet(part, columns)))
            sentences.writerows(map(_cells, sheets.sentence_sheet(part)))
            targets.writerows(map(_cells, sheets.target_sheet(part)))
    return Written(files)


def _cells(row: list[Any]) -> list[str]:
    return [_cell(cell) for cell in row]


def _cell(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "1" if cell else "0"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 2**53 else repr(cell)
    return neutralise(cell) if isinstance(cell, str) else str(cell)


def read(file: Path) -> Iterator[Correction]:
    """Yield the corrections in an exported folder, or in one of its tables.

    Raises:
        ExportError: It is no such table.
    """
    sentences: Path | None
    targets: Path | None
    if file.is_dir():
        sentences, targets = file / "sentences.csv", file / "targets.csv"
    else:
        is_targets = "target_id" in _columns(file)
        sentences, targets = (None, file) if is_targets else (file, None)
    yield from sheets.read_sheets(
        _rows(sentences, (*sheets.LABELS[2:7], "sentence_id")),
        _rows(targets, ("sentence_id", "target_id")),
        restore,
    )


def _columns(file: Path) -> list[str]:
    with _open(file) as lines:
        return next(csv.reader(lines, delimiter=_delimiter(file)), [])


def _rows(file: Path | None, needed: tuple[str, ...]) -> Iterator[tuple[str, dict[str, object]]]:
    if file is None or not file.is_file():
        return
    csv.field_size_limit(2**31 - 1)
    with _open(file) as lines:
        reader = csv.DictReader(lines, delimiter=_delimiter(file), restval="")
        sheets.require_columns(reader.fieldnames or (), needed, file.name)
        for row in reader:
            row.pop(None, None)
            yield f"{file.name}, line {reader.line_num}", dict(row)


def _open(file: Path) -> TextIO:
    return file.open(encoding="utf-8-sig", newline="")


def _delimiter(file: Path) -> str:
    """Return what stands between the column names: Excel saves in its own country's way."""
    with _open(file) as lines:
        try:
            header = lines.readline()
        except UnicodeDecodeError as error:
            message = f"{file} is not UTF-8. Save it as 'CSV UTF-8' and import it again."
            raise ExportError(message) from error
    return max(",;\t", key=header.count)
