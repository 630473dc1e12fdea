"""No text that ftfy would repair escapes the look at pairs of characters before it."""

from __future__ import annotations

import re
import unicodedata
from itertools import product
from re import _parser  # type: ignore[attr-defined]
from typing import Any

import ftfy
import numpy as np
from ftfy.badness import BADNESS_RE
from hypothesis import given
from hypothesis import strategies as st

from pipeline.ingest import mojibake
from pipeline.lexicon import load

_HALVES = frozenset(range(0xD800, 0xE000))
"""Two of them stand for a character behind the first 65,536, which may be a letter."""
_CODES = frozenset(range(0x10000))
_WORD = frozenset(c for c in _CODES if re.match(r"\w", chr(c))) | _HALVES
_BLANK = frozenset(c for c in _CODES if chr(c).isspace())


def accepted(step: Any, value: Any) -> frozenset[int]:  # noqa: ANN401 - the parser has no types
    """Return the characters that one step of a parsed expression accepts."""
    match str(step):
        case "LITERAL":
            return frozenset({value})
        case "ANY":
            return _CODES
        case "RANGE":
            return frozenset(range(value[0], value[1] + 1))
        case "CATEGORY":
            return _BLANK if str(value) == "CATEGORY_SPACE" else _WORD
    assert str(step) == "IN"
    inverted = str(value[0][0]) == "NEGATE"
    found = frozenset().union(*(accepted(*part) for part in value[inverted:]))
    return _CODES - found if inverted else found & _CODES


def sequences(parsed: Any) -> list[list[frozenset[int]]]:  # noqa: ANN401 - as above
    """Return all that an expression matches as sequences of sets of characters."""
    found: list[list[frozenset[int]]] = [[]]
    for step, value in parsed:
        match str(step):
            case "BRANCH":
                choices = [each for choice in value[1] for each in sequences(choice)]
            case "AT":
                choices = [[frozenset({ord(" ")})]]
            case "MAX_REPEAT":
                assert value[:2] == (0, 1)
                choices = [[], *sequences(value[2])]
            case _:
                choices = [[accepted(step, value)]]
        found = [before + choice for before in found for choice in choices]
    return found


def test_whatever_ftfy_objects_to_holds_a_suspicious_pair() -> None:
    count = len(mojibake._NAMES)
    suspicious = np.frombuffer(mojibake._PAIRS[: count**2], dtype=np.bool_).reshape(count, count)
    whole = sequences(_parser.parse(BADNESS_RE.pattern, BADNESS_RE.flags))
    assert len(whole) > 30
    for sequence in whole:
        assert len(sequence) < mojibake._LONGEST_MATCH
        first, *others = [{int(mojibake._CLASS[c]) for c in step} for step in sequence]
        last = {c for c in first if others or not suspicious[c].all()}
        for step in others:
            last = {after for after in step for c in last if not suspicious[c, after]}
        assert not last, sequence


@given(st.text(st.sampled_from("aĐđàÃÂÙœ‘’“”…–° ×²»€¦вЂГўВЂВα\n\u00a0Ề.8ß\u0301한"), max_size=12))
def test_repair_is_what_ftfy_makes_of_a_text(text: str) -> None:
    expected = ftfy.fix_encoding(text) if ftfy.is_bad(text) else text
    assert mojibake.repair(text) == expected


def test_emoji_do_not_hide_mojibake() -> None:
    assert mojibake.repair("👍" * 20 + " sá»‘") == "👍" * 20 + " số"


def test_many_suspicious_places_are_no_problem() -> None:
    assert mojibake.repair("đĐ " * 1000 + "sá»‘") == "đĐ " * 1000 + "số"


def test_a_well_written_text_is_one_that_nothing_would_change() -> None:
    known = {
        character
        for character in map(chr, range(0x110000))
        if any(map(mojibake.is_well_written, (character, f"{character}a")))
    }
    assert {"a", "ệ", "Đ", "Â", "”", "\u00a0", "\n"} <= known
    telling = set(load("legacy")["telling"])
    for character in known:
        assert character not in telling
        assert unicodedata.is_normalized("NFC", f"a{character}")
        assert not unicodedata.combining(character)
    one_of_each = [*(text[-1] for text in mojibake._CLASSES.values()), "中"]
    for pair in map("".join, product(one_of_each, repeat=2)):
        suspicious = bool(mojibake.suspicious_places(pair))
        assert mojibake.is_well_written(pair) == (set(pair) <= known and not suspicious), pair
