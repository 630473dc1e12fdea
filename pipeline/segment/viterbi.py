"""The best labels of a whole batch without a loop over time.

Let δ_t be the greatest sum of a labelling that ends in B-W at place t, minus that for I-W. With
transition weights BB, BI, IB, II (label after label) the Viterbi recursion is

    δ_t = d_t + max(δ_{t-1} + BB, IB) - max(δ_{t-1} + BI, II)
        = d_t + K - u_{t-1},      u = clip(δ, b2, b1),

with b1 = IB - BB, b2 = II - BI and K = IB - BI, provided b2 < b1. As u is bounded, a large d_t
decides u_t by itself: most places are known at once, and the runs of open places between them are
filled from the left, all runs at the same time.

Walking back from the end of a sentence, whose label is B-W if δ ≥ 0:

- δ_t ≥ b1: the label is B-W whatever follows; δ_t < b2: it is I-W whatever follows;
- between: it is the opposite of the next label.

So a label is that of the next certain place, turned over once for every place in between.

Equal sums: the library prefers B-W, but sums that are equal in mathematics differ in its last
bits (runs of unknown names produce them). A place where a decision is closer than rounding can
reach is reported, and the library is asked.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from pipeline.segment.weights import UnsupportedModelError

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Labelling:
    """Labels of a batch (true: a word begins here) and the places that were nearly ties."""

    begins: NDArray[np.bool_]
    close: NDArray[np.intp]


class Viterbi:
    """Finds best labels given the 2 x 2 transition weights."""

    def __init__(self, transitions: NDArray[np.float64]) -> None:
        (bb, bi), (ib, ii) = transitions.tolist()
        self._high = ib - bb
        self._low = ii - bi
        self._drift = ib - bi
        if not self._low < self._high:
            message = "transition weights favour no change of labels"
            raise UnsupportedModelError(message)

    def label(self, d: NDArray[np.float64], is_pad: NDArray[np.bool_]) -> Labelling:
        """Label a batch.

        Args:
            d: Emission differences of every place.
            is_pad: Places between sentences; the first and the last place are pads.
        """
        delta = self._differences(d, is_pad)
        is_last = ~is_pad & np.append(is_pad[1:], True)
        begins = self._walk_back(delta, is_pad | is_last, is_last)
        return Labelling(begins, self._close_calls(delta, begins, is_pad, is_last))

    def _differences(
        self, d: NDArray[np.float64], is_pad: NDArray[np.bool_]
    ) -> NDArray[np.float64]:
        """Return δ. At a pad u is set to K, so that the first δ of a sentence is its d."""
        e = d + self._drift
        least, most = min(self._low, self._drift), max(self._high, self._drift)
        # Where e - u has the same bound for the least and the greatest u, this is u already.
        u = np.clip(e - most, self._low, self._high)
        is_open = (u < self._high) & (e - least > self._low) & ~is_pad
        u[is_pad] = self._drift
        for places in _from_the_left(np.flatnonzero(is_open)):
            u[places] = np.clip(e[places] - u[places - 1], self._low, self._high)
        e[1:] -= u[:-1]
        delta: NDArray[np.float64] = e
        return delta

    def _walk_back(
        self, delta: NDArray[np.float64], is_end: NDArray[np.bool_], is_last: NDArray[np.bool_]
    ) -> NDArray[np.bool_]:
        begins = delta >= self._high
        certain = begins | (delta < self._low) | is_end
        begins[is_last] = delta[is_last] >= 0.0
        place = np.arange(len(delta))
        # Number of the next certain place, this one included.
        following = np.minimum.accumulate(np.where(certain, place, len(delta))[::-1])[::-1]
        is_odd = ((following - place) & 1).astype(np.bool_)
        result: NDArray[np.bool_] = begins[following] ^ is_odd
        return result

    def _close_calls(
        self,
        delta: NDArray[np.float64],
        begins: NDArray[np.bool_],
        is_pad: NDArray[np.bool_],
        is_last: NDArray[np.bool_],
    ) -> NDArray[np.intp]:
        """Return the places on the best path whose decision rounding could turn.

        The library adds up whole sentences, so its error grows with the square of their length:
        n sums of at most about 10 n, each off by 1e-16 of itself.
        """
        longest = int(np.diff(np.flatnonzero(is_pad)).max(initial=1))
        margin = 1e-9 + 1e-15 * longest**2
        near = np.abs(delta) < margin
        near &= is_last
        near |= np.abs(delta - self._high) < margin
        near |= np.abs(delta - self._low) < margin
        places = np.flatnonzero(near & ~is_pad)
        threshold = np.where(begins[np.minimum(places + 1, len(delta) - 1)], self._high, self._low)
        threshold[is_last[places]] = 0.0
        close: NDArray[np.intp] = places[np.abs(delta[places] - threshold) < margin]
        return close


def _from_the_left(places: NDArray[np.intp]) -> list[NDArray[np.intp]]:
    """Split increasing numbers: the first of every run of neighbours, then the second.

    >>> [step.tolist() for step in _from_the_left(np.array([3, 4, 5, 9, 12, 13]))]
    [[3, 9, 12], [4, 13], [5]]
    """
    if not places.size:
        return []
    order = np.arange(len(places))
    opens_run = np.append(True, np.diff(places) != 1)
    depth = order - np.maximum.accumulate(np.where(opens_run, order, 0))
    by_depth = places[np.argsort(depth, kind="stable")]
    return np.split(by_depth, np.cumsum(np.bincount(depth))[:-1])
