"""The model card: what a model is, what it was trained on, how well it does, and where not."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import jinja2
import numpy as np

from pipeline.learning.evaluation import predict
from pipeline.records import NONE, PILLARS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from matplotlib.axes import Axes
    from numpy.typing import NDArray

    from pipeline.classify.features import Batch
    from pipeline.classify.model import PillarModel
    from pipeline.corpus.articles import CorpusArticle
    from pipeline.learning.evaluation import Evaluation, Predicted

CARD = "card.md"
PLOTS = "plots.svg"
_BINS = 10


def write_card(
    folder: Path,
    model: PillarModel,
    articles: Sequence[CorpusArticle],
    batch: Batch,
    evaluation: Evaluation,
    split: str,
) -> Path:
    """Write `card.md` and its plots into a model folder and return the card's path.

    Without matplotlib (extra `plots`) the card comes without pictures and says so.
    """
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    drawn = _draw(folder / PLOTS, predict(model, articles, batch), evaluation)
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("pipeline.learning", ""),
        autoescape=False,  # noqa: S701 - Markdown of our own figures
        trim_blocks=True,
        lstrip_blocks=True,
    )
    text = environment.get_template("card.md.jinja").render(
        manifest=manifest, evaluation=evaluation, split=split, plots=PLOTS if drawn else None
    )
    path = folder / CARD
    path.write_text(text + "\n", encoding="utf-8")
    return path


def _draw(path: Path, found: Predicted, evaluation: Evaluation) -> bool:
    """Draw confusion of primary, reliability and precision–recall; False without matplotlib."""
    try:
        from matplotlib.figure import Figure  # noqa: PLC0415 - an extra
    except ImportError:
        return False
    figure = Figure(figsize=(13, 4.2), layout="constrained")
    left, middle, right = figure.subplots(1, 3)
    _draw_confusion(left, evaluation)
    for k, pillar in enumerate(PILLARS):
        actual, probabilities = found.actual[:, k], found.probabilities[:, k]
        _draw_reliability(middle, pillar.value, actual, probabilities)
        _draw_precision(right, pillar.value, actual, probabilities)
    middle.plot([0, 1], [0, 1], color="grey", linewidth=0.8)
    middle.set(title="Reliability", xlabel="probability", ylabel="share that carries the pillar")
    right.set(title="Precision and recall", xlabel="recall", ylabel="precision", ylim=(0, 1.02))
    middle.legend(fontsize=8)
    right.legend(fontsize=8)
    figure.savefig(path, metadata={"Date": None})
    return True


def _draw_confusion(axes: Axes, evaluation: Evaluation) -> None:
    names = [*(p.value for p in PILLARS), NONE]
    table = np.zeros((len(names), len(names)), int)
    for (labelled, predicted), n in evaluation.primary_confusion.items():
        table[names.index(labelled), names.index(predicted)] = n
    shares = table / np.maximum(1, table.sum(axis=1, keepdims=True))
    axes.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    for i, row in enumerate(table.tolist()):
        for j, n in enumerate(row):
            dark = shares[i, j] > 0.5  # noqa: PLR2004 - the middle of the scale
            axes.text(j, i, str(n), ha="center", va="center", color="white" if dark else "black")
    short = [name[:6] for name in names]
    axes.set_xticks(range(len(names)), short, fontsize=8)
    axes.set_yticks(range(len(names)), short, fontsize=8)
    axes.set(title="Primary pillar", xlabel="predicted", ylabel="labelled")


def _draw_reliability(
    axes: Axes, name: str, actual: NDArray[np.bool_], probabilities: NDArray[np.float64]
) -> None:
    parts = np.array_split(np.argsort(probabilities, kind="stable"), _BINS)
    means = [float(probabilities[part].mean()) for part in parts]
    shares = [float(actual[part].mean()) for part in parts]
    axes.plot(means, shares, marker="o", markersize=3, label=name)


def _draw_precision(
    axes: Axes, name: str, actual: NDArray[np.bool_], probabilities: NDArray[np.float64]
) -> None:
    order = np.argsort(-probabilities, kind="stable")
    hits = np.cumsum(actual[order])
    precision = hits / np.arange(1, len(order) + 1)
    recall = hits / max(1, int(actual.sum()))
    axes.plot(recall, precision, label=name)
