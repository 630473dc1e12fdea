"""The nouns that travel between stages: frozen, slotted, with their invariants inside.

A stage takes some of these and gives others; nothing else passes between stages. Offsets are
Python code points. A record that breaks its invariant raises `ValueError` when it is made, so a
wrong span cannot reach a table.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, NoReturn

from pipeline.quick_records import quickly_made

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

    import numpy as np
    from numpy.typing import NDArray


class Pillar(StrEnum):
    """The four pillars, in the fixed order of every list and table."""

    GOVERNMENT = "government"
    ECONOMY = "economy"
    SOCIETY = "society"
    INFRASTRUCTURE = "infrastructure"


PILLARS: tuple[Pillar, ...] = tuple(Pillar)
NONE = "none"
"""What tables say in `primary` for a sentence without a pillar."""


class Kind(StrEnum):
    """What part of a page a block or sentence is (guideline 6.1)."""

    TITLE = "title"
    LEAD = "lead"
    BODY = "body"
    HEADING = "heading"
    CAPTION = "caption"
    CAPTION_DUPLICATE = "caption_duplicate"
    CREDIT = "credit"
    BYLINE = "byline"
    META = "meta"
    WIDGET = "widget"
    SOURCE = "source"
    TEASER = "teaser"
    DUPLICATE = "duplicate"
    UNACCENTED_DUPLICATE = "unaccented_duplicate"

    @property
    def is_furniture(self) -> bool:
        """True for parts that never speak of a pillar and never hold a target.

        >>> Kind.BYLINE.is_furniture, Kind.CAPTION.is_furniture
        (True, False)
        """
        return self in _FURNITURE

    @property
    def is_copy(self) -> bool:
        """True for parts that repeat another part of the same page.

        >>> Kind.DUPLICATE.is_copy
        True
        """
        return self in _COPIES


_FURNITURE = frozenset(
    {Kind.CREDIT, Kind.BYLINE, Kind.META, Kind.WIDGET, Kind.SOURCE, Kind.UNACCENTED_DUPLICATE}
)
_COPIES = frozenset({Kind.CAPTION_DUPLICATE, Kind.DUPLICATE, Kind.UNACCENTED_DUPLICATE})


class Status(StrEnum):
    """Whether a number is aimed at or already reached (guideline 3)."""

    TARGET = "target"
    RESULT = "result"


class Comparator(StrEnum):
    """How the value bounds the indicator (guideline 5.2)."""

    AT_LEAST = ">="
    MORE_THAN = ">"
    EQUAL = "="
    AT_MOST = "<="
    LESS_THAN = "<"
    RANGE = "range"
    APPROX = "approx"
    INCREASE = "change+"
    DECREASE = "change-"
    MULTIPLE = "multiple"


BOUNDS = frozenset(
    {Comparator.AT_LEAST, Comparator.MORE_THAN, Comparator.AT_MOST, Comparator.LESS_THAN}
)
"""Comparators that may also stand as the bound of a change, multiple or approximation."""


def _refuse(message: str) -> NoReturn:
    raise ValueError(message)


def _require(condition: bool, message: str) -> None:
    if not condition:
        _refuse(message)


@quickly_made
@dataclass(frozen=True, slots=True)
class RawArticle:
    """One article as an input file holds it: either `text` or `html` is set.

    `path` names the input file, `record` the place in it (0-based row, line or entry; None for a
    file that is one article). `riders` are input columns we do not know; they ride along.
    """

    path: str
    record: int | None = None
    id: str | None = None
    url: str | None = None
    source: str | None = None
    title: str | None = None
    published: str | None = None
    text: str | None = None
    html: str | None = None
    riders: tuple[tuple[str, str], ...] = ()

    def __post_init__(self) -> None:
        _require((self.text is None) != (self.html is None), "exactly one of text and html")


@quickly_made
@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of an article's text that is one part of the page: a paragraph, line or label."""

    start: int
    end: int
    kind: Kind

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end:
            _refuse(f"empty or negative block {self.start}:{self.end}")


@dataclass(frozen=True, slots=True)
class Article:
    """A cleaned article. Its text is NFC and never changes again; blocks cover what is said in it.

    `published` is an ISO date or its leading part ("2025", "2025-03", "2025-03-14"), or None.
    """

    id: str
    path: str
    text: str
    blocks: tuple[Block, ...]
    record: int | None = None
    url: str | None = None
    source: str | None = None
    title: str | None = None
    published: str | None = None
    riders: tuple[tuple[str, str], ...] = ()

    def __post_init__(self) -> None:
        end = 0
        for block in self.blocks:
            if end > block.start:
                _refuse("blocks overlap or are out of order")
            end = block.end
        _require(end <= len(self.text), "a block ends behind the text")


@quickly_made
@dataclass(frozen=True, slots=True)
class Sentence:
    """One unit of annotation: `article.text[start:end] == text`.

    `index` counts sentences of the article from 0, `block` is the position of its block in
    `article.blocks` (sentences of one paragraph share it).
    """

    index: int
    start: int
    end: int
    text: str
    kind: Kind
    block: int

    def __post_init__(self) -> None:
        if not self.end - self.start == len(self.text) > 0:
            _refuse("span and text differ in length")


@dataclass(frozen=True, slots=True)
class Document:
    """An article with its sentences, ordered and disjoint."""

    article: Article
    sentences: tuple[Sentence, ...]

    def __post_init__(self) -> None:
        text, end = self.article.text, 0
        for index, sentence in enumerate(self.sentences):
            if sentence.index != index:
                _refuse("sentence indexes must count from 0")
            if end > sentence.start:
                _refuse("sentences overlap or are out of order")
            end = sentence.end
            if text[sentence.start : end] != sentence.text:
                _refuse("a sentence differs from the article at its span")


@dataclass(frozen=True, slots=True)
class WordBatch:
    """Words of many sentences as numbers: sentence k holds `ids[offsets[k]:offsets[k + 1]]`.

    `vocabulary[i]` is the word with id i, syllables joined by "_" as underthesea writes them.
    The vocabulary of a segmenter only ever grows, so an id keeps its word for the whole process.
    Words are lossy (tone placement, blanks): they serve the classifier, never offsets.
    """

    vocabulary: Sequence[str]
    ids: NDArray[np.int32]
    offsets: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.offsets) - 1

    def words(self, sentence: int) -> list[str]:
        """Return the words of one sentence as strings."""
        span = self.ids[self.offsets[sentence] : self.offsets[sentence + 1]]
        return [self.vocabulary[i] for i in span.tolist()]


@quickly_made
@dataclass(frozen=True, slots=True)
class Prediction:
    """What the classifier says of one sentence.

    `scores` are calibrated probabilities in the order of `PILLARS`; `primary` is None (written
    "none") if and only if `pillars` is empty. `abstained` marks a label that should be reviewed.
    """

    pillars: tuple[Pillar, ...]
    primary: Pillar | None
    scores: tuple[float, float, float, float]
    abstained: bool = False

    def __post_init__(self) -> None:
        if not self.pillars and self.primary is None:
            return  # most sentences
        _require(list(self.pillars) == [p for p in PILLARS if p in self.pillars], "pillar order")
        _require((self.primary is None) == (not self.pillars), "primary none iff no pillar")
        _require(self.primary is None or self.primary in self.pillars, "primary is not a pillar")


@quickly_made
@dataclass(frozen=True, slots=True)
class Target:
    """One quantified target or result: `sentence.text[start:end] == surface` (guideline 4).

    `value` is in units of the indicator: 80 for "80%", 1200000 for "1,2 triệu". `status` is
    `target` (aimed at) or `result` (reached). `rule` names the rule that decided the status.
    """

    start: int
    end: int
    surface: str
    value: Decimal
    comparator: Comparator
    unit: str
    status: Status
    rule: str
    value_max: Decimal | None = None
    bound: Comparator | None = None
    deadline: str | None = None
    deadline_source: str | None = None
    period: str | None = None
    indicator: str | None = None
    indicator_id: str | None = None
    pillar: Pillar | None = None
    scope: tuple[str, ...] = ()
    exclusion: str | None = None
    place: str | None = None
    baseline_value: Decimal | None = None
    freq_per_year: Decimal | None = None
    out_of: Decimal | None = None
    met: bool | None = None
    as_of: str | None = None
    against_official: str | None = None

    def __post_init__(self) -> None:
        _require(self.end - self.start == len(self.surface) > 0, "span and surface differ")
        if self.bound is not None:
            _require(self.bound in BOUNDS, f"{self.bound} is not a bound")
        _require(self.status is Status.TARGET or self.deadline is None, "a result has no deadline")
        _require(
            self.comparator is not Comparator.RANGE or self.value_max is not None,
            "a range needs its upper end",
        )


@quickly_made
@dataclass(frozen=True, slots=True)
class LabelledSentence:
    """A sentence with all that is said of it."""

    sentence: Sentence
    prediction: Prediction
    targets: tuple[Target, ...] = ()

    def __post_init__(self) -> None:
        end = 0
        for target in self.targets:
            found = self.sentence.text[target.start : target.end]
            _require(found == target.surface, "a surface differs from the sentence at its span")
            _require(end <= target.start, "targets overlap or are out of order")
            end = target.end

    @property
    def has_target(self) -> bool:
        """True if and only if an entry has status `target`; results do not count."""
        return any(target.status is Status.TARGET for target in self.targets)


@dataclass(frozen=True, slots=True)
class LabelledArticle:
    """What the pipeline says of one article."""

    article: Article
    sentences: tuple[LabelledSentence, ...]
    province: str | None = None
    place: str | None = None
    duplicate_of: str | None = None


@dataclass(frozen=True, slots=True)
class Reject:
    """An input that could not be used: where it was, which stage refused it and why."""

    path: str
    record: int | None
    stage: str
    reason: str
