"""What a corrected file says of a sentence, before it is held against what we exported."""

from __future__ import annotations

import json
import unicodedata
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from pipeline.corpus.articles import ANNOTATED
from pipeline.exports.view import NUMBERS
from pipeline.records import Comparator, Pillar, Status, Target

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

SLOTS = (
    "value",
    "value_max",
    "comparator",
    "bound",
    "unit",
    "status",
    "deadline",
    "deadline_source",
    "period",
    "indicator",
    "indicator_id",
    "pillar",
    "scope",
    "exclusion",
    "place",
    "baseline_value",
    "freq_per_year",
    "out_of",
    "met",
    "as_of",
    "against_official",
    "rule",
)
"""The slots of a number entry beside its span, in the order of the sheets."""

WORDS = ("indicator", "exclusion")
"""Slots that repeat words of the sentence; an export without texts leaves them out."""

Slot = str | int | float | bool | Decimal | list[str] | None


@dataclass(frozen=True, slots=True)
class EntryChange:
    """A number entry as a file has it: an old one (with its id) or a new one.

    `slots` holds only what the file says; slots it does not name stay as they were.
    """

    surface: str | None
    slots: Mapping[str, Slot]
    target_id: str | None = None
    start: int | None = None


@dataclass(frozen=True, slots=True)
class Correction:
    """One person's word on one sentence.

    `place` says where in the file it stands. `pillars` is None where the file says nothing of
    them, `primary` None where it does not name the chief one. `checked` means that a person
    looked at the sentence, even if nothing was changed. `problem` is set for a row that cannot
    be read.
    """

    sentence_id: str
    place: str
    annotator: str | None = None
    checked: bool = False
    text: str | None = None
    text_sha256: str | None = None
    pillars: tuple[str, ...] | None = None
    primary: str | None = None
    entries: tuple[EntryChange, ...] = ()
    removed: tuple[str, ...] = ()
    problem: str | None = None


@dataclass(slots=True)
class Problems:
    """Collects what cannot be read in one row."""

    found: list[str] = field(default_factory=list)

    def add(self, message: str) -> None:
        """Keep a message."""
        self.found.append(message)

    def __str__(self) -> str:
        return "; ".join(self.found)


def same_text(one: str, other: str) -> bool:
    r"""Return whether two texts are the same but for line ends and Unicode composition.

    >>> same_text("a\r\nb", "a\nb"), same_text("80%", "85%")
    (True, False)
    """
    return one == other or _plain(one) == _plain(other)


def _plain(text: str) -> str:
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))


def read_number(cell: object) -> Decimal | None:
    """Read a number that a person may have typed; blank is None.

    Raises:
        ValueError: It is no number, or "1,200", which may mean two.

    >>> read_number("11,5"), read_number("1200000"), read_number("")
    (Decimal('11.5'), Decimal('1200000'), None)
    >>> read_number("1,200")
    Traceback (most recent call last):
        ...
    ValueError: '1,200' may be 1200 or 1.2: write it without a comma
    """
    text = str(cell).strip() if cell is not None else ""
    if not text:
        return None
    whole, comma, decimals = text.partition(",")
    if comma:
        if len(decimals) == 3 or "." in text or "," in decimals:  # noqa: PLR2004 -- thousands
            message = f"{text!r} may be {whole}{decimals} or {whole}.{decimals.rstrip('0')}"
            message = f"{message}: write it without a comma"
            raise ValueError(message)
        text = f"{whole}.{decimals}"
    try:
        number = Decimal(text)
    except InvalidOperation:
        message = f"{text!r} is not a number"
        raise ValueError(message) from None
    if not number.is_finite():
        message = f"{text!r} is not a number"
        raise ValueError(message)
    return number


def locate(text: str, surface: str, start: int | None) -> int:
    """Return where `surface` stands in `text`: at `start`, else at its only occurrence.

    Raises:
        ValueError: It is not there, or more than once.

    >>> locate("từ 60% lên 60%", "60%", 11), locate("đạt 85%", "85%", None)
    (11, 4)
    """
    if start is not None and text[start : start + len(surface)] == surface:
        return start
    place = text.find(surface) if surface else -1
    if place < 0:
        message = f"{surface!r} is not in the sentence"
        raise ValueError(message)
    if text.find(surface, place + 1) >= 0:
        message = f"{surface!r} is in the sentence more than once: give its start"
        raise ValueError(message)
    return place


def changed_target(text: str, old: Target | None, change: EntryChange) -> Target:
    """Return the entry that `change` makes of `old` (or a new one) in the sentence `text`.

    Raises:
        ValueError: The change does not make an entry; says why.
    """
    surface = change.surface if change.surface is not None else (old.surface if old else "")
    at = change.start if change.start is not None else (old.start if old else None)
    if old is not None and surface == old.surface and change.start is None:
        start = old.start
    else:
        start = locate(text, surface, at)
    slots = {name: _value(name, change, old) for name in SLOTS}
    for name in ("value", "comparator", "unit", "status"):
        if slots[name] in (None, "") and not (name == "unit" and old is not None):
            message = f"the entry {surface!r} has no {name}"
            raise ValueError(message)
    slots["rule"] = slots["rule"] or ANNOTATED
    return Target(start=start, end=start + len(surface), surface=surface, **slots)  # type: ignore[arg-type]


def _value(name: str, change: EntryChange, old: Target | None) -> object:
    """Return a slot in the type of `Target`; the old value where the file says the same."""
    before = getattr(old, name) if old is not None else () if name == "scope" else None
    if name not in change.slots:
        return before
    cell = change.slots[name]
    if cell in (None, "", []):
        if old is not None and change.surface is None and name in WORDS:
            return before
        return before if not before and before != 0 else _empty(name)
    after = _typed(name, cell)
    return before if _alike(before, after) else after


def _alike(before: object, after: object) -> bool:
    if isinstance(before, Decimal) and isinstance(after, Decimal):
        return float(before) == float(after)
    return before == after


def _empty(name: str) -> tuple[str, ...] | None:
    return () if name == "scope" else None


def _typed(name: str, cell: Slot) -> object:
    if name in NUMBERS:
        return read_number(cell)
    if name == "scope":
        return tuple(cell) if isinstance(cell, list) else (str(cell),)
    if name == "met":
        return bool(cell)
    kinds = {"comparator": Comparator, "bound": Comparator, "status": Status, "pillar": Pillar}
    if name in kinds:
        return kinds[name](str(cell))
    return str(cell)


def joined(items: Sequence[str]) -> str:
    """Return a list as one cell.

    >>> joined(["a", "b"]), joined(["a;b"]), split_cell(joined(["a;b"]))
    ('a;b', '["a;b"]', ['a;b'])
    """
    if any(
        ";" in item or not item or item.startswith("[") or item != item.strip() for item in items
    ):
        return json.dumps(list(items), ensure_ascii=False)
    return ";".join(items)


def split_cell(cell: str) -> list[str]:
    """Return the list that `joined` made of a cell, or a person typed.

    >>> split_cell("cấp xã; cấp tỉnh")
    ['cấp xã', 'cấp tỉnh']
    """
    if cell.startswith("["):
        try:
            return [str(item) for item in json.loads(cell)]
        except ValueError:
            pass
    return [item.strip() for item in cell.split(";") if item.strip()]
