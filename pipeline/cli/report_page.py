"""`trucot report`: the HTML page of a run."""

from pathlib import Path
from typing import Annotated

import typer


def report(
    run: Annotated[Path, typer.Argument(help="Run folder that trucot classify wrote.")],
    output: Annotated[
        Path, typer.Option("--output", "-o", help="Page to write; its name ends in .html.")
    ],
) -> None:
    """Write one HTML page of a run: counts, numeric targets with filters, marked articles."""
    from rich.console import Console

    from pipeline.report import write_report

    summary = write_report(run, output)
    Console().print(
        f"{output}: {summary.listed:,} numbers of {summary.articles.total:,} articles,"
        f" {summary.written_out:,} of them in full. Open it in a browser; it works offline.",
        markup=False,
        highlight=False,
        soft_wrap=True,
    )
