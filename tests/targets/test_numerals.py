"""Numbers in digits and words, and back."""

from __future__ import annotations

import json
import unicodedata
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.targets.numerals import Convention, read_number

CASES = Path(__file__).parents[1] / "cases" / "numerals"
DIGITS = ["không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín"]
SCALES = ("", "nghìn", "triệu")


def _below_thousand(number: int, *, full: bool, link: str) -> list[str]:
    hundreds, rest = divmod(number, 100)
    tens, units = divmod(rest, 10)
    words = [DIGITS[hundreds], "trăm"] if hundreds or full else []
    if tens == 0 and units:
        return [*words, link, DIGITS[units]] if words else [DIGITS[units]]
    if tens == 1:
        words.append("mười")
    elif tens > 1:
        words += [DIGITS[tens], "mươi"]
    last = {1: "mốt" if tens > 1 else "một", 5: "lăm"}.get(units, DIGITS[units])
    return [*words, last] if units else words


def _below_billion(number: int, *, full: bool, link: str, thousand: str) -> list[str]:
    words: list[str] = []
    for power in (2, 1, 0):
        group = number // 1000**power % 1000
        if group:
            words += _below_thousand(group, full=full or bool(words), link=link)
            words += [thousand if power == 1 else SCALES[power]] if power else []
    return words


def spell(number: int, link: str, thousand: str, billion: str) -> str:
    """Spell a number below a thousand billions the way it is said."""
    high, low = divmod(number, 10**9)
    words = _below_billion(high, full=False, link=link, thousand=thousand)
    words += [billion] if words else []
    words += _below_billion(low, full=bool(words), link=link, thousand=thousand)
    return " ".join(words)


@given(
    st.integers(1, 10**12),
    st.sampled_from(["linh", "lẻ"]),
    st.sampled_from(["nghìn", "ngàn"]),
    st.sampled_from(["tỷ", "tỉ"]),
)
def test_a_spelled_number_reads_back(number: int, link: str, thousand: str, billion: str) -> None:
    assert read_number(spell(number, link, thousand, billion)) == number


@given(st.integers(0, 10**12))
def test_grouped_digits_read_back(number: int) -> None:
    assert read_number(f"{number:,}".replace(",", ".")) == number
    assert read_number(str(number)) == number


@given(st.decimals(0, 10_000, places=2))
def test_a_decimal_comma_reads_back(number: Decimal) -> None:
    assert read_number(str(number).replace(".", ",")) == number


def test_both_normal_forms_read_alike() -> None:
    text = "bảy mươi lăm nghìn"
    assert read_number(unicodedata.normalize("NFD", text)) == read_number(text) == 75_000


def test_a_page_tells_its_convention() -> None:
    assert Convention("đạt 71.25% và 3 lần").decimal_dot
    assert not Convention("đạt 71.25%, 64,5%").decimal_dot
    assert read_number("2,400", Convention("giá 3,000 tỷ")) == 2400
    assert read_number("1.250", Convention("đạt 71.25%")) == Decimal("1.250")


def _cases(name: str) -> list[dict[str, str | None]]:
    lines = (CASES / name).read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


@pytest.mark.parametrize("case", _cases("synthetic.jsonl"), ids=lambda case: case["text"])
def test_a_number_has_its_value(case: dict[str, str]) -> None:
    assert read_number(case["text"]) == Decimal(case["value"])


@pytest.mark.parametrize("case", _cases("negative.jsonl"), ids=lambda case: case["text"])
def test_what_is_no_number_reads_as_none(case: dict[str, str]) -> None:
    assert read_number(case["text"]) is None
