"""The tokens met so far: their numbers, and what the model says of each by itself."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from pipeline.segment import installed
from pipeline.segment.spans import GrowingRows
from pipeline.segment.tables import FLAGS, OUTSIDE, PLAIN, TITLE, Tables

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

PAD = 0
"""The token number that stands for "no token": two of them part one sentence from the next."""
FIRST_PART = 1
"""Token number of the first of `Tables.parts`; the others follow."""


@dataclass(frozen=True, slots=True)
class TokenRows:
    """What is known of tokens, one row each; plain arrays, so that a warm file can hold them."""

    texts: list[str]
    lower: NDArray[np.int32]
    classes: NDArray[np.uint8]
    weights: NDArray[np.float64]
    codes: NDArray[np.uint64]


class Tokens:
    """Numbers for tokens and, by number, arrays of what the model says of them.

    Case and digits are asked of the library itself, for all new tokens of a batch in one call:
    Python's idea of case differs from it for some hundred characters.
    """

    def __init__(self, tables: Tables, known: TokenRows | None = None) -> None:
        self._tables = tables
        self._featurizer = installed.TokenFeaturizer(
            word for word in tables.dictionary if " " not in word
        )
        self._parts = {part: number for number, part in enumerate(tables.parts)}
        blank = TokenRows(
            texts=[""],
            lower=np.array([PAD], np.int32),
            classes=np.array([OUTSIDE], np.uint8),
            weights=np.zeros((1, tables.flags.shape[2])),
            codes=np.zeros(1, np.uint64),
        )
        start = known or blank
        self._texts = list(start.texts)
        self._numbers = {text: number for number, text in enumerate(self._texts) if number != PAD}
        self._lower = GrowingRows(start.lower)
        self._classes = GrowingRows(start.classes)
        self._weights = GrowingRows(start.weights)
        self._codes = GrowingRows(start.codes)
        if known is None:
            self.numbers([tables.parts])

    def __len__(self) -> int:
        return len(self._texts)

    @property
    def texts(self) -> Sequence[str]:
        """The token of each number."""
        return self._texts

    @property
    def lower(self) -> NDArray[np.int32]:
        """The number of each token's lower-case form."""
        return self._lower.rows

    @property
    def classes(self) -> NDArray[np.uint8]:
        """PLAIN, TITLE or, for the pad, OUTSIDE."""
        return self._classes.rows

    @property
    def weights(self) -> NDArray[np.float64]:
        """What each token adds to the places around it, one column per offset."""
        return self._weights.rows

    @property
    def codes(self) -> NDArray[np.uint64]:
        """A hash of each token's text, the same in every process."""
        return self._codes.rows

    def rows(self) -> TokenRows:
        """Return all that is known, for a warm file."""
        return TokenRows(self._texts, self.lower, self.classes, self.weights, self.codes)

    def truncate(self, count: int) -> None:
        """Forget the tokens from number `count` on."""
        for text in self._texts[count:]:
            del self._numbers[text]
        del self._texts[count:]
        for rows in (self._lower, self._classes, self._weights, self._codes):
            rows.truncate(count)

    def numbers(self, texts: Iterable[Sequence[str]]) -> list[list[int]]:
        """Return the numbers of the tokens of each list, new ones included."""
        lists = list(texts)
        new = dict.fromkeys(text for tokens in lists for text in tokens)
        self._add([text for text in new if text not in self._numbers])
        return [[self._numbers[text] for text in tokens] for tokens in lists]

    def _add(self, texts: list[str]) -> None:
        """Add unknown tokens, and then those of their lower-case forms that are unknown too."""
        values: list[tuple[str, bool, bool, bool]] = []
        while texts:
            self._numbers.update((text, n) for n, text in enumerate(texts, len(self._texts)))
            self._texts.extend(texts)
            found = self._featurizer.of(texts)
            values.extend(found)
            lower = dict.fromkeys(value[0] for value in found)
            texts = [text for text in lower if text not in self._numbers]
        if values:
            self._extend(self._texts[-len(values) :], values)

    def _extend(self, texts: Sequence[str], values: Sequence[tuple[str, bool, bool, bool]]) -> None:
        flags = np.array([row[1:] for row in values], np.intp)
        weights = self._tables.flags[np.arange(len(FLAGS)), flags].sum(axis=1)
        for forms, table in (
            ([row[0] for row in values], self._tables.unigrams_lower),
            (texts, self._tables.unigrams_written),
        ):
            parts = np.array([self._parts.get(form, -1) for form in forms], np.intp)
            known = np.flatnonzero(parts >= 0)
            weights[known] += table[parts[known]]
        self._lower.extend(np.array([self._numbers[row[0]] for row in values], np.int32))
        self._classes.extend(np.where(flags[:, 1] == 1, TITLE, PLAIN).astype(np.uint8))
        self._weights.extend(weights)
        self._codes.extend(np.array([_code(text) for text in texts], np.uint64))


def _code(text: str) -> int:
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "little")
