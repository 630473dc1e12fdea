"""The plain-text form in which people write and label articles.

    ## plan | style=provincial_portal | published=2024-02-19 | topic=provincial plan
    T g  | Sở Nội vụ chốt chỉ tiêu văn bản điện tử

    L g  | Sở Nội vụ phấn đấu đến hết năm 2026 ít nhất 85% văn bản đi là bản điện tử.
    > ít nhất 85% | 85 | >= | % | 2026 | t | Tỷ lệ văn bản đi là bản điện tử | pillar=g
    B -  | Lãnh đạo sở nhắc các phòng phối hợp chặt chẽ.

`##` opens an article: genre, then `key=value` fields. A sentence line is `KIND PILLARS | text`
with the pillars' first letters, primary first, or `-`. A blank line ends a paragraph; sentences
of a paragraph are joined by a blank, kinds other than lead and body stand on their own line. A
line with `>` labels a number of the sentence above it: surface, value (`60..70` for a range),
comparator (`change-(>=)` for a bound), unit, deadline, `t` or `r`, indicator, then further slots of
`records.Target` as `key=value` between semicolons, numbers with a point (`met=yes; out_of=11.5`).
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from pipeline.corpus.articles import ANNOTATED, CorpusArticle, LabelledUnit
from pipeline.errors import CorpusError
from pipeline.records import PILLARS, Comparator, Kind, Pillar, Status, Target

if TYPE_CHECKING:
    from pathlib import Path

KIND_LETTERS = {
    "T": Kind.TITLE,
    "L": Kind.LEAD,
    "B": Kind.BODY,
    "I": Kind.BODY,
    "H": Kind.HEADING,
    "C": Kind.CAPTION,
    "D": Kind.CAPTION_DUPLICATE,
    "K": Kind.CREDIT,
    "Y": Kind.BYLINE,
    "M": Kind.META,
    "W": Kind.WIDGET,
    "S": Kind.SOURCE,
}
"""`I` is one line of a list: body text that stands on its own line."""

PILLAR_LETTERS = {pillar[0]: pillar for pillar in PILLARS}

_SENTENCE = re.compile(r"([A-Z]) +([gesi]{1,4}|-) *\| *(.+)")
_FLOWING = frozenset("LB")
_LEAST_FIELDS = 7
_MET = {"yes": True, "no": False}
_SLOTS = frozenset(
    {
        "as_of",
        "baseline_value",
        "deadline_source",
        "exclusion",
        "freq_per_year",
        "indicator_id",
        "met",
        "out_of",
        "period",
        "pillar",
        "place",
        "scope",
    }
)


@dataclass
class _Draft:
    genre: str
    fields: dict[str, str]
    text: str = ""
    paragraph_open: bool = False
    after_flowing: bool = False
    title: str | None = None
    units: list[LabelledUnit] = field(default_factory=list)


def read_drafts(path: Path, annotators: tuple[str, ...] = ()) -> list[CorpusArticle]:
    """Read the articles of one draft file.

    Raises:
        CorpusError: The file cannot be read, or a line does not follow the form (names the line).
    """
    drafts: list[_Draft] = []
    try:
        lines = unicodedata.normalize("NFC", path.read_text(encoding="utf-8-sig")).split("\n")
    except (OSError, UnicodeDecodeError) as error:
        message = f"The draft {path} cannot be read: {error}. Give a text file in UTF-8."
        raise CorpusError(message) from error
    for number, line in enumerate(lines, 1):
        try:
            _read_line(line.rstrip(), drafts)
        except (ValueError, InvalidOperation) as error:
            message = f"{path}, line {number}: {error}. Correct the draft."
            raise CorpusError(message) from error
    return [_finish(draft, annotators) for draft in drafts if draft.units]


def _read_line(line: str, drafts: list[_Draft]) -> None:
    if line.startswith("## "):
        drafts.append(_head(line[3:]))
    elif not line:
        if drafts:
            drafts[-1].paragraph_open = False
    elif not drafts:
        message = "an article begins with a line ## genre | key=value"
        raise ValueError(message)
    elif line.startswith(">"):
        draft = drafts[-1]
        if not draft.units:
            message = "a number line has no sentence above it"
            raise ValueError(message)
        draft.units[-1] = _with_entry(draft, line[1:])
    else:
        _add_sentence(drafts[-1], line)


def _head(line: str) -> _Draft:
    genre, *fields = (part.strip() for part in line.split("|"))
    pairs = [part.partition("=") for part in fields]
    if not all(equals for _, equals, _ in pairs):
        message = f"not a field key=value: {line[:60]!r}"
        raise ValueError(message)
    return _Draft(genre, {key: value for key, _, value in pairs})


def _add_sentence(draft: _Draft, line: str) -> None:
    match = _SENTENCE.fullmatch(line)
    if match is None or match[1] not in KIND_LETTERS:
        message = f"not a sentence line: {line[:60]!r}"
        raise ValueError(message)
    letter, pillars, text = match[1], match[2], match[3].strip()
    flowing = letter in _FLOWING
    if draft.text:
        if not draft.paragraph_open:
            draft.text += "\n\n"
        else:
            draft.text += " " if flowing and draft.after_flowing else "\n"
    start = len(draft.text)
    draft.text += text
    draft.paragraph_open, draft.after_flowing = True, flowing
    if letter == "T" and draft.title is None:
        draft.title = text
    labels = [PILLAR_LETTERS[p] for p in pillars if p != "-"]
    draft.units.append(
        LabelledUnit(
            start=start,
            end=len(draft.text),
            kind=KIND_LETTERS[letter],
            pillars=tuple(p for p in PILLARS if p in labels),
            primary=labels[0] if labels else None,
        )
    )


def _with_entry(draft: _Draft, line: str) -> LabelledUnit:
    unit = draft.units[-1]
    fields = [part.strip() for part in line.split("|")]
    if len(fields) < _LEAST_FIELDS:
        message = f"a number line needs {_LEAST_FIELDS} fields, this has {len(fields)}"
        raise ValueError(message)
    surface, value, comparator, unit_name, deadline, status, indicator = fields[:_LEAST_FIELDS]
    more = _more_fields(fields[_LEAST_FIELDS:])
    sentence = draft.text[unit.start : unit.end]
    after = unit.targets[-1].end if unit.targets else 0
    start = sentence.find(surface, after)
    if start < 0:
        start = sentence.find(surface)
    if start < 0:
        message = f"the surface {surface!r} is not in its sentence"
        raise ValueError(message)
    if status not in ("t", "r"):
        message = f"the sixth field is t (target) or r (result), not {status!r}"
        raise ValueError(message)
    low, _, high = value.partition("..")
    sign, _, bound = comparator.rstrip(")").partition("(")
    is_target = status == "t"
    entry = Target(
        start=start,
        end=start + len(surface),
        surface=surface,
        value=Decimal(low),
        value_max=Decimal(high) if high else None,
        comparator=Comparator(sign),
        bound=Comparator(bound) if bound else None,
        unit=unit_name,
        status=Status.TARGET if is_target else Status.RESULT,
        rule=ANNOTATED,
        deadline=deadline if is_target and deadline != "-" else None,
        deadline_source=more.get("deadline_source"),
        period=more.get("period"),
        indicator=indicator,
        indicator_id=more.get("indicator_id"),
        pillar=_pillar(more.get("pillar")),
        scope=tuple(s.strip() for s in more.get("scope", "").split(",") if s.strip()),
        exclusion=more.get("exclusion"),
        place=more.get("place"),
        baseline_value=_number(more.get("baseline_value")),
        freq_per_year=_number(more.get("freq_per_year")),
        out_of=_number(more.get("out_of")),
        met=_met(more.get("met")),
        as_of=more.get("as_of"),
    )
    entries = tuple(sorted((*unit.targets, entry), key=lambda e: e.start))
    return LabelledUnit(unit.start, unit.end, unit.kind, unit.pillars, unit.primary, entries)


def _more_fields(fields: list[str]) -> dict[str, str]:
    parts = [part.partition("=") for text in fields for part in text.split(";") if part.strip()]
    found = {key.strip(): value.strip() for key, _, value in parts}
    unknown = sorted(set(found) - _SLOTS)
    if unknown:
        message = f"unknown slot {unknown[0]!r}: use one of {', '.join(sorted(_SLOTS))}"
        raise ValueError(message)
    return found


def _number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _met(word: str | None) -> bool | None:
    if word is not None and word not in _MET:
        message = f"met is yes or no, not {word!r}"
        raise ValueError(message)
    return None if word is None else _MET[word]


def _pillar(letters: str | None) -> Pillar | None:
    if letters is None or letters == "-":
        return None
    if letters[:1] not in PILLAR_LETTERS:
        message = f"unknown pillar {letters!r}"
        raise ValueError(message)
    return PILLAR_LETTERS[letters[0]]


def _finish(draft: _Draft, annotators: tuple[str, ...]) -> CorpusArticle:
    digest = hashlib.sha256(draft.text.encode()).hexdigest()[:12]
    return CorpusArticle(
        id=f"{draft.genre}-{digest}",
        title=draft.title,
        published=draft.fields.get("published"),
        genre=draft.genre,
        source_style=draft.fields.get("style", ""),
        topic=draft.fields.get("topic", ""),
        text=draft.text,
        sentences=tuple(draft.units),
        hard=draft.fields.get("hard") == "1",
        annotators=annotators,
    )
