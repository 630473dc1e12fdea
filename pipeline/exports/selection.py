"""Which rows of the view go out: the filters of `trucot export`."""

from __future__ import annotations

import hashlib
import heapq
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.errors import ExportError
from pipeline.exports.corrections import WORDS
from pipeline.exports.extras import load_extra
from pipeline.exports.view import SCHEMAS, Part
from pipeline.records import NONE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipeline.exports.options import ExportOptions
    from pipeline.exports.view import Source

_TEXTS = {
    "articles": ("title", "full_text", "riders", "path"),
    "sentences": ("text",),
    "targets": ("surface", *WORDS),
}
"""Columns that hold words of the article; `riders` may hold anything, `path` may name a title."""


_QUERY = (
    "select distinct sentences.sentence_id from sentences"
    " join articles on articles.article_id = sentences.article_id"
    " left join targets on targets.sentence_id = sentences.sentence_id"
)


@dataclass(frozen=True, slots=True)
class Selection:
    """The rows that the options keep, part by part."""

    source: Source
    options: ExportOptions

    def parts(self) -> Iterator[Part]:
        """Yield the kept rows of each part, at least one part."""
        options = self.options
        if options.queue is not None:
            yield _finish(self._queue(), options)
            return
        keep = _where(self.source, options.where) if options.where else None
        sampled = _sample(self.source, options, keep) if options.sample else None
        for part in self.source.parts(options.licence):
            kept = _filter(part, options, keep) if sampled is None else _only(part, sampled)
            yield _finish(_entries(kept, options), options)

    def _queue(self) -> Part:
        reasons = self.options.queue or {}
        ids = pa.array(list(reasons), pa.string())
        found = [_only(part, ids) for part in self.source.parts(self.options.licence)]
        part = Part(*(pa.concat_tables([f.table(name) for f in found]) for name in SCHEMAS))
        places = pc.index_in(ids, part.sentences["sentence_id"].combine_chunks())
        if places.null_count:
            missing = ids.filter(pc.is_null(places))[0].as_py()
            message = f"The sentence {missing} of the queue is not in {self.source.path}."
            raise ExportError(message)
        sentences = part.sentences.take(places)
        column = sentences.schema.get_field_index("review_reason")
        values = pa.array(list(reasons.values()), pa.string())
        return Part(
            part.articles,
            sentences.set_column(column, SCHEMAS["sentences"].field("review_reason"), values),
            part.targets,
        )


def _filter(part: Part, options: ExportOptions, keep: pa.Array | None) -> Part:
    if not options.is_filter:
        return part
    mask = _article_mask(part, options)
    sentences = part.sentences
    if options.pillars:
        named = [pillar for pillar in options.pillars if pillar != NONE]
        is_kept = pa.array(
            [any(p in row for p in named) for row in sentences["pillars"].to_pylist()]
        )
        if NONE in options.pillars:
            is_kept = pc.or_(is_kept, pc.equal(sentences["primary"], NONE))
        mask = pc.and_(mask, is_kept)
    if options.only_targets:
        mask = pc.and_(mask, sentences["has_target"])
    if options.status:
        ids = part.targets.filter(pc.equal(part.targets["status"], options.status))["sentence_id"]
        mask = pc.and_(mask, _among(sentences["sentence_id"], ids))
    if keep is not None:
        mask = pc.and_(mask, _among(sentences["sentence_id"], keep))
    return _only(part, sentences.filter(mask)["sentence_id"])


def _article_mask(part: Part, options: ExportOptions) -> pa.ChunkedArray:
    """Return for each sentence whether its article is of the asked dates and provinces."""
    articles = part.articles
    kept = [
        _in_time(published, options) and (not options.provinces or province in options.provinces)
        for published, province in zip(
            articles["published"].to_pylist(), articles["province"].to_pylist(), strict=True
        )
    ]
    ids = articles.filter(pa.array(kept, pa.bool_()))["article_id"]
    return _among(part.sentences["article_id"], ids)


def _in_time(published: str | None, options: ExportOptions) -> bool:
    """Compare dates to the precision that both have; an undated article is never in time."""
    for limit, sign in ((options.since, 1), (options.until, -1)):
        if limit:
            size = min(len(published or ""), len(limit))
            ours, theirs = (published or "")[:size], limit[:size]
            if not size or (ours < theirs if sign > 0 else ours > theirs):
                return False
    return True


def _among(values: pa.ChunkedArray, ids: pa.ChunkedArray | pa.Array) -> pa.ChunkedArray:
    if isinstance(ids, pa.ChunkedArray):
        ids = ids.combine_chunks()
    return pc.is_in(values, value_set=ids)


def _only(part: Part, ids: pa.ChunkedArray | pa.Array) -> Part:
    """Keep the sentences with these ids, their entries, and the articles that still have some."""
    sentences = part.sentences.filter(_among(part.sentences["sentence_id"], ids))
    articles = part.articles.filter(
        _among(part.articles["article_id"], pc.unique(sentences["article_id"]))
    )
    targets = part.targets.filter(_among(part.targets["sentence_id"], sentences["sentence_id"]))
    return Part(articles, sentences, targets)


def _entries(part: Part, options: ExportOptions) -> Part:
    if not options.status:
        return part
    targets = part.targets.filter(pc.equal(part.targets["status"], options.status))
    return Part(part.articles, part.sentences, targets)


def _finish(part: Part, options: ExportOptions) -> Part:
    if options.include_text:
        return part
    return Part(*(_without_text(part.table(name), name) for name in SCHEMAS))


def _without_text(table: pa.Table, name: str) -> pa.Table:
    for column in _TEXTS[name]:
        field = table.schema.field(column)
        empty = pa.nulls(len(table), field.type)
        table = table.set_column(table.schema.get_field_index(column), field, empty)
    return table


def _sample(source: Source, options: ExportOptions, keep: pa.Array | None) -> pa.Array:
    """Return the ids with the smallest hashes: the same for the same seed and rows."""

    def hashed() -> Iterator[tuple[bytes, str]]:
        for part in source.parts():
            for key in _filter(part, options, keep).sentences["sentence_id"].to_pylist():
                yield hashlib.sha256(f"{options.seed}:{key}".encode()).digest(), key

    chosen = heapq.nsmallest(options.sample or 0, hashed())
    return pa.array([key for _, key in chosen], pa.string())


def _where(source: Source, condition: str) -> pa.Array:
    """Return the ids of the sentences for which the SQL condition holds."""
    duckdb: Any = load_extra("duckdb", "sql", "--where")
    parts = list(source.parts())
    connection = duckdb.connect(config={"enable_external_access": "false"})
    try:
        for name in SCHEMAS:
            connection.register(name, pa.concat_tables([part.table(name) for part in parts]))
        found = connection.execute(_QUERY + f" where ({condition}\n)").fetchall()
    except duckdb.Error as error:
        reason = str(error).split("\n", 1)[0]
        message = f"The condition of --where does not hold as SQL: {reason}"
        raise ExportError(message) from error
    finally:
        connection.close()
    return pa.array([key for (key,) in found], pa.string())
