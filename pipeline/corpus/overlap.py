"""How much two sentences share: the measure behind duplicates, overlap bounds and splits."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from pipeline.orthography import fold

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_TOKEN = re.compile(r"\w+")
GRAM = 5
LEAST_GRAMS = 3
"""Sentences with fewer 5-grams are too short to say that one repeats another."""


def tokens(text: str) -> list[str]:
    """Return the lower-case syllables and numbers of a text.

    >>> tokens("Đến năm 2026, 80% xã…")
    ['đến', 'năm', '2026', '80', 'xã']
    """
    return _TOKEN.findall(fold(text))


def grams(text: str, size: int = GRAM) -> set[tuple[str, ...]]:
    """Return the set of token n-grams of a text."""
    words = tokens(text)
    return {tuple(words[i : i + size]) for i in range(len(words) - size + 1)}


def overlapping_pairs(
    texts: Sequence[str], groups: Sequence[str], least: float
) -> Iterator[tuple[int, int, float]]:
    """Yield pairs of texts from different groups whose 5-grams overlap by `least` or more.

    The overlap of two texts is the number of shared 5-grams over those of the shorter one.

    Yields:
        Positions of the earlier and the later text, and the overlap (0 to 1).

    >>> a = "xã mở quầy hướng dẫn người dân nộp hồ sơ qua mạng"
    >>> [pair[:2] for pair in overlapping_pairs([a, a + " từ nay"], ["x", "y"], 0.5)]
    [(0, 1)]
    """
    seen: dict[tuple[str, ...], list[int]] = defaultdict(list)
    sizes: list[int] = []
    for later, text in enumerate(texts):
        mine = grams(text)
        sizes.append(len(mine))
        if len(mine) >= LEAST_GRAMS:
            shared = Counter(earlier for gram in mine for earlier in seen[gram])
            for earlier, count in sorted(shared.items()):
                overlap = count / min(len(mine), sizes[earlier])
                if groups[earlier] != groups[later] and overlap >= least:
                    yield earlier, later, overlap
            for gram in mine:
                seen[gram].append(later)
