"""Numbers that measure nothing: names, ordinals, dates of papers, inputs (guideline 3.3, 5.7)."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from pipeline.targets.lexical import (
    WORD_END,
    WORD_START,
    alternation,
    forms,
    last_words,
    late,
    rows,
    view,
    words,
)
from pipeline.targets.units import read_unit

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pipeline.targets.quantities import Quantity

_NUMBER = r"\d[\d.,]*(?<![.,])"
_NO_UNIT = r"(?! *(?:%|phần trăm|triệu|tỷ|tỉ|nghìn|ngàn)|[\d.,]*\d|/\d| *(?:-|–|đến) *\d[\d.,]* *%)"
_DOC_NUMBER = late(
    r"\d(?<![\w.,]\d)\d{0,4}(?:/\d{4})?[/-](?:[A-ZĐ][A-ZĐa-z]*\d*[-/&.]?)+(?:[A-ZĐ\d]*)"
)
_ADDRESS = late(
    r"(?<!\S)(?:(?:https?://|www\.)\S+|\S+\.(?:vn|com|net|org|jpg|jpeg|png|html?|gov)(?![^\W_])\S*|\S+@\S+)"
)
_DOMAIN = late(r"\.(?:vn|com|net|org|jpg|jpeg|png|html?|gov)")
_CLOCK = late(
    r"\d(?<!\d\d)\d?(?::\d{2}(?::\d{2})?|h\d{0,2}(?![^\W\d_])| ?giờ(?: \d{1,2})?(?! làm))(?!\d)"
)
_PHONE = late(
    r"(?<![\d,])(?:\+84|0)\d{1,4}(?:[. -]\d{3,4}){2,3}(?![\d,])|(?<!\d)0\d{9,10}(?!\d)|24/7"
)
_LIST_MARK = late(r"(?:^|[;:.] ?)\(?\d{1,2}(?:\.\d{1,2})*[.)](?= )(?!\d)|\(\d{1,2}\)|\(i{1,3}\)")
_RUN = late(r"\d+")
_SUFFIX = late(r"[^\W\d_]{1,6}\d?(?![^\W_])|[^\W\d_]")
_NO_SUFFIX = frozenset(("", *" %,;:/)-"))
_DIALLED = 10
_UNIT_SUFFIXES = frozenset(forms("traps", "unit_suffix"))


class SetAside(NamedTuple):
    """A span of a sentence whose numbers do not count, and the type of trap."""

    start: int
    end: int
    kind: str


def _after() -> tuple[re.Pattern[str], dict[str, dict[str, Any]]]:
    groups = []
    found = {}
    for index, row in enumerate(rows("traps", "after")):
        gap = "" if row.get("attached") else " +"
        found[f"a{index}"] = row
        groups.append(f"(?P<a{index}>{gap}(?:{alternation(row['forms'])}){WORD_END})")
    return late("|".join(groups)), found


_BEFORE_TYPES = {
    view(form): str(row["type"]) for row in rows("traps", "before")[::-1] for form in row["forms"]
}
_BEFORE = late(
    rf"[\W_](?:(?P<form>{alternation(_BEFORE_TYPES)})"
    rf"|(?P<contact>{alternation(f for f, kind in _BEFORE_TYPES.items() if kind == 'contact')}) *:)"
    rf" +(?P<n>{_NUMBER}){_NO_UNIT}(?![^\W\d_])"
    r"(?:(?: *,| và| hoặc|-) *\d{1,4}(?![\d.,]*\d| *%|[^\W_]))*"
)
_LEAD = 24
_BEFORE_WORDS = last_words(forms("traps", "before"))
_BEFORE_ENDS = frozenset(f" {word}"[-2:] for word in _BEFORE_WORDS)
_AFTER, _AFTER_ROWS = _after()


def _gap(row: dict[str, Any]) -> str:
    """Return what may stand between a number and the words behind it."""
    return " +" if row.get("adjacent") else r"[^\d;:.,]{0,30}?"


class _Around:
    """The words around a number that make a trap: those of one row, or of any of several."""

    def __init__(self, found: Iterable[dict[str, Any]]) -> None:
        """Take rows of the lexicon; patterns are compiled when they are first used."""
        found = list(found)
        gaps = "|".join(sorted({_gap(row) for row in found}))
        leads = [f for row in found if not row.get("needs_after") for f in row.get("before", [])]
        follows = [form for row in found for form in row.get("after", [])]
        self._before = self._after = None
        if leads:
            self._before = late(rf"[\W_](?:{alternation(leads)}){WORD_END}[^\d;:.,]{{0,34}}$")
        if follows:
            self._after = late(f"(?:{gaps}){WORD_START}(?:{alternation(follows)}){WORD_END}")

    def hold(self, before: str, seen: str, end: int) -> bool:
        """True if words stand before a number, behind a blank, or behind its `end`."""
        if self._after is not None and self._after.match(seen, end) is not None:
            return True
        return self._before is not None and self._before.search(before) is not None


_AROUND = [(row, _Around([row])) for row in rows("traps", "around")]
_SPEECH = late(
    rf"[\W_](?:(?P<contest>{alternation(rows('traps', 'contest')[0]['forms'])})"
    rf"|(?P<market>{alternation(rows('traps', 'market')[0]['forms'])})){WORD_END}"
)
GAME_KINDS = frozenset({"rank", "percent", "score", "fold", "count"})
OUTCOME = late(words(rows("traps", "outcome")[0]["forms"]))
_KINDS = frozenset({"duration", "money"})
_BARE_KINDS = frozenset({"percent", "output", "count", "measure"})
_LOOK_BACK = 56


def scan_names(text: str, seen: str) -> list[SetAside]:
    """Return the spans of names, papers, clocks and list marks: no number in them counts.

    >>> [s.kind for s in scan_names("(1) Nghị quyết 57, mạng 5G", "(1) nghị quyết 57, mạng 5g")]
    ['list_marker', 'programme_id', 'name']
    """
    marks: set[str] = set()
    glued: list[SetAside] = []
    phone = "+84" in seen or "24/7" in seen
    named = False
    for match in _RUN.finditer(seen):
        start, end = match.span()
        before, behind = seen[start - 1 : start], seen[end : end + 1]
        marks.add(behind)
        named = named or (before == " " and _names(seen, start - 1))
        phone = phone or (seen[start] == "0" and _dials(seen, start, end))
        bare = behind in _NO_SUFFIX and not (before == "-" or before.isalpha())
        if not bare and _is_glued(seen, start, end):
            glued.append(SetAside(start, end, "name"))
    found: list[SetAside] = []
    if "/" in marks or "-" in marks:
        found += [SetAside(*m.span(), "doc_no") for m in _DOC_NUMBER.finditer(text)]
    if "@" in seen or "://" in seen or "www." in seen or _DOMAIN.search(seen) is not None:
        found += [SetAside(*m.span(), "url") for m in _ADDRESS.finditer(seen)]
    if ":" in marks or "h" in marks or "giờ" in seen:
        found += [SetAside(*m.span(), "time") for m in _CLOCK.finditer(seen)]
    if phone:
        found += [SetAside(*m.span(), "phone") for m in _PHONE.finditer(seen)]
    if ")" in marks or "(i" in seen or ("." in marks and ". " in seen):
        found += [SetAside(*m.span(), "list_marker") for m in _LIST_MARK.finditer(seen)]
    if named:
        for match in _BEFORE.finditer(f" {seen}"):
            form = match["form"] or match["contact"]
            kind = _BEFORE_TYPES[" ".join(form.split())]
            found.append(SetAside(match.start("n") - 1, match.end() - 1, kind))
    return sorted(found + glued)


def _names(seen: str, start: int) -> bool:
    """Tell cheaply whether a word before a number may make it a name."""
    lead = seen[max(0, start - _LEAD) : start].rstrip(" :")
    return lead[-2:] in _BEFORE_ENDS and lead.endswith(_BEFORE_WORDS)


def _dials(seen: str, start: int, end: int) -> bool:
    """Tell cheaply whether digits behind a nought may be a telephone number, or its first."""
    more = seen[end : end + 1] in {" ", ".", "-"} and seen[end + 1 : end + 2].isdecimal()
    return (more and end - start > 1) or end - start >= _DIALLED


def _is_glued(seen: str, start: int, end: int) -> bool:
    """True for digits that letters make a name: "5g", "qr2", "covid-19", "4.0"."""
    before = seen[max(0, start - 2) : start]
    if before[-1:].isalpha() or (before[-1:] == "-" and before[:1].isalpha()):
        return True
    if end - start == 1 and seen[end : end + 2] == ".0" and not seen[end + 2 : end + 3].isdigit():
        return True
    suffix = _SUFFIX.match(seen, end)
    return suffix is not None and suffix[0] not in _UNIT_SUFFIXES


def trap_after(seen: str, end: int, *, completed: bool) -> str | None:
    """Return the type of the trap right behind a number, or None.

    >>> trap_after("từ 15 tuổi trở lên", 5, completed=False)
    'age'
    >>> trap_after("đạt 15%", 6, completed=False) is None
    True
    """
    match = _AFTER.match(seen, end)
    if match is None:
        return None
    unit = read_unit(seen, seen, end)
    if unit is not None and unit.end > match.end():
        return None
    row = next(_AFTER_ROWS[name] for name, value in match.groupdict().items() if value)
    if completed and row.get("unless_completed"):
        return None
    return str(row["type"])


@lru_cache(maxsize=1024)
def off_topic(seen: str) -> str | None:
    """Return "contest" or "market" for a sentence of games or quotations, else None.

    >>> off_topic("giá vàng tăng 0,2%")
    'market'
    """
    match = _SPEECH.search(f" {seen}")
    return None if match is None else match.lastgroup


def is_off_topic(topic: str, quantity: Quantity) -> bool:
    """True if a number of that kind counts nothing in such a sentence."""
    return topic == "market" or quantity.kind in GAME_KINDS


def trap_around(seen: str, quantity: Quantity) -> str | None:
    """Return the type of trap that the words around a quantity make of it, or None."""
    kind = quantity.kind
    before = seen[max(0, quantity.start - _LOOK_BACK) : quantity.start]
    any_of_them, found = _around_unit(kind, quantity.unit)
    if not any_of_them.hold(f" {before}", seen, quantity.end):
        return None
    outcome = kind == "money" and OUTCOME.search(re.split(r"[,;:.]", before)[-1]) is not None
    for trap, around in found:
        if not (outcome and trap == "input") and around.hold(f" {before}", seen, quantity.end):
            return trap
    return None


@lru_cache(maxsize=256)
def _around_unit(kind: str, written: str) -> tuple[_Around, tuple[tuple[str, _Around], ...]]:
    """Return the rows that may hold for quantities of a kind and unit: as one, and one by one."""
    unit = written.split("/", maxsplit=1)[0].lower()
    found = []
    for index, (row, _) in enumerate(_AROUND):
        units = row.get("units", [])
        if units:
            timed = kind in _KINDS and kind in units
            fits = timed or unit in units or written in units
        else:
            fits = kind in _BARE_KINDS
        if fits and not (row["type"] == "discount" and kind != "percent"):
            found.append(index)
    return _any_around(*found), tuple((_AROUND[i][0]["type"], _AROUND[i][1]) for i in found)


@lru_cache(maxsize=256)
def _any_around(*found: int) -> _Around:
    """Return the words of some rows as one: units share them, so they are compiled once."""
    return _Around(_AROUND[index][0] for index in found)
