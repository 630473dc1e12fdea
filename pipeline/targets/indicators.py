"""Links a phrase to one of the common indicators and compares a target with the official one."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from pipeline.records import Comparator, Pillar, Status
from pipeline.targets.lexical import rows, view

if TYPE_CHECKING:
    from pipeline.records import Target

_RANKS = frozenset({"hạng"})


@dataclass(frozen=True, slots=True)
class Official:
    """A national value of an indicator: for which year, and which paper set it."""

    year: int
    value: Decimal
    source: str


@dataclass(frozen=True, slots=True)
class Indicator:
    """A row of the registry. `readings` are sets of terms, all of which a phrase must hold.

    `pillar` is None for indicators without one, and for the swing indicator (guideline 2.5),
    whose pillar only its sentence can tell.
    """

    id: str
    name: str
    pillar: Pillar | None
    unit: str
    readings: tuple[tuple[tuple[str, ...], ...], ...]
    never: tuple[str, ...]
    official: tuple[Official, ...]
    variants: tuple[str, ...]
    lower_is_better: bool = False


@cache
def registry() -> tuple[Indicator, ...]:
    """Return the indicators of `indicators.toml` in their order.

    >>> len(registry()), registry()[0].id
    (93, 'G01')
    """
    return tuple(
        Indicator(
            row["id"],
            row["name"],
            Pillar(row["pillar"]) if "pillar" in row and not row.get("swing") else None,
            row["unit"],
            tuple(
                tuple(tuple(view(form) for form in term.split("|")) for term in reading)
                for reading in row["any"]
            ),
            tuple(view(term) for term in row.get("never", [])),
            tuple(
                Official(entry["year"], Decimal(str(entry["value"])), entry["source"])
                for entry in row.get("official", [])
            ),
            tuple(row["variants"]),
            bool(row.get("lower", False)),
        )
        for row in rows("indicators", "indicator")
    )


@cache
def _padded() -> tuple[
    tuple[Indicator, tuple[tuple[tuple[str, ...], ...], ...], tuple[str, ...]], ...
]:
    """Return readings and bars with spaces around their terms, to match whole words."""
    return tuple(
        (
            entry,
            tuple(
                tuple(tuple(f" {form} " for form in term) for term in reading)
                for reading in entry.readings
            ),
            tuple(f" {term} " for term in entry.never),
        )
        for entry in registry()
    )


_MARKS = str.maketrans(dict.fromkeys(',()"“”;:/-–', " "))


def _spaced(text: str) -> str:
    return f" {' '.join(view(text).translate(_MARKS).split())} "


@lru_cache(maxsize=8192)
def link(phrase: str | None, unit: str) -> Indicator | None:
    """Return the indicator that a phrase names, or None if none fits well enough.

    >>> link("Tỷ lệ hộ gia đình có Internet cáp quang", "%").id
    'S05'
    >>> link("Tỷ lệ hộ nghèo", "%") is None
    True
    """
    if not phrase:
        return None
    seen = _spaced(phrase)
    best: tuple[int, Indicator] | None = None
    for entry, readings, never in _padded():
        if not _fits(entry, unit) or any(term in seen for term in never):
            continue
        score = max((_score(seen, reading) for reading in readings), default=0)
        if score and (best is None or score > best[0]):
            best = (score, entry)
    return None if best is None else best[1]


def _score(seen: str, reading: tuple[tuple[str, ...], ...]) -> int:
    """Return how many letters of a reading stand in the text; 0 if a term is not there."""
    total = 0
    for forms in reading:
        held = 0
        for form in forms:
            if len(form) > held and form in seen:
                held = len(form)
        if not held:
            return 0
        total += held - 2
    return total


def _fits(entry: Indicator, unit: str) -> bool:
    """A rank belongs to an indicator of ranks, and the other way round."""
    return (unit in _RANKS) == (entry.unit in _RANKS) or unit == "điểm" or entry.id == "I17"


def compare_with_official(target: Target, entry: Indicator | None) -> str | None:
    """Return how a target stands to the national one, or None without an indicator.

    "same", "stricter", "weaker", "other_deadline" (the nation has a value for other years only),
    "none" (there is no national value, or the number is no target for a level).
    """
    if entry is None:
        return None
    level = target.comparator not in {Comparator.INCREASE, Comparator.DECREASE, Comparator.MULTIPLE}
    relative = not level and ("năm" in entry.unit or entry.id == "G19")
    if target.status is not Status.TARGET or not entry.official or not (level or relative):
        return "none"
    if not _same_unit(target.unit, entry.unit):
        return "none"
    year = (target.deadline or "")[:4]
    official = next((o for o in entry.official if str(o.year) == year), None)
    if official is None:
        return "other_deadline"
    if target.value == official.value:
        return "same"
    return "stricter" if (target.value > official.value) != entry.lower_is_better else "weaker"


def _same_unit(found: str, known: str) -> bool:
    return found.split("/", maxsplit=1)[0][:1] == known.split("/", maxsplit=1)[0][:1]
