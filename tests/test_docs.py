"""The README keeps up with the command: each command is named, and none that does not exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from typer.main import get_command

from pipeline.cli import app

PROJECT = Path(__file__).parents[1]
README = (PROJECT / "README.md").read_text(encoding="utf-8")


COMMANDS: list[str] = list(getattr(get_command(app), "commands"))  # noqa: B009 - of a group


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_in_the_readme(name: str) -> None:
    assert re.search(rf"trucot {name}\b", README), f"Name `trucot {name}` in README.md."


def test_the_readme_names_no_command_that_does_not_exist() -> None:
    named = set(re.findall(r"^\s*(?:\$ )?(?:\.venv/bin/)?trucot ([a-z]+)", README, re.MULTILINE))
    assert named <= set(COMMANDS)


def test_the_readme_names_no_make_target_that_does_not_exist() -> None:
    makefile = (PROJECT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
    named = set(re.findall(r"(?:^|`)(?:\$ )?make ([a-z][a-z-]*)", README, re.MULTILINE))
    assert "setup" in targets
    assert named <= targets


def test_links_of_the_readme_lead_somewhere() -> None:
    links = re.findall(r"\]\((?!https?:|#|mailto:)([^)#\s]+)", README)
    assert [link for link in links if not (PROJECT / link).exists()] == []
