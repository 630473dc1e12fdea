"""What a person asks of an export, and what they are told when it is done."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pipeline.errors import ExportError
from pipeline.orthography import fold, strip_accents
from pipeline.places import provinces
from pipeline.records import NONE, PILLARS, Status

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_DATE = re.compile(r"\d{4}(-\d{2}){0,2}")


@dataclass(frozen=True, slots=True)
class ExportOptions:
    """Which sentences go out and how. Filters combine: a sentence must pass all of them.

    Attributes:
        pillars: Keep sentences with one of these pillars (`none` for those without any).
        status: Keep sentences with a number entry of this status, and only such entries.
        since: Earliest publication date, ISO or its leading part ("2025", "2025-03").
        until: Latest publication date, likewise; "2025" means to the end of 2025.
        provinces: Keep articles that speak of one of these provinces; former names count for the
            province of today.
        where: A condition in SQL over the tables articles, sentences and targets (needs DuckDB).
        only_targets: Keep sentences with an entry of status target.
        sample: Keep so many sentences, chosen by a hash of their ids.
        seed: Another number gives another sample.
        include_text: False leaves out every text: url, hash, offsets and labels remain.
        licence: The terms to write beside the rows, for example "CC-BY-4.0".
        delimiter: Between the cells of a CSV file; Excel of a decimal-comma country wants ";".
        force: Replace an earlier export at the same place.
        queue: Sentence ids with the reason to review them; keeps only these, in this order.
    """

    pillars: tuple[str, ...] = ()
    status: str | None = None
    since: str | None = None
    until: str | None = None
    provinces: tuple[str, ...] = ()
    where: str | None = None
    only_targets: bool = False
    sample: int | None = None
    seed: int = 0
    include_text: bool = True
    licence: str | None = None
    delimiter: str = ","
    force: bool = False
    queue: Mapping[str, str] | None = None

    def __post_init__(self) -> None:
        known = (*PILLARS, NONE)
        unknown = [pillar for pillar in self.pillars if pillar not in known]
        if unknown:
            message = f"Unknown pillar {unknown[0]!r}. Choose from: {', '.join(known)}."
            raise ExportError(message)
        if self.status is not None and self.status not in tuple(Status):
            message = f"Unknown status {self.status!r}. Choose from: {', '.join(Status)}."
            raise ExportError(message)
        if self.sample is not None and self.sample < 1:
            message = f"A sample of {self.sample} sentences is empty. Ask for 1 or more."
            raise ExportError(message)
        for limit in (self.since, self.until):
            if limit is not None and not _is_date(limit):
                message = f"{limit!r} is no date. Write 2025, 2025-03 or 2025-03-14."
                raise ExportError(message)
        today = tuple(_province_of_today(name) for name in self.provinces)
        object.__setattr__(self, "provinces", today)

    @property
    def is_filter(self) -> bool:
        """True if some sentences may stay behind."""
        return bool(
            self.pillars
            or self.status
            or self.since
            or self.until
            or self.provinces
            or self.where
            or self.only_targets
            or self.sample
            or self.queue is not None
        )

    def as_filters(self) -> dict[str, object]:
        """Return the options that were set, for the manifest."""
        names = ("pillars", "status", "since", "until", "provinces", "where", "sample")
        filters: dict[str, object] = {
            name: list(value) if isinstance(value, tuple) else value
            for name in names
            if (value := getattr(self, name))
        }
        if self.only_targets:
            filters["only_targets"] = True
        if self.sample:
            filters["seed"] = self.seed
        if not self.include_text:
            filters["include_text"] = False
        if self.queue is not None:
            filters["queue"] = len(self.queue)
        return filters


def _is_date(text: str) -> bool:
    """Return whether a text is an ISO date or its leading part.

    >>> _is_date("2025-02"), _is_date("2025-02-30"), _is_date("02/2025")
    (True, False, False)
    """
    if _DATE.fullmatch(text) is None:
        return False
    try:
        dt.date.fromisoformat(text + "2000-01-01"[len(text) :])
    except ValueError:
        return False
    return True


def _province_of_today(name: str) -> str:
    """Return the province as a run names it; accents and case do not matter.

    >>> _province_of_today("ha noi"), _province_of_today("Quảng Nam")
    ('Hà Nội', 'Đà Nẵng')
    """
    known = provinces()
    plain = {strip_accents(key): province for key, province in known.items()}
    found = known.get(fold(name)) or plain.get(strip_accents(fold(name)))
    if found is None:
        message = f"Unknown province {name!r}. Write it without 'tỉnh', as in 'Nghệ An'."
        raise ExportError(message)
    return found


@dataclass(slots=True)
class Written:
    """What a format wrote: its files in order, and notes on what it could not hold."""

    files: list[Path] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class ExportSummary:
    """The result of an export; the same facts stand in its manifest."""

    format: str
    output: Path
    manifest: Path
    counts: Mapping[str, int]
    files: tuple[Path, ...]
    notes: tuple[str, ...] = ()
