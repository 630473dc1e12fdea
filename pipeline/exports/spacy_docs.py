"""spaCy: documents of one sentence in DocBin files, with `cats` and spans.

Every document has all four pillars and `none` in `cats`, the entries in `spans["sc"]` (for the
span categoriser) and in `ents` (for the named-entity recogniser), and its provenance in
`user_data`. A corpus makes a folder a split; `spacy train` reads folders.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pipeline.exports.extras import load_extra
from pipeline.exports.options import Written
from pipeline.exports.view import sentence_rows
from pipeline.records import NONE, PILLARS

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from spacy.language import Language
    from spacy.tokens import Doc

    from pipeline.exports.options import ExportOptions
    from pipeline.exports.view import Part, Source

DOCUMENTS_A_FILE = 10_000
_PROVENANCE = (
    "sentence_id",
    "article_id",
    "kind",
    "primary",
    "url",
    "source",
    "title",
    "published",
    "province",
    "model",
    "probability",
    "origin",
    "annotators",
    "guideline_version",
    "licence",
    "text_sha256",
)


def write(
    parts: Iterable[Part],
    target: Path,
    source: Source,
    options: ExportOptions,
) -> Written:
    """Write `<split>/part-00000.spacy` files; without splits all is `train`."""
    spacy: Any = load_extra("spacy", "spacy", "The format spacy")
    # spaCy's own Vietnamese splits at blanks only; the language-neutral rules keep our spans.
    nlp = spacy.blank("xx")
    written = Written()
    bins: dict[str, Any] = {}
    numbers: dict[str, int] = {}
    widened = 0

    def flush(split: str) -> None:
        folder = target / split
        folder.mkdir(exist_ok=True)
        file = folder / f"part-{numbers.get(split, 0):05d}.spacy"
        numbers[split] = numbers.get(split, 0) + 1
        bins.pop(split).to_disk(file)
        written.files.append(file)

    for part in parts:
        for row in sentence_rows(part):
            document, wider = _document(nlp, row)
            widened += wider
            split = row["split"] or "train"
            if split not in bins:
                bins[split] = spacy.tokens.DocBin(store_user_data=True)
            bins[split].add(document)
            if len(bins[split]) >= DOCUMENTS_A_FILE:
                flush(split)
    if not written.files and not bins:
        bins["train"] = spacy.tokens.DocBin(store_user_data=True)
    for split in sorted(bins):
        flush(split)
    if widened:
        written.notes.append(
            f"{widened} spans begin or end inside a token and were widened to it; the exact "
            "offsets stand in user_data['entries']."
        )
    return written


def _document(nlp: Language, row: dict[str, Any]) -> tuple[Doc, int]:
    document = nlp.make_doc(row["text"])
    document.cats = {str(pillar): float(pillar in row["pillars"]) for pillar in PILLARS}
    document.cats[NONE] = float(row["primary"] == NONE)
    spans, ends = [], 0
    widened = 0
    for entry in row["targets"]:
        span = document.char_span(
            entry["start"], entry["end"], label=entry["status"], alignment_mode="expand"
        )
        if span.start >= ends:
            spans.append(span)
            ends = span.end
        widened += (span.start_char, span.end_char) != (entry["start"], entry["end"])
    document.spans["sc"] = spans
    document.ents = spans
    document.user_data.update({name: row.get(name) for name in _PROVENANCE})
    document.user_data["entries"] = row["targets"]
    return document, widened
