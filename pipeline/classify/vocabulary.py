"""From the words of a sentence to the terms that features are made of.

Numbers, years, percentages and names of provinces become classes, so that the model cannot lean
on "2025" or on a province that happened to be in the news.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from pipeline.lexicon import load
from pipeline.orthography import fold

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

NUMBER, YEAR, PLACE, OUTLET = "<number>", "<year>", "<place>", "<outlet>"
DROPPED = -1
"""Id of a word that gives no term: punctuation."""

_YEAR = re.compile(r"(?:19|20)\d\d")
_NUMBER = re.compile(r"\W*\d[\d.,/:%+-]*")
_PIECE = re.compile(r"\w+|[^\w\s]")


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
    folded = fold(word)
    if _YEAR.fullmatch(folded):
        return YEAR
    if _NUMBER.fullmatch(folded):
        return NUMBER
    if not any(c.isalnum() for c in folded):
        return None
    return _masked().get(folded, folded)


def syllables_of(word: str) -> list[str]:
    """Return the folded syllables and marks of a word.

    >>> syllables_of("Chuyển_đổi"), syllables_of("dichvucong.gov.vn"), syllables_of("2025")
    (['chuyển', 'đổi'], ['dichvucong', '.', 'gov', '.', 'vn'], ['<number>'])
    """
    pieces = _PIECE.findall(fold(word).replace("_", " "))
    return [NUMBER if piece.isdigit() else piece for piece in pieces]


@dataclass
class Interner:
    """Gives each string a number, in order of first sight."""

    numbers: dict[str, int] = field(default_factory=dict)

    def __call__(self, text: str) -> int:
        """Return the number of a string."""
        return self.numbers.setdefault(text, len(self.numbers))

    def __len__(self) -> int:
        return len(self.numbers)


class WordTable:
    """What is known of each word of a segmenter's vocabulary, computed once a word.

    `lists_of(ids)` flattens the lists of ids that `ids_of_word` gives for words.
    """

    def __init__(self, ids_of_word: Callable[[str], Sequence[int]]) -> None:
        self._ids_of_word = ids_of_word
        self._vocabulary: Sequence[str] | None = None
        self._starts = np.zeros(1, np.int64)
        self._flat = np.zeros(0, np.int32)

    def grow(self, vocabulary: Sequence[str]) -> None:
        """Compute the lists of words not seen before; starts anew for another vocabulary."""
        if vocabulary is not self._vocabulary:
            self._vocabulary = vocabulary
            self._starts, self._flat = np.zeros(1, np.int64), np.zeros(0, np.int32)
        known = len(self._starts) - 1
        if known == len(vocabulary):
            return
        new = [self._ids_of_word(vocabulary[i]) for i in range(known, len(vocabulary))]
        sizes = np.fromiter((len(ids) for ids in new), np.int64, len(new))
        self._starts = np.concatenate([self._starts, self._starts[-1] + np.cumsum(sizes)])
        flat = np.fromiter((i for ids in new for i in ids), np.int32, int(sizes.sum()))
        self._flat = np.concatenate([self._flat, flat])

    def lists_of(
        self, ids: NDArray[np.int32], offsets: NDArray[np.int64]
    ) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
        """Return the flattened lists of a batch of sentences and the sentences' new offsets."""
        starts = self._starts[ids]
        sizes = self._starts[ids + 1] - starts
        ends = np.concatenate([np.zeros(1, np.int64), np.cumsum(sizes)])
        shift = np.repeat(starts - ends[:-1], sizes)
        flat = self._flat[np.arange(ends[-1]) + shift]
        return flat, ends[offsets]
