"""Does labelling the review queue teach more than labelling sentences at random?

The shipped classifier starts from a few labelled articles of the train split, asks for more
sentences in rounds, through `pipeline.review.choose` or at random, and is scored on the dev split.
Once on the corpus as it is, where most sentences have a pillar, and once thinned to the share that
general news has. Writes docs/review/curves.csv and docs/review/curves.svg.

Run: python scripts/simulate_review.py [number of starts]
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path

import matplotlib as mpl
import numpy as np

from pipeline.review_simulation import (
    QUEUE,
    RANDOM,
    Curve,
    corpus_reader,
    learning_curves,
)
from pipeline.segment import Segmenter

mpl.use("svg")
mpl.rcParams["svg.hashsalt"] = "trucot"
import matplotlib.pyplot as plt  # noqa: E402 -- the backend comes first

FOLDER = Path("docs/review")
START, STEP, ROUNDS = 25, 200, 3
SHARES = {"corpus as it is": None, "15 % of the sentences with a pillar": 0.15}


def main(starts: int) -> None:
    """Run the simulation; after each start, print and draw the means so far."""
    reader = corpus_reader(Path("corpus"), Segmenter.load())
    FOLDER.mkdir(parents=True, exist_ok=True)
    found: dict[str, list[dict[str, Curve]]] = {name: [] for name in SHARES}
    for seed in range(starts):
        for name, share in SHARES.items():
            found[name].append(learning_curves(reader, START, STEP, ROUNDS, seed, share))
        rows = [row for name in SHARES for row in table(name, found[name])]
        with (FOLDER / "curves.csv").open("w", encoding="utf-8", newline="") as lines:
            writer = csv.DictWriter(lines, rows[0])
            writer.writeheader()
            writer.writerows(rows)
        draw(found)
        print(f"Means over {seed + 1} starts", flush=True)
        for row in rows:
            print("  ", *row.values(), flush=True)


def table(name: str, curves: list[dict[str, Curve]]) -> list[dict[str, str]]:
    """Return means after each round; the difference is paired by start, with its spread."""
    macro = {order: np.array([c[order].macro for c in curves]) for order in (QUEUE, RANDOM)}
    wrong = {order: np.array([c[order].corrected for c in curves]) for order in (QUEUE, RANDOM)}
    gain = macro[QUEUE] - macro[RANDOM]
    return [
        {
            "pool": name,
            "corrected sentences": str(STEP * place),
            "queue": f"{macro[QUEUE][:, place].mean():.3f}",
            "random": f"{macro[RANDOM][:, place].mean():.3f}",
            "difference": f"{gain[:, place].mean():+.3f}",
            "least": f"{gain[:, place].min():+.3f}",
            "most": f"{gain[:, place].max():+.3f}",
            "wrong labels in queue": f"{wrong[QUEUE][:, place - 1].mean():.2f}",
            "wrong labels at random": f"{wrong[RANDOM][:, place - 1].mean():.2f}",
        }
        for place in range(1, ROUNDS + 1)
    ]


def draw(found: dict[str, list[dict[str, Curve]]]) -> None:
    """Draw the mean curves; the shade spans the starts."""
    sizes = [STEP * place for place in range(ROUNDS + 1)]
    figure, panels = plt.subplots(1, len(found), figsize=(9, 3.6), sharey=True)
    for axes, (name, curves) in zip(panels, found.items(), strict=True):
        for order, label in ((QUEUE, "review queue"), (RANDOM, "at random")):
            values = np.array([c[order].macro for c in curves])
            axes.plot(sizes, values.mean(axis=0), marker="o", label=label)
            axes.fill_between(sizes, values.min(axis=0), values.max(axis=0), alpha=0.15)
        axes.set(xlabel="sentences read", title=name, xticks=sizes)
    panels[0].set_ylabel("macro-F1 on dev")
    panels[0].legend()
    figure.tight_layout()
    figure.savefig(FOLDER / "curves.svg", metadata={"Date": None})


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 4)
