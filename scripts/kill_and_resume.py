"""Kill a real run again and again, go on with it, and compare it with one that was left alone.

    python scripts/kill_and_resume.py FILE --articles 20000 --kills 5

FILE is JSONL, plain or packed as `trucot classify` reads it. If it holds too few articles, numbered
copies are added with some of their words changed. Both runs use the current model and are
written anew in --folder. Ends with code 1 if an article is lost or doubled or a byte differs.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pyarrow.parquet as pq

from pipeline.ingest import Limits
from pipeline.ingest.streams import open_stream

CHANGED_WORDS = 0.03
SHORTEST_RUN = 2.0
"""Seconds that a run is left alone at least, so that some kills find work that is done."""


def main() -> int:
    """Make the articles, run them undisturbed and disturbed, and compare."""
    arguments = parse()
    folder: Path = arguments.folder
    folder.mkdir(parents=True, exist_ok=True)
    for run in ("clean", "killed"):
        shutil.rmtree(folder / run, ignore_errors=True)
    source = folder / "articles.jsonl"
    ids = write_articles(arguments.file, source, arguments.articles)
    print(f"{len(ids)} articles in {source}", flush=True)

    started = time.monotonic()
    finish(start(source, folder / "clean", arguments.jobs))
    seconds = time.monotonic() - started
    print(f"undisturbed: {seconds:.0f} s", flush=True)

    disturb(source, folder / "killed", arguments, seconds)
    lost, doubled = loss(folder / "killed", ids)
    clean, killed = files(folder / "clean"), files(folder / "killed")
    same = sum(killed.get(name) == data for name, data in clean.items())
    print(f"{arguments.kills} kills, articles lost {lost}, doubled {doubled}")
    print(f"files {len(killed)} and {len(clean)}, the same byte for byte {same}")
    return 0 if (lost, doubled) == (0, 0) and clean == killed else 1


def parse() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("file", type=Path, help="articles as JSONL; .gz and .zst too")
    parser.add_argument("--articles", type=int, default=20_000)
    parser.add_argument("--kills", type=int, default=5)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--seed", type=int, default=7, help="of the moments and of the changes")
    parser.add_argument("--folder", type=Path, default=Path("runs/kills"))
    return parser.parse_args()


def write_articles(file: Path, target: Path, wanted: int) -> list[str]:
    """Write so many articles, the copies behind the originals; return their ids."""
    with open_stream(file, Limits()) as stream:
        rows = [json.loads(line) for line in stream]
    ids = []
    with target.open("w", encoding="utf-8") as out:
        for number in range(wanted):
            copy, at = divmod(number, len(rows))
            row = {**rows[at], "id": f"article-{number:06d}"}
            if copy:
                row["text"] = changed(str(row["text"]), random.Random(number))
            ids.append(row["id"])
            out.write(json.dumps(row, ensure_ascii=False) + "\n")
    return ids


def changed(text: str, chance: random.Random) -> str:
    """Return the text with some words exchanged for others of its own."""
    words = text.split(" ")
    for at in range(len(words)):
        if chance.random() < CHANGED_WORDS:
            words[at] = chance.choice(words)
    return " ".join(words)


def start(source: Path, output: Path, jobs: int) -> subprocess.Popen[str]:
    """Start to classify; a run that was begun is gone on with."""
    trucot = str(Path(sys.executable).parent / "trucot")
    command = [trucot, "classify", str(source), "--output", str(output), "--jobs", str(jobs)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def finish(process: subprocess.Popen[str]) -> None:
    """Wait for the end of a run, which must be a good one."""
    told, _ = process.communicate()
    if process.returncode:
        sys.exit(f"trucot ended with code {process.returncode}:\n{told}")


def disturb(source: Path, output: Path, arguments: argparse.Namespace, seconds: float) -> None:
    """Kill a run so many times, each at a random moment, then let it finish."""
    chance = random.Random(arguments.seed)
    longest = max(seconds / arguments.kills, SHORTEST_RUN)
    for kill in range(arguments.kills):
        process = start(source, output, arguments.jobs)
        moment = chance.uniform(SHORTEST_RUN / 2, longest)
        try:
            told, _ = process.communicate(timeout=moment)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
        else:
            sys.exit(f"The run ended before kill {kill + 1} could hit it:\n{told}")
        done = len(list((output / ".state").glob("*.json"))) - 1
        print(f"kill {kill + 1} after {moment:.1f} s, shards done: {max(done, 0)}", flush=True)
    finish(start(source, output, arguments.jobs))


def loss(output: Path, ids: list[str]) -> tuple[int, int]:
    """Return how many articles are neither rows nor rejects, and how many are rows twice."""
    rows = Counter(pq.read_table(output / "articles.parquet")["article_id"].to_pylist())
    rejects = len((output / "rejects.jsonl").read_text(encoding="utf-8").splitlines())
    missing = sum(name not in rows for name in ids)
    return missing - rejects, sum(count > 1 for count in rows.values())


def files(output: Path) -> dict[str, bytes]:
    """Return the files of a run that people read, by their paths in it."""
    found = [path for path in output.rglob("*") if path.is_file() and ".state" not in path.parts]
    return {str(path.relative_to(output)): path.read_bytes() for path in found}


if __name__ == "__main__":
    sys.exit(main())
