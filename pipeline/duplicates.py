"""Copies and near copies of an article: syndicated, cross-posted, crawled again.

Two articles are copies if they share most of their runs of five words *and* most of their
numbers. The second condition tells a copy from the story that an office files every year with
the same sentences and other figures.

An article is kept as a signature of 352 bytes. Its runs of words are hashed into 256 bins, and of
the smallest in each bin 8 bits are kept (one-permutation hashing, Li, Owen and Zhang 2012): the
share of equal bins is the share of runs in common, exact but for the 8 bits where a text has few
runs, good to 0.03 where it has many. Of its numbers the 48 smallest hashes are kept, so that lists
of up to 48 numbers are compared exactly, and longer ones by a fair sample.

Candidates share a band of three bins (locality-sensitive hashing); of pairs that share 40 % of
their runs 99.6 % do. All is deterministic: the same texts give the same signatures on any machine.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from pipeline.arrays import is_first, sorted_once
from pipeline.orthography import fold, strip_tones

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    Signatures = NDArray[np.uint8]

SHINGLE_WORDS = 5
TEXT_BINS, NUMBER_VALUES = 256, 48
SIGNATURE_BYTES = TEXT_BINS + 2 * NUMBER_VALUES
LEAST_TEXT, LEAST_NUMBERS = 0.4, 0.75
"""Shares from which on two texts are copies; chosen on tests/cases/duplicates."""
_BAND = 3
_EMPTY_BIN, _NO_NUMBERS, _NO_VALUE = np.uint8(0), np.uint16(0), np.uint16(0xFFFF)
_TO_BIN, _TO_VALUE, _VALUE_BITS = np.uint64(56), np.uint64(48), np.uint64(16)
_PAIRS_AT_ONCE = 10_000
_MOST_WORDS = 200_000
"""Of one text; more are cut off."""
_BATCH = 100_000
"""Code points of the texts that go through arrays together, fewer than `_MOST_WORDS`."""
_CODES = 0x10000
_LETTER, _DIGIT, _JOINT = 1, 2, 3
_LETTERS, _DIGITS, _JOINTS = re.compile(r"[^\W\d_]+"), re.compile(r"\d+"), re.compile("[.,]")
_CASED = (*range(0x41, 0x600), *range(0x1E00, 0x2000), *range(0xFF10, 0xFF1A))
"""Code points of the scripts that fold; a letter of another script stands for itself."""

_MIX_1, _MIX_2 = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
_MIX_1_SQUARED = np.uint64(0xBF58476D1CE4E5B9**2 % (1 << 64))
_PLACE = 0x9E3779B97F4A7C15
"""Odd, so that it has an inverse among the numbers of 64 bits."""
_TONE_BITS = np.uint64((1 << 24) - 1)
_SEED = 1
"""Any other number does as well: tests/test_duplicates.py tries twenty."""


def _mixed(values: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Spread the bits of each value (the finaliser of splitmix64)."""
    values = values ^ (values >> np.uint64(30))
    values *= _MIX_1
    values ^= values >> np.uint64(27)
    values *= _MIX_2
    values ^= values >> np.uint64(31)
    return values


@dataclass(frozen=True, slots=True)
class _Alphabet:
    """Of each code point: is it letter or digit, and a random number for the letter and its tone.

    Letters that fold to one (case, tone) share a number in the upper 40 bits of `letters`; the
    lower 24 hold a small one of the tone, 0 for none. What is in no word is 0.
    """

    kinds: NDArray[np.uint8]
    letters: NDArray[np.uint64]


@cache
def _alphabet() -> _Alphabet:
    every = "".join(map(chr, range(_CODES)))
    kinds = np.zeros(_CODES, dtype=np.uint8)
    for kind, pattern in ((_LETTER, _LETTERS), (_DIGIT, _DIGITS), (_JOINT, _JOINTS)):
        for run in pattern.finditer(every):
            kinds[run.start() : run.end()] = kind
    folded = np.arange(_CODES, dtype=np.uint64)
    tones = np.zeros(_CODES, dtype=np.uint64)
    every_plain = fold("".join(map(chr, _CASED)))
    every_bare = strip_tones("\n".join(every_plain)).split("\n")
    for code, plain, bare in zip(_CASED, every_plain, every_bare, strict=True):
        if bare != plain:
            tones[code] = ord(unicodedata.normalize("NFD", plain)[-1])
        folded[code] = ord(bare) if len(bare) == 1 else code
    letters = _mixed(folded + np.uint64(_SEED)) & ~_TONE_BITS | tones
    return _Alphabet(kinds, np.where(kinds > 0, letters, np.uint64(0)))


@cache
def _powers(count: int) -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    """Return the powers of `_PLACE` and of its inverse."""
    factors = np.ones((2, count), dtype=np.uint64)
    factors[0, 1:], factors[1, 1:] = _PLACE, pow(_PLACE, -1, 1 << 64)
    up, down = np.cumprod(factors, axis=1)
    return up, down


def _words(texts: Sequence[str]) -> tuple[NDArray[np.uint64], NDArray[np.bool_], NDArray[np.intp]]:
    """Return a number for each word of some texts, which words are numerals, and where texts end.

    A word is a run of letters, or a numeral with its points and commas. Its number is that of
    another word if they differ in case or in the place of the tone mark only: a polynomial of the
    letters, and the sum of the tones below it. Powers count from the start of the first text, and
    the sum of each word is divided by the power at its start.
    """
    encoded = [f"{text}\n".encode("utf-16-le", "surrogatepass") for text in texts]
    codes = np.frombuffer(b"".join(encoded), dtype=np.uint16)
    alphabet = _alphabet()
    kinds = np.zeros(len(codes) + 2, dtype=np.uint8)
    inner = kinds[1:-1]
    alphabet.kinds.take(codes, out=inner, mode="clip")
    letters = alphabet.letters.take(codes, mode="clip")
    joints = np.flatnonzero(inner == _JOINT)
    inside = (kinds[joints] == _DIGIT) & (kinds[joints + 2] == _DIGIT)
    inner[joints] = np.where(inside, _DIGIT, 0)
    letters[joints[~inside]] = 0
    starts = np.flatnonzero((inner != kinds[:-2]) & (inner > 0))[: _MOST_WORDS + 1]
    up, down = _powers(1 << (len(codes) | 4095).bit_length())
    tones = letters & _TONE_BITS
    letters -= tones
    letters *= up[: len(codes)]
    letters += tones
    up_to = np.zeros(len(codes) + 1, dtype=np.uint64)
    np.cumsum(letters, out=up_to[1:])  # faster than a sum of each word; differences are as exact
    sums = np.diff(up_to[np.append(starts, len(codes))])
    tones = sums & _TONE_BITS
    sums -= tones
    sums *= down[starts]
    sums += tones
    starts = starts[:_MOST_WORDS]
    ends = np.searchsorted(starts, np.cumsum([len(text) // 2 for text in encoded]))
    return sums[:_MOST_WORDS], inner[starts] == _DIGIT, ends


def _runs(words: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Return a number for each run of five words, by pairs and pairs of pairs."""
    pairs = words[:-1] * _MIX_1 + words[1:]
    fours = pairs[:-2] * _MIX_1_SQUARED + pairs[2:]
    return fours[:-1] * _MIX_1 + words[4:]


def _fill_bins(result: Signatures, words: NDArray[np.uint64], ends: NDArray[np.intp]) -> None:
    """Write the smallest run of each bin of each text; a text of fewer words is one run."""
    counts = np.diff(ends, prepend=0)
    missing = np.maximum(SHINGLE_WORDS - counts, 0)
    if missing.any():
        words = np.insert(words, np.repeat(ends, missing), np.uint64(0))
    counts += missing - (SHINGLE_WORDS - 1)
    first = np.repeat(np.arange(len(ends)) * (SHINGLE_WORDS - 1), counts)
    first += np.arange(len(first))  # the runs that begin in one text and end in the next left out
    runs = _mixed(_runs(words)[first])
    for text in np.split(runs, np.cumsum(counts)[:-1]):
        text.sort()
    falling = runs[::-1]  # the last one assigned to a bin stays in it: the smallest
    places = np.repeat(np.arange(len(ends)) * SIGNATURE_BYTES, counts)[::-1]
    places += (falling >> _TO_BIN).astype(np.intp)
    result.reshape(-1)[places] = np.maximum(falling.astype(np.uint8), 1)


def _fill_numbers(
    result: Signatures,
    words: NDArray[np.uint64],
    numerals: NDArray[np.intp],
    ends: NDArray[np.intp],
) -> None:
    """Write the smallest numbers of each text, each once, in order."""
    values = result[:, TEXT_BINS:].view(np.uint16)
    values[:] = _NO_VALUE
    values[:, 0] = _NO_NUMBERS
    texts = np.searchsorted(ends, numerals, side="right").astype(np.uint64)
    both = sorted_once(texts << _VALUE_BITS | _mixed(words[numerals]) >> _TO_VALUE)
    texts, numbers = both >> _VALUE_BITS, both.astype(np.uint16)
    rank = np.arange(len(both)) - np.searchsorted(texts, texts)
    kept = rank < NUMBER_VALUES
    rows = texts[kept].astype(np.intp)
    values[rows, rank[kept]] = np.minimum(numbers[kept], _NO_VALUE - np.uint16(1))


def signature(text: str) -> Signatures:
    """Return the signature of a text: 352 bytes that likeness can be estimated from.

    Case, punctuation, tone placement and line breaks do not matter.

    >>> a = signature("Xã Na Ư phấn đấu 90% hộ dân có Internet vào năm 2026.")
    >>> b = signature("XÃ NA Ư phấn đấu 90 % hộ dân có Internet, vào năm 2026")
    >>> likeness(a, b)
    (1.0, 1.0)
    """
    row: Signatures = signatures([text])[0]
    return row


def signatures(texts: Sequence[str]) -> Signatures:
    """Return one signature a row.

    Some texts at a time go through arrays together: one text is so short that numpy would spend
    its time on being called.
    """
    result = np.zeros((len(texts), SIGNATURE_BYTES), dtype=np.uint8)
    for start, end in _batches(texts):
        words, is_numeral, ends = _words(texts[start:end])
        _fill_bins(result[start:end], words, ends)
        _fill_numbers(result[start:end], words, np.flatnonzero(is_numeral), ends)
    return result


def _batches(texts: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Yield spans of texts that are short enough together; a longer text stands alone."""
    start, size = 0, 0
    for number, text in enumerate(texts):
        size += len(text)
        if size > _BATCH and number > start:
            yield start, number
            start, size = number, len(text)
    if start < len(texts):
        yield start, len(texts)


def likeness(a: Signatures, b: Signatures) -> tuple[float, float]:
    """Return what two texts share: of all five-word runs, and of the numbers of the poorer one.

    A story cut short keeps a part of its numbers, so they are measured against the shorter list.
    """
    return float(_likeness(a[None], b[None])[0]), float(_number_likeness(a[None], b[None])[0])


def _likeness(a: Signatures, b: Signatures) -> NDArray[np.float64]:
    """Return for each pair of rows the share of runs of words in common."""
    a, b = a[:, :TEXT_BINS], b[:, :TEXT_BINS]
    filled = (a | b) != _EMPTY_BIN
    same = (a == b) & filled
    shares: NDArray[np.float64] = same.sum(axis=1) / filled.sum(axis=1)
    return shares


def _number_likeness(a: Signatures, b: Signatures) -> NDArray[np.float64]:
    """Return for each pair of rows the share of numbers of the poorer one that both hold.

    Lists that are cut off are compared up to the value where the first of them ends.
    """
    a, b = a[:, TEXT_BINS:].view(np.uint16), b[:, TEXT_BINS:].view(np.uint16)
    end = np.minimum(np.minimum(a[:, -1:], b[:, -1:]), _NO_VALUE - np.uint16(1))
    in_a, in_b = a <= end, b <= end
    in_both = (a[:, :, None] == b[:, None, :]).any(axis=2) & in_a
    fewer = np.minimum(in_a.sum(axis=1), in_b.sum(axis=1))
    shares: NDArray[np.float64] = in_both.sum(axis=1) / np.maximum(1, fewer)
    return shares


def find_copies(rows: Signatures) -> NDArray[np.int64]:
    """Return for each article the row of the one that it copies, or -1.

    The first of a group of copies in the order of the rows is the original.

    >>> texts = ["Xã Na Ư có 90% hộ dân dùng Internet", "Phường Hai mở lớp học số cho người già"]
    >>> find_copies(signatures([*texts, texts[0].upper()])).tolist()
    [-1, -1, 0]
    """
    best: dict[int, tuple[float, int]] = {}
    for first, second, share in _copies(rows):
        best[second] = max(best.get(second, (0.0, 0)), (share, -first))
    original = np.full(len(rows), -1, dtype=np.int64)
    for second in sorted(best):
        first = -best[second][1]
        original[second] = first if original[first] < 0 else original[first]
    return original


def _copies(rows: Signatures) -> Iterator[tuple[int, int, float]]:
    """Yield pairs of copies, the earlier one first, with their share of runs in common."""
    pairs = _candidates(rows)
    for start in range(0, len(pairs), _PAIRS_AT_ONCE):
        earlier, later = np.divmod(pairs[start : start + _PAIRS_AT_ONCE], len(rows))
        text = _likeness(rows[earlier], rows[later])
        alike = np.flatnonzero(text >= LEAST_TEXT)
        earlier, later, text = earlier[alike], later[alike], text[alike]
        sure = _number_likeness(rows[earlier], rows[later]) >= LEAST_NUMBERS
        yield from zip(
            earlier[sure].tolist(), later[sure].tolist(), text[sure].tolist(), strict=True
        )


def _candidates(rows: Signatures) -> NDArray[np.int64]:
    """Return pairs that share a band, each as one number: earlier row × number of rows + later.

    Each row is paired with the first and the two before it in its group. That is linear in the
    number of rows even where thousands share a band.
    """
    count = len(rows)
    pairs = np.empty(0, dtype=np.int64)
    if count < 2:  # noqa: PLR2004 - one article has no copy
        return pairs
    bins = _without_gaps(rows[:, :TEXT_BINS])
    for start in range(0, TEXT_BINS - _BAND + 1, _BAND):
        first, second, third = bins[:, start : start + _BAND].astype(np.uint32).T
        band = first << np.uint32(16) | second << np.uint32(8) | third
        order = np.argsort(band, kind="stable")
        band = band[order]
        group_first = np.maximum.accumulate(np.where(is_first(band), np.arange(count), 0))
        for back in (None, 1, 2):
            at = np.arange(count)
            partner = group_first if back is None else at - back
            paired = (partner >= group_first) & (partner < at)
            found = order[partner[paired]] * count + order[at[paired]]
            pairs = np.concatenate([pairs, found])
        pairs = sorted_once(pairs)
    return pairs


def _without_gaps(bins: Signatures) -> Signatures:
    """Return the bins with empty ones filled from others, the same for texts that are alike.

    Each bin looks for a value in an order of its own (optimal densification, Shrivastava 2017).
    """
    filled = bins.copy()
    row, place = np.nonzero(bins == _EMPTY_BIN)
    for step in _steps():
        found = bins[row, place ^ step]
        filled[row, place] = found
        still = found == _EMPTY_BIN
        row, place = row[still], place[still]
        if not len(row):
            break
    return filled


def _steps() -> list[int]:
    """Return the numbers of 1 to 255 in a fixed order without order."""
    steps: list[int] = (_mixed(np.arange(1, TEXT_BINS, dtype=np.uint64)).argsort() + 1).tolist()
    return steps
