"""Runs and corpora to export: small, with every kind of label and some nasty texts."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from pipeline.corpus.articles import CorpusArticle, LabelledUnit, write_articles
from pipeline.records import Comparator, Kind, LabelledArticle, Pillar, Status, Target
from tests import small_runs
from tests.small_runs import article, entry, sentence

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

MODEL_ID = "pillars-0123456789ab"

_G, _E, _S, _I = Pillar

_ROWS: list[tuple[str, Kind, tuple[Pillar, ...], list[tuple[str, str, Status]]]] = [
    ("Huyện Mẫu Sơn đẩy nhanh số hóa hồ sơ", Kind.TITLE, (_G,), []),
    (
        "Đến năm 2027, ít nhất 85% hồ sơ được nộp trực tuyến, 60% người dân có tài khoản.",
        Kind.LEAD,
        (_G, _S),
        [("ít nhất 85%", "85", Status.TARGET), ("60%", "60", Status.TARGET)],
    ),
    ("=SUM(A1:A9) là công thức mà cán bộ ghi nhầm vào cổng dịch vụ công.", Kind.BODY, (_G,), []),
    (
        "- Phủ sóng 5G tới 1.200 thôn 😀 trước quý 3.",
        Kind.BODY,
        (_I,),
        [("1.200 thôn", "1200", Status.TARGET)],
    ),
    ("Trời hôm nay nhiều mây; bà con phơi lúa.", Kind.BODY, (), []),
    (
        "@Doanh nghiệp bán hàng qua sàn, doanh thu đạt 11,5 tỷ đồng.",
        Kind.BODY,
        (_E,),
        [("11,5 tỷ đồng", "11500000000", Status.RESULT)],
    ),
]


def labelled_article(
    number: int,
    *,
    published: str | None = "2025-03-14",
    province: str | None = "Lào Cai",
    source: str | None = "Báo Mẫu",
) -> LabelledArticle:
    """Return an article as a run labels it; the number makes texts and scores differ."""
    lines = []
    for index, (line, kind, pillars, entries) in enumerate(_ROWS):
        said = line if kind is Kind.TITLE else f"{line[:-1]} ({number})."
        low = 0.01 * (number % 7)
        scores = [0.9 - low if pillar in pillars else 0.05 + low for pillar in Pillar]
        lines.append(
            sentence(
                said,
                *(_target(said, *given) for given in entries),
                pillars=pillars,
                kind=kind,
                scores=(scores[0], scores[1], scores[2], scores[3]),
                abstained=index == 4,
            )
        )
    return article(
        f"bai-{number:03d}",
        *lines,
        title=_ROWS[0][0],
        url=f"https://bao.example/{number}",
        path=f"tin/{number}.html",
        source=source,
        published=published,
        province=province,
        riders=(("tag", "=1+1"),),
        glued={2},
    )


def _target(text: str, surface: str, value: str, status: Status) -> Target:
    return entry(
        text,
        surface,
        status=status,
        value=Decimal(value),
        comparator=Comparator.AT_LEAST if "ít nhất" in surface else Comparator.EQUAL,
        unit="%" if "%" in surface else surface.split(" ", 1)[1],
        rule="aim_year",
        deadline="2027" if status is Status.TARGET else None,
        indicator="- Tỷ lệ hồ sơ; nộp trực tuyến",
        scope=("cấp xã", "vùng cao; biên giới"),
        freq_per_year=Decimal("0.5"),
        met=True,
    )


def write_run(run: Path, articles: Sequence[LabelledArticle]) -> Path:
    """Write a run in several parts."""
    return small_runs.write_run(run, articles, part_size=2, model_id=MODEL_ID)


def as_corpus(labelled: LabelledArticle) -> CorpusArticle:
    """Return the same labels as people would have given them."""
    units = tuple(
        LabelledUnit(
            s.sentence.start,
            s.sentence.end,
            s.sentence.kind,
            s.prediction.pillars,
            s.prediction.primary,
            s.targets,
        )
        for s in labelled.sentences
    )
    return CorpusArticle(
        id=labelled.article.id,
        title=labelled.article.title,
        published=labelled.article.published,
        genre="plan",
        source_style="portal",
        text=labelled.article.text,
        sentences=units,
        annotators=("lan",),
    )


def write_corpus(file: Path, articles: Sequence[CorpusArticle]) -> Path:
    """Write a labelled corpus of one file."""
    write_articles(articles, file)
    return file


def blanked(labelled: CorpusArticle) -> CorpusArticle:
    """Return the article without pillars; the entries stay, for their ids."""
    units = tuple(replace(unit, pillars=(), primary=None) for unit in labelled.sentences)
    return replace(labelled, sentences=units)
