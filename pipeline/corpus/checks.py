"""What must hold of the labelled corpus, and the findings where it does not."""

from __future__ import annotations

import tomllib
from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from pipeline.corpus.overlap import overlapping_pairs, tokens
from pipeline.corpus.splits import NEAR_COPY, SHARES
from pipeline.corpus.statistics import as_rows, count
from pipeline.records import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from pipeline.corpus.articles import CorpusArticle

OPENING_WORDS = 6
MOST_OPENINGS = 8
"""A six-word opening may begin at most this many sentences."""

_PROSE = frozenset({Kind.TITLE, Kind.LEAD, Kind.BODY, Kind.CAPTION})
_SHARE_TOLERANCE = 0.05


def check(
    articles: Sequence[CorpusArticle], split_of: Mapping[str, str], bounds: Path | None = None
) -> list[str]:
    """Return every finding as one sentence; an empty list means that all is well.

    Spans, slot values and the invariants of labels are already sure: they are in the records.

    Args:
        articles: The corpus.
        split_of: Split of each article.
        bounds: TOML file with the least counts that the corpus must keep; without it, none.
    """
    return [
        *(_counts(articles, bounds) if bounds is not None and bounds.is_file() else ()),
        *_identity(articles),
        *_labels(articles),
        *_openings(articles),
        *_overlaps(articles, split_of),
        *_splits(articles, split_of),
    ]


def _counts(articles: Sequence[CorpusArticle], bounds: Path) -> Iterator[str]:
    """Check counts and coverage of typical words against the bounds of a file."""
    wanted = tomllib.loads(bounds.read_text(encoding="utf-8"))
    counted = dict(as_rows(count(articles)))
    for name, least in wanted["least"].items():
        if counted[name] < least:
            yield f"{name}: {counted[name]}, but at least {least} are wanted"
    holders: Counter[str] = Counter()
    for article in articles:
        holders.update(_phrases(article.text, wanted["coverage"]["words"]))
    words = wanted["coverage"]["words"]
    missing = [word for word in words if holders[word] < wanted["coverage"]["articles"]]
    share = 1 - len(missing) / len(words)
    if share < wanted["coverage"]["share"]:
        yield f"only {share:.0%} of the typical words are covered; missing: {', '.join(missing)}"


def _phrases(text: str, words: Sequence[str]) -> set[str]:
    """Return which of the words a text holds, on whole syllables."""
    joined = f" {' '.join(tokens(text))} "
    return {word for word in words if f" {' '.join(tokens(word))} " in joined}


def _identity(articles: Sequence[CorpusArticle]) -> Iterator[str]:
    for key, times in Counter(article.id for article in articles).items():
        if times > 1:
            yield f"article id {key} occurs {times} times"
    for article in articles:
        if not article.genre or not article.source_style or not article.published:
            yield f"article {article.id} lacks genre, source_style or published"
        if not article.sentences:
            yield f"article {article.id} has no sentence"


def _labels(articles: Sequence[CorpusArticle]) -> Iterator[str]:
    for article in articles:
        for unit in article.sentences:
            where = f"article {article.id}, sentence at {unit.start}"
            if unit.kind.is_furniture and (unit.pillars or unit.targets):
                yield f"{where}: page furniture carries labels"
            for entry in unit.targets:
                if entry.pillar is not None and entry.pillar not in unit.pillars:
                    yield f"{where}: {entry.surface!r} has a pillar that the sentence lacks"
                if not entry.indicator or not entry.unit:
                    yield f"{where}: {entry.surface!r} lacks indicator or unit"


def _openings(articles: Sequence[CorpusArticle]) -> Iterator[str]:
    counts: Counter[tuple[str, ...]] = Counter()
    for article in articles:
        for unit in article.sentences:
            words = tokens(article.sentence_text(unit))
            if len(words) > OPENING_WORDS:
                counts[tuple(words[:OPENING_WORDS])] += 1
    for opening, times in counts.items():
        if times > MOST_OPENINGS:
            yield f"the opening {' '.join(opening)!r} begins {times} sentences"


def _overlaps(articles: Sequence[CorpusArticle], split_of: Mapping[str, str]) -> Iterator[str]:
    texts, owners = [], []
    for article in articles:
        for unit in article.sentences:
            if unit.kind in _PROSE:
                texts.append(article.sentence_text(unit))
                owners.append(article.id)
    for earlier, later, overlap in overlapping_pairs(texts, owners, NEAR_COPY):
        pair = f"{owners[earlier]} and {owners[later]}"
        yield f"articles {pair} share {overlap:.0%} of a sentence: {texts[later][:60]!r}"
        if split_of.get(owners[earlier]) != split_of.get(owners[later]):
            yield f"articles {pair} share a sentence and lie in different splits"


def _splits(articles: Sequence[CorpusArticle], split_of: Mapping[str, str]) -> Iterator[str]:
    known = {article.id for article in articles}
    for article_id in sorted(known ^ set(split_of)):
        yield f"article {article_id} is in the corpus or in the splits, not in both"
    sizes: dict[str, int] = defaultdict(int)
    for article in articles:
        sizes[split_of.get(article.id, "?")] += len(article.sentences)
    total = sum(sizes.values())
    for split, share in SHARES.items():
        held = sizes[split] / max(1, total)
        if abs(held - share) > _SHARE_TOLERANCE:
            yield f"split {split} holds {held:.0%} of the sentences, not {share:.0%}"
