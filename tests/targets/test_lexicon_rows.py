"""Every row of the lexicon proves itself: its examples fire, its counter-examples do not."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from pipeline.lexicon import load
from pipeline.records import Status
from pipeline.targets import explain_targets, find_targets
from pipeline.targets.lexical import view
from pipeline.targets.numerals import VIETNAMESE, read_number
from pipeline.targets.scene import Passage, Scene, read_scenes
from tests.targets.pages import page

ROWS = [
    (table, kind, index, row)
    for table in (
        "numerals",
        "comparators",
        "units",
        "deadlines",
        "traps",
        "aims",
        "results",
        "phrases",
    )
    for kind, rows in load(table).items()
    for index, row in enumerate(rows)
]
HERE = 2025


def _scene(text: str) -> Scene:
    return read_scenes([Passage(text, view(text), VIETNAMESE, HERE)])[0]


def _numeral(row: dict[str, Any]) -> None:
    for text, value in row["examples"]:
        if row["name"] != "roman_quarters":
            assert read_number(text) == Decimal(value), text
    for text in row.get("not_examples", []):
        assert read_number(text) is None, text


def _comparators(text: str) -> set[str]:
    return {q.comparator.value for q in _scene(text).quantities}


def _comparator(row: dict[str, Any]) -> None:
    if "comparator" not in row:
        return
    for text in row["examples"]:
        assert row["comparator"] in _comparators(text), text
    for text in row["not_examples"]:
        assert row["comparator"] not in _comparators(text), text


def _units(text: str) -> set[str]:
    return {q.unit for q in _scene(text).quantities}


def _unit(row: dict[str, Any]) -> None:
    for text, unit in row["examples"]:
        assert unit in _units(text), text
    for text, unit in row["not_examples"]:
        assert unit not in _units(text), text


def _deadline(row: dict[str, Any]) -> None:
    for text, deadline in row["examples"]:
        found = find_targets(page(text))[0]
        assert (found[0].deadline or "") == deadline, text


def _trap(row: dict[str, Any]) -> None:
    for text in row["examples"]:
        if row.get("name") == "money_outcomes":
            assert find_targets(page(text))[0], text
        else:
            assert not find_targets(page(text))[0], (text, str(explain_targets(page(text))))
    for text in row["not_examples"]:
        if row.get("name") != "money_outcomes":
            digits = _scene(text).quantities
            assert digits, text


def _statuses(text: str) -> set[Status]:
    return {target.status for target in find_targets(page(text))[0]}


def _aim(row: dict[str, Any]) -> None:
    if row["name"] in {"plan_words", "delivery_verbs", "completion_verbs", "aim_in_context"}:
        return
    for text in row["examples"]:
        assert Status.TARGET in _statuses(text), text
    for text in row["not_examples"]:
        assert Status.TARGET not in _statuses(text), text


def _result(row: dict[str, Any]) -> None:
    if row["name"] == "review_words":
        return
    forecast = row["name"] in {"observer_forecast", "observed_not_governed"}
    reached = row["name"] == "decided_not_reached"
    for text in row["examples"]:
        expected = set() if forecast else {Status.TARGET if reached else Status.RESULT}
        assert _statuses(text) == expected, text
    for text in row["not_examples"]:
        expected = {Status.RESULT if reached else Status.TARGET}
        assert _statuses(text) == expected, text


def _phrase(row: dict[str, Any]) -> None:
    for text, phrase in row["examples"]:
        assert find_targets(page(text))[0][0].indicator == phrase, text


CHECKS = {
    "numerals": _numeral,
    "comparators": _comparator,
    "units": _unit,
    "deadlines": _deadline,
    "traps": _trap,
    "aims": _aim,
    "results": _result,
    "phrases": _phrase,
}


@pytest.mark.parametrize(
    ("table", "row"),
    [(table, row) for table, _, _, row in ROWS],
    ids=[f"{table}-{kind}-{index}" for table, kind, index, _ in ROWS],
)
def test_a_row_proves_itself(table: str, row: dict[str, Any]) -> None:
    assert "examples" in row
    CHECKS[table](row)
