"""Where things are, when the user does not say."""

from __future__ import annotations

import os
from pathlib import Path

CURRENT = "current"
"""File in the models folder that holds the id of the model in use."""

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
