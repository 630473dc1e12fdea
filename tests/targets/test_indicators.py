"""Linking numbers to the registry, measured on a sheet checked by hand."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest

from pipeline.lexicon import load
from pipeline.targets import find_targets
from pipeline.targets.indicators import Indicator, link, registry
from tests.targets.pages import page

SHEET = Path(__file__).parents[1] / "cases" / "indicators" / "checked.jsonl"
FLOOR = 0.85


def test_the_sheet_is_linked_right_often_enough() -> None:
    rows = [json.loads(line) for line in SHEET.read_text(encoding="utf-8").splitlines()]
    wrong = []
    for row in rows:
        found = find_targets(page(row["text"]))[0]
        linked = found[0].indicator_id if found else "no target"
        if linked != row["id"]:
            wrong.append((row["text"], row["id"], linked))
    assert len(rows) >= 150
    assert 1 - len(wrong) / len(rows) >= FLOOR, wrong


@pytest.mark.parametrize("entry", registry(), ids=lambda entry: entry.id)
def test_its_own_wordings_link_to_a_row(entry: Indicator) -> None:
    for variant in entry.variants:
        linked = link(f"{variant} {entry.unit}", entry.unit)
        assert linked is not None, variant
        assert linked.id == entry.id, variant


def test_the_registry_names_each_source() -> None:
    ids = [row["id"] for row in load("indicators")["indicator"]]
    assert len(ids) == len(set(ids)) == 93
    assert all(o.source and o.value > 0 for entry in registry() for o in entry.official)


def test_a_target_is_held_against_the_official_one() -> None:
    def against(text: str) -> tuple[str | None, str | None]:
        target = find_targets(page(text))[0][0]
        return target.indicator_id, target.against_official

    stricter = "Đến năm 2030, phấn đấu 97% người dân có điện thoại thông minh."
    assert against(stricter) == ("S01", "stricter")
    assert against(stricter.replace("97", "95")) == ("S01", "same")
    assert against(stricter.replace("97", "70")) == ("S01", "weaker")
    assert against(stricter.replace("2030", "2029")) == ("S01", "other_deadline")
    assert against("Đến năm 2030, phấn đấu 97% hộ dân dùng nước sạch.") == (None, None)
    assert Decimal(95) in {o.value for e in registry() if e.id == "S01" for o in e.official}
