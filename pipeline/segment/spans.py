"""Numbers for stretches of an array: the tool behind "which chunk is this" and "which word".

A stretch of items with random 64-bit codes v_s … v_{e-1} has the hash

    h(s, e) = Σ_{s ≤ i < e} v_i · B^(i-s)   (mod 2^64, B odd),

which does not depend on where the stretch lies. With the running sum C_i = Σ_{j<i} v_j · B^j it is
(C_e - C_s) · B^(-s), so the hashes of all stretches of an array cost a few array operations. Two
different stretches share a hash with odds of about 2^-64 per pair: 3 in a million among 10 million
kinds of stretches.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

_BASE = 0x9E6C63D0876A9A47
_GOLDEN = np.uint64(0x9E3779B97F4A7C15)


def random_codes(numbers: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Return a fixed random-looking 64-bit code for each number (the splitmix64 function).

    >>> len(set(random_codes(np.arange(1000, dtype=np.uint64)).tolist()))
    1000
    """
    x = (numbers + np.uint64(1)) * _GOLDEN
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    codes: NDArray[np.uint64] = x ^ (x >> np.uint64(31))
    return codes


class SpanHasher:
    """Hashes stretches; keeps the powers of B and of its inverse between calls."""

    def __init__(self) -> None:
        self._powers = np.ones(0, np.uint64)
        self._inverses = np.ones(0, np.uint64)

    def hashes(
        self, codes: NDArray[np.uint64], starts: NDArray[Any], ends: NDArray[Any]
    ) -> NDArray[np.uint64]:
        """Return the hash of every stretch `codes[start:end]`.

        >>> codes = random_codes(np.array([7, 8, 9, 7, 8], np.uint64))
        >>> h = SpanHasher().hashes(codes, np.array([0, 3, 1]), np.array([2, 5, 3]))
        >>> bool(h[0] == h[1]), bool(h[0] == h[2])
        (True, False)
        """
        size = len(codes)
        if size >= len(self._powers):
            self._powers = _powers(_BASE, size + 1)
            self._inverses = _powers(pow(_BASE, -1, 2**64), size + 1)
        sums = np.empty(size + 1, np.uint64)
        sums[0] = 0
        np.multiply(codes, self._powers[:size], out=sums[1:])
        np.cumsum(sums[1:], out=sums[1:])
        hashes: NDArray[np.uint64] = sums.take(ends)
        hashes -= sums.take(starts)
        hashes *= self._inverses.take(starts)
        return hashes


def _powers(base: int, count: int) -> NDArray[np.uint64]:
    factors = np.full(count, base, np.uint64)
    factors[0] = 1
    return np.cumprod(factors)
