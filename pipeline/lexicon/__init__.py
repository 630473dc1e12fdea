"""Words, units, markers and indicators as TOML tables, apart from the code that uses them.

`load("units")` gives the parsed table of `units.toml`. Tables are read once per process and must
not be changed by their readers. A command reads most of them when it starts, so they are parsed by
tomli, the compiled twin of the standard library's tomllib, three times as fast.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any

import tomli

from pipeline.errors import LexiconError


@cache
def load(name: str) -> dict[str, Any]:
    """Return the table of `pipeline/lexicon/<name>.toml`.

    Args:
        name: File name without its ending, for example `"abbreviations"`.

    Raises:
        LexiconError: The file is missing or is not valid TOML.

    >>> load("nothing")
    Traceback (most recent call last):
        ...
    pipeline.errors.LexiconError: There is no lexicon called 'nothing'. Known: ...
    """
    folder = files(__name__)
    path = folder / f"{name}.toml"
    if not path.is_file():
        known = ", ".join(sorted(p.name[:-5] for p in folder.iterdir() if p.name.endswith(".toml")))
        message = f"There is no lexicon called {name!r}. Known: {known or 'none'}."
        raise LexiconError(message)
    try:
        return tomli.loads(path.read_text(encoding="utf-8"))
    except tomli.TOMLDecodeError as error:
        message = f"The lexicon {name}.toml is not valid TOML: {error}."
        raise LexiconError(message) from error
