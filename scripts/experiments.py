"""Run the experiments and learning curves of docs/experiments.md.

    python scripts/experiments.py OUTPUT.md [GOLD.jsonl …] [--jobs N]

Fits each setting on the train split and scores it on our dev split and the gold files given.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from pipeline.classify.training import FitSettings
from pipeline.learning.assessment import PLAIN
from pipeline.learning.estimators import compare_estimators
from pipeline.learning.experiments import as_markdown, laboratory, learning_curve, run_all
from pipeline.learning.training import read_corpus
from pipeline.segment import Segmenter
from pipeline.settings import corpus_folder


def main() -> None:
    """Write the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("output", type=Path)
    parser.add_argument("gold", type=Path, nargs="*")
    parser.add_argument("--jobs", type=int, default=2)
    given = parser.parse_args()
    place = laboratory(read_corpus(corpus_folder()), Segmenter.load(), given.gold)
    parts = {
        "What each part brings": run_all(place, given.jobs),
        "Linear classifiers on the kept features": compare_estimators(place),
        "Learning curve, plain": learning_curve(place, FitSettings(features=PLAIN), given.jobs),
        "Learning curve, kept settings": learning_curve(place, FitSettings(), given.jobs),
    }
    texts = []
    for title, outcomes in parts.items():
        done = []
        for outcome in outcomes:
            print(outcome.name, outcome.cross_validation, flush=True)
            done.append(outcome)
        texts.append(f"## {title}\n\n{as_markdown(done)}")
    given.output.write_text("\n".join(texts), encoding="utf-8")


if __name__ == "__main__":
    main()
