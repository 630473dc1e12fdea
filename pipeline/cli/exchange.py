"""`trucot export | import`: corpora and runs to the tools that people use, and back."""

from pathlib import Path
from typing import Annotated

import typer


def export(
    source: Annotated[Path, typer.Argument(help="Run folder, corpus folder or labelled .jsonl.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="File or folder to write.")],
    format_name: Annotated[
        str,
        typer.Option(
            "--format",
            "-f",
            help="csv, jsonl, parquet, xlsx, duckdb, sqlite, huggingface, label-studio, doccano,"
            " spacy or conll.",
        ),
    ],
    pillar: Annotated[
        list[str] | None, typer.Option(help="Only sentences of this pillar (or none); repeatable.")
    ] = None,
    status: Annotated[str | None, typer.Option(help="Only entries target or result.")] = None,
    since: Annotated[str | None, typer.Option(help="Published on this date or later.")] = None,
    until: Annotated[str | None, typer.Option(help="Published on this date or earlier.")] = None,
    province: Annotated[
        list[str] | None, typer.Option(help="Only articles of this province; repeatable.")
    ] = None,
    where: Annotated[
        str | None, typer.Option(help="SQL condition over articles, sentences, targets (DuckDB).")
    ] = None,
    only_targets: Annotated[
        bool, typer.Option("--only-targets", help="Only sentences that hold a target.")
    ] = False,
    sample: Annotated[int | None, typer.Option(min=1, help="So many sentences.")] = None,
    seed: Annotated[int, typer.Option(help="Another number, another sample.")] = 0,
    text: Annotated[
        bool, typer.Option("--include-text/--no-text", help="Without: url, hash, offsets, labels.")
    ] = True,
    licence: Annotated[str | None, typer.Option(help="Terms to write beside the rows.")] = None,
    delimiter: Annotated[str, typer.Option(help="Between the cells of a CSV file.")] = ",",
    force: Annotated[bool, typer.Option("--force", help="Replace an earlier export.")] = False,
) -> None:
    """Export a run or a corpus to a format that other tools read."""
    from pipeline.exports import ExportOptions
    from pipeline.exports import export as write_export

    options = ExportOptions(
        pillars=tuple(pillar or ()),
        status=status,
        since=since,
        until=until,
        provinces=tuple(province or ()),
        where=where,
        only_targets=only_targets,
        sample=sample,
        seed=seed,
        include_text=text,
        licence=licence,
        delimiter=delimiter,
        force=force,
    )
    summary = write_export(source, format_name, output, options)
    counts = ", ".join(f"{n:,} {name}" for name, n in summary.counts.items())
    typer.echo(f"{summary.output}: {counts}.")
    for note in summary.notes:
        typer.echo(f"Note: {note}")


def import_labels(
    files: Annotated[
        list[Path], typer.Argument(help="What the tool gave back; one file an annotator.")
    ],
    source_format: Annotated[
        str, typer.Option("--from", help="label-studio, doccano, xlsx, csv or jsonl.")
    ],
    base: Annotated[Path, typer.Option(help="The run or corpus that had been exported.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="Labelled .jsonl to write.")],
    annotator: Annotated[str | None, typer.Option(help="Name where the file has none.")] = None,
    all_checked: Annotated[
        bool, typer.Option("--all-checked", help="Every sentence in the file was looked at.")
    ] = False,
    adjudicator: Annotated[
        str | None, typer.Option(help="Whose word counts where annotators differ.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace an earlier result.")] = False,
) -> None:
    """Take corrected labels back as labelled articles, ready for make train CORPUS=..."""
    from pipeline.exports import ImportOptions
    from pipeline.exports import import_labels as take_labels

    options = ImportOptions(annotator, all_checked, adjudicator, force)
    done = take_labels(files, source_format, base, output, options)
    typer.echo(
        f"{done.checked:,} sentences checked, {done.changed:,} changed, in {done.articles:,}"
        f" articles: {done.output}"
    )
    for pair in done.agreement:
        typer.echo(str(pair))
    for conflict in done.conflicts:
        typer.echo(f"not taken ({conflict.kind}): {conflict.sentence_id} {conflict.detail}")
    if done.conflicts_file is not None:
        typer.echo(f"Conflicts are listed in {done.conflicts_file}.")


def review(
    run: Annotated[Path, typer.Argument(help="Run folder that trucot classify wrote.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="File or folder to write.")],
    size: Annotated[int, typer.Option(min=1, help="Number of sentences.")] = 200,
    format_name: Annotated[
        str, typer.Option("--format", "-f", help="xlsx, label-studio, doccano, csv or jsonl.")
    ] = "xlsx",
    control: Annotated[
        float, typer.Option(help="Share that is drawn at random from the whole run.")
    ] = 0.1,
    seed: Annotated[int, typer.Option(help="Another number, another control share.")] = 0,
    force: Annotated[bool, typer.Option("--force", help="Replace an earlier queue.")] = False,
) -> None:
    """Write the sentences of a run that are most worth a person's time."""
    from pipeline.exports import ExportOptions
    from pipeline.review import ReviewOptions, write_review

    options = ReviewOptions(control=control, seed=seed)
    given = ExportOptions(force=force)
    summary, reasons = write_review(run, size, format_name, output, options, given)
    found = ", ".join(f"{n} {reason}" for reason, n in reasons.most_common())
    typer.echo(f"{summary.output}: {sum(reasons.values())} sentences ({found}).")
