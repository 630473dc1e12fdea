"""Which of a sentence's pillars comes first: rules P1–P5 of the guideline (2.3).

P1 a pillar that governs the clause by its name ("Về xã hội số, …"); P2 most quantified items; P3
most content items; P4 the pillar that the lead-in of the list or the heading names; P5 first
mentioned. Where the lexicon sees none of the tied pillars, the highest probability decides.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from typing import TYPE_CHECKING

from pipeline.classify.concepts import concepts
from pipeline.orthography import fold
from pipeline.records import PILLARS, Pillar

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pipeline.records import Document, Prediction, Sentence, Target

_GOVERNED = (
    r"(?:(?<!\w)(?:về|đối với|trong|trên|với|ở)\s+(?:\w+\s+){0,3}?"
    r"|(?<!\w)phát triển\s+|^\W*(?:\d+[.)]\s*)?)"
)
_TOKEN = re.compile(r"\w+|[^\w\s]")
_LOOK_BACK = 8
"""How many sentences back a lead-in or heading may stand."""


@cache
def _cue_patterns() -> dict[Pillar, re.Pattern[str]]:
    """Return, for each pillar, what names it at the head of a clause."""
    patterns = {}
    for pillar in PILLARS:
        names = [f for c in concepts() if c.cue and c.pillar == pillar for f in c.forms]
        body = "|".join(sorted(map(re.escape, names), key=len, reverse=True))
        patterns[pillar] = re.compile(rf"{_GOVERNED}(?:{body})(?!\w)(?=\s*[,:;]|\s*$)")
    return patterns


@cache
def _item_forms() -> dict[str, list[tuple[Pillar, str]]]:
    """Return the forms of concepts that stand in one piece, each with its pillar.

    They are listed by their first token, the longest first. An expression of three thousand forms
    would take a tenth of a second to compile, in every run.
    """
    forms = [
        (p, f)
        for p in PILLARS
        for c in concepts()
        if c.pillar == p
        for f in c.forms
        if "…" not in f
    ]
    found: dict[str, list[tuple[Pillar, str]]] = {}
    for pillar, form in sorted(forms, key=lambda item: len(item[1]), reverse=True):
        found.setdefault(_TOKEN.findall(form)[0], []).append((pillar, form))
    return found


def _item_places(folded: str, pillars: Iterable[Pillar]) -> dict[Pillar, list[int]]:
    """Return where forms of each pillar begin: whole words, from the left, none within another."""
    forms = _item_forms()
    places: dict[Pillar, list[int]] = {pillar: [] for pillar in pillars}
    ends = dict.fromkeys(places, 0)
    for token in _TOKEN.finditer(folded):
        begun = forms.get(token[0])
        if begun is None or _is_inside_word(folded, token.start()):
            continue
        start = token.start()
        for pillar, form in begun:
            after = start + len(form)
            if (
                start >= ends.get(pillar, after)
                and folded.startswith(form, start)
                and not _is_letter(folded[after : after + 1])
            ):
                places[pillar].append(start)
                ends[pillar] = after
    return places


def _is_inside_word(text: str, place: int) -> bool:
    """True for a symbol right behind a letter: a form that begins with it does not begin there."""
    return not _is_letter(text[place]) and _is_letter(text[max(0, place - 1) : place])


def _is_letter(character: str) -> bool:
    """True for what may stand in a word: letter, digit or underscore."""
    return character.isalnum() or character == "_"


@cache
def _cues() -> tuple[str, ...]:
    """Return the names of pillars, which hardly any sentence holds: a look before a search."""
    return tuple(f for c in concepts() if c.cue and c.pillar in PILLARS for f in c.forms)


def governing_pillar(text: str) -> Pillar | None:
    """Return the pillar whose name governs the first clause, if one does (P1).

    >>> governing_pillar("Về kinh tế số, 85% người lao động mở tài khoản ngân hàng.")
    <Pillar.ECONOMY: 'economy'>
    >>> governing_pillar("Kinh tế số chiếm 20% GRDP.") is None
    True
    """
    return _governing(fold(text))


def _governing(folded: str) -> Pillar | None:
    if not any(map(folded.__contains__, _cues())):
        return None
    found = [(m.start(), p) for p, pat in _cue_patterns().items() if (m := pat.search(folded))]
    return min(found)[1] if found else None


def choose_primary(
    document: Document, sentence: Sentence, prediction: Prediction, targets: Sequence[Target]
) -> Pillar | None:
    """Return the primary pillar of a sentence, or None if it has no pillar."""
    tied = list(prediction.pillars)
    if len(tied) <= 1:
        return tied[0] if tied else None
    folded = fold(sentence.text)
    governing = _governing(folded)
    if governing in tied:
        return governing
    quantified: Counter[Pillar | None] = Counter(t.pillar for t in targets if t.pillar in tied)
    tied = _most(tied, quantified)
    if len(tied) == 1:
        return tied[0]
    places = _item_places(folded, tied)
    tied = _most(tied, Counter({p: len(found) for p, found in places.items()}))
    if len(tied) > 1:
        lead = _lead_in(document, sentence)
        if lead in tied:
            return lead
    if len(tied) > 1 and any(places[p] for p in tied):
        seen = [p for p in tied if places[p]]
        return min(seen, key=lambda p: places[p][0])
    return max(tied, key=lambda p: prediction.scores[PILLARS.index(p)])


def _most(tied: Iterable[Pillar], counts: Counter[Pillar | None]) -> list[Pillar]:
    tied = list(tied)
    most = max(counts[p] for p in tied)
    return [p for p in tied if counts[p] == most]


def _lead_in(document: Document, sentence: Sentence) -> Pillar | None:
    """Return the pillar named by the nearest lead-in or heading above the sentence (P4)."""
    first = max(0, sentence.index - _LOOK_BACK)
    for earlier in reversed(document.sentences[first : sentence.index]):
        text = earlier.text.rstrip()
        if text.endswith(":") or earlier.block != sentence.block:
            found = governing_pillar(text)
            if found is not None:
                return found
    return None
