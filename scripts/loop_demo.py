"""The review loop from end to end, with the real commands, in runs/loop (make loop-demo).

A model learns from some articles of the corpus and labels others as if nobody had read them. A
review queue of that run is answered from the corpus, imported, and a second model learns from
both. Figures on the dev split before and after; the second model is promoted if it wins.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from pipeline.corpus.articles import CorpusArticle, read_articles, write_articles
from pipeline.corpus.splits import DEV, TRAIN, read_splits, select, write_splits
from pipeline.records import NONE
from pipeline.review import write_review

KNOWN, UNREAD, QUEUE = 120, 300, 600
FLOORS = "macro_f1 = 0.2\n"


def main() -> None:
    """Run the loop."""
    folder = Path("runs/loop")
    shutil.rmtree(folder, ignore_errors=True)
    unread = prepare(folder)
    trucot(folder, "train")
    trucot(folder, "evaluate", "--no-baseline")
    trucot(folder, "promote")
    trucot(folder, "classify", "unread.jsonl", "--output", "run")
    queue, reasons = write_review(folder / "run", QUEUE, "jsonl", folder / "queue.jsonl")
    print("Queue:", ", ".join(f"{count} {reason}" for reason, count in reasons.most_common()))
    print("Answered:", answer(queue.output, unread))
    back = ("--from", "jsonl", "--base", "run", "--output", "corrected.jsonl")
    trucot(folder, "import", "queue.jsonl", *back)
    trucot(folder, "train", "--corpus", "corrected.jsonl")
    trucot(folder, "evaluate", "--no-baseline")
    trucot(folder, "promote")


def prepare(folder: Path) -> list[CorpusArticle]:
    """Write a small corpus and the unread articles as input; return the latter with labels."""
    split_of = read_splits(Path("corpus/splits.json"))
    articles = sorted(read_articles(Path("corpus/articles")), key=lambda a: a.id[::-1])
    train = select(articles, split_of, TRAIN)
    known, unread = train[:KNOWN], train[KNOWN : KNOWN + UNREAD]
    shipped = [*known, *select(articles, split_of, DEV)]
    write_articles(shipped, folder / "corpus/articles/known.jsonl")
    write_splits({a.id: split_of[a.id] for a in shipped}, folder / "corpus/splits.json")
    (folder / "corpus/floors.toml").write_text(FLOORS, encoding="utf-8")
    rows = [
        {"id": a.id, "title": a.title, "published": a.published, "text": a.text} for a in unread
    ]
    lines = [json.dumps(row, ensure_ascii=False) + "\n" for row in rows]
    (folder / "unread.jsonl").write_text("".join(lines), encoding="utf-8")
    return unread


def answer(queue: Path, unread: list[CorpusArticle]) -> str:
    """Write the labels of the corpus into the queue, as a person would; count them."""
    gold = {(a.id, a.sentence_text(u)): u for a in unread for u in a.sentences}
    rows = [json.loads(line) for line in queue.read_text(encoding="utf-8").splitlines()]
    for row in rows:
        unit = gold.get((row["article_id"], row["text"]))
        if unit is not None:
            primary = NONE if unit.primary is None else str(unit.primary)
            row.update(pillars=[str(p) for p in unit.pillars], primary=primary, checked=True)
            row["annotator"] = "corpus"
    queue.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return f"{sum(row['checked'] for row in rows)} of {len(rows)}"


def trucot(folder: Path, *words: str) -> None:
    """Run a command in the folder, with its models there."""
    print("\n$ trucot", *words, flush=True)
    command = Path(sys.executable).parent / "trucot"
    environment = {**os.environ, "TRUCOT_MODELS": "models"}
    subprocess.run([command, *words], cwd=folder, env=environment, check=True)


if __name__ == "__main__":
    main()
