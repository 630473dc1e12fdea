"""doccano: JSON Lines for its three kinds of text project, and what it exports again.

A sentence's metadata are texts only: doccano passes them through pandas, which turns a missing
number into NaN. Which pillar is the chief one cannot be said in doccano; it travels as metadata.
"""

from __future__ import annotations

import json
import zipfile
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.errors import ExportError
from pipeline.exports.corrections import Correction, EntryChange
from pipeline.exports.json_lines import dump_line
from pipeline.exports.options import Written
from pipeline.exports.view import sentence_rows
from pipeline.exports.workbook import COLOURS
from pipeline.records import PILLARS, Status

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pipeline.exports.options import ExportOptions
    from pipeline.exports.view import Part, Source

BOTH, CLASSES, SPANS = "intent_and_slots.jsonl", "classification.jsonl", "sequence.jsonl"
_META = (
    "sentence_id",
    "article_id",
    "text_sha256",
    "primary",
    "kind",
    "url",
    "source",
    "title",
    "published",
    "model",
    "probability",
    "origin",
    "guideline_version",
    "licence",
    "review_reason",
)
_SPAN_COLOURS = {Status.TARGET: "#D62728", Status.RESULT: "#7F7F7F"}
_SHARED = frozenset({"all", "unknown", "admin"})
"""Names of files in doccano's archive that are nobody's."""


def write(
    parts: Iterable[Part],
    target: Path,
    source: Source,
    options: ExportOptions,
) -> Written:
    """Write one file a project type and the label sets to import with them."""
    files = [target / name for name in (BOTH, CLASSES, SPANS)]
    with ExitStack() as stack:
        both, classes, spans = (
            stack.enter_context(file.open("w", encoding="utf-8", newline="\n")) for file in files
        )
        for part in parts:
            for row in sentence_rows(part):
                cats = list(row["pillars"])
                entities = [[e["start"], e["end"], e["status"]] for e in row["targets"]]
                meta = {name: str(row[name]) for name in _META if row.get(name) is not None}
                meta["target_ids"] = " ".join(e["target_id"] for e in row["targets"])
                text = {"text": row["text"]}
                pairs = {"cats": cats, "entities": entities, "holds": "both"}
                both.write(dump_line({**text, **pairs, **meta}))
                classes.write(dump_line({**text, "label": cats, "holds": "pillars", **meta}))
                spans.write(dump_line({**text, "label": entities, "holds": "entries", **meta}))
    for name, labels in (
        ("category_labels.json", {str(p): COLOURS[p] for p in PILLARS}),
        ("span_labels.json", {str(s): _SPAN_COLOURS[s] for s in Status}),
    ):
        rows = [
            {"text": text, "suffix_key": str(number), "background_color": colour}
            for number, (text, colour) in enumerate(labels.items(), 1)
        ]
        files.append(target / name)
        files[-1].write_text(json.dumps(rows, indent=2) + "\n", encoding="utf-8")
    return Written(files)


def read(file: Path) -> Iterator[Correction]:
    """Yield the corrections of a JSONL file or of the archive that doccano gives.

    In an archive the file of each person is named after them. All lines of a project are there,
    seen or not, unless one asks doccano for the approved ones alone.

    Raises:
        ExportError: It is neither.
    """
    if zipfile.is_zipfile(file):
        with zipfile.ZipFile(file) as archive:
            for name in sorted(archive.namelist()):
                if name.endswith((".jsonl", ".json")):
                    text = archive.read(name).decode("utf-8")
                    person = Path(name).stem
                    yield from _lines(text, name, None if person in _SHARED else person)
        return
    try:
        text = file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        message = f"{file} is not a JSONL file or archive of doccano."
        raise ExportError(message) from error
    yield from _lines(text, file.name, None)


def _lines(text: str, name: str, person: str | None) -> Iterator[Correction]:
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            place = f"{name}, line {number}"
            try:
                yield _correction(json.loads(line), place, person)
            except (ValueError, KeyError, TypeError, AttributeError) as error:
                yield Correction("", place, problem=f"not a sentence of an export ({error})")


def _correction(row: dict[str, Any], place: str, person: str | None) -> Correction:
    holds = row["holds"]
    cats = row["cats"] if holds == "both" else row["label"] if holds == "pillars" else None
    entities = row["entities"] if holds == "both" else row["label"] if holds == "entries" else None
    entries: tuple[EntryChange, ...] = ()
    removed: tuple[str, ...] = ()
    if entities is not None:
        entries = tuple(
            EntryChange(row["text"][start:end], {"status": label}, None, start)
            for start, end, label in (_span(entity) for entity in entities)
        )
        removed = tuple((row.get("target_ids") or "").split())
    return Correction(
        sentence_id=row["sentence_id"],
        place=place,
        annotator=person or row.get("annotator"),
        text=row["text"],
        text_sha256=row.get("text_sha256"),
        pillars=None if cats is None else tuple(cats),
        entries=entries,
        removed=removed,
    )


def _span(entity: dict[str, Any] | list[Any]) -> tuple[int, int, str]:
    if isinstance(entity, dict):
        return entity["start_offset"], entity["end_offset"], entity["label"]
    start, end, label = entity
    return start, end, label
