"""From the words of a sentence to the terms that features are made of.

Numbers, years, percentages and names of provinces become classes, so that the model cannot lean
on "2025" or on a province that happened to be in the news.
"""

from __future__ import annotations

import re
from functools import cache
from itertools import repeat
from typing import TYPE_CHECKING

import numpy as np

from pipeline.lexicon import load
from pipeline.orthography import fold

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from numpy.typing import NDArray

NUMBER, YEAR, PLACE, OUTLET = "<number>", "<year>", "<place>", "<outlet>"
DROPPED = -1
"""Id of a word that gives no term: punctuation."""

_YEAR = re.compile(r"(?:19|20)\d\d")
_NUMBER = re.compile(r"\W*\d[\d.,/:%+-]*")
_PIECE = re.compile(r"\w+|[^\w\s]")
_MARK = re.compile(r"([^\w\s])")
_LENGTHENED = "İ"
"""The one character whose lower case is longer; `fold` then goes by characters."""


@cache
def _masked() -> dict[str, str]:
    table = load("masks")
    masked = {fold(name).replace(" ", "_"): PLACE for name in table["places"]}
    return masked | {fold(name).replace(" ", "_"): OUTLET for name in table["outlets"]}


def term_of(word: str) -> str | None:
    """Return the term of a word, or None for punctuation.

    >>> [term_of(w) for w in ("Chuyển_đổi", "2025", "80,5%", "Thanh_Hoá", "–", "5G")]
    ['chuyển_đổi', '<year>', '<number>', '<place>', None, '5g']
    """
    return _term_of_folded(fold(word))


def _term_of_folded(folded: str) -> str | None:
    if _YEAR.fullmatch(folded):
        return YEAR
    if _NUMBER.fullmatch(folded):
        return NUMBER
    if not any(c.isalnum() for c in folded):
        return None
    return _masked().get(folded, folded)


def terms_of(folded: Sequence[str]) -> list[str | None]:
    """Return the terms of many words that are folded already.

    >>> terms_of(fold_all(["Chuyển_đổi", "2025", "–", "5G"]))
    ['chuyển_đổi', '<year>', None, '5g']
    """
    masked = _masked()
    return [
        masked.get(f, f) if f.replace("_", "").isalpha() else _term_of_folded(f) for f in folded
    ]


def fold_all(words: Sequence[str]) -> list[str]:
    """Return `fold` of many words: of all of them as one text, which is many times faster.

    >>> fold_all(["Thuỷ_lợi", "UBND"])
    ['thủy_lợi', 'ubnd']
    """
    text = "\n".join(words)
    if _LENGTHENED in text or text.count("\n") >= len(words):
        return [fold(word) for word in words]
    return fold(text).split("\n") if words else []


def syllables_of(word: str) -> tuple[str, ...]:
    """Return the folded syllables and marks of a word.

    >>> syllables_of("Chuyển_đổi"), syllables_of("dichvucong.gov.vn"), syllables_of("2025")
    (('chuyển', 'đổi'), ('dichvucong', '.', 'gov', '.', 'vn'), ('<number>',))
    """
    pieces = _PIECE.findall(fold(word).replace("_", " "))
    return tuple([NUMBER if piece.isdigit() else piece for piece in pieces])


def pieces_of_all(folded: Sequence[str]) -> list[str]:
    r"""Return the syllables, numbers and marks of many folded words, "\0" behind each word.

    The same as those of `syllables_of` for each word, but cut by one call for all the words.

    >>> pieces_of_all(["chuyển_số", "12.", "!"])
    ['chuyển', 'số', '\x00', '12', '.', '\x00', '!', '\x00']
    """
    # Blanks between all pieces, so that `split` finds them, many times faster than a regex.
    words = [w if w.replace("_", "").isalnum() else _marks_apart(w) for w in folded]
    return "_\0_".join([*words, ""]).replace("_", " ").split()


def _marks_apart(word: str) -> str:
    """Return a word with blanks around its marks; it has no NUL, which stands between words."""
    return " ".join(_MARK.split(word.replace("\0", "\1")))


class SyllableNumbers:
    """Numbers for the syllables that a model or its concepts know, and for kinds of others.

    A syllable that is not known is `UNKNOWN`, a mark that is not known is `MARK`.
    """

    _END, MARK, UNKNOWN = range(3)

    def __init__(self, *known: Iterable[str]) -> None:
        self.known = list(dict.fromkeys([NUMBER, *(s for some in known for s in some)]))
        self._numbers = {s: n for n, s in enumerate(self.known, self.UNKNOWN + 1)}
        self._numbers["\0"] = self._END

    def __len__(self) -> int:
        return len(self.known) + self.UNKNOWN + 1

    def of(self, folded: Sequence[str]) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
        """Return the numbers of all syllables and marks of folded words, and how many each has.

        >>> numbers = SyllableNumbers(["số", "."])
        >>> flat, sizes = numbers.of(["chuyển_số", "12.", "!"])
        >>> flat.tolist(), sizes.tolist()
        ([2, 4, 3, 5, 1], [2, 2, 1])
        """
        pieces = pieces_of_all(folded)
        flat = np.fromiter(map(self._numbers.get, pieces, repeat(-1)), np.int32, len(pieces))
        strange = np.flatnonzero(flat < 0).tolist()
        others = [pieces[n] for n in strange]
        flat[strange] = [self.UNKNOWN if o.isalpha() else self._kind(o) for o in others]
        ends = np.flatnonzero(flat == self._END)
        return flat[flat != self._END], np.diff(ends, prepend=-1) - 1

    def _kind(self, piece: str) -> int:
        """Return the number of a piece that is not known by itself."""
        if piece.isdigit():
            return self._numbers[NUMBER]
        return self.UNKNOWN if piece[0].isalnum() else self.MARK

    def table(self, number_of: Callable[[str], int], unknown: int, mark: int) -> NDArray[np.int64]:
        """Return a value for each number: `number_of` a known syllable, else one of the others."""
        return np.array([mark, mark, unknown, *map(number_of, self.known)], np.int64)


def spread(
    ends: NDArray[np.int64], ids: NDArray[np.int32] | NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return where the items of some lists stand, one list after the other.

    Args:
        ends: List i holds the items `ends[i]` to `ends[i + 1]`.
        ids: Lists, each as often as it is wanted.

    Returns:
        Places of all items, and the place in that array where each list begins, and the end.

    >>> places, starts = spread(np.array([0, 2, 3]), np.array([1, 0, 1]))
    >>> places.tolist(), starts.tolist()
    ([2, 0, 1, 2], [0, 1, 3, 4])
    """
    first = ends.take(ids)
    sizes = ends.take(ids + 1) - first
    starts = np.zeros(len(ids) + 1, np.int64)
    np.cumsum(sizes, out=starts[1:])
    places = np.repeat(first - starts[:-1], sizes)
    places += np.arange(starts[-1])
    return places, starts
