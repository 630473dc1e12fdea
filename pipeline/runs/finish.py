"""The end of a run: copies are found, articles written, rejects and manifest rebuilt from disk."""

from __future__ import annotations

import json
import os
import re
from collections import Counter
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.columns import column
from pipeline.duplicates import SIGNATURE_BYTES, find_copies
from pipeline.runs.layout import TEMPORARY, as_json, publish, write_text
from pipeline.runs.settings import RunSummary
from pipeline.runs.states import drop_unknown_files
from pipeline.runs.work import write_parquet

if TYPE_CHECKING:
    from collections.abc import Iterable, Set

    from numpy.typing import NDArray

    from pipeline.records import Reject
    from pipeline.runs.layout import Layout
    from pipeline.runs.settings import RunSettings
    from pipeline.runs.states import ShardState

_NUMBER = re.compile(r"\d[\d.,]*")


def finish(
    layout: Layout,
    settings: RunSettings,
    states: list[ShardState],
    stale: Set[str] = frozenset(),
) -> RunSummary:
    """Write articles, rejects and manifest from the finished shards.

    Args:
        layout: The run.
        settings: For the manifest.
        states: All finished shards in order.
        stale: Digests of rejects whose input has changed since, and which are no longer told.
    """
    drop_unknown_files(layout, states)
    duplicates = _write_articles(layout, states)
    rejects = [r.reject for s in states for r in s.rejects if r.digest not in stale]
    renamed = {new: given for state in states for new, given in state.renamed.items()}
    lines = (json.dumps(asdict(r), ensure_ascii=False) + "\n" for r in rejects)
    write_text("".join(lines), layout.rejects, layout.state)
    summary = RunSummary(
        read=sum(s.written for s in states) + len(rejects),
        written=sum(s.written for s in states),
        rejected=len(rejects),
        duplicates=duplicates,
        renamed=len(renamed),
        sentences=sum(s.sentences for s in states),
        targets=sum(s.targets for s in states),
        reasons=count_reasons(rejects),
    )
    manifest = _manifest(settings, states, summary, renamed)
    write_text(as_json(manifest), layout.manifest, layout.state)
    return summary


def count_reasons(rejects: Iterable[Reject]) -> tuple[tuple[str, int], ...]:
    """Count rejects by stage and reason, leaving out what differs from one to the next.

    >>> from pipeline.records import Reject
    >>> count_reasons([Reject("a", n, "ingest", f"line {n} is bad: it ends") for n in (1, 2)])
    (('ingest: line N is bad', 2),)
    """
    counts = Counter(f"{r.stage}: {_NUMBER.sub('N', r.reason.split(':')[0])}" for r in rejects)
    return tuple(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def _write_articles(layout: Layout, states: list[ShardState]) -> int:
    """Write the parts of `articles` with their copies marked; returns the number of copies."""
    original = find_copies(_signatures(layout, states))
    names = [
        name
        for state in states
        for name in _read(_articles(layout, state), ["article_id"])[0].to_pylist()
    ]
    start = 0
    for state in states:
        table = _read(_articles(layout, state))
        rows = original[start : start + table.num_rows].tolist()
        start += table.num_rows
        originals = column([None if row < 0 else names[row] for row in rows], pa.string())
        at = table.schema.get_field_index("duplicate_of")
        table = table.set_column(at, table.schema.field(at), originals)
        temporary = layout.state / f"{state.id}.{os.getpid()}{TEMPORARY}"
        write_parquet(table, temporary)
        publish(temporary, layout.table("articles") / state.part)
    return int((original >= 0).sum())


def _read(path: str, columns: list[str] | None = None) -> pa.Table:
    """Read one file (`pyarrow.parquet.read_table` would import pandas: two seconds)."""
    with pq.ParquetFile(path) as file:
        return file.read(columns=columns)


def _articles(layout: Layout, state: ShardState) -> str:
    return str(layout.shard_articles(state.id))


def _signatures(layout: Layout, states: list[ShardState]) -> NDArray[np.uint8]:
    rows = [np.load(layout.shard_signatures(s.id), allow_pickle=False) for s in states]
    return np.concatenate([np.empty((0, SIGNATURE_BYTES), dtype=np.uint8), *rows])


def _manifest(
    settings: RunSettings,
    states: list[ShardState],
    summary: RunSummary,
    renamed: dict[str, str],
) -> dict[str, Any]:
    counts = asdict(replace(summary, reasons=()))
    del counts["reasons"], counts["known"]
    return {
        "settings": settings.identity(),
        "about": dict(settings.about),
        "counts": counts,
        "rejects": dict(summary.reasons),
        "renamed_ids": renamed,
        "shards": [
            {
                "id": s.id,
                "sequence": s.sequence,
                "part": s.part,
                "written": s.written,
                "rejected": len(s.rejects),
            }
            for s in states
        ],
    }
