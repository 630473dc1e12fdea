"""Candidates: the numbers of a sentence that may count something, found by one pattern.

It finds the runs of digits and the number words of a sentence, with the unit behind them. Three of
four runs of digits in general news have no unit: those are found only behind a word that bounds or
ranks, as parts of a whole, or as an index. `pipeline.targets.gate` tests what was found.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from pipeline.targets.lexical import (
    WORD_END,
    alternation,
    behind,
    forms,
    last_words,
    late,
    single_spaced,
)
from pipeline.targets.numerals import (
    HALF,
    NUMBER_STARTS,
    NUMBER_WORDS,
    PARTS,
    SCALE,
    WHOLES,
)
from pipeline.targets.quantities import OF_WHOLE
from pipeline.targets.units import PERCENT, UNIT_WORDS, may_name_count, named_before

if TYPE_CHECKING:
    import re
    from collections.abc import Sequence


def _unit(group: str) -> str:
    """Return a pattern for a unit; `group` begins the names of its groups."""
    percent, unit = f"(?P<{group}percent>{PERCENT})", f"(?P<{group}unit>{UNIT_WORDS}){WORD_END}"
    return rf" *[\"“]?(?:{percent}|{unit})"


NUMBER_WORD = rf"(?:{alternation(NUMBER_WORDS)}){WORD_END}"
_TELLING = behind(
    form
    for kind in ("before", "filler", "pace", "rank_within", "rank_at")
    for form in forms("comparators", kind)
)
_PLACES = last_words(forms("comparators", "rank_at"))
OUT_OF = rf" ?/ ?[0-9]| +(?:trong|trên) +(?:tổng +)?(?:số +)?(?:[0-9]|{NUMBER_WORD})"
_TOTALS = ("trong tổng", "trên tổng")
_RUN = r"[0-9]*+(?:[.,][0-9]++)*+"
# A letter before makes digits a name. A number without a unit counts only where its words say so.
_DIGITS = (
    r"(?<![^\W_][0-9])(?<![0-9][.,][0-9])"
    rf"(?:(?P<digits>{_RUN})"
    rf"(?: *(?P<scale>{SCALE}(?: +{SCALE})?(?: +{HALF})?))?(?:{_unit('')}|(?(scale)|(?!)))"
    r"|(?P<index>(?<=0)[.,][0-9]{3,4}(?![0-9]))"
    rf"|(?:{_TELLING})(?P<told>{_RUN})"
    rf"|{_RUN}(?P<part>(?={OUT_OF}))"
    rf"|(?:(?<=/[0-9])|(?<=/ [0-9])){_RUN}(?P<share>(?={OF_WHOLE}))"
    ")"
)
# What may count of a number in words: a unit or "phần" behind it, or a rank before it.
_WORDS = (
    rf"(?P<whole>{WHOLES})"
    rf"|(?P<words>{NUMBER_WORD}(?: +{NUMBER_WORD}){{0,24}})"
    rf"(?:(?P<parts> +{PARTS})|(?={_unit('worded_')}))"
    rf"|(?P<place>(?:{alternation(_PLACES)})(?= +{NUMBER_WORD}))"
    rf"|(?P<total>(?:{alternation(_TOTALS)})(?= ))"
)
_FIRST = alternation([*NUMBER_STARTS, *_PLACES, *_TOTALS])
# `re` skips to what is no Vietnamese letter: a digit, or what stands before a word.
_FIND = late(
    rf"[^a-zà-öø-ÿĀ-ɏḀ-ỿ](?:(?<=\d)(?:(?<=[0-9]){_DIGITS}|(?<![0-9])(?P<odd>))"
    rf"|(?={_FIRST})(?:{_WORDS}))"
)


class Candidates(NamedTuple):
    """What was found in a sentence: its view single-spaced, a blank before it, and the matches.

    The last group of a match that took part tells what was found. `named` are units that stand
    before what they count, and where the number begins.
    """

    seen: str
    found: Sequence[re.Match[str]]
    named: Sequence[tuple[str, int]]


def find_candidates(seen: str) -> Candidates | None:
    """Return what may count something in the view of a sentence; None for nothing, as mostly.

    >>> [match[0] for match in find_candidates("đạt 80% kế hoạch").found]
    ['80%']
    >>> find_candidates("ngày hội") is None
    True
    """
    padded = f" {single_spaced(seen)}"
    found = list(_FIND.finditer(padded))
    named = list(named_before(padded)) if may_name_count(padded) else ()
    return Candidates(padded, found, named) if found or named else None
