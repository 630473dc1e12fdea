"""Small runs: built from records, written as `trucot classify` writes them."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import TYPE_CHECKING

import pyarrow.parquet as pq

from pipeline import tables
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
    from collections.abc import Collection, Sequence
    from pathlib import Path


def entry(text: str, surface: str, *, status: Status = Status.TARGET, **slots: object) -> Target:
    """Return the entry at the first place of `surface` in `text`."""
    start = text.index(surface)
    known: dict[str, object] = {
        "value": Decimal(80),
        "comparator": Comparator.AT_LEAST,
        "unit": "%",
        "rule": "aim_marker",
        "indicator": "Tỷ lệ hồ sơ trực tuyến",
        "pillar": Pillar.GOVERNMENT,
    }
    known |= slots
    return Target(
        start=start,
        end=start + len(surface),
        surface=surface,
        status=status,
        **known,  # type: ignore[arg-type]
    )


def sentence(
    text: str,
    *targets: Target,
    pillars: tuple[Pillar, ...] = (Pillar.GOVERNMENT,),
    kind: Kind = Kind.BODY,
    scores: tuple[float, float, float, float] = (0.9, 0.1, 0.1, 0.1),
    abstained: bool = False,
) -> LabelledSentence:
    """Return a sentence that starts its text; `article` moves it to its place."""
    primary = pillars[0] if pillars else None
    return LabelledSentence(
        Sentence(0, 0, len(text), text, kind, 0),
        Prediction(pillars, primary, scores, abstained),
        targets,
    )


def article(
    article_id: str,
    *lines: LabelledSentence,
    title: str | None = "Huyện Mẫu số hóa hồ sơ",
    url: str | None = "https://bao.example/tin",
    path: str = "tin/mau.html",
    source: str | None = "Báo Mẫu",
    published: str | None = "2025-03-14",
    province: str | None = "Lào Cai",
    duplicate_of: str | None = None,
    riders: tuple[tuple[str, str], ...] = (),
    glued: Collection[int] = (),
) -> LabelledArticle:
    """Return an article of these sentences, each a paragraph but for the numbers in `glued`."""
    placed, text = [], ""
    for index, line in enumerate(lines):
        text += "" if not text else " " if index in glued else "\n\n"
        start, said = len(text), line.sentence.text
        text += said
        moved = Sentence(index, start, len(text), said, line.sentence.kind, index)
        placed.append(LabelledSentence(moved, line.prediction, line.targets))
    made = Article(
        id=article_id,
        path=path,
        text=text,
        blocks=tuple(Block(s.sentence.start, s.sentence.end, s.sentence.kind) for s in placed),
        url=url,
        source=source,
        title=title,
        published=published,
        riders=riders,
    )
    return LabelledArticle(made, tuple(placed), province=province, duplicate_of=duplicate_of)


def write_run(
    run: Path,
    articles: Sequence[LabelledArticle],
    rejects: Sequence[dict[str, object]] = (),
    part_size: int = 50,
    model_id: str = "0123456789ab",
) -> Path:
    """Write a finished run in parts of so many articles; none without articles."""
    makers = {
        "articles": tables.article_table,
        "sentences": tables.sentence_table,
        "targets": tables.target_table,
    }
    for name, make in makers.items():
        folder = run / f"{name}.parquet"
        folder.mkdir(parents=True)
        for at in range(0, len(articles), part_size):
            part = make(articles[at : at + part_size])
            pq.write_table(part, folder / f"part-{at:05d}-abc.parquet")
    lines = (json.dumps(reject, ensure_ascii=False) + "\n" for reject in rejects)
    (run / "rejects.jsonl").write_text("".join(lines), encoding="utf-8")
    manifest = {
        "settings": {"model_id": model_id},
        "about": {},
        "counts": {"rejected": len(rejects)},
        "rejects": {str(r["reason"]): 1 for r in rejects},
    }
    (run / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    return run
