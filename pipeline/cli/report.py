"""What a person sees of a run in the terminal: progress, counts, rejects."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from pipeline.errors import GateError
from pipeline.runs import RunSummary


@contextmanager
def progress() -> Iterator[Callable[[RunSummary], None]]:
    """Show counts while a run works; quiet when standard error is not a terminal."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda _summary: None
        return
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("reading")

        def advance(summary: RunSummary) -> None:
            done = summary.written + summary.known
            bar.update(
                task,
                description=f"{done:,} articles, {summary.targets:,} numbers,"
                f" {summary.rejected:,} rejected",
            )

        yield advance


def print_summary(summary: RunSummary, output: Path) -> None:
    """Print the counts of a finished run, and why inputs were rejected."""
    console = Console()
    table = Table(show_header=False, box=None, pad_edge=False)
    table.add_column(justify="right")
    table.add_column()
    table.add_row(f"{summary.written:,}", "articles written")
    table.add_row(f"{summary.sentences:,}", "sentences")
    table.add_row(f"{summary.targets:,}", "numeric targets and results")
    table.add_row(f"{summary.duplicates:,}", "articles that are copies of others")
    table.add_row(f"{summary.rejected:,}", "inputs rejected")
    console.print(table)
    for reason, count in summary.reasons:
        console.print(f"  {count:,} × {reason}", markup=False, highlight=False)
    if summary.rejected:
        console.print(f"Each reject is a row of {output / 'rejects.jsonl'}.", markup=False)
    console.print(f"Run folder: {output}. Look at it with: trucot show {output}", markup=False)


def check_rejects(summary: RunSummary, most: int | None) -> None:
    """Fail if more inputs were rejected than the user allows.

    Raises:
        GateError: There were more.
    """
    if most is not None and summary.rejected > most:
        sys.stdout.flush()
        message = f"{summary.rejected} inputs were rejected, more than the {most} allowed."
        raise GateError(message)
