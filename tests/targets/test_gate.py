"""The gate passes over no sentence that holds a target: with and without it, all is the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.lexicon import load
from pipeline.targets import find_targets, finder
from tests.targets.pages import page

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.records import Target
    from pipeline.targets.scene import Passage, Scene

_TABLES = ("units", "comparators", "aims", "results", "traps", "numerals", "deadlines")


def _forms() -> list[str]:
    """Return every form of the tables that the full rules read."""
    found = {
        form
        for table in _TABLES
        for rows in load(table).values()
        if isinstance(rows, list)
        for row in rows
        for key in ("forms", "before", "after", "lead")
        for form in row.get(key, ())
    }
    return sorted(found)


_NUMBERS = st.sampled_from(
    ["5", "12", "80", "1.500", "0,7123", "2/3", "15/63", "3-5", "2024", "hai", "mười", "một nửa",
     "gấp đôi", "2 tỷ", "3 triệu", "7 nghìn tỷ", "từ 2 đến 5"]
)  # fmt: skip
_GLUE = st.sampled_from(
    ["%", ",", ";", ":", "(", ")", "/", " trong tổng số ", "số", "là", "đạt", "có", "mỗi", "và",
     "điện tử", "sẽ", "hộ", "năm 2030", "chữ số"]
)  # fmt: skip
_WORDS = st.one_of(_NUMBERS, _NUMBERS, _GLUE, st.sampled_from(_forms()))
_SENTENCES = st.lists(_WORDS, min_size=2, max_size=14).map(" ".join)


def _ungated(*texts: str) -> tuple[tuple[Target, ...], ...]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(finder, "find_candidates", lambda seen: seen)
        patch.setattr(finder, "may_hold_target", lambda *_: True)
        return find_targets(page(*texts))


@settings(max_examples=400, deadline=None)
@given(st.lists(_SENTENCES, min_size=1, max_size=3))
def test_the_gate_changes_nothing(texts: list[str]) -> None:
    assert find_targets(page(*texts)) == _ungated(*texts)


@pytest.mark.parametrize(
    "text",
    [
        "Khoảng 2/3 hộ dân trong xã đã có tài khoản.",
        "Có 5 xã, trong đó tập huấn cho 300 hộ.",
        "Tỉnh xếp thứ ba về chuyển đổi số.",
        "Xã duy trì ít nhất hai cán bộ chuyên trách.",
        "Đã   có   60   %   hộ   dùng   mạng.",
        "Vốn 2 tỷ hai phần trăm.",
        "Thời gian giải quyết giảm từ 3 - 5 ngày.",
        "Sản lượng 40 - 50 tấn.",
        "Có 8 xã, vượt kế hoạch tối thiểu 5 xã; 7 xã được giao.",
        "Đưa vào vận hành chính quyền điện tử tại 12/15 xã.",
        "Trên nền tảng số, 9 xã đã kết nối.",
    ],
)
def test_the_gate_lets_pass_what_counts(text: str) -> None:
    assert find_targets(page(text)) == _ungated(text)


@pytest.mark.parametrize(
    "text",
    [
        "Đội khách thắng 3 trận trong 14 ngày.",
        "Ông năm nay 60 tuổi, có 2 người con.",
        "Tài xế chở 10 tấn gạo qua 4 tỉnh ngày 12/5/2024.",
        "Gia đình mua chiếc xe 700 triệu đồng.",
        "Giảm giá từ sáng nay, cửa hàng mở cửa 15 giờ.",
        "Theo kế hoạch của trường, đoàn gồm 3 xã và 20 tấn hàng.",
        "Đội đứng đầu bảng gặp lại họ ngày 5/10 và tháng 11/2018.",
        "Tọa đàm về kinh tế số do 15 ngân hàng bàn.",
        "Mỗi nơi một vẻ, nhưng một điểm chung là vui.",
        "Doanh thu không đủ cho 100 triệu dân.",
    ],
)
def test_what_cannot_count_is_passed_over(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[Passage] = []

    def read_scenes(found: Sequence[Passage]) -> list[Scene]:
        read.extend(found)
        return []

    monkeypatch.setattr(finder, "read_scenes", read_scenes)
    assert find_targets(page(text)) == ((),)
    assert not read
