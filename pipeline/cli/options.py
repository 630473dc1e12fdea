"""Options that several commands share."""

from pathlib import Path
from typing import Annotated

import typer

from pipeline.errors import InputError

Model = Annotated[
    Path | None,
    typer.Option(help="Model folder; without it, the current model (see trucot promote)."),
]
Jobs = Annotated[int, typer.Option("--jobs", "-j", min=1, help="Worker processes.")]
Corpora = Annotated[
    list[Path] | None,
    typer.Option("--corpus", help="Labelled file or folder beside the shipped corpus; repeatable."),
]

_FIELDS = ("id", "url", "source", "title", "published", "text", "html")


def parse_columns(pairs: list[str]) -> dict[str, str]:
    """Return field → column of options such as `text=noidung`.

    Raises:
        InputError: A pair has no "=", or its field is unknown.

    >>> parse_columns(["text=noidung"])
    {'text': 'noidung'}
    """
    columns = {}
    for pair in pairs:
        field, equals, name = pair.partition("=")
        if not equals or field not in _FIELDS or not name:
            message = f"--column takes FIELD=NAME with a field of {', '.join(_FIELDS)}, not {pair}."
            raise InputError(message)
        columns[field] = name
    return columns
