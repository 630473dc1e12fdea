"""The model compiled for arrays: what each token, pair and triple of tokens adds to a place.

With two labels only the difference of their weights matters: d = emission(B-W) - emission(I-W).
The difference of a place is a sum of parts that depend on less and less:

- `window`: on which of the five tokens around it exist and are titles (first character equal to
  its upper case). Holds the weights of BOS and EOS, of titles over several tokens, and of
  "not in the dictionary" for all n-grams;
- `unigrams`: on one token at offset -2 … 2, as written, in lower case, and by its three flags;
- `pairs` and `triples`: on neighbouring tokens known to the model or, as lower-case words of two
  or three syllables, to the dictionary. Being in the dictionary takes back what `window` assumed.

Only n-grams of known parts are kept, so a text without any of them costs a failed look-up.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from pipeline.segment.reference import TEMPLATE
from pipeline.segment.weights import UnsupportedModelError, Weights

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

OFFSETS = (-2, -1, 0, 1, 2)
"""Places of a window, seen from the place that is labelled."""
PLAIN, TITLE, OUTSIDE = 0, 1, 2
"""Classes of a token in a window: not a title, a title, no token there."""
FLAGS = ("isdigit", "istitle", "is_in_dict")
_BITS = 2
MARKS = ("BOS", "EOS")

Gram = tuple[str, ...]
Rows = list[list[float]]


@dataclass(frozen=True, slots=True)
class Feature:
    """A template: tokens `first` … `last` around a place, seen through `function`."""

    name: str
    first: int
    last: int
    function: str

    @property
    def size(self) -> int:
        """Number of tokens."""
        return self.last - self.first + 1


@dataclass(frozen=True, slots=True)
class Table:
    """n-grams and their weights: row r of the arrays speaks of the n-gram number r.

    `left` and `right` number the parts: tokens (numbers of `Tables.parts`) for pairs; a pair's row
    and a token for triples. Columns are the places of the n-gram's first token seen from the
    labelled place: -2 … 1 for pairs, -2 … 0 for triples. `lower` counts for the n-gram in lower
    case, `written` for the n-gram as written.
    """

    left: NDArray[np.int32]
    right: NDArray[np.int32]
    lower: NDArray[np.float64]
    written: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Tables:
    """Everything the fast path needs of the model.

    `unigrams_lower` and `unigrams_written` have a row for each of `parts` and a column for each of
    `OFFSETS`; `flags[f, v]` is the row of flag f being false or true. `opens_triple` tells for each
    pair whether a triple begins with it. `templates` and `dictionary` are the model's own.
    """

    parts: tuple[str, ...]
    templates: tuple[str, ...]
    dictionary: tuple[str, ...]
    unigrams_lower: NDArray[np.float64]
    unigrams_written: NDArray[np.float64]
    flags: NDArray[np.float64]
    window: NDArray[np.float64]
    pairs: Table
    opens_triple: NDArray[np.bool_]
    triples: Table
    transitions: NDArray[np.float64]


def read_features(templates: Sequence[str]) -> list[Feature]:
    """Read templates.

    Raises:
        UnsupportedModelError: A template looks further than two tokens or asks something unknown.

    >>> read_features(["T[-1,1].is_in_dict"])[0].size
    3
    """
    features = []
    for name in templates:
        match = TEMPLATE.fullmatch(name)
        if match is None:
            message = f"unknown template {name}"
            raise UnsupportedModelError(message)
        first = int(match[1])
        last = first if match[2] is None else int(match[2])
        function = match[3] or "written"
        known = {"written", "lower", *(FLAGS if first == last else FLAGS[1:])}
        if function not in known or not OFFSETS[0] <= first <= last <= min(OFFSETS[-1], first + 2):
            message = f"unknown template {name}"
            raise UnsupportedModelError(message)
        features.append(Feature(name, first, last, function))
    return features


def compile_tables(weights: Weights, templates: Sequence[str], words: Iterable[str]) -> Tables:
    """Compile a model.

    Args:
        weights: The CRF.
        templates: Its feature templates.
        words: Its dictionary.

    Raises:
        UnsupportedModelError: The model is of another form.
    """
    compiler = _Compiler(weights, read_features(templates), words)
    return compiler.tables()


class _Compiler:
    """Sorts the attributes of a model into the tables."""

    def __init__(self, weights: Weights, features: list[Feature], words: Iterable[str]) -> None:
        self._weights = weights
        self._features = features
        self._by_name = {feature.name: feature for feature in features}
        self._by_size: dict[int, list[Gram]] = defaultdict(list)
        self._words = tuple(sorted(words))
        for word in self._words:
            parts = _parts(word)
            self._by_size[len(parts)].append(parts)

    def tables(self) -> Tables:
        grams = self._grams()
        triples = self._in_dictionary(grams, 3)
        pairs = self._in_dictionary(grams, 2)
        for triple in triples:
            pairs.setdefault(triple[:2], _zeros(2))
        parts = sorted({gram[0] for gram in grams if len(gram) == 1} | set(itertools.chain(*pairs))
                       | {triple[2] for triple in triples})  # fmt: skip
        number = {part: n for n, part in enumerate(parts)}
        order = sorted(pairs)  # as _table has them
        pair_table = _table(pairs, {(part,): n for part, n in number.items()}, number)
        triple_table = _table(triples, {pair: n for n, pair in enumerate(order)}, number)
        opens = np.zeros(len(order), np.bool_)
        opens[triple_table.left] = True
        blank = _zeros(1)
        unigrams = np.array([grams.get((part,), blank) for part in parts])
        return Tables(
            parts=tuple(parts),
            templates=tuple(feature.name for feature in self._features),
            dictionary=self._words,
            unigrams_lower=unigrams[:, 0],
            unigrams_written=unigrams[:, 1],
            flags=self._flags(),
            window=self._window(),
            pairs=pair_table,
            opens_triple=opens,
            triples=triple_table,
            transitions=self._weights.transitions,
        )

    def _difference(self, feature: Feature, value: object) -> float:
        begin, inside = self._weights.of(f"{feature.name}={value}")
        return begin - inside

    def _grams(self) -> dict[Gram, Rows]:
        """Return the rows (lower, written) of the n-grams that the model names."""
        grams: dict[Gram, Rows] = {}
        differences = (self._weights.state[:, 0] - self._weights.state[:, 1]).tolist()
        for attribute, row in self._weights.attributes.items():
            name, _, value = attribute.partition("=")
            feature = self._by_name.get(name)
            if feature is None or feature.function in FLAGS:
                continue
            gram = _parts(value)
            if len(gram) == feature.size:
                rows = grams.setdefault(gram, _zeros(feature.size))
                rows[feature.function == "written"][feature.first + 2] += differences[row]
        return grams

    def _in_dictionary(self, grams: dict[Gram, Rows], size: int) -> dict[Gram, Rows]:
        """Return the n-grams of a size, those of the dictionary with what being there changes."""
        change = _zeros(size)[0]
        for feature in self._features:
            if feature.function == "is_in_dict" and feature.size == size:
                being_there = self._difference(feature, value=True)
                change[feature.first + 2] = being_there - self._difference(feature, value=False)
        chosen = {gram: rows for gram, rows in grams.items() if len(gram) == size}
        for gram in self._by_size[size]:
            lower, written = chosen.get(gram, _zeros(size))
            chosen[gram] = [[a + b for a, b in zip(lower, change, strict=True)], written]
        return chosen

    def _flags(self) -> NDArray[np.float64]:
        rows = np.zeros((len(FLAGS), 2, len(OFFSETS)))
        for feature in self._features:
            if feature.size == 1 and feature.function in FLAGS:
                flag = FLAGS.index(feature.function)
                for value in (False, True):
                    rows[flag, int(value), feature.first + 2] = self._difference(feature, value)
        return rows

    def _window(self) -> NDArray[np.float64]:
        sums = np.zeros(1 << (_BITS * len(OFFSETS)))
        for classes in itertools.product((PLAIN, TITLE, OUTSIDE), repeat=len(OFFSETS)):
            values = ((f, _window_value(f, classes)) for f in self._features)
            code = sum(c << (_BITS * place) for place, c in enumerate(reversed(classes)))
            sums[code] = sum(self._difference(f, value) for f, value in values if value)
        return sums


def _parts(text: str) -> Gram:
    """Return the tokens of an n-gram; none if a blank in it cannot stand between tokens."""
    parts = tuple(text.split())
    return parts if " ".join(parts) == text else ()


def _zeros(size: int) -> Rows:
    """Return empty rows (lower, written) of an n-gram of a size."""
    return [[0.0] * (6 - size), [0.0] * (6 - size)]


def _window_value(feature: Feature, classes: tuple[int, ...]) -> str | None:
    """Return what a template says of a window if its classes decide it."""
    for place in (feature.first, feature.last):
        if classes[place + 2] == OUTSIDE:
            return MARKS[place > 0]
    if feature.size == 1:
        return None
    if feature.function == "istitle":
        inside = classes[feature.first + 2 : feature.last + 3]
        return str(all(c == TITLE for c in inside))
    return "False" if feature.function == "is_in_dict" else None


def window_codes(classes: NDArray[np.uint8]) -> NDArray[np.int16]:
    """Return the number of the five-token window around every place.

    The first two and the last two places must be OUTSIDE; their own windows are cut short.
    """
    codes = np.zeros(len(classes), np.int16)
    for place, offset in enumerate(reversed(OFFSETS)):
        seen = classes.astype(np.int16) << (_BITS * place)
        if offset < 0:
            codes[-offset:] |= seen[:offset]
        elif offset > 0:
            codes[:-offset] |= seen[offset:]
        else:
            codes |= seen
    return codes


def _table(grams: dict[Gram, Rows], left: dict[Gram, int], right: dict[str, int]) -> Table:
    """Stack n-grams in their order, numbering all but the last part and the last part."""
    order = sorted(grams)
    stacked = np.array([grams[gram] for gram in order])
    return Table(
        left=np.array([left[gram[:-1]] for gram in order], np.int32),
        right=np.array([right[gram[-1]] for gram in order], np.int32),
        lower=stacked[:, 0],
        written=stacked[:, 1],
    )
