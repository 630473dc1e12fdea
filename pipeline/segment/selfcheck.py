"""Stored odd sentences, on which a new version of the library is held against the fast path."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import TYPE_CHECKING

from pipeline.segment import installed
from pipeline.segment.vocabulary import Vocabulary

if TYPE_CHECKING:
    from pipeline.segment.engine import Engine


def sentences() -> list[str]:
    """Return the stored sentences, white space and marks as they must be tried."""
    text = files(__package__).joinpath("selfcheck.json").read_text(encoding="utf-8")
    stored: list[str] = json.loads(text)
    return stored


def differing(engine: Engine) -> list[str]:
    """Return the stored sentences whose words are not the library's."""
    texts = sentences()
    vocabulary = Vocabulary()
    ids, counts = engine.segment(texts, vocabulary)
    words = iter(vocabulary.words[i] for i in ids.tolist())
    return [
        text
        for text, count in zip(texts, counts.tolist(), strict=True)
        if [next(words) for _ in range(count)] != installed.words(text)
    ]
