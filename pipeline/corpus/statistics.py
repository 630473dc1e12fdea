"""Counts of a labelled corpus: what the dataset card tells and the checks ask for."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.orthography import fold
from pipeline.records import NONE, PILLARS, Kind, Status

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.corpus.articles import CorpusArticle, LabelledUnit

_DIGIT = re.compile(r"\d")
_PILLAR_TERM = re.compile(
    r"(?<!\w)(?:chuyển đổi số|kinh tế|xã hội|chính quyền|chính phủ|hạ tầng|an ninh"
    r"|an toàn thông tin|công nghệ|ngân hàng|doanh nghiệp số|bảo hiểm xã hội|trực tuyến|điện tử"
    r"|dữ liệu|số hóa"
    r"|dịch vụ công|viễn thông|internet|thông minh|trí tuệ nhân tạo|thanh toán|ứng dụng|nền tảng"
    r"|mạng|bảo mật|điện thoại|camera|vneid|ai|4\.0|5g|phần mềm)(?!\w)"
)
"""Words of the pillars that prove nothing by themselves (guideline 2.1, look-alikes)."""


@dataclass(frozen=True, slots=True)
class Statistics:
    """Counts of articles, sentences and number entries, by what a reader asks for."""

    articles: int
    sentences: int
    by_pillar: Counter[str]
    by_genre: Counter[str]
    by_year: Counter[str]
    by_style: Counter[str]
    by_kind: Counter[str]
    by_pillar_genre: Counter[tuple[str, str]]
    targets: int
    results: int
    bare_numbers: int
    """Sentences with a digit and no entry, furniture left out."""
    titles_and_leads: int
    hard_negatives: int
    """Sentences without a pillar that hold a term of the four pillars, or were written as such."""


def count(articles: Sequence[CorpusArticle]) -> Statistics:
    """Count a corpus."""
    units = [(article, unit) for article in articles for unit in article.sentences]
    entries = Counter(entry.status for _, unit in units for entry in unit.targets)
    kinds = Counter(unit.kind.value for _, unit in units)
    return Statistics(
        articles=len(articles),
        sentences=len(units),
        by_pillar=Counter(name for _, unit in units for name in _labels(unit)),
        by_genre=Counter(article.genre for article, _ in units),
        by_year=Counter((article.published or "?")[:4] for article, _ in units),
        by_style=Counter(article.source_style for article, _ in units),
        by_kind=kinds,
        by_pillar_genre=Counter(
            (name, article.genre) for article, unit in units for name in _labels(unit)
        ),
        targets=entries[Status.TARGET],
        results=entries[Status.RESULT],
        bare_numbers=sum(_is_bare_number(article, unit) for article, unit in units),
        titles_and_leads=kinds[Kind.TITLE.value] + kinds[Kind.LEAD.value],
        hard_negatives=sum(_is_hard_negative(article, unit) for article, unit in units),
    )


def _labels(unit: LabelledUnit) -> list[str]:
    return [pillar.value for pillar in unit.pillars] or [NONE]


def _is_hard_negative(article: CorpusArticle, unit: LabelledUnit) -> bool:
    if unit.pillars or unit.kind.is_furniture:
        return False
    return article.hard or _PILLAR_TERM.search(fold(article.sentence_text(unit))) is not None


def _is_bare_number(article: CorpusArticle, unit: LabelledUnit) -> bool:
    has_digit = _DIGIT.search(article.sentence_text(unit)) is not None
    return has_digit and not unit.targets and not unit.kind.is_furniture


def as_rows(statistics: Statistics) -> list[tuple[str, int]]:
    """Return the headline counts as rows of a table."""
    return [
        ("articles and ledes", statistics.articles),
        ("sentences", statistics.sentences),
        *((f"sentences that carry {p.value}", statistics.by_pillar[p.value]) for p in PILLARS),
        ("sentences without a pillar", statistics.by_pillar[NONE]),
        ("titles and ledes", statistics.titles_and_leads),
        ("hard negatives", statistics.hard_negatives),
        ("target entries", statistics.targets),
        ("result entries", statistics.results),
        ("sentences with numbers that are neither", statistics.bare_numbers),
    ]
