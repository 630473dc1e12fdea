"""The way to a labeller, which a run can hold and send before anything is loaded.

Stages, model and segmenter are imported and loaded when it is called: once, in the process that
workers are forked from, or in each worker where they are spawned (see `pipeline.runs.pool`).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from pipeline.settings import WARM

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from pipeline.records import LabelledArticle, RawArticle

    Labeller = Callable[[Sequence[RawArticle]], Sequence[LabelledArticle]]


@dataclass(frozen=True, slots=True)
class LabellerFactory:
    """Makes the function that labels batches.

    `model` is a model folder; a warm file of the segmenter beside it is used if it is there.
    """

    model: Path

    def model_id(self) -> str:
        """Return the id of the model.

        Raises:
            ModelError: There is no model, or one of another version.
        """
        from pipeline.classify.artefact import read_manifest  # noqa: PLC0415 - see above

        return str(read_manifest(self.model)["id"])

    def about(self) -> tuple[tuple[str, str], ...]:
        """Return facts of the model that the manifest of a run tells: corpus, guideline, versions.

        Raises:
            ModelError: There is no model, or one of another version.
        """
        from pipeline.classify.artefact import read_manifest  # noqa: PLC0415 - see above

        manifest = read_manifest(self.model)
        named = ("corpus_hash", "guideline_version")
        facts = {name: str(manifest[name]) for name in named if name in manifest}
        return tuple(sorted((facts | manifest["libraries"]).items()))

    def __call__(self) -> Labeller:
        """Load model and segmenter.

        Raises:
            ModelError: The model cannot be read, or is not the one that its id says.
        """
        from pipeline.classify.artefact import load_model  # noqa: PLC0415 - see above
        from pipeline.flow import label_articles  # noqa: PLC0415
        from pipeline.segment import Segmenter  # noqa: PLC0415

        warm = self.model / WARM
        segmenter = Segmenter.load(warm if warm.is_file() else None)
        classifier = load_model(self.model).model
        return partial(label_articles, segmenter=segmenter, classifier=classifier)
