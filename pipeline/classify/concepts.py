"""Concepts of the pillar lexicon in sentences, as features.

`pipeline/lexicon/pillars.toml` lists what counts as evidence for a pillar (guideline 2.1), with
the forms that each concept takes. Forms are matched on whole syllables by a trie that walks all
positions of a batch at once; forms of the kind "A … B" need B within six syllables behind A. A
match inside a look-alike ("kinh tế - xã hội") does not count.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from pipeline.classify.ngrams import rows_of
from pipeline.classify.vocabulary import Interner, syllables_of
from pipeline.errors import LexiconError
from pipeline.lexicon import load
from pipeline.records import NONE, PILLARS

if TYPE_CHECKING:
    from numpy.typing import NDArray

GAP = " … "
WIDEST_GAP = 6
"""How many syllables may stand between the two parts of "A … B"."""

LOOKALIKE = -1
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
    """Concepts found in a batch: parallel arrays, one entry a match, in order of place."""

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
        self._syllables = Interner()
        self._next: dict[tuple[int, int], int] = {}
        self._part_at: dict[int, int] = {}
        self._simple: dict[int, list[int]] = {}
        self._gapped: dict[int, dict[int, list[int]]] = {}
        self._lookalikes: set[int] = set()
        for number, concept in enumerate(concepts()):
            for form in concept.forms:
                self._add(form, number)
        for form in load("pillars")["lookalikes"]:
            self._lookalikes.add(self._part(form))
        self._keys = np.array(sorted(s * self._width + t for s, t in self._next), np.int64)
        self._states = np.array(
            [self._next[divmod(int(key), self._width)] for key in self._keys], np.int64
        )
        parts = np.full(len(self._next) + 1, -1, np.int64)
        for state, part in self._part_at.items():
            parts[state] = part
        self._parts = parts

    @property
    def _width(self) -> int:
        return len(self._syllables)

    def _part(self, form: str) -> int:
        """Enter a run of syllables into the trie and return its number."""
        state = _ROOT
        for syllable in (s for word in form.split() for s in syllables_of(word)):
            edge = (state, self._syllables(syllable))
            state = self._next.setdefault(edge, len(self._next) + 1)
        return self._part_at.setdefault(state, len(self._part_at))

    def _add(self, form: str, concept: int) -> None:
        first, gap, second = form.partition(GAP)
        part = self._part(first)
        if gap:
            seconds = self._gapped.setdefault(part, {})
            seconds.setdefault(self._part(second), []).append(concept)
        else:
            self._simple.setdefault(part, []).append(concept)

    def syllable_ids(self, word: str) -> list[int]:
        """Return the ids of a word's syllables; `unknown` for one that no form holds."""
        known = self._syllables.numbers
        return [known.get(s, self._width) for s in syllables_of(word)]

    def find(self, syllables: NDArray[np.int64], offsets: NDArray[np.int64]) -> Matches:
        """Find the concepts of a batch of sentences.

        Args:
            syllables: Ids from `syllable_ids`, sentence after sentence.
            offsets: Sentence k holds `syllables[offsets[k]:offsets[k + 1]]`.
        """
        starts, ends, parts = self._parts_found(syllables, offsets)
        hidden = np.isin(parts, np.array(sorted(self._lookalikes), np.int64))
        cover = _covered(starts[hidden], ends[hidden], len(syllables))
        rows = rows_of(offsets)
        found: list[tuple[int, int, int]] = []
        open_gaps: list[tuple[int, int, dict[int, list[int]]]] = []
        inside = np.zeros(len(starts), bool)
        if len(starts):
            inside = cover[starts] & cover[ends - 1]
        visible = ~hidden & ~inside
        columns = (starts[visible].tolist(), ends[visible].tolist(), parts[visible].tolist())
        for start, end, part in zip(*columns, strict=True):
            row = int(rows[start])
            found += [(row, concept, start) for concept in self._simple.get(part, ())]
            open_gaps = [gap for gap in open_gaps if start - gap[0] <= WIDEST_GAP]
            for gap_end, gap_start, seconds in open_gaps:
                if gap_end <= start and rows[gap_start] == row and part in seconds:
                    found += [(row, concept, gap_start) for concept in seconds[part]]
            if part in self._gapped:
                open_gaps.append((end, start, self._gapped[part]))
        table = np.array(sorted(set(found)), np.int64).reshape(-1, 3)
        return Matches(table[:, 0], table[:, 1], table[:, 2])

    def _parts_found(
        self, syllables: NDArray[np.int64], offsets: NDArray[np.int64]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
        """Walk the trie from all places at once; return starts, ends and numbers of the parts."""
        rows = rows_of(offsets)
        starts = np.arange(len(syllables))
        states = np.zeros(len(syllables), np.int64)
        found_starts, found_ends, found_parts = [], [], []
        length = 0
        while len(starts):
            here = starts + length
            keys = states * self._width + syllables[here]
            place = np.minimum(np.searchsorted(self._keys, keys), len(self._keys) - 1)
            alive = (self._keys[place] == keys) & (syllables[here] < self._width)
            starts, states = starts[alive], self._states[place[alive]]
            length += 1
            parts = self._parts[states]
            whole = parts >= 0
            found_starts.append(starts[whole])
            found_ends.append(starts[whole] + length)
            found_parts.append(parts[whole])
            more = starts + length < len(syllables)
            starts, states = starts[more], states[more]
            same = rows[starts + length] == rows[starts]
            starts, states = starts[same], states[same]
        if not found_starts:
            empty = np.zeros(0, np.int64)
            return empty, empty, empty
        begins = np.concatenate(found_starts)
        order = np.argsort(begins, kind="stable")
        return begins[order], np.concatenate(found_ends)[order], np.concatenate(found_parts)[order]


def _covered(starts: NDArray[np.int64], ends: NDArray[np.int64], length: int) -> NDArray[np.bool_]:
    """Return which places lie inside one of the spans."""
    change = np.zeros(length + 1, np.int64)
    np.add.at(change, starts, 1)
    np.add.at(change, ends, -1)
    covered: NDArray[np.bool_] = np.cumsum(change)[:-1] > 0
    return covered


@cache
def matcher() -> ConceptMatcher:
    """Return the matcher of the shipped lexicon, built once a process."""
    return ConceptMatcher()
