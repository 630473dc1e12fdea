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

from pipeline.classify.background import (
    LetterSpace,
    fit_letters,
    idf_of,
    row_sums,
    unit_rows,
    word_vectors,
)
from pipeline.classify.concepts import concepts, matcher
from pipeline.classify.ngrams import NgramBlock, fit_ngrams, known_terms, rows_of
from pipeline.classify.vocabulary import WordTable, syllables_of, term_of
from pipeline.records import NONE, PILLARS, WordBatch

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from pipeline.classify.ngrams import Entries

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
        self._term_numbers = {term: i for i, term in enumerate(self.terms)}
        self._syllable_numbers = {s: i for i, s in enumerate(self.syllables)}
        self._term_table = WordTable(self._term_ids)
        self._title_table = WordTable(self._term_ids)
        self._syllable_table = WordTable(self._syllable_ids)
        self._concept_table = WordTable(matcher().syllable_ids)
        self.dense = DenseWords(letters)

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
        return f"{block}[{place}]"

    # -- words to ids ---------------------------------------------------------------------

    def _term_ids(self, word: str) -> list[int]:
        term = term_of(word)
        if term is None:
            return []
        return [self._term_numbers.get(term, len(self.terms))]

    def _syllable_ids(self, word: str) -> list[int]:
        unknown = len(self.syllables)
        pieces = (s for s in syllables_of(word) if any(c.isalnum() for c in s))
        return [self._syllable_numbers.get(s, unknown) for s in pieces]

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
        return self.blocks["words"].entries(*_ids(self._term_table, batch.words))

    def _syllables(self, batch: Batch) -> Entries:
        return self.blocks["syllables"].entries(*_ids(self._syllable_table, batch.words))

    def _concepts(self, batch: Batch) -> Entries:
        rows, numbers, counts = self._found_concepts(batch.words)
        dense = np.hstack([np.log1p(counts), counts > 0])
        dense_rows, dense_columns = np.nonzero(dense)
        return (
            np.concatenate([rows, dense_rows]),
            np.concatenate([numbers, len(concepts()) + dense_columns]),
            np.concatenate([np.ones(len(rows)), dense[dense_rows, dense_columns]]),
        )

    def _found_concepts(
        self, words: WordBatch
    ) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
        """Return sentences and numbers of concepts, and strong ones counted a pillar (n × 5)."""
        found = matcher().find(*_ids(self._concept_table, words))
        keys = np.unique(found.rows * len(concepts()) + found.concepts)
        rows, numbers = keys // len(concepts()), keys % len(concepts())
        sides = np.array([(*PILLARS, NONE).index(c.pillar) for c in concepts()], np.int64)
        strong = np.array([not c.is_hint for c in concepts()])[numbers]
        counts = np.zeros((len(words), _SIDES))
        np.add.at(counts, (rows[strong], sides[numbers[strong]]), 1)
        return rows, numbers, counts

    def _around(self, batch: Batch) -> Entries:
        *_, counts = self._found_concepts(batch.words)
        *_, of_titles = self._found_concepts(batch.titles)
        article = batch.article_of
        before = np.zeros_like(counts)
        same = article[1:] == article[:-1]
        before[1:][same] = counts[:-1][same]
        sums = np.zeros_like(of_titles)
        np.add.at(sums, article, counts > 0)
        sizes = np.maximum(1, np.bincount(article, minlength=len(of_titles)))
        shares = (sums / sizes[:, None])[article]
        dense = np.hstack([np.log1p(before), np.log1p(of_titles)[article], shares])
        rows, columns = np.nonzero(dense)
        return rows, columns, dense[rows, columns]

    def _vectors(self, batch: Batch) -> Entries:
        vectors = self.dense.vectors(batch.words)
        rows, columns = np.nonzero(vectors)
        return rows, columns, vectors[rows, columns]

    def _letters(self, batch: Batch) -> Entries:
        return self.dense.letters(batch.words)

    def _unigrams(self, table: WordTable, words: WordBatch) -> Entries:
        block = self.blocks["words"]
        unigrams = NgramBlock(block.n_terms, block.pairs[:0], block.idf[: block.n_terms])
        return unigrams.entries(*_ids(table, words))

    def _previous(self, batch: Batch) -> Entries:
        rows, columns, values = self._unigrams(self._term_table, batch.words)
        following = rows + 1
        inside = following < len(batch.words)
        inside[inside] = batch.article_of[following[inside]] == batch.article_of[rows[inside]]
        return following[inside], columns[inside], values[inside]

    def _title(self, batch: Batch) -> Entries:
        """Give every sentence of an article the words of its title."""
        titles, columns, values = self._unigrams(self._title_table, batch.titles)
        first = np.searchsorted(titles, batch.article_of)
        sizes = np.searchsorted(titles, batch.article_of, side="right") - first
        ends = np.cumsum(sizes)
        place = np.arange(int(sizes.sum())) + np.repeat(first - (ends - sizes), sizes)
        return np.repeat(np.arange(len(sizes)), sizes), columns[place], values[place]


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


def _ids(table: WordTable, words: WordBatch) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    table.grow(words.vocabulary)
    flat, offsets = table.lists_of(words.ids, words.offsets)
    return flat.astype(np.int64), offsets


class DenseWords:
    """idf, vector row and letter n-grams of each word of a vocabulary, computed once a word."""

    def __init__(self, letters: LetterSpace) -> None:
        self._letters = letters
        self._vocabulary: Sequence[str] | None = None
        self._idf: list[float] = []
        self._row: list[int] = []
        self._grams: list[tuple[NDArray[np.int64], NDArray[np.float64]]] = []
        self._word_scores: list[NDArray[np.float64]] = []

    def _grow(self, words: WordBatch) -> None:
        if words.vocabulary is not self._vocabulary:
            self._vocabulary = words.vocabulary
            self._idf, self._row, self._grams, self._word_scores = [], [], [], []
        known, _ = word_vectors()
        for i in range(len(self._idf), len(words.vocabulary)):
            term = term_of(words.vocabulary[i])
            counted = term is not None and not term.startswith("<")
            name = term or ""
            self._idf.append(idf_of(name) if counted else 0.0)
            self._row.append(known.get(name, -1) if counted else -1)
            self._grams.append(self._letters.features(name if counted else "<>"))

    def vectors(self, words: WordBatch) -> NDArray[np.float64]:
        """Return the idf-weighted sum of word vectors of each sentence, at unit length."""
        self._grow(words)
        _, table = word_vectors()
        rows = np.array(self._row, np.int64)[words.ids]
        weights = np.where(rows >= 0, np.array(self._idf)[words.ids], 0.0)
        weighed = table[rows].astype(np.float64) * weights[:, None]
        return unit_rows(row_sums(weighed, words.offsets))

    def letters(self, words: WordBatch) -> Entries:
        """Return the letter n-grams of each sentence: mean over words, weighed by idf."""
        self._grow(words)
        shares, rows = self._shares(words)
        grams = [self._grams[i] for i in words.ids.tolist()]
        sizes = np.fromiter((len(g) for g, _ in grams), np.int64, len(grams))
        empty = [np.zeros(0)]
        columns = np.concatenate([g for g, _ in grams] or empty).astype(np.int64)
        values = np.concatenate([v for _, v in grams] or empty) * np.repeat(shares, sizes)
        return np.repeat(rows, sizes), columns, values

    def _shares(self, words: WordBatch) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
        """Return the weight of each word in its sentence, and the sentence."""
        idf = np.array(self._idf)[words.ids]
        rows = rows_of(words.offsets)
        norms = np.sqrt(np.bincount(rows, idf * idf, minlength=len(words)))
        norms[norms == 0] = 1
        return idf / norms[rows], rows

    def letter_scores(self, words: WordBatch, weights: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return `letters(words)` times `weights` (features × pillars), one sum a word.

        The score of a word's letters is the same in every sentence, so it is kept.
        """
        self._grow(words)
        for features, values in self._grams[len(self._word_scores) :]:
            self._word_scores.append(values @ weights[features])
        shares, _ = self._shares(words)
        table = np.array(self._word_scores).reshape(-1, weights.shape[1])
        return row_sums(table[words.ids] * shares[:, None], words.offsets)


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
    background = np.array([idf_of(t) for t in terms]) if settings.background_idf else None
    blocks = {
        "words": fit_ngrams(
            *_ids(WordTable(unfitted._term_ids), batch.words),
            len(terms),
            bigrams=settings.bigrams,
            unigram_idf=background,
        ),
        "syllables": fit_ngrams(
            *_ids(WordTable(unfitted._syllable_ids), batch.words),
            len(syllables),
            bigrams=settings.bigrams,
        ),
    }
    return FeatureSpace(settings, terms, syllables, blocks, letters)
