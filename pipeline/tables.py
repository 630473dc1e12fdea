"""The three tables of a run as Arrow tables, filled by column.

The schemas are the contract of `trucot classify` (README, "What a run holds"): exports, reports
and other people's notebooks read them. The same labels give the same bytes.
"""

from __future__ import annotations

import json
from functools import lru_cache
from itertools import chain
from operator import attrgetter
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from pipeline.columns import column
from pipeline.records import NONE, PILLARS, Pillar, Status

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from pipeline.records import LabelledArticle, Target

ARTICLES = pa.schema(
    [
        ("article_id", pa.string()),
        ("path", pa.string()),
        ("record", pa.int64()),
        ("url", pa.string()),
        ("source", pa.string()),
        ("title", pa.string()),
        ("published", pa.string()),
        ("province", pa.string()),
        ("place", pa.string()),
        ("n_sentences", pa.int32()),
        ("n_targets", pa.int32()),
        *((f"n_{pillar}", pa.int32()) for pillar in PILLARS),
        ("duplicate_of", pa.string()),
        ("riders", pa.string()),
    ]
)
"""One row an article. `n_targets` counts entries of status target, `n_<pillar>` sentences that
carry it (copies within the page left out); `riders` is a JSON object of unknown input columns."""

SENTENCES = pa.schema(
    [
        ("article_id", pa.string()),
        ("sentence_id", pa.string()),
        ("index", pa.int32()),
        ("start", pa.int32()),
        ("end", pa.int32()),
        ("text", pa.string()),
        ("kind", pa.string()),
        ("pillars", pa.list_(pa.string())),
        ("primary", pa.string()),
        *((f"score_{pillar}", pa.float64()) for pillar in PILLARS),
        ("abstained", pa.bool_()),
        ("has_target", pa.bool_()),
    ]
)
"""One row a sentence. `start` and `end` are offsets in the cleaned text, scores calibrated
probabilities."""

TARGETS = pa.schema(
    [
        ("target_id", pa.string()),
        ("sentence_id", pa.string()),
        ("article_id", pa.string()),
        ("start", pa.int32()),
        ("end", pa.int32()),
        ("surface", pa.string()),
        ("value", pa.float64()),
        ("value_max", pa.float64()),
        ("comparator", pa.string()),
        ("bound", pa.string()),
        ("unit", pa.string()),
        ("deadline", pa.string()),
        ("deadline_source", pa.string()),
        ("period", pa.string()),
        ("indicator", pa.string()),
        ("indicator_id", pa.string()),
        ("status", pa.string()),
        ("pillar", pa.string()),
        ("scope", pa.list_(pa.string())),
        ("exclusion", pa.string()),
        ("place", pa.string()),
        ("baseline_value", pa.float64()),
        ("freq_per_year", pa.float64()),
        ("out_of", pa.float64()),
        ("met", pa.bool_()),
        ("as_of", pa.string()),
        ("against_official", pa.string()),
        ("rule", pa.string()),
    ]
)
"""One row a number entry; `start` and `end` are offsets in the sentence. Slots as in the
guideline, section 4."""

SCHEMAS = {"articles": ARTICLES, "sentences": SENTENCES, "targets": TARGETS}

REPEATED = [
    "article_id",
    *("path", "source", "published", "province"),
    *("kind", "pillars.list.element", "primary"),
    *("comparator", "unit", "indicator_id", "status", "pillar", "scope.list.element", "rule"),
]
"""Columns of few values that stand in many rows: files keep each value once."""

_DECIMALS = ("value", "value_max", "baseline_value", "freq_per_year", "out_of")


def sentence_id(article_id: str, index: int) -> str:
    """Return the id of a sentence: article id and number, so that ids sort in reading order.

    >>> sentence_id("a1", 7)
    'a1:0007'
    """
    return article_id + _number(index)


@lru_cache(maxsize=1024)
def _number(index: int) -> str:
    return f":{index:04d}"


def article_table(articles: Sequence[LabelledArticle]) -> pa.Table:
    """Return the rows of `articles`; `duplicate_of` is filled at the end of a run."""
    columns: dict[str, list[object]] = {
        "article_id": [a.article.id for a in articles],
        "n_sentences": [len(a.sentences) for a in articles],
        "n_targets": [_count_targets(a) for a in articles],
        "riders": [_rider_json(a.article.riders) for a in articles],
        "province": [a.province for a in articles],
        "place": [a.place for a in articles],
        "duplicate_of": [a.duplicate_of for a in articles],
    }
    for name in ("path", "record", "url", "source", "title", "published"):
        columns[name] = [getattr(a.article, name) for a in articles]
    pillars = [_pillars(a) for a in articles]
    for pillar in PILLARS:
        columns[f"n_{pillar}"] = [found.count(pillar) for found in pillars]
    return _table(columns, ARTICLES)


def _count_targets(article: LabelledArticle) -> int:
    return sum(
        target.status is Status.TARGET
        for labelled in article.sentences
        if labelled.targets and not labelled.sentence.kind.is_copy
        for target in labelled.targets
    )


def _rider_json(riders: tuple[tuple[str, str], ...]) -> str | None:
    return json.dumps(dict(riders), ensure_ascii=False, sort_keys=True) if riders else None


def _pillars(article: LabelledArticle) -> list[Pillar]:
    """Return the pillars of all sentences, those of copies left out."""
    return [
        pillar
        for labelled in article.sentences
        if labelled.prediction.pillars and not labelled.sentence.kind.is_copy
        for pillar in labelled.prediction.pillars
    ]


def sentence_table(articles: Sequence[LabelledArticle]) -> pa.Table:
    """Return the rows of `sentences`."""
    rows = [labelled for a in articles for labelled in a.sentences]
    ids = [a.article.id for a in articles for _ in a.sentences]
    sentences = [row.sentence for row in rows]
    predictions = [row.prediction for row in rows]
    indexes = [sentence.index for sentence in sentences]
    columns: dict[str, Sequence[object] | NDArray[np.float64]] = {
        "article_id": ids,
        "sentence_id": list(map(sentence_id, ids, indexes)),
        "index": indexes,
        "start": [sentence.start for sentence in sentences],
        "end": [sentence.end for sentence in sentences],
        "text": [sentence.text for sentence in sentences],
        "kind": [sentence.kind for sentence in sentences],
        "pillars": [prediction.pillars for prediction in predictions],
        "primary": [prediction.primary or NONE for prediction in predictions],
        "abstained": [prediction.abstained for prediction in predictions],
        "has_target": [bool(row.targets) and row.has_target for row in rows],
    }
    scores = chain.from_iterable(prediction.scores for prediction in predictions)
    for pillar, its_scores in zip(
        PILLARS, np.fromiter(scores, float).reshape(-1, 4).T, strict=True
    ):
        columns[f"score_{pillar}"] = its_scores
    return _table(columns, SENTENCES)


def target_table(articles: Sequence[LabelledArticle]) -> pa.Table:
    """Return the rows of `targets`."""
    rows = list(_target_rows(articles))
    targets = [target for *_, target in rows]
    columns: dict[str, list[object]] = {
        "article_id": [article_id for article_id, _, _, _ in rows],
        "sentence_id": [sentence_id(key, index) for key, index, _, _ in rows],
        "target_id": [f"{sentence_id(key, index)}:{number}" for key, index, number, _ in rows],
    }
    for name in TARGETS.names:
        if name not in columns:
            values = list(map(attrgetter(name), targets))
            if name in _DECIMALS:
                values = [None if v is None else float(v) for v in values]
            columns[name] = values
    return _table(columns, TARGETS)


def _target_rows(
    articles: Sequence[LabelledArticle],
) -> Iterator[tuple[str, int, int, Target]]:
    for article in articles:
        for labelled in article.sentences:
            if labelled.targets:
                key, index = article.article.id, labelled.sentence.index
                for number, target in enumerate(labelled.targets):
                    yield key, index, number, target


def _table(
    columns: Mapping[str, Sequence[object] | NDArray[np.float64]], schema: pa.Schema
) -> pa.Table:
    arrays = [column(columns[field.name], field.type) for field in schema]
    return pa.Table.from_arrays(arrays, schema=schema)
