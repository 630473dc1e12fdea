"""Values, deadlines and rules of a number entry in Vietnamese words (`words.toml`)."""

from __future__ import annotations

import tomllib
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any

_DECIMALS = 3
_SWAP = str.maketrans(",.", ".,")
_MARKED = ("change+", "change-", "multiple")


@cache
def words() -> dict[str, Any]:
    """Return the table of words of the page, read once; not to be changed."""
    text = files("pipeline.report").joinpath("words.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def number_words(value: float) -> str:
    """Return a number as Vietnamese newspapers write it, nothing rounded away.

    >>> number_words(1234.5), number_words(1200000.0), number_words(2345678.0)
    ('1.234,5', '1,2 triệu', '2.345.678')
    >>> number_words(12e12), number_words(0.00001)
    ('12.000 tỷ', '0,00001')
    """
    number = Decimal(repr(value))
    for scale in words()["scale"]:
        scaled = number / scale["value"]
        if abs(number) >= scale["value"] and scaled == round(scaled, _DECIMALS):
            return f"{_digits(scaled)} {scale['word']}"
    return _digits(number)


def _digits(number: Decimal) -> str:
    text = f"{number:,f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text).translate(_SWAP)


def level_words(row: dict[str, Any]) -> str:
    """Return comparator, value and unit of a row of `targets` as a reader would say them.

    >>> row = {"comparator": ">=", "bound": None, "value": 80.0, "value_max": None, "unit": "%"}
    >>> level_words(row), level_words(row | {"comparator": "change-", "bound": ">="})
    ('ít nhất 80%', 'giảm ít nhất 80%')
    >>> level_words(row | {"comparator": "range", "value_max": 90.0, "unit": "hồ sơ"})
    'từ 80 đến 90 hồ sơ'
    """
    say = words()["comparator"]
    comparator, bound = row["comparator"], row["bound"]
    parts = [say.get(comparator, comparator)]
    if bound:
        bounded = say.get(bound, bound)
        parts = [*parts, bounded] if comparator in _MARKED else [bounded]
    value = number_words(row["value"])
    if row["value_max"] is not None:
        value = words()["range"]["form"].format(value, number_words(row["value_max"]))
    unit = row["unit"] or ""
    rank = words()["rank"]
    if unit == rank["unit"] and comparator in rank:
        return str(rank[comparator].format(value))
    parts.append(value + (unit if unit.startswith("%") else f" {unit}"))
    return " ".join(part for part in parts if part).strip()


def deadline_words(deadline: str | None) -> str:
    """Return a deadline of the tables in words; what has another form is returned as it is.

    >>> [deadline_words(d) for d in ("2026", "2026-06", "2026-06-30", "2026-Q3", "2026-H2", None)]
    ['2026', 'tháng 6/2026', '30/6/2026', 'quý III/2026', '6 tháng cuối năm 2026', '']
    """
    year, *rest = (deadline or "").split("-")
    say = words()["deadline"]
    if len(rest) == 1 and rest[0].startswith(("Q", "H")) and rest[0] in say:
        return str(say[rest[0]].format(year=year))
    if len(rest) in (1, 2) and all(part.isdecimal() for part in rest):
        month, day = int(rest[0]), int(rest[1]) if len(rest) > 1 else 0
        return str(say["day" if day else "month"].format(year=year, month=month, day=day))
    return deadline or ""


def rule_words(rule: str) -> str:
    """Return what a rule looks at; a rule without words is named.

    >>> rule_words("term_ahead"), rule_words("unheard_of")
    ('thời hạn còn ở phía trước', 'unheard_of')
    >>> rule_words("aim_marker_of_list_lead_in")
    'từ chỉ mục tiêu trong câu, ở câu dẫn của danh sách'
    """
    known = words()["rule"]
    for suffix, form in words()["rule_suffix"].items():
        stem = rule.removesuffix(suffix)
        if rule not in known and stem in known:
            return str(form.format(known[stem]))
    return str(known.get(rule, rule))


def note_words(row: dict[str, Any]) -> str:
    """Return the further slots of a row of `targets` that are filled, as one line.

    >>> note_words({"scope": ["cấp xã"], "exclusion": None, "out_of": 63.0, "met": False})
    'phạm vi: cấp xã; trên tổng số 63; chưa đạt chỉ tiêu được giao'
    """
    said = []
    for name, form in words()["note"].items():
        value = row.get(name)
        if isinstance(value, bool):
            said.append(form if value else words()["note"]["unmet"])
        elif isinstance(value, float):
            said.append(form.format(number_words(value)))
        elif isinstance(value, list) and value:
            said.append(form.format(", ".join(value)))
        elif isinstance(value, str) and value:
            said.append(form.format(deadline_words(value) if name == "as_of" else value))
    return "; ".join(said)
