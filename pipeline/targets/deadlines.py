"""Dates, years, quarters and plan terms, and what each does for a number (guideline 4.3)."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from pipeline.targets.lexical import WORD_END, WORD_START, alternation, late, lengths, rows, view
from pipeline.targets.units import read_unit

if TYPE_CHECKING:
    import re
    from collections.abc import Iterator

_YEAR = r"(?:19|20)\d\d"
_DATE_MARK = r"(?:\\?[/.]|-)"
_TO = r" *(?:-|–|—|đến|tới) *(?:năm +)?"
_RELATIVE: dict[str, int] = rows("deadlines", "relative")[0]["values"]
_QUARTERS: dict[str, int] = rows("numerals", "roman_quarter")[0]["values"]
_DAY_LEADS = alternation(
    [
        "ngày",
        "trước",
        "đến",
        "hết",
        "sáng",
        "chiều",
        "tối",
        "hôm",
        "từ",
        "trưa",
        "đêm",
        "tới",
        "nhất",
        "và",
        "sau",
        "là",
    ]
)
_TIME = late(
    rf"(?=\d|(?<![^\W_])[nsctqđgh])(?:(?<![\d/.,-])(?P<d>\d{{1,2}}){_DATE_MARK}(?P<m>\d{{1,2}}){_DATE_MARK}(?P<y>{_YEAR})(?!\d)"
    rf"|ngày +(?P<wd>\d{{1,2}}) *tháng +(?P<wm>\d{{1,2}})"
    rf"(?: *(?:,|-|/)? *(?:năm *)?(?P<wy>{_YEAR}))?(?!\d)"
    rf"|(?<![\d/.,-])(?P<y1>{_YEAR}){_TO}(?P<y2>{_YEAR})(?![\d%])"
    rf"|(?:6|sáu) +tháng +(?P<half>đầu|cuối) +năm(?: +(?P<hy>{_YEAR})| +nay)?{WORD_END}"
    rf"|nửa +(?P<half2>đầu|cuối) +năm(?: +(?P<hy2>{_YEAR})| +nay)?{WORD_END}"
    rf"|(?P<past>\d{{1,2}} +tháng +(?:đầu +năm|năm|qua)(?: +{_YEAR}| +nay)?){WORD_END}"
    rf"|quý +(?P<q>{alternation(_QUARTERS)}|[1-4])"
    rf"(?: *[/-] *(?P<qy>{_YEAR})|,? +năm +(?P<qy2>{_YEAR}))?{WORD_END}"
    rf"|tháng +(?P<mm>\d{{1,2}})"
    rf"(?: *[/.-] *(?P<my>{_YEAR})|,? +năm +(?P<my2>{_YEAR}))?(?![\d/]|[^\W_])"
    rf"|(?P<part>đầu|giữa|cuối) +năm +(?P<py>{_YEAR}){WORD_END}"
    rf"|{WORD_START}(?P<rel>{alternation(_RELATIVE)}){WORD_END}(?! +{_YEAR})"
    rf"|năm +(?P<yy>{_YEAR}){WORD_END}(?!\.\d)"
    rf"|(?P<sooner>(?P<n>\d{{1,2}}) +năm +(?:tới|nữa)){WORD_END}"
    rf"|(?<=[\w(] )(?<![\d/.,-])(?P<dd>\d{{1,2}}){_DATE_MARK}(?P<dm>\d{{1,2}})"
    r"(?![\d/]|[.,-]\d| *%|[^\W_])"
    rf"|(?<![\d/.,-])(?P<sm>\d{{1,2}}){_DATE_MARK}(?P<sy>{_YEAR})(?!\d)"
    rf"|(?<![\d/.,%-])(?<![^\W_])(?P<by>20[0-4]\d)(?![\d%/-]|[.,]\d| *%|[^\W_]))"
)
# One for each century: a search for digits known beforehand is several times faster.
_SPANS_OF_YEARS = [late(rf"{first}\d\d(?<!\d{{5}}){_TO}{_YEAR}") for first in ("19", "20")]
# A time begins with the digits of a date or a year, with digits before "tháng" or "năm", or with
# a word; all but the first hold one of three words.
_DATE = rf"(?<=(?<![\d/.,-])\d)(?:(?=\d?{_DATE_MARK}(?:\d\d?(?!\d)|{_YEAR}))|(?<=[12])(?=[09]\d\d))"
_WORDS = alternation(
    [
        *("ngày ", "tháng ", "quý ", "sáu tháng", "nửa đầu", "nửa cuối"),
        *("đầu năm", "giữa năm", "cuối năm", "năm 1", "năm 2", *_RELATIVE),
    ]
)
# `re` skips to what is no Vietnamese letter: a digit, or what stands before a word.
_START = late(
    rf"[^a-zà-öø-ÿĀ-ɏḀ-ỿ](?:(?<=\d)(?:(?=\d? +(?:tháng|năm) )|{_DATE})|(?<=[\W_])(?={_WORDS}))"
)
_START_OF_DATE = late(rf"\d{_DATE}")
_DAY_LEAD = late(rf"{WORD_START}(?:{_DAY_LEADS}) $")
_LETTERS_LAST = late(r"[^\W\d_]+$")
_MONTHS = 12
_DAYS = 31
_LOOK_BACK = 48
_LONGEST = 4
_PART = {"đầu": "-Q1", "giữa": "-06", "cuối": ""}


class TimeMention(NamedTuple):
    """A time in a sentence: its span, ISO form ("2025", "2026-06-30", "2026-Q3"), and its role.

    Roles: `until` and `in` can be deadlines, `as_of` is a state, `since`, `compare` and `vision`
    never bind a number. `period` is set for a span of years.
    """

    start: int
    end: int
    iso: str | None
    role: str
    period: str | None = None
    exact: bool = False
    worded: bool = True

    @property
    def year(self) -> int | None:
        """The year of the mention, if it is known."""
        return int(self.iso[:4]) if self.iso else None


def names_span_of_years(seen: str) -> bool:
    """True if a view holds two years with "to" in between, as every time with a `period` does.

    >>> names_span_of_years("giai đoạn 2021 - 2025"), names_span_of_years("năm 2021")
    (True, False)
    """
    return any(span.search(seen) is not None for span in _SPANS_OF_YEARS)


def _roles() -> dict[str, str]:
    table: dict[str, str] = {}
    for role in ("in", "span", "until", "as_of", "since", "compare", "vision"):
        for row in rows("deadlines", role):
            table.update((view(form), role) for form in row["forms"])
    return table


_ROLES = _roles()
_LENGTHS = lengths(_ROLES)
_HEADS = ("cuối ", "hết ")
_LAST_OF_ROLES = _LENGTHS.keys() | {"ngày"}


def _day(year: str | int | None, month: str, day: str) -> str | None:
    if not (0 < int(month) <= _MONTHS and 0 < int(day) <= _DAYS) or year is None:
        return None
    return f"{year}-{int(month):02d}-{int(day):02d}"


def _month(year: str | int | None, month: str) -> str | None:
    return f"{year}-{int(month):02d}" if year is not None and 0 < int(month) <= _MONTHS else None


def _with_year(year: str | int | None, rest: str) -> str | None:
    return None if year is None else f"{year}{rest}"


def _iso(match: re.Match[str], here: int | None) -> tuple[str | None, str | None, bool]:
    """Return ISO form, period and exactness of a match; `here` is the year of the page.

    The last of its groups that took part tells which form of time it is.
    """
    last = match.lastgroup
    if last in {"yy", "by"}:
        return match[last], None, False
    if last == "y":
        return _day(match["y"], match["m"], match["d"]), None, True
    if last in {"wm", "wy"}:
        return _day(match["wy"] or here, match["wm"], match["wd"]), None, True
    if last == "dm":
        return _day(here, match["dm"], match["dd"]), None, True
    if last == "y2":
        first, year = match["y1"], match["y2"]
        return year, f"{first}-{year}" if first < year else None, False
    return _coarse(match, here), None, False


def _coarse(match: re.Match[str], here: int | None) -> str | None:  # noqa: PLR0911 - rules in turn
    last = match.lastgroup
    if last in {"mm", "my", "my2"}:
        return _month(match["my"] or match["my2"] or here, match["mm"])
    if last in {"q", "qy", "qy2"}:
        quarter = _QUARTERS.get(match["q"]) or int(match["q"])
        return _with_year(match["qy"] or match["qy2"] or here, f"-Q{quarter}")
    if last in {"half", "hy", "half2", "hy2"}:
        first = (match["half"] or match["half2"]) == "đầu"
        return _with_year(match["hy"] or match["hy2"] or here, "-H1" if first else "-H2")
    if last == "sy":
        return _month(match["sy"], match["sm"])
    if last == "py":
        return _with_year(match["py"], _PART[match["part"]])
    if last == "past" or here is None:
        return None
    offset = int(match["n"]) if last == "sooner" else _RELATIVE[" ".join(match["rel"].split())]
    return str(here + offset)


def _role(seen: str, match: re.Match[str], *, exact: bool) -> str:
    """Read the words before a time, longest phrase first."""
    if match.lastgroup == "past":
        return "as_of"
    start = match.start()
    before = seen[max(0, start - _LOOK_BACK) : start].rsplit(None, _LONGEST + 1)
    head = seen.startswith(_HEADS, start)
    if not head and before and before[-1].isalpha() and before[-1] not in _LAST_OF_ROLES:
        return "since" if exact else "in"
    found = _last_words(before[-_LONGEST - 1 :])
    if head:
        found.append(match[0].split()[0])
    if exact and found[-1:] == ["ngày"]:
        found.pop()
    for length in _LENGTHS.get(found[-1], ()) if found else ():
        known = length <= min(len(found), _LONGEST)
        role = _ROLES.get(" ".join(found[-length:])) if known else None
        if role is not None:
            return "in" if role == "span" else role
    return "since" if exact else "in"


def _last_words(before: list[str]) -> list[str]:
    """Return the words at the end of a stretch, split at blanks, with only blanks between them."""
    found: list[str] = []
    for token in reversed(before):
        if not token.isalpha():
            tail = _LETTERS_LAST.search(token)
            found += [tail[0]] if tail else []
            break
        found.append(token)
    return found[::-1]


def scan_times(text: str, seen: str, here: int | None) -> list[TimeMention]:
    """Return the times of a sentence in order; `here` is the year the page speaks from.

    >>> [(t.iso, t.role) for t in scan_times("", "đến 30/6/2026, so với năm 2024", 2025)]
    [('2026-06-30', 'until'), ('2024', 'compare')]
    >>> scan_times("", "đạt 2.025 hồ sơ", 2025)
    []
    """
    found: list[TimeMention] = []
    for match in _find(seen):
        last = match.lastgroup
        if last == "dm" and not _is_day(seen, match):
            continue
        if last == "by" and read_unit(text or seen, seen, match.end()) is not None:
            continue
        iso, period, exact = _iso(match, here)
        role = _role(seen, match, exact=exact)
        found.append(
            TimeMention(match.start(), match.end(), iso, role, period, exact, last != "by")
        )
    return found


def _find(seen: str) -> Iterator[re.Match[str]]:
    """Find the times of a view, trying only digits and the words that begin a time."""
    worded = "năm" in seen or "tháng" in seen or "quý" in seen
    search = _START.search if worded else _START_OF_DATE.search
    at = 0
    match = _TIME.match(seen)
    while True:
        if match is not None:
            yield match
            at = match.end()
        near = search(seen, at - 1 if match is not None else at)
        if near is None:
            return
        digit = near[0].isdecimal()
        start = near.start() if digit else near.end()
        match = _TIME.match(seen, start) if start >= at else None
        at = max(at, start + 1)


def _is_day(seen: str, match: re.Match[str]) -> bool:
    day, month = int(match["dd"]), int(match["dm"])
    valid = 0 < day <= _DAYS and 0 < month <= _MONTHS
    lead = _DAY_LEAD.search(seen[max(0, match.start() - 10) : match.start()])
    return valid and lead is not None
