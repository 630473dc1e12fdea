"""What each piece is on its page: title, lead, caption, byline, copy... (guideline 6.1).

`assign_roles` is the list of steps; each step looks at pieces whose kind nobody knows yet and
decides those it is sure of. Their order matters: copies are known before bylines are looked for at
the end of a story, and what nobody wanted is body text.
"""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise
from typing import TYPE_CHECKING

from pipeline.clean.furniture import is_list_item, is_picture, is_section_name
from pipeline.clean.names import has_date, is_byline, is_certain_byline, is_office
from pipeline.clean.pieces import (
    Piece,
    ends_sentence,
    key,
    start_of_key,
    starts_with_agency,
)
from pipeline.orthography import strip_accents
from pipeline.records import Kind

if TYPE_CHECKING:
    from collections.abc import Sequence

_MARKED = re.compile("[ăâđêôơưĂÂĐÊÔƠƯà-ãè-ìíò-õùúýÀ-ÃÈ-ÌÍÒ-ÕÙÚÝĩũĨŨạ-ỹẠ-Ỹ]")
_CAPTION_CREDIT = re.compile(r"[(\[](?:Ảnh|ảnh|ẢNH)[ :][^()\[\]]{1,60}[)\]]\.?")
_BRACKET_ENDS = (")", "]", ").", "].")
_NO_TITLE_ENDS = frozenset(":;,…")
_NO_HEADING_ENDS = frozenset(".;,!…")
_NUMBERED = re.compile(r"(?:\d{1,2}(?:\.\d{1,2}){0,3}|[IVX]{1,5}|[A-Da-hđ])[.)/]\s")
_VALUE = re.compile(r"\d\s?%|:\s*\S.*\d")
_WORD = re.compile(r"[^\W\d_]+")
_UNACCENTED_WORDS = 10
_KNOWN_SHARE = 0.7
_COPY_WORDS = 4
_FAR_COPY_WORDS = 8
_PAIR_WITHIN = 4
_MOST_COMMAS = 2
_EDGE_LENGTH = 20
_TITLE_WORDS = range(4, 36)
_HEADING_WORDS = 16
_LEAD_IN_WORDS = 10
_STORY_WORDS = 8
_CAPTION_WORDS = 60
_LONG_CAPTION_WORDS = 30
_NOTE_WORDS = 12
_TEASERS = 3


def assign_roles(pages: Sequence[list[Piece]], titles: Sequence[str | None]) -> None:
    """Give every piece of some pages its kind, in place.

    Each step is taken for all pages before the next, so that its code stays at hand.

    >>> page = [Piece(0, "Xã An Minh mở lớp số"), Piece(30, "Sáng 3/4, xã An Minh mở lớp học số.")]
    >>> page += [Piece(70, "Lớp có 40 học viên từ 5 thôn.", spaced=True), Piece(100, "KIM CHI")]
    >>> assign_roles([page], [None])
    >>> [str(piece.kind) for piece in page]
    ['title', 'lead', 'body', 'byline']
    """
    for step in (_mark_unaccented, _mark_top):
        for pieces in pages:
            step(pieces)
    for pieces, title in zip(pages, titles, strict=True):
        _mark_title(pieces, title)
    for step in (_mark_copies, _mark_captions, _mark_end, _mark_headings, _mark_lead_and_body):
        for pieces in pages:
            step(pieces)


def _mark_unaccented(pieces: list[Piece]) -> None:
    """Copies for search engines: no Vietnamese letter in many words that the page says with them.

    A list of foreign names has no such letters either, but is no copy.
    """
    plain = [p for p in pieces if p.kind is None and not _MARKED.search(p.text)]
    if not plain:
        return
    accented = [p for p in pieces if p.kind is None and _MARKED.search(p.text)]
    if sum(len(p.text) for p in accented) <= sum(len(p.text) for p in plain):
        return
    titles: set[str] = set()
    spoken: set[str] = set()
    for piece in plain:
        words = _WORD.findall(piece.text)
        if len(words) < _COPY_WORDS:
            continue
        titles = titles or {key(strip_accents(p.text)) for p in accented[:3]}
        if key(piece.text) in titles:
            piece.kind = Kind.UNACCENTED_DUPLICATE
        elif len(words) > _UNACCENTED_WORDS and sum(map(str.islower, words)) * 2 > len(words):
            spoken = spoken or _words_without_accents(accented)
            if sum(word.lower() in spoken for word in words) >= len(words) * _KNOWN_SHARE:
                piece.kind = Kind.UNACCENTED_DUPLICATE


def _words_without_accents(pieces: list[Piece]) -> set[str]:
    """Return the words of the pieces, in small letters and without accents."""
    return set(_WORD.findall(strip_accents(" ".join(p.text for p in pieces).lower())))


def _mark_top(pieces: list[Piece]) -> None:
    """Bylines with a date, and section names, notes and bylines above the story."""
    for piece in pieces:
        if piece.kind is None and has_date(piece.text) and is_byline(piece.text):
            piece.kind = Kind.BYLINE
    for number, piece in enumerate(pieces):
        if piece.kind is not None:
            continue
        if is_section_name(piece.text) or _is_note(piece.text):
            piece.kind = Kind.META
        elif number and is_byline(piece.text):
            piece.kind = Kind.BYLINE
        elif ends_sentence(piece.text) or _below_title(pieces, number):
            return


def _below_title(pieces: list[Piece], number: int) -> bool:
    """True if a line of the story stands above this one."""
    return any(p.kind is None for p in pieces[:number])


def _is_note(text: str) -> bool:
    """True for a short line that is one bracket, such as the name of the column."""
    inside = text[:1] == "(" and text[-1:] == ")" and ")" not in text[1:-1]
    return inside and len(text.split()) <= _NOTE_WORDS


def _mark_title(pieces: list[Piece], title: str | None) -> None:
    """The line equal to the known title, or the first line if it looks like one."""
    if any(piece.kind is Kind.TITLE for piece in pieces):
        return
    known = key(title) if title else ""
    for piece in pieces if known else ():
        close = abs(len(piece.text) - len(known)) <= _EDGE_LENGTH
        if close and piece.kind is None and key(piece.text) == known:
            piece.kind = Kind.TITLE
            return
    story = [number for number, piece in enumerate(pieces) if piece.kind is None]
    if len(story) > 1 and _looks_like_title(pieces, story[0], known):
        pieces[story[0]].kind = Kind.TITLE


def _looks_like_title(pieces: list[Piece], number: int, known: str) -> bool:
    """True for a line of some words without an end mark, or between dates and counters."""
    piece, below = pieces[number], pieces[number + 1]
    last = piece.text.rstrip("\"'”’ ")[-1:]
    between = below.kind in {Kind.META, Kind.BYLINE} and ". " not in piece.text
    if last in _NO_TITLE_ENDS or (last == "." and not between):
        return False
    words = key(piece.text).split()
    if len(words) not in _TITLE_WORDS or is_list_item(piece.text) or piece.has_credit:
        return False
    if known and len(set(words) & set(known.split())) * 2 < len(set(words)):
        return False
    return last == "." or not _CAPTION_CREDIT.search(piece.text)


def _mark_copies(pieces: list[Piece]) -> None:
    """Captions that stand twice in a row, and title or lead repeated."""
    first: dict[str, int] = {}
    known = [n for n, piece in enumerate(pieces) if piece.kind is None or piece.kind is Kind.TITLE]
    starts = [start_of_key(pieces[number].text) for number in known]
    if len(set(starts)) == len(starts):
        return  # no two begin alike
    often = Counter(starts)
    for number, start in zip(known, starts, strict=True):
        if often[start] == 1:
            continue
        piece = pieces[number]
        name = key(piece.text)
        if name.count(" ") < _COPY_WORDS - 1 or name not in first:
            first.setdefault(name, number)
            continue
        earlier = pieces[first[name]]
        if earlier.kind is None and _is_caption_pair(pieces, first[name], number):
            earlier.kind = Kind.CAPTION
        if earlier.kind in {Kind.CAPTION, Kind.CAPTION_DUPLICATE}:
            piece.kind = Kind.CAPTION_DUPLICATE
        elif earlier.kind is Kind.TITLE or _is_far_copy(piece, name):
            piece.kind = Kind.DUPLICATE


def _is_far_copy(piece: Piece, name: str) -> bool:
    """True for a repeated sentence or paragraph, false for a value or item said twice."""
    whole = name.count(" ") >= _FAR_COPY_WORDS - 1 and ends_sentence(piece.text)
    return whole and not is_list_item(piece.text)


def _is_caption_pair(pieces: list[Piece], first: int, second: int) -> bool:
    """True for two equal lines with at most furniture between them, too short for a lead."""
    if second - first > _PAIR_WITHIN:
        return False
    between = all(piece.kind is not None for piece in pieces[first + 1 : second])
    short = len(pieces[first].text.split()) <= _LONG_CAPTION_WORDS
    return between and (short or pieces[second].has_credit)


def _mark_captions(pieces: list[Piece]) -> None:
    """Lines of a sentence or two below a picture, or with its credit in or behind them."""
    above = None
    for piece in pieces:
        if piece.kind is None and _is_caption(piece, above):
            piece.kind = Kind.CAPTION
        above = piece


def _is_caption(piece: Piece, above: Piece | None) -> bool:
    """True for a short line with a credit, or a sentence right below a picture."""
    text = piece.text
    below_picture = above is not None and above.kind is Kind.WIDGET and is_picture(above.text)
    in_brackets = text.endswith(_BRACKET_ENDS)
    if not (below_picture or in_brackets or piece.has_credit):
        return False  # as most lines
    words = text.count(" ") + 1
    if words > _CAPTION_WORDS:
        return False
    if below_picture and words <= _LONG_CAPTION_WORDS and not starts_with_agency(text):
        return ". " not in text
    match = _CAPTION_CREDIT.search(text) if in_brackets else None
    inside = match is not None and match.end() == len(text)
    return inside or (piece.has_credit and text.count(". ") <= 1)


def _mark_end(pieces: list[Piece]) -> None:
    """The byline below the story and, below it, paragraphs of other articles or a late lead."""
    story = [number for number, piece in enumerate(pieces) if piece.kind is None]
    for back in range(min(_TEASERS + 1, len(story) - 1)):
        at = len(story) - 1 - back
        number = story[at]
        if back == 0 and _mark_byline_and_office(pieces, story):
            return
        if back and _ends_story(pieces, number):
            pieces[number].kind = Kind.BYLINE
            lead = False
            for below in story[at + 1 :]:
                lead = lead or starts_with_agency(pieces[below].text)
                pieces[below].kind = Kind.LEAD if lead else _kind_below_byline(pieces[below].text)
            return


def _kind_below_byline(text: str) -> Kind:
    """Return what a line below the byline is: a second byline or another article."""
    return Kind.BYLINE if is_byline(text) else Kind.TEASER


def _ends_story(pieces: list[Piece], number: int) -> bool:
    """True for a byline with a paragraph of another article below it.

    Capitals alone may be a heading: then the same words often stand in the story as well.
    """
    piece = pieces[number]
    if not is_byline(piece.text) or not ends_sentence(pieces[number - 1].text):
        return False
    below = next((p for p in pieces[number + 1 :] if p.kind is None), None)
    if below is not None and starts_with_agency(below.text):
        return True
    name = key(piece.text)
    spoken = any(name in p.text for p in pieces)
    return is_certain_byline(piece.text) and not spoken


def _mark_byline_and_office(pieces: list[Piece], story: list[int]) -> bool:
    """Mark a byline, or a byline and an office, at the very end; True if there was one."""
    last = pieces[story[-1]]
    above = pieces[story[-2]]
    if is_office(last.text) and is_byline(above.text):
        last.kind = above.kind = Kind.BYLINE
        return True
    if is_byline(last.text):
        last.kind = Kind.BYLINE
        if is_certain_byline(above.text):
            above.kind = Kind.BYLINE
        return True
    if _is_note(last.text):
        last.kind = Kind.SOURCE
        return True
    return False


def _mark_headings(pieces: list[Piece]) -> None:
    """Short lines without an end mark above a paragraph or a list."""
    story = [piece for piece in pieces if piece.kind is None]
    for piece, below in pairwise(story):
        if _is_heading(piece, below):
            piece.kind = Kind.HEADING


def _is_heading(piece: Piece, below: Piece) -> bool:
    """True for a numbered line, a line that ends in a colon, or a line apart from the text."""
    text = piece.text.strip("*_ ")
    if text[-1:] in _NO_HEADING_ENDS or text.count(" ") >= _HEADING_WORDS or _VALUE.search(text):
        return False
    words = text.count(" ") + 1
    if _NUMBERED.match(text):
        return True
    if is_list_item(text) or not text[:1].isupper():
        return False
    if text.endswith(":"):
        return words <= _LEAD_IN_WORDS
    if text.count(",") > _MOST_COMMAS:
        return False
    apart = piece.spaced or below.spaced
    story_below = is_list_item(below.text) or below.text.count(" ") >= _STORY_WORDS - 1
    return apart and story_below and words > 1 and not text.endswith("?")


def _mark_lead_and_body(pieces: list[Piece]) -> None:
    """The first paragraph of the story is the lead, the rest is body."""
    lead = next((piece for piece in pieces if piece.kind is None), None)
    if lead is not None and not is_list_item(lead.text):
        lead.kind = Kind.LEAD
    for piece in pieces:
        if piece.kind is None:
            piece.kind = Kind.BODY
