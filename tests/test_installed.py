"""The installed command starts anywhere, under any locale, and every command has help."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from typer.main import get_command

from pipeline.cli import app

if TYPE_CHECKING:
    from tests.conftest import Tiny

COMMAND = Path(sys.executable).with_name("trucot")


def _commands(group: object, *path: str) -> list[tuple[str, ...]]:
    """Return the paths of all commands and groups."""
    inner = getattr(group, "commands", {})
    return [path, *(p for name, sub in inner.items() for p in _commands(sub, *path, name))]


def _trucot(
    folder: Path, *arguments: str, **environment: str
) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [COMMAND, *arguments],
        capture_output=True,
        check=False,
        cwd=folder,
        env={"PATH": os.environ["PATH"], **environment},
    )


def test_the_command_starts_from_another_folder(tmp_path: Path) -> None:
    done = _trucot(tmp_path, "--help")
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"classify" in done.stdout
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "environment",
    [
        {"LC_ALL": "C", "PYTHONIOENCODING": "ascii"},
        {"LC_ALL": "POSIX", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
        {"LC_ALL": "C", "PYTHONIOENCODING": "ascii", "COLUMNS": "20"},
    ],
)
def test_vietnamese_help_survives_an_ascii_terminal(
    environment: dict[str, str], tmp_path: Path
) -> None:
    done = _trucot(tmp_path, "--help", **environment)
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"promote" in done.stdout
    assert "tiếng" in done.stdout.decode("utf-8")


def test_a_mistake_in_an_ascii_terminal_is_one_sentence(tmp_path: Path) -> None:
    done = _trucot(
        tmp_path, "show", "thư mục không có", LC_ALL="C", PYTHONIOENCODING="ascii", PYTHONUTF8="0"
    )
    assert done.returncode == 1
    assert done.stderr.startswith(b"trucot: ")
    assert done.stderr.count(b"\n") == 1
    assert b"Traceback" not in done.stderr


def test_the_installed_command_explains_with_a_model_from_elsewhere(
    tiny: Tiny, tmp_path: Path
) -> None:
    done = _trucot(
        tmp_path,
        *("explain", "Xã mở quầy dịch vụ công trực tuyến."),
        TRUCOT_MODELS=str(tiny.root / "models"),
        PYTHONIOENCODING="ascii",
        LC_ALL="C",
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"pillars:" in done.stdout


@pytest.mark.parametrize("path", _commands(get_command(app)), ids=" ".join)
def test_every_command_and_option_has_help(path: tuple[str, ...]) -> None:
    command = get_command(app)
    for name in path:
        command = getattr(command, "commands")[name]  # noqa: B009 - only groups have it
    assert command.help
    assert command.help.strip().endswith((".", "..."))
    lacking = [p.name for p in command.params if p.name != "help" and not getattr(p, "help", None)]
    assert lacking == []
