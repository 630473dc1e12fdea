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
from typing import Any

from pipeline.review_simulation import answer, prepare_loop

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
