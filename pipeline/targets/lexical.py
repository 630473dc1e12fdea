"""From rows of a lexicon to patterns over a folded view of a sentence.

A view has the length of its text, so a place found in it is a place in the sentence. Patterns are
built from literal forms only and joined by `|`, longest first: they are linear by construction.
"""

from __future__ import annotations

import re
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any, cast

from pipeline.errors import LexiconError
from pipeline.lexicon import load
from pipeline.orthography import fold, fold_tone_placement

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

_BLANKS = str.maketrans(dict.fromkeys("\r\t\v\f\u2003\u2002\u200a\u3000", " "))
# What `fold` or the blanks change beyond lower case, which of "İ" leaves a dot of its own.
_RARE = "\r\t\v\f\u2000-\u200a\u3000\u00a0\u202fÐðİ\u0307\uff00-\uff1a"
_HOLDS_RARE = re.compile(f"[{_RARE}]")
# A tone mark of the old style ends its syllable: "hoà", "thuỷ". Both are looked for at once, as
# translating is slow and most texts hold neither.
_TO_FOLD = re.compile(
    rf"[{_RARE}àáảãạèéẻẽẹỳýỷỹỵ](?:(?<=[{_RARE}])"
    r"|(?![^\W\d_])(?:(?<=o[àáảãạèéẻẽẹ])|(?<=u[ỳýỷỹỵ])(?<!qu.)))"
)
_TAIL = 7
WORD_START = r"(?<![^\W_])"
WORD_END = r"(?![^\W_])"


def view(text: str) -> str:
    r"""Return the text as patterns read it: folded, every blank a space, same length.

    >>> view("Uỷ ban\nđạt 80％")
    'ủy ban đạt 80%'
    """
    text = text.replace("\n", " ")
    lower = text.lower()
    if _TO_FOLD.search(lower) is None:
        return lower
    if _HOLDS_RARE.search(text) is None:
        return fold_tone_placement(lower)
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
    return _branches(sorted({view(form) for form in forms}))


def _branches(forms: list[str]) -> str:
    """Join sorted forms: what begins alike in one branch, longer forms before one that ends."""
    ends = forms[0] == ""
    branches = []
    for _, alike in groupby(forms[ends:], key=itemgetter(0)):
        group = list(alike)
        first, last = group[0], group[-1]
        size = len(first)
        while not last.startswith(first[:size]):
            size -= 1
        below = _branches([form[size:] for form in group]) if len(group) > 1 else ""
        branches.append(re.escape(first[:size]).replace("\\ ", " +") + below)
    one = branches[0] if len(branches) == 1 else f"(?:{'|'.join(branches)})"
    return f"(?:{one})?" if ends else one


def words(forms: Iterable[str]) -> str:
    """Return a pattern for any of the forms as whole words."""
    return f"{WORD_START}(?:{alternation(forms)}){WORD_END}"


class _Late:
    """Stands in for a compiled pattern until one of its methods is first asked for."""

    def __init__(self, source: str) -> None:
        self._source = source

    def __getattr__(self, name: str) -> object:
        found: object = getattr(re.compile(self._source), name)
        setattr(self, name, found)
        return found


def late(source: str) -> re.Pattern[str]:
    """Return a pattern that is compiled when it is first used: most pages need few of them.

    Each method is looked up once and then kept, so later uses cost nothing more.

    >>> late("a|b").search("xb")
    <re.Match object; span=(1, 2), match='b'>
    """
    return cast("re.Pattern[str]", _Late(source))


def holds(forms: Iterable[str]) -> Callable[[str], bool]:
    """Return a test for any of the forms as a whole word: what `words` finds, several times faster.

    >>> holds(["tối đa"])("không tối đa"), holds(["đa"])("đan")
    (True, False)
    """
    pattern = late(rf"[\W_](?:{alternation(forms)}){WORD_END}")
    return lambda seen: pattern.search(f" {seen}") is not None


def holds_any(found: Iterable[str]) -> Callable[[str], bool]:
    """Return what `holds` returns, made for long texts: it looks first for the last two words.

    >>> holds_any(["tối đa"])("không tối  đa"), holds_any(["đa"])("đan")
    (True, False)
    """
    plain = [view(form) for form in found]
    test = holds(plain)
    ends: dict[str, tuple[str, ...]] = {}
    for form in plain:
        *_, before, last = ("", *form.split())
        ends[last] = (*ends.get(last, ()), "" if before.endswith(last) else before)

    def find(seen: str) -> bool:
        near = (
            part.rstrip(" ").endswith(before)
            for last, before in ends.items()
            for part in seen.split(last)[:-1]
        )
        return any(near) and test(seen)

    return find


def single_spaced(seen: str) -> str:
    """Return a view with each run of blanks as one: what is near in words is near in characters.

    >>> single_spaced("đạt   80  %")
    'đạt 80 %'
    """
    while "  " in seen:
        seen = seen.replace("  ", " ")
    return seen


def behind(found: Iterable[str]) -> str:
    """Return a pattern for the place behind the first character of what one of the forms leads.

    Of long forms it asks only for the end, as all forms of a length cost one look back. The view
    must be single-spaced.

    >>> re.search(rf"[0-9](?:{behind(['không quá', 'quá'])})", "cấp 3 quá 5").start()
    10
    """
    tails = {view(form)[-_TAIL:] for form in found}
    telling = sorted(t for t in tails if not any(t != o and t.endswith(o) for o in tails))
    by_length = groupby(sorted(telling, key=len), key=len)
    return "|".join(rf"(?<=(?:{'|'.join(map(re.escape, g))}) .)" for _, g in by_length)


def may_hold(found: Iterable[str]) -> Callable[[str], bool]:
    """Return a cheap test for a handful of forms, before `re` looks closer; a yes is no promise.

    >>> may = may_hold(["tối đa"])
    >>> may("không tối đa"), may("không  tối"), may("tối")
    (True, True, False)
    """
    plain = tuple(sorted({view(form) for form in found}))
    one, *more = [form for form in plain if not any(o != form and o in form for o in plain)]

    def find(seen: str) -> bool:
        if one in seen or "  " in seen:
            return True
        for form in more:  # noqa: SIM110 - a generator would cost as much as the test
            if form in seen:
                return True
        return False

    return find


def last_words(found: Iterable[str]) -> tuple[str, ...]:
    """Return the last words of forms, which a stretch before a number must end with.

    >>> last_words(["xếp thứ", "thứ", "hạng"])
    ('hạng', 'thứ')
    """
    return tuple(sorted({view(form).split()[-1] for form in found}))


def lengths(phrases: Iterable[str]) -> dict[str, tuple[int, ...]]:
    """Return by last word how many words the phrases have, longest first.

    >>> lengths(["xếp thứ", "thứ", "hạng"])
    {'thứ': (2, 1), 'hạng': (1,)}
    """
    found: dict[str, set[int]] = {}
    for phrase in phrases:
        split = phrase.split()
        found.setdefault(split[-1], set()).add(len(split))
    return {last: tuple(sorted(sizes, reverse=True)) for last, sizes in found.items()}


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
