"""The model in plain Python: one sentence at a time, dictionaries, no arrays.

This is the readable statement of what the fast path computes; the tests hold the two together.
A sentence of tokens t_1 … t_n gets the labels y_1 … y_n (B-W begins a word, I-W goes on) with the
greatest sum

    Σ_i emission(y_i, i) + Σ_i transition(y_{i-1}, y_i).

The emission of a label at a place is the sum of the weights of the place's attributes, one per
template. The template "T[-1,0].lower" reads the tokens from one before the place to the place
itself, joined by blanks, in lower case; its attribute is "T[-1,0].lower=<that text>".
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pipeline.segment import installed
from pipeline.segment.bounds import bounded
from pipeline.segment.weights import LABELS, Weights, read_weights

if TYPE_CHECKING:
    from collections.abc import Sequence

TEMPLATE = re.compile(r"T\[(-?\d+)(?:,(-?\d+))?\](?:\.(\w+))?")
_INTEGER = re.compile(r"[+-]?[0-9]+")
_LOWEST, _HIGHEST = -(2**31), 2**31 - 1
_LABELS = range(len(LABELS))


class Reference:
    """Segments one sentence at a time, slowly and plainly."""

    def __init__(self) -> None:
        self._rules = installed.rules()
        self._weights: Weights = read_weights(installed.model_file())
        self._dictionary = installed.dictionary()

    def words(self, text: str) -> list[str]:
        """Return the words of a sentence, syllables joined by "_"."""
        words: list[str] = []
        tokens = self._rules.tokenize(bounded(text))
        for token, label in zip(tokens, self.labels(tokens), strict=True):
            if label == 1 and words:
                words[-1] += "_" + token
            else:
                words.append(token)
        return words

    def labels(self, tokens: Sequence[str]) -> list[int]:
        """Return the best labels of a sentence of tokens."""
        emissions = [self.emission(tokens, place) for place in range(len(tokens))]
        return best_labels(emissions, self._weights.transitions.tolist())

    def emission(self, tokens: Sequence[str], place: int) -> list[float]:
        """Return the two emissions of a place, added in the order of the templates."""
        begin = inside = 0.0
        for template in installed.templates():
            value = self.feature(template, tokens, place)
            for_begin, for_inside = self._weights.of(f"{template}={value}")
            begin += for_begin
            inside += for_inside
        return [begin, inside]

    def feature(self, template: str, tokens: Sequence[str], place: int) -> str:
        """Return what a template says at a place.

        Before the first token every template says "BOS", after the last one "EOS".
        """
        match = TEMPLATE.fullmatch(template)
        if match is None:
            message = f"unknown template {template}"
            raise ValueError(message)
        first = place + int(match[1])
        last = first if match[2] is None else place + int(match[2])
        for index in (first, last):
            if index < 0:
                return "BOS"
            if index >= len(tokens):
                return "EOS"
        return self._apply(match[3], tokens[first : last + 1])

    def _apply(self, function: str | None, tokens: Sequence[str]) -> str:
        text = " ".join(tokens)
        match function:
            case None:
                return text
            case "lower":
                return text.lower()
            case "isdigit":
                is_number = _INTEGER.fullmatch(text) and _LOWEST <= int(text) <= _HIGHEST
                return str(bool(is_number))
            case "istitle":
                return str(all(token[0] == token[0].upper() for token in tokens))
            case "is_in_dict":
                return str(text.lower() in self._dictionary)
            case _:
                message = f"unknown function {function}"
                raise ValueError(message)


def best_labels(emissions: Sequence[Sequence[float]], step: Sequence[Sequence[float]]) -> list[int]:
    """Return the best labels (Viterbi); on equal sums the label B-W wins.

    `best[y]` is the greatest sum over all label sequences that end in y at this place, and
    `before` remembers which previous label gave it.

    Args:
        emissions: The two emissions of each place.
        step: `step[x][y]` is the weight of label y after label x.
    """
    if not emissions:
        return []
    before: list[list[int]] = []
    best = emissions[0]
    for emission in emissions[1:]:
        previous = [0 if best[0] + step[0][y] >= best[1] + step[1][y] else 1 for y in _LABELS]
        best = [best[x] + step[x][y] + emission[y] for y, x in zip(_LABELS, previous, strict=True)]
        before.append(previous)
    labels = [0 if best[0] >= best[1] else 1]
    for previous in reversed(before):
        labels.append(previous[labels[-1]])
    return labels[::-1]
