"""Show that labelling the review queue teaches more than labelling sentences at random.

A quick TF-IDF model starts from some labelled sentences of the train split, asks for more in
rounds, either through `pipeline.review.choose` or at random, and is scored on the dev split.
Writes docs/review/curves.csv and docs/review/curves.svg. Run: python scripts/simulate_review.py
"""

from __future__ import annotations

import csv
from pathlib import Path

import matplotlib as mpl
import numpy as np

from pipeline.review_simulation import START, STEP, learning_curves, read_sentences

mpl.use("svg")
mpl.rcParams["svg.hashsalt"] = "trucot"
import matplotlib.pyplot as plt  # noqa: E402 -- the backend comes first

FOLDER = Path("docs/review")
SEEDS = 3
ROUNDS = 6


def main() -> None:
    """Run the simulation, print its figures and draw the curves."""
    train, dev = read_sentences(Path("corpus"))
    sizes = [START + STEP * r for r in range(ROUNDS + 1)]
    curves = {
        name: np.array([learning_curves(train, dev, name, ROUNDS, seed) for seed in range(SEEDS)])
        for name in ("queue", "random")
    }
    FOLDER.mkdir(parents=True, exist_ok=True)
    figure, axes = plt.subplots(figsize=(7, 4))
    for name, values in curves.items():
        axes.plot(sizes, values.mean(axis=0), marker="o", label=name)
        axes.fill_between(sizes, values.min(axis=0), values.max(axis=0), alpha=0.2)
    axes.set(xlabel="labelled sentences", ylabel="macro-F1 on dev", title="Review queue or chance")
    axes.legend()
    figure.tight_layout()
    figure.savefig(FOLDER / "curves.svg", metadata={"Date": None})
    with (FOLDER / "curves.csv").open("w", encoding="utf-8", newline="") as lines:
        rows = csv.writer(lines)
        rows.writerow(["sentences", "queue", "random"])
        for place, size in enumerate(sizes):
            means = [curves[name][:, place].mean() for name in ("queue", "random")]
            rows.writerow([size, *(f"{mean:.4f}" for mean in means)])
            print(size, *(f"{mean:.3f}" for mean in means))


if __name__ == "__main__":
    main()
