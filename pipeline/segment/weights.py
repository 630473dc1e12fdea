"""The weights of a linear-chain CRF, read from the file that CRFsuite writes ("lCRF").

All numbers are little-endian. The file starts with a header; offsets in it lead to the features
(records of type, source, target, weight) and to two string tables (labels and attributes) in the
CQDB format, of which we need only the list "number → string". Printing tools round weights to six
decimals, which changes tags; hence this reader.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

LABELS = ("B-W", "I-W")
"""Beginning of a word, inside of a word: label numbers 0 and 1."""

_HEADER = struct.Struct("<4sI4s9I")
_FEATURE = np.dtype([("type", "<u4"), ("source", "<u4"), ("target", "<u4"), ("weight", "<f8")])
_STATE, _TRANSITION = 0, 1


class UnsupportedModelError(Exception):
    """The installed model is not of the form that the fast path computes."""


@dataclass(frozen=True, slots=True)
class Weights:
    """What a CRF with two labels knows.

    `attributes` maps an attribute such as "T[0]=nhà" to its row in `state`, whose columns are the
    weights for B-W and I-W. `transitions[i, j]` is the weight of label j after label i.
    """

    attributes: dict[str, int]
    state: NDArray[np.float64]
    transitions: NDArray[np.float64]

    def of(self, attribute: str) -> tuple[float, float]:
        """Return the two weights of an attribute; unknown attributes weigh nothing."""
        row = self.attributes.get(attribute)
        if row is None:
            return 0.0, 0.0
        begin, inside = self.state[row].tolist()
        return begin, inside


def read_weights(path: Path) -> Weights:
    """Read a model file.

    Raises:
        UnsupportedModelError: Not an lCRF file, or its labels are not B-W and I-W.
    """
    data = path.read_bytes()
    if len(data) < _HEADER.size or data[:4] != b"lCRF":
        message = f"{path.name} is not an lCRF file"
        raise UnsupportedModelError(message)
    at_features, at_labels, at_attributes = _HEADER.unpack_from(data)[7:10]
    labels = _read_strings(data, at_labels)
    if tuple(labels) != LABELS:
        message = f"labels are {labels}, not {LABELS}"
        raise UnsupportedModelError(message)
    attributes = _read_strings(data, at_attributes)
    count = struct.unpack_from("<I", data, at_features + 8)[0]
    features = np.frombuffer(data, _FEATURE, count, at_features + 12)
    state = np.zeros((len(attributes), 2))
    transitions = np.zeros((2, 2))
    for table, kind in ((state, _STATE), (transitions, _TRANSITION)):
        rows = features[features["type"] == kind]
        table[rows["source"], rows["target"]] = rows["weight"]
    return Weights({name: row for row, name in enumerate(attributes)}, state, transitions)


def _read_strings(data: bytes, at: int) -> list[str]:
    """Return the strings of a CQDB table in the order of their numbers."""
    count, at_backward = struct.unpack_from("<2I", data, at + 16)
    entries = at + np.frombuffer(data, "<u4", count, at + at_backward).astype(np.int64)
    places = np.frombuffer(data, np.uint8)[entries[:, None] + np.arange(4, 8)]
    starts = entries + 8
    ends = starts + places.view("<u4")[:, 0] - 1  # the size counts a final NUL
    spans = zip(starts.tolist(), ends.tolist(), strict=True)
    return [data[start:end].decode("utf-8") for start, end in spans]
