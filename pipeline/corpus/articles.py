"""Labelled articles and their JSONL form (one article a line, design 3.5)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, TypeVar

from pipeline.errors import CorpusError
from pipeline.records import (
    NONE,
    PILLARS,
    Article,
    Block,
    Comparator,
    Document,
    Kind,
    Pillar,
    Sentence,
    Status,
    Target,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

Built = TypeVar("Built")


GUIDELINE_VERSION = "1.0"
ANNOTATED = "annotated"
"""The `rule` of a target that a person labelled."""

_MALFORMED = (ValueError, KeyError, TypeError, AttributeError, ArithmeticError)
_ENTRY_TEXTS = ("deadline", "deadline_source", "period", "indicator", "indicator_id", "exclusion")


@dataclass(frozen=True, slots=True)
class LabelledUnit:
    """A sentence of a labelled article: its place, kind, pillars and number entries."""

    start: int
    end: int
    kind: Kind
    pillars: tuple[Pillar, ...] = ()
    primary: Pillar | None = None
    targets: tuple[Target, ...] = ()

    def __post_init__(self) -> None:
        if [p for p in PILLARS if p in self.pillars] != list(self.pillars):
            message = f"pillars {self.pillars} are not in the fixed order"
            raise ValueError(message)
        if (self.primary is None) != (not self.pillars) or (
            self.primary is not None and self.primary not in self.pillars
        ):
            message = f"primary {self.primary} does not fit the pillars {self.pillars}"
            raise ValueError(message)


@dataclass(frozen=True, slots=True)
class CorpusArticle:
    """An article whose sentences carry labels.

    `origin` is `authored` (written for the corpus), `imported` or `corrected`; `topic` and
    `source_style` say in whose manner it is written; `hard` marks articles of hard negatives.
    """

    id: str
    title: str | None
    published: str | None
    genre: str
    source_style: str
    text: str
    sentences: tuple[LabelledUnit, ...]
    topic: str = ""
    origin: str = "authored"
    hard: bool = False
    annotators: tuple[str, ...] = ()
    guideline_version: str = GUIDELINE_VERSION

    def __post_init__(self) -> None:
        end = 0
        for unit in self.sentences:
            if not end <= unit.start < unit.end <= len(self.text):
                message = f"sentence {unit.start}:{unit.end} overlaps, is empty or out of the text"
                raise ValueError(message)
            end = unit.end
            text = self.text[unit.start : unit.end]
            for entry in unit.targets:
                if text[entry.start : entry.end] != entry.surface:
                    message = f"surface {entry.surface!r} is not at its span in {text!r}"
                    raise ValueError(message)

    def sentence_text(self, unit: LabelledUnit) -> str:
        """Return the text of one sentence."""
        return self.text[unit.start : unit.end]

    def as_document(self) -> Document:
        """Return the article as the pipeline would see it, one block a sentence."""
        blocks = tuple(Block(u.start, u.end, u.kind) for u in self.sentences)
        sentences = tuple(
            Sentence(i, u.start, u.end, self.text[u.start : u.end], u.kind, i)
            for i, u in enumerate(self.sentences)
        )
        article = Article(
            id=self.id,
            path=f"corpus:{self.id}",
            text=self.text,
            blocks=blocks,
            title=self.title,
            published=self.published,
        )
        return Document(article, sentences)


def read_articles(path: Path) -> list[CorpusArticle]:
    """Read a JSONL file, or all `*.jsonl` files of a folder in order of their names.

    Raises:
        CorpusError: Nothing is there, or a line breaks the contract (names file and line).
    """
    files = sorted(path.glob("*.jsonl")) if path.is_dir() else [path]
    if not files or not all(file.is_file() for file in files):
        message = f"No labelled articles at {path}. Give a .jsonl file or a folder of them."
        raise CorpusError(message)
    return [article for file in files for article in read_rows(file, article_from_json)]


def read_rows(file: Path, build: Callable[[dict[str, Any]], Built]) -> Iterator[Built]:
    """Yield what `build` makes of the JSON object of each line.

    Raises:
        CorpusError: A line is not UTF-8 or not JSON, or `build` refuses it (names the line).
    """
    with file.open("rb") as lines:
        for number, line in enumerate(lines, 1):
            if line.strip():
                try:
                    row = json.loads(line.decode("utf-8-sig"), parse_float=Decimal)
                    built = build(row)
                except _MALFORMED as error:
                    message = f"{file}, line {number}: {_plain_reason(error)}. Correct the line."
                    raise CorpusError(message) from error
                yield built


def _plain_reason(error: Exception) -> str:
    return f"{error} is missing or unknown" if isinstance(error, KeyError) else str(error)


def write_articles(articles: Iterable[CorpusArticle], path: Path) -> None:
    """Write articles as JSONL, one a line, in the order given."""
    lines = [
        json.dumps(article_to_json(article), ensure_ascii=False) + "\n" for article in articles
    ]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(lines), encoding="utf-8")


def article_from_json(row: dict[str, Any]) -> CorpusArticle:
    """Build an article from its JSON object.

    Raises:
        ValueError, KeyError, TypeError: The object breaks the contract.
    """
    text = row["text"]
    return CorpusArticle(
        id=row["id"],
        title=row.get("title"),
        published=row.get("published"),
        genre=row.get("genre", ""),
        source_style=row.get("source_style", ""),
        topic=row.get("topic", ""),
        text=text,
        sentences=tuple(_unit_from_json(unit, text) for unit in row["sentences"]),
        origin=row.get("origin", "authored"),
        hard=bool(row.get("hard", False)),
        annotators=tuple(row.get("annotators", ())),
        guideline_version=row.get("guideline_version", GUIDELINE_VERSION),
    )


def _unit_from_json(row: dict[str, Any], text: str) -> LabelledUnit:
    primary = row.get("primary") or NONE
    sentence = text[row["start"] : row["end"]]
    return LabelledUnit(
        start=row["start"],
        end=row["end"],
        kind=Kind(row.get("kind") or Kind.BODY),
        pillars=tuple(Pillar(p) for p in row["pillars"]),
        primary=None if primary == NONE else Pillar(primary),
        targets=tuple(_entry_from_json(entry, sentence) for entry in row.get("targets", ())),
    )


def _number(value: float | str | Decimal | None) -> Decimal | None:
    return None if value is None else Decimal(str(value))


def _entry_from_json(row: dict[str, Any], sentence: str) -> Target:
    value = _number(row["value"])
    if value is None:
        message = f"entry {row.get('surface')!r} has no value"
        raise ValueError(message)
    surface = row["surface"]
    start = row["start"] if "start" in row else sentence.index(surface)
    return Target(
        start=start,
        end=start + len(surface),
        surface=surface,
        value=value,
        comparator=Comparator(row["comparator"]),
        unit=row["unit"],
        status=Status(row["status"]),
        rule=row.get("rule", ANNOTATED),
        bound=Comparator(row["bound"]) if row.get("bound") else None,
        pillar=Pillar(row["pillar"]) if row.get("pillar") else None,
        scope=tuple(row.get("scope") or ()),
        met=row.get("met"),
        as_of=row.get("as_of"),
        place=row.get("place"),
        value_max=_number(row.get("value_max")),
        baseline_value=_number(row.get("baseline_value")),
        freq_per_year=_number(row.get("freq_per_year")),
        out_of=_number(row.get("out_of")),
        **{name: row.get(name) for name in _ENTRY_TEXTS},
    )


def _plain(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)


def article_to_json(article: CorpusArticle) -> dict[str, Any]:
    """Return the JSON object of an article; empty optional fields are left out."""
    row: dict[str, Any] = {
        "id": article.id,
        "title": article.title,
        "published": article.published,
        "genre": article.genre,
        "source_style": article.source_style,
        "topic": article.topic,
        "text": article.text,
        "sentences": [_unit_to_json(unit) for unit in article.sentences],
        "origin": article.origin,
        "annotators": list(article.annotators),
        "guideline_version": article.guideline_version,
    }
    if article.hard:
        row["hard"] = True
    return row


def _unit_to_json(unit: LabelledUnit) -> dict[str, Any]:
    row: dict[str, Any] = {
        "start": unit.start,
        "end": unit.end,
        "kind": str(unit.kind),
        "pillars": [str(p) for p in unit.pillars],
        "primary": NONE if unit.primary is None else str(unit.primary),
    }
    if unit.targets:
        row["targets"] = [entry_to_json(entry) for entry in unit.targets]
    return row


def entry_to_json(entry: Target) -> dict[str, Any]:
    """Return the JSON object of a number entry; unset optional fields are left out."""
    row: dict[str, Any] = {
        "surface": entry.surface,
        "start": entry.start,
        "end": entry.end,
        "value": _plain(entry.value),
        "value_max": None if entry.value_max is None else _plain(entry.value_max),
        "comparator": str(entry.comparator),
        "unit": entry.unit,
        "deadline": entry.deadline,
        "indicator": entry.indicator,
        "status": str(entry.status),
        "bound": entry.bound,
        "pillar": entry.pillar,
        "scope": list(entry.scope),
        "deadline_source": entry.deadline_source,
        "period": entry.period,
        "indicator_id": entry.indicator_id,
        "exclusion": entry.exclusion,
        "met": entry.met,
        "as_of": entry.as_of,
        "place": entry.place,
    }
    for name in ("baseline_value", "freq_per_year", "out_of"):
        number = getattr(entry, name)
        row[name] = None if number is None else _plain(number)
    if entry.rule != ANNOTATED:
        row["rule"] = entry.rule
    required = {"surface", "start", "end", "value", "value_max", "comparator", "unit", "deadline"}
    return {k: v for k, v in row.items() if k in required or v not in (None, [], ())}
