"""The review loop from end to end, with the real commands, in runs/loop (make loop-demo).

A newcomer has labelled a few articles. A model learns from them and labels others that nobody has
read. The sentences most worth a person's time go into a workbook, a scripted person corrects them
there (the corpus knows the answers), they are imported, and a second model learns from both. The
second model is promoted if it does not lose. Both are judged on the dev split, which neither saw.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import openpyxl

from pipeline.corpus.articles import read_articles, write_articles
from pipeline.corpus.splits import DEV, TRAIN, read_splits, select, write_splits
from pipeline.records import NONE, PILLARS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.corpus.articles import CorpusArticle

KNOWN, UNREAD, QUEUE = 25, 500, 300
"""Articles labelled at the start, articles nobody has read, sentences that a person then reads."""


def main() -> None:
    """Run the loop."""
    folder = Path("runs/loop")
    shutil.rmtree(folder, ignore_errors=True)
    unread = prepare_loop(Path("corpus"), folder, KNOWN, UNREAD)
    trucot(folder, "train")
    before = evaluation(folder)
    trucot(folder, "promote")
    trucot(folder, "classify", "unread.jsonl", "--output", "run")
    size = ("--size", str(QUEUE))
    trucot(folder, "review", "run", *size, "--format", "xlsx", "--output", "queue.xlsx")
    print(f"\n(a person corrects {answer(folder / 'queue.xlsx', unread)} sentences in queue.xlsx)")
    back = ("--from", "xlsx", "--base", "run", "--output", "corrected.jsonl")
    trucot(folder, "import", "queue.xlsx", *back)
    trucot(folder, "train", "--corpus", "corrected.jsonl")
    after = evaluation(folder)
    trucot(folder, "promote", "--corpus", "corrected.jsonl")
    compare(before, after)


def prepare_loop(corpus: Path, folder: Path, known: int, unread: int) -> list[CorpusArticle]:
    """Write a small corpus into `folder`, and other articles as input `unread.jsonl`.

    Args:
        corpus: The labelled corpus.
        folder: Where to write `corpus/` and `unread.jsonl`.
        known: Articles of the train split in the small corpus; all of dev are in it too.
        unread: Articles of the train split to classify.

    Returns:
        The unread articles with their labels.
    """
    split_of = read_splits(corpus / "splits.json")
    articles = sorted(read_articles(corpus / "articles"), key=lambda a: a.id[::-1])
    train = select(articles, split_of, TRAIN)
    shipped = [*train[:known], *select(articles, split_of, DEV)]
    held_back = train[known : known + unread]
    write_articles(shipped, folder / "corpus/articles/known.jsonl")
    write_splits({a.id: split_of[a.id] for a in shipped}, folder / "corpus/splits.json")
    (folder / "corpus/floors.toml").write_text("macro_f1 = 0.2\n", encoding="utf-8")
    names = ("id", "title", "published", "text")
    rows = [{name: getattr(a, name) for name in names} for a in held_back]
    lines = [json.dumps(row, ensure_ascii=False) + "\n" for row in rows]
    (folder / "unread.jsonl").write_text("".join(lines), encoding="utf-8")
    return held_back


def answer(sheet: Path, articles: Sequence[CorpusArticle]) -> int:
    """Fill the pillars into a review sheet as the corpus has them, as a person would in Excel.

    Sentences that the pipeline cut otherwise than the corpus stay unanswered; number entries stay
    as the pipeline read them.

    Args:
        sheet: What `trucot review --format xlsx` wrote; saved again in place.
        articles: The articles of the run with their labels.

    Returns:
        The number of sentences answered.
    """
    gold = {(a.id, a.sentence_text(u)): u for a in articles for u in a.sentences}
    book = openpyxl.load_workbook(sheet)
    answered = 0
    heads, *rows = book["sentences"].iter_rows()
    for cells in rows:
        row = {head.value: cell for head, cell in zip(heads, cells, strict=True)}
        unit = gold.get((row["article_id"].value, row["text"].value))
        if unit is not None:
            for pillar in PILLARS:
                row[str(pillar)].value = "yes" if pillar in unit.pillars else "no"
            row["primary"].value = NONE if unit.primary is None else str(unit.primary)
            row["checked"].value = "yes"
            row["annotator"].value = "corpus"
            answered += 1
    book.save(sheet)
    return answered


def trucot(folder: Path, *words: str, quiet: bool = False) -> None:
    """Run a command in the folder, with its models there."""
    print("\n$ trucot", *words, flush=True)
    command = Path(sys.executable).parent / "trucot"
    environment = {**os.environ, "TRUCOT_MODELS": "models"}
    out = subprocess.DEVNULL if quiet else None
    subprocess.run([command, *words], cwd=folder, env=environment, check=True, stdout=out)


def evaluation(folder: Path) -> dict[str, Any]:
    """Evaluate the newest model and return its report."""
    trucot(folder, "evaluate", "--no-baseline", quiet=True)
    newest = (folder / "models/newest").read_text(encoding="utf-8").strip()
    report = folder / "models" / newest / "evaluation-dev.json"
    found: dict[str, Any] = json.loads(report.read_text(encoding="utf-8"))
    return found


def compare(before: dict[str, Any], after: dict[str, Any]) -> None:
    """Print the figures of both models side by side."""
    macro = ["{value:.3f} [{low:.3f}, {high:.3f}]".format(**f["macro"]) for f in (before, after)]
    lines = [("", "before", "after"), ("macro-F1 [95 % interval]", *macro)]
    for one, other in zip(before["labels"], after["labels"], strict=True):
        lines.append((f"F1 {one['name']}", f"{one['f1']:.3f}", f"{other['f1']:.3f}"))
    lines.append(("exact pillar set", f"{before['exact']:.3f}", f"{after['exact']:.3f}"))
    print(f"\nDev split, {before['articles']} articles, {before['sentences']} sentences")
    for line in lines:
        print("{:26}{:22}{}".format(*line))


if __name__ == "__main__":
    main()
