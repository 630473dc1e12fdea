"""The tokens met so far: their numbers, and what the model says of each by itself."""

from __future__ import annotations

import operator
import re
from dataclasses import dataclass
from itertools import repeat
from typing import TYPE_CHECKING

import numpy as np

from pipeline.arrays import GrowingRows
from pipeline.segment import installed
from pipeline.segment.simple import END
from pipeline.segment.spans import SpanHasher, random_codes
from pipeline.segment.tables import OUTSIDE, PLAIN, TITLE, Tables

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

PAD = 0
"""The token number that stands for "no token": two of them part one sentence from the next."""
FIRST_PART = 1
"""Token number of the first of `Tables.parts`; the others follow."""

_AGREED = re.compile(r"[!-~¡-ÿĀ-įĲ-ňŊ-žƠơƯưẠ-ỹ–-”…€™]*")
"""Letters and marks of Vietnamese and its neighbours, on whose case Python and the library agree.

A test asks the library about each of them.
"""
_INTEGER = re.compile(r"[+-]?[0-9]+")
_LOWEST, _HIGHEST = -(2**31), 2**31 - 1


@dataclass(frozen=True, slots=True)
class TokenRows:
    """What is known of tokens, one row each; plain arrays, so that a warm file can hold them."""

    texts: list[str]
    lower: NDArray[np.int32]
    classes: NDArray[np.uint8]
    in_dictionary: NDArray[np.bool_]
    weights: NDArray[np.float64]
    codes: NDArray[np.uint64]


@dataclass(frozen=True, slots=True)
class _Looks:
    """How tokens look: in lower case, and whether they are numbers and titles."""

    lower: list[str]
    is_number: NDArray[np.bool_]
    is_title: NDArray[np.bool_]


class Tokens:
    """Numbers for tokens and, by number, arrays of what the model says of them.

    The model's parts and the one-token words of its dictionary are known from the start, so that
    what is not yet known is in neither.
    """

    def __init__(self, tables: Tables, known: TokenRows | None = None) -> None:
        self._tables = tables
        self._featurizer = installed.TokenFeaturizer()
        self._hasher = SpanHasher()
        start = known or TokenRows(
            texts=[""],
            lower=np.array([PAD], np.int32),
            classes=np.array([OUTSIDE], np.uint8),
            in_dictionary=np.zeros(1, np.bool_),
            weights=np.zeros((1, tables.flags.shape[2])),
            codes=np.zeros(1, np.uint64),
        )
        self._texts = list(start.texts)
        self._numbers = dict(zip(self._texts, range(len(self._texts)), strict=True))
        self._numbers[END] = PAD
        self._lower = GrowingRows(start.lower)
        self._classes = GrowingRows(start.classes)
        self._in_dictionary = GrowingRows(start.in_dictionary)
        self._weights = GrowingRows(start.weights)
        self._codes = GrowingRows(start.codes)
        if known is None:
            words = frozenset(word for word in tables.dictionary if " " not in word)
            self._add([*tables.parts], words)
            self._add(sorted(words.difference(self._numbers)), words)

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
        return TokenRows(
            self._texts,
            self.lower,
            self.classes,
            self._in_dictionary.rows,
            self.weights,
            self.codes,
        )

    def truncate(self, count: int) -> None:
        """Forget the tokens from number `count` on."""
        for text in self._texts[count:]:
            del self._numbers[text]
        del self._texts[count:]
        for rows in (self._lower, self._classes, self._in_dictionary, self._weights, self._codes):
            rows.truncate(count)

    def numbers(self, texts: Sequence[str]) -> NDArray[np.int32]:
        """Return the numbers of tokens, new ones included; `END` is a pad."""
        numbers = self._known(texts)
        strange = np.flatnonzero(numbers < 0).tolist()
        if strange:
            new = [texts[n] for n in strange]
            self._add(list(dict.fromkeys(new)))
            numbers[strange] = self._known(new)
        return numbers

    def _known(self, texts: Sequence[str]) -> NDArray[np.int32]:
        """Return the numbers of tokens, -1 for new ones."""
        return np.fromiter(map(self._numbers.get, texts, repeat(-1)), np.int32, len(texts))

    def _add(self, texts: list[str], words: frozenset[str] = frozenset()) -> None:
        """Add unknown tokens, and then those of their lower-case forms that are unknown too.

        Args:
            texts: Different tokens, none of them known.
            words: Words of the dictionary that are not known as tokens.
        """
        while texts:
            first = len(self._texts)
            looks = self._looks(texts)
            self._numbers.update(zip(texts, range(first, first + len(texts)), strict=True))
            self._texts.extend(texts)
            new = [text for text in dict.fromkeys(looks.lower) if text not in self._numbers]
            coming = {text: number for number, text in enumerate(new, len(self._texts))}
            self._extend(texts, looks, coming, words)
            texts = new

    def _extend(
        self, texts: list[str], looks: _Looks, coming: dict[str, int], words: frozenset[str]
    ) -> None:
        """Fill the rows of tokens; `coming` are the numbers of lower-case forms that come next."""
        lower = self._known(looks.lower)
        waiting = np.flatnonzero(lower < 0).tolist()
        lower[waiting] = [coming[looks.lower[n]] for n in waiting]
        known = np.flatnonzero(lower < len(self._in_dictionary))
        in_dictionary = np.zeros(len(texts), np.bool_)
        in_dictionary[known] = self._in_dictionary.rows[lower[known]]
        if words:
            in_dictionary |= np.array([text in words for text in looks.lower])
        flags = (looks.is_number, looks.is_title, in_dictionary)
        weights = sum(self._tables.flags[f, flag.astype(np.intp)] for f, flag in enumerate(flags))
        self._add_parts(weights, lower, self._tables.unigrams_lower)
        own = np.arange(len(self._lower), len(self._lower) + len(texts), dtype=np.int32)
        self._add_parts(weights, own, self._tables.unigrams_written)
        self._lower.extend(lower)
        self._classes.extend(np.where(looks.is_title, TITLE, PLAIN).astype(np.uint8))
        self._in_dictionary.extend(in_dictionary)
        self._weights.extend(weights)
        self._codes.extend(self._codes_of(texts))

    def _add_parts(
        self, weights: NDArray[np.float64], numbers: NDArray[np.int32], table: NDArray[np.float64]
    ) -> None:
        """Add the row of the part that each token number stands for, if it is a part's."""
        parts = numbers - FIRST_PART
        is_part = np.flatnonzero((parts >= 0) & (parts < len(table)))
        weights[is_part] += table[parts[is_part]]

    def _looks(self, texts: list[str]) -> _Looks:
        """Return how tokens look, as the library sees them.

        Python's idea of case differs from the library's for some hundred rare characters. If one
        of a batch's tokens holds a character that is not known to be harmless, the library is asked
        about that token.
        """
        odd = []
        if not _AGREED.fullmatch("".join(texts)):
            odd = [n for n, text in enumerate(texts) if not _AGREED.fullmatch(text)]
        lower = "\n".join(texts).lower().split("\n")
        if len(lower) != len(texts):  # an odd token may be anything
            lower = [text.lower() for text in texts]
        first = [text[:1] for text in texts]
        is_title = np.array(list(map(operator.eq, first, map(str.upper, first))))
        is_number = np.array([text[-1:].isdigit() and is_integer(text) for text in texts])
        if odd:
            answers = self._featurizer.of([texts[n] for n in odd])
            for n, (form, number, title) in zip(odd, answers, strict=True):
                lower[n], is_number[n], is_title[n] = form, number, title
        return _Looks(lower, is_number, is_title)

    def _codes_of(self, texts: list[str]) -> NDArray[np.uint64]:
        units = np.frombuffer("".join(texts).encode("utf-32-le", "surrogatepass"), np.uint32)
        ends = np.cumsum(np.fromiter(map(len, texts), np.int64, len(texts)))
        starts = np.append(0, ends[:-1])
        codes = random_codes(units.astype(np.uint64))
        return random_codes(self._hasher.hashes(codes, starts, ends))


def is_integer(text: str) -> bool:
    """Tell whether the library takes a token for a number: a whole number of 32 bits."""
    return bool(_INTEGER.fullmatch(text)) and _LOWEST <= int(text) <= _HIGHEST
