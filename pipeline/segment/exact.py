"""The labels of single sentences by the model's own sums, added in its own order.

The arrays of the fast path add the same weights in another order. Where that could turn a
decision (`viterbi` says where) the sentence is done here once more: each template's weights for
all places at a time, one template after the other, so that every sum is rounded as the library
rounds it. The model file is read when the first such sentence comes.
"""

from __future__ import annotations

from functools import cached_property
from itertools import repeat
from typing import TYPE_CHECKING, Any

import numpy as np

from pipeline.segment import installed
from pipeline.segment.reference import best_labels
from pipeline.segment.tables import MARKS, TITLE, Feature, Tables, read_features
from pipeline.segment.tokens import Tokens, is_integer
from pipeline.segment.weights import Weights, read_weights

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from numpy.typing import NDArray

_BEFORE = 2
"""No template begins more than two tokens before its place."""


class Exact:
    """Labels sentences of known tokens as the library does, to the last bit of its sums."""

    def __init__(self, tables: Tables, tokens: Tokens) -> None:
        self._tables = tables
        self._tokens = tokens

    @cached_property
    def _weights(self) -> Weights:
        return read_weights(installed.model_file())

    @cached_property
    def _state(self) -> NDArray[np.float64]:
        """Weights by the row of the attribute; the last row is that of unknown ones."""
        return np.concatenate([self._weights.state, np.zeros((1, 2))])

    @cached_property
    def _features(self) -> list[Feature]:
        return read_features(self._tables.templates)

    @cached_property
    def _dictionary(self) -> frozenset[str]:
        return frozenset(self._tables.dictionary)

    def labels(self, numbers: NDArray[np.int32]) -> list[int]:
        """Return the labels of a sentence of token numbers."""
        row, unknown = self._weights.attributes.get, len(self._state) - 1
        emissions = np.zeros((len(numbers), 2))
        places = np.arange(len(numbers)) + _BEFORE
        seen: dict[tuple[str, int], tuple[list[str], NDArray[np.intp]]] = {}
        for feature in self._features:
            kind = feature.function, feature.size
            if kind not in seen:
                seen[kind] = self._values(*kind, numbers)
            names, which = seen[kind]
            attributes = map(f"{feature.name}=".__add__, names)
            rows = np.fromiter(map(row, attributes, repeat(unknown)), np.intp, len(names))
            emissions += self._state[rows[which.take(places + feature.first, mode="clip")]]
        return best_labels(emissions.tolist(), self._weights.transitions.tolist())

    def _values(
        self, function: str, size: int, numbers: NDArray[np.int32]
    ) -> tuple[list[str], NDArray[np.intp]]:
        """Return what a function says of the runs of `size` tokens.

        Returns:
            The different things it says, the marks for "before" and "behind the sentence" first;
            and which of them it says of each run, with "before" twice and "behind" at the end.
        """
        if function == "istitle":
            titles = (self._tokens.classes[numbers] == TITLE).tolist()
            names, said = _flags(map(all, _runs(titles, size)))
        elif function == "isdigit":
            names, said = _flags(map(is_integer, self._texts(numbers)))
        else:
            written = numbers if function == "written" else self._tokens.lower[numbers]
            names = list(map(" ".join, _runs(self._texts(written), size)))
            said = np.arange(len(names))
            if function == "is_in_dict":
                names, said = _flags(map(self._dictionary.__contains__, names))
        before, behind = range(len(MARKS))
        which = np.concatenate([[before] * _BEFORE, said + len(MARKS), [behind]])
        return [*MARKS, *names], which

    def _texts(self, numbers: NDArray[np.int32]) -> list[str]:
        return list(map(self._tokens.texts.__getitem__, numbers.tolist()))


def _flags(values: Iterable[bool]) -> tuple[list[str], NDArray[np.intp]]:
    return ["False", "True"], np.array(list(values), np.intp)


def _runs(values: Sequence[Any], size: int) -> Iterator[tuple[Any, ...]]:
    """Return the runs of some neighbours.

    >>> list(_runs("abc", 2))
    [('a', 'b'), ('b', 'c')]
    """
    return zip(*(values[first:] for first in range(size)), strict=False)
