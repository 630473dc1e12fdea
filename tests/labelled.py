"""Labelled articles made for tests, and a small corpus cut from the shipped one."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.corpus.articles import CorpusArticle, LabelledUnit, read_articles, write_articles
from pipeline.corpus.splits import DEV, TEST, TRAIN, read_splits, select, write_splits
from pipeline.records import NONE, PILLARS, Kind

if TYPE_CHECKING:
    from collections.abc import Sequence

SHIPPED = Path(__file__).parents[1] / "corpus"
_LETTERS = {pillar[0]: pillar for pillar in PILLARS}
_PER_LABEL = {TRAIN: 10, DEV: 2, TEST: 1}
_MOST_SENTENCES = 2


def labelled_article(
    key: str,
    *units: tuple[str, str],
    kind: Kind = Kind.BODY,
    genre: str = "news",
    style: str = "provincial_portal",
    published: str | None = "2025-03-14",
    hard: bool = False,
) -> CorpusArticle:
    """Return an article of `(sentence, letters of its pillars, primary first)`, one a line."""
    text, made = "", []
    for sentence, letters in units:
        start = len(text) + 1 if text else 0
        text = f"{text}\n{sentence}" if text else sentence
        named = [_LETTERS[letter] for letter in letters]
        pillars = tuple(p for p in PILLARS if p in named)
        made.append(LabelledUnit(start, len(text), kind, pillars, named[0] if named else None))
    return CorpusArticle(
        id=key,
        title=units[0][0] if units else None,
        published=published,
        genre=genre,
        source_style=style,
        text=text,
        sentences=tuple(made),
        hard=hard,
    )


def write_tiny_corpus(folder: Path) -> None:
    """Write a corpus of two-sentence articles: the first of each split that carry each label."""
    split_of = read_splits(SHIPPED / "splits.json")
    articles = [
        a for a in read_articles(SHIPPED / "articles") if 0 < len(a.sentences) <= _MOST_SENTENCES
    ]
    chosen = {
        split: _first_of_each_label(select(articles, split_of, split), most)
        for split, most in _PER_LABEL.items()
    }
    write_articles([a for group in chosen.values() for a in group], folder / "articles/tiny.jsonl")
    write_splits(
        {a.id: split for split, group in chosen.items() for a in group}, folder / "splits.json"
    )
    (folder / "floors.toml").write_text("macro_f1 = 0.05\n", encoding="utf-8")


def _first_of_each_label(articles: Sequence[CorpusArticle], most: int) -> list[CorpusArticle]:
    counts: Counter[str] = Counter()
    chosen = []
    for article in sorted(articles, key=lambda a: a.id):
        label = article.sentences[0].primary or NONE
        if counts[label] < most:
            counts[label] += 1
            chosen.append(article)
    return chosen
