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
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

_SHORTEST_GRAM, _LONGEST_GRAM = 3, 5


@cache
def document_frequencies() -> tuple[int, dict[str, int]]:
    """Return the number of sentences counted, and word → sentences that hold it."""
    table = files("pipeline.statistics").joinpath("word_df.tsv").read_text(encoding="utf-8")
    lines = table.splitlines()
    total = max(int(part) for part in lines[0].replace("\t", " ").split() if part.isdigit())
    rows = (line.split("\t") for line in lines[1:])
    return total, {row[0]: int(row[1]) for row in rows if len(row) > 1 and row[1].isdigit()}


def idf_of(term: str) -> float:
    """Return the idf of a term over real news; an uncounted word counts as seen once.

    >>> round(idf_of("và"), 1) < 3 < round(idf_of("bán_dẫn"), 1)
    True
    """
    return float(idf_of_all([term])[0])


def idf_of_all(terms: Sequence[str]) -> NDArray[np.float64]:
    """Return `idf_of` for each of the terms."""
    total, counts = document_frequencies()
    seen = np.fromiter((counts.get(term, 1) for term in terms), np.float64, len(terms))
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
        words = [str(word) for word in table["words"]]
        return {word: i for i, word in enumerate(words)}, table["vectors"].astype(np.float32)


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
        known = self.grams
        found = [sorted({known[g] for g in letter_grams(t) if g in known}) for t in terms]
        sizes = np.fromiter(map(len, found), np.int64, len(found))
        features = np.fromiter((g for grams in found for g in grams), np.int64, sizes.sum())
        values = self.idf[features]
        of_term = np.repeat(np.arange(len(terms)), sizes)
        norms = np.sqrt(np.bincount(of_term, values * values, minlength=len(terms)))
        return sizes, features, values / norms[of_term]


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


def row_sums(values: NDArray[np.float64], offsets: NDArray[np.int64]) -> NDArray[np.float64]:
    """Sum the rows of `values` sentence by sentence; an empty sentence gives zeros."""
    sums = np.zeros((len(offsets) - 1, values.shape[1]))
    filled = offsets[:-1] < offsets[1:]
    if filled.any():
        sums[filled] = np.add.reduceat(values, offsets[:-1][filled], axis=0)
    return sums
