"""What a single line is when it is no part of the story: counters, widgets, credits, sources."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from pipeline.lexicon import load
from pipeline.orthography import fold_tone_placement
from pipeline.records import Kind

if TYPE_CHECKING:
    from collections.abc import Sequence

LONGEST_FURNITURE = 160
"""Code points; a longer line is an address, a picture or part of the story."""

_BULLET = re.compile(
    r"[-–—+•●▪◦*►▶✓✔➢■□·]\s*+(?=\S)|(?:[a-zđ]|\(?\d{1,2}|[ivx]{1,4})\)\s|\([a-zđ]\)\s"
)
_LONG_ADDRESS = re.compile(r"(?:[^:\n]{1,40}:\s*)?https?://\S+\s*", re.IGNORECASE)
_PICTURE = re.compile(r"\[?!\[[^\n]*\)")
_PICTURE_STARTS = ("![", "[![")
_PICTURE_ENDINGS = (".jpg", ".jpeg", ".png", ".gif", ".webp", ".bmp")
_EDGES = " •●▪*_-–|:>"
_COUNT = re.compile(r"\s*\(?\d{1,7}\)?\Z")
_SEPARATORS = r"[\s|,;•·–—-]"


@dataclass(frozen=True, slots=True)
class _Rules:
    """The lexicon of furniture, compiled."""

    lines: dict[str, Kind]
    top_lines: dict[str, Kind]
    atoms: re.Pattern[str]
    widget_atoms: re.Pattern[str]
    meta_atoms: re.Pattern[str]
    leading_date: re.Pattern[str]
    patterns: re.Pattern[str]


@cache
def _rules() -> _Rules:
    table = load("furniture")
    lines: dict[str, Kind] = {}
    top_lines: dict[str, Kind] = {}
    for row in table["line"]:
        words = dict.fromkeys(row["words"], Kind(row["kind"]))
        (top_lines if row.get("place") == "top" else lines).update(words)
    atoms = {kind: _atoms(kind) for kind in (Kind.WIDGET, Kind.META)}
    each = "|".join(atoms.values())
    sections = "|".join(sorted(map(re.escape, top_lines), key=len, reverse=True))
    run = rf"(?:{_SEPARATORS}*+(?:{each}))++"
    return _Rules(
        lines,
        top_lines,
        re.compile(rf"{run}{_SEPARATORS}*+"),
        re.compile(atoms[Kind.WIDGET]),
        re.compile(atoms[Kind.META]),
        re.compile(rf"(?P<date>{run}){_SEPARATORS}++(?P<section>(?:{sections})(?=[\s|:–-]))?"),
        re.compile(_whole_lines(table["pattern"])),
    )


def _atoms(kind: Kind) -> str:
    """Return one alternation of the atoms of a kind, each ending at the end of a word."""
    rows = [row["pattern"] for row in load("furniture")["atom"] if row["kind"] == kind]
    return "|".join(f"(?:{pattern})(?![^\\W_])" for pattern in rows)


def _whole_lines(rows: list[dict[str, str]]) -> str:
    """Return one choice of the patterns for whole lines, a group for each kind."""
    kinds: dict[str, list[str]] = {}
    for row in rows:
        kinds.setdefault(row["kind"], []).append(row["pattern"])
    return "|".join(f"(?P<{kind}>{'|'.join(each)})" for kind, each in kinds.items())


def folded(line: str) -> str:
    """Return the line in small letters and new tone placement, as the lexicon is written.

    >>> folded("Ảnh MINH HOẠ")
    'ảnh minh họa'
    """
    return fold_tone_placement(line.lower())


def kind_of_line(line: str) -> Kind | None:
    """Return what a line is by its own words, or None for a line of the story.

    >>> kind_of_line("Lượt xem: 86"), kind_of_line("Ảnh: THU HÀ"), kind_of_line("• pinterest")
    (<Kind.META: 'meta'>, <Kind.CREDIT: 'credit'>, <Kind.WIDGET: 'widget'>)
    >>> kind_of_line("Ảnh hưởng của bão") is None
    True
    """
    if len(line) > LONGEST_FURNITURE:
        return _kind_of_long_line(line)
    return _kind_of_short_line(line, folded(line))


def kinds_of_lines(lines: Sequence[str]) -> list[Kind | None]:
    """Return the same of each of some lines without line feeds, in less time.

    >>> kinds_of_lines(["Lượt xem: 86", "Xã họp."])
    [<Kind.META: 'meta'>, None]
    """
    short = "\n".join([line for line in lines if len(line) <= LONGEST_FURNITURE])
    plain = iter(folded(short).split("\n"))
    return [
        _kind_of_short_line(line, next(plain))
        if len(line) <= LONGEST_FURNITURE
        else _kind_of_long_line(line)
        for line in lines
    ]


def _kind_of_short_line(line: str, plain: str) -> Kind | None:
    """Return what a line is that is also given `folded`."""
    rules = _rules()
    plain = plain.strip()
    word = plain.strip(_EDGES)
    if word[-1:] == ")" or word[-1:].isdecimal():  # a look that spares most lines the search
        word = _COUNT.sub("", word).strip(_EDGES)
    if word in rules.lines:
        return rules.lines[word]
    if rules.atoms.fullmatch(plain):
        rest = rules.widget_atoms.sub("", plain)
        return Kind.META if rules.meta_atoms.search(rest) else Kind.WIDGET
    if line.startswith(_PICTURE_STARTS) and _PICTURE.fullmatch(line):
        return Kind.WIDGET
    plain = plain.strip("*_ ")
    match = rules.patterns.fullmatch(plain)
    return Kind(match.lastgroup) if match is not None and match.lastgroup else None


def _kind_of_long_line(line: str) -> Kind | None:
    """Return SOURCE for a long address, WIDGET for a picture in Markdown, else None."""
    if line.startswith(_PICTURE_STARTS):
        return Kind.WIDGET if _PICTURE.fullmatch(line) else None
    if "://" in line[:60] and _LONG_ADDRESS.fullmatch(line):
        return Kind.SOURCE
    return None


def is_dates_and_counters(line: str) -> bool:
    """True for a line of nothing but dates, times, counters and tools.

    >>> is_dates_and_counters("10/06/2025 - 08:35"), is_dates_and_counters("Ngày 3/4, xã họp")
    (True, False)
    """
    return len(line) <= LONGEST_FURNITURE and bool(_rules().atoms.fullmatch(folded(line)))


def is_picture(line: str) -> bool:
    """True for a picture in Markdown or the name of its file.

    >>> is_picture("hop.jpg"), is_picture("![xã họp](https://vi-du.vn/a.png)"), is_picture("họp")
    (True, True, False)
    """
    return line.startswith(_PICTURE_STARTS) or line.lower().endswith(_PICTURE_ENDINGS)


def is_section_name(line: str) -> bool:
    """True for the name of a section of the site, which counts at the top of a page only.

    >>> is_section_name("Xã hội"), is_section_name("Xã hội số ở vùng cao")
    (True, False)
    """
    return len(line) <= LONGEST_FURNITURE and folded(line).strip(_EDGES) in _rules().top_lines


def leading_date(line: str) -> int:
    """Return the length of a date and section glued before a title, 0 if there is none.

    A date alone is no such prefix: "15/3/2025 xã họp" may be a sentence. A time of day, the word
    "date" or the name of a section must come with it.

    >>> line = "date 2025-06 Xã hội Xã Minh An có tổ công nghệ số"
    >>> line[: leading_date(line)]
    'date 2025-06 Xã hội '
    >>> leading_date("15/3/2025 Xã Minh An tổ chức hội nghị")
    0
    """
    head = line[:LONGEST_FURNITURE]
    match = _rules().leading_date.match(folded(head))
    if match is None or not (match["section"] or re.search(r"date|\d:\d\d|\dh\d\d", match["date"])):
        return 0
    rest = head[match.end() :].lstrip(" |:–-")
    return len(head) - len(rest) if rest[:1].isupper() else 0


def is_list_item(line: str) -> bool:
    """True for a line that starts with a bullet or the mark of a list.

    >>> is_list_item("- 80% hồ sơ"), is_list_item("a) Chính quyền số"), is_list_item("80% hồ sơ")
    (True, True, False)
    """
    return bool(_BULLET.match(line))
