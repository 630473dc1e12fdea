"""Gold files that carry sentences by their text, not by offsets.

One article a line: `id, title, published, source, text, sentences: [{text, pillars, primary,
targets}]`, as other teams label them. The sentences are found in the text one after the other,
white space aside; one that is not there is left out and counted.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pipeline.corpus.articles import CorpusArticle, article_from_json, read_rows
from pipeline.errors import CorpusError
from pipeline.records import PILLARS, Kind

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Gold:
    """Labelled articles of a gold file, and how many sentences were not found in their text."""

    articles: tuple[CorpusArticle, ...]
    lost: int


def read_gold(path: Path) -> Gold:
    """Read a gold file.

    Raises:
        CorpusError: The file is missing or a line breaks the form (names the line).
    """
    if not path.is_file():
        message = f"No gold file at {path}. Check the path."
        raise CorpusError(message)
    rows = list(read_rows(path, _article))
    return Gold(tuple(article for article, _ in rows), sum(lost for _, lost in rows))


def _article(row: dict[str, Any]) -> tuple[CorpusArticle, int]:
    text = unicodedata.normalize("NFC", row["text"])
    sentences, at, lost = [], 0, 0
    for sentence in row["sentences"]:
        if sentence.get("kind") == Kind.UNACCENTED_DUPLICATE:
            continue
        match = _place(text, sentence["text"], at)
        if match is None:
            lost += 1
            continue
        at = match.end()
        sentences.append(
            {
                **sentence,
                "start": match.start(),
                "end": match.end(),
                "pillars": [p for p in PILLARS if p in sentence["pillars"]],
                "targets": _entries(sentence.get("targets", ()), match[0]),
            }
        )
    article = article_from_json(
        {**row, "id": str(row["id"]), "text": text, "sentences": sentences, "origin": "imported"}
    )
    return article, lost


def _place(text: str, sentence: str, at: int) -> re.Match[str] | None:
    words = unicodedata.normalize("NFC", sentence).split()
    if not words:
        return None
    return re.compile(r"\s+".join(map(re.escape, words))).search(text, at)


def _entries(entries: list[dict[str, Any]], sentence: str) -> list[dict[str, Any]]:
    """Return entries in order with offsets in the sentence; white space may differ."""
    found, at = [], 0
    for entry in entries:
        surface = unicodedata.normalize("NFC", entry["surface"])
        match = _place(sentence, surface, at) or _place(sentence, surface, 0)
        if match is None:
            message = f"the surface {surface!r} is not in its sentence"
            raise ValueError(message)
        at = match.end()
        result = entry["status"] == "result"
        place = {"surface": match[0], "start": match.start()}
        found.append({**entry, **place, "deadline": None if result else entry.get("deadline")})
    return found
