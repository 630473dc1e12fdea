"""Write a run or corpus in a format: filters, the format's own files, a manifest, one rename."""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from collections import Counter
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow.compute as pc

from pipeline.errors import ExportError
from pipeline.exports.options import ExportOptions, ExportSummary
from pipeline.exports.registry import find_format
from pipeline.exports.selection import Selection
from pipeline.exports.view import SCHEMAS, open_source
from pipeline.records import NONE, PILLARS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pipeline.exports.options import Written
    from pipeline.exports.registry import Format
    from pipeline.exports.view import Part, Source

MANIFEST = "manifest.json"
MANIFEST_VERSION = 1


def export(
    source: Path,
    format_name: str,
    output: Path,
    options: ExportOptions | None = None,
) -> ExportSummary:
    """Write a run or a labelled corpus in one of the formats of `FORMATS`.

    Args:
        source: A run folder, or a labelled corpus (folder or `.jsonl` file).
        format_name: Name of the format.
        output: File or folder to make; formats of several files make a folder.
        options: Filters and choices.

    Returns:
        What was written. The manifest stands in the folder, or beside the file as
        `<output>.manifest.json`.

    Raises:
        ExportError: The source, format or options do not fit; says what to do.
    """
    options = options or ExportOptions()
    known = find_format(format_name)
    if known.needs_text and not options.include_text:
        message = f"The format {format_name} is made of text. Leave out --no-text, or take parquet."
        raise ExportError(message)
    opened = open_source(source)
    write = known.writer()
    _refuse_overwriting(output, known, options)
    output.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=output.parent, prefix=".export-") as name:
        target = Path(name) / output.name
        if not known.suffix:
            target.mkdir()
        counts: Counter[str] = Counter()
        parts = _counted(Selection(opened, options).parts(), counts)
        written = write(parts, target, opened, options)
        if not counts["sentences"]:
            written.notes.append("No sentence passes the filters: the export is empty.")
        manifest = target / MANIFEST if target.is_dir() else _beside(target)
        row = _manifest(known, opened, options, counts, written, target)
        manifest.write_text(json.dumps(row, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
        _put_in_place(target, output)
    files = tuple(output / f.relative_to(target) for f in written.files)
    beside = output / MANIFEST if output.is_dir() else _beside(output)
    return ExportSummary(format_name, output, beside, dict(counts), files, tuple(written.notes))


def _beside(file: Path) -> Path:
    return file.with_name(file.name + ".manifest.json")


def _refuse_overwriting(output: Path, known: Format, options: ExportOptions) -> None:
    if not output.exists() or (output.is_dir() and not any(output.iterdir())):
        return
    if not options.force:
        message = f"{output} exists. Choose another output, or add --force to replace it."
        raise ExportError(message)
    if output.is_dir() and (known.suffix or not (output / MANIFEST).is_file()):
        message = f"{output} is a folder that no export made. Choose another output."
        raise ExportError(message)
    if output.is_file() and not known.suffix:
        message = f"{output} is a file, and {known.name} makes a folder. Choose another output."
        raise ExportError(message)


def _put_in_place(target: Path, output: Path) -> None:
    if target.is_dir():
        if output.exists():
            shutil.rmtree(output)
        target.rename(output)
    else:
        _beside(target).replace(_beside(output))
        target.replace(output)


def _counted(parts: Iterable[Part], counts: Counter[str]) -> Iterator[Part]:
    """Pass the parts on and count what goes by."""
    counts.update(dict.fromkeys((*SCHEMAS, *PILLARS, NONE), 0))
    for part in parts:
        for name in SCHEMAS:
            counts[name] += part.table(name).num_rows
        for pillar in pc.list_flatten(part.sentences["pillars"]).to_pylist():
            counts[pillar] += 1
        counts[NONE] += pc.sum(pc.equal(part.sentences["primary"], NONE)).as_py() or 0
        yield part


def _manifest(
    known: Format,
    source: Source,
    options: ExportOptions,
    counts: Counter[str],
    written: Written,
    target: Path,
) -> dict[str, object]:
    folder = target if target.is_dir() else target.parent
    return {
        "manifest_version": MANIFEST_VERSION,
        "format": known.name,
        "trucot_version": _version(),
        "source": {"kind": source.kind, "name": source.path.resolve().name},
        "model": source.model,
        "guideline_version": source.guideline_version,
        "licence": options.licence,
        "filters": options.as_filters(),
        "counts": {name: counts[name] for name in SCHEMAS},
        "sentences_by_label": {name: counts[name] for name in (*PILLARS, NONE)},
        "files": [
            {
                "name": file.relative_to(folder).as_posix(),
                "bytes": file.stat().st_size,
                "sha256": _file_hash(file),
            }
            for file in written.files
        ],
        "notes": written.notes,
    }


def _version() -> str:
    try:
        return version("trucot")
    except PackageNotFoundError:
        return "not installed"


def _file_hash(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()
