"""Is a text Vietnamese, and made of words?

A word counts if it is a possible Vietnamese syllable: an onset and a rime of the lexicon under
any tone. Over 3,200 articles of Vietnamese papers (football with its foreign names included) the
share of such words is 0.54 and more, that of words with a mark besides 0.44 and more; of English,
French and German sentences at most 0.35 and 0.06. The bounds lie between.

Five short windows, spread evenly, settle nearly all articles: over the 4,188 of 5,583 texts that
are long enough no share in the windows was more than 0.16 above that of the whole, and they must
lie 0.28 above the bounds. What is less sure is counted as a whole.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache

from pipeline.lexicon import load
from pipeline.orthography import strip_tones
from pipeline.remembered import Remembered

LEAST_SYLLABLES = 0.42
LEAST_MARKED = 0.15
UNMARKED_SYLLABLES = 0.7
FEWEST_WORDS = 8
SURELY_SYLLABLES, SURELY_MARKED = 0.7, 0.45
"""Shares in the windows from which on the rest need not be counted."""
_HEAD, _TAIL = 4000, 2000
_WINDOWS, _WINDOW = 5, 50
_FEWEST_IN_WINDOWS = 30
_WORD = re.compile(r"[^\W\d_]+")
_LINK = re.compile(r"https?://\S+")
_LONGEST_SYLLABLE = 7
_EDGES = ".,;:!?()[]\"'“”‘’…-–"
_UNIT = _HEAD + _TAIL + 2
"""More than the words of any sample, so that counts add up side by side in one number."""


def why_not_vietnamese(text: str) -> str | None:
    """Return the reason to refuse a text, or None.

    Text without any marks is let through if its words are Vietnamese syllables, and so is a text
    of fewer than eight words, which says too little to tell.

    >>> why_not_vietnamese("Xã Na Ư phấn đấu 90% hộ dân có Internet vào năm 2026")
    >>> why_not_vietnamese("The commune wants every household to be online by the end of 2026")
    'it is not Vietnamese'
    >>> why_not_vietnamese("Xã xkqz đấu wwrt hộ qqpl zzxc vbnm năm lkjh poiu ytre trong mnbv")
    'most of its words are no words: spam or garbled text'
    """
    sample = text if len(text) <= _HEAD + _TAIL else f"{text[:_HEAD]} {text[-_TAIL:]}"
    if _is_surely_vietnamese(sample):
        return None
    words, share, marked = _shares(sample)
    if words < FEWEST_WORDS:
        return None
    if marked < LEAST_MARKED and share < UNMARKED_SYLLABLES:
        return "it is not Vietnamese"
    if share < LEAST_SYLLABLES:
        return "most of its words are no words: spam or garbled text"
    return None


def _is_surely_vietnamese(sample: str) -> bool:
    """Tell by a window in the middle of each fifth; False for a short or a doubtful text."""
    step = len(sample) // _WINDOWS
    if step < 2 * _WINDOW:
        return False
    starts = range(step // 2, step * _WINDOWS, step)
    words, share, marked = _shares(" ".join([sample[at : at + _WINDOW] for at in starts]))
    return words >= _FEWEST_IN_WINDOWS and share >= SURELY_SYLLABLES and marked >= SURELY_MARKED


def _shares(text: str) -> tuple[int, float, float]:
    """Return the number of words, and the shares of syllables and of syllables with a mark."""
    sums = sum(map(_counts.__getitem__, text.split()))
    words = sums % _UNIT
    return words, sums // _UNIT % _UNIT / (words or 1), sums // _UNIT**2 / (words or 1)


def _count(piece: str) -> int:
    """Return the numbers of words, of syllables and of syllables with a mark in one number.

    A link is no word. A piece has no blanks, so links and words end within it.
    """
    piece = unicodedata.normalize("NFC", piece)
    bare = piece.strip(_EDGES)
    if bare.isalpha():
        return _counts_of_small[bare.lower()]
    return sum(_counts_of_small[word.lower()] for word in _WORD.findall(_LINK.sub(" ", piece)))


def _count_word(word: str) -> int:
    """Return the same of one word in small letters."""
    syllable = is_syllable(word)
    return 1 + _UNIT * syllable + _UNIT**2 * (syllable and not word.isascii())


_counts = Remembered(_count)
_counts_of_small = Remembered(_count_word)


@lru_cache(maxsize=50_000)
def is_syllable(word: str) -> bool:
    """Tell whether a word can be one Vietnamese syllable.

    >>> is_syllable("Nghiêng"), is_syllable("quý"), is_syllable("club")
    (True, True, False)
    """
    return len(word) <= _LONGEST_SYLLABLE and strip_tones(word.lower()) in _syllables()


@cache
def _syllables() -> frozenset[str]:
    table = load("syllables")
    onsets = ["", *table["onsets"]]
    return frozenset(onset + rime for onset in onsets for rime in table["rimes"])
