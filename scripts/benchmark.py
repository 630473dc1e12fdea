"""Measure trucot on JSONL files of your own; writes docs/benchmarks.md and docs/benchmarks.svg.

Run: python scripts/benchmark.py news.jsonl [--articles 3000 --rounds 3] (needs a current model)
"""

from __future__ import annotations

import argparse
from pathlib import Path

from benchmarks.measure import measure, read_records
from benchmarks.page import draw, page


def main() -> None:
    """Measure, then write page and chart."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("inputs", nargs="+", type=Path, help="JSONL files with the field text")
    parser.add_argument("--articles", type=int, default=3000, help="articles of a run")
    parser.add_argument("--naive-articles", type=int, help="articles of the naive run (all)")
    parser.add_argument("--worker-articles", type=int, default=10_000, help="for two workers")
    parser.add_argument("--rounds", type=int, default=3, help="paired rounds")
    parser.add_argument("--growth", type=int, nargs="*", default=[300, 1000, 3000, 10000])
    parser.add_argument("--pyvi", help="a Python that has pyvi; without it pyvi is left out")
    parser.add_argument("--output", type=Path, default=Path("docs"))
    options = parser.parse_args()
    found = measure(read_records(options.inputs), options)
    (options.output / "benchmarks.md").write_text(page(found), encoding="utf-8")
    draw(found, options.output / "benchmarks.svg")
    print(options.output / "benchmarks.md")


if __name__ == "__main__":
    main()
