"""What counts over real news say of a word: its idf, its vector, and its letters.

The corpus is small beside the language. Three things from outside help the classifier with words
that it has hardly or never seen: idf from 290,469 sentences of real news; a vector of 100
numbers for 14,775 words (PPMI and SVD), averaged over the sentence with idf as weights and scaled
to unit length; and character 3–5-grams inside the word, scaled to unit length a word and averaged
likewise. Provenance of the tables: `pipeline/statistics/README.md`.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from itertools import repeat
from typing import TYPE_CHECKING

import numpy as np

from pipeline.arrays import sorted_once
from pipeline.hash_index import HashIndex

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from numpy.typing import NDArray

_COLUMNS = 3
"""Columns of `word_df.tsv`: word, sentences, sentences from articles on digital matters."""
_SHORTEST_GRAM, _LONGEST_GRAM = 3, 5


@cache
def document_frequencies() -> tuple[int, dict[str, int]]:
    """Return the number of sentences counted, and word → sentences that hold it."""
    table = files("pipeline.statistics").joinpath("word_df.tsv").read_text(encoding="utf-8")
    first, _, rows = table.split("\n", 2)
    total = max(int(part) for part in first.replace("\t", " ").split() if part.isdigit())
    cells = rows.rstrip("\n").replace("\n", "\t").split("\t")
    return total, dict(zip(cells[::_COLUMNS], map(int, cells[1::_COLUMNS]), strict=True))


def idf_of(term: str) -> float:
    """Return the idf of a term over real news; an uncounted word counts as seen once.

    >>> round(idf_of("và"), 1) < 3 < round(idf_of("bán_dẫn"), 1)
    True
    """
    return float(idf_of_all([term])[0])


def idf_of_all(terms: Sequence[str]) -> NDArray[np.float64]:
    """Return `idf_of` for each of the terms."""
    total, counts = document_frequencies()
    seen = np.fromiter(map(counts.get, terms, repeat(1)), np.float64, len(terms))
    idf: NDArray[np.float64] = np.log((total + 1) / (seen + 1)) + 1
    return idf


@cache
def weighed_vectors() -> NDArray[np.float64]:
    """Return the rows of `word_vectors`, each times the idf of its word."""
    rows, vectors = word_vectors()
    weighed: NDArray[np.float64] = vectors * idf_of_all(list(rows))[:, None]
    return weighed


@cache
def word_vectors() -> tuple[dict[str, int], NDArray[np.float32]]:
    """Return word → row, and the rows (14,775 × 100, no longer than 1)."""
    path = files("pipeline.statistics").joinpath("word_vectors.npz")
    with path.open("rb") as stream, np.load(stream, allow_pickle=False) as table:
        words = table["words"].tobytes().decode().split("\n")
        return dict(zip(words, range(len(words)), strict=True)), table["vectors"].astype(np.float32)


def letter_grams(term: str) -> list[str]:
    """Return the character 3–5-grams of a term with marks at its ends; none for a class.

    >>> letter_grams("5g")
    ['_5g', '5g_', '_5g_']
    """
    if term.startswith("<"):
        return []
    marked = f"_{term}_"
    return [
        marked[i : i + size]
        for size in range(_SHORTEST_GRAM, _LONGEST_GRAM + 1)
        for i in range(len(marked) - size + 1)
    ]


_LETTER_BITS = 12
"""Five letters of so many bits are one 64-bit number; no alphabet has more than 4,095."""


@dataclass(frozen=True)
class LetterSpace:
    """The known character n-grams of words, with their idf over the words of the corpus."""

    grams: dict[str, int]
    idf: NDArray[np.float64]

    def features(self, term: str) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Return the known n-grams of a term and their values, scaled to unit length."""
        _, features, values = self.table([term])
        return features, values

    def table(
        self, terms: Sequence[str]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
        """Return for many terms how many n-grams each has, and all of those with their values."""
        of_term, features = self.found(terms)
        sizes = np.bincount(of_term, minlength=len(terms))
        values = self.idf[features]
        norms = np.sqrt(np.bincount(of_term, values * values, minlength=len(terms)))
        return sizes, features, values / norms[of_term]

    def found(self, terms: Sequence[str]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return the known n-grams of terms, each once a term and in order, and their terms.

        All terms are one array of letters. An n-gram is the number that its letters make as
        digits; a letter that no known n-gram has is the digit 0.
        """
        bare = ["" if term.startswith("<") else term for term in terms]
        text = "_" + "_\0_".join(bare) + "_"
        digits = _digits(text, self._alphabet)
        owner = np.repeat(np.arange(len(terms)), np.fromiter(map(len, bare), int, len(bare)) + 3)
        keys = np.zeros(len(digits), np.int64)
        is_known = np.ones(len(digits), bool)
        owners, grams = [], []
        for size in range(1, _LONGEST_GRAM + 1):
            inside = len(digits) - size + 1
            if inside <= 0:
                break
            last = digits[size - 1 :]
            keys = keys[:inside] | last << (_LETTER_BITS * (size - 1))
            is_known = is_known[:inside] & (last > 0)
            if size >= _SHORTEST_GRAM:
                found = np.flatnonzero(is_known)
                which, numbers = self._index.known(keys.take(found))
                owners.append(owner.take(found.take(which)))
                grams.append(numbers)
        if not owners:
            return np.zeros(0, np.int64), np.zeros(0, np.int64)
        width = max(1, len(self.grams))
        each = sorted_once(np.concatenate(owners) * width + np.concatenate(grams))
        return each // width, each % width

    @cached_property
    def _alphabet(self) -> NDArray[np.int64]:
        """The digit of each code point; the last entry stands for all that follow."""
        letters = sorted(set("".join(self.grams)) - {"\0"})[: (1 << _LETTER_BITS) - 1]
        table = np.zeros(max(map(ord, letters), default=0) + 2, np.int64)
        for digit, letter in enumerate(letters, 1):
            table[ord(letter)] = digit
        return table

    @cached_property
    def _index(self) -> HashIndex:
        """The way from digits to the known n-grams; one with another letter is never found."""
        padded = "".join(gram.ljust(_LONGEST_GRAM, "\0") for gram in self.grams)
        digits = _digits(padded, self._alphabet).reshape(-1, _LONGEST_GRAM)
        sizes = np.fromiter(map(len, self.grams), np.int64, len(self.grams))
        numbers = np.flatnonzero((digits > 0).sum(axis=1) == sizes)
        keys = (digits << (_LETTER_BITS * np.arange(_LONGEST_GRAM))).sum(axis=1)
        index = HashIndex(2 * len(numbers))
        index.add(keys.take(numbers), numbers.astype(np.int32))
        return index


def _digits(text: str, alphabet: NDArray[np.int64]) -> NDArray[np.int64]:
    points = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
    digits: NDArray[np.int64] = alphabet[np.minimum(points, len(alphabet) - 1)]
    return digits


def fit_letters(terms: Iterable[str], least: int = 2) -> LetterSpace:
    """Learn the n-grams that occur in at least `least` of the terms."""
    terms = list(terms)
    counts = Counter(gram for term in terms for gram in set(letter_grams(term)))
    grams = sorted(gram for gram, count in counts.items() if count >= least)
    df = np.array([counts[gram] for gram in grams], np.float64)
    idf = np.log((1 + len(terms)) / (1 + df)) + 1
    return LetterSpace({gram: i for i, gram in enumerate(grams)}, idf)


def unit_rows(matrix: NDArray[np.float64]) -> NDArray[np.float64]:
    """Scale the rows of a matrix to unit length; a row of zeros stays."""
    norms = np.sqrt(np.einsum("ij,ij->i", matrix, matrix))
    norms[norms == 0] = 1
    scaled: NDArray[np.float64] = matrix / norms[:, None]
    return scaled


def slices(offsets: NDArray[np.int64], size: int) -> Iterator[tuple[int, int]]:
    """Cut sentences into runs of at most `size` items, or of one sentence that is longer.

    >>> list(slices(np.array([0, 2, 3, 9, 9]), 3))
    [(0, 2), (2, 3), (3, 4)]
    """
    first = 0
    while first < len(offsets) - 1:
        last = int(np.searchsorted(offsets, offsets[first] + size, side="right")) - 1
        last = max(first + 1, last)
        yield first, last
        first = last


def row_sums(values: NDArray[np.float64], offsets: NDArray[np.int64]) -> NDArray[np.float64]:
    """Sum the rows of `values` sentence by sentence; an empty sentence gives zeros."""
    sums = np.zeros((len(offsets) - 1, values.shape[1]))
    filled = offsets[:-1] < offsets[1:]
    if filled.any():
        sums[filled] = np.add.reduceat(values, offsets[:-1][filled], axis=0)
    return sums


def rows_of_weights(weights: NDArray[np.float64], idf: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return what each feature adds to a sum: its weights times its idf, and its squared idf.

    `unit_sums` scales such sums to unit length.

    >>> rows_of_weights(np.array([[3.0, 1.0]]), np.array([2.0])).tolist()
    [[6.0, 2.0, 4.0]]
    """
    return np.hstack([weights * idf[:, None], (idf * idf)[:, None]])


def unit_sums(sums: NDArray[np.float64]) -> NDArray[np.float64]:
    """Divide sums by the root of the last of them, the squared length; nought stays nought.

    >>> unit_sums(np.array([[6.0, 2.0, 4.0], [0.0, 0.0, 0.0]])).tolist()
    [[3.0, 1.0], [0.0, 0.0]]
    """
    lengths = np.sqrt(sums[..., -1:])
    lengths[lengths == 0] = 1
    scaled: NDArray[np.float64] = sums[..., :-1] / lengths
    return scaled
