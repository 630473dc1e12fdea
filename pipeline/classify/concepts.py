"""Concepts of the pillar lexicon in sentences, as features.

`pipeline/lexicon/pillars.toml` lists what counts as evidence for a pillar (guideline 2.1), with
the forms that each concept takes. Forms are matched on whole syllables by a trie that walks all
positions of a batch at once; forms of the kind "A … B" need B within six syllables behind A. A
match inside a look-alike ("kinh tế - xã hội") does not count.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from itertools import repeat
from typing import TYPE_CHECKING, Any

import numpy as np

from pipeline.arrays import sorted_once
from pipeline.classify.ngrams import rows_of
from pipeline.classify.vocabulary import (
    NUMBER,
    SyllableNumbers,
    fold_all,
    pieces_of_all,
    spread,
)
from pipeline.errors import LexiconError
from pipeline.hash_index import HashIndex
from pipeline.lexicon import load
from pipeline.records import NONE, PILLARS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

GAP = " … "
WIDEST_GAP = 6
"""How many syllables may stand between the two parts of "A … B"."""

_ROOT = 0


@dataclass(frozen=True, slots=True)
class Concept:
    """One thing that argues for a pillar, or against all (`pillar` "none")."""

    name: str
    pillar: str
    cue: bool
    forms: tuple[str, ...]
    examples: tuple[str, ...] = ()
    not_examples: tuple[str, ...] = ()

    @property
    def is_hint(self) -> bool:
        """True for words that argue weakly: their names end in "_hint"."""
        return self.name.endswith("_hint")


@dataclass(frozen=True, slots=True)
class Matches:
    """Concepts found in a batch: parallel arrays, one entry a match, by sentence and concept."""

    rows: NDArray[np.int64]
    concepts: NDArray[np.int64]
    starts: NDArray[np.int64]
    """Place of the first syllable in the batch."""


@cache
def concepts() -> tuple[Concept, ...]:
    """Return the concepts of the lexicon, in the order of the file.

    Raises:
        LexiconError: A row has an unknown pillar or no form.
    """
    found = []
    for row in load("pillars")["concept"]:
        if row["pillar"] not in (*PILLARS, NONE) or not row.get("forms"):
            message = f"The concept {row.get('name')} of pillars.toml needs a pillar and forms."
            raise LexiconError(message)
        found.append(_concept(row))
    return tuple(found)


def _concept(row: dict[str, Any]) -> Concept:
    return Concept(
        name=row["name"],
        pillar=row["pillar"],
        cue=bool(row.get("cue", False)),
        forms=tuple(row["forms"]),
        examples=tuple(row.get("examples", ())),
        not_examples=tuple(row.get("not_examples", ())),
    )


class ConceptMatcher:
    """A trie over the forms of all concepts."""

    def __init__(self) -> None:
        forms = [
            (number, form.split(GAP, 1))
            for number, concept in enumerate(concepts())
            for form in concept.forms
        ]
        texts = [part for _, form in forms for part in form] + load("pillars")["lookalikes"]
        parts = self._enter(texts)
        n_parts = int(parts.max()) + 1
        numbers = np.array([number for number, _ in forms], np.int64)
        sizes = np.array([len(form) for _, form in forms], np.int64)
        first = np.cumsum(sizes) - sizes
        gapped = sizes > 1
        before, behind = parts[first[gapped]], parts[first[gapped] + 1]
        self._hidden = np.isin(np.arange(n_parts), parts[sizes.sum() :])
        self._is_first = np.isin(np.arange(n_parts), before)
        self._is_second = np.isin(np.arange(n_parts), behind)
        self._single_ends, self._single_concepts = _by_key(
            parts[first[~gapped]], np.arange(n_parts), numbers[~gapped]
        )
        pairs = before * n_parts + behind
        known = sorted_once(pairs)
        self._gaps = HashIndex.of(known)
        self._gap_ends, self._gap_concepts = _by_key(pairs, known, numbers[gapped])

    def _enter(self, texts: Sequence[str]) -> NDArray[np.int64]:
        """Make a trie of the syllables of forms; return the number of each form.

        The trie is a sorted array of edges (state and syllable): edge n leads to state n + 1, so
        the states of a level have greater numbers than those of the levels above.
        """
        pieces = pieces_of_all([form.replace(" ", "_") for form in fold_all(texts)])
        named = {p: NUMBER if p.isdigit() else p for p in dict.fromkeys(pieces) if p != "\0"}
        self._syllables = {s: n for n, s in enumerate(dict.fromkeys(named.values()))}
        self._width = len(self._syllables)
        known = {piece: self._syllables[name] for piece, name in named.items()}
        numbers = np.fromiter(map(known.get, pieces, repeat(-1)), np.int64, len(pieces))
        ids, ends = numbers[numbers >= 0], np.flatnonzero(numbers < 0)
        sizes = np.diff(ends, prepend=-1) - 1
        first = np.cumsum(sizes) - sizes
        states = np.full(len(texts), _ROOT, np.int64)
        levels = []
        n_edges = 0
        for depth in range(int(sizes.max())):
            longer = np.flatnonzero(sizes > depth)
            keys = states[longer] * self._width + ids[first[longer] + depth]
            edges, place = np.unique(keys, return_inverse=True)
            states[longer] = n_edges + place + 1
            levels.append(edges)
            n_edges += len(edges)
        edges = np.concatenate(levels)
        self._edges = HashIndex.of(edges)
        wholes, parts = np.unique(states, return_inverse=True)
        self._parts = np.full(n_edges + 1, -1, np.int64)
        self._parts[wholes] = np.arange(len(wholes))
        # Most syllables begin no form, or stand in none behind another: one look-up says so.
        self._from_root = np.zeros(self._width + 1, np.int64)
        self._from_root[levels[0]] = np.arange(len(levels[0])) + 1
        self._inside = np.full(self._width + 1, self._width, np.int64)
        inside = edges[len(levels[0]) :] % self._width
        self._inside[inside] = inside
        return parts

    @property
    def syllables(self) -> list[str]:
        """The syllables of all forms, by their ids."""
        return list(self._syllables)

    def table_for(self, numbers: SyllableNumbers) -> NDArray[np.int64]:
        """Return the ids of syllables that are numbered in another way."""
        known = self._syllables
        return numbers.table(lambda s: known.get(s, self._width), self._width, self._width)

    def find_in(self, sentences: Sequence[Sequence[str]]) -> Matches:
        """Find the concepts of sentences given as words, or as pieces between blanks."""
        numbers = SyllableNumbers(self.syllables)
        flat, sizes = numbers.of(fold_all([word for words in sentences for word in words]))
        ends = np.concatenate([[0], np.cumsum(sizes)])
        offsets = ends[np.cumsum([0, *map(len, sentences)])]
        return self.find(self.table_for(numbers)[flat], offsets)

    def find(self, syllables: NDArray[np.int64], offsets: NDArray[np.int64]) -> Matches:
        """Find the concepts of a batch of sentences.

        Args:
            syllables: Ids as `table_for` gives them, sentence after sentence.
            offsets: Sentence k holds `syllables[offsets[k]:offsets[k + 1]]`.
        """
        starts, ends, parts = self._parts_found(syllables, offsets)
        hidden = self._hidden[parts]
        cover = _covered(starts[hidden], ends[hidden], len(syllables))
        visible = ~hidden
        visible[visible] = ~(cover[starts[visible]] & cover[ends[visible] - 1])
        starts, ends, parts = (array.compress(visible) for array in (starts, ends, parts))
        rows = rows_of(offsets)
        single_starts, single_concepts = self._single(starts, parts)
        gapped_starts, gapped_concepts = self._across_gaps(rows, starts, ends, parts)
        found = np.concatenate([single_starts, gapped_starts])
        numbers = np.concatenate([single_concepts, gapped_concepts])
        # Sorted by sentence, concept and place, each once.
        width = len(syllables) + 1
        keys = sorted_once((rows[found] * len(concepts()) + numbers) * width + found)
        sentences, numbers = np.divmod(keys // width, len(concepts()))
        return Matches(sentences, numbers, keys % width)

    def _single(
        self, starts: NDArray[np.int64], parts: NDArray[np.int64]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return start and concept of the parts that are a whole form."""
        places, offsets = spread(self._single_ends, parts)
        return np.repeat(starts, np.diff(offsets)), self._single_concepts[places]

    def _across_gaps(
        self,
        rows: NDArray[np.int64],
        starts: NDArray[np.int64],
        ends: NDArray[np.int64],
        parts: NDArray[np.int64],
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return start and concept of the forms "A … B"; B lies at most `WIDEST_GAP` behind A."""
        second = self._is_second.take(parts)
        second_starts, second_parts = starts.compress(second), parts.compress(second)
        first = np.flatnonzero(self._is_first.take(parts))
        before = np.append(0, np.cumsum(np.bincount(second_starts, minlength=len(rows))))
        from_ = before.take(ends[first])
        to = before.take(np.minimum(ends[first] + WIDEST_GAP + 1, len(rows)))
        sizes = to - from_
        first = np.repeat(first, sizes)
        behind = np.arange(len(first)) + np.repeat(from_ - (np.cumsum(sizes) - sizes), sizes)
        keys = parts[first] * len(self._hidden) + second_parts[behind]
        which, place = self._gaps.known(keys)
        first, behind = first[which], behind[which]
        fits = rows[starts[first]] == rows[second_starts[behind]]
        places, offsets = spread(self._gap_ends, place[fits])
        return np.repeat(starts[first[fits]], np.diff(offsets)), self._gap_concepts[places]

    def _parts_found(
        self, syllables: NDArray[np.int64], offsets: NDArray[np.int64]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
        """Walk the trie from all places at once; return starts, ends and numbers of the parts."""
        states = self._from_root.take(syllables)
        starts = np.flatnonzero(states != _ROOT)
        states = states.take(starts)
        following = np.append(self._inside.take(syllables), self._width)
        following[offsets] = self._width  # no form goes on into the next sentence
        found_starts, found_ends, found_parts = [], [], []
        length = 1
        while len(starts):
            parts = self._parts.take(states)
            whole = np.flatnonzero(parts >= 0)
            found_starts.append(starts.take(whole))
            found_ends.append(found_starts[-1] + length)
            found_parts.append(parts.take(whole))
            here = following.take(starts + length)
            alive = np.flatnonzero(here < self._width)
            edges = states.take(alive) * self._width + here.take(alive)
            which, edge = self._edges.known(edges)
            starts, states = starts.take(alive.take(which)), edge + 1
            length += 1
        if not found_starts:
            empty = np.zeros(0, np.int64)
            return empty, empty, empty
        begins = np.concatenate(found_starts)
        order = np.argsort(begins, kind="stable")
        return begins[order], np.concatenate(found_ends)[order], np.concatenate(found_parts)[order]


def _by_key(
    keys: NDArray[np.int64], known: NDArray[np.int64], values: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return where the values of each known key begin, and the end, and all values by key.

    >>> ends, values = _by_key(np.array([7, 5, 7]), np.array([5, 6, 7]), np.array([1, 2, 3]))
    >>> ends.tolist(), values.tolist()
    ([0, 1, 1, 3], [2, 1, 3])
    """
    order = np.argsort(keys, kind="stable")
    ends = np.append(np.searchsorted(keys[order], known), len(keys))
    return ends, values[order]


def _covered(starts: NDArray[np.int64], ends: NDArray[np.int64], length: int) -> NDArray[np.bool_]:
    """Return which places lie inside one of the spans."""
    change = np.bincount(starts, minlength=length + 1) - np.bincount(ends, minlength=length + 1)
    covered: NDArray[np.bool_] = np.cumsum(change)[:-1] > 0
    return covered


@cache
def matcher() -> ConceptMatcher:
    """Return the matcher of the shipped lexicon, built once a process."""
    return ConceptMatcher()


@cache
def sides_of_concepts() -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Return for each concept the place of its pillar, and whether it argues strongly."""
    sides = [(*PILLARS, NONE).index(c.pillar) for c in concepts()]
    return np.array(sides, np.int64), np.array([not c.is_hint for c in concepts()])


def lexicon_labels(sentences: Sequence[Sequence[str]]) -> NDArray[np.bool_]:
    """Return the pillars whose strong concepts stand in sentences of words (n × 4).

    What the lexicon says by itself: hints do not count.

    >>> lexicon_labels(["Xã tiếp nhận thủ tục hành chính .".split(), ["Trời", "mưa"]]).tolist()
    [[True, False, False, False], [False, False, False, False]]
    """
    found = matcher().find_in(sentences)
    sides, strong = sides_of_concepts()
    side = sides[found.concepts]
    counted = strong[found.concepts] & (side < len(PILLARS))
    labels = np.zeros((len(sentences), len(PILLARS)), bool)
    labels[found.rows[counted], side[counted]] = True
    return labels
