r"""Text of the font encodings TCVN3 (ABC) and VNI, turned into Unicode where it is sure to be such.

The fonts drew Vietnamese letters in the places of Latin ones, so their texts look like latin-1,
as bytes or, in scraped pages, as code points: "ph¸t triÓn" is "phát triển". A text is converted if
nearly all of its marked words are Vietnamese syllables when converted and many are none as they
stand. A line that holds a letter which only Unicode has ("ế", "đ") is never touched.

What is lost: TCVN3 has no capitals for vowels with a tone. A word of capitals gets them back
("QUYÕT" is "QUYẾT"); small letters shown in a capital font stay small.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from html import unescape
from typing import TYPE_CHECKING

from pipeline.ingest.language import is_syllable
from pipeline.lexicon import load

if TYPE_CHECKING:
    from collections.abc import Callable

SEPARATOR = "\0"
"""Parts of a text that is converted as one, such as title and body, may be joined by it."""
LEAST_SYLLABLES = 0.9
MOST_AS_THEY_STAND = 0.6
FEWEST_WORDS = 6
_SAMPLE = 20_000
_LONGEST_WORD = 12
_UNICODE_ONLY = re.compile("[ĂăĐđĨĩŨũƠơƯưẠ-ỹ]")
_LINES = re.compile(f"([\n{SEPARATOR}]|<[^<>]*>)")
_WORD = re.compile("[A-Za-z¡-ỹ]+")
_SMALL = re.compile("[a-z]")
_CAPITALS = re.compile("[A-Z].*?[A-Z¡-§]", re.DOTALL)
_SOFT_HYPHENS = ("&shy;", "&#173;", "&#xad;", "&#xAD;")
_REFERENCE = re.compile("&(?:#[xX]?[0-9A-Fa-f]{2,3}|[A-Za-z]{2,6});")


@dataclass(frozen=True)
class Encoding:
    """How to read words of one encoding: `whole` matches them, `read` converts a line."""

    whole: re.Pattern[str]
    read: Callable[[str], str]


def from_legacy(text: str) -> str:
    r"""Return the text in Unicode if it is surely TCVN3 or VNI, else the text itself.

    Lines are parted by line ends, tags and `SEPARATOR`, and keep their places.

    >>> from_legacy("Bé Th«ng tin yªu cÇu c¸c x· phñ sãng tíi mäi b¶n trong n¨m nay")
    'Bộ Thông tin yêu cầu các xã phủ sóng tới mọi bản trong năm nay'
    >>> from_legacy("Boä Thoâng tin yeâu caàu caùc xaõ phuû soùng tôùi moïi baûn")
    'Bộ Thông tin yêu cầu các xã phủ sóng tới mọi bản'
    >>> from_legacy("L'élève préféré a été reçu à l'hôtel où se tenait la fête")
    "L'élève préféré a été reçu à l'hôtel où se tenait la fête"
    """
    if text.isascii() or not any(map(text.__contains__, load("legacy")["telling"])):
        return text
    lines = _LINES.split(text)
    suspects = [line for line in lines if not line.isascii() and not _UNICODE_ONLY.search(line)]
    encoding = _sure_encoding(" ".join(suspects)) if suspects else None
    if encoding is None:
        return text
    if not _UNICODE_ONLY.search(text):
        return "".join(map(encoding.read, lines))
    strangers = {line for line in suspects if _is_stranger(line, encoding)}
    return "".join(encoding.read(line) if line in strangers else line for line in lines)


def page_from_legacy(html: str) -> str:
    """Convert a page, also if it spells the codes as character references.

    Pages are converted before their text is extracted: to the extraction the code of the letter
    ư is a soft hyphen, which it drops.

    >>> page_from_legacy("<p>Ng&#173;&#234;i d&#169;n c&#184;c x&#183; ®­îc m­în s¸ch &amp; b¸o")
    '<p>Người dân các xã được mượn sách &amp; báo'
    """
    if any(spelling in html for spelling in _SOFT_HYPHENS):
        resolved = _REFERENCE.sub(_resolve, html)
        converted = from_legacy(resolved)
        if converted is not resolved:
            return converted
    return from_legacy(html)


def _resolve(reference: re.Match[str]) -> str:
    letter = unescape(reference[0])
    return letter if len(letter) == 1 and "¡" <= letter <= "þ" else reference[0]


def _sure_encoding(text: str) -> Encoding | None:
    words = {word for word in _WORD.findall(text[:_SAMPLE]) if not word.isascii()}
    if len(words) < FEWEST_WORDS:
        return None
    if sum(map(_is_word, words)) > MOST_AS_THEY_STAND * len(words):
        return None
    needed = max(FEWEST_WORDS, LEAST_SYLLABLES * len(words))
    for encoding in _encodings():
        if sum(_reads_as_word(word, encoding) for word in words) >= needed:
            return encoding
    return None


def _is_stranger(line: str, encoding: Encoding) -> bool:
    """Tell whether a line of a mixed text is all in the encoding: its marked words prove it."""
    words = [word for word in _WORD.findall(line) if not word.isascii()]
    return all(_reads_as_word(word, encoding) for word in words) and not all(map(_is_word, words))


def _is_word(word: str) -> bool:
    return _is_syllable(word) and word in {word.lower(), word.title(), word.upper()}


def _reads_as_word(word: str, encoding: Encoding) -> bool:
    return encoding.whole.fullmatch(word) is not None and _is_syllable(encoding.read(word))


def _is_syllable(word: str) -> bool:
    return len(word) <= _LONGEST_WORD and is_syllable(word)  # so that no long word is remembered


@cache
def _encodings() -> tuple[Encoding, ...]:
    return _tcvn3(), _vni()


def _tcvn3() -> Encoding:
    letters = {
        ord(code): letter
        for codes, row in load("legacy")["tcvn3"]["rows"]
        for code, letter in zip(codes, row, strict=True)
    }

    def capitals(text: str) -> str:
        """Convert a word or a line; one of capitals gives its vowels theirs."""
        said = text.translate(letters)
        return said.upper() if not _SMALL.search(text) and _CAPITALS.search(text) else said

    def read(line: str) -> str:
        if line.isascii():
            return line
        if not _SMALL.search(line):
            return capitals(line)
        return _WORD.sub(lambda word: capitals(word[0]), line)

    codes = "".join(map(chr, letters))
    return Encoding(re.compile(f"[A-Za-z{codes}]+"), read)


def _vni() -> Encoding:
    table = load("legacy")["vni"]
    small = dict(zip(*table["alone"], strict=True))
    for letter, (codes, row) in table["marked"].items():
        small |= {letter + code: said for code, said in zip(codes, row, strict=True)}
    letters: dict[str, str] = {}
    for codes, said in small.items():
        letters |= {codes: said, codes.upper(): said.upper()}
        letters |= {codes[0].upper() + codes[1:]: said.upper(), codes[0] + codes[1:].upper(): said}
    longest_first = "|".join(sorted(letters, key=len, reverse=True))
    sequence = re.compile(longest_first)

    def read(line: str) -> str:
        return line if line.isascii() else sequence.sub(lambda found: letters[found[0]], line)

    return Encoding(re.compile(f"(?:{longest_first}|[A-Za-z])+"), read)
