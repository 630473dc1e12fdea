"""Copies and near copies of an article: syndicated, cross-posted, crawled again.

Two articles are copies if they share most of their runs of five words *and* most of their
numbers. The second condition tells a copy from the story that an office files every year with
the same sentences and other figures.

An article is kept as a signature: MinHash values of its five-word runs and of its numbers, the
lower 16 bits each (b-bit minwise hashing, Li and König 2010), 224 bytes. Candidates share a band
of the signature (locality-sensitive hashing), then the whole signatures are compared. All is
deterministic: the same texts give the same signatures on any machine.
"""

from __future__ import annotations

import re
import zlib
from typing import TYPE_CHECKING

import numpy as np

from pipeline.orthography import fold

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    Signatures = NDArray[np.uint16]

SHINGLE_WORDS = 5
TEXT_VALUES, NUMBER_VALUES = 80, 32
SIGNATURE_VALUES = TEXT_VALUES + NUMBER_VALUES
LEAST_TEXT = 0.42
LEAST_NUMBERS = 0.55
_BAND = 4
_WORD = re.compile(r"[^\W_]+(?:[.,]\d+)*")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_ROWS_AT_ONCE = 4096
_MOST_SHINGLES = 200_000


def _multipliers() -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    random = np.random.Generator(np.random.PCG64(20_250_701))
    top = np.iinfo(np.uint64).max
    odd = random.integers(0, top, SIGNATURE_VALUES, dtype=np.uint64) | np.uint64(1)
    return odd, random.integers(0, top, SIGNATURE_VALUES, dtype=np.uint64)


_ODD, _SHIFT = _multipliers()
_MIX_1, _MIX_2 = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)


def _mixed(values: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Spread the bits of each value (the finaliser of splitmix64)."""
    values = (values ^ (values >> np.uint64(30))) * _MIX_1
    values = (values ^ (values >> np.uint64(27))) * _MIX_2
    return values ^ (values >> np.uint64(31))


def _hashes(words: Sequence[str]) -> NDArray[np.uint64]:
    values = [zlib.crc32(word.encode("utf-8", "surrogatepass")) for word in words]
    return _mixed(np.array(values, dtype=np.uint64))


def _minima(
    items: NDArray[np.uint64], odd: NDArray[np.uint64], shift: NDArray[np.uint64]
) -> Signatures:
    lowest = np.full(len(odd), np.iinfo(np.uint64).max, dtype=np.uint64)
    for start in range(0, len(items), _ROWS_AT_ONCE):
        block = items[start : start + _ROWS_AT_ONCE, None] * odd + shift
        np.minimum(lowest, block.min(axis=0), out=lowest)
    return (_mixed(lowest) & np.uint64(0xFFFF)).astype(np.uint16)


def signature(text: str) -> Signatures:
    """Return the signature of a text: 112 values that likeness can be estimated from.

    Case, punctuation, tone placement and line breaks do not matter.

    >>> a = signature("Xã Na Ư phấn đấu 90% hộ dân có Internet vào năm 2026.")
    >>> b = signature("XÃ NA Ư phấn đấu 90 % hộ dân có Internet, vào năm 2026")
    >>> likeness(a, b)
    (1.0, 1.0)
    """
    folded = fold(text)
    words = _WORD.findall(folded)[:_MOST_SHINGLES]
    hashes = _hashes(words)
    runs = np.zeros(max(1, len(words) - SHINGLE_WORDS + 1), dtype=np.uint64)
    for place in range(min(SHINGLE_WORDS, len(words))):
        runs = _mixed(runs + hashes[place : place + len(runs)])
    numbers = _hashes(sorted(set(_NUMBER.findall(folded))) or ["no number"])
    return np.concatenate(
        [
            _minima(np.unique(runs), _ODD[:TEXT_VALUES], _SHIFT[:TEXT_VALUES]),
            _minima(numbers, _ODD[TEXT_VALUES:], _SHIFT[TEXT_VALUES:]),
        ]
    )


def signatures(texts: Sequence[str]) -> Signatures:
    """Return one signature a row."""
    rows = [signature(text) for text in texts]
    return np.stack(rows) if rows else np.empty((0, SIGNATURE_VALUES), dtype=np.uint16)


def likeness(a: Signatures, b: Signatures) -> tuple[float, float]:
    """Return the estimated shares of five-word runs and of numbers that two texts share."""
    text, numbers = _likeness(a[None], b[None])
    return float(text[0]), float(numbers[0])


def _likeness(a: Signatures, b: Signatures) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    same = a == b
    return same[:, :TEXT_VALUES].mean(axis=1), same[:, TEXT_VALUES:].mean(axis=1)


def find_copies(rows: Signatures) -> NDArray[np.int64]:
    """Return for each article the row of the one that it copies, or -1.

    The first of a group of copies in the order of the rows is the original.

    >>> texts = ["Xã Na Ư có 90% hộ dân dùng Internet", "Phường Hai mở lớp học số cho người già"]
    >>> find_copies(signatures([*texts, texts[0].upper()])).tolist()
    [-1, -1, 0]
    """
    best: dict[int, tuple[float, int]] = {}
    for earlier, later in _candidates(rows):
        text, numbers = _likeness(rows[earlier], rows[later])
        sure = (text >= LEAST_TEXT) & (numbers >= LEAST_NUMBERS)
        pairs = zip(earlier[sure].tolist(), later[sure].tolist(), text[sure].tolist(), strict=True)
        for first, second, share in pairs:
            best[second] = max(best.get(second, (0.0, 0)), (share, -first))
    original = np.full(len(rows), -1, dtype=np.int64)
    for second in sorted(best):
        first = -best[second][1]
        original[second] = first if original[first] < 0 else original[first]
    return original


def _candidates(rows: Signatures) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """Yield pairs that share a band: each row with the first and with the previous of its group.

    That is linear in the number of rows even where thousands share a band.
    """
    for start in range(0, TEXT_VALUES, _BAND):
        band = np.ascontiguousarray(rows[:, start : start + _BAND]).view(np.uint64).ravel()
        order = np.argsort(band, kind="stable")
        if len(order) < 2:  # noqa: PLR2004 - one article has no copy
            return
        is_first = np.concatenate([[True], band[order][1:] != band[order][:-1]])
        group_first = np.maximum.accumulate(np.where(is_first, np.arange(len(order)), 0))
        at = np.flatnonzero(~is_first)
        yield order[group_first[at]], order[at]
        yield order[at - 1], order[at]
