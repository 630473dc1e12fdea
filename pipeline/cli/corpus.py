"""`trucot corpus`: add, check, split and count the labelled corpus."""

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(
    help="The labelled corpus: add, check, split, count.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

Folder = Annotated[
    Path | None, typer.Option("--folder", help="Corpus folder; without it, the shipped one.")
]


@app.command()
def add(
    drafts: Annotated[list[Path], typer.Argument(help="Draft files (see corpus/README.md).")],
    into: Annotated[str, typer.Option(help="Name of the file under articles/ to add to.")],
    annotator: Annotated[list[str] | None, typer.Option(help="Who labelled; repeatable.")] = None,
    folder: Folder = None,
) -> None:
    """Add articles that were written and labelled as plain-text drafts."""
    from pipeline.corpus.upkeep import add_drafts
    from pipeline.settings import corpus_folder

    added = add_drafts(folder or corpus_folder(), drafts, into, tuple(annotator or ()))
    typer.echo(f"{added} articles added. Next: trucot corpus split, trucot corpus check.")


@app.command()
def split(folder: Folder = None) -> None:
    """Give new articles a split; articles that have one keep it."""
    from pipeline.corpus.upkeep import renew_splits
    from pipeline.settings import corpus_folder

    for name, articles in renew_splits(folder or corpus_folder()).items():
        typer.echo(f"{name}: {articles} articles")


@app.command()
def check(folder: Folder = None) -> None:
    """Check labels, spans, duplicates, overlap, splits and least counts; print the counts."""
    from rich.console import Console

    from pipeline.cli.corpus_figures import print_findings, print_statistics
    from pipeline.corpus.articles import read_articles
    from pipeline.corpus.checks import check as find_faults
    from pipeline.corpus.splits import read_splits
    from pipeline.settings import corpus_folder

    root = folder or corpus_folder()
    articles = read_articles(root / "articles")
    print_statistics(articles, Console())
    print_findings(find_faults(articles, read_splits(root / "splits.json"), root / "bounds.toml"))


@app.command()
def stats(
    folder: Folder = None,
    html: Annotated[Path | None, typer.Option(help="Write the counts as a page.")] = None,
) -> None:
    """Print counts by pillar, genre and year."""
    from rich.console import Console

    from pipeline.cli.corpus_figures import print_crosstab, print_statistics
    from pipeline.corpus.articles import read_articles
    from pipeline.settings import corpus_folder

    articles = read_articles((folder or corpus_folder()) / "articles")
    console = Console(record=html is not None)
    print_statistics(articles, console)
    print_crosstab(articles, console)
    if html is not None:
        html.write_text(console.export_html(), encoding="utf-8")


@app.command()
def suspects(
    folder: Folder = None,
    top: Annotated[int, typer.Option(min=1, help="How many sentences to list.")] = 100,
) -> None:
    """List sentences whose labels look wrong to a cross-validated model (cleanlab)."""
    from pipeline.cli.corpus_figures import print_suspects
    from pipeline.learning.suspects import suspicious_labels
    from pipeline.learning.training import read_corpus
    from pipeline.segment import Segmenter
    from pipeline.settings import corpus_folder

    print_suspects(suspicious_labels(read_corpus(folder or corpus_folder()), Segmenter.load(), top))
