"""Learning curves of a quick model that asks for labels: through the review queue, or at random.

The model is TF-IDF of syllables and their pairs with logistic regression, so that it can be
fitted a hundred times in minutes; it is not the shipped classifier. Labels are those of the
corpus: the "person" who answers is always right. The same person answers in `make loop-demo`.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from pipeline.corpus.articles import read_articles, write_articles
from pipeline.corpus.overlap import tokens
from pipeline.corpus.splits import DEV, TRAIN, read_splits, select, write_splits
from pipeline.records import NONE, PILLARS
from pipeline.review import Candidates, ReviewOptions, choose

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray
    from sklearn.feature_extraction.text import TfidfVectorizer

    from pipeline.corpus.articles import CorpusArticle

START, STEP = 200, 200


@dataclass(frozen=True, slots=True)
class LabelledTexts:
    """Sentences with their labels (n × 4) and their articles."""

    articles: Sequence[str]
    texts: Sequence[str]
    labels: NDArray[np.bool_]


def read_sentences(corpus: Path) -> tuple[LabelledTexts, LabelledTexts]:
    """Return the sentences of the train and dev split, page furniture left out."""
    articles = read_articles(corpus / "articles")
    split_of = read_splits(corpus / "splits.json")

    def of_split(name: str) -> LabelledTexts:
        rows = [
            (article.id, article.sentence_text(unit), [p in unit.pillars for p in PILLARS])
            for article in select(articles, split_of, name)
            for unit in article.sentences
            if not unit.kind.is_furniture and not unit.kind.is_copy
        ]
        return LabelledTexts(
            [row[0] for row in rows], [row[1] for row in rows], np.array([row[2] for row in rows])
        )

    return of_split(TRAIN), of_split(DEV)


def learning_curves(
    train: LabelledTexts, dev: LabelledTexts, order: str, rounds: int, seed: int
) -> list[float]:
    """Return macro-F1 on `dev` after each round of `STEP` more labels.

    Args:
        train: Sentences to ask for.
        dev: Sentences to score on.
        order: `queue` or `random`.
        rounds: How often to ask.
        seed: Which sentences are known at the start.
    """
    random = np.random.default_rng(seed)
    shuffled = random.permutation(len(train.texts))
    known = shuffled[:START].tolist()
    vectorizer = _vectorizer()
    rows = vectorizer.fit_transform(train.texts)
    dev_rows = vectorizer.transform(dev.texts)
    figures = []
    for number in range(rounds + 1):
        models = _fit(rows[known], train.labels[known])
        figures.append(_macro_f1(dev.labels, _scores(models, dev_rows)))
        if number < rounds:
            left = np.setdiff1d(shuffled, known, assume_unique=True)
            if order == "random":
                known += random.permutation(left)[:STEP].tolist()
            else:
                known += _ask(train, left, _scores(models, rows[left]), seed)
    return figures


def _ask(
    train: LabelledTexts, left: NDArray[np.int64], scores: NDArray[np.float64], seed: int
) -> list[int]:
    found = Candidates(
        [str(i) for i in left],
        [train.articles[i] for i in left],
        [train.texts[i] for i in left],
        scores,
        scores >= 0.5,  # noqa: PLR2004 -- the quick model decides at one half
        np.zeros(len(left), bool),
    )
    return [int(key) for key in choose(found, STEP, ReviewOptions(seed=seed))]


def _vectorizer() -> TfidfVectorizer:
    from sklearn.feature_extraction.text import TfidfVectorizer  # noqa: PLC0415 -- slow import

    return TfidfVectorizer(
        tokenizer=tokens, token_pattern=None, lowercase=False, ngram_range=(1, 2), sublinear_tf=True
    )


def _fit(rows: object, labels: NDArray[np.bool_]) -> list[object]:
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415 -- slow import

    return [
        LogisticRegression(C=10, class_weight="balanced").fit(rows, labels[:, k])
        if 0 < labels[:, k].sum() < len(labels)
        else None
        for k in range(len(PILLARS))
    ]


def _scores(models: Sequence[object], rows: object) -> NDArray[np.float64]:
    count = rows.shape[0]  # type: ignore[attr-defined]
    return np.column_stack(
        [
            np.zeros(count) if model is None else model.predict_proba(rows)[:, 1]  # type: ignore[attr-defined]
            for model in models
        ]
    )


def _macro_f1(actual: NDArray[np.bool_], scores: NDArray[np.float64]) -> float:
    from pipeline.classify.calibration import macro_f1  # noqa: PLC0415 -- with the model

    return macro_f1(actual, scores >= 0.5)  # noqa: PLR2004 -- as above


def prepare_loop(corpus: Path, folder: Path, known: int, unread: int) -> list[CorpusArticle]:
    """Write a small corpus into `folder`, and other articles as input `unread.jsonl`.

    Args:
        corpus: The labelled corpus.
        folder: Where to write `corpus/` and `unread.jsonl`.
        known: Articles of the train split in the small corpus; all of dev are in it too.
        unread: Articles of the train split to classify.

    Returns:
        The unread articles with their labels.
    """
    split_of = read_splits(corpus / "splits.json")
    articles = sorted(read_articles(corpus / "articles"), key=lambda a: a.id[::-1])
    train = select(articles, split_of, TRAIN)
    shipped = [*train[:known], *select(articles, split_of, DEV)]
    held_back = train[known : known + unread]
    write_articles(shipped, folder / "corpus/articles/known.jsonl")
    write_splits({a.id: split_of[a.id] for a in shipped}, folder / "corpus/splits.json")
    (folder / "corpus/floors.toml").write_text("macro_f1 = 0.2\n", encoding="utf-8")
    names = ("id", "title", "published", "text")
    rows = [{name: getattr(a, name) for name in names} for a in held_back]
    lines = [json.dumps(row, ensure_ascii=False) + "\n" for row in rows]
    (folder / "unread.jsonl").write_text("".join(lines), encoding="utf-8")
    return held_back


def answer(sheet: Path, articles: Sequence[CorpusArticle]) -> int:
    """Fill the pillars into a review sheet as the corpus has them, as a person would in Excel.

    Sentences that the pipeline cut otherwise than the corpus stay unanswered; number entries stay
    as the pipeline read them.

    Args:
        sheet: What `trucot review --format xlsx` wrote; saved again in place.
        articles: The articles of the run with their labels.

    Returns:
        The number of sentences answered.
    """
    import openpyxl  # noqa: PLC0415 -- of the development environment

    gold = {(a.id, a.sentence_text(u)): u for a in articles for u in a.sentences}
    book = openpyxl.load_workbook(sheet)
    answered = 0
    heads, *rows = book["sentences"].iter_rows()
    for cells in rows:
        row = {head.value: cell for head, cell in zip(heads, cells, strict=True)}
        unit = gold.get((row["article_id"].value, row["text"].value))
        if unit is not None:
            for pillar in PILLARS:
                row[str(pillar)].value = "yes" if pillar in unit.pillars else "no"
            row["primary"].value = NONE if unit.primary is None else str(unit.primary)
            row["checked"].value = "yes"
            row["annotator"].value = "corpus"
            answered += 1
    book.save(sheet)
    return answered
