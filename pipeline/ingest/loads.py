"""Walk the inputs in a fixed order and yield what holds one article each.

A `Load` is the cheapest thing that holds one article: the bytes of a page, or a row already read
from a table. Its digest says whether two loads are the same input.
"""

from __future__ import annotations

import hashlib
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.errors import InputError, TrucotError
from pipeline.ingest import tables
from pipeline.ingest.files import Walk, printable
from pipeline.ingest.limits import Limits, megabytes
from pipeline.ingest.plain import article_id, holds_escapes, plain
from pipeline.ingest.streams import BROKEN, inner_suffix, open_stream, reason_of
from pipeline.quick_records import quickly_made
from pipeline.records import RawArticle, Reject

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from pipeline.ingest.archives import ArchivedPage

STAGE = "ingest"
STANDARD_INPUT = "-"
UNEXPECTED = "an unexpected error"
"""How the reason of a reject begins that no reader foresaw; fuzzing looks for it."""
_TEXT = frozenset({".txt", ".text"})
_HTML = frozenset({".html", ".htm", ".xhtml", ".shtml"})
_JSONL = frozenset({".jsonl", ".ndjson"})
_CSV = frozenset({".csv", ".tsv"})
_FEEDS = frozenset({".rss", ".atom", ".xml"})
_KNOWN = (*_TEXT, *_HTML, *_JSONL, *_CSV, *_FEEDS, ".parquet", ".warc", ".xlsx")
_HEAD_BYTES = 512
_DEFAULTS = Limits()


@quickly_made
@dataclass(frozen=True, slots=True)
class Load:
    """One input article, not yet decoded: either `page` (bytes) or `row`.

    `digest` is a hash of path and content, 32 hexadecimal digits; the number of a row is not part
    of it, so a row that only moves stays the same. `id` names the article: what the input gave,
    or a hash of its content (`id_is_hash`); empty for a reject.
    """

    path: str
    digest: str
    id: str = ""
    id_is_hash: bool = True
    page: bytes | None = None
    form: str = "text"
    record: int | None = None
    url: str | None = None
    row: RawArticle | Reject | None = None

    @property
    def size_bytes(self) -> int:
        """Size of the article, to balance work."""
        if self.page is not None:
            return len(self.page)
        if isinstance(self.row, RawArticle):
            return len(self.row.text or self.row.html or "")
        return 0


def loads(
    inputs: Sequence[str],
    columns: Mapping[str, str] | None = None,
    limits: Limits = _DEFAULTS,
) -> Iterator[Load]:
    """Yield the articles of files, folders, globs or `-` (JSONL on standard input).

    Files of a folder come in the order of their names, whatever the file system says.

    Args:
        inputs: What the user typed.
        columns: Our field → the user's column name, for tables.
        limits: What is too large.

    Raises:
        InputError: A path does not exist, a table has no column of text, or nothing readable was
            found.
    """
    columns = columns or {}
    walk = Walk()
    found = False
    for name in inputs:
        if name == STANDARD_INPUT:
            found = True
            rows = tables.read_jsonl(sys.stdin.buffer, "<stdin>", columns, limits)
            yield from map(_row_load, rows)
            continue
        for file in walk.files(name):
            for load in _load_file(file, columns, limits):
                found = True
                yield load
        while walk.closed:
            found = True
            path, reason = walk.closed.pop()
            yield _row_load(Reject(path, None, STAGE, reason))
    if not found:
        message = f"No articles in {', '.join(inputs)}. Known endings: {', '.join(_KNOWN)}."
        raise InputError(message)


def _load_file(file: Path, columns: Mapping[str, str], limits: Limits) -> Iterator[Load]:
    path = printable(file)
    try:
        if not file.is_file():
            yield _row_load(Reject(path, None, STAGE, "is not a regular file"))
            return
        yield from _read_file(file, path, columns, limits)
    except BROKEN as error:
        yield _row_load(Reject(path, None, STAGE, reason_of(error)))
    except TrucotError:
        raise
    except Exception as error:
        reason = f"{UNEXPECTED}: {type(error).__name__}: {str(error)[:200]}"
        yield _row_load(Reject(path, None, STAGE, reason))


def _read_file(file: Path, path: str, columns: Mapping[str, str], limits: Limits) -> Iterator[Load]:
    suffix = inner_suffix(file)
    if suffix == ".parquet":
        yield from map(_row_load, tables.read_parquet(file, path, columns))
        return
    if suffix == ".xlsx":
        from pipeline.ingest.workbooks import read_xlsx  # noqa: PLC0415 - seldom needed

        yield from map(_row_load, read_xlsx(file, path, columns, limits))
        return
    if suffix == ".warc":
        from pipeline.ingest.archives import read_warc  # noqa: PLC0415 - seldom needed

        yield from map(_archived_load, read_warc(file, path, limits))
        return
    with open_stream(file, limits) as stream:
        if suffix in _JSONL:
            yield from map(_row_load, tables.read_jsonl(stream, path, columns, limits))
        elif suffix in _CSV:
            yield from map(_row_load, tables.read_csv(stream, path, columns, limits))
        elif suffix in _FEEDS:
            from pipeline.ingest import feeds  # noqa: PLC0415 - seldom needed

            yield from map(_row_load, feeds.read_feed(stream, path, limits))
        else:
            page = stream.read(limits.article_bytes + 1)
            yield _page_load(page, path, suffix, limits)


def _page_load(page: bytes, path: str, suffix: str, limits: Limits) -> Load:
    if suffix in _TEXT:
        form = "text"
    elif suffix in _HTML or _looks_like_html(page):
        form = "html"
    else:
        reason = f"is of no kind that we read ({suffix or 'no ending'})"
        return _row_load(Reject(path, None, STAGE, reason))
    if len(page) > limits.article_bytes:
        reason = f"is larger than {megabytes(limits.article_bytes)}"
        return _row_load(Reject(path, None, STAGE, reason))
    content = hashlib.sha256(page).hexdigest()
    return Load(path, _digest(path, content), id=content[:16], page=page, form=form)


def _looks_like_html(page: bytes) -> bool:
    head = page[:_HEAD_BYTES].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return head.startswith((b"<!doctype html", b"<html"))


def _archived_load(page: ArchivedPage | Reject) -> Load:
    if isinstance(page, Reject):
        return _row_load(page)
    content = hashlib.sha256(page.url.encode("utf-8", "surrogatepass") + b"\0" + page.body)
    return Load(
        page.path,
        _digest(page.path, content.hexdigest()),
        id=content.hexdigest()[:16],
        page=page.body,
        form="html",
        record=page.record,
        url=page.url,
    )


def _row_load(row: RawArticle | Reject) -> Load:
    if isinstance(row, Reject):
        digest = _digest(row.path, "reject", str(row.record), row.reason)
        return Load(row.path, digest, record=row.record, row=row)
    said = [part or "" for part in (row.source, row.url, row.title, row.text or row.html)]
    given = article_id(row.id) if row.id else ""
    riders = [text for pair in row.riders for text in pair]
    parts = [row.path, row.id or "", *said, row.published or "", *riders]
    content = _content(parts)
    return Load(
        row.path,
        _hash(content),
        id=given or _digest(*said)[:16],
        id_is_hash=not given,
        record=row.record,
        row=plain(row, escapes=holds_escapes(content, len(parts))),
    )


def _digest(*parts: str) -> str:
    return _hash(_content(parts))


def _content(parts: Sequence[str]) -> bytes:
    return "\0".join(parts).encode("utf-8", "surrogatepass")


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:32]
