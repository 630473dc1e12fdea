"""The lines of a page as pieces, and parts glued on one line taken apart."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from pipeline.clean.furniture import kind_of_line, kinds_of_lines, leading_date
from pipeline.lexicon import load
from pipeline.records import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

_GLUED_TITLE_WORDS = range(4, 41)
_GLUED_TITLE_WITHIN = 120
_CREDIT_WITHIN = 90
_KEY_LENGTH = 150
_ENDS = frozenset(".!?…")
_CLOSERS = "\"'”’»)]*_ "
_EDGES = " \"'“”‘’«».,:;!?…*_()[]-–—"


@dataclass(slots=True)
class Piece:
    """A part of the page on its way to become a block.

    `spaced` tells that an empty line stands before it. `kind` is None as long as nobody knows.
    `has_credit` tells that the credit of a picture stood behind it on its line.
    """

    start: int
    text: str
    kind: Kind | None = None
    spaced: bool = False
    has_credit: bool = False

    @property
    def end(self) -> int:
        """Where the piece ends in the text of the page."""
        return self.start + len(self.text)


@dataclass(frozen=True, slots=True)
class _Patterns:
    """The lexicon of what may be glued to a line; a line with a credit holds one of the words."""

    agency: re.Pattern[str]
    credit: re.Pattern[str]
    credit_words: re.Pattern[str]
    prefixes: tuple[str, ...]


@cache
def _patterns() -> _Patterns:
    table = load("furniture")
    words = f"(?:{'|'.join(map(re.escape, table['credit_tail']['words']))})[ :]"
    return _Patterns(
        re.compile(table["agency"]["pattern"]),
        re.compile(rf"(?:(?<=[.!?…”\"»)])\s?|\s[-–—]\s)(?=[(\[]?{words})"),
        re.compile(words),
        tuple(table["glued"]["prefixes"]),
    )


def key(text: str) -> str:
    """Return what two copies of a line have in common: small letters, one blank, no edges.

    Of a long line its start and end stand for the whole.

    >>> key("Xã Minh An  ra quân.") == key("XÃ MINH AN RA QUÂN")
    True
    """
    return " ".join(_both_ends(text).lower().split()).strip(_EDGES)


def start_of_key(text: str) -> str:
    """Return the first three words: the same for texts of the same `key`, and found faster.

    That holds for texts of four words and more.

    >>> start_of_key("“Xã  Minh An ra quân.”")
    'xã minh an'
    """
    return " ".join(text.lstrip(_EDGES).split(None, 3)[:3]).lower()


def _both_ends(text: str) -> str:
    if len(text) <= 2 * _KEY_LENGTH:
        return text
    return f"{text[:_KEY_LENGTH]} {text[-_KEY_LENGTH:]}"


def ends_sentence(text: str) -> bool:
    """True if a mark that ends sentences stands at the end, perhaps inside a quote or bracket.

    >>> ends_sentence("Hết rồi.”"), ends_sentence("Mục tiêu")
    (True, False)
    """
    return text.rstrip(_CLOSERS)[-1:] in _ENDS


def starts_with_agency(text: str) -> bool:
    """True for a lead that names its agency: "(BXA) - Ngày 5/6, ..."."""
    return bool(_patterns().agency.match(text))


def read_pieces(text: str, title: str | None) -> list[Piece]:
    r"""Return the pieces of a page in order; together they hold everything but blanks.

    >>> page = "Chợ số ở xã (BXO) - Ngày 3/4, xã mở chợ.\n\nBà con quét mã. Ảnh: THU AN"
    >>> [piece.text for piece in read_pieces(page, None)]
    ['Chợ số ở xã', '(BXO) - Ngày 3/4, xã mở chợ.', 'Bà con quét mã.', 'Ảnh: THU AN']
    """
    pieces: list[Piece] = []
    at, spaced, story = 0, False, False
    lines = text.split("\n")
    stripped = [line.strip() for line in lines]
    kinds = iter(kinds_of_lines([words for words in stripped if words]))
    for line, words in zip(lines, stripped, strict=True):
        if not words:
            spaced = True
        else:
            kind = next(kinds)
            whole = Piece(at + len(line) - len(line.lstrip()), words, kind, spaced)
            if kind is None and (not story or _may_be_glued(words)):
                pieces += _take_apart(whole, title, at_top=not story)
            else:
                pieces.append(whole)
            story = story or kind is None
            spaced = False
        at += len(line) + 1
    return pieces


def _may_be_glued(text: str) -> bool:
    """Tell by a fast look whether something may be glued to the start or end, as to few lines."""
    patterns = _patterns()
    has_word = patterns.credit_words.search(text, max(0, len(text) - _CREDIT_WITHIN))
    return has_word is not None or text.startswith(patterns.prefixes)


def _take_apart(line: Piece, title: str | None, *, at_top: bool) -> Iterator[Piece]:
    """Give the parts glued on one line of the story."""
    if at_top:
        *before, line = _take_apart_top(line, title)
        yield from before
    if not _may_be_glued(line.text):
        yield line
        return
    patterns = _patterns()
    for prefix in patterns.prefixes:
        if line.text.startswith(prefix):
            yield Piece(line.start, prefix[:-1], Kind.WIDGET, line.spaced)
            line = _rest(line, len(prefix) - 1)
    near_end = max(1, len(line.text) - _CREDIT_WITHIN)
    for tail in patterns.credit.finditer(line.text, near_end):
        if kind_of_line(line.text[tail.end() :]) is Kind.CREDIT:
            caption = line.text[: tail.start()].rstrip()
            yield Piece(line.start, caption, None, line.spaced, has_credit=True)
            yield Piece(line.start + tail.end(), line.text[tail.end() :], Kind.CREDIT)
            return
    yield line


def _take_apart_top(line: Piece, title: str | None) -> Iterator[Piece]:
    """Give date and section, title, and lead when they stand on the first line of a story."""
    prefix = leading_date(line.text)
    if prefix:
        yield Piece(line.start, line.text[:prefix].rstrip(" |:–-"), Kind.META, line.spaced)
        line = _rest(line, prefix)
    start, end = _place_of_title(line.text, title)
    if start:
        yield Piece(line.start, line.text[:start].rstrip(), Kind.META, line.spaced)
    if end < len(line.text):
        yield Piece(line.start + start, line.text[start:end].rstrip(), Kind.TITLE, line.spaced)
        line = _rest(line, end)
    yield line


def _place_of_title(line: str, title: str | None) -> tuple[int, int]:
    """Return start and end of a title glued before a lead; (0, length) if there is none."""
    none = 0, len(line)
    known = (title or "").strip()
    if len(known.split()) in _GLUED_TITLE_WORDS:
        start = line.find(known, 0, _GLUED_TITLE_WITHIN + len(known))
        if start >= 0:
            end = start + len(known)
            rest = line[end:].lstrip(" .|:")
            alone = not line[:start].rstrip() or line[:start].endswith((" ", "|"))
            starts = rest[:1].isupper() or rest[:1] in {"(", '"', "“"} or rest[:1].isdecimal()
            return (start, len(line) - len(rest)) if rest and starts and alone else none
    agency = _patterns().agency.search(line, 1, 4 * _GLUED_TITLE_WITHIN)
    if agency is None or not line[agency.end() : agency.end() + 1].strip():
        return none
    before = line[: agency.start()].rstrip()
    if len(before.split()) not in _GLUED_TITLE_WORDS or before[-1:] in {".", ",", ";"}:
        return none
    return 0, agency.start()


def _rest(line: Piece, length: int) -> Piece:
    """Return the line without its first `length` code points and the blanks behind them."""
    rest = line.text[length:].lstrip()
    return Piece(line.end - len(rest), rest)
