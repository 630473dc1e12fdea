"""One neutral view of what can be exported: a run or a labelled corpus as three Arrow tables.

The tables are those of a run (`pipeline.tables`) with provenance beside every row. A run is read
part by part, so that a large one does not fill memory; a corpus is one part. All rows of an
article are in the same part.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from pipeline import tables
from pipeline.corpus.articles import GUIDELINE_VERSION, CorpusArticle, read_articles
from pipeline.corpus.splits import read_splits
from pipeline.errors import ExportError
from pipeline.records import NONE, PILLARS, Status

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from decimal import Decimal
    from pathlib import Path

MODEL, HUMAN = "model", "human"
_ORIGINS = {"authored": HUMAN}

ARTICLES = pa.schema(
    [
        *tables.ARTICLES,
        ("full_text", pa.string()),
        ("text_sha256", pa.string()),
        ("genre", pa.string()),
        ("source_style", pa.string()),
        ("topic", pa.string()),
        ("hard", pa.bool_()),
        ("split", pa.string()),
        ("origin", pa.string()),
        ("annotators", pa.list_(pa.string())),
        ("guideline_version", pa.string()),
        ("model", pa.string()),
        ("licence", pa.string()),
    ]
)
"""`full_text` and its hash are null for a run, which keeps sentences only."""

SENTENCES = pa.schema(
    [
        *tables.SENTENCES,
        ("text_sha256", pa.string()),
        ("probability", pa.float64()),
        ("origin", pa.string()),
        ("annotators", pa.list_(pa.string())),
        ("review_reason", pa.string()),
    ]
)
"""`probability` is that of the primary label (for `none`: one minus the highest score);
`review_reason` is null outside a review queue."""

TARGETS = pa.schema([*tables.TARGETS, ("origin", pa.string())])

NUMBERS = tuple(field.name for field in tables.TARGETS if pa.types.is_float64(field.type))
"""Slots of a number entry that are numbers."""

SCHEMAS = {"articles": ARTICLES, "sentences": SENTENCES, "targets": TARGETS}

FROM_ARTICLE = (
    "url",
    "source",
    "title",
    "published",
    "province",
    "split",
    "guideline_version",
    "model",
    "licence",
)
"""Columns of the article that go beside each sentence or target where a table stands alone."""


@dataclass(frozen=True, slots=True)
class Part:
    """Some articles with all their sentences and number entries."""

    articles: pa.Table
    sentences: pa.Table
    targets: pa.Table

    def table(self, name: str) -> pa.Table:
        """Return `articles`, `sentences` or `targets`."""
        return {
            "articles": self.articles,
            "sentences": self.sentences,
            "targets": self.targets,
        }[name]


@dataclass(frozen=True, slots=True)
class Source:
    """Where an export comes from; `files` are the parts of a run, by table."""

    kind: str
    path: Path
    model: str | None = None
    guideline_version: str | None = None
    files: tuple[dict[str, tuple[Path, ...]], ...] = ()

    def parts(self, licence: str | None = None) -> Iterator[Part]:
        """Yield the parts in a fixed order, at least one."""
        if self.kind == "corpus":
            yield corpus_part(read_articles(article_file(self.path)), _splits(self.path), licence)
            return
        for files in self.files:
            yield _run_part(
                {name: _read(paths, tables.SCHEMAS[name]) for name, paths in files.items()},
                self,
                licence,
            )


def open_source(path: Path) -> Source:
    """Return the run or labelled corpus at `path`.

    Args:
        path: A run folder, a `.jsonl` file of labelled articles, a folder of such files, or the
            corpus folder that holds `articles/` and `splits.json`.

    Raises:
        ExportError: It is neither of them.
    """
    if (path / "sentences.parquet").exists():
        return Source("run", path, *_about_run(path), files=tuple(_run_files(path)))
    file = article_file(path)
    if file.is_file() or (file.is_dir() and any(file.glob("*.jsonl"))):
        return Source("corpus", path, guideline_version=GUIDELINE_VERSION)
    message = (
        f"{path} is neither a run nor a labelled corpus. Give the folder that trucot classify "
        "wrote, or a .jsonl file of labelled articles."
    )
    raise ExportError(message)


def _about_run(run: Path) -> tuple[str | None, str | None]:
    """Return the model of a run and the guideline that it learned from, as its manifest has them.

    Raises:
        ExportError: The run was stopped before its end, or its manifest is damaged.
    """
    try:
        manifest = json.loads((run / "manifest.json").read_text(encoding="utf-8"))
        version = manifest.get("about", {}).get("guideline_version")
        return str(manifest["settings"]["model_id"]), None if version is None else str(version)
    except FileNotFoundError as error:
        message = f"The run in {run} is not finished. Run the same trucot classify again."
        raise ExportError(message) from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        message = f"The manifest of {run} is damaged. Run the same trucot classify again."
        raise ExportError(message) from error


def article_file(path: Path) -> Path:
    """Return where the articles of a corpus are: its folder `articles`, or `path` itself."""
    return path / "articles" if (path / "articles").is_dir() else path


def _splits(path: Path) -> dict[str, str]:
    folder = path if path.is_dir() else path.parent
    for place in (folder / "splits.json", folder.parent / "splits.json"):
        if place.is_file():
            return read_splits(place)
    return {}


def _run_files(run: Path) -> Iterator[dict[str, tuple[Path, ...]]]:
    """Yield the files of each part; a run whose tables are cut differently is one part."""
    found: dict[str, dict[str, Path]] = {}
    for name in SCHEMAS:
        place = run / f"{name}.parquet"
        if not place.exists():
            message = f"The run {run} has no {name}.parquet. Run trucot classify again."
            raise ExportError(message)
        files = sorted(place.glob("*.parquet")) if place.is_dir() else [place]
        found[name] = {file.name if place.is_dir() else "": file for file in files}
    keys = [tuple(files) for files in found.values()]
    if keys[0] and all(key == keys[0] for key in keys):
        for key in keys[0]:
            yield {name: (files[key],) for name, files in found.items()}
    else:
        yield {name: tuple(files.values()) for name, files in found.items()}


def _read(paths: Sequence[Path], schema: pa.Schema) -> pa.Table:
    parts = [pq.ParquetFile(path).read().select(schema.names).cast(schema) for path in paths]
    return pa.concat_tables(parts) if parts else schema.empty_table()


def _run_part(read: dict[str, pa.Table], source: Source, licence: str | None) -> Part:
    articles, sentences, targets = (read[name] for name in SCHEMAS)
    texts = sentences["text"].to_pylist()
    return Part(
        _extend(
            articles,
            ARTICLES,
            origin=MODEL,
            model=source.model,
            guideline_version=source.guideline_version,
            licence=licence,
        ),
        _extend(
            sentences,
            SENTENCES,
            text_sha256=[text_hash(text) for text in texts],
            probability=_probability(sentences),
            origin=MODEL,
        ),
        _extend(targets, TARGETS, origin=MODEL),
    )


def _probability(sentences: pa.Table) -> pa.ChunkedArray:
    scores = [sentences[f"score_{pillar}"] for pillar in PILLARS]
    best = pc.max_element_wise(*scores) if len(sentences) else scores[0]
    value = pc.subtract(1.0, best)
    for pillar, score in zip(PILLARS, scores, strict=True):
        value = pc.if_else(pc.equal(sentences["primary"], pillar.value), score, value)
    return value


def _extend(table: pa.Table, schema: pa.Schema, **columns: object) -> pa.Table:
    """Return `table` in `schema`, new columns filled with what is given (or null)."""
    arrays = []
    for column in schema:
        if column.name in table.column_names:
            arrays.append(table[column.name])
        else:
            value = columns.get(column.name)
            if isinstance(value, str) or value is None:
                value = pa.repeat(pa.scalar(value, column.type), len(table))
            elif isinstance(value, list):
                value = pa.array(value, column.type)
            arrays.append(value)
    return pa.table(arrays, schema=schema)


def text_hash(text: str) -> str:
    """Return the SHA-256 of a text in UTF-8, in hexadecimal.

    >>> text_hash("")[:8]
    'e3b0c442'
    """
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def corpus_part(
    articles: Sequence[CorpusArticle],
    split_of: dict[str, str],
    licence: str | None = None,
) -> Part:
    """Return labelled articles in the tables of a run; scores are null, people gave the labels."""
    article_rows, sentence_rows, target_rows = [], [], []
    for article in articles:
        article_rows.append(_article_row(article, split_of.get(article.id), licence))
        for index, unit in enumerate(article.sentences):
            key = tables.sentence_id(article.id, index)
            text = article.sentence_text(unit)
            origin = _ORIGINS.get(article.origin, article.origin)
            sentence_rows.append(
                {
                    "article_id": article.id,
                    "sentence_id": key,
                    "index": index,
                    "start": unit.start,
                    "end": unit.end,
                    "text": text,
                    "kind": unit.kind.value,
                    "pillars": [pillar.value for pillar in unit.pillars],
                    "primary": NONE if unit.primary is None else unit.primary.value,
                    "abstained": False,
                    "has_target": any(t.status is Status.TARGET for t in unit.targets),
                    "text_sha256": text_hash(text),
                    "origin": origin,
                    "annotators": list(article.annotators),
                }
            )
            for number, target in enumerate(unit.targets):
                row: dict[str, Any] = {
                    name: getattr(target, name, None) for name in tables.TARGETS.names
                }
                for name in NUMBERS:
                    row[name] = _as_float(row[name])
                row.update(
                    target_id=f"{key}:{number}",
                    sentence_id=key,
                    article_id=article.id,
                    scope=list(target.scope),
                    origin=origin,
                )
                target_rows.append(row)
    return Part(
        pa.Table.from_pylist(article_rows, schema=ARTICLES),
        pa.Table.from_pylist(sentence_rows, schema=SENTENCES),
        pa.Table.from_pylist(target_rows, schema=TARGETS),
    )


def _as_float(value: Decimal | None) -> float | None:
    return None if value is None else float(value)


def _article_row(
    article: CorpusArticle, split: str | None, licence: str | None
) -> dict[str, object]:
    units = [unit for unit in article.sentences if not unit.kind.is_copy]
    return {
        "article_id": article.id,
        "path": f"corpus:{article.id}",
        "title": article.title,
        "published": article.published,
        "n_sentences": len(article.sentences),
        "n_targets": sum(t.status is Status.TARGET for u in units for t in u.targets),
        **{f"n_{pillar}": sum(pillar in u.pillars for u in units) for pillar in PILLARS},
        "full_text": article.text,
        "text_sha256": text_hash(article.text),
        "genre": article.genre,
        "source_style": article.source_style,
        "topic": article.topic,
        "hard": article.hard,
        "split": split,
        "origin": _ORIGINS.get(article.origin, article.origin),
        "annotators": list(article.annotators),
        "guideline_version": article.guideline_version,
        "licence": licence,
    }


def with_article(table: pa.Table, articles: pa.Table) -> pa.Table:
    """Return sentences or targets with the columns of their article named in `FROM_ARTICLE`."""
    places = pc.index_in(table["article_id"], articles["article_id"].combine_chunks())
    for name in FROM_ARTICLE:
        if name not in table.column_names:
            column = articles[name].combine_chunks()
            table = table.append_column(articles.schema.field(name), column.take(places))
    return table


def sentence_rows(part: Part) -> Iterator[dict[str, Any]]:
    """Yield each sentence with its article's columns and its number entries under `targets`."""
    entries: dict[str, list[dict[str, Any]]] = {}
    for row in part.targets.to_pylist():
        entries.setdefault(row["sentence_id"], []).append(row)
    for batch in with_article(part.sentences, part.articles).to_batches(max_chunksize=2000):
        for row in batch.to_pylist():
            row["targets"] = entries.get(row["sentence_id"], [])
            yield row
