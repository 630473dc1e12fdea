"""Read inputs in tests."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.ingest import Limits, loads, read_article
from pipeline.records import RawArticle, Reject

if TYPE_CHECKING:
    from pathlib import Path

TEXT = "Xã Na Ư phấn đấu 90% hộ dân có Internet vào năm 2026."
PAGE = f"""<html><head><title>Xã Na Ư lên mạng</title></head><body><h1>Xã Na Ư lên mạng</h1>
<article><p>{TEXT}</p><p>Sáng nay, các thôn bàn cách làm trong mùa mưa tới, từ bản gần đến bản xa,
để bà con buôn bán thuận tiện và con em học hành được qua mạng.</p></article></body></html>"""


def read(
    *inputs: Path | str, columns: dict[str, str] | None = None, limits: Limits | None = None
) -> tuple[list[RawArticle], list[Reject]]:
    """Return the articles and the rejects of inputs."""
    bounds = limits or Limits()
    done = [read_article(load, bounds) for load in loads([str(i) for i in inputs], columns, bounds)]
    articles = [item for item in done if isinstance(item, RawArticle)]
    return articles, [item for item in done if isinstance(item, Reject)]


def reasons(rejects: list[Reject]) -> list[str]:
    """Return why, in order."""
    return [reject.reason for reject in rejects]
