"""SQLite: three tables and the pillars of sentences, with keys, indexes, views and full text.

Lists are JSON, as Datasette expects. The full-text index holds the sentences and a copy without
accents, so that "chinh quyen so" finds "chính quyền số".
"""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from pipeline.exports.database import INDEXES, REFERENCES, TABLE_KEYS, VIEWS, quoted
from pipeline.exports.options import Written
from pipeline.exports.view import SCHEMAS
from pipeline.orthography import fold, strip_accents
from pipeline.records import PILLARS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from pipeline.exports.options import ExportOptions
    from pipeline.exports.view import Part, Source

_PILLAR_ROWS = pa.schema(
    [("sentence_id", pa.string()), ("pillar", pa.string()), ("score", pa.float64())]
)


def write(
    parts: Iterable[Part],
    target: Path,
    source: Source,
    options: ExportOptions,
) -> Written:
    """Write the database file."""
    with closing(sqlite3.connect(target)) as database:
        database.execute("pragma journal_mode = off")
        database.execute("pragma synchronous = off")
        tables = {**SCHEMAS, "sentence_pillars": _PILLAR_ROWS}
        for name, schema in tables.items():
            database.execute(_create(name, schema))
        for part in parts:
            for name in SCHEMAS:
                _insert(database, name, _rows(part.table(name)))
            _insert(database, "sentence_pillars", _pillar_rows(part.sentences))
        for name, columns in INDEXES.items():
            for column in columns:
                index = quoted(f"{name}_{column}")
                database.execute(f"create index {index} on {name} ({quoted(column)})")
        for name, query in VIEWS.items():
            database.execute(f"create view {name} as {query}")
        if options.include_text:
            _index_words(database)
        database.commit()
        database.execute("analyze")
        database.execute("vacuum")
    return Written([target])


def _create(name: str, schema: pa.Schema) -> str:
    key = TABLE_KEYS.get(name)
    columns = []
    for field in schema:
        links = REFERENCES.get(name, {}).get(field.name)
        columns.append(
            f"{quoted(field.name)} {_type(field.type)}"
            + (" primary key" if field.name == key else "")
            + (f" references {links}({quoted(TABLE_KEYS[links])})" if links else "")
        )
    if name == "sentences":
        columns.append("folded text")
    if name == "sentence_pillars":
        columns.append("primary key (sentence_id, pillar)")
    rowid = "" if name == "sentences" else " without rowid"
    return f"create table {name} ({', '.join(columns)}){rowid}"


def _type(kind: pa.DataType) -> str:
    if pa.types.is_integer(kind) or pa.types.is_boolean(kind):
        return "integer"
    return "real" if pa.types.is_floating(kind) else "text"


def _insert(database: sqlite3.Connection, table: str, rows: Iterator[list[Any]]) -> None:
    for row in rows:
        if table == "sentences":
            text = row[SCHEMAS[table].get_field_index("text")]
            row.append(None if text is None else strip_accents(fold(text)))
        marks = ", ".join("?" * len(row))
        database.execute(f"insert into {table} values ({marks})", row)  # noqa: S608 -- our names


def _rows(table: pa.Table) -> Iterator[list[Any]]:
    for batch in table.to_batches(max_chunksize=2000):
        for row in batch.to_pylist():
            yield [_cell(cell) for cell in row.values()]


def _cell(cell: object) -> object:
    return json.dumps(cell, ensure_ascii=False) if isinstance(cell, list) else cell


def _pillar_rows(sentences: pa.Table) -> Iterator[list[Any]]:
    names = ["sentence_id", "pillars", *(f"score_{pillar}" for pillar in PILLARS)]
    for batch in sentences.select(names).to_batches(max_chunksize=2000):
        for row in batch.to_pylist():
            for pillar in row["pillars"]:
                yield [row["sentence_id"], pillar, row[f"score_{pillar}"]]


def _index_words(database: sqlite3.Connection) -> None:
    database.execute(
        'create virtual table sentences_fts using fts5(text, folded, content="sentences",'
        ' tokenize="unicode61 remove_diacritics 0")'
    )
    database.execute("insert into sentences_fts (sentences_fts) values ('rebuild')")
