"""Where an article is from: its province of today, and the place as the paper wrote it.

Viet Nam went from 63 provinces to 34 on 1 July 2025 and gave up districts. A text keeps its
wording; the table of provinces leads every older name to the province of today, so that articles
of all years can be counted together. Names are searched in the title first, then in the first
sentences, then in the name of the source.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from pipeline.lexicon import load
from pipeline.orthography import fold, plainly_spaced, spellings

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_HEAD_CHARS = 1200
_UNITS = ("huyện đảo", "huyện", "thị xã", "quận", "xã", "phường", "thị trấn", "đặc khu")
_LONGEST_UNIT = max(map(len, _UNITS))
_CAPITAL = "A-ZĐÀ-Ỹ"
_NAME = rf"[{_CAPITAL}][\w'’]*(?:[ -][{_CAPITAL}0-9][\w'’]*){{0,3}}"


def _any_of(
    names: Sequence[str], behind: str = "", spelled: Callable[[str], str] = re.escape
) -> str:
    """Return an expression for the first name that fits, names grouped by their first letters.

    What is asked `behind` that letter may look back: so a search skips to these letters instead of
    trying every name at every place.

    >>> re.search(_any_of(["xã", "huyện"], behind="(?<!hợp tác .)"), "hợp tác xã ở huyện")[0]
    'huyện'
    """
    groups: dict[str, list[str]] = {}
    for name in names:
        groups.setdefault(spelled(name[0]), []).append(spelled(name[1:]))
    return "|".join(f"{first}{behind}(?:{'|'.join(rest)})" for first, rest in groups.items())


# A unit begins a word; "hợp tác xã Bình Minh" is a cooperative, not a commune.
_UNIT = _any_of(_UNITS, behind=r"(?<!\w.)(?<!hợp tác .)")
_PLACE = re.compile(rf"({_UNIT}) ({_NAME})")


def _look_behind(names: Sequence[str]) -> re.Pattern[str]:
    """Return a fast look for the blank between the last word of a name and a capital letter."""
    words = sorted({name.split()[-1] for name in names})
    ends = "".join(sorted({word[-1] for word in words}))
    choices = "|".join(f"(?<={word} )" for word in words)
    return re.compile(rf" (?=[{_CAPITAL}])(?<=[{ends}] )(?:{choices})")


_MAY_BE_PLACE = _look_behind(_UNITS)


@dataclass(frozen=True, slots=True)
class Where:
    """A province of today and the most local place named, both None if the text names none."""

    province: str | None = None
    place: str | None = None


@cache
def provinces() -> dict[str, str]:
    """Return folded name, of today or before July 2025 → province of today."""
    table: dict[str, str] = {}
    for row in load("provinces")["province"]:
        for name in (row["name"], *row["former"], *row.get("aliases", ())):
            table[fold(name)] = row["name"]
    return table


@cache
def _province_pattern() -> re.Pattern[str]:
    """Return an expression for a name and what stands before its word, which is looked for first.

    Province names begin with nearly every letter, so it skips to the ends of words.
    """
    names = sorted(provinces(), key=len, reverse=True)
    return re.compile(rf"\W({_any_of(names, spelled=spellings)})(?!\w)")


def locate(title: str, text: str, source: str) -> Where:
    """Return where an article is from.

    >>> locate("Huyện Đông Giang chuyển đổi số", "UBND huyện Đông Giang, tỉnh Quảng Nam…", "")
    Where(province='Đà Nẵng', place='huyện Đông Giang')
    >>> locate("Giá vàng tăng", "Giá vàng thế giới tăng mạnh.", "")
    Where(province=None, place=None)
    """
    head = text[:_HEAD_CHARS]
    province = _first_province(title) or _first_province(head) or _first_province(source)
    place = _first_place(title) or _first_place(head)
    return Where(province, place)


def _first_province(text: str) -> str | None:
    match = _province_pattern().search(f" {plainly_spaced(text.lower())}")
    return provinces()[fold(match[1])] if match else None


def _first_place(text: str) -> str | None:
    text = text[:1].lower() + text[1:]
    look = _MAY_BE_PLACE.search(text)
    match = _PLACE.search(text, max(0, look.start() - _LONGEST_UNIT)) if look else None
    return f"{match[1]} {match[2]}" if match else None
