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
_FREE = -1


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
        sums = np.zeros(size + 1, np.uint64)
        np.cumsum(codes * self._powers[:size], out=sums[1:])
        hashes: NDArray[np.uint64] = sums.take(ends)
        hashes -= sums.take(starts)
        hashes *= self._inverses.take(starts)
        return hashes


def _powers(base: int, count: int) -> NDArray[np.uint64]:
    factors = np.full(count, base, np.uint64)
    factors[0] = 1
    return np.cumprod(factors)


class HashIndex:
    """A map from 64-bit keys to numbers ≥ 0 that looks up whole arrays (open addressing).

    A key's slot is given by the top bits of key · golden ratio; if another key sits there the next
    slot is tried. At most three eighths of the slots are used, so one round answers nearly all.

    >>> index = HashIndex()
    >>> index.add(np.array([5, 900], np.uint64), np.array([0, 1], np.int32))
    >>> index.find(np.array([900, 6, 5], np.uint64)).tolist()
    [1, -1, 0]
    """

    def __init__(self, expected: int = 1000) -> None:
        self._used = 0
        self._make_slots(expected)

    def __len__(self) -> int:
        return self._used

    def _make_slots(self, expected: int) -> None:
        bits = max(10, (3 * expected).bit_length())
        self._shift = np.uint64(64 - bits)
        self._mask = (1 << bits) - 1
        self._keys = np.zeros(1 << bits, np.uint64)
        self._numbers = np.full(1 << bits, _FREE, np.int32)

    def _slots(self, keys: NDArray[np.uint64]) -> NDArray[np.int64]:
        mixed = keys * _GOLDEN
        mixed >>= self._shift
        return mixed.view(np.int64)

    def find(self, keys: NDArray[np.uint64]) -> NDArray[np.int32]:
        """Return the number of every key, -1 for unknown keys."""
        slots = self._slots(keys)
        numbers: NDArray[np.int32] = self._numbers.take(slots)
        by_another = self._keys.take(slots) != keys
        by_another &= numbers != _FREE
        strange = np.flatnonzero(by_another)
        numbers[strange] = _FREE
        here, wanted = slots.take(strange), keys.take(strange)
        while strange.size:
            here = (here + 1) & self._mask
            found = self._numbers.take(here)
            same = self._keys.take(here) == wanted
            numbers[strange[same]] = found[same]
            others = np.flatnonzero(~same & (found != _FREE))
            strange, here, wanted = strange[others], here[others], wanted[others]
        return numbers

    def add(self, keys: NDArray[np.uint64], numbers: NDArray[np.int32]) -> None:
        """Add keys that are all different and not yet in the map."""
        if 8 * (self._used + len(keys)) > 3 * len(self._keys):
            taken = self._numbers != _FREE
            keys = np.concatenate([self._keys[taken], keys])
            numbers = np.concatenate([self._numbers[taken], numbers])
            self._used = 0
            self._make_slots(len(keys))
        self._used += len(keys)
        slots = self._slots(keys)
        while keys.size:
            free = self._numbers[slots] == _FREE
            self._keys[slots[free]] = keys[free]
            self._numbers[slots[free]] = numbers[free]
            waiting = (self._keys[slots] != keys) | (self._numbers[slots] != numbers)
            keys, numbers = keys[waiting], numbers[waiting]
            slots = (slots[waiting] + 1) & self._mask
