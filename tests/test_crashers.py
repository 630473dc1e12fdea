"""Inputs that crashed or stalled something once: each is survived, in the time of an article."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from pipeline.runs import RunSettings
from tests.survival import Toll, survives_reading, survives_stages

if TYPE_CHECKING:
    from collections.abc import Callable

CASES = Path(__file__).parent / "cases" / "crashers"


def cases(name: str) -> list[Any]:
    lines = (CASES / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    return [pytest.param(case, id=case["name"]) for case in map(json.loads, lines)]


def put_together(case: dict[str, Any]) -> str:
    return "".join(part * times for part, times in case["parts"])


def in_time(check: Callable[[], None], characters: int) -> None:
    started = time.monotonic()
    check()
    assert time.monotonic() - started < RunSettings("any").seconds_for(characters)


@pytest.mark.parametrize("case", cases("texts"))
def test_texts(case: dict[str, Any]) -> None:
    text = put_together(case)
    in_time(lambda: survives_stages(text, Toll()), len(text))


@pytest.mark.parametrize("case", cases("files"))
def test_files(case: dict[str, Any]) -> None:
    data = put_together(case).encode(case["encoding"])
    in_time(lambda: survives_reading(case["file"], data, Toll()), len(data))
