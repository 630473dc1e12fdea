"""Which article belongs to train, dev and test.

Splits are by article; articles that share a near copy of a sentence stay together. They are
stratified by genre and chiefly-carried pillar. An article keeps the split that it has when others
are added.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from pipeline.corpus.overlap import overlapping_pairs
from pipeline.errors import CorpusError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from pipeline.corpus.articles import CorpusArticle

TRAIN, DEV, TEST = "train", "dev", "test"
SHARES = {TRAIN: 0.70, DEV: 0.15, TEST: 0.15}
NEAR_COPY = 0.5


def clusters(articles: Sequence[CorpusArticle]) -> dict[str, str]:
    """Map each article id to the id of its cluster: the smallest id that it is joined to."""
    texts, owners = [], []
    for article in articles:
        for unit in article.sentences:
            texts.append(article.sentence_text(unit))
            owners.append(article.id)
    parent = {article.id: article.id for article in articles}

    def root(key: str) -> str:
        while parent[key] != key:
            key = parent[key]
        return key

    for earlier, later, _ in overlapping_pairs(texts, owners, NEAR_COPY):
        low, high = sorted((root(owners[earlier]), root(owners[later])))
        parent[high] = low
    return {key: root(key) for key in parent}


def _stratum(articles: Sequence[CorpusArticle]) -> str:
    counts = Counter(str(unit.primary) for article in articles for unit in article.sentences)
    counts.pop("None", None)
    return f"{articles[0].genre}/{counts.most_common(1)[0][0] if counts else 'none'}"


def make_splits(
    articles: Sequence[CorpusArticle], known: Mapping[str, str] | None = None
) -> dict[str, str]:
    """Return article id → `train`, `dev` or `test`, near copies together, by stratum.

    Args:
        articles: All articles of the corpus.
        known: Splits of earlier days; a cluster with a known article goes where that one is.
    """
    known = known or {}
    cluster_of = clusters(articles)
    members: dict[str, list[CorpusArticle]] = defaultdict(list)
    for article in articles:
        members[cluster_of[article.id]].append(article)
    strata: dict[str, list[str]] = defaultdict(list)
    for cluster, group in members.items():
        strata[_stratum(group)].append(cluster)
    split_of: dict[str, str] = {}
    totals: Counter[str] = Counter()
    for stratum in sorted(strata):
        order = sorted(strata[stratum], key=lambda c: hashlib.sha256(c.encode()).hexdigest())
        for cluster in order:
            group = members[cluster]
            size = sum(len(article.sentences) for article in group)
            split = next((known[a.id] for a in group if a.id in known), None)
            if split is None:
                split = _emptiest(totals, size)
            totals[split] += size
            split_of.update((a.id, known.get(a.id, split)) for a in group)
    return dict(sorted(split_of.items()))


def _emptiest(totals: Counter[str], size: int) -> str:
    """Return the split that lags most behind its share once `size` sentences are added."""
    done = sum(totals.values()) + size
    return min(SHARES, key=lambda name: (totals[name] - SHARES[name] * done, name))


def read_splits(path: Path) -> dict[str, str]:
    """Read `splits.json`.

    Raises:
        CorpusError: The file is missing, malformed or names an unknown split.
    """
    if not path.is_file():
        message = f"No splits at {path}. Run: trucot corpus split."
        raise CorpusError(message)
    try:
        split_of: dict[str, str] = dict(json.loads(path.read_text(encoding="utf-8")))
    except (ValueError, TypeError) as error:
        message = f"{path} is not a JSON object of splits: {error}. Restore the file."
        raise CorpusError(message) from error
    unknown = sorted(set(split_of.values()) - set(SHARES))
    if unknown:
        message = f"{path} names unknown splits: {', '.join(unknown)}. Run: trucot corpus split."
        raise CorpusError(message)
    return split_of


def write_splits(split_of: Mapping[str, str], path: Path) -> None:
    """Write `splits.json`, one article a line."""
    path.write_text(json.dumps(split_of, indent=0) + "\n", encoding="utf-8")


def select(
    articles: Sequence[CorpusArticle], split_of: Mapping[str, str], split: str
) -> list[CorpusArticle]:
    """Return the articles of one split; an article without a split counts as train."""
    return [article for article in articles if split_of.get(article.id, TRAIN) == split]
