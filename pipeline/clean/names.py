"""Lines that name the writer of a page, by the shape of names."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from pipeline.clean.furniture import folded, is_dates_and_counters
from pipeline.lexicon import load

_LONGEST = 80
_MOST_WORDS = 10
_WORDS_OF_A_NAME = 5
_ACRONYM = 5
_BETWEEN_NAMES = re.compile(r"\s*[,;&/+|]\s*|\s+[-–—]\s*|\s*[-–—]\s+|\s+và\s+|-")
_INITIALS = re.compile(r"(?:[^\W\d_]\.\s?){1,3}(?:[^\W\d_]{1,8}\.?)?")
_DASH = re.compile("[|–—-]")
_DASHES = re.compile(r"\s*\|\s*|\s+[-–—]\s+")


@dataclass(frozen=True, slots=True)
class _Rules:
    """The lexicon of bylines, compiled."""

    notes: re.Pattern[str]
    offices: tuple[str, ...]
    lines: frozenset[str]
    surnames: frozenset[str]
    not_names: frozenset[str]


@cache
def _rules() -> _Rules:
    table = load("furniture")["byline"]
    words = "|".join(sorted(map(re.escape, table["notes"]), key=len, reverse=True))
    notes = (
        rf"\A(?:{words})\s*:\s*|\s*\((?:(?:{words})|theo [^()]*|báo [^()]*|[^() ]{{2,15}})\)\s*\Z"
    )
    return _Rules(
        re.compile(notes),
        tuple(f"{office} " for office in table["offices"]),
        frozenset(table["lines"]),
        frozenset(table["surnames"]),
        frozenset(table["not_names"]),
    )


def is_byline(line: str) -> bool:
    """True for a short line with the shape of one or more names.

    The shape alone does not tell a writer from a heading such as "Nam Bộ"; the place on the page
    does.

    >>> [is_byline(x) for x in ("KIM CHI", "Thành Nam.", "N.T", "Lam Hà | 10/06/2025 - 08:35")]
    [True, True, True, True]
    >>> [is_byline(x) for x in ("Việc phải làm", "Xã có 5 tổ", "Mục tiêu")]
    [False, False, False]
    """
    if len(line) > _LONGEST:
        return False
    rules = _rules()
    if folded(line).strip(" *_.") in rules.lines:
        return True
    name = _without_date(line).strip(" *_")
    if name != line.strip(" *_") and len(name.split()) <= _WORDS_OF_A_NAME:
        return bool(name) and not any(c.isdecimal() for c in name)
    bare = _without_notes(name)
    if not bare or len(bare.split()) > _MOST_WORDS or folded(bare).strip(" .") in rules.not_names:
        return False
    return all(_is_name(part) for part in _BETWEEN_NAMES.split(bare.strip(" .,-–")) if part)


def is_certain_byline(line: str) -> bool:
    """True for a byline that could hardly be a heading: a note, a family name or capitals only.

    >>> is_certain_byline("Lê Na (ghi)"), is_certain_byline("KIM CHI"), is_certain_byline("Nam Bộ")
    (True, True, False)
    """
    if not is_byline(line):
        return False
    name = line.strip(" *_.")
    bare = _without_notes(name)
    words = folded(bare).split()
    several = len(words) > 1
    return bare != name or (several and (bare.isupper() or words[0] in _rules().surnames))


def has_date(line: str) -> bool:
    """True if a date stands behind a bar or dash, as in "Lam Hà | 10/06/2025 - 08:35"."""
    return len(line) <= _LONGEST and _without_date(line) != line


def is_office(line: str) -> bool:
    """True for the writer's office, which stands below a byline.

    >>> is_office("Trung tâm VH, TT&TT huyện."), is_office("Xã có 5 tổ")
    (True, False)
    """
    return len(line) <= _LONGEST and folded(line).startswith(_rules().offices)


def _without_date(line: str) -> str:
    """Return the line without the date behind its last bar or dash, if there is one."""
    if not _DASH.search(line):
        return line  # as most lines
    for match in _DASHES.finditer(line):
        if is_dates_and_counters(line[match.end() :]):
            return line[: match.start()]
    return line


def _without_notes(line: str) -> str:
    """Return the line without notes such as "Bài và ảnh:" and "(ghi)"."""
    match = _rules().notes.search(folded(line))
    while match is not None and match.end() > match.start():
        line = (line[: match.start()] + line[match.end() :]).strip(" *_")
        match = _rules().notes.search(folded(line))
    return line


def _is_name(part: str) -> bool:
    """True for capitalised syllables or initials, without digits."""
    words = part.split()
    if len(words) == 1:
        short = part.isupper() and len(part) <= _ACRONYM
        return bool(_INITIALS.fullmatch(part)) or short or (part.istitle() and part.isalpha())
    fits = all(w[0].isupper() and w.replace(".", "").isalpha() for w in words)
    return fits and len(words) <= _WORDS_OF_A_NAME
