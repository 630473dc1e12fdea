"""Run classify as a program of its own, to be killed: INPUT OUTPUT JOBS."""

from __future__ import annotations

import sys
from dataclasses import replace

from pipeline.errors import TrucotError
from pipeline.runs import RunSummary, classify
from tests.runs.fakes import make_labeller
from tests.runs.folders import SMALL

_SHARD = 16


def say(summary: RunSummary) -> None:
    """Tell the test that a shard is done."""
    sys.stdout.write(f"{summary.written}\n")
    sys.stdout.flush()


def main() -> int:
    """Classify; the message of an error goes to standard error."""
    source, output, jobs = sys.argv[1:]
    settings = replace(SMALL, jobs=int(jobs), shard_articles=_SHARD, seconds=20.0)
    try:
        classify([source], output, settings, make_labeller, say)
    except TrucotError as error:
        sys.stderr.write(f"{error}\n")
        return error.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main())
