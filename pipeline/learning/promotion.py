"""Whether a new model may become the current one."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from pipeline.classify.artefact import load_model
from pipeline.classify.calibration import macro_f1
from pipeline.corpus.splits import DEV
from pipeline.errors import GateError, ModelError
from pipeline.learning.evaluation import predict
from pipeline.learning.labelled import Segmenter, sentence_batch
from pipeline.learning.scoring import Interval, label_figures, resamples
from pipeline.settings import CURRENT

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from pipeline.classify.model import PillarModel
    from pipeline.corpus.articles import CorpusArticle
    from pipeline.learning.evaluation import Predicted
    from pipeline.learning.training import Corpus

FLOORS = "floors.toml"


@dataclass(frozen=True, slots=True)
class Promotion:
    """A model that became current, and by how much it differs from the one before.

    `unreadable` says why the one before could not be compared: nothing can use it any more.
    """

    model_id: str
    macro: float
    difference: Interval | None = None
    unreadable: str | None = None


def promote(candidate: Path, corpus: Corpus, folder: Path, segmenter: Segmenter) -> Promotion:
    """Make a model the current one if it clears the floors and does not lose.

    A paired bootstrap by article on the dev split compares it with the current model; it loses
    if even the upper end of the 95 % interval of the difference in macro-F1 lies below zero. A
    current model that nothing can read any more (another lexicon, a changed file) gives way.

    Args:
        candidate: Folder of the new model; its parent holds the pointer to the current one.
        corpus: Labelled articles with splits.
        folder: Corpus folder with `floors.toml`.
        segmenter: Words of sentences.

    Raises:
        GateError: A floor is missed, there is nothing to judge by, or the model loses.
    """
    articles = corpus.split(DEV)
    if not articles:
        message = "The dev split is empty, so nothing can be judged. Run: trucot corpus split."
        raise GateError(message)
    batch_source = sentence_batch(articles, segmenter)
    loaded = load_model(candidate)
    found = predict(loaded.model, articles, batch_source)
    check_floors(found, folder / FLOORS)
    pointer = candidate.parent / CURRENT
    before = difference = unreadable = None
    if pointer.is_file():
        try:
            before = load_model(candidate.parent / pointer.read_text(encoding="utf-8").strip())
        except ModelError as error:
            unreadable = str(error)
    if before is not None:
        difference = compare(loaded.model, before.model, articles, segmenter)
        if difference.high < 0:
            message = (
                f"Model {loaded.id} loses against {before.id}: macro-F1 on the dev split changes"
                f" by {difference}. The current model stays."
            )
            raise GateError(message)
    pointer.write_text(loaded.id + "\n", encoding="utf-8")
    macro = macro_f1(found.actual, found.predicted)
    return Promotion(loaded.id, macro, difference, unreadable)


def check_floors(found: Predicted, path: Path) -> None:
    """Check the figures of a model against the floors of a file.

    Raises:
        GateError: The file is missing, empty or malformed, or a figure is below its floor.
    """
    floors = _read_floors(path)
    figures = {f"f1_{f.name}": f.f1 for f in label_figures(found.actual, found.predicted)}
    figures["macro_f1"] = macro_f1(found.actual, found.predicted)
    unknown = [name for name in floors if name not in figures]
    if unknown:
        message = f"{path.name} has the unknown figure {unknown[0]}. Known: {', '.join(figures)}."
        raise GateError(message)
    missed = [
        f"{name} is {figures[name]:.3f}, its floor {floor}"
        for name, floor in floors.items()
        if figures[name] < floor
    ]
    if missed:
        message = f"The model misses {path.name}: {'; '.join(missed)}."
        raise GateError(message)


def _read_floors(path: Path) -> dict[str, float]:
    try:
        floors = tomllib.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    except ValueError as error:
        message = f"{path.name} is not valid TOML: {error}. Correct the file."
        raise GateError(message) from error
    if not floors:
        message = f"No floors at {path}: an empty gate proves nothing. Write the file."
        raise GateError(message)
    for name, floor in floors.items():
        if not isinstance(floor, int | float):
            message = f"In {path.name} the floor of {name} is not a number. Correct the file."
            raise GateError(message)
    return floors


def compare(
    new: PillarModel, old: PillarModel, articles: Sequence[CorpusArticle], segmenter: Segmenter
) -> Interval:
    """Return the difference in macro-F1, new less old, with its paired bootstrap interval."""
    batch = sentence_batch(articles, segmenter)
    one, other = predict(new, articles, batch), predict(old, articles, batch)

    def difference(at: np.ndarray[tuple[int], np.dtype[np.int64]]) -> float:
        actual = one.actual[at]
        return macro_f1(actual, one.predicted[at]) - macro_f1(actual, other.predicted[at])

    values = [difference(sample) for sample in resamples(one.groups)]
    low, high = np.percentile(values, [2.5, 97.5])
    return Interval(difference(np.arange(len(one.groups))), float(low), float(high))
