"""Changes to the corpus on disk: new articles from drafts, splits for new articles."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from pipeline.corpus.articles import read_articles, write_articles
from pipeline.corpus.drafts import read_drafts
from pipeline.corpus.splits import make_splits, read_splits, write_splits
from pipeline.errors import CorpusError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


def add_drafts(
    folder: Path, drafts: Sequence[Path], into: str, annotators: tuple[str, ...] = ()
) -> int:
    """Append the articles of draft files to `articles/<into>.jsonl`; return how many.

    Raises:
        CorpusError: A draft is malformed, or an article is in the corpus already.
    """
    target = folder / "articles" / f"{into}.jsonl"
    known = {a.id for a in read_articles(folder / "articles")} if _has_articles(folder) else set()
    articles = read_articles(target) if target.is_file() else []
    added = 0
    for draft in drafts:
        for article in read_drafts(draft, annotators):
            if article.id in known:
                message = f"{draft}: the article {article.title!r} is in the corpus already."
                raise CorpusError(message)
            known.add(article.id)
            articles.append(article)
            added += 1
    write_articles(articles, target)
    return added


def _has_articles(folder: Path) -> bool:
    return any((folder / "articles").glob("*.jsonl"))


def renew_splits(folder: Path) -> Counter[str]:
    """Write `splits.json` with all articles of the corpus; return articles a split."""
    path = folder / "splits.json"
    known = read_splits(path) if path.is_file() else {}
    split_of = make_splits(read_articles(folder / "articles"), known)
    write_splits(split_of, path)
    return Counter(split_of.values())
