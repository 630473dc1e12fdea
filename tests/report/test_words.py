from __future__ import annotations

from typing import Any

import pytest

from pipeline.records import Comparator, Kind, Pillar, Status
from pipeline.report.words import deadline_words, level_words, note_words, number_words, words


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (0.0, "0"),
        (80.0, "80"),
        (99.95, "99,95"),
        (1e-7, "0,0000001"),
        (1200.0, "1.200"),
        (999_999.0, "999.999"),
        (1_000_000.0, "1 triệu"),
        (1_234_567.0, "1.234.567"),
        (11_500_000_000.0, "11,5 tỷ"),
        (1e16, "10.000.000 tỷ"),
        (-2_500_000.0, "-2,5 triệu"),
    ],
)
def test_numbers_are_written_the_vietnamese_way(value: float, said: str) -> None:
    assert number_words(value) == said


@pytest.mark.parametrize(
    ("slots", "said"),
    [
        ({}, "80%"),
        ({"comparator": ">="}, "ít nhất 80%"),
        ({"comparator": ">"}, "trên 80%"),
        ({"comparator": "<="}, "không quá 80%"),
        ({"comparator": "<"}, "dưới 80%"),
        ({"comparator": "range", "value_max": 90.0}, "từ 80 đến 90%"),
        ({"comparator": "approx"}, "khoảng 80%"),
        ({"comparator": "approx", "bound": "<"}, "dưới 80%"),
        ({"comparator": "change+", "unit": "điểm %"}, "tăng 80 điểm %"),
        ({"comparator": "change+", "value_max": 90.0}, "tăng từ 80 đến 90%"),
        ({"comparator": "change-", "bound": ">="}, "giảm ít nhất 80%"),
        ({"comparator": "multiple", "value": 2.5, "unit": "lần"}, "gấp 2,5 lần"),
        ({"value": 4.0, "unit": ""}, "4"),
        ({"value": 4.0, "unit": "hạng"}, "hạng 4"),
        ({"value": 10.0, "unit": "hạng", "comparator": "<="}, "trong tốp 10"),
        ({"value": 2.0, "unit": "hạng", "comparator": "change+"}, "tăng 2 hạng"),
        ({"unit": "% GRDP"}, "80% GRDP"),
    ],
)
def test_levels_are_said_in_words(slots: dict[str, Any], said: str) -> None:
    row = {"comparator": "=", "bound": None, "value": 80.0, "value_max": None, "unit": "%"}
    assert level_words(row | slots) == said


@pytest.mark.parametrize("odd", ["", "2026-Q9", "năm tới", "2026-xx", "-", "2026-06-30-1", "<b>"])
def test_a_deadline_of_another_form_is_shown_as_it_is(odd: str) -> None:
    assert deadline_words(odd) == odd


def test_notes_leave_out_what_is_not_known() -> None:
    names = ("scope", "exclusion", "period", "as_of", "baseline_value", "out_of", "met")
    assert not note_words(dict.fromkeys(names) | {"scope": []})
    assert note_words({"as_of": "2025-12-10", "met": True}) == (
        "tính đến 10/12/2025; đã đạt chỉ tiêu được giao"
    )


def test_every_value_of_the_tables_has_its_words() -> None:
    say = words()
    assert set(say["comparator"]) == set(Comparator)
    assert set(say["kind"]) == set(Kind)
    assert set(say["pillar"]) == {*Pillar, "none"}
    assert set(say["status"]) == set(Status)
