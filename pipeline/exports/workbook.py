"""Excel: sheets for articles, sentences and targets, with drop-down lists where people correct.

Texts are written as texts, never as formulas, and stay texts when someone edits the cell.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pipeline.errors import ExportError
from pipeline.exports import sheets
from pipeline.exports.corrections import SLOTS
from pipeline.exports.extras import load_extra
from pipeline.exports.options import Written
from pipeline.exports.wording import words
from pipeline.records import NONE, PILLARS, Comparator, Pillar, Status

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    import xlsxwriter
    from python_calamine import CalamineWorkbook

    from pipeline.exports.corrections import Correction
    from pipeline.exports.options import ExportOptions
    from pipeline.exports.view import Part, Source

MOST_ROWS = 1_048_576
MOST_CHARACTERS = 32_767

COLOURS = {
    Pillar.GOVERNMENT: "#CFE5F5",
    Pillar.ECONOMY: "#FBE3C0",
    Pillar.SOCIETY: "#CFEBDD",
    Pillar.INFRASTRUCTURE: "#EBD3E4",
}
"""Tints that people with a colour-vision deficiency tell apart too (after Okabe and Ito)."""

_HEAD_COLOUR, _LABEL_COLOUR = "#E7E6E6", "#FFF6CC"
_MADE = dt.datetime(2000, 1, 1)
_WIDTHS = {
    "text": 80,
    "sentence": 70,
    "title": 40,
    "indicator": 38,
    "surface": 24,
    "url": 30,
    "comment": 20,
    "review_reason": 22,
    "sentence_id": 22,
    "article_id": 18,
    "target_id": 24,
    "text_sha256": 14,
    "path": 30,
    "annotator": 12,
    "primary": 14,
    "full_text": 60,
    "scope": 20,
    "exclusion": 20,
    "pillars": 22,
    "pillar": 14,
    "place": 22,
    "province": 16,
    "rule": 18,
    "source": 18,
    "unit": 14,
}
_EDITED = {
    "sentences": ("annotator", "comment"),
    "targets": ("surface", *SLOTS),
    "articles": (),
}
"""Columns that people fill beside those with a list of choices."""

_LAST_PRINTED = {"sentences": "province", "targets": "pillar", "articles": "n_infrastructure"}
"""Columns further right are for tracing a row; on paper they would make all others tiny."""

_WRAPPED = frozenset({"text", "sentence", "title", "indicator", "surface", "unit"})
_NARROW = 11
_LINE, _MOST_HEIGHT = 15, 409
"""Points of one line, and of the highest row that Excel holds."""

_NOTE = {"author": "trucot", "font_size": 10, "x_scale": 2.0}
_LISTS: dict[str, dict[str, Sequence[str]]] = {
    "sentences": {
        "checked": ("yes",),
        **{str(pillar): ("yes", "no") for pillar in PILLARS},
        "primary": (*PILLARS, NONE),
    },
    "targets": {
        "verdict": (sheets.WRONG,),
        "status": tuple(Status),
        "comparator": tuple(Comparator),
        "bound": (">=", ">", "<=", "<"),
        "pillar": tuple(PILLARS),
    },
    "articles": {},
}


@dataclass(slots=True)
class _Sheet:
    """One table, on as many sheets as Excel's limit of rows asks for."""

    book: Any
    formats: dict[str, Any]
    name: str
    columns: Sequence[str]
    notes: list[str]
    sheet: Any = None
    row: int = 0
    count: int = 0
    cut: int = field(default=0)

    def add(self, cells: Iterable[Any]) -> None:
        """Write one row."""
        if self.sheet is None:
            self._open()
        elif self.row + 1 >= MOST_ROWS:
            self.close()
            self._open()
        self.row += 1
        cells = list(cells)
        self.sheet.set_row(self.row, self._height(cells))
        for column, (name, cell) in enumerate(zip(self.columns, cells, strict=True)):
            style = self.formats["wrapped" if name in _WRAPPED else "cell"]
            if cell is None or cell == "":
                continue
            if isinstance(cell, bool):
                self.sheet.write_string(self.row, column, "yes" if cell else "no", style)
            elif isinstance(cell, int | float):
                self.sheet.write_number(self.row, column, cell, style)
            else:
                if len(cell) > MOST_CHARACTERS:
                    cell = cell[:MOST_CHARACTERS]  # noqa: PLW2901 -- noted at the end
                    self.cut += 1
                self.sheet.write_string(self.row, column, cell, style)

    def _height(self, cells: Sequence[Any]) -> float:
        """Return the height for the wrapped texts, which only Excel itself would find out."""
        lines = (
            sum(-(-max(1, len(line)) // _WIDTHS[name]) for line in str(cell).splitlines())
            for name, cell in zip(self.columns, cells, strict=True)
            if name in _WRAPPED and cell
        )
        return float(min(_LINE * max(lines, default=1), _MOST_HEIGHT))

    def _open(self) -> None:
        self.count += 1
        name = self.name if self.count == 1 else f"{self.name} {self.count}"
        self.sheet, self.row = self.book.add_worksheet(name), 0
        editable = {*_LISTS[self.name], *_EDITED[self.name]}
        for column, title in enumerate(self.columns):
            width = _WIDTHS.get(title, max(_NARROW, len(title) + 3))
            self.sheet.set_column(column, column, width, self.formats["empty"])
            style = "label" if title in editable else "head"
            self.sheet.write_string(0, column, title, self.formats[style])
            note = _note(title)
            if note:
                self.sheet.write_comment(0, column, note, _NOTE)
        self.sheet.freeze_panes(1, 0)
        self.sheet.set_landscape()
        self.sheet.fit_to_pages(1, 0)
        self.sheet.repeat_rows(0)

    def close(self) -> None:
        """Add filters, lists and colours over the rows written; a table without rows too."""
        if self.sheet is None:
            self._open()
        last = max(self.row, 1)
        self.sheet.autofilter(0, 0, last, len(self.columns) - 1)
        self.sheet.print_area(0, 0, last, self.columns.index(_LAST_PRINTED[self.name]))
        for title, values in _LISTS[self.name].items():
            column = self.columns.index(title)
            self.sheet.data_validation(
                1,
                column,
                last + (200 if self.name == "targets" and last + 200 < MOST_ROWS else 0),
                column,
                {
                    "validate": "list",
                    "source": [str(value) for value in values],
                    "error_title": title,
                    "error_message": f"Choose from: {', '.join(values)}",
                },
            )
        self._colour(last)

    def _colour(self, last: int) -> None:
        for title in ("primary", "pillar"):
            if title in self.columns:
                for pillar in PILLARS:
                    self._paint(self.columns.index(title), last, pillar, str(pillar))
        for pillar in PILLARS:
            if str(pillar) in self.columns:
                self._paint(self.columns.index(str(pillar)), last, pillar, "yes")

    def _paint(self, column: int, last: int, pillar: Pillar, value: str) -> None:
        rule = {
            "type": "cell",
            "criteria": "==",
            "value": f'"{value}"',
            "format": self.formats[pillar],
        }
        self.sheet.conditional_format(1, column, last, column, rule)


def _note(column: str) -> str | None:
    """Return what a Vietnamese reader is told when the mouse rests on the head of a column."""
    named = words()
    if column in tuple(PILLARS):
        return f"{column}: {named['pillar'][column]}"
    if column == "pillar":
        return "\n".join(f"{pillar}: {named['pillar'][pillar]}" for pillar in PILLARS)
    return named["column"].get(column)


def write(
    parts: Iterable[Part],
    target: Path,
    source: Source,
    options: ExportOptions,
) -> Written:
    """Write the workbook; long tables go on over several sheets."""
    writer = load_extra("xlsxwriter", "excel", "The format xlsx")
    settings = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "tmpdir": str(target.parent),
    }
    written = Written([target])
    with writer.Workbook(str(target), settings) as book:
        book.set_properties({"created": _MADE, "title": "trucot"})
        formats = _formats(book)
        made: list[_Sheet] = []
        columns: list[str] = []
        for part in parts:
            if not made:
                columns = sheets.article_columns(part, leave_out=("full_text",))
                for name, titles in (
                    ("sentences", sheets.SENTENCE_COLUMNS),
                    ("targets", sheets.TARGET_COLUMNS),
                    ("articles", columns),
                ):
                    made.append(_Sheet(book, formats, name, titles, written.notes))
            tables = (
                sheets.sentence_sheet(part),
                sheets.target_sheet(part),
                sheets.article_sheet(part, columns),
            )
            for sheet, rows in zip(made, tables, strict=True):
                for row in rows:
                    sheet.add(row)
        for sheet in made:
            sheet.close()
            if sheet.cut:
                written.notes.append(
                    f"{sheet.cut} cells of {sheet.name} are longer than Excel holds "
                    f"({MOST_CHARACTERS} characters) and were cut."
                )
    return written


def _formats(book: xlsxwriter.Workbook) -> dict[str, Any]:
    top = {"valign": "top", "num_format": "General", "quote_prefix": True}
    bold = {"bold": True, "border": 1, "valign": "top"}
    return {
        "head": book.add_format({**bold, "bg_color": _HEAD_COLOUR}),
        "label": book.add_format({**bold, "bg_color": _LABEL_COLOUR}),
        "cell": book.add_format(top),
        "empty": book.add_format({"valign": "top"}),
        "wrapped": book.add_format({**top, "text_wrap": True}),
        **{p: book.add_format({"bg_color": colour}) for p, colour in COLOURS.items()},
    }


def read(file: Path) -> Iterator[Correction]:
    """Yield the corrections in an exported workbook.

    Raises:
        ExportError: It is no workbook, or not one of ours.
    """
    calamine = load_extra("python_calamine", "excel", "Importing xlsx")
    try:
        book = calamine.CalamineWorkbook.from_path(str(file))
    except (calamine.CalamineError, OSError) as error:
        message = f"{file} cannot be read as an Excel workbook: {error}."
        raise ExportError(message) from error
    names = [str(name) for name in book.sheet_names]
    if "sentences" not in names:
        message = f"{file} has no sheet called sentences. Import a file that trucot export wrote."
        raise ExportError(message)
    yield from sheets.read_sheets(
        _rows(book, [n for n in names if n.split(" ")[0] == "sentences"]),
        _rows(book, [n for n in names if n.split(" ")[0] == "targets"]),
        str,
    )


def _rows(book: CalamineWorkbook, names: list[str]) -> Iterator[tuple[str, dict[str, object]]]:
    for name in names:
        rows = iter(book.get_sheet_by_name(name).to_python(skip_empty_area=False))
        columns = [str(cell) for cell in next(rows, [])]
        sheets.require_columns(columns, ("sentence_id",), name)
        for number, cells in enumerate(rows, 2):
            row = dict(zip(columns, cells, strict=False))
            text = row.get("text")
            if isinstance(text, str) and len(text) >= MOST_CHARACTERS:
                row["text"] = ""
            yield f"sheet {name}, row {number}", row
