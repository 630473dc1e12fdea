"""What a person sees of a run in the terminal: progress, counts, rejects."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from pipeline.errors import GateError
from pipeline.runs import RunSummary


@contextmanager
def progress() -> Iterator[Callable[[RunSummary], None]]:
    """Show counts while a run works; quiet when standard error is not a terminal.

    Drawn anew only when they change: a thread that did it would keep the run from forking workers.
    """
    if not sys.stderr.isatty():
        yield lambda _summary: None
        return
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    console = Console(stderr=True)
    with Progress(*columns, console=console, transient=True, auto_refresh=False) as bar:
        task = bar.add_task("reading")

        def advance(summary: RunSummary) -> None:
            done = summary.written + summary.known
            bar.update(
                task,
                description=f"{done:,} articles, {summary.targets:,} numbers,"
                f" {summary.rejected:,} rejected",
                refresh=True,
            )

        yield advance


def print_summary(summary: RunSummary, output: Path) -> None:
    """Print the counts of a finished run, and why inputs were rejected."""
    counts = {
        "articles written": summary.written,
        "sentences": summary.sentences,
        "numeric targets and results": summary.targets,
        "articles that are copies of others": summary.duplicates,
        "inputs rejected": summary.rejected,
    }
    width = max(len(f"{count:,}") for count in counts.values())
    lines = [f"{count:>{width},} {what}" for what, count in counts.items()]
    lines += [f"  {count:,} × {reason}" for reason, count in summary.reasons]
    if summary.rejected:
        lines.append(f"Each reject is a row of {output / 'rejects.jsonl'}.")
    lines.append(f"Run folder: {output}. Look at it with: trucot show {output}")
    sys.stdout.write("\n".join(lines) + "\n")


def check_rejects(summary: RunSummary, most: int | None) -> None:
    """Fail if more inputs were rejected than the user allows.

    Raises:
        GateError: There were more.
    """
    if most is not None and summary.rejected > most:
        sys.stdout.flush()
        message = f"{summary.rejected} inputs were rejected, more than the {most} allowed."
        raise GateError(message)
