"""What Vietnamese readers of an export are told (`words.toml`)."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files


@cache
def words() -> dict[str, dict[str, str]]:
    """Return the words by table and key, read once; not to be changed.

    >>> words()["pillar"]["economy"]
    'kinh tế số'
    """
    text = files("pipeline.exports").joinpath("words.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)
