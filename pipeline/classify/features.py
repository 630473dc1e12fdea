"""The features of a sentence: blocks side by side, each with a weight.

| block     | what it holds                                              | scaled to            |
| --------- | ---------------------------------------------------------- | -------------------- |
| words     | 1–2-grams of underthesea words, idf over real news         | unit length          |
| syllables | 1–2-grams of syllables                                     | unit length          |
| concepts  | concepts of the lexicon, and how many speak for each pillar | 0/1 and ln(1 + n)    |
| vectors   | idf-weighted mean of word vectors                          | unit length          |
| letters   | idf-weighted mean of the letter n-grams of words           | root of squared idf  |
| previous  | words of the sentence before, in the same article          | unit length          |
| title     | words of the article's title                               | unit length          |
| around    | strong concepts a pillar: sentence before, title, article  | ln(1 + n), shares    |

The same code gives the entries of the training matrix and those of a prediction.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from pipeline.arrays import sorted_once
from pipeline.classify import dense
from pipeline.classify.background import LetterSpace, fit_letters, idf_of_all, word_vectors
from pipeline.classify.concepts import concepts, matcher, sides_of_concepts
from pipeline.classify.ngrams import NgramBlock, fit_ngrams, known_terms
from pipeline.classify.vocabulary import (
    DROPPED,
    NUMBER,
    SyllableNumbers,
    spread,
    syllables_of,
    term_of,
)
from pipeline.classify.words import KnownWords, without_dropped
from pipeline.records import NONE, PILLARS, WordBatch

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from pipeline.classify.ngrams import Entries

    Ids = tuple[NDArray[np.int64], NDArray[np.int64]]

BLOCKS = ("words", "syllables", "concepts", "vectors", "letters", "previous", "title", "around")


_SIDES = len(PILLARS) + 1
"""Concepts argue for one of four pillars, or for none."""


@dataclass(frozen=True, slots=True)
class FeatureSettings:
    """Weights of the blocks (0 leaves one out) and the least count of a term.

    The values are those that cross-validation chose; `docs/experiments.md` has the table.
    """

    words: float = 1.0
    syllables: float = 0.7
    concepts: float = 0.4
    vectors: float = 0.5
    letters: float = 0.5
    previous: float = 0.5
    title: float = 0.5
    around: float = 0.4
    bigrams: bool = True
    background_idf: bool = True
    least_count: int = 1


@dataclass(frozen=True, slots=True)
class Batch:
    """Sentences of whole articles: their words, the words of titles, and who belongs together.

    `article_of[k]` is the position of sentence k's article in `titles`.
    """

    words: WordBatch
    titles: WordBatch
    article_of: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class FoundConcepts:
    """Concepts of sentences: parallel arrays, one entry for each concept that a sentence has."""

    rows: NDArray[np.int64]
    concepts: NDArray[np.int64]
    counts: NDArray[np.int64]
    """Strong concepts that speak for each pillar, or for none (sentences × 5)."""

    @property
    def sides(self) -> NDArray[np.float64]:
        """How many speak for each pillar, damped, and whether any does (sentences × 10)."""
        return np.hstack([np.log1p(self.counts), self.counts > 0])


class FeatureSpace:
    """Fitted blocks; turns batches into entries of a sparse matrix."""

    def __init__(
        self,
        settings: FeatureSettings,
        terms: Sequence[str],
        syllables: Sequence[str],
        blocks: dict[str, NgramBlock],
        letters: LetterSpace,
    ) -> None:
        self.settings = settings
        self.terms = list(terms)
        self.syllables = list(syllables)
        self.blocks = blocks
        self.letters = letters
        numbers = SyllableNumbers(self.syllables, matcher().syllables)
        known = {s: i for i, s in enumerate(self.syllables)}
        self._syllables_of_numbers = numbers.table(
            lambda s: known.get(s, len(known) if s == NUMBER or s.isalnum() else DROPPED),
            unknown=len(known),
            mark=DROPPED,
        )
        self._concept_syllables = matcher().table_for(numbers)
        self.words = KnownWords({term: i for i, term in enumerate(self.terms)}, numbers, letters)

    # -- layout ---------------------------------------------------------------------------

    @property
    def sizes(self) -> dict[str, int]:
        """Number of features of each block, in the order of the columns."""
        words = self.blocks["words"]
        counts = {
            "words": words.size,
            "syllables": self.blocks["syllables"].size,
            "concepts": len(concepts()) + 2 * _SIDES,
            "vectors": word_vectors()[1].shape[1],
            "letters": len(self.letters.grams),
            "previous": words.n_terms,
            "title": words.n_terms,
            "around": 3 * _SIDES,
        }
        return {name: counts[name] if getattr(self.settings, name) else 0 for name in BLOCKS}

    @property
    def starts(self) -> dict[str, int]:
        """First column of each block."""
        ends = np.cumsum([0, *self.sizes.values()])
        return dict(zip(BLOCKS, ends.tolist(), strict=False))

    @property
    def size(self) -> int:
        """Number of columns."""
        return sum(self.sizes.values())

    def feature_name(self, column: int) -> str:
        """Return a readable name of a column, for `trucot explain`."""
        starts = self.starts
        block = max((n for n in BLOCKS if self.sizes[n]), key=lambda n: _last(starts[n], column))
        place = column - starts[block]
        if block in ("words", "syllables"):
            names = self.terms if block == "words" else self.syllables
            return _ngram_name(self.blocks[block], names, place)
        if block == "concepts":
            return _concept_name(place)
        if block in ("previous", "title"):
            return f"{block}: {self.terms[place]}"
        if block == "around":
            where = ("sentence before", "title", "article")[place // _SIDES]
            return f"{where}: {(*PILLARS, NONE)[place % _SIDES]} concepts"
        return "word vectors" if block == "vectors" else "letters of words"

    # -- words to ids ---------------------------------------------------------------------

    def term_ids(self, words: WordBatch) -> Ids:
        """Return the terms of sentences as ids, and where each sentence begins."""
        return self.words.terms(words)

    def syllable_ids(self, syllables: Ids) -> Ids:
        """Return the syllables of sentences as ids, and where each sentence begins.

        Args:
            syllables: What `KnownWords.syllables` gives.
        """
        numbers, offsets = syllables
        return without_dropped(self._syllables_of_numbers.take(numbers), offsets)

    # -- entries --------------------------------------------------------------------------

    def entries(self, batch: Batch, blocks: Sequence[str] = BLOCKS) -> Entries:
        """Return rows, columns and weighed values of a batch, block after block.

        Args:
            batch: Sentences of whole articles.
            blocks: Which blocks; the others are left out.
        """
        parts = [
            (rows, columns + self.starts[name], values * getattr(self.settings, name))
            for name in blocks
            if self.sizes[name]
            for rows, columns, values in [getattr(self, f"_{name}")(batch)]
        ]
        rows, columns, values = (np.concatenate(arrays) for arrays in zip(*parts, strict=True))
        return rows, columns, values

    def _words(self, batch: Batch) -> Entries:
        return self.blocks["words"].entries(*self.term_ids(batch.words))

    def _syllables(self, batch: Batch) -> Entries:
        syllables = self.words.syllables(batch.words)
        return self.blocks["syllables"].entries(*self.syllable_ids(syllables))

    def found_concepts(self, syllables: Ids) -> FoundConcepts:
        """Return the concepts of sentences.

        Args:
            syllables: What `KnownWords.syllables` gives.
        """
        numbers, offsets = syllables
        found = matcher().find(self._concept_syllables.take(numbers), offsets)
        keys = sorted_once(found.rows * len(concepts()) + found.concepts)
        rows, numbers = keys // len(concepts()), keys % len(concepts())
        sides, strong = sides_of_concepts()
        strong = strong[numbers]
        cells = rows[strong] * _SIDES + sides[numbers[strong]]
        counts = np.bincount(cells, minlength=(len(offsets) - 1) * _SIDES).reshape(-1, _SIDES)
        return FoundConcepts(rows, numbers, counts)

    def around(
        self, found: FoundConcepts, of_titles: FoundConcepts, article: NDArray[np.int64]
    ) -> NDArray[np.float64]:
        """Return the block `around` as a dense matrix (sentences × 15)."""
        counts, titles = found.counts, np.log1p(of_titles.counts)
        before = np.zeros(counts.shape)
        same = article[1:] == article[:-1]
        before[1:][same] = counts[:-1][same]
        sides = np.arange(_SIDES)
        cells = (article[:, None] * _SIDES + sides)[counts > 0]
        sums = np.bincount(cells, minlength=titles.size).reshape(-1, _SIDES)
        sizes = np.maximum(1, np.bincount(article, minlength=len(titles)))
        shares = sums / sizes[:, None]
        return np.hstack([np.log1p(before), titles[article], shares[article]])

    def _concepts(self, batch: Batch) -> Entries:
        found = self.found_concepts(self.words.syllables(batch.words))
        dense_rows, dense_columns, dense_values = _nonzero(found.sides)
        return (
            np.concatenate([found.rows, dense_rows]),
            np.concatenate([found.concepts, len(concepts()) + dense_columns]),
            np.concatenate([np.ones(len(found.rows)), dense_values]),
        )

    def _around(self, batch: Batch) -> Entries:
        found = self.found_concepts(self.words.syllables(batch.words))
        of_titles = self.found_concepts(self.words.syllables(batch.titles))
        return _nonzero(self.around(found, of_titles, batch.article_of))

    def _vectors(self, batch: Batch) -> Entries:
        return _nonzero(dense.vectors(self.words, batch.words))

    def _letters(self, batch: Batch) -> Entries:
        return dense.letters(self.words, batch.words)

    def _unigrams(self, words: WordBatch) -> Entries:
        return self.blocks["words"].unigrams.entries(*self.term_ids(words))

    def _previous(self, batch: Batch) -> Entries:
        rows, columns, values = self._unigrams(batch.words)
        following = rows + 1
        inside = following < len(batch.words)
        inside[inside] = batch.article_of[following[inside]] == batch.article_of[rows[inside]]
        return following[inside], columns[inside], values[inside]

    def _title(self, batch: Batch) -> Entries:
        """Give every sentence of an article the words of its title."""
        titles, columns, values = self._unigrams(batch.titles)
        ends = np.searchsorted(titles, np.arange(len(batch.titles) + 1))
        places, starts = spread(ends, batch.article_of)
        sizes = np.diff(starts)
        return np.repeat(np.arange(len(sizes)), sizes), columns[places], values[places]


def _nonzero(block: NDArray[np.float64]) -> Entries:
    """Return the entries of a dense block."""
    rows, columns = np.nonzero(block)
    return rows, columns, block[rows, columns]


def _last(start: int, column: int) -> int:
    return start if start <= column else -1


def _ngram_name(block: NgramBlock, names: Sequence[str], place: int) -> str:
    if place < block.n_terms:
        return names[place]
    left, right = divmod(int(block.pairs[place - block.n_terms]), block.n_terms)
    return f"{names[left]} {names[right]}"


def _concept_name(place: int) -> str:
    known = concepts()
    if place < len(known):
        return f"concept: {known[place].name}"
    order = [f"number of {p} concepts" for p in (*PILLARS, NONE)]
    order += [f"any {p} concept" for p in (*PILLARS, NONE)]
    return order[place - len(known)]


def fit_features(batch: Batch, settings: FeatureSettings) -> FeatureSpace:
    """Learn vocabularies and idf from training sentences."""
    words = [batch.words.words(k) for k in range(len(batch.words))]
    term_lists = [[t for t in map(term_of, sentence) if t is not None] for sentence in words]
    syllable_lists = [
        [s for w in sentence for s in syllables_of(w) if any(c.isalnum() for c in s)]
        for sentence in words
    ]
    terms = known_terms(term_lists, settings.least_count)
    syllables = known_terms(syllable_lists, settings.least_count)
    letters = fit_letters(terms)
    unfitted = FeatureSpace(settings, terms, syllables, {}, letters)
    background = idf_of_all(terms) if settings.background_idf else None
    blocks = {
        "words": fit_ngrams(
            *unfitted.term_ids(batch.words),
            len(terms),
            bigrams=settings.bigrams,
            unigram_idf=background,
        ),
        "syllables": fit_ngrams(
            *unfitted.syllable_ids(unfitted.words.syllables(batch.words)),
            len(syllables),
            bigrams=settings.bigrams,
        ),
    }
    return FeatureSpace(settings, terms, syllables, blocks, letters)
