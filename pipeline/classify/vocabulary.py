"""From the words of a sentence to the terms that features are made of.

Numbers, years, percentages and names of provinces become classes, so that the model cannot lean
on "2025" or on a province that happened to be in the news.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from pipeline.lexicon import load
from pipeline.orthography import fold

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

NUMBER, YEAR, PLACE, OUTLET = "<number>", "<year>", "<place>", "<outlet>"
DROPPED = -1
"""Id of a word that gives no term: punctuation."""

_RECENT = 1 << 15
"""Words remembered: the tables of a batch ask for the same new words one after the other."""

_YEAR = re.compile(r"(?:19|20)\d\d")
_NUMBER = re.compile(r"\W*\d[\d.,/:%+-]*")
_PIECE = re.compile(r"\w+|[^\w\s]")


@cache
def _masked() -> dict[str, str]:
    table = load("masks")
    masked = {fold(name).replace(" ", "_"): PLACE for name in table["places"]}
    return masked | {fold(name).replace(" ", "_"): OUTLET for name in table["outlets"]}


@lru_cache(_RECENT)
def term_of(word: str) -> str | None:
    """Return the term of a word, or None for punctuation.

    >>> [term_of(w) for w in ("Chuyển_đổi", "2025", "80,5%", "Thanh_Hoá", "–", "5G")]
    ['chuyển_đổi', '<year>', '<number>', '<place>', None, '5g']
    """
    folded = fold(word)
    if _YEAR.fullmatch(folded):
        return YEAR
    if _NUMBER.fullmatch(folded):
        return NUMBER
    if not any(c.isalnum() for c in folded):
        return None
    return _masked().get(folded, folded)


@lru_cache(_RECENT)
def syllables_of(word: str) -> tuple[str, ...]:
    """Return the folded syllables and marks of a word.

    >>> syllables_of("Chuyển_đổi"), syllables_of("dichvucong.gov.vn"), syllables_of("2025")
    (('chuyển', 'đổi'), ('dichvucong', '.', 'gov', '.', 'vn'), ('<number>',))
    """
    pieces = _PIECE.findall(fold(word).replace("_", " "))
    return tuple([NUMBER if piece.isdigit() else piece for piece in pieces])


@dataclass
class Interner:
    """Gives each string a number, in order of first sight."""

    numbers: dict[str, int] = field(default_factory=dict)

    def __call__(self, text: str) -> int:
        """Return the number of a string."""
        return self.numbers.setdefault(text, len(self.numbers))

    def __len__(self) -> int:
        return len(self.numbers)


class GrowingArray:
    """An array that grows at its end; it doubles its room, so that growing costs little."""

    def __init__(self, dtype: type[np.generic], width: int = 0) -> None:
        self._room = np.zeros((16, width) if width else 16, dtype)
        self._length = 0

    def __len__(self) -> int:
        return self._length

    @property
    def filled(self) -> NDArray[Any]:
        """What was appended so far (a view that the next `append` may leave behind)."""
        return self._room[: self._length]

    def append(self, values: NDArray[Any]) -> None:
        """Put values behind the last one."""
        end = self._length + len(values)
        if end > len(self._room):
            length = max(end, 2 * len(self._room))
            room = np.zeros((length, *self._room.shape[1:]), self._room.dtype)
            room[: self._length] = self.filled
            self._room = room
        self._room[self._length : end] = values
        self._length = end


class WordTable:
    """What is known of each word of a segmenter's vocabulary, computed once a word.

    `lists_of(ids)` flattens the lists of ids that `ids_of_word` gives for words.
    """

    def __init__(self, ids_of_word: Callable[[str], Sequence[int]]) -> None:
        self._ids_of_word = ids_of_word
        self._vocabulary: Sequence[str] | None = None
        self._ends = GrowingArray(np.int64)
        self._flat = GrowingArray(np.int32)

    def grow(self, vocabulary: Sequence[str]) -> None:
        """Compute the lists of words not seen before; starts anew for another vocabulary."""
        if vocabulary is not self._vocabulary:
            self._vocabulary = vocabulary
            self._ends, self._flat = GrowingArray(np.int64), GrowingArray(np.int32)
            self._ends.append(np.zeros(1, np.int64))
        known = len(self._ends) - 1
        if known == len(vocabulary):
            return
        new = [self._ids_of_word(vocabulary[i]) for i in range(known, len(vocabulary))]
        sizes = np.fromiter(map(len, new), np.int64, len(new))
        self._ends.append(len(self._flat) + np.cumsum(sizes))
        self._flat.append(np.fromiter((i for ids in new for i in ids), np.int32, sizes.sum()))

    def lists_of(
        self, ids: NDArray[np.int32], offsets: NDArray[np.int64]
    ) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
        """Return the flattened lists of a batch of sentences and the sentences' new offsets."""
        places, ends = spread(self._ends.filled, ids)
        flat: NDArray[np.int32] = self._flat.filled[places]
        return flat, ends[offsets]


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
    first = ends[ids]
    sizes = ends[ids + 1] - first
    starts = np.zeros(len(ids) + 1, np.int64)
    np.cumsum(sizes, out=starts[1:])
    return np.arange(starts[-1]) + np.repeat(first - starts[:-1], sizes), starts
