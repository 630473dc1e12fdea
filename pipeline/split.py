"""Sentences of a cleaned article, as spans into its text (guideline 6.2).

A block that stands alone on its page (title, heading, byline, counter...) is one sentence. A
paragraph is cut after `.`, `!`, `?` and `…` when the next token starts a sentence, in one pass over
its marks; words that carry a stop of their own are in the lexicon `abbreviations`. Spans come from
the pass itself and are never searched for, so they are exact.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from pipeline.lexicon import load
from pipeline.records import Document, Kind, Sentence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipeline.records import Article

_WHOLE = frozenset(
    {
        Kind.TITLE,
        Kind.HEADING,
        Kind.CREDIT,
        Kind.BYLINE,
        Kind.META,
        Kind.WIDGET,
        Kind.SOURCE,
    }
)
"""Kinds of which a block is one sentence, whatever marks stand in it."""

_UPPER = "".join(c for c in map(chr, range(0x41, 0x1F00)) if c.isupper() and c.isalpha())
_UPPER = "".join(c for c in _UPPER if unicodedata.name(c, "").startswith("LATIN"))

# A run of marks with its closing quotes and brackets, then either blanks and something that starts
# a sentence, or at once a capital: a missing blank. Possessive quantifiers and the look-behind keep
# the search linear on runs of marks and blanks. The look-behind stands behind the first mark: an
# expression that starts with a class of characters is searched three times faster.
_BEHIND_FIRST_MARK = rf"""(?<![.!?…].)[.!?…]*+)(?P<closers>["'”’»)\]*_]*+)
    (?: \s++ (?=["'“‘«(\[*_–—-]*+[{_UPPER}\d]) | (?=["'“‘«(\[]?[{_UPPER}][^\W\d_]|["'“‘«]|\d) )"""
_BOUNDARY = re.compile(f"(?P<marks>[.!?…]{_BEHIND_FIRST_MARK}", re.VERBOSE)
_STOP_BOUNDARY = re.compile(rf"(?P<marks>\.{_BEHIND_FIRST_MARK}", re.VERBOSE)
"""The same for paragraphs without other marks, which are most: a lone character is found faster."""
_OPENERS = "\"'“‘«([*_–-+"
_OPEN_QUOTE = re.compile(r"""["']\Z""")
_GLUED_NUMBER = re.compile(r"\d[\d.,]{0,20}+(?:%|\s|\Z)")
_NEXT_WORD = re.compile(r"[^\W\d_]+")
_LONGEST_LIST_NUMBER = 2
_SHORTEST_ACRONYM = 3
_WINDOW = 40
"""Code points looked at before a mark: longer than any abbreviation and the word before it."""


@dataclass(frozen=True, slots=True)
class _Stops:
    """The lexicon of stops that do not end a sentence, ready for look-up."""

    always: frozenset[str]
    may_end: frozenset[str]
    class_words: frozenset[str]
    numbered: frozenset[str]
    domain_endings: frozenset[str]


@cache
def _stops() -> _Stops:
    table = load("abbreviations")
    rows = table["abbreviation"]
    return _Stops(
        always=frozenset(f for row in rows if not row.get("ends") for f in row["forms"]),
        may_end=frozenset(f for row in rows if row.get("ends") for f in row["forms"]),
        class_words=frozenset(table["class_letter"]["after"]),
        numbered=frozenset(table["numbered_part"]["after"]),
        domain_endings=frozenset(table["domain_ending"]["words"]),
    )


def split_sentences(article: Article) -> Document:
    """Return the article with its sentences: exact spans, each with the kind of its block.

    >>> from pipeline.records import Article, Block, Kind
    >>> text = "TP. Huế có 5 tổ. Tỷ lệ đạt 80%.Các xã làm tiếp; Số hóa hồ sơ."
    >>> article = Article("a", "a.txt", text, (Block(0, len(text), Kind.BODY),))
    >>> for sentence in split_sentences(article).sentences:
    ...     print(sentence.start, sentence.end, sentence.text)
    0 16 TP. Huế có 5 tổ.
    17 31 Tỷ lệ đạt 80%.
    31 61 Các xã làm tiếp; Số hóa hồ sơ.
    """
    text = article.text
    sentences: list[Sentence] = []
    for number, block in enumerate(article.blocks):
        kind, start, end = block.kind, block.start, block.end
        spans = ((start, end),) if kind in _WHOLE else sentence_spans(text, start, end)
        for first, last in spans:
            left = text[first:last].lstrip()
            words = left.rstrip()
            if words:
                at = last - len(left)
                sentences.append(Sentence(len(sentences), at, at + len(words), words, kind, number))
    return Document(article, tuple(sentences))


def sentence_spans(text: str, start: int = 0, end: int | None = None) -> Iterator[tuple[int, int]]:
    """Give the spans of the sentences of one paragraph; together they cover it.

    >>> paragraph = "Ông Nguyễn V. A. nói: “Tốt!” Xã dùng Zalo, v.v... Ngày 29.3.2025 sẽ họp."
    >>> [paragraph[a:b] for a, b in sentence_spans(paragraph)]
    ['Ông Nguyễn V. A. nói: “Tốt!” ', 'Xã dùng Zalo, v.v... ', 'Ngày 29.3.2025 sẽ họp.']
    """
    end = len(text) if end is None else end
    last = start
    paragraph = text[start:end]
    only_stops = "!" not in paragraph and "?" not in paragraph and "…" not in paragraph
    boundary = _STOP_BOUNDARY if only_stops else _BOUNDARY
    for match in boundary.finditer(text, start, end):
        cut = match.end()
        if cut == match.end("closers"):
            cut = _cut_without_blank(text, match, end)
        elif match["marks"] == "." and _stop_belongs_to_word(text, last, match.start()):
            continue
        if last < cut < end:
            yield last, cut
            last = cut
    if last < end:
        yield last, end


def _stop_belongs_to_word(text: str, low: int, mark: int) -> bool:
    """True if the full stop at `mark` is part of an abbreviation, an initial or a list number.

    The sentence under way starts at `low`; the next token, after blanks, starts like a sentence.
    """
    words = text[max(low, mark - _WINDOW) : mark].lower().rsplit(None, 2)[-2:]
    if not words:
        return True
    stops = _stops()
    word = words[-1].lstrip(_OPENERS)
    if word in stops.may_end or (len(word) > 1 and word.isalpha() and word not in stops.always):
        return False  # as nearly always
    before = words[0].lstrip(_OPENERS) if len(words) > 1 else ""
    tail = word.rpartition(".")[2] or word
    if word in stops.always or (tail in stops.always and not before.endswith(".")):
        return not _closes_after_class_word(word, before, stops)
    if word.isdecimal():
        return _numbers_a_part(before, word, stops)
    if len(tail) == 1 and text[mark - 1].isupper():
        return not _closes_after_class_word(word, before, stops)
    return False


def _closes_after_class_word(word: str, before: str, stops: _Stops) -> bool:
    """True for "nhóm A.": a letter that names a class, not an initial."""
    return len(word) == 1 and before in stops.class_words


def _numbers_a_part(before: str, number: str, stops: _Stops) -> bool:
    """True for "1." at the start of a sentence or after ":" and ";", and for "Điều 5."."""
    if before in stops.numbered:
        return True
    return len(number) <= _LONGEST_LIST_NUMBER and (not before or before[-1] in ":;")


def _cut_without_blank(text: str, match: re.Match[str], end: int) -> int:
    """Return where to cut at a mark that is not followed by a blank, or -1 for nowhere.

    "trực tuyến.Tỷ lệ" is cut; "TP.HCM", "dichvucong.gov.vn", "Node.JS" and "29.3.2025" are not.
    """
    mark, stop = match.start(), match.end("marks")
    closers = match["closers"]
    after = stop + len(closers)
    if _OPEN_QUOTE.search(closers) and text[after].isalpha():
        after -= 1  # a straight quote with a letter behind it opens the next sentence
    opener = text[after] in "\"'“‘«(["
    first = after + opener
    if first >= end or mark == 0:
        return -1
    if text[first].isdecimal():
        fits = _ends_in_lower_word(text, mark) and bool(_GLUED_NUMBER.match(text, first, end))
    else:
        fits = _is_capitalised(text, first, end)
    return after if fits and _ends_a_sentence(text, mark, match["marks"]) else -1


def _ends_in_lower_word(text: str, mark: int) -> bool:
    """True if two small letters stand before the mark: "mạng.100%", not "Q.1"."""
    return mark > 1 and text[mark - 1].islower() and text[mark - 2].islower()


def _is_capitalised(text: str, first: int, end: int) -> bool:
    """True for "Tỷ lệ" and "UBND tỉnh", false for "HCM" with a small or no letter to follow."""
    word = _NEXT_WORD.match(text, first, end)
    if word is None or not word[0][0].isupper():
        return False
    behind = text[word.end() : word.end() + 1]
    domain = behind in {".", "/", "@"} and text[word.end() + 1 : word.end() + 2].isalnum()
    domain = domain or word[0].lower() in _stops().domain_endings
    return word[0][1:].islower() and not domain


def _ends_a_sentence(text: str, mark: int, marks: str) -> bool:
    """True if what stands before a glued mark can be the end of a sentence."""
    if marks != ".":
        return True
    before = text[mark - 1]
    if not before.isalpha():
        return before.isdecimal() or before in '%”"’)]»'
    token = text[max(0, mark - _WINDOW) : mark].rsplit(maxsplit=1)[-1].lstrip("\"'“‘«([").lower()
    tail = token.rpartition(".")[2]
    stops = _stops()
    if token in stops.always or tail in stops.always or tail in stops.may_end:
        return False
    if "@" in token or "://" in token or token.startswith("www."):
        return False
    return before.islower() or len(tail) >= _SHORTEST_ACRONYM
