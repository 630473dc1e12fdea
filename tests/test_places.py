"""Every older name leads to its province of today; the title speaks before the text."""

from __future__ import annotations

from typing import Any

import pytest

from pipeline.lexicon import load
from pipeline.places import Where, locate, provinces

ROWS = load("provinces")["province"]


def test_there_are_34_provinces_and_63_names_before_them() -> None:
    assert len(ROWS) == len({row["name"] for row in ROWS}) == 34
    names = {name for row in ROWS for name in (row["name"], *row["former"])}
    assert len({name.replace(" - ", " ") for name in names} - {"Huế"}) == 63  # Thừa Thiên Huế


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["name"])
def test_every_name_of_a_province_leads_to_it(row: dict[str, Any]) -> None:
    for name in (row["name"], *row["former"], *row.get("aliases", ())):
        assert locate(f"Tin từ {name}", "", "").province == row["name"]


def test_no_name_leads_to_two_provinces() -> None:
    names = [n for row in ROWS for n in (row["name"], *row["former"], *row.get("aliases", ()))]
    assert len(provinces()) == len(names)


@pytest.mark.parametrize(
    ("title", "text", "source", "where"),
    [
        ("Hà Nội mở quầy", "Tại Cần Thơ…", "", Where("Hà Nội")),
        ("Mở quầy số", "Tại Cần Thơ, sở mở quầy.", "Báo Hà Nội", Where("Cần Thơ")),
        ("Mở quầy số", "Bà con vui.", "Báo Hà Nội", Where("Hà Nội")),
        ("Mở quầy số", "Bà con vui.", "", Where()),
        ("Xã Bắc Sơn mở quầy", "", "", Where(None, "xã Bắc Sơn")),
        ("Mở quầy", "Ở huyện Ba Tơ và xã Ba Vì, bà con vui.", "", Where(None, "huyện Ba Tơ")),
        ("Mở quầy", "Thị xã Sơn Tây, Hà Nội.", "", Where("Hà Nội", "thị xã Sơn Tây")),
        ("Phát triển xã hội số", "Bà con vui.", "", Where()),
        ("Hợp tác xã Bình Minh bán trà", "", "", Where()),
    ],
)
def test_an_article_is_from_where_it_says(title: str, text: str, source: str, where: Where) -> None:
    assert locate(title, text, source) == where


def test_a_name_is_found_however_it_is_spelled() -> None:
    assert locate("KHÁNH HOÀ đón gió", "", "").province == "Khánh Hòa"


def test_a_name_far_down_the_text_does_not_count() -> None:
    assert locate("Mở quầy", "Bà con vui. " * 200 + "Cần Thơ", "") == Where()
