"""`trucot classify`: from files to a run folder."""

import gc
import os
from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli.options import Model, parse_columns


def classify(
    inputs: Annotated[
        list[str],
        typer.Argument(
            metavar="INPUT...",
            help="Files, folders, globs, or - for JSONL on standard input. Text, HTML, JSONL,"
            " CSV, Parquet, XLSX, RSS, Atom, WARC; .gz and .zst too.",
        ),
    ],
    output: Annotated[Path, typer.Option("--output", "-o", help="Folder of the run.")],
    model: Model = None,
    jobs: Annotated[int, typer.Option("--jobs", "-j", min=1, help="Worker processes.")] = 1,
    column: Annotated[
        list[str] | None,
        typer.Option(help="Column of a table that holds a field, as text=noidung; repeatable."),
    ] = None,
    fresh: Annotated[
        bool, typer.Option("--fresh", help="Begin anew: remove what the run folder holds.")
    ] = False,
    fail_on_reject: Annotated[
        int | None,
        typer.Option(min=0, help="Exit with code 3 if more than this many inputs are rejected."),
    ] = None,
) -> None:
    """Classify articles into pillars and find their numeric targets.

    Stopped half-way (Ctrl-C, a crash), the same command goes on where it stopped.
    """
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # one core a process; before numpy comes
    gc.disable()  # what is imported holds no garbage
    from pipeline.cli import report
    from pipeline.labeller import LabellerFactory
    from pipeline.runs import RunSettings
    from pipeline.runs import classify as run_classify
    from pipeline.settings import model_path

    gc.enable()
    factory = LabellerFactory(model_path(model))
    settings = RunSettings(
        model_id=factory.model_id(),
        jobs=jobs,
        columns=tuple(sorted(parse_columns(column or []).items())),
        fresh=fresh,
        about=factory.about(),
    )
    with report.progress() as advance:
        summary = run_classify(inputs, output, settings, factory, progress=advance)
    report.print_summary(summary, output)
    report.check_rejects(summary, fail_on_reject)
