"""Arrow columns from Python values, built from their buffers.

`pyarrow.array` does the same for any value, but imports pandas to ask whether it was given a
pandas object: two seconds, in every process that writes one table.
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray


def column(values: Sequence[Any] | NDArray[Any], kind: pa.DataType) -> pa.Array:
    """Return values, None among them, as a column of strings, numbers, truths or lists.

    Numbers may come as an array.

    Raises:
        UnicodeEncodeError: A text holds a lone surrogate.

    >>> column(["một", None, ""], pa.string()).to_pylist()
    ['một', None, '']
    >>> column([1, None], pa.int32()).to_pylist(), column([True, None], pa.bool_()).to_pylist()
    ([1, None], [True, None])
    >>> column([["a"], None, ["b", "c"]], pa.list_(pa.string())).to_pylist()
    [['a'], None, ['b', 'c']]
    """
    missing = 0 if isinstance(values, np.ndarray) else values.count(None)
    present = _bits([value is not None for value in values]) if missing else None
    children = []
    if pa.types.is_list(kind):
        lists = _instead_of_none(values, ()) if missing else values
        children = [column(list(chain.from_iterable(lists)), kind.value_type)]
        buffers = [_ends(map(len, lists))]
    elif pa.types.is_string(kind):
        buffers = _texts(_instead_of_none(values, "") if missing else values)
    elif pa.types.is_boolean(kind):
        buffers = [_bits(values)]
    else:
        numbers = _instead_of_none(values, 0) if missing else values
        buffers = [pa.py_buffer(np.array(numbers, kind.to_pandas_dtype()))]
    return pa.Array.from_buffers(
        kind, len(values), [present, *buffers], null_count=missing, children=children
    )


def _texts(texts: Iterable[str]) -> list[pa.Buffer]:
    """Return where each text begins, and the bytes of all."""
    whole = "".join(texts)
    if whole.isascii():  # ids, names of kinds
        return [_ends(map(len, texts)), pa.py_buffer(whole.encode())]
    encoded = list(map(str.encode, texts))
    return [_ends(map(len, encoded)), pa.py_buffer(b"".join(encoded))]


def _instead_of_none(values: Iterable[Any], item: object) -> list[Any]:
    return [item if value is None else value for value in values]


def _ends(sizes: Iterable[int]) -> pa.Buffer:
    """Return where each item begins, and the end of the last."""
    ends: NDArray[np.int64] = np.cumsum([0, *sizes])
    return pa.py_buffer(ends.astype(np.int32))


def _bits(truths: Sequence[object] | NDArray[Any]) -> pa.Buffer:
    """Return truths as bits, the first one lowest."""
    return pa.py_buffer(np.packbits(np.array(truths, bool), bitorder="little"))
