"""`trucot explain`: why a sentence has its labels, why a number is a target."""

from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli.options import Model
from pipeline.errors import InputError


def explain(
    sentence: Annotated[str | None, typer.Argument(metavar="SENTENCE", help="Câu văn.")] = None,
    document: Annotated[
        Path | None,
        typer.Option("--document", help="Explain every number of a text or HTML file instead."),
    ] = None,
    model: Model = None,
    top: Annotated[int, typer.Option(min=1, help="How many features to show a pillar.")] = 6,
) -> None:
    """Show what speaks for and against each pillar, and how each number was read."""
    from pipeline.cli import reasons

    if document is not None:
        reasons.print_document(document)
    elif sentence and sentence.strip():
        reasons.print_sentence(sentence, model, top)
    else:
        message = 'Give a sentence, as in: trucot explain "câu văn", or a file with --document.'
        raise InputError(message)
