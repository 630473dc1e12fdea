"""From rows of a lexicon to patterns over a folded view of a sentence.

A view has the length of its text, so a place found in it is a place in the sentence. Patterns are
built from literal forms only and joined by `|`, longest first: they are linear by construction.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from pipeline.errors import LexiconError
from pipeline.lexicon import load
from pipeline.orthography import fold

if TYPE_CHECKING:
    from collections.abc import Iterable

_BLANKS = str.maketrans(dict.fromkeys("\n\r\t\v\f\u2003\u2002\u200a\u3000", " "))
WORD_START = r"(?<![^\W_])"
WORD_END = r"(?![^\W_])"


def view(text: str) -> str:
    r"""Return the text as patterns read it: folded, every blank a space, same length.

    >>> view("Uỷ ban\nđạt 80％")
    'ủy ban đạt 80%'
    """
    return fold(text).translate(_BLANKS)


def alternation(forms: Iterable[str]) -> str:
    """Return a pattern for any of the forms, longest first, any number of spaces in between.

    Forms that begin alike share their beginning, so a text is read once however many forms there
    are.

    >>> alternation(["tối thiểu", "tối đa"])
    'tối +(?:thiểu|đa)'
    >>> re.fullmatch(alternation(["tối thiểu", "tối thiểu là"]), "tối  thiểu là") is not None
    True
    """
    trie: dict[str, Any] = {}
    for form in sorted({view(form) for form in forms}):
        node = trie
        for char in form:
            node = node.setdefault(char, {})
        node[""] = {}
    return _branches(trie)


def _branches(node: dict[str, Any]) -> str:
    """Write a node of the trie: longer forms before the one that ends here."""
    branches = [
        (" +" if char == " " else re.escape(char)) + _branches(below)
        for char, below in node.items()
        if char
    ]
    if not branches:
        return ""
    one = branches[0] if len(branches) == 1 else f"(?:{'|'.join(branches)})"
    return f"(?:{one})?" if "" in node else one


def words(forms: Iterable[str]) -> str:
    """Return a pattern for any of the forms as whole words."""
    return f"{WORD_START}(?:{alternation(forms)}){WORD_END}"


def rows(table: str, kind: str) -> list[dict[str, Any]]:
    """Return the rows of one kind of a lexicon table.

    Raises:
        LexiconError: The table holds no such rows.

    >>> rows("numerals", "hundred")[0]["forms"]
    ['trăm']
    """
    found = load(table).get(kind)
    if not found:
        message = f"The lexicon {table}.toml has no rows [[{kind}]]; add at least one."
        raise LexiconError(message)
    return list(found)


def forms(table: str, kind: str) -> list[str]:
    """Return all forms of the rows of one kind, in the order of the file.

    >>> forms("numerals", "zero_link")
    ['linh', 'lẻ']
    """
    return [form for row in rows(table, kind) for form in row["forms"]]
