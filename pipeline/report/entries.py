"""The table of number entries, as rows that the script of the page filters and pages."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from pipeline.lexicon import load
from pipeline.report.stories import anchor, title_of, web_address
from pipeline.report.words import deadline_words, level_words, note_words, rule_words, words

if TYPE_CHECKING:
    from pipeline.report.figures import RunTables

MOST_ENTRIES = 30_000

COLUMNS = (
    "article",
    "anchor",
    "indicator",
    "indicator_id",
    "level",
    "surface",
    "comparator",
    "value",
    "value_max",
    "unit",
    "deadline",
    "deadline_words",
    "status",
    "pillar",
    "place",
    "official",
    "rule",
    "notes",
    "copy",
)
"""Columns of a row; `article` is the place in the list of articles, `anchor` is empty for an
article that the page does not write out, `copy` is 1 for what is counted already elsewhere."""


def page_data(read: RunTables, chosen: dict[str, int]) -> dict[str, Any]:
    """Return what the script reads: rows, the articles they name, and words.

    Args:
        read: Tables of the run.
        chosen: Articles that are written out, with their numbers.
    """
    rows = read.targets.slice(0, MOST_ENTRIES).to_pylist()
    once = read.targets_once.slice(0, MOST_ENTRIES).to_pylist()
    known = {article["article_id"]: article for article in read.articles}
    places = {key: place for place, key in enumerate(dict.fromkeys(r["article_id"] for r in rows))}
    listed = [
        _row(row, known[row["article_id"]], places, chosen, copy=not counted)
        for row, counted in zip(rows, once, strict=True)
    ]
    say = words()
    return {
        "columns": list(COLUMNS),
        "rows": [[row[name] for name in COLUMNS] for row in listed],
        "articles": [_article(known[key]) for key in places],
        "official_names": {
            row["indicator_id"]: _official_name(row["indicator_id"])
            for row in rows
            if row["indicator_id"]
        },
        "rules": {row["rule"]: rule_words(row["rule"]) for row in rows},
        "words": {name: say[name] for name in ("status", "pillar", "against_official", "file")},
        "headings": list(say["heading"].items()),
    }


def _article(article: dict[str, Any]) -> dict[str, str]:
    return {
        "title": title_of(article),
        "source": article["source"] or "",
        "published": article["published"] or "",
        "date": deadline_words(article["published"]),
        "url": web_address(article["url"]),
    }


def _row(
    row: dict[str, Any],
    article: dict[str, Any],
    places: dict[str, int],
    chosen: dict[str, int],
    *,
    copy: bool,
) -> dict[str, Any]:
    number = chosen.get(row["article_id"])
    return {
        "article": places[row["article_id"]],
        "anchor": anchor(number, row["sentence_id"]) if number else "",
        "indicator": row["indicator"] or "",
        "indicator_id": row["indicator_id"] or "",
        "level": level_words(row),
        "surface": row["surface"],
        "comparator": row["comparator"],
        "value": _whole(row["value"]),
        "value_max": _whole(row["value_max"]),
        "unit": row["unit"] or "",
        "deadline": row["deadline"] or "",
        "deadline_words": deadline_words(row["deadline"]),
        "status": row["status"],
        "pillar": row["pillar"] or "",
        "place": row["place"] or article["place"] or article["province"] or "",
        "official": row["against_official"] or "",
        "rule": row["rule"],
        "notes": note_words(row),
        "copy": int(copy),
    }


def _whole(value: float | None) -> float | int | None:
    return int(value) if value is not None and value.is_integer() else value


@cache
def _names() -> dict[str, str]:
    return {row["id"]: row["name"] for row in load("indicators")["indicator"]}


def _official_name(indicator_id: str) -> str:
    return _names().get(indicator_id, indicator_id)
