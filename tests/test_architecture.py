"""Importing the package prints nothing and reads no file of its own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[1]

_WATCH = """
import sys

opened = []
sys.addaudithook(lambda event, args: opened.append(str(args[0])) if event == "open" else None)
import {module}
ours = [p for p in opened if p.startswith({root!r}) and "/.venv" not in p]
data = [p for p in ours if not p.endswith((".py", ".pyc")) and ".pyc." not in p]
sys.stdout.write("".join(f"{{path}}\\n" for path in data))
"""


def _import(module: str) -> subprocess.CompletedProcess[str]:
    code = _WATCH.format(module=module, root=str(PROJECT))
    return subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd="/"
    )


@pytest.mark.parametrize("module", ["pipeline", "pipeline.cli"])
def test_importing_prints_nothing_and_reads_no_data_of_ours(module: str) -> None:
    done = _import(module)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_the_watch_sees_a_file_that_is_read() -> None:
    done = _import("pipeline.lexicon as lexicon; lexicon.load('units')")
    assert done.stdout == f"{PROJECT / 'pipeline/lexicon/units.toml'}\n"


def test_help_needs_none_of_the_heavy_libraries() -> None:
    code = "import sys, pipeline.cli; print(*sorted(m for m in sys.modules if '.' not in m))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    heavy = {"sklearn", "scipy", "pandas", "pyarrow", "underthesea", "trafilatura", "matplotlib"}
    assert heavy & set(done.stdout.split()) == set()
