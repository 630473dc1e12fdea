"""Reasons in the terminal: features of a sentence, rules of its numbers."""

from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from pipeline.classify.artefact import load_model
from pipeline.classify.model import batch_of
from pipeline.classify.primary import choose_primary
from pipeline.clean import clean_article
from pipeline.cli.rows import plain
from pipeline.errors import InputError
from pipeline.ingest import loads, read_article
from pipeline.records import NONE, PILLARS, Document, RawArticle, Reject
from pipeline.segment import Segmenter
from pipeline.settings import model_path
from pipeline.split import split_sentences
from pipeline.targets import explain_targets


def print_sentence(text: str, model: Path | None, top: int) -> None:
    """Print probabilities, thresholds and the strongest features, then the numbers of a text."""
    console = Console()
    loaded = load_model(model_path(model)).model
    document = split_sentences(clean_article(RawArticle(path="-", text=text), text))
    segmenter = Segmenter.load()
    words = segmenter.segment([s.text for s in document.sentences])
    titles = segmenter.segment([""])
    batch = batch_of([document], words, titles)
    for sentence, prediction in zip(
        document.sentences, loaded.predict([document], words, titles)[0], strict=True
    ):
        console.print(Text(plain(sentence.text)), style="bold")
        primary = choose_primary(document, sentence, prediction, ())
        labels = ", ".join(prediction.pillars) or NONE
        note = "  (abstained: too near a threshold to promise)" if prediction.abstained else ""
        console.print(f"pillars: {labels}; primary: {primary or NONE}{note}", markup=False)
        table = Table()
        for name in ("pillar", "probability", "threshold", "speaks for it", "speaks against it"):
            table.add_column(name, overflow="fold")
        reasons = loaded.reasons(batch, sentence.index, top * 2)
        for k, pillar in enumerate(PILLARS):
            found = reasons[pillar]
            table.add_row(
                pillar.value,
                f"{prediction.scores[k]:.3f}",
                f"{loaded.calibration.threshold[k]:.2f}",
                Text("\n".join(f"{r.weight:+.2f} {r.feature}" for r in found if r.weight > 0)),
                Text("\n".join(f"{r.weight:+.2f} {r.feature}" for r in found if r.weight < 0)),
            )
        console.print(table)
    print_trace(console, document)


def print_document(path: Path) -> None:
    """Print, for each number of a file, how it was read or why it was set aside.

    Raises:
        InputError: The file holds no article.
    """
    for load in loads([str(path)]):
        raw = read_article(load)
        if isinstance(raw, Reject):
            message = f"{raw.path} cannot be read: {raw.reason}."
            raise InputError(message)
        print_trace(Console(), split_sentences(clean_article(raw, raw.text or "")))


def print_trace(console: Console, document: Document) -> None:
    """Print the trace of the target finder."""
    for step in explain_targets(document).steps:
        console.print(Text(plain(str(step))))
