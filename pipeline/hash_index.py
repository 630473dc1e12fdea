"""A map from 64-bit keys to numbers that looks up whole arrays with one random access a key."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Keys = NDArray[np.uint64] | NDArray[np.int64]

_GOLDEN = 0x9E3779B97F4A7C15
"""2^64 divided by the golden ratio: the upper bits of a product with it are well mixed."""
_WORD = 1 << 64


class HashIndex:
    """A map from 64-bit keys to numbers ≥ 0 (of 32 bits).

    A key times an odd factor is a number that no other key has; its upper `bits` bits are the
    key's slot. A slot holds the other bits of that product and, in the `bits` bits that this
    leaves, one more than the key's number (0: no key). So one array says both whether the key is
    there and what its number is, and the keys themselves are kept nowhere else. A key whose slot is
    taken goes to a small map with another factor, and the upper bit of its slot says that there is
    such a key. At most three eighths of the slots are used.

    >>> index = HashIndex()
    >>> index.add(np.array([5, 900]), np.array([0, 1], np.int32))
    >>> index.find(np.array([900, 6, 5])).tolist()
    [1, -1, 0]
    """

    def __init__(self, expected: int = 1000, factor: int = _GOLDEN) -> None:
        self._factor = factor
        self._make_slots(expected, 0)

    @classmethod
    def of(cls, keys: Keys) -> HashIndex:
        """Return the map from keys, all different, to their places in the array."""
        index = cls(2 * len(keys))
        index.add(keys, np.arange(len(keys), dtype=np.int32))
        return index

    def __len__(self) -> int:
        return self._used

    def _make_slots(self, expected: int, greatest: int) -> None:
        """Begin anew with room for some keys, and for numbers up to the greatest."""
        self._bits = max(10, (3 * expected).bit_length(), (greatest + 1).bit_length() + 1)
        self._slots = np.zeros(1 << self._bits, np.uint64)
        self._is_shared = 1 << (self._bits - 1)
        self._others: HashIndex | None = None
        self._used = 0

    def _places(self, keys: Keys) -> tuple[NDArray[np.int64], NDArray[np.uint64]]:
        """Return the slot of each key and what the upper bits of that slot hold if it is there."""
        products = keys.view(np.uint64) * np.uint64(self._factor)
        slots = (products >> np.uint64(64 - self._bits)).view(np.int64)
        products <<= np.uint64(self._bits)
        return slots, products

    def find(self, keys: Keys) -> NDArray[np.int32]:
        """Return the number of every key, -1 for unknown keys."""
        slots, left = self._places(keys)
        left ^= self._slots.take(slots)
        is_here = left < np.uint64(1 << self._bits)
        numbers = left.astype(np.int32)
        elsewhere = (numbers & np.int32(self._is_shared)) != 0
        numbers &= np.int32(self._is_shared - 1)
        numbers *= is_here
        numbers -= 1
        if self._others is not None:
            elsewhere &= ~is_here
            strange = np.flatnonzero(elsewhere)
            numbers[strange] = self._others.find(keys.take(strange))
        return numbers

    def known(self, keys: Keys) -> tuple[NDArray[np.intp], NDArray[np.int64]]:
        """Return which of the keys are there, in order, and the numbers of those.

        >>> index = HashIndex()
        >>> index.add(np.array([5, 900]), np.array([0, 1], np.int32))
        >>> [found.tolist() for found in index.known(np.array([900, 6, 5]))]
        [[0, 2], [1, 0]]
        """
        numbers = self.find(keys)
        which = np.flatnonzero(numbers >= 0)
        return which, numbers.take(which).astype(np.int64)

    def add(self, keys: Keys, numbers: NDArray[np.int32]) -> None:
        """Add keys that are all different and not yet in the map."""
        if not len(keys):
            return
        greatest = int(numbers.max())
        is_full = 8 * (self._used + len(keys)) > 3 * len(self._slots)
        if is_full or greatest + 1 >= self._is_shared:
            old, old_numbers = self._items()
            keys = np.concatenate([old, keys.view(np.uint64)])
            numbers = np.concatenate([old_numbers, numbers])
            self._make_slots(len(keys), int(numbers.max()))
        self._used += len(keys)
        slots, entries = self._places(keys)
        entries |= (numbers + 1).astype(np.uint64)
        free = np.flatnonzero(self._slots.take(slots) == 0)
        self._slots[slots.take(free)] = entries.take(free)
        is_placed = (self._slots.take(slots) & ~np.uint64(self._is_shared)) == entries
        waiting = np.flatnonzero(~is_placed)
        if waiting.size:
            self._slots[slots.take(waiting)] |= np.uint64(self._is_shared)
            if self._others is None:
                self._others = HashIndex(len(waiting), self._factor * _GOLDEN % _WORD)
            self._others.add(keys.take(waiting), numbers.take(waiting))

    def _items(self) -> tuple[NDArray[np.uint64], NDArray[np.int32]]:
        """Return all keys and their numbers: a product times the inverse factor is the key."""
        used = np.flatnonzero(self._slots != 0)
        entries = self._slots.take(used)
        products = used.astype(np.uint64) << np.uint64(64 - self._bits)
        products |= entries >> np.uint64(self._bits)
        keys = products * np.uint64(pow(self._factor, -1, _WORD))
        numbers = (entries & np.uint64(self._is_shared - 1)).astype(np.int32) - np.int32(1)
        if self._others is None:
            return keys, numbers
        more_keys, more_numbers = self._others._items()
        return np.concatenate([keys, more_keys]), np.concatenate([numbers, more_numbers])
