"""Articles in rows: JSONL, CSV and Parquet."""

from __future__ import annotations

import codecs
import csv
import json
import unicodedata
from itertools import chain, count
from typing import IO, TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.errors import InputError
from pipeline.ingest.encoding import UndecodableError, decode, encoding_of
from pipeline.ingest.limits import Limits, megabytes
from pipeline.ingest.streams import bounded_lines
from pipeline.records import RawArticle, Reject

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    Row = RawArticle | Reject

STAGE = "ingest"
FIELDS = ("id", "url", "source", "title", "published", "text", "html")
_HEAD_BYTES = 1_000_000
_PARQUET_BATCH = 256


def article_from_row(
    row: Mapping[str, Any], path: str, record: int, columns: Mapping[str, str]
) -> RawArticle | Reject:
    """Make an article of one row.

    Args:
        row: Column name → value.
        path: Input file, for messages.
        record: 0-based number of the row.
        columns: Our field → the column that holds it, where the names differ.
    """
    names = [columns.get(field, field) for field in FIELDS]
    values = dict(zip(FIELDS, map(_as_text, map(row.get, names)), strict=True))
    text, html = values.pop("text"), values.pop("html")
    if text is not None:
        html = None
    elif html is None:
        return Reject(path, record, STAGE, "the row has no text and no html")
    others = [name for name in row if name and name not in names]
    riders = tuple([(name, _as_rider(row[name])) for name in others])
    return RawArticle(path=path, record=record, text=text, html=html, riders=riders, **values)


def _as_text(value: Any) -> str | None:  # noqa: ANN401 - a cell may hold anything
    if value is None:
        return None
    if isinstance(value, str):
        text = value
    elif hasattr(value, "isoformat"):
        return str(value.isoformat())
    else:
        text = str(value)
    return text if text and not text.isspace() else None


def _as_rider(value: Any) -> str:  # noqa: ANN401 - a cell may hold anything
    if isinstance(value, str):
        return value
    return "" if value is None else json.dumps(value, ensure_ascii=False, default=str)


def read_jsonl(
    stream: IO[bytes], path: str, columns: Mapping[str, str], limits: Limits
) -> Iterator[Row]:
    """Read one JSON object a line; a line that is none becomes a reject."""
    for record, line in enumerate(bounded_lines(stream, limits.article_bytes)):
        if line is None:
            reason = f"line {record + 1} is longer than {megabytes(limits.article_bytes)}"
            yield Reject(path, record, STAGE, reason)
            continue
        if not line.strip():
            continue
        try:
            row = json.loads(decode(line))
        except (ValueError, RecursionError) as error:
            yield Reject(path, record, STAGE, f"line {record + 1} is not a JSON object: {error}")
            continue
        if isinstance(row, dict):
            yield article_from_row(row, path, record, columns)
        else:
            yield Reject(path, record, STAGE, f"line {record + 1} is not a JSON object")


def read_csv(
    stream: IO[bytes], path: str, columns: Mapping[str, str], limits: Limits
) -> Iterator[Row]:
    """Read a CSV or TSV file with a header line; a broken line becomes a reject."""
    csv.field_size_limit(limits.article_bytes)
    try:
        reader, encoding = _csv_reader(stream, limits.article_bytes)
        names = reader.fieldnames or ()
    except (UndecodableError, UnicodeDecodeError, csv.Error) as error:
        yield Reject(path, None, STAGE, f"cannot be read as CSV: {error}")
        return
    check_columns(names, path, columns)
    for record in count():
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield Reject(path, record, STAGE, f"line {reader.line_num + 1} is broken: {error}")
            continue
        except UnicodeDecodeError:
            reason = f"is not {encoding} any more after line {reader.line_num}"
            yield Reject(path, record, STAGE, reason)
            return
        yield article_from_row(row, path, record, columns)


def _csv_reader(stream: IO[bytes], most: int) -> tuple[csv.DictReader[str], str]:
    """Return a reader of the rows, and the encoding; both follow from the beginning of a file."""
    head = stream.read(_HEAD_BYTES)
    encoding = encoding_of(head)
    chunks = chain([head], iter(lambda: stream.read(_HEAD_BYTES), b""))
    lines = _text_lines(chunks, encoding, most)
    first_line = next(lines, "")
    delimiter = max(",;\t|", key=first_line.count)
    return csv.DictReader(chain([first_line], lines), delimiter=delimiter, strict=True), encoding


def _text_lines(chunks: Iterable[bytes], encoding: str, most: int) -> Iterator[str]:
    """Yield the lines of a file; in place of one that is too long, one that the reader refuses."""
    rest, too_long = "", "x" * (most + 1) + "\n"
    for chunk in codecs.iterdecode(chunks, encoding):
        *lines, rest = (rest + chunk).split("\n")
        for line in lines:
            yield too_long if len(line) > most else unicodedata.normalize("NFC", line) + "\n"
        rest = rest[: most + 1]
    if rest:
        yield too_long if len(rest) > most else unicodedata.normalize("NFC", rest)


def read_parquet(file: Path, path: str, columns: Mapping[str, str]) -> Iterator[Row]:
    """Read a Parquet file batch by batch; a truncated file becomes one reject."""
    record = 0
    try:
        with pq.ParquetFile(file) as table:
            check_columns(table.schema_arrow.names, path, columns)
            for batch in table.iter_batches(batch_size=_PARQUET_BATCH):
                for row in batch.to_pylist():
                    yield article_from_row(row, path, record, columns)
                    record += 1
    except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
        reason = str(error).split("\n", 1)[0]
        yield Reject(path, record or None, STAGE, f"cannot be read as Parquet: {reason}")


def check_columns(names: Iterable[str], path: str, columns: Mapping[str, str]) -> None:
    """Refuse a table without a column of text.

    Raises:
        InputError: No column holds text or html; lists the columns found.
    """
    found = [name for name in names if name]
    wanted = {columns.get("text", "text"), columns.get("html", "html")}
    if wanted.isdisjoint(found):
        message = (
            f"{path} has no column {' or '.join(sorted(wanted))}; it has: {', '.join(found)}."
            " Name the column with --column text=NAME."
        )
        raise InputError(message)
