"""The columns in which people read and correct labels: shared by CSV and Excel.

A sentence has one column a pillar and `primary`; these, `checked`, `annotator` and the slots of
the entries are read back. All other columns are there to read, to sort and to trace a row.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from pipeline.errors import ExportError
from pipeline.exports.corrections import (
    SLOTS,
    Correction,
    EntryChange,
    Problems,
    joined,
    split_cell,
)
from pipeline.exports.view import FROM_ARTICLE, NUMBERS, with_article
from pipeline.records import PILLARS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from pipeline.exports.view import Part

LABELS = ("checked", "annotator", *(str(pillar) for pillar in PILLARS), "primary", "comment")
SENTENCE_COLUMNS = (
    *LABELS,
    "text",
    "title",
    "published",
    "source",
    "province",
    "url",
    "kind",
    "review_reason",
    "pillars",
    "probability",
    *(f"score_{pillar}" for pillar in PILLARS),
    "abstained",
    "has_target",
    "origin",
    "annotators",
    "split",
    "model",
    "guideline_version",
    "licence",
    "sentence_id",
    "article_id",
    "index",
    "start",
    "end",
    "text_sha256",
)
TARGET_COLUMNS = (
    "verdict",
    "surface",
    "sentence",
    *SLOTS,
    *FROM_ARTICLE,
    "origin",
    "target_id",
    "sentence_id",
    "article_id",
    "start",
    "end",
)
WRONG = "wrong"
"""What a person writes into `verdict` to remove an entry."""

_YES = frozenset({"1", "yes", "true", "x", "y"})
_NO = frozenset({"", "0", "no", "false", "n"})


def sentence_sheet(part: Part) -> Iterator[list[Any]]:
    """Yield the cells of each sentence in the order of `SENTENCE_COLUMNS`."""
    for batch in with_article(part.sentences, part.articles).to_batches(max_chunksize=2000):
        for row in batch.to_pylist():
            pillars = row["pillars"]
            row.update((str(pillar), pillar in pillars) for pillar in PILLARS)
            row["pillars"] = joined(pillars)
            row["annotators"] = joined(row["annotators"] or [])
            yield [row.get(name) for name in SENTENCE_COLUMNS]


def target_sheet(part: Part) -> Iterator[list[Any]]:
    """Yield the cells of each number entry in the order of `TARGET_COLUMNS`."""
    sentences = dict(
        zip(
            part.sentences["sentence_id"].to_pylist(),
            part.sentences["text"].to_pylist(),
            strict=True,
        )
    )
    for batch in with_article(part.targets, part.articles).to_batches(max_chunksize=2000):
        for row in batch.to_pylist():
            row["scope"] = joined(row["scope"] or [])
            row["sentence"] = sentences[row["sentence_id"]]
            yield [row.get(name) for name in TARGET_COLUMNS]


def article_columns(part: Part, leave_out: tuple[str, ...] = ()) -> list[str]:
    """Return the columns of the articles sheet."""
    return [name for name in part.articles.column_names if name not in leave_out]


def article_sheet(part: Part, columns: list[str]) -> Iterator[list[Any]]:
    """Yield the cells of each article in the order of `columns`."""
    for row in part.articles.select(columns).to_pylist():
        yield [joined(cell) if isinstance(cell, list) else cell for cell in row.values()]


def read_sheets(
    sentences: Iterable[tuple[str, dict[str, object]]],
    targets: Iterable[tuple[str, dict[str, object]]],
    clean: Callable[[str], str],
) -> Iterator[Correction]:
    """Yield a correction for each sentence row, and for entries whose sentence has no row.

    Args:
        sentences: Place in the file and cells by column, of the sentences sheet.
        targets: The same of the targets sheet.
        clean: Undoes what the format does to texts that look like formulas.
    """
    changes: dict[str, list[tuple[EntryChange | str, str]]] = {}
    for place, row in targets:
        key = _text(row.get("sentence_id"), clean)
        if key or any(_text(cell, clean) for cell in row.values()):
            changes.setdefault(key, []).append((_entry(row, clean), place))
    for place, row in sentences:
        key = _text(row.get("sentence_id"), clean)
        if key or any(_text(cell, clean) for cell in row.values()):
            yield _correction(place, row, changes.pop(key, []), clean)
    for key, found in changes.items():
        yield _correction(found[0][1], {"sentence_id": key}, found, clean)


def _correction(
    place: str,
    row: dict[str, object],
    changes: list[tuple[EntryChange | str, str]],
    clean: Callable[[str], str],
) -> Correction:
    problems = Problems()
    entries = [change for change, _ in changes if isinstance(change, EntryChange)]
    for change, where in changes:
        if isinstance(change, str) and not change.startswith(f"{WRONG} "):
            problems.add(f"{where}: {change}")
    pillars = None
    if all(str(pillar) in row for pillar in PILLARS):
        flags = [_flag(row[str(pillar)], str(pillar), problems) for pillar in PILLARS]
        pillars = tuple(str(p) for p, flag in zip(PILLARS, flags, strict=True) if flag)
    text = row.get("text")
    return Correction(
        sentence_id=_text(row.get("sentence_id"), clean),
        place=place,
        annotator=_text(row.get("annotator"), clean) or None,
        checked=_flag(row.get("checked"), "checked", problems),
        text=clean(text) if isinstance(text, str) and text else None,
        text_sha256=_text(row.get("text_sha256"), clean) or None,
        pillars=pillars,
        primary=_text(row.get("primary"), clean) or None,
        entries=tuple(entries),
        removed=tuple(
            change.removeprefix(f"{WRONG} ")
            for change, _ in changes
            if isinstance(change, str) and change.startswith(f"{WRONG} ")
        ),
        problem=str(problems) or None,
    )


def _entry(row: dict[str, object], clean: Callable[[str], str]) -> EntryChange | str:
    """Return the change, `wrong <id>` for one to remove, or what is the matter with the row."""
    target_id = _text(row.get("target_id"), clean)
    verdict = _text(row.get("verdict"), clean).lower()
    if verdict == WRONG:
        return f"{WRONG} {target_id}" if target_id else "a row without target_id cannot be wrong"
    if verdict:
        return f"verdict {verdict!r} is unknown: write {WRONG} or leave it empty"
    slots: dict[str, Any] = {}
    for name in SLOTS:
        if name in row:
            cell = _text(row[name], clean)
            slots[name] = cell
            if name == "scope":
                slots[name] = split_cell(cell)
            elif name == "met" and cell:
                problems = Problems()
                slots[name] = _flag(cell, "met", problems)
                if problems.found:
                    return str(problems)
            elif name in NUMBERS:
                slots[name] = row[name] if isinstance(row[name], float) else cell
    start = _text(row.get("start"), clean)
    surface = _text(row.get("surface"), clean)
    if start and not start.isdecimal():
        return f"start {start!r} is not a number"
    return EntryChange(surface or None, slots, target_id or None, int(start) if start else None)


def _flag(cell: object, column: str, problems: Problems) -> bool:
    text = _text(cell, str).strip().lower()
    if text not in _YES | _NO:
        problems.add(f"{column} is {text!r}: write yes or no")
    return text in _YES


def _text(cell: object, clean: Callable[[str], str]) -> str:
    """Return a cell as text; whole numbers without a point, dates as ISO."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "1" if cell else "0"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, dt.datetime):
        return cell.date().isoformat()
    if isinstance(cell, dt.date):
        return cell.isoformat()
    return clean(cell) if isinstance(cell, str) else str(cell)


def require_columns(columns: Iterable[str], needed: Iterable[str], file: object) -> None:
    """Check that a sheet has the columns without which it cannot be read back.

    Raises:
        ExportError: One is missing.
    """
    missing = [name for name in needed if name not in set(columns)]
    if missing:
        message = f"{file} has no column {missing[0]}. Import a file that trucot export wrote."
        raise ExportError(message)
