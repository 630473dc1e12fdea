"""DuckDB: three tables with lists as lists, keys, indexes and the views of the SQLite export."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from pipeline.exports.database import INDEXES, REFERENCES, TABLE_KEYS, VIEWS, quoted
from pipeline.exports.extras import load_extra
from pipeline.exports.options import Written
from pipeline.exports.view import SCHEMAS

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from pipeline.exports.options import ExportOptions
    from pipeline.exports.view import Part, Source


def write(
    parts: Iterable[Part],
    target: Path,
    source: Source,
    options: ExportOptions,
) -> Written:
    """Write the database file."""
    duckdb: Any = load_extra("duckdb", "sql", "The format duckdb")
    with closing(duckdb.connect(str(target))) as database:
        for name, schema in SCHEMAS.items():
            database.execute(_create(name, schema))
        database.execute(
            "create table sentence_pillars (sentence_id varchar references"
            " sentences(sentence_id), pillar varchar, score double,"
            " primary key (sentence_id, pillar))"
        )
        for part in parts:
            for name in SCHEMAS:
                database.register("rows_in", part.table(name))
                database.execute(f"insert into {name} select * from rows_in")  # noqa: S608
                database.unregister("rows_in")
        database.execute(
            "insert into sentence_pillars select sentence_id, pillar, case pillar"
            " when 'government' then score_government when 'economy' then score_economy"
            " when 'society' then score_society else score_infrastructure end"
            " from (select *, unnest(pillars) as pillar from sentences)"
        )
        for name, columns in INDEXES.items():
            for column in columns:
                index = quoted(f"{name}_{column}")
                database.execute(f"create index {index} on {name} ({quoted(column)})")
        for name, query in VIEWS.items():
            database.execute(f"create view {name} as {query}")
        database.execute("checkpoint")
    return Written([target])


def _create(name: str, schema: pa.Schema) -> str:
    columns = []
    for field in schema:
        links = REFERENCES.get(name, {}).get(field.name)
        columns.append(
            f"{quoted(field.name)} {_type(field.type)}"
            + (" primary key" if field.name == TABLE_KEYS[name] else "")
            + (f" references {links}({quoted(TABLE_KEYS[links])})" if links else "")
        )
    return f"create table {name} ({', '.join(columns)})"


def _type(kind: pa.DataType) -> str:
    if pa.types.is_list(kind):
        return "varchar[]"
    if pa.types.is_boolean(kind):
        return "boolean"
    if pa.types.is_integer(kind):
        return "bigint"
    return "double" if pa.types.is_floating(kind) else "varchar"
