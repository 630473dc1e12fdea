"""`trucot show`: a run's targets and pillars as readable tables."""

from pathlib import Path
from typing import Annotated

import typer

from pipeline.records import Pillar, Status


def show(
    run: Annotated[Path, typer.Argument(help="Run folder that trucot classify wrote.")],
    status: Annotated[Status | None, typer.Option(help="Only entries of this status.")] = None,
    pillar: Annotated[Pillar | None, typer.Option(help="Only entries of this pillar.")] = None,
    limit: Annotated[int, typer.Option(min=1, help="Most rows to print.")] = 40,
) -> None:
    """Show the numeric targets of a run, and how its sentences spread over the pillars."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from pipeline.cli.rows import comparator_words, pillar_counts, target_rows

    console = Console()
    rows = target_rows(run, status, pillar)
    table = Table(title=f"{len(rows):,} numbers in {run}", title_justify="left")
    for name in ("bài", "chỉ số", "mức", "thời hạn", "loại", "trụ cột"):
        table.add_column(name, overflow="fold")
    for row in rows[:limit]:
        cells = (
            row["title"],
            row["indicator"],
            comparator_words(row),
            row["deadline"] or "",
            "chỉ tiêu" if row["status"] == "target" else "kết quả",
            row["pillar"] or "–",
        )
        table.add_row(*(Text(str(cell or "")) for cell in cells))
    console.print(table)
    if len(rows) > limit:
        console.print(f"… and {len(rows) - limit:,} more; see --limit, or trucot export.")
    counts = Table(title="sentences", title_justify="left")
    for name in ("trụ cột", "câu", "câu có chỉ tiêu"):
        counts.add_column(name, justify="left" if name == "trụ cột" else "right")
    for name, sentences, with_target in pillar_counts(run):
        counts.add_row(name, f"{sentences:,}", f"{with_target:,}")
    console.print(counts)
