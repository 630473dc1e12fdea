"""Figures of training, evaluation and promotion, as tables in the terminal."""

from rich.console import Console
from rich.table import Table
from rich.text import Text

from pipeline.learning.assessment import Assessment
from pipeline.learning.promotion import Promotion
from pipeline.learning.training import Trained

_WORST_SHOWN = 10


def print_training(trained: Trained) -> None:
    """Print what was trained and how it did in cross-validation."""
    facts = trained.loaded.manifest
    cross = facts["cross_validation"]
    console = Console()
    console.print(
        f"Model {trained.loaded.id}: {facts['articles']:,} articles, {facts['sentences']:,}"
        f" sentences; cross-validated macro-F1 {cross['macro_f1']:.3f}.",
        highlight=False,
    )
    console.print(
        f"Outside the abstention band lie {cross['coverage']:.0%} of the sentences, of whose"
        f" pillar sets {cross['promise']:.0%} are right.",
        highlight=False,
    )
    console.print(
        f"Written to {trained.path}. Next: trucot evaluate, trucot promote.", markup=False
    )


def print_evaluation(assessed: Assessment) -> None:
    """Print an evaluation: figures, baselines, calibration, parts, errors."""
    console, found = Console(), assessed.evaluation
    console.print(
        f"Model {assessed.model_id} on {assessed.name}: {found.articles:,} articles,"
        f" {found.sentences:,} sentences",
        highlight=False,
    )
    if assessed.lost:
        console.print(f"{assessed.lost} gold sentences were not found in their text.")
    console.print(_labels(assessed))
    console.print(_comparison(assessed))
    console.print(
        f"Exact pillar set {found.exact:.3f}; of the {found.coverage:.0%} not abstained"
        f" {found.promised_exact:.3f}. Calibration error {found.calibration.ece:.3f}, Brier"
        f" {found.calibration.brier:.3f}.",
        highlight=False,
    )
    console.print(_parts(assessed))
    console.print(_numbers(assessed))
    console.print(f"Worst errors (the first {_WORST_SHOWN}; all in {assessed.report}):")
    for error in found.worst[:_WORST_SHOWN]:
        labelled, predicted = (
            ", ".join(names) or "none" for names in (error.labelled, error.predicted)
        )
        console.print(Text(f"  {labelled} → {predicted}: {error.text[:140]}"))


def _labels(assessed: Assessment) -> Table:
    table = Table()
    for name in ("label", "P", "R", "F1", "n"):
        table.add_column(name, justify="left" if name == "label" else "right")
    for f in assessed.evaluation.labels:
        table.add_row(f.name, f"{f.precision:.3f}", f"{f.recall:.3f}", f"{f.f1:.3f}", str(f.n))
    return table


def _comparison(assessed: Assessment) -> Table:
    found = assessed.evaluation
    table = Table("", "macro-F1 (95 % interval by article)")
    rows = {"this model": found.macro, **found.baselines}
    rows["this model, years, numbers, names masked"] = found.masked_macro
    rows |= {f"without {name}": figure for name, figure in assessed.hold_outs.items()}
    for name, figure in rows.items():
        table.add_row(name, Text(str(figure)))
    return table


def _parts(assessed: Assessment) -> Table:
    table = Table("part", "exact set", "sentences")
    for parts in (assessed.evaluation.by_genre, assessed.evaluation.by_year):
        for name, (share, n) in parts.items():
            table.add_row(Text(name or "?"), f"{share:.2f}", str(n))
    return table


def _numbers(assessed: Assessment) -> Table:
    table = Table("numbers", "P", "R", "F1")
    for level in assessed.evaluation.numbers:
        cells = (level.precision, level.recall, level.f1)
        table.add_row(level.name, *(f"{cell:.3f}" for cell in cells))
    return table


def print_promotion(done: Promotion) -> None:
    """Print which model is current now."""
    change = f"; change against the one before {done.difference}" if done.difference else ""
    console = Console()
    console.print(
        f"Model {done.model_id} is current: macro-F1 {done.macro:.3f} on the dev split{change}.",
        markup=False,
        highlight=False,
    )
    if done.unreadable:
        console.print(f"It was compared with no other: {done.unreadable}", markup=False)
