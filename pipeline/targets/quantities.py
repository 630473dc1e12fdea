"""Numbers joined to expressions: ranges, counts of a total, units, bounds (guideline 4.2, 5)."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import NamedTuple

from pipeline.records import Comparator
from pipeline.targets.comparators import (
    Lead,
    leaders_behind,
    read_lead,
    read_tail,
    speaks_of_ranks,
)
from pipeline.targets.lexical import WORD_END, late
from pipeline.targets.numerals import Numeral, plain
from pipeline.targets.status import is_quota
from pipeline.targets.units import COUNTED, Unit, heading_count, named_count, rate_before, read_unit

_LINK = late(
    r"(?P<range> *(?:%|phần trăm)? *(?:-|–|—|÷|đến|tới) *(?:khoảng +)?)"
    r"|(?P<ratio> ?/ ?)"
    r"|(?P<out_of> +(?:trong|trên) +(?:tổng +)?(?:số +)?"
    r"|(?: +[^\W\d_]+){0,3} +(?:trong|trên) +tổng +số +)"
)
_OF_COUNT = late(r" +số +[^\W\d_]+(?: +[^\W_]+)?")
OF_WHOLE = rf" +(?:số|tổng số|dân số|diện tích|hộ|thời gian){WORD_END}"
FRACTION_NOUN = late(OF_WHOLE)
_MORE_THAN_BASE = late(
    r"(?:(?P<less>thấp hơn|kém|giảm so với)|(?:cao )?hơn|tăng so với|so(?: với)? cùng kỳ tăng) +"
    r"(?:năm|kỳ|cùng kỳ|tháng|quý|(?=20\d\d))[^\d,;:.]{0,16}(?:\d{1,4} +)?$"
)
_AS_PART = late(r"bằng +(?:[^\W\d_]+ +){0,2}$")
INDEX_POINTS = late(r"0[.,]\d{3,4}(?!\d)")
_INHERITED = COUNTED | {"measure"}
_SMALL = Decimal(10)
_INSIDE = late(r"(?:vào|trong|thuộc|ở|rời|giữ|nằm|duy trì|lọt|của) $")
_LEADERS_REACH = 5
_LEAST_TOTAL = Decimal(10)
_BOUNDS = (Comparator.AT_LEAST, Comparator.MORE_THAN, Comparator.AT_MOST, Comparator.LESS_THAN)
MONTHS = {
    "tháng": Decimal(12),
    "quý": Decimal(4),
    "tuần": Decimal(52),
    "năm": Decimal(1),
    "ngày": Decimal(365),
}


class Quantity(NamedTuple):
    """A number with all that its own words say of it; spans are places in the sentence."""

    start: int
    end: int
    number_start: int
    number_end: int
    value: Decimal
    comparator: Comparator
    unit: str
    kind: str
    rules: tuple[str, ...]
    value_max: Decimal | None = None
    bound: Comparator | None = None
    out_of: Decimal | None = None
    freq_per_year: Decimal | None = None
    open_range: bool = False
    spelled: bool = False
    explicit: bool = False
    fraction: bool = False

    @property
    def changes(self) -> bool:
        """True for a change of an indicator, not a level of it."""
        comparator = self.comparator
        return comparator is Comparator.INCREASE or comparator is Comparator.DECREASE


class _Expression(NamedTuple):
    """One numeral, or the two ends of a range, or a count and its total."""

    first: Numeral
    last: Numeral
    rule: str | None = None
    value: Decimal | None = None
    value_max: Decimal | None = None
    out_of: Decimal | None = None


def _join(seen: str, first: Numeral, second: Numeral | None) -> _Expression:
    """Join a numeral with the next one if the words in between say that they are one."""
    found = None
    link = None if second is None else _LINK.fullmatch(seen, first.end, second.start)
    if second is None or link is None:
        pass
    elif link.lastgroup == "range":
        found = _range(seen, first, second, link[0])
    elif link.lastgroup == "ratio":
        found = _ratio(seen, first, second)
    elif not first.spelled and first.value <= second.value:
        found = _Expression(first, second, "count_of_total", out_of=second.value)
    return found or _Expression(first, first)


def _range(seen: str, first: Numeral, second: Numeral, between: str) -> _Expression | None:
    low = first.value
    if first.scale == 1 < second.scale and low < second.value / second.scale:
        low = plain(low * second.scale)
    worded = "đ" in between or "t" in between
    opened = seen[max(0, first.start - 4) : first.start].rstrip().endswith("từ")
    joined = not worded or opened or "%" in between or first.scale != second.scale
    joined |= worded and seen[second.end : second.end + 1] == "%"
    if not joined or low >= second.value or first.fraction or second.fraction:
        return None
    return _Expression(first, second, "range", low, second.value)


def _ratio(seen: str, first: Numeral, second: Numeral) -> _Expression | None:
    if first.spelled or second.spelled or first.value > second.value or second.value == 0:
        return None
    if second.value <= _SMALL and FRACTION_NOUN.match(seen, second.end):
        share = plain((100 * first.value / second.value).quantize(Decimal("0.1")))
        return _Expression(first._replace(fraction=True), second, "fraction", value=share)
    return _Expression(first, second, "count_of_total", out_of=second.value)


def read_quantities(
    text: str, seen: str, numerals: list[Numeral]
) -> tuple[list[Quantity], list[Numeral]]:
    """Join numerals to quantities; the second list holds numerals that count nothing.

    `numerals` must not hold numbers that a trap or a time has set aside.
    """
    found: list[Quantity] = []
    bare: list[Numeral] = []
    index = 0
    floor = 0
    while index < len(numerals):
        second = numerals[index + 1] if index + 1 < len(numerals) else None
        expression = _join(seen, numerals[index], second)
        index += 1 if expression.last is expression.first or second is None else 2
        quantity = _quantity(text, seen, expression, found)
        if quantity is None or quantity.number_start < floor:
            bare.append(expression.first)
            continue
        if quantity.start < floor:
            quantity = quantity._replace(start=quantity.number_start)
        found.append(quantity)
        floor = quantity.end
    return _distribute(seen, found), bare


def _quantity(
    text: str, seen: str, expression: _Expression, before: list[Quantity]
) -> Quantity | None:
    first, last = expression.first, expression.last
    lead = read_lead(seen, first.start)
    lead = _over_the_year_before(seen, lead, first)
    rank = _rank(seen, expression, lead)
    if rank is not None:
        return rank
    unit = _unit(text, seen, expression, lead, before)
    if unit is None:
        return None
    comparator, start, change = _comparator(expression, lead, unit)
    end = max(last.end, unit.end)
    unit = _as_part(text, seen, first, unit)
    end = max(end, unit.end)
    tail = read_tail(seen, end, far=lead.open_range)
    if tail is not None:
        end = tail[0] if "." not in seen[end : tail[0]] else end
        comparator = tail[1]
    value = first.value if expression.value is None else expression.value
    rules = (first.rule, expression.rule, unit.rule, "bound_after" if tail else None)
    quantity = Quantity(
        start if not (tail or expression.value_max) or not lead.open_range else lead.start,
        end, first.start, last.end, value, comparator, unit.text, unit.kind,
        tuple(filter(None, rules)),
        expression.value_max, _bound(lead, change), expression.out_of,
        open_range=lead.open_range and expression.value_max is None and tail is None,
        spelled=first.spelled,
        explicit=lead.comparator is not None or tail is not None,
        fraction=first.fraction,
    )  # fmt: skip
    return _rated(text, seen, quantity)


def _over_the_year_before(seen: str, lead: Lead, first: Numeral) -> Lead:
    """Read a change whose base stands in between: "hơn năm trước 12 bậc"."""
    if lead.change is not None or lead.rank is not None:
        return lead
    low = max(0, lead.start - 40)
    before = seen[low : lead.start]
    if "hơn" not in before and "so " not in before and "kém" not in before:
        return lead
    match = _MORE_THAN_BASE.search(seen, low, lead.start)
    if match is None or match.end() != lead.start:
        return lead
    down = match["less"] is not None
    change = Comparator.DECREASE if down else Comparator.INCREASE
    return lead._replace(change=change)


def _bound(lead: Lead, change: bool) -> Comparator | None:
    if lead.bound is not None:
        return lead.bound
    plain_bound = change and lead.comparator not in {None, Comparator.APPROX}
    return lead.comparator if plain_bound else None


def _as_part(text: str, seen: str, first: Numeral, unit: Unit) -> Unit:
    """Name the whole of "bằng 50% số trạm 4G"."""
    if unit.text != "%" or not _AS_PART.search(seen, max(0, first.start - 28), first.start):
        return unit
    match = _OF_COUNT.match(seen, unit.end)
    if match is None:
        return unit
    return unit._replace(
        end=match.end(), text="%" + text[unit.end : match.end()], rule="share_of_count"
    )


def _comparator(expression: _Expression, lead: Lead, unit: Unit) -> tuple[Comparator, int, bool]:
    """Return the comparator, where the surface starts, and whether it is a change or multiple."""
    if unit.kind == "fold":
        if lead.change is not None or expression.first.rule == "fold_words":
            return Comparator.MULTIPLE, lead.start, True
        return lead.comparator or Comparator.EQUAL, lead.start, False
    if lead.change is Comparator.INCREASE or lead.change is Comparator.DECREASE:
        return lead.change, lead.start, True
    if expression.value_max is not None:
        return Comparator.RANGE, lead.start, False
    if lead.comparator is not None:
        return lead.comparator, lead.start, False
    return Comparator.EQUAL, expression.first.start, False


def _unit(  # noqa: PLR0911 - rules in turn
    text: str, seen: str, expression: _Expression, lead: Lead, before: list[Quantity]
) -> Unit | None:
    first, last = expression.first, expression.last
    unit = read_unit(text, seen, last.end)
    if first.rule == "fold_words":
        return Unit(
            unit.end if unit and unit.kind == "fold" else last.end, "lần", "fold", "fold_words"
        )
    if first.fraction:
        return Unit(last.end, "%", "percent", "fraction")
    if unit is not None:
        return unit
    if first.scale >= 10**9:
        return Unit(last.end, "đồng", "money", "billions_are_money")
    if first.spelled:
        return None
    named = named_count(text, seen, first.start)
    if named is not None:
        return named._replace(end=last.end)
    if INDEX_POINTS.match(seen, first.start) and first.value < 1:
        return Unit(last.end, "điểm", "score", "index_below_one")
    inherited = _inherited_unit(seen, expression, lead, before) if before else None
    if inherited is not None or lead.comparator is None:
        return inherited
    heading = heading_count(text, seen, first.start)
    return None if heading is None else heading._replace(end=last.end)


def _inherited_unit(
    seen: str, expression: _Expression, lead: Lead, before: list[Quantity]
) -> Unit | None:
    """Give a number that is no ordinal, or a quota, the unit of the last count before it."""
    first, end = expression.first, expression.last.end
    kinds = {q.kind for q in before}
    if kinds.isdisjoint(_INHERITED):
        return None
    quota = is_quota(seen, lead.start, end)
    counts = [q for q in before if q.kind in COUNTED or (quota and q.kind == "measure")]
    weighty = lead.comparator is not None and first.value >= 100  # noqa: PLR2004 - not an ordinal
    if counts and (weighty or quota or first.scale > 1):
        return Unit(end, counts[-1].unit, counts[-1].kind, "unit_inherited")
    return None


def _rank(seen: str, expression: _Expression, lead: Lead) -> Quantity | None:
    """Read a rank: "top 10", "thứ 4/13", "25/63" among ranks, "10 địa phương dẫn đầu"."""
    first, last = expression.first, expression.last
    if first.fraction or expression.value_max is not None:
        return None
    rule = _rank_rule(seen, expression, lead)
    if rule is None or first.value != int(first.value):
        return None
    within = rule in {"rank_within", "among_leaders"}
    start = lead.start if lead.rank else first.start
    end = last.end
    if rule == "among_leaders":
        match = leaders_behind(seen, end)
        end = match.end() if match else end
    return Quantity(
        start, end, first.start, last.end, first.value,
        Comparator.AT_MOST if within else Comparator.EQUAL, "hạng", "rank", (first.rule, rule),
        out_of=expression.out_of, explicit=within, spelled=first.spelled,
    )  # fmt: skip


def _rank_rule(seen: str, expression: _Expression, lead: Lead) -> str | None:  # noqa: PLR0911 - rules in turn
    first, end = expression.first, expression.last.end
    sharp = seen[end : end + 2].lstrip()[:1] == "%"
    if sharp or first.scale > 1:
        return None
    if lead.rank is not None and lead.comparator is not None:
        return None
    if lead.rank == "within":
        return None if first.spelled or not _is_group(seen, lead, end) else "rank_within"
    if lead.rank == "at":
        return _place_rule(seen, expression, lead)
    total = expression.out_of
    if total is not None and total >= _LEAST_TOTAL and not first.spelled:
        counted = read_unit(seen, seen, end) is not None
        return None if counted or not speaks_of_ranks(seen) else "rank_of_total"
    behind = leaders_behind(seen, end)
    if (
        behind
        and not first.spelled
        and not re.search(r"[\d,;.]", seen[end : behind.start()].replace(", ", ""))
    ):
        near = len(seen[end : behind.start()].split()) <= _LEADERS_REACH
        unit = read_unit(seen, seen, end)
        return "among_leaders" if near and unit and unit.kind == "count" else None
    return None


def _is_group(seen: str, lead: Lead, end: int) -> bool:
    """Tell "nằm trong nhóm 5", "nhóm 30/63" from the label "Nhóm 1:"."""
    if not seen.startswith("nhóm", lead.start):
        return True
    inside = _INSIDE.search(seen, max(0, lead.start - 12), lead.start) is not None
    return inside or leaders_behind(seen, end) is not None


def _place_rule(seen: str, expression: _Expression, lead: Lead) -> str | None:
    phrase = " ".join(seen[lead.start : expression.first.start].split())
    if (
        phrase in {"xếp", "đứng", "xếp hạng"}
        and expression.out_of is None
        and read_unit(seen, seen, expression.last.end)
    ):
        return None
    if phrase == "thứ" and not speaks_of_ranks(seen):
        return None
    return "rank_at"


def _rated(text: str, seen: str, quantity: Quantity) -> Quantity:
    """Add what the clause divides by, and the yearly frequency of a recurring duty."""
    if quantity.kind == "duration" and quantity.unit.endswith("/lần"):
        span = MONTHS.get(quantity.unit.split("/")[0])
        times = (
            None
            if span is None or not quantity.value
            else plain((span / quantity.value).quantize(Decimal("0.01")))
        )
        return quantity._replace(kind="frequency", freq_per_year=times)
    if quantity.kind == "percent" and "rate_yearly" in quantity.rules and not quantity.changes:
        unit = quantity.unit.removesuffix("/năm")
        return quantity._replace(unit=unit, freq_per_year=Decimal(1))
    if "/" not in quantity.unit:
        rate = rate_before(text, seen, quantity.start)
        if rate is not None and _takes_rate(seen, quantity, rate):
            rules = (*quantity.rules, rate[1])
            quantity = quantity._replace(unit=f"{quantity.unit}/{rate[0]}", rules=rules)
    if quantity.kind == "fold" and "/" in quantity.unit:
        span = MONTHS.get(quantity.unit.split("/")[1])
        yearly = {"năm": 1, "tháng": 12, "quý": 4, "tuần": 52, "ngày": 365}.get(
            quantity.unit.split("/")[1]
        )
        times = quantity.value * yearly if span and yearly else None
        return quantity._replace(kind="frequency", freq_per_year=times)
    return quantity


def _takes_rate(seen: str, quantity: Quantity, rate: tuple[str, str]) -> bool:
    if quantity.kind == "percent":
        gap = seen[max(0, quantity.start - 24) : quantity.start]
        return rate == ("năm", "per_time") and "," not in gap
    if rate[1] == "per_time":
        return quantity.kind in {"output", "count", "fold", "money", "duration"}
    return quantity.kind in COUNTED


def _distribute(seen: str, found: list[Quantity]) -> list[Quantity]:
    """Carry a bound over "và" and "," to a number that has no words of its own (4.2)."""
    for index in range(1, len(found)):
        before, here = found[index - 1], found[index]
        if before.kind != here.kind or here.comparator is not Comparator.EQUAL:
            continue
        if before.comparator not in _BOUNDS:
            continue
        if here.kind == "rank" or "bound_after" in before.rules:
            continue
        between = seen[before.end : here.start]
        if re.search(r"(?:,| và| lẫn| cùng) *$", between) and not re.search(r"[;:.(]", between):
            found[index] = here._replace(
                comparator=before.comparator, rules=(*here.rules, "bound_distributed")
            )
    return found
