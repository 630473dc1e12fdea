"""Arrays of numbers that numpy has no quick form of: rows that grow, and values each once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


class GrowingRows:
    """An array that grows at its end; it doubles its room, so that growing costs little.

    >>> rows = GrowingRows(np.zeros(0, np.int32))
    >>> rows.extend(np.array([1, 2, 3]))
    >>> rows.truncate(2)
    >>> rows.rows.tolist(), len(rows)
    ([1, 2], 2)
    """

    def __init__(self, rows: NDArray[Any]) -> None:
        self._rows = rows.copy()
        self._count = len(rows)

    def __len__(self) -> int:
        return self._count

    @property
    def rows(self) -> NDArray[Any]:
        """The rows so far (a view that the next `extend` may leave behind)."""
        return self._rows[: self._count]

    def extend(self, rows: NDArray[Any]) -> None:
        """Put rows behind the last one."""
        end = self._count + len(rows)
        if end > len(self._rows):
            length = max(end, 2 * len(self._rows))
            larger = np.zeros((length, *self._rows.shape[1:]), self._rows.dtype)
            larger[: self._count] = self.rows
            self._rows = larger
        self._rows[self._count : end] = rows
        self._count = end

    def truncate(self, count: int) -> None:
        """Forget all rows from number `count` on."""
        self._count = count


def is_first(ordered: NDArray[Any]) -> NDArray[np.bool_]:
    """Return which of values in order differ from the one before.

    >>> is_first(np.array([3, 3, 5])).tolist()
    [True, False, True]
    """
    first = np.ones(len(ordered), bool)
    np.not_equal(ordered[1:], ordered[:-1], out=first[1:])
    return first


def sorted_once(values: NDArray[Any]) -> NDArray[Any]:
    """Return the different values in order.

    Faster than `numpy.unique`, which hashes them first and imports more of numpy.

    >>> sorted_once(np.array([5, 3, 5])).tolist(), sorted_once(np.array([])).tolist()
    ([3, 5], [])
    """
    ordered = np.sort(values)
    return ordered[is_first(ordered)]
