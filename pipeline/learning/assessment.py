"""`trucot evaluate`: which articles, which baselines, and the report that is kept."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING

from pipeline.classify.artefact import load_model
from pipeline.classify.features import FeatureSettings
from pipeline.classify.training import FitSettings, fit, held_out_scores
from pipeline.corpus.gold import read_gold
from pipeline.corpus.splits import TEST, TRAIN, clusters
from pipeline.errors import CorpusError
from pipeline.learning.card import write_card
from pipeline.learning.evaluation import Evaluation, evaluate
from pipeline.learning.labelled import sentence_batch, training_set
from pipeline.learning.scoring import Interval, macro_interval
from pipeline.learning.training import read_corpus
from pipeline.segment import Segmenter
from pipeline.settings import corpus_folder

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from pipeline.classify.model import PillarModel
    from pipeline.classify.training import TrainingSet
    from pipeline.corpus.articles import CorpusArticle

PLAIN = FeatureSettings(
    syllables=0.0,
    concepts=0.0,
    vectors=0.0,
    letters=0.0,
    previous=0.0,
    title=0.0,
    around=0.0,
    background_idf=False,
)
"""Word 1–2-grams under a logistic regression, and nothing else: the baseline."""


@dataclass(frozen=True, slots=True)
class Assessment:
    """An evaluation, where it was done and where it was written."""

    model_id: str
    name: str
    evaluation: Evaluation
    hold_outs: dict[str, Interval]
    lost: int
    report: Path


def assess(
    model: Path, gold: Path | None, split: str, *, baseline: bool, hold_outs: bool, jobs: int
) -> Assessment:
    """Evaluate a model on a split of our corpus or on a gold file, and write the report.

    Args:
        model: Model folder; the report and, for our own splits, the card are written there.
        gold: Gold file, or None for the split.
        split: `dev` or `test`.
        baseline: Also train and score plain TF-IDF.
        hold_outs: Also train without each genre and each year, and score it on what was left out.
        jobs: Processes for training.

    Raises:
        CorpusError: The gold file cannot be read, or the split is empty or unknown.
    """
    loaded, segmenter = load_model(model), Segmenter.load()
    corpus = read_corpus(corpus_folder())
    lost, name = 0, split
    if gold is not None:
        found = read_gold(gold)
        articles, lost, name = list(found.articles), found.lost, gold.stem
    else:
        articles = corpus.split(split)
    if not articles:
        message = f"There is no article to evaluate in {name}. Use --split dev or test, or --gold."
        raise CorpusError(message)
    train = corpus.split(TRAIN)
    plain, left_out = None, {}
    if baseline or hold_outs:
        data = training_set(train, segmenter, clusters(train))
        if baseline:
            plain = fit(data, FitSettings(features=PLAIN), jobs).model
        if hold_outs:
            left_out = _hold_outs(data, train, jobs)
    evaluation = evaluate(loaded.model, articles, segmenter, plain)
    report = model / f"evaluation-{name}.json"
    facts = _as_json(evaluation, left_out)
    report.write_text(
        json.dumps(facts, ensure_ascii=False, indent=1, default=str) + "\n", encoding="utf-8"
    )
    if gold is None:
        _card(loaded.model, articles, segmenter, model, evaluation, split)
    return Assessment(loaded.id, name, evaluation, left_out, lost, report)


def _card(
    model: PillarModel,
    articles: Sequence[CorpusArticle],
    segmenter: Segmenter,
    folder: Path,
    evaluation: Evaluation,
    split: str,
) -> None:
    batch = sentence_batch(articles, segmenter)
    write_card(folder, model, articles, batch, evaluation, "test" if split == TEST else split)


def _hold_outs(
    data: TrainingSet, articles: Sequence[CorpusArticle], jobs: int
) -> dict[str, Interval]:
    """Return macro-F1 on each genre and each year from models that saw none of it."""
    owners = [a.id for a in articles for _ in a.sentences]
    named = {
        "genre": [a.genre for a in articles for _ in a.sentences],
        "year": [(a.published or "?")[:4] for a in articles for _ in a.sentences],
    }
    found = {}
    for kind, names in named.items():
        if len(set(names)) == 1:
            continue  # nothing would be left to train on
        for name, (places, labels) in held_out_scores(data, names, FitSettings(), jobs).items():
            groups = [owners[i] for i in places.tolist()]
            found[f"{kind} {name}"] = macro_interval(data.labels[places], labels, groups)
    return found


def _as_json(evaluation: Evaluation, hold_outs: dict[str, Interval]) -> dict[str, object]:
    facts: dict[str, object] = asdict(replace(evaluation, primary_confusion={}))
    facts["primary_confusion"] = [
        {"labelled": a, "predicted": b, "n": n}
        for (a, b), n in evaluation.primary_confusion.items()
    ]
    facts["hold_outs"] = {name: asdict(figure) for name, figure in hold_outs.items()}
    return facts
