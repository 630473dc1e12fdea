"""Articles in the rows of an Excel workbook."""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING, Any

from pipeline.errors import InputError
from pipeline.ingest.limits import Limits, megabytes
from pipeline.ingest.tables import article_from_row, check_columns
from pipeline.records import Reject

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from pipeline.records import RawArticle

STAGE = "ingest"
_CHUNK = 1 << 20


def read_xlsx(
    file: Path, path: str, columns: Mapping[str, str], limits: Limits
) -> Iterator[RawArticle | Reject]:
    """Read the first sheet that has a column of text; its first row names the columns.

    Raises:
        InputError: The extra `excel` is not installed, or no sheet has a column of text.
    """
    refusal = _refusal(file, limits)
    if refusal is not None:
        yield Reject(path, None, STAGE, refusal)
        return
    try:
        from python_calamine import CalamineError, CalamineWorkbook  # noqa: PLC0415 - an extra
    except ImportError as error:
        message = f"Reading {path} needs the extra excel: pip install 'trucot[excel]'."
        raise InputError(message) from error
    try:
        with CalamineWorkbook.from_path(str(file)) as book:
            sheets = {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}
    except (CalamineError, OSError, ValueError) as error:
        yield Reject(path, None, STAGE, f"cannot be read as XLSX: {error}")
        return
    rows = _sheet_with_text(sheets, path, columns)
    names = [str(name).strip() for name in rows[0]]
    for record, cells in enumerate(rows[1:]):
        if any(cell != "" for cell in cells):
            row: dict[str, Any] = dict(zip(names, cells, strict=False))
            yield article_from_row(row, path, record, columns)


def _sheet_with_text(
    sheets: dict[str, list[list[Any]]], path: str, columns: Mapping[str, str]
) -> list[list[Any]]:
    wanted = {columns.get("text", "text"), columns.get("html", "html")}
    for rows in sheets.values():
        if rows and not wanted.isdisjoint(str(name).strip() for name in rows[0]):
            return rows
    found = [str(name) for rows in sheets.values() if rows for name in rows[0]]
    check_columns(found, path, columns)
    raise AssertionError  # unreachable: check_columns refuses what holds none of the columns


def _refusal(file: Path, limits: Limits) -> str | None:
    """Unpack the file once without keeping it: is it a whole archive, and no bomb?"""
    most = min(limits.whole_bytes, max(64_000_000, limits.ratio * file.stat().st_size))
    left = most
    try:
        with zipfile.ZipFile(file) as archive:
            for member in archive.infolist():
                with archive.open(member) as stream:
                    while chunk := stream.read(_CHUNK):
                        left -= len(chunk)
                        if left < 0:
                            return f"unfolds to more than {megabytes(most)}"
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, ValueError) as error:
        return f"cannot be read as XLSX: {error}"
    return None
