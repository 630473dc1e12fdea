"""Texts of ordinary words mixed with odd tokens and every kind of white space."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from hypothesis import strategies as st

if TYPE_CHECKING:
    from random import Random

_CASES = Path(__file__).parents[1] / "cases" / "segment" / "odd_tokens.json"


@cache
def stock() -> dict[str, list[str]]:
    """Return the lists `ordinary`, `odd` and `blanks` (18 kinds of white space)."""
    lists: dict[str, list[str]] = json.loads(_CASES.read_text(encoding="utf-8"))
    return lists


def odd_text() -> st.SearchStrategy[str]:
    """Draw a text: pieces and what stands between them."""
    lists = stock()
    anything = st.text(st.characters(exclude_categories=["Cs"]), max_size=5)
    piece = st.sampled_from(lists["ordinary"] * 2 + lists["odd"]) | anything
    between = st.sampled_from([" "] * 20 + lists["blanks"] + ["", ", ", ". ", "\n\n", "  "])
    pairs = st.lists(st.tuples(piece, between), max_size=25)
    return pairs.map(lambda drawn: "".join(a + b for a, b in drawn))


def random_text(rng: Random) -> str:
    """Return a random text, longer and much quicker to make than a drawn one."""
    lists = stock()
    text = []
    for _ in range(rng.randint(0, 40)):
        text.append(rng.choice(lists["ordinary"] if rng.random() < 0.6 else lists["odd"]))
        text.append(rng.choice([" ", " ", " ", " ", "", ", ", rng.choice(lists["blanks"])]))
    return "".join(text)
