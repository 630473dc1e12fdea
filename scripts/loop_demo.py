"""The review loop from end to end, with the real commands, in runs/loop (make loop-demo).

A model learns from some articles of the corpus and labels others as if nobody had read them. A
review queue of that run is answered from the corpus, imported, and a second model learns from
both. Figures on the dev split before and after; the second model is promoted if it wins.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from pipeline.review import write_review
from pipeline.review_simulation import answer, prepare_loop

KNOWN, UNREAD, QUEUE = 120, 300, 600


def main() -> None:
    """Run the loop."""
    folder = Path("runs/loop")
    shutil.rmtree(folder, ignore_errors=True)
    unread = prepare_loop(Path("corpus"), folder, KNOWN, UNREAD)
    trucot(folder, "train")
    trucot(folder, "evaluate", "--no-baseline")
    trucot(folder, "promote")
    trucot(folder, "classify", "unread.jsonl", "--output", "run")
    queue, reasons = write_review(folder / "run", QUEUE, "jsonl", folder / "queue.jsonl")
    print("Queue:", ", ".join(f"{count} {reason}" for reason, count in reasons.most_common()))
    print(f"Answered: {answer(queue.output, unread)} sentences")
    back = ("--from", "jsonl", "--base", "run", "--output", "corrected.jsonl")
    trucot(folder, "import", "queue.jsonl", *back)
    trucot(folder, "train", "--corpus", "corrected.jsonl")
    trucot(folder, "evaluate", "--no-baseline")
    trucot(folder, "promote")


def trucot(folder: Path, *words: str) -> None:
    """Run a command in the folder, with its models there."""
    print("\n$ trucot", *words, flush=True)
    command = Path(sys.executable).parent / "trucot"
    environment = {**os.environ, "TRUCOT_MODELS": "models"}
    subprocess.run([command, *words], cwd=folder, env=environment, check=True)


if __name__ == "__main__":
    main()
