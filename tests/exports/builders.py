"""Runs and corpora to export: small, with every kind of label and some nasty texts."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

import pyarrow.parquet as pq

from pipeline import tables
from pipeline.corpus.articles import CorpusArticle, LabelledUnit, write_articles
from pipeline.records import (
    Article,
    Block,
    Comparator,
    Kind,
    LabelledArticle,
    LabelledSentence,
    Pillar,
    Prediction,
    Sentence,
    Status,
    Target,
)

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
    text, sentences = "", []
    for index, (line, kind, pillars, entries) in enumerate(_ROWS):
        said = line if kind is Kind.TITLE else f"{line[:-1]} ({number})."
        text += "" if not text else " " if index == 2 else "\n\n"
        start = len(text)
        text += said
        sentence = Sentence(index, start, len(text), said, kind, index)
        low = 0.01 * (number % 7)
        scores = tuple(0.9 - low if p in pillars else 0.05 + low for p in Pillar)
        prediction = Prediction(
            pillars,
            pillars[0] if pillars else None,
            (scores[0], scores[1], scores[2], scores[3]),
            abstained=index == 4,
        )
        targets = tuple(_target(said, *entry) for entry in entries)
        sentences.append(LabelledSentence(sentence, prediction, targets))
    article = Article(
        id=f"bai-{number:03d}",
        path=f"tin/{number}.html",
        text=text,
        blocks=tuple(Block(s.sentence.start, s.sentence.end, s.sentence.kind) for s in sentences),
        url=f"https://bao.example/{number}",
        source=source,
        title=_ROWS[0][0],
        published=published,
        riders=(("tag", "=1+1"),),
    )
    return LabelledArticle(article, tuple(sentences), province=province)


def _target(text: str, surface: str, value: str, status: Status) -> Target:
    start = text.index(surface)
    return Target(
        start=start,
        end=start + len(surface),
        surface=surface,
        value=Decimal(value),
        comparator=Comparator.AT_LEAST if "ít nhất" in surface else Comparator.EQUAL,
        unit="%" if "%" in surface else surface.split(" ", 1)[1],
        status=status,
        rule="aim_year",
        deadline="2027" if status is Status.TARGET else None,
        indicator="- Tỷ lệ hồ sơ; nộp trực tuyến",
        scope=("cấp xã", "vùng cao; biên giới"),
        pillar=Pillar.GOVERNMENT,
        freq_per_year=Decimal("0.5"),
        met=True,
    )


def write_run(run: Path, articles: Sequence[LabelledArticle], part_size: int = 2) -> Path:
    """Write a run as `trucot classify` does, in parts of so many articles."""
    makers = {
        "articles": tables.article_table,
        "sentences": tables.sentence_table,
        "targets": tables.target_table,
    }
    for name, make in makers.items():
        (run / f"{name}.parquet").mkdir(parents=True, exist_ok=True)
        for at in range(0, max(len(articles), 1), part_size):
            file = run / f"{name}.parquet" / f"part-{at:05d}-abc.parquet"
            pq.write_table(make(articles[at : at + part_size]), file)
    manifest = {"settings": {"model_id": MODEL_ID}, "about": {}, "counts": {}, "rejects": {}}
    (run / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    return run


def as_corpus(article: LabelledArticle) -> CorpusArticle:
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
        for s in article.sentences
    )
    return CorpusArticle(
        id=article.article.id,
        title=article.article.title,
        published=article.article.published,
        genre="plan",
        source_style="portal",
        text=article.article.text,
        sentences=units,
        annotators=("lan",),
    )


def write_corpus(file: Path, articles: Sequence[CorpusArticle]) -> Path:
    """Write a labelled corpus of one file."""
    write_articles(articles, file)
    return file


def blanked(article: CorpusArticle) -> CorpusArticle:
    """Return the article without pillars; the entries stay, for their ids."""
    units = tuple(replace(unit, pillars=(), primary=None) for unit in article.sentences)
    return replace(article, sentences=units)
