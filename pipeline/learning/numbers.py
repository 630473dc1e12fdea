"""How well the target grammar finds labelled number entries, level by level."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.records import Status
from pipeline.targets import find_targets

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.corpus.articles import CorpusArticle
    from pipeline.records import Target

LEVELS: dict[str, tuple[str, ...]] = {
    "value": (),
    "value + status": ("status",),
    "value + status + comparator": ("status", "comparator"),
    "value + status + unit": ("status", "unit"),
    "value + status + deadline": ("status", "deadline"),
    "all slots": ("status", "comparator", "unit", "deadline"),
}
"""A slot is right only together with those before it: passage easy, slots hardest."""

_YEAR_DIGITS = 4


@dataclass(frozen=True, slots=True)
class Level:
    """Precision, recall and F1 of entries at one level."""

    name: str
    precision: float
    recall: float
    f1: float


def _key(entry: Target, slots: tuple[str, ...]) -> tuple[object, ...]:
    parts: list[object] = [entry.value, entry.value_max]
    for slot in slots:
        text = str(getattr(entry, slot) or "")
        if slot == "deadline":
            text = text[:_YEAR_DIGITS]
        parts.append(unicodedata.normalize("NFC", text).replace(" ", "").lower())
    return tuple(parts)


def _matches(gold: Sequence[Target], found: Sequence[Target], slots: tuple[str, ...]) -> int:
    left = [_key(entry, slots) for entry in found]
    hits = 0
    for entry in gold:
        key = _key(entry, slots)
        if key in left:
            left.remove(key)
            hits += 1
    return hits


def number_levels(articles: Sequence[CorpusArticle]) -> list[Level]:
    """Run the grammar over labelled articles; return the target flag and every level."""
    pairs = [
        (unit.targets, found)
        for article in articles
        for unit, found in zip(article.sentences, find_targets(article.as_document()), strict=True)
    ]
    flags = [(_has_target(gold), _has_target(found)) for gold, found in pairs]
    levels = [
        _level(
            "target flag",
            sum(a and b for a, b in flags),
            sum(b for _, b in flags),
            sum(a for a, _ in flags),
        )
    ]
    n_found, n_gold = sum(len(f) for _, f in pairs), sum(len(g) for g, _ in pairs)
    for name, slots in LEVELS.items():
        levels.append(_level(name, sum(_matches(g, f, slots) for g, f in pairs), n_found, n_gold))
    return levels


def _has_target(entries: Sequence[Target]) -> bool:
    return any(entry.status is Status.TARGET for entry in entries)


def _level(name: str, hits: int, found: int, gold: int) -> Level:
    precision, recall = hits / max(1, found), hits / max(1, gold)
    f1 = 2 * precision * recall / (precision + recall) if hits else 0.0
    return Level(name, precision, recall, f1)
