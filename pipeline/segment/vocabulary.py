"""Words as numbers: the vocabulary that a segmenter fills as it meets new words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from pipeline.hash_index import HashIndex
from pipeline.segment.spans import SpanHasher

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray


class Vocabulary:
    """A growing list of words and the way from a run of tokens to its number.

    A word is known by the hashes of its tokens' texts, so the numbers outlive the tokens' own. A
    text that holds a literal "_" may give a word a second number with the same string.
    """

    def __init__(self) -> None:
        self.words: list[str] = []
        self._index = HashIndex()
        self._hasher = SpanHasher()
        self._by_text: dict[str, int] = {}

    def __len__(self) -> int:
        return len(self.words)

    def numbers(
        self,
        flat: NDArray[np.int32],
        bounds: tuple[NDArray[np.intp], NDArray[np.intp]],
        codes: NDArray[np.uint64],
        texts: Sequence[str],
    ) -> NDArray[np.int32]:
        """Return the numbers of words, new ones included.

        Args:
            flat: Token numbers.
            bounds: Where in `flat` each word starts and ends.
            codes: The hash of each token number's text.
            texts: The text of each token number.
        """
        starts, ends = bounds
        hashes = self._hasher.hashes(codes.take(flat), starts, ends)
        numbers = self._index.find(hashes)
        unknown = np.flatnonzero(numbers < 0)
        if unknown.size:
            _, first = np.unique(hashes[unknown], return_index=True)
            places = unknown[np.sort(first)]
            count = len(self.words)
            self.words.extend(_joined(flat, (starts[places], ends[places]), texts))
            new = np.arange(count, len(self.words), dtype=np.int32)
            self._index.add(hashes[places], new)
            numbers[unknown] = self._index.find(hashes[unknown])
        return numbers

    def numbers_of_texts(self, words: Sequence[str]) -> list[int]:
        """Return the numbers of words that are given as strings."""
        for word in words:
            if word not in self._by_text:
                self._by_text[word] = len(self.words)
                self.words.append(word)
        return [self._by_text[word] for word in words]


def _joined(
    flat: NDArray[np.int32], bounds: tuple[NDArray[np.intp], NDArray[np.intp]], texts: Sequence[str]
) -> list[str]:
    """Return words as strings: tokens joined by "_"."""
    starts, ends = bounds
    lengths = ends - starts
    behind = np.cumsum(lengths)
    source = np.arange(int(behind[-1])) + np.repeat(ends - behind, lengths)
    parts = list(map(texts.__getitem__, flat.take(source).tolist()))
    spans = zip((behind - lengths).tolist(), behind.tolist(), strict=True)
    return ["_".join(parts[start:end]) for start, end in spans]
