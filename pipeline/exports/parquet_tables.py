"""Parquet: the three tables with lists and types as they are, one file a table."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING

import pyarrow.parquet as pq

from pipeline.exports.options import Written
from pipeline.exports.view import SCHEMAS, with_article

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    import pyarrow as pa

    from pipeline.exports.options import ExportOptions
    from pipeline.exports.view import Part, Source


def write(
    parts: Iterable[Part],
    target: Path,
    source: Source,
    options: ExportOptions,
) -> Written:
    """Write `articles.parquet`, `sentences.parquet`, `targets.parquet` into the folder `target`.

    Sentences and targets carry the columns of their article, so that each file stands alone.
    """
    files = {name: target / f"{name}.parquet" for name in SCHEMAS}
    writers: dict[str, pq.ParquetWriter] = {}
    with ExitStack() as stack:
        for part in parts:
            for name, file in files.items():
                table = _table(part, name)
                if name not in writers:
                    writer = pq.ParquetWriter(file, table.schema, compression="zstd")
                    writers[name] = stack.enter_context(writer)
                writers[name].write_table(table)
    return Written(list(files.values()))


def _table(part: Part, name: str) -> pa.Table:
    table = part.table(name)
    return table if name == "articles" else with_article(table, part.articles)
