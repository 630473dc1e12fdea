"""How far two annotators of the same sentences agree: Cohen's kappa and F1 of spans."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

from pipeline.records import NONE, PILLARS, Status

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pipeline.corpus.articles import LabelledUnit
    from pipeline.records import Target


@dataclass(frozen=True, slots=True)
class Agreement:
    """Agreement of one pair of annotators.

    `kappa` holds `primary`, each pillar and `has_target`: None where one of them used a single
    label only, since chance then explains everything. `span_f1` counts entries with the same span
    and status, `overlap_f1` those that share a character and the status; None without entries.
    """

    annotators: tuple[str, str]
    sentences: int
    kappa: Mapping[str, float | None]
    span_f1: float | None
    overlap_f1: float | None

    def __str__(self) -> str:
        """Return the figures in one line.

        >>> print(Agreement(("lan", "mai"), 3, {"primary": 0.5, "society": None}, 1.0, 1.0))
        lan and mai on 3 sentences: kappa primary 0.50, society -; F1 of spans 1.00, overlap 1.00
        """
        kappas = ", ".join(f"{name} {_figure(value)}" for name, value in self.kappa.items())
        spans = f"F1 of spans {_figure(self.span_f1)}, overlap {_figure(self.overlap_f1)}"
        one, other = self.annotators
        return f"{one} and {other} on {self.sentences} sentences: kappa {kappas}; {spans}"


def _figure(value: float | None) -> str:
    return "-" if value is None else f"{value:.2f}"


def kappa(one: Sequence[object], other: Sequence[object]) -> float | None:
    """Return Cohen's kappa of two lists of labels, or None if chance explains everything.

    >>> kappa([1, 1, 0, 0], [1, 1, 0, 1])
    0.5
    >>> kappa([1, 1], [1, 1]) is None
    True
    """
    total = len(one)
    if not total:
        return None
    mine, theirs = Counter(one), Counter(other)
    chance = sum(mine[label] * theirs[label] for label in mine) / total**2
    if chance == 1:
        return None
    same = sum(a == b for a, b in zip(one, other, strict=True)) / total
    return (same - chance) / (1 - chance)


def agreements(labels: Mapping[str, Mapping[str, LabelledUnit]], least: int = 1) -> list[Agreement]:
    """Return the agreement of each pair of annotators with sentences in common.

    Args:
        labels: Sentence id → annotator → what they said.
        least: Fewest sentences in common for a pair to count.
    """
    pairs: dict[tuple[str, str], list[tuple[LabelledUnit, LabelledUnit]]] = defaultdict(list)
    for said in labels.values():
        for one, other in combinations(sorted(said), 2):
            pairs[one, other].append((said[one], said[other]))
    return [_agreement(pair, both) for pair, both in sorted(pairs.items()) if len(both) >= least]


def _agreement(
    pair: tuple[str, str], both: Sequence[tuple[LabelledUnit, LabelledUnit]]
) -> Agreement:
    mine, theirs = [one for one, _ in both], [other for _, other in both]
    questions = ("primary", *(str(pillar) for pillar in PILLARS), "has_target")
    kappas = {
        name: kappa([_answer(u, name) for u in mine], [_answer(u, name) for u in theirs])
        for name in questions
    }
    return Agreement(
        pair, len(both), kappas, _span_f1(both, exact=True), _span_f1(both, exact=False)
    )


def _answer(unit: LabelledUnit, question: str) -> object:
    if question == "primary":
        return unit.primary or NONE
    if question == "has_target":
        return any(target.status is Status.TARGET for target in unit.targets)
    return question in unit.pillars


def _span_f1(both: Sequence[tuple[LabelledUnit, LabelledUnit]], *, exact: bool) -> float | None:
    found = total = 0
    for one, other in both:
        left = list(other.targets)
        total += len(one.targets) + len(other.targets)
        for target in one.targets:
            match = next((t for t in left if _meets(target, t, exact=exact)), None)
            if match is not None:
                left.remove(match)
                found += 1
    return 2 * found / total if total else None


def _meets(one: Target, other: Target, *, exact: bool) -> bool:
    if one.status is not other.status:
        return False
    if exact:
        return (one.start, one.end) == (other.start, other.end)
    return one.start < other.end and other.start < one.end
