"""Labels that look wrong: cross-validated scores against labels, ranked by cleanlab."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING

import numpy as np

from pipeline.classify.calibration import fit_calibration
from pipeline.classify.training import FitSettings, cross_scores
from pipeline.corpus.splits import TRAIN, clusters
from pipeline.errors import CorpusError
from pipeline.learning.labelled import Segmenter, training_set
from pipeline.records import PILLARS, Pillar

if TYPE_CHECKING:
    from pipeline.learning.training import Corpus


@dataclass(frozen=True, slots=True)
class Suspect:
    """A sentence whose labels a model that has not seen it doubts; low quality comes first."""

    article_id: str
    text: str
    labelled: tuple[Pillar, ...]
    probabilities: tuple[float, ...]
    quality: float


def suspicious_labels(
    corpus: Corpus, segmenter: Segmenter, top: int, jobs: int = 2
) -> list[Suspect]:
    """Return the `top` sentences of the train split with the least label quality.

    The other splits are left out: labels that are corrected where a model doubts them would
    flatter the model that is judged on them.

    Raises:
        CorpusError: cleanlab is not installed.
    """
    try:
        multilabel = import_module("cleanlab.multilabel_classification")
    except ImportError as error:
        message = "Listing suspects needs cleanlab. Run: pip install 'trucot[audit]'"
        raise CorpusError(message) from error
    articles = corpus.split(TRAIN)
    data = training_set(articles, segmenter, clusters(articles))
    scores = cross_scores(data, FitSettings(), jobs)
    probabilities = fit_calibration(data.labels, scores).probabilities(scores)
    labels = [np.nonzero(row)[0].tolist() for row in data.labels]
    quality = multilabel.get_label_quality_scores(labels, probabilities)
    units = [(a, u) for a in articles for u in a.sentences]
    order = np.argsort(quality, kind="stable")[:top]
    return [
        Suspect(
            units[i][0].id,
            units[i][0].sentence_text(units[i][1]),
            tuple(PILLARS[k] for k in labels[i]),
            tuple(float(p) for p in probabilities[i]),
            float(quality[i]),
        )
        for i in order.tolist()
    ]
