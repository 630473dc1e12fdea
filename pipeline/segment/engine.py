"""The fast path: chunks → tokens → emissions → labels → words, for a batch as arrays."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from pipeline.arrays import sorted_once
from pipeline.segment.chunks import ChunkRows, Chunks
from pipeline.segment.emissions import Emissions
from pipeline.segment.exact import Exact
from pipeline.segment.tokens import PAD, TokenRows, Tokens
from pipeline.segment.viterbi import Viterbi

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from pipeline.segment.installed import Rules
    from pipeline.segment.tables import Tables
    from pipeline.segment.vocabulary import Vocabulary

SLICE_CHARACTERS = 1 << 19
"""Texts are taken in slices of about this size: large enough for arrays, small for the cache."""
CHUNK_CAP = 500_000
"""Kinds of chunks that are remembered; about 200 bytes each with their tokens."""


class Engine:
    """Segments texts with the compiled model."""

    def __init__(
        self,
        rules: Rules,
        tables: Tables,
        known: tuple[TokenRows, ChunkRows] | None = None,
        chunk_cap: int = CHUNK_CAP,
    ) -> None:
        self.rules = rules
        self.tables = tables
        known_tokens, known_chunks = known or (None, None)
        self.tokens = Tokens(tables, known_tokens)
        self.chunks = Chunks(rules, self.tokens, known_chunks)
        self._emissions = Emissions(tables, self.tokens)
        self._viterbi = Viterbi(tables.transitions)
        self._exact = Exact(tables, self.tokens)
        self._start = len(self.tokens), len(self.chunks)
        self._chunk_cap = chunk_cap

    def segment(
        self, texts: Sequence[str], vocabulary: Vocabulary
    ) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
        """Return word numbers of all texts and the number of words of each text."""
        parts = [self._segment_slice(part, vocabulary) for part in _slices(texts)]
        ids, counts = zip(*parts, strict=True) if parts else ((), ())
        return (
            np.concatenate([np.zeros(0, np.int32), *ids]),
            np.concatenate([np.zeros(0, np.int64), *counts]),
        )

    def _segment_slice(
        self, texts: Sequence[str], vocabulary: Vocabulary
    ) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
        self._bound_memory()
        flat, pads = self.chunks.read(texts)
        is_pad = flat == PAD
        labelling = self._viterbi.label(self._emissions.of(flat), is_pad)
        begins = labelling.begins
        self._decide_ties(flat, pads, begins, labelling.close)
        begins[1:] |= is_pad[:-1]
        begins &= ~is_pad
        # A word ends where the next one begins or a pad stands; the last place is a pad.
        bounds = np.flatnonzero(begins | is_pad)
        opens = np.flatnonzero(begins[bounds])
        starts, ends = bounds[opens], bounds[opens + 1]
        ids = vocabulary.numbers(flat, (starts, ends), self.tokens.codes, self.tokens.texts)
        return ids, np.diff(np.searchsorted(starts, pads))

    def _decide_ties(
        self,
        flat: NDArray[np.int32],
        pads: NDArray[np.int64],
        begins: NDArray[np.bool_],
        close: NDArray[np.intp],
    ) -> None:
        """Label anew, as the library rounds, the sentences in which rounding decides."""
        sentences = sorted_once(np.searchsorted(pads, close) - 1)
        for start, end in zip(pads[sentences] + 2, pads[sentences + 1], strict=True):
            begins[start:end] = np.array(self._exact.labels(flat[start:end])) == 0

    def _bound_memory(self) -> None:
        """Go back to the chunks and tokens of the start when there are too many."""
        if len(self.chunks) > self._chunk_cap + self._start[1]:
            self.chunks.truncate(self._start[1])
            self.tokens.truncate(self._start[0])


def _slices(texts: Sequence[str]) -> Iterator[Sequence[str]]:
    ends = np.cumsum(np.fromiter(map(len, texts), np.int64, len(texts)))
    first = before = 0
    while first < len(texts):
        last = min(int(np.searchsorted(ends, before + SLICE_CHARACTERS)), len(texts) - 1)
        yield texts[first : last + 1]
        first, before = last + 1, int(ends[last])
