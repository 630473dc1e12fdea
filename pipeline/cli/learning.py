"""`trucot train | evaluate | promote`: the life of a model."""

from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli.options import Corpora, Jobs, Model


def train(
    corpus: Corpora = None,
    jobs: Jobs = 2,
    keep_estimator: Annotated[
        bool,
        typer.Option(help="Also write the model as scikit-learn estimators, with joblib."),
    ] = False,
) -> None:
    """Train the pillar classifier on the labelled corpus and save it in models/<id>/."""
    from pipeline.cli import figures
    from pipeline.learning.training import keep_estimators, read_corpus
    from pipeline.learning.training import train as train_model
    from pipeline.segment import Segmenter
    from pipeline.settings import corpus_folder, models_folder

    labelled = read_corpus(corpus_folder(), corpus or [])
    segmenter = Segmenter.load()
    trained = train_model(labelled, models_folder(), segmenter, jobs=jobs)
    if keep_estimator:
        keep_estimators(trained)
    figures.print_training(trained)


def evaluate(
    model: Model = None,
    gold: Annotated[
        Path | None,
        typer.Option(help="A gold file (JSONL, sentences with labels) instead of our corpus."),
    ] = None,
    split: Annotated[str, typer.Option(help="Split of the corpus: dev or test.")] = "dev",
    baseline: Annotated[
        bool, typer.Option(help="Also train and score plain TF-IDF as a baseline.")
    ] = True,
    hold_outs: Annotated[
        bool, typer.Option("--hold-outs", help="Also leave out each genre and each year in turn.")
    ] = False,
    jobs: Jobs = 2,
) -> None:
    """Score a model: pillars, calibration, weak spots, baselines, errors to read."""
    from pipeline.cli import figures
    from pipeline.learning.assessment import assess
    from pipeline.settings import newest_model

    assessed = assess(
        newest_model(model), gold, split, baseline=baseline, hold_outs=hold_outs, jobs=jobs
    )
    figures.print_evaluation(assessed)


def promote(
    model: Model = None,
    corpus: Corpora = None,
) -> None:
    """Make a model the current one, unless it misses a floor or loses against the current."""
    from pipeline.cli import figures
    from pipeline.learning.promotion import promote as promote_model
    from pipeline.learning.training import read_corpus
    from pipeline.segment import Segmenter
    from pipeline.settings import corpus_folder, newest_model

    labelled = read_corpus(corpus_folder(), corpus or [])
    done = promote_model(newest_model(model), labelled, corpus_folder(), Segmenter.load())
    figures.print_promotion(done)
