"""The articles that corrections are held against, in the form of the labelled corpus."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.corpus.articles import CorpusArticle, LabelledUnit, read_articles
from pipeline.exports.corrections import SLOTS, EntryChange, changed_target
from pipeline.exports.view import article_file, open_source
from pipeline.records import NONE, Kind, Pillar

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet
    from pathlib import Path


def read_originals(base: Path, wanted: AbstractSet[str]) -> tuple[str, dict[str, CorpusArticle]]:
    """Return the kind of `base` (`run` or `corpus`) and its articles by id.

    All articles of a corpus are returned, of a run those with an id in `wanted`. A run does not
    keep the blanks between sentences; they are put back as blanks and line ends, so that every
    offset holds.

    Raises:
        ExportError: `base` is neither.
        CorpusError: A labelled article is malformed.
    """
    source = open_source(base)
    if source.kind == "corpus":
        return "corpus", {a.id: a for a in read_articles(article_file(base))}
    found: dict[str, CorpusArticle] = {}
    ids = pa.array(sorted(wanted), pa.string())
    for part in source.parts():
        articles = part.articles.filter(pc.is_in(part.articles["article_id"], ids))
        sentences = part.sentences.filter(pc.is_in(part.sentences["article_id"], ids))
        targets = part.targets.filter(pc.is_in(part.targets["article_id"], ids))
        by_article: dict[str, list[dict[str, Any]]] = {}
        for row in sentences.to_pylist():
            by_article.setdefault(row["article_id"], []).append(row)
        entries: dict[str, list[dict[str, Any]]] = {}
        for row in targets.to_pylist():
            entries.setdefault(row["sentence_id"], []).append(row)
        for row in articles.to_pylist():
            rows = by_article.get(row["article_id"], [])
            found[row["article_id"]] = _article(row, rows, entries)
    return "run", found


def _article(
    row: dict[str, Any], sentences: list[dict[str, Any]], entries: dict[str, list[dict[str, Any]]]
) -> CorpusArticle:
    return CorpusArticle(
        id=row["article_id"],
        title=row["title"],
        published=row["published"],
        genre="",
        source_style=row["source"] or "",
        text=rebuilt_text([(s["start"], s["text"]) for s in sentences]),
        sentences=tuple(_unit(s, entries.get(s["sentence_id"], [])) for s in sentences),
        origin="imported",
    )


def rebuilt_text(sentences: list[tuple[int, str]]) -> str:
    r"""Return a text in which each sentence stands at its offset.

    >>> rebuilt_text([(0, "Một."), (5, "Hai."), (11, "Ba.")])
    'Một. Hai.\n\nBa.'
    """
    text = ""
    for start, sentence in sentences:
        gap = start - len(text)
        text += (" " if gap == 1 else "\n" * gap) + sentence
    return text


def _unit(row: dict[str, Any], entries: list[dict[str, Any]]) -> LabelledUnit:
    targets = [
        changed_target(
            row["text"],
            None,
            EntryChange(entry["surface"], {s: entry[s] for s in SLOTS}, None, entry["start"]),
        )
        for entry in entries
    ]
    return LabelledUnit(
        row["start"],
        row["end"],
        Kind(row["kind"]),
        tuple(Pillar(p) for p in row["pillars"]),
        None if row["primary"] == NONE else Pillar(row["primary"]),
        tuple(targets),
    )
