"""Copies and near copies of an article: syndicated, cross-posted, crawled again.

Two articles are copies if they share most of their runs of five words *and* most of their
numbers. The second condition tells a copy from the story that an office files every year with
the same sentences and other figures.

An article is kept as a signature: MinHash values of its five-word runs and of its numbers, the
lower 16 bits each (b-bit minwise hashing, Li and König 2010), 222 bytes. Candidates share a band
of the signature (locality-sensitive hashing), then the whole signatures are compared. All is
deterministic: the same texts give the same signatures on any machine.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from pipeline.orthography import fold, strip_tones

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    Signatures = NDArray[np.uint16]

SHINGLE_WORDS = 5
TEXT_VALUES, NUMBER_VALUES = 78, 32
SIGNATURE_VALUES = TEXT_VALUES + NUMBER_VALUES + 1
LEAST_TEXT, LEAST_NUMBERS = 0.4, 0.75
"""Shares from which on two texts are copies; chosen on tests/cases/duplicates."""
_BAND = 3
_BAND_KEY = np.array([1 << 32, 1 << 16, 1], dtype=np.uint64)
_ITEMS_AT_ONCE = 1024
_MOST_WORDS = 200_000
_MOST_NUMBERS = 4000
_NO_NUMBER = np.zeros(1, dtype=np.uint64)
_CODES = 0x10000
_LETTER, _DIGIT = 1, 2
_LETTERS, _DIGITS = re.compile(r"[^\W\d_]+"), re.compile(r"\d+")
_CASED = (*range(0x41, 0x600), *range(0x1E00, 0x2000))
"""Code points of the scripts that fold; a letter of another script stands for itself."""

_random = np.random.Generator(np.random.PCG64(20_261_122))
_ODD = _random.integers(0, 1 << 32, (TEXT_VALUES, 1), dtype=np.uint32) | np.uint32(1)
_SHIFT = _random.integers(0, 1 << 32, (TEXT_VALUES, 1), dtype=np.uint32)
_KEYS = _random.integers(0, 1 << 63, (NUMBER_VALUES, 1), dtype=np.uint64)
_MIX_1, _MIX_2 = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
_PLACE = 0x9E3779B97F4A7C15
"""Odd, so that it has an inverse among the numbers of 64 bits."""


def _mixed(values: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Spread the bits of each value (the finaliser of splitmix64)."""
    values = (values ^ (values >> np.uint64(30))) * _MIX_1
    values = (values ^ (values >> np.uint64(27))) * _MIX_2
    return values ^ (values >> np.uint64(31))


@dataclass(frozen=True, slots=True)
class _Alphabet:
    """Of each code point: is it letter or digit, and a random number for the letter and its tone.

    Letters that fold to one (case, tone) share a number; the tone has one of its own, 0 for none.
    """

    kinds: NDArray[np.uint8]
    letters: NDArray[np.uint64]
    tones: NDArray[np.uint64]


@cache
def _alphabet() -> _Alphabet:
    every = "".join(map(chr, range(_CODES)))
    kinds = np.zeros(_CODES, dtype=np.uint8)
    for kind, pattern in ((_LETTER, _LETTERS), (_DIGIT, _DIGITS)):
        for run in pattern.finditer(every):
            kinds[run.start() : run.end()] = kind
    folded = np.arange(_CODES, dtype=np.uint64)
    tones = np.zeros(_CODES, dtype=np.uint64)
    for code in (*_CASED, *range(0xFF10, 0xFF1A)):
        plain = fold(chr(code))
        bare = strip_tones(plain)
        if bare != plain:
            tones[code] = ord(unicodedata.normalize("NFD", plain)[-1])
        folded[code] = ord(bare) if len(bare) == 1 else code
    tones[tones > 0] = _mixed(tones[tones > 0] << np.uint64(20))
    return _Alphabet(kinds, _mixed(folded + np.uint64(1)), tones)


@cache
def _powers(count: int) -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    """Return the powers of `_PLACE` and of its inverse."""
    factors = np.ones((2, count), dtype=np.uint64)
    factors[0, 1:], factors[1, 1:] = _PLACE, pow(_PLACE, -1, 1 << 64)
    up, down = np.cumprod(factors, axis=1)
    return up, down


def _words(text: str) -> tuple[NDArray[np.uint64], NDArray[np.bool_]]:
    """Return a number for each word of a text, and which of the words are numerals.

    A word is a run of letters, or a numeral with its points and commas. Its number is that of
    another word if they differ in case or in the place of the tone mark only. It is a polynomial
    of the letters: sums over the whole text give those of all words, as a difference of two sums
    divided by the power at the start of the word.
    """
    encoded = text.encode("utf-16-le", "surrogatepass")
    codes = np.frombuffer(encoded, dtype=np.uint16).astype(np.intp)
    alphabet = _alphabet()
    kinds = np.zeros(len(codes) + 2, dtype=np.uint8)
    inner = kinds[1:-1]
    alphabet.kinds.take(codes, out=inner, mode="clip")
    joints = np.flatnonzero((codes == ord(".")) | (codes == ord(",")))
    inside = (kinds[joints] == _DIGIT) & (kinds[joints + 2] == _DIGIT)
    inner[joints[inside]] = _DIGIT
    changes = kinds[1:] != kinds[:-1]
    starts = np.flatnonzero(changes[:-1] & (inner > 0))[:_MOST_WORDS]
    ends = np.flatnonzero(changes[1:] & (inner > 0))[:_MOST_WORDS] + 1
    up, down = _powers(1 << (len(codes) | 4095).bit_length())
    sums = np.zeros((2, len(codes) + 1), dtype=np.uint64)
    np.cumsum(alphabet.letters.take(codes, mode="clip") * up[: len(codes)], out=sums[0, 1:])
    np.cumsum(alphabet.tones.take(codes, mode="clip"), out=sums[1, 1:])
    letters, tones = sums[:, ends] - sums[:, starts]
    return _mixed(letters * down[starts] + tones), inner[starts] == _DIGIT


def _minima_of_many(items: NDArray[np.uint64], block: NDArray[np.uint32]) -> Signatures:
    """Return for each of many orders of all values the 16 lower bits of the first item in it.

    `block` is room to work in, as fresh memory costs as much as the work.
    """
    halves = (items >> np.uint64(32)).astype(np.uint32)
    lowest = np.full(TEXT_VALUES, np.iinfo(np.uint32).max, dtype=np.uint32)
    for start in range(0, len(halves), _ITEMS_AT_ONCE):
        some = halves[None, start : start + _ITEMS_AT_ONCE]
        values = np.multiply(_ODD, some, out=block[:, : some.shape[1]])
        values += _SHIFT
        np.minimum(lowest, values.min(axis=1), out=lowest)
    return _mixed(lowest.astype(np.uint64)).astype(np.uint16)


def _minima_of_few(items: NDArray[np.uint64]) -> Signatures:
    """Do the same with orders that are random for a handful of items too, which costs more."""
    lowest: NDArray[np.uint64] = _mixed(items[None, :] ^ _KEYS).min(axis=1)
    return lowest.astype(np.uint16)


def signature(text: str) -> Signatures:
    """Return the signature of a text: 111 values that likeness can be estimated from.

    Case, punctuation, tone placement and line breaks do not matter.

    >>> a = signature("Xã Na Ư phấn đấu 90% hộ dân có Internet vào năm 2026.")
    >>> b = signature("XÃ NA Ư phấn đấu 90 % hộ dân có Internet, vào năm 2026")
    >>> likeness(a, b)
    (1.0, 1.0)
    """
    return _signature(text, _room())


def _room() -> NDArray[np.uint32]:
    return np.empty((TEXT_VALUES, _ITEMS_AT_ONCE), dtype=np.uint32)


def _signature(text: str, room: NDArray[np.uint32]) -> Signatures:
    words, numeral = _words(text)
    runs = np.zeros(max(1, len(words) - SHINGLE_WORDS + 1), dtype=np.uint64)
    for place in range(min(SHINGLE_WORDS, len(words))):
        runs = runs * _MIX_1 + words[place : place + len(runs)]
    numbers = np.unique(words[numeral])[:_MOST_NUMBERS]
    if not len(numbers):
        numbers = _NO_NUMBER
    return np.concatenate(
        [
            _minima_of_many(_mixed(runs), room),
            _minima_of_few(numbers),
            np.array([len(numbers)], dtype=np.uint16),
        ]
    )


def signatures(texts: Sequence[str]) -> Signatures:
    """Return one signature a row."""
    room = _room()
    rows = [_signature(text, room) for text in texts]
    return np.stack(rows) if rows else np.empty((0, SIGNATURE_VALUES), dtype=np.uint16)


def likeness(a: Signatures, b: Signatures) -> tuple[float, float]:
    """Return what two texts share: of all five-word runs, and of the numbers of the poorer one.

    A story cut short keeps a part of its numbers, so they are measured against the shorter list.
    Both are estimates, good to about 0.06 and 0.1.
    """
    text, numbers = _likeness(a[None], b[None])
    return float(text[0]), float(numbers[0])


def _likeness(a: Signatures, b: Signatures) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    same = a[:, :-1] == b[:, :-1]
    text, numbers = same[:, :TEXT_VALUES].mean(axis=1), same[:, TEXT_VALUES:].mean(axis=1)
    size_a, size_b = a[:, -1].astype(np.float64), b[:, -1].astype(np.float64)
    shared = numbers / (1 + numbers) * (size_a + size_b)
    return text, np.minimum(1.0, shared / np.minimum(size_a, size_b))


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
    """Yield pairs that share a band: each row with the first and the two before it in its group.

    That is linear in the number of rows even where thousands share a band.
    """
    for start in range(0, TEXT_VALUES, _BAND):
        band = rows[:, start : start + _BAND].astype(np.uint64) @ _BAND_KEY
        order = np.argsort(band, kind="stable")
        if len(order) < 2:  # noqa: PLR2004 - one article has no copy
            return
        is_first = np.concatenate([[True], band[order][1:] != band[order][:-1]])
        group_first = np.maximum.accumulate(np.where(is_first, np.arange(len(order)), 0))
        at = np.flatnonzero(~is_first)
        yield order[group_first[at]], order[at]
        for back in (1, 2):
            near = at[at - back >= group_first[at]]
            yield order[near - back], order[near]
