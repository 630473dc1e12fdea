"""Hugging Face: a folder that `datasets.load_dataset` reads, with features, splits and a card.

Labels are class numbers in the order of the names in the card. Nothing but pyarrow is needed to
write it.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from pipeline.exports.corrections import SLOTS
from pipeline.exports.options import Written
from pipeline.exports.view import FROM_ARTICLE, TARGETS, with_article
from pipeline.records import NONE, PILLARS

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from pipeline.exports.options import ExportOptions
    from pipeline.exports.view import Part, Source

PRIMARY_NAMES = (*(str(pillar) for pillar in PILLARS), NONE)
SPLITS = ("train", "dev", "test")
_SPLIT_NAMES = {"dev": "validation"}
_ENTRY = pa.struct(
    [TARGETS.field(name) for name in ("target_id", "start", "end", "surface", *SLOTS)]
)
_TYPES = {
    "string": "string",
    "int32": "int32",
    "int64": "int64",
    "double": "float64",
    "bool": "bool",
}


def write(
    parts: Iterable[Part],
    target: Path,
    source: Source,
    options: ExportOptions,
) -> Written:
    """Write `data/<split>.parquet` and `README.md`; without splits all is `train`."""
    (target / "data").mkdir()
    writers: dict[str, pq.ParquetWriter] = {}
    counts: dict[str, int] = {}
    schema = pa.schema([])
    try:
        for part in parts:
            table = _table(part)
            schema = table.schema
            splits = pc.fill_null(part.articles["split"], "train")
            places = pc.index_in(table["article_id"], part.articles["article_id"].combine_chunks())
            of_sentence = splits.combine_chunks().take(places)
            for split in SPLITS:
                rows = table.filter(pc.equal(of_sentence, split))
                if rows.num_rows or (split == "train" and not writers):
                    name = _SPLIT_NAMES.get(split, split)
                    if name not in writers:
                        file = target / "data" / f"{name}.parquet"
                        writers[name] = pq.ParquetWriter(file, schema, compression="zstd")
                    writers[name].write_table(rows)
                    counts[name] = counts.get(name, 0) + rows.num_rows
    finally:
        for writer in writers.values():
            writer.close()
    if counts.get("train") == 0 and len(counts) > 1:
        del counts["train"]
        (target / "data" / "train.parquet").unlink()
    card = target / "README.md"
    card.write_text(_card(schema, counts, source, options), encoding="utf-8")
    return Written([card, *(target / "data" / f"{name}.parquet" for name in counts)])


def _table(part: Part) -> pa.Table:
    table = with_article(part.sentences, part.articles).drop_columns(["split"])
    numbers = {name: number for number, name in enumerate(PRIMARY_NAMES)}
    labels = [[numbers[p] for p in row] for row in table["pillars"].to_pylist()]
    primary = [numbers[name] for name in table["primary"].to_pylist()]
    entries: dict[str, list[dict[str, Any]]] = {}
    for row in part.targets.to_pylist():
        entries.setdefault(row["sentence_id"], []).append(row)
    targets = [entries.get(key, []) for key in table["sentence_id"].to_pylist()]
    place = table.schema.get_field_index("pillars")
    table = table.set_column(place, "pillars", pa.array(labels, pa.list_(pa.int64())))
    place = table.schema.get_field_index("primary")
    table = table.set_column(place, "primary", pa.array(primary, pa.int64()))
    return table.append_column("targets", pa.array(targets, pa.list_(_ENTRY)))


def _card(schema: pa.Schema, counts: dict[str, int], source: Source, options: ExportOptions) -> str:
    lines = [
        "---",
        "language:",
        "- vi",
        f"license: {json.dumps((options.licence or 'other').lower())}",
        f"pretty_name: {json.dumps(f'trucot {source.kind}')}",
        "task_categories:",
        "- text-classification",
        "- token-classification",
        "task_ids:",
        "- multi-label-classification",
        "configs:",
        "- config_name: default",
        "  data_files:",
    ]
    for name in counts:
        lines += [f"  - split: {name}", f"    path: data/{name}.parquet"]
    lines += ["dataset_info:", "  features:"]
    for field in schema:
        lines += _feature(field, "  ")
    lines.append("  splits:")
    for name, count in counts.items():
        lines += [f"  - name: {name}", f"    num_examples: {count}"]
    lines += ["---", "", *_prose(counts, source, options)]
    return "\n".join(lines) + "\n"


def _feature(field: pa.Field, indent: str) -> list[str]:
    lines = [f"{indent}- name: {json.dumps(field.name)}"]
    if field.name in {"pillars", "primary"}:
        is_list = field.name == "pillars"
        names = PRIMARY_NAMES[:-1] if is_list else PRIMARY_NAMES
        head = "list" if is_list else "dtype"
        deep = f"{indent}      "
        lines += [f"{indent}  {head}:", f"{indent}    class_label:", f"{deep}names:"]
        return lines + [f"{deep}  '{number}': {name}" for number, name in enumerate(names)]
    if pa.types.is_list(field.type):
        inner = field.type.value_type
        if pa.types.is_struct(inner):
            lines.append(f"{indent}  list:")
            for column in inner:
                lines += _feature(column, indent + "  ")
            return lines
        return [*lines, f"{indent}  list: {_TYPES[str(inner)]}"]
    return [*lines, f"{indent}  dtype: {_TYPES[str(field.type)]}"]


def _prose(counts: dict[str, int], source: Source, options: ExportOptions) -> list[str]:
    total = sum(counts.values())
    labels = "people" if source.kind == "corpus" else f"the model {source.model or '(unknown)'}"
    held = "" if options.include_text else " Texts were left out: url, hash and offsets remain."
    return [
        "# Vietnamese news: pillars of digital transformation and numeric targets",
        "",
        f"{total} sentences with labels of {labels}.{held}",
        "",
        f"- Pillars (`pillars`, several a sentence): {', '.join(PRIMARY_NAMES[:-1])}.",
        "- `primary`: the chief pillar, or `none`.",
        "- `targets`: the numbers aimed at or reached, with offsets in the sentence.",
        f"- Guideline version: {source.guideline_version or 'not stated'}.",
        f"- Licence: {options.licence or 'not stated; the texts belong to their publishers'}.",
        f"- Beside every sentence: {', '.join(n for n in FROM_ARTICLE if n != 'split')},",
        "  its origin (model, human, corrected), annotators and the hash of its text.",
        "",
        "`manifest.json` holds counts, filters and hashes of the files.",
    ]
