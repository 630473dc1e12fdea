"""The articles that the page writes out in full, sentence by sentence with marked numbers."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from pathlib import PurePath
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from pipeline.records import PILLARS, Kind
from pipeline.report.words import level_words, rule_words, words

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

MOST_ARTICLES = 200
MOST_SENTENCES = 12_000
_DIMMED = frozenset(kind.value for kind in Kind if kind.is_furniture or kind.is_copy)


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a sentence; `status` is that of the number entry, or empty between entries."""

    text: str
    status: str = ""
    told: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence as the page shows it."""

    anchor: str
    kind: str
    primary: str
    pillars: tuple[str, ...]
    abstained: bool
    dimmed: bool
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Story:
    """An article as the page shows it; `url` is empty unless it is a web address."""

    head: dict[str, Any]
    title: str
    url: str
    lines: tuple[Line, ...]
    copies: tuple[tuple[str, str], ...]


def web_address(url: str | None) -> str:
    """Return `url` if it is one that a browser may follow, else an empty string.

    >>> web_address("https://bao.example/a"), web_address("javascript:alert(1)")
    ('https://bao.example/a', '')
    """
    try:
        parts = urlsplit(url or "")
    except ValueError:
        return ""
    return url or "" if parts.scheme in {"http", "https"} and parts.netloc else ""


def title_of(article: dict[str, Any]) -> str:
    """Return the title of an article, else the name of its file."""
    untitled = words()["file"]["untitled"]
    return str(article["title"] or PurePath(article["path"] or "").name or untitled)


def choose(articles: Sequence[dict[str, Any]]) -> dict[str, int]:
    """Return id → number on the page of the articles to write out, in the order of the run.

    Copies are never written out. Of too many, those with most targets and sentences of a pillar
    are chosen.
    """
    originals = [a for a in articles if not a["duplicate_of"]]
    originals.sort(key=lambda a: (-a["n_targets"], -sum(a[f"n_{p}"] for p in PILLARS)))
    chosen: set[str] = set()
    room = MOST_SENTENCES
    for article in originals:
        if len(chosen) < MOST_ARTICLES and article["n_sentences"] <= room:
            chosen.add(article["article_id"])
            room -= article["n_sentences"]
    ids = [a["article_id"] for a in articles if a["article_id"] in chosen]
    return {article_id: number for number, article_id in enumerate(ids, start=1)}


def anchor(number: int, sentence_id: str) -> str:
    """Return the name of a sentence within the page.

    >>> anchor(3, "tin-1:0012")
    's3-0012'
    """
    return f"s{number}-{sentence_id.rpartition(':')[2]}"


def tell(
    articles: Sequence[dict[str, Any]],
    chosen: dict[str, int],
    sentences: Path,
    targets: pa.Table,
) -> list[Story]:
    """Return the chosen articles with their sentences.

    Args:
        articles: All rows of `articles`.
        chosen: What `choose` returned.
        sentences: The table of sentences, read part by part and only for chosen articles.
        targets: The table of number entries.
    """
    wanted = pa.array(list(chosen), pa.string())
    entries = defaultdict(list)
    for row in targets.filter(pc.is_in(targets["article_id"], value_set=wanted)).to_pylist():
        entries[row["sentence_id"]].append(row)
    lines = defaultdict(list)
    files = sorted(sentences.glob("*.parquet")) if sentences.is_dir() else [sentences]
    for file in files:
        part = pq.ParquetFile(file).read()
        for row in part.filter(pc.is_in(part["article_id"], value_set=wanted)).to_pylist():
            number = chosen[row["article_id"]]
            lines[row["article_id"]].append(_line(row, number, entries[row["sentence_id"]]))
    copies = defaultdict(list)
    for article in articles:
        if article["duplicate_of"]:
            label = article["source"] or title_of(article)
            copies[article["duplicate_of"]].append((label, web_address(article["url"])))
    return [
        Story(
            article,
            title_of(article),
            web_address(article["url"]),
            tuple(lines[article["article_id"]]),
            tuple(copies[article["article_id"]]),
        )
        for article in articles
        if article["article_id"] in chosen
    ]


def _line(row: dict[str, Any], number: int, entries: list[dict[str, Any]]) -> Line:
    return Line(
        anchor=anchor(number, row["sentence_id"]),
        kind=row["kind"],
        primary=row["primary"],
        pillars=tuple(row["pillars"]),
        abstained=row["abstained"],
        dimmed=row["kind"] in _DIMMED,
        pieces=cut(row["text"], entries),
    )


def cut(text: str, entries: Sequence[dict[str, Any]]) -> tuple[Piece, ...]:
    """Return a sentence cut at its number entries; the pieces joined are the sentence.

    Offsets are code points, as in Python, so that what stands before an entry does not move it.

    >>> entry = {"start": 2, "end": 5, "status": "target", "comparator": "=", "bound": None,
    ...          "value": 80.0, "value_max": None, "unit": "%", "rule": "quota_noun"}
    >>> [(piece.text, piece.status) for piece in cut("😀 80%.", [entry])]
    [('😀 ', ''), ('80%', 'target'), ('.', '')]
    """
    pieces, at = [], 0
    for entry in sorted(entries, key=lambda e: int(e["start"])):
        start, end = entry["start"], entry["end"]
        if start < at:
            continue
        status = words()["status"].get(entry["status"], entry["status"])
        told = f"{status}: {level_words(entry)} ({rule_words(entry['rule'])})"
        pieces += [Piece(text[at:start]), Piece(text[start:end], entry["status"], told)]
        at = end
    return tuple(piece for piece in (*pieces, Piece(text[at:])) if piece.text)
