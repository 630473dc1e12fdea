"""The formats by name; the module of a format is imported when it is first asked for."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Protocol

from pipeline.errors import ExportError
from pipeline.exports.extras import load_extra

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path
    from types import ModuleType

    from pipeline.exports.corrections import Correction
    from pipeline.exports.options import ExportOptions, Written
    from pipeline.exports.view import Part, Source

    Reader = Callable[[Path], Iterator[Correction]]


class Writer(Protocol):
    """What a format's module offers as `write`."""

    def __call__(
        self, parts: Iterable[Part], target: Path, source: Source, options: ExportOptions
    ) -> Written:
        """Write the parts to `target`, a file or a new folder."""
        ...


@dataclass(frozen=True, slots=True)
class Format:
    """One format: where its code is, what it needs and what it makes.

    `suffix` is empty for a format that is a folder; `needs_text` marks formats without a meaning
    once `--no-text` takes the words away; `reads` marks those that `trucot import` takes back.
    """

    name: str
    module: str
    suffix: str = ""
    package: str | None = None
    extra: str = ""
    needs_text: bool = False
    reads: bool = False

    def writer(self) -> Writer:
        """Return the function that writes this format.

        Raises:
            ExportError: A package it needs is not installed.
        """
        write: Writer = self._load().write
        return write

    def reader(self) -> Reader:
        """Return the function that reads corrections from this format.

        Raises:
            ExportError: It is not a format to import, or a package is not installed.
        """
        if not self.reads:
            known = ", ".join(name for name, known in FORMATS.items() if known.reads)
            message = f"Labels cannot be imported from {self.name}. Choose from: {known}."
            raise ExportError(message)
        read: Reader = self._load().read
        return read

    def _load(self) -> ModuleType:
        if self.package:
            load_extra(self.package, self.extra, f"The format {self.name}")
        return import_module(f"pipeline.exports.{self.module}")


FORMATS = {
    known.name: known
    for known in (
        Format("csv", "csv_tables", reads=True),
        Format("jsonl", "json_lines", ".jsonl", reads=True),
        Format("parquet", "parquet_tables"),
        Format("xlsx", "workbook", ".xlsx", "xlsxwriter", "excel", reads=True),
        Format("duckdb", "duckdb_file", ".duckdb", "duckdb", "sql"),
        Format("sqlite", "sqlite_file", ".sqlite"),
        Format("huggingface", "huggingface"),
        Format("label-studio", "label_studio", needs_text=True, reads=True),
        Format("doccano", "doccano", needs_text=True, reads=True),
        Format("spacy", "spacy_docs", "", "spacy", "spacy", needs_text=True),
        Format("conll", "conll", ".conllu", needs_text=True),
    )
}


def find_format(name: str) -> Format:
    """Return the format called `name`.

    Raises:
        ExportError: There is none; lists those there are.

    >>> find_format("docx")
    Traceback (most recent call last):
        ...
    pipeline.errors.ExportError: Unknown format 'docx'. Choose from: csv, jsonl, ..., conll.
    """
    if name not in FORMATS:
        message = f"Unknown format {name!r}. Choose from: {', '.join(FORMATS)}."
        raise ExportError(message)
    return FORMATS[name]
