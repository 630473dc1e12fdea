"""CoNLL-U: a token a line, the spans of number entries as BIO tags in the last column.

Comments before a sentence hold its ids, text, pillars and source. `NE=B-TARGET` and
`NE=B-RESULT` open a span; spaCy's converter reads them (`spacy convert -c conllu`).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from pipeline.exports.options import Written
from pipeline.exports.view import sentence_rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from pipeline.exports.options import ExportOptions
    from pipeline.exports.view import Part, Source

_TOKEN = re.compile(r"[^\W\d_]+|\d+(?:[.,]\d+)*|\S")
_COMMENTS = (
    ("sent_id", "sentence_id"),
    ("newdoc_id", "article_id"),
    ("kind", "kind"),
    ("primary", "primary"),
    ("probability", "probability"),
    ("origin", "origin"),
    ("model", "model"),
    ("guideline_version", "guideline_version"),
    ("licence", "licence"),
    ("source", "source"),
    ("published", "published"),
    ("url", "url"),
)


def tokens(text: str) -> list[tuple[int, int]]:
    """Return the spans of syllables, numbers and signs.

    >>> [("đạt 1,2 triệu (60%)"[a:b]) for a, b in tokens("đạt 1,2 triệu (60%)")]
    ['đạt', '1,2', 'triệu', '(', '60', '%', ')']
    """
    return [match.span() for match in _TOKEN.finditer(text)]


def write(
    parts: Iterable[Part],
    target: Path,
    source: Source,
    options: ExportOptions,
) -> Written:
    """Write one block a sentence."""
    widened = 0
    with target.open("w", encoding="utf-8", newline="\n") as lines:
        for part in parts:
            for row in sentence_rows(part):
                block, wider = _block(row)
                widened += wider
                lines.writelines(f"{line}\n" for line in block)
    notes = []
    if widened:
        notes.append(f"{widened} spans begin or end inside a token and were widened to it.")
    return Written([target], notes)


def _block(row: dict[str, Any]) -> tuple[list[str], int]:
    text = row["text"]
    lines = [
        f"# {name} = {_one_line(str(row[column]))}"
        for name, column in _COMMENTS
        if row.get(column) is not None
    ]
    lines.append(f"# pillars = {';'.join(row['pillars'])}")
    lines.append(f"# text = {_one_line(text)}")
    spans = tokens(text)
    tags, widened = bio_tags(spans, row["targets"])
    lines.extend(_token_lines(text, spans, tags))
    lines.append("")
    return lines, widened


def _token_lines(text: str, spans: list[tuple[int, int]], tags: list[str]) -> Iterator[str]:
    for number, ((start, end), tag) in enumerate(zip(spans, tags, strict=True), 1):
        is_glued = number < len(spans) and spans[number][0] == end
        misc = [f"NE={tag}"] if tag != "O" else []
        misc.append(f"TokenRange={start}:{end}")
        if is_glued:
            misc.append("SpaceAfter=No")
        head = 0 if number == 1 else 1
        relation = "root" if number == 1 else "dep"
        columns = (number, text[start:end], "_", "_", "_", "_", head, relation, "_", "|".join(misc))
        yield "\t".join(map(str, columns))


def bio_tags(
    spans: list[tuple[int, int]], entries: Iterable[dict[str, Any]]
) -> tuple[list[str], int]:
    """Return a BIO tag for each token, and how many entries do not end where tokens do.

    >>> bio_tags([(0, 3), (4, 6), (6, 7)], [{"start": 4, "end": 7, "status": "target"}])
    (['O', 'B-TARGET', 'I-TARGET'], 0)
    """
    tags = ["O"] * len(spans)
    widened = 0
    for entry in entries:
        inside = [i for i, (a, b) in enumerate(spans) if a < entry["end"] and b > entry["start"]]
        for place in inside:
            tags[place] = f"{'B' if place == inside[0] else 'I'}-{entry['status'].upper()}"
        exact = inside and (spans[inside[0]][0], spans[inside[-1]][1]) == (
            entry["start"],
            entry["end"],
        )
        widened += not exact
    return tags, widened


def _one_line(text: str) -> str:
    return " ".join(text.split())
