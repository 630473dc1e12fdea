"""What a number counts: the words right behind it, rates, and what each bearer gets (5.6)."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from pipeline.targets.lexical import (
    WORD_END,
    WORD_START,
    alternation,
    forms,
    late,
    rows,
    view,
)

if TYPE_CHECKING:
    import re
    from collections.abc import Iterator

_WORD_KINDS = (
    "permille", "point", "rank", "fold", "money", "speed", "measure", "duration",
    "output", "count", "score",
)  # fmt: skip
COUNTED = frozenset({"output", "count"})


def _kinds() -> dict[str, tuple[str, str | None]]:
    table: dict[str, tuple[str, str | None]] = {}
    for kind in _WORD_KINDS:
        for row in rows("units", kind):
            for form in row["forms"]:
                table.setdefault(view(form), (kind, row.get("canonical")))
    return table


_KINDS = _kinds()
_TIME_WORDS = alternation(rows("units", "time_rate")[0]["values"])
_TIME_LEADS = alternation(rows("units", "time_rate")[0]["lead"])
_BEARERS = alternation(forms("units", "bearer"))
_WHOLES = alternation(forms("units", "of_whole"))
PERCENT = alternation(forms("units", "percent"))
UNIT_WORDS = alternation(_KINDS)
_PERCENT = late(rf" *[\"“]?(?P<percent>{PERCENT})(?: +(?P<whole>{_WHOLES}){WORD_END})?")
_QUOTE = late(r" *[\"“](?! )")
_WORD = late(rf" *(?P<word>{UNIT_WORDS}){WORD_END}")
_RATE = late(rf" ?/ ?(?P<bearer>{_BEARERS}|[^\W\d_]+\d?(?: đất)?){WORD_END}")
_EVERY_AFTER = late(rf" +(?P<lead>{_TIME_LEADS}) +(?P<time>{_TIME_WORDS}){WORD_END}")
_EVERY_BEFORE = late(
    rf"{WORD_START}(?:mỗi|một|bình quân (?:hằng|hàng)?|trung bình (?:hằng|hàng|một|1)?|1) *"
    rf"(?P<time>{_TIME_WORDS}){WORD_END}[^\d;:.]{{0,40}}$"
)
_BEARER_BEFORE = late(rf"{WORD_START}mỗi +(?P<bearer>{_BEARERS}){WORD_END}[^\d;:.]{{0,48}}$")
_PER_HEADS = late(
    rf"{WORD_START}cứ +(?P<bearer>\d[\d.]* +(?:dân|người|hộ|hộ dân)){WORD_END}[^\d;:]{{0,40}}$"
)
_NAMES = late(rf"{WORD_START}(?:số lượng|số|lượng) +")
_BARE_NAMES = late("(?:số|lượng) +")
_UP_TO_THE_NUMBER = late(r"[^\d;.]{0,60}(?=[0-9])")
_TO_THE_NUMBER = late(r"[^\d;.]{0,60}$")
_DIGIT_NEXT = late(r" *\d")
_LOOK_BACK = 72


class Unit(NamedTuple):
    """A unit found: where it ends, how it is written, its kind and the rule that gave it."""

    end: int
    text: str
    kind: str
    rule: str


def read_unit(text: str, seen: str, end: int) -> Unit | None:
    """Read the unit behind the number that ends at `end`, with any rate ("cán bộ/xã").

    >>> read_unit("đạt 20% GRDP", "đạt 20% grdp", 6)
    Unit(end=12, text='% GRDP', kind='percent', rule='share_of_whole')
    >>> read_unit("6 tháng/lần", "6 tháng/lần", 1).text
    'tháng/lần'
    """
    match = _PERCENT.match(seen, end)
    if match is not None:
        whole = match["whole"]
        written = "%" if whole is None else f"% {text[match.start('whole') : match.end('whole')]}"
        unit = Unit(match.end(), written, "percent", "share_of_whole" if whole else "percent_sign")
    else:
        match = _word_at(seen, end)
        if match is None:
            return None
        kind, canonical = _KINDS[" ".join(match["word"].split())]
        written = canonical or text[match.start("word") : match.end("word")]
        unit = Unit(match.end(), written, kind, "classifier")
    return _with_rate(text, seen, unit)


def _word_at(seen: str, end: int) -> re.Match[str] | None:
    """Match a unit of words behind a number, which may open with a quotation mark."""
    if not (seen.startswith(" ", end) and seen[end + 1 : end + 2].isalpha()):
        quote = _QUOTE.match(seen, end)
        end = end if quote is None else quote.end()
    return _WORD.match(seen, end)


def kind_of(word: str) -> str:
    """Return the kind of a unit as it is written in a view, with any number of spaces.

    >>> kind_of("hồ  sơ"), kind_of("đồng")
    ('output', 'money')
    """
    kind = _KINDS.get(word) or _KINDS[" ".join(word.split())]
    return kind[0]


def _with_rate(text: str, seen: str, unit: Unit) -> Unit:
    for _ in range(2):
        match = _RATE.match(seen, unit.end)
        if match is None:
            break
        bearer = text[match.start("bearer") : match.end("bearer")]
        unit = Unit(match.end(), f"{unit.text}/{bearer}", unit.kind, "rate_after_slash")
    if "/" not in unit.text and (match := _EVERY_AFTER.match(seen, unit.end)) is not None:
        yearly = match["lead"] in {"hằng", "hàng"}
        rule = "rate_yearly" if yearly else "rate_every"
        unit = Unit(match.end(), f"{unit.text}/{match['time']}", unit.kind, rule)
    return unit


def rate_before(text: str, seen: str, start: int) -> tuple[str, str] | None:
    """Return what the clause before a number divides it by, and the rule: "mỗi xã …" is per xã.

    >>> rate_before("Mỗi xã có tối thiểu 02 cán bộ", "mỗi xã có tối thiểu 02 cán bộ", 20)
    ('xã', 'per_bearer')
    """
    low = max(0, start - _LOOK_BACK)
    window = seen[low:start]
    if "mỗi" not in window and "cứ" not in window and "bình" not in window:
        return None
    for pattern, rule in ((_BEARER_BEFORE, "per_bearer"), (_PER_HEADS, "per_heads")):
        match = pattern.search(window)
        if match is not None:
            begin, end = match.span("bearer")
            return text[low + begin : low + end].split(",", maxsplit=1)[0], rule
    match = _EVERY_BEFORE.search(window)
    return None if match is None else (match["time"], "per_time")


def may_name_count(seen: str) -> bool:
    """Tell cheaply whether a view may hold "số X"; a yes is no promise."""
    return "số " in seen or "lượng " in seen


def named_before(seen: str) -> Iterator[tuple[str, int]]:
    """Yield the units that "số" names before a number, and where that number begins.

    >>> list(named_before("số xã đạt chuẩn là 12"))
    [('xã', 19)]
    """
    for name in _BARE_NAMES.finditer(seen):
        match = _WORD.match(seen, name.end())
        number = None if match is None else _UP_TO_THE_NUMBER.match(seen, match.end())
        if match is not None and number is not None:
            yield match["word"], number.end()


def named_count(text: str, seen: str, start: int) -> Unit | None:
    """Return the unit that "số X … là" names before a bare number."""
    low = max(0, start - _LOOK_BACK)
    window = seen[low:start]
    match = _named_in(window) if may_name_count(window) else None
    if match is None:
        return None
    return _counted(text[low:start], match, start, "count_named_before")


def heading_count(text: str, seen: str, start: int) -> Unit | None:
    """Return the unit at the head of the clause of a bare number."""
    low = max(0, *(seen.rfind(mark, 0, start) + 1 for mark in ";.:"))
    match = _head_in(seen, low, start)
    return None if match is None else _counted(text, match, start, "count_heads_the_clause")


def _counted(text: str, match: re.Match[str], start: int, rule: str) -> Unit:
    kind, canonical = _KINDS[" ".join(match["word"].split())]
    written = canonical or text[match.start("word") : match.end("word")]
    return Unit(start, written, kind, rule)


def _named_in(window: str) -> re.Match[str] | None:
    """Match the unit behind "số" that names what the number behind the window counts."""
    for name in _NAMES.finditer(window):
        match = _WORD.match(window, name.end())
        if match is not None and _TO_THE_NUMBER.match(window, match.end()) is not None:
            return match
    return None


def _head_in(seen: str, low: int, high: int) -> re.Match[str] | None:
    """Match the unit at the head of a clause, unless a number counts it there."""
    match = _WORD.match(seen, low, high)
    while match is not None and _goes_on(seen, match.end(), high):
        match = _WORD.match(seen, low, match.end() - 1)
    return match


def _goes_on(seen: str, end: int, high: int) -> bool:
    """True if the word goes on, or a number follows."""
    within = end < high and seen[end].isalnum()
    return within or _DIGIT_NEXT.match(seen, end, high) is not None
