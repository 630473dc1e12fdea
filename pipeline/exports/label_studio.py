"""Label Studio: tasks with the labels so far, the labelling configuration, and its JSON export.

A task is a sentence. Labels of a model go in as a prediction, labels of people as an annotation.
The slots of an entry that people correct are fields of its region; the others are kept from what
was exported, by the number of the region or by its place.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import quoteattr

from pipeline.errors import ExportError
from pipeline.exports.corrections import Correction, EntryChange
from pipeline.exports.options import Written
from pipeline.exports.view import FROM_ARTICLE, MODEL, sentence_rows
from pipeline.exports.wording import words
from pipeline.exports.workbook import COLOURS
from pipeline.records import NONE, PILLARS, Comparator, Status

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from pipeline.exports.options import ExportOptions
    from pipeline.exports.view import Part, Source

CONFIG = "labelling_config.xml"
TASKS_A_FILE = 20_000
TEXT_FIELDS = ("value", "value_max", "unit", "deadline", "indicator")
"""Slots that are text fields of a region; `comparator` is a choice of it."""

_DATA = (
    "text",
    "sentence_id",
    "article_id",
    "text_sha256",
    "kind",
    "origin",
    "probability",
    "review_reason",
    *FROM_ARTICLE,
)
_SIDE_BY_SIDE = "display: grid; grid-template-columns: 1fr 1fr 1fr 1fr; column-gap: 12px"
_SPAN_COLOURS = {Status.TARGET: "#D62728", Status.RESULT: "#7F7F7F"}


def labelling_config() -> str:
    """Return the labelling interface as XML: shown in Vietnamese, answered in our own terms."""
    named, heading = words(), words()["heading"]
    statuses = "".join(
        _option("Label", s, named["status"][s], background=_SPAN_COLOURS[s]) for s in Status
    )
    pillars = "".join(
        _option("Choice", p, named["pillar"][p], background=COLOURS[p]) for p in PILLARS
    )
    chief = "".join(_option("Choice", p, named["pillar"][p]) for p in (*PILLARS, NONE))
    signs = "".join(_option("Choice", sign, named["comparator"][sign]) for sign in Comparator)
    short = "".join(_field(name, heading[name]) for name in TEXT_FIELDS[:-1])
    return (
        "<View>\n"
        '  <Header value="$title" size="5"/>\n'
        '  <Labels name="entry" toName="text">\n' + statuses + "  </Labels>\n"
        '  <Text name="text" value="$text"/>\n'
        f'  <Header value={quoteattr(heading["pillars"])} size="5"/>\n'
        '  <Choices name="pillars" toName="text" choice="multiple" showInline="true">\n'
        + pillars
        + "  </Choices>\n"
        f'  <Header value={quoteattr(heading["primary"])} size="5"/>\n'
        '  <Choices name="primary" toName="text" choice="single-radio" showInline="true">\n'
        + chief
        + "  </Choices>\n"
        '  <View visibleWhen="region-selected">\n'
        f'    <Header value={quoteattr(heading["comparator"])} size="5"/>\n'
        '    <Choices name="comparator" toName="text" choice="single-radio" showInline="true"'
        ' perRegion="true">\n' + signs + "    </Choices>\n"
        f'    <View style="{_SIDE_BY_SIDE}">\n'
        + short
        + "    </View>\n"
        + _field(TEXT_FIELDS[-1], heading[TEXT_FIELDS[-1]])
        + "  </View>\n</View>\n"
    )


def _option(tag: str, value: str, shown: str, **more: str) -> str:
    attributes = {"value": shown, "alias": value, **more}
    pairs = " ".join(f"{name}={quoteattr(text)}" for name, text in attributes.items())
    return f"    <{tag} {pairs}/>\n"


def _field(name: str, shown: str) -> str:
    return (
        f'    <View><Header value={quoteattr(shown)} size="6"/>\n'
        f'    <TextArea name="{name}" toName="text" perRegion="true" editable="true"'
        ' maxSubmissions="1" rows="1"/></View>\n'
    )


def write(
    parts: Iterable[Part],
    target: Path,
    source: Source,
    options: ExportOptions,
) -> Written:
    """Write the configuration and `tasks-00000.json` … into the folder `target`."""
    config = target / CONFIG
    config.write_text(labelling_config(), encoding="utf-8")
    written = Written([config])
    tasks: list[dict[str, Any]] = []

    def flush() -> None:
        file = target / f"tasks-{len(written.files) - 1:05d}.json"
        text = ",\n".join(json.dumps(task, ensure_ascii=False) for task in tasks)
        file.write_text(f"[\n{text}\n]\n", encoding="utf-8")
        written.files.append(file)
        tasks.clear()

    for part in parts:
        for row in sentence_rows(part):
            tasks.append(_task(row))
            if len(tasks) == TASKS_A_FILE:
                flush()
    if tasks or len(written.files) == 1:
        flush()
    return written


def _task(row: dict[str, Any]) -> dict[str, Any]:
    data = {name: row.get(name) for name in _DATA}
    data["title"] = data["title"] or ""
    data["target_ids"] = [entry["target_id"] for entry in row["targets"]]
    result = _result(row)
    if row["origin"] == MODEL:
        said: dict[str, Any] = {"model_version": row["model"] or MODEL, "result": result}
        if row["probability"] is not None:
            said["score"] = row["probability"]
        return {"data": data, "predictions": [said]}
    return {"data": data, "annotations": [{"result": result}]}


def _result(row: dict[str, Any]) -> list[dict[str, Any]]:
    result = [_choice("primary", [row["primary"]])]
    if row["pillars"]:
        result.append(_choice("pillars", row["pillars"]))
    for entry in row["targets"]:
        region = {
            "id": _region_id(entry["target_id"]),
            "to_name": "text",
        }
        span = {"start": entry["start"], "end": entry["end"]}
        label = {**span, "text": entry["surface"], "labels": [entry["status"]]}
        result.append({**region, "from_name": "entry", "type": "labels", "value": label})
        sign = {**span, "choices": [entry["comparator"]]}
        result.append({**region, "from_name": "comparator", "type": "choices", "value": sign})
        for name in TEXT_FIELDS:
            if entry[name] is not None:
                text = {**span, "text": [_plain(entry[name])]}
                result.append({**region, "from_name": name, "type": "textarea", "value": text})
    return result


def _region_id(target_id: str) -> str:
    """Return the id of an entry's region; Label Studio makes a CSS class of it, to colour it.

    >>> _region_id("bài:0001:2")
    'entry-2'
    """
    return f"entry-{target_id.rpartition(':')[2]}"


def _choice(name: str, values: list[str]) -> dict[str, Any]:
    return {
        "id": name,
        "from_name": name,
        "to_name": "text",
        "type": "choices",
        "value": {"choices": values},
    }


def _plain(value: str | float) -> str:
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def read(file: Path) -> Iterator[Correction]:
    """Yield a correction for each finished annotation of Label Studio's JSON export.

    Args:
        file: The export (format JSON), or a folder of such files.

    Raises:
        ExportError: It is no such export.
    """
    files = sorted(file.glob("*.json")) if file.is_dir() else [file]
    for name in files:
        if name.name != "manifest.json":
            try:
                tasks = json.loads(name.read_text(encoding="utf-8-sig"))
                rows = [(task["data"], task.get("annotations", ())) for task in tasks]
            except (ValueError, KeyError, TypeError, AttributeError) as error:
                message = f"{name} is not an export of Label Studio. Export it there as JSON."
                raise ExportError(message) from error
            for number, (data, annotations) in enumerate(rows, 1):
                for annotation in annotations:
                    if not annotation.get("was_cancelled"):
                        yield _correction(data, annotation, f"{name.name}, task {number}")


def _correction(data: dict[str, Any], annotation: dict[str, Any], place: str) -> Correction:
    try:
        pillars: list[str] = []
        primary = None
        regions: dict[str, dict[str, Any]] = {}
        for item in annotation["result"]:
            name, value = item["from_name"], item["value"]
            if name == "pillars":
                pillars = value["choices"]
            elif name == "primary":
                primary = value["choices"][0]
            else:
                regions.setdefault(item["id"], {}).update(_slot(name, value))
        known = data.get("target_ids") or []
        target_of = {_region_id(target_id): target_id for target_id in known}
        entries = tuple(
            EntryChange(slots.pop("surface"), slots, target_of.get(key), start)
            for key, slots in regions.items()
            if "surface" in slots and (start := slots.pop("start")) is not None
        )
        kept = {entry.target_id for entry in entries}
        return Correction(
            sentence_id=data["sentence_id"],
            place=place,
            annotator=_person(annotation.get("completed_by")),
            checked=True,
            text=data["text"],
            text_sha256=data.get("text_sha256"),
            pillars=tuple(str(p) for p in PILLARS if p in pillars),
            primary=primary,
            entries=entries,
            removed=tuple(key for key in known if key not in kept),
        )
    except (KeyError, TypeError, IndexError, AttributeError) as error:
        problem = f"not an annotation with our configuration ({error!r})"
        return Correction(str(data.get("sentence_id", "")), place, problem=problem)


def _slot(name: str, value: dict[str, Any]) -> dict[str, Any]:
    if name == "entry":
        status = value["labels"][0]
        return {"surface": value["text"], "start": value["start"], "status": status}
    if name == "comparator":
        return {name: value["choices"][0]}
    return {name: value["text"][0] if isinstance(value["text"], list) else value["text"]}


def _person(completed_by: object) -> str | None:
    if isinstance(completed_by, dict):
        name = completed_by.get("email") or completed_by.get("id")
        return None if name is None else str(name)
    return None if completed_by is None else f"user {completed_by}"
