"""What each part of the classifier brings, and what more corpus would bring.

Every experiment is fitted on the train split with cross-validation by near-duplicate cluster, and
scored by macro-F1 (four pillars and none) in cross-validation and on sets that it was not chosen
on. The test split is never touched here.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from pipeline.classify.features import FeatureSettings
from pipeline.classify.training import FitSettings, TrainingSet, fit, subset
from pipeline.corpus.gold import read_gold
from pipeline.corpus.splits import DEV, TRAIN, clusters
from pipeline.learning.assessment import PLAIN
from pipeline.learning.evaluation import predict
from pipeline.learning.labelled import Segmenter, sentence_batch, training_set
from pipeline.learning.scoring import Interval, macro_interval

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from pipeline.classify.features import Batch
    from pipeline.corpus.articles import CorpusArticle
    from pipeline.learning.training import Corpus

_FULL = FeatureSettings()
EXPERIMENTS: dict[str, FitSettings] = {
    "plain: word 1–2-grams": FitSettings(features=PLAIN),
    "+ idf from real news": FitSettings(features=replace(PLAIN, background_idf=True)),
    "+ syllable 1–2-grams": FitSettings(
        features=replace(PLAIN, background_idf=True, syllables=_FULL.syllables)
    ),
    "+ letters of words": FitSettings(
        features=replace(
            PLAIN, background_idf=True, syllables=_FULL.syllables, letters=_FULL.letters
        )
    ),
    "+ word vectors": FitSettings(
        features=replace(_FULL, concepts=0.0, previous=0.0, title=0.0, around=0.0)
    ),
    "+ concepts of the lexicon": FitSettings(
        features=replace(_FULL, previous=0.0, title=0.0, around=0.0)
    ),
    "+ words of title and sentence before": FitSettings(features=replace(_FULL, around=0.0)),
    "+ concepts around (kept)": FitSettings(),
    "kept, unigrams only": FitSettings(features=replace(_FULL, bigrams=False)),
    "kept, without letters": FitSettings(features=replace(_FULL, letters=0.0)),
    "kept, without vectors": FitSettings(features=replace(_FULL, vectors=0.0)),
    "kept, C = 1": FitSettings(strength=1.0),
    "kept, C = 30": FitSettings(strength=30.0),
    "kept, classes not balanced": FitSettings(balanced=False),
}
"""Settings that were tried, in the order of the table: each "+" adds to the line above."""

SHARES = (0.25, 0.5, 0.75, 1.0)
_SEED = 11


@dataclass(frozen=True, slots=True)
class Outcome:
    """Macro-F1 of one experiment in cross-validation and on each held-out set."""

    name: str
    sentences: int
    cross_validation: Interval
    sets: dict[str, Interval]


@dataclass(frozen=True, slots=True)
class Laboratory:
    """Training data and the sets that experiments are scored on, segmented once."""

    data: TrainingSet
    owners: tuple[str, ...]
    sets: Mapping[str, tuple[Sequence[CorpusArticle], Batch]]


def laboratory(corpus: Corpus, segmenter: Segmenter, gold: Sequence[Path]) -> Laboratory:
    """Prepare experiments: the train split, our dev split and any gold files."""
    train = corpus.split(TRAIN)
    sets = {"our dev split": corpus.split(DEV)}
    sets |= {path.stem: list(read_gold(path).articles) for path in gold}
    return Laboratory(
        training_set(train, segmenter, clusters(train)),
        tuple(a.id for a in train for _ in a.sentences),
        {name: (articles, sentence_batch(articles, segmenter)) for name, articles in sets.items()},
    )


def run_experiment(
    place: Laboratory, name: str, settings: FitSettings, share: float = 1.0, jobs: int = 1
) -> Outcome:
    """Fit and score one experiment on a share of the training articles."""
    keep = _some_groups(place.data.groups, share)
    data = TrainingSet(
        subset(place.data.batch, keep), place.data.labels[keep], place.data.groups[keep]
    )
    fitted = fit(data, settings, jobs)
    calibration = fitted.model.calibration
    predicted = calibration.probabilities(fitted.scores) >= calibration.threshold
    owners = [place.owners[i] for i in keep.tolist()]
    return Outcome(
        name,
        len(data),
        macro_interval(data.labels, np.asarray(predicted), owners),
        {
            label: predict(fitted.model, articles, batch).macro
            for label, (articles, batch) in place.sets.items()
        },
    )


def _some_groups(
    groups: np.ndarray[tuple[int], np.dtype[np.int64]], share: float
) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Return the sentences of a share of the groups; a larger share holds a smaller one."""
    names = np.unique(groups)
    order = np.random.default_rng(_SEED).permutation(names)
    kept = order[: max(10, round(share * len(names)))]
    found: np.ndarray[tuple[int], np.dtype[np.int64]] = np.nonzero(np.isin(groups, kept))[0]
    return found


def run_all(place: Laboratory, jobs: int) -> Iterator[Outcome]:
    """Run every experiment of the table."""
    for name, settings in EXPERIMENTS.items():
        yield run_experiment(place, name, settings, jobs=jobs)


def learning_curve(
    place: Laboratory, settings: FitSettings, jobs: int, shares: Sequence[float] = SHARES
) -> Iterator[Outcome]:
    """Train on growing shares of the train split."""
    for share in shares:
        yield run_experiment(place, f"{share:.0%} of the articles", settings, share, jobs)


def as_markdown(outcomes: Sequence[Outcome]) -> str:
    """Return outcomes as a Markdown table."""
    names = list(outcomes[0].sets)
    lines = [
        "| | sentences | cross-validation | " + " | ".join(names) + " |",
        "| --- | ---: | --- |" + " --- |" * len(names),
    ]
    for outcome in outcomes:
        cells = [str(outcome.cross_validation), *(str(outcome.sets[n]) for n in names)]
        lines.append(f"| {outcome.name} | {outcome.sentences} | " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"
