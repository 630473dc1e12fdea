"""Where things are, when the user does not say."""

from __future__ import annotations

import os
from pathlib import Path

from pipeline.errors import ModelError

CURRENT = "current"
"""File in the models folder that holds the id of the model in use."""

NEWEST = "newest"
"""File in the models folder that holds the id of the model trained last."""

WARM = "words.npz"
"""Name of the segmenter's warm file in a model folder."""

PROJECT = Path(__file__).resolve().parent.parent


def models_folder() -> Path:
    """Return the folder of models: `$TRUCOT_MODELS`, else `models` here, else the project's."""
    named = os.environ.get("TRUCOT_MODELS")
    if named:
        return Path(named)
    here = Path("models")
    return here if (here / CURRENT).is_file() else PROJECT / "models"


def corpus_folder() -> Path:
    """Return the folder of the labelled corpus: `corpus` here, else the project's."""
    here = Path("corpus")
    return here if (here / "articles").is_dir() else PROJECT / "corpus"


def model_path(named: Path | None = None) -> Path:
    """Return the folder of the model to use: the one named, else the current one.

    Raises:
        ModelError: No model has been made current.
    """
    if named is not None:
        return named
    pointer = models_folder() / CURRENT
    if not pointer.is_file():
        message = "There is no current model. Run: make train promote."
        raise ModelError(message)
    return pointer.parent / pointer.read_text(encoding="utf-8").strip()


def newest_model(named: Path | None = None) -> Path:
    """Return the model named, else the one made last.

    Raises:
        ModelError: There is none.
    """
    if named is not None:
        return named
    pointer = models_folder() / NEWEST
    if not pointer.is_file():
        message = "There is no model yet. Run: make train."
        raise ModelError(message)
    return pointer.parent / pointer.read_text(encoding="utf-8").strip()
