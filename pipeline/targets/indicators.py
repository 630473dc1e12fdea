"""Links a phrase to one of the common indicators and compares a target with the official one."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import cache, lru_cache
from itertools import pairwise
from typing import NamedTuple

from pipeline.records import Comparator, Pillar, Status
from pipeline.targets.lexical import rows, view

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


_Reading = tuple[int, tuple[tuple[str, ...], ...]]
_MARKS = ',()"“”;:/–-'


def _tells(term: tuple[str, ...]) -> tuple[int, int]:
    """Tell how seldom a phrase holds one of the forms: many syllables, then few forms."""
    return min(len(form.split()) for form in term), -len(term)


@cache
def _by_start() -> dict[tuple[str, ...], list[_Reading]]:
    """Return the readings with the place of their indicator, by the first two syllables they need.

    Those are of the forms of that term which the fewest phrases hold. Terms have spaces around
    them, to match whole words.
    """
    table: dict[tuple[str, ...], list[_Reading]] = {}
    for place, entry in enumerate(registry()):
        for terms in entry.readings:
            padded = tuple(tuple(f" {form} " for form in term) for term in terms)
            for start in {tuple(form.split()[:2]) for form in max(terms, key=_tells)}:
                table.setdefault(start, []).append((place, padded))
    return table


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
    seen = view(phrase)
    for mark in _MARKS:
        seen = seen.replace(mark, " ")
    syllables = seen.split()
    table = _by_start()
    starts = table.keys() & [*zip(syllables), *pairwise(syllables)]
    if not starts:
        return None
    seen = f" {' '.join(syllables)} "
    best, most = None, (0, 0)
    for start in starts:
        for place, reading in table[start]:
            score = _score(seen, reading)
            if score and (score, -place) > most and _suits(registry()[place], seen, unit):
                best, most = registry()[place], (score, -place)
    return best


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


def _suits(entry: Indicator, seen: str, unit: str) -> bool:
    """Tell whether an indicator may have the unit, and no term stands in the text that bars it."""
    return _fits(entry, unit) and not any(f" {term} " in seen for term in entry.never)


def _fits(entry: Indicator, unit: str) -> bool:
    """A rank belongs to an indicator of ranks, and the other way round."""
    return (unit in _RANKS) == (entry.unit in _RANKS) or unit == "điểm" or entry.id == "I17"


class Level(NamedTuple):
    """What of a number is held against the national one."""

    status: Status
    value: Decimal
    comparator: Comparator
    unit: str
    deadline: str | None


def compare_with_official(found: Level, entry: Indicator) -> str:
    """Return how a number stands to the national one.

    "same", "stricter", "weaker", "other_deadline" (the nation has a value for other years only),
    "none" (there is no national value, or the number is no target for a level).
    """
    level = found.comparator not in {Comparator.INCREASE, Comparator.DECREASE, Comparator.MULTIPLE}
    relative = not level and ("năm" in entry.unit or entry.id == "G19")
    if found.status is not Status.TARGET or not entry.official or not (level or relative):
        return "none"
    if not _same_unit(found.unit, entry.unit):
        return "none"
    year = (found.deadline or "")[:4]
    official = next((o for o in entry.official if str(o.year) == year), None)
    if official is None:
        return "other_deadline"
    if found.value == official.value:
        return "same"
    return "stricter" if (found.value > official.value) != entry.lower_is_better else "weaker"


def _same_unit(found: str, known: str) -> bool:
    return found.split("/", maxsplit=1)[0][:1] == known.split("/", maxsplit=1)[0][:1]
