"""Counts and findings of the corpus, in the terminal or as a page."""

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from pipeline.corpus.articles import CorpusArticle
from pipeline.corpus.statistics import as_rows, count
from pipeline.errors import GateError
from pipeline.learning.suspects import Suspect
from pipeline.records import NONE, PILLARS

_SHOWN = 40


def print_statistics(articles: Sequence[CorpusArticle], console: Console) -> None:
    """Print the headline counts."""
    table = Table("count", "n")
    for name, n in as_rows(count(articles)):
        table.add_row(name, f"{n:,}")
    console.print(table)


def print_crosstab(articles: Sequence[CorpusArticle], console: Console) -> None:
    """Print sentences by genre and pillar, and by year."""
    counts = count(articles)
    names = [*(p.value for p in PILLARS), NONE]
    table = Table("genre", *names, "all")
    for genre, n in sorted(counts.by_genre.items()):
        cells = [f"{counts.by_pillar_genre[name, genre]:,}" for name in names]
        table.add_row(genre, *cells, f"{n:,}")
    console.print(table)
    years = Table("year", "sentences")
    for year, n in sorted(counts.by_year.items()):
        years.add_row(year, f"{n:,}")
    console.print(years)


def print_findings(findings: Sequence[str]) -> None:
    """Print findings.

    Raises:
        GateError: There is at least one.
    """
    console = Console()
    for finding in findings[:_SHOWN]:
        console.print(Text(f"  {finding}"))
    if findings:
        message = f"The corpus has {len(findings)} faults; mend them or settle the labels."
        raise GateError(message)
    console.print("The corpus is sound.")


def print_suspects(suspects: Sequence[Suspect]) -> None:
    """Print doubtful labels, worst first."""
    console = Console()
    for suspect in suspects:
        labelled = ", ".join(suspect.labelled) or NONE
        likely = ", ".join(
            f"{p} {x:.2f}" for p, x in zip(PILLARS, suspect.probabilities, strict=True)
        )
        console.print(Text(f"{suspect.quality:.3f} {suspect.article_id} [{labelled}] ({likely})"))
        console.print(Text(f"      {suspect.text}"))
