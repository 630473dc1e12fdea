"""Walk the inputs in a fixed order and turn each into articles.

A `Load` is the cheapest thing that holds one article: the bytes of a page, or a row already read
from a table. Its digest says whether two loads are the same input.
"""

from __future__ import annotations

import glob
import hashlib
import os
import sys
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.errors import InputError
from pipeline.ingest import tables
from pipeline.ingest.dates import iso_date
from pipeline.ingest.encoding import UndecodableError, decode
from pipeline.records import RawArticle, Reject

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

STAGE = "ingest"
STANDARD_INPUT = "-"
_PAGE_SUFFIXES = {".txt": "text", ".text": "text", ".md": "text", ".html": "html", ".htm": "html"}
_TABLE_SUFFIXES = {".jsonl": "jsonl", ".ndjson": "jsonl", ".csv": "csv", ".tsv": "csv"}
_PARQUET = ".parquet"


@dataclass(frozen=True, slots=True)
class Load:
    """One input article, not yet decoded: either `page` (bytes of a file) or `row`.

    `digest` is the SHA-256 of content and place, in hexadecimal.
    """

    path: str
    digest: str
    page: bytes | None = None
    form: str = "text"
    row: RawArticle | Reject | None = None

    @property
    def size_bytes(self) -> int:
        """Size of the article, to balance work."""
        if self.page is not None:
            return len(self.page)
        if isinstance(self.row, RawArticle):
            return len(self.row.text or self.row.html or "")
        return 0


def loads(inputs: Sequence[str], columns: Mapping[str, str] | None = None) -> Iterator[Load]:
    """Yield the articles of files, folders, globs or `-` (JSONL on standard input).

    Files of a folder come in the order of their names, whatever the file system says.

    Args:
        inputs: What the user typed.
        columns: Our field → the user's column name, for tables.

    Raises:
        InputError: A path does not exist, or nothing readable was found.
    """
    columns = columns or {}
    found = False
    for name in inputs:
        if name == STANDARD_INPUT:
            found = True
            yield from _rows(tables.read_jsonl(sys.stdin.buffer, "<stdin>", columns), "<stdin>")
            continue
        for file in _files(name):
            found = True
            yield from _load_file(file, columns)
    if not found:
        known = ", ".join(sorted({*_PAGE_SUFFIXES, *_TABLE_SUFFIXES, _PARQUET}))
        message = f"No articles in {', '.join(inputs)}. Known endings: {known}."
        raise InputError(message)


def _files(name: str) -> Iterator[Path]:
    path = Path(name)
    if path.is_dir():
        yield from _files_of_folder(path)
    elif path.exists():
        yield path
    else:
        matches = sorted(glob.glob(name, recursive=True))  # noqa: PTH207 - a pattern, not a path
        if not matches:
            message = f"No such file or folder: {name}. Check the path."
            raise InputError(message)
        for match in matches:
            yield from _files(match)


def _files_of_folder(folder: Path) -> Iterator[Path]:
    for parent, folders, names in os.walk(folder):
        folders[:] = sorted(f for f in folders if not f.startswith("."))
        for name in sorted(names):
            file = Path(parent, name)
            if not name.startswith(".") and _is_known(file):
                yield file


def _is_known(file: Path) -> bool:
    suffix = file.suffix.lower()
    return suffix in _PAGE_SUFFIXES or suffix in _TABLE_SUFFIXES or suffix == _PARQUET


def _load_file(file: Path, columns: Mapping[str, str]) -> Iterator[Load]:
    path, suffix = str(file), file.suffix.lower()
    if not file.is_file():
        yield from _rows([Reject(path, None, STAGE, "is not a regular file")], path)
        return
    try:
        if suffix == _PARQUET:
            yield from _rows(tables.read_parquet(file, columns), path)
        elif _TABLE_SUFFIXES.get(suffix) == "jsonl":
            with file.open("rb") as stream:
                yield from _rows(tables.read_jsonl(stream, path, columns), path)
        elif suffix in _TABLE_SUFFIXES:
            yield from _rows(tables.read_csv(file.read_bytes(), path, columns), path)
        else:
            page = file.read_bytes()
            digest = hashlib.sha256(path.encode(errors="surrogateescape") + b"\0" + page)
            form = _PAGE_SUFFIXES.get(suffix, "text")
            yield Load(path, digest.hexdigest(), page=page, form=form)
    except OSError as error:
        yield from _rows([Reject(path, None, STAGE, f"cannot be read: {error.strerror}")], path)


def _rows(rows: Iterable[RawArticle | Reject], path: str) -> Iterator[Load]:
    for row in rows:
        digest = hashlib.sha256(repr(row).encode(errors="surrogateescape")).hexdigest()
        yield Load(path, digest, row=row)


def read_article(load: Load) -> RawArticle | Reject:
    """Decode a load and extract its text: the article it gives has `text` set.

    >>> read_article(Load("a.txt", "", page="Xã Na Ư".encode())).text
    'Xã Na Ư'
    >>> read_article(Load("a.txt", "", page=bytes(range(255)))).reason
    'it is binary data, not text (utf-16-be does not fit)'
    """
    raw = load.row
    if raw is None:
        raw = _decoded(load)
    if isinstance(raw, Reject):
        return raw
    reject = partial(Reject, raw.path, raw.record, STAGE)
    if raw.html is not None:
        from pipeline.ingest.html import extract  # noqa: PLC0415 - trafilatura takes a second

        page = extract(raw.html, raw.url)
        if page is None:
            return reject("the page holds no article text")
        raw = replace(
            raw,
            html=None,
            text=page.text,
            title=raw.title or page.title,
            published=raw.published or page.published,
            source=raw.source or page.source,
            url=raw.url or page.url,
        )
    if not (raw.text or "").strip():
        return reject("the article is empty")
    return replace(raw, published=iso_date(raw.published) if raw.published else None)


def _decoded(load: Load) -> RawArticle | Reject:
    try:
        text = decode(load.page or b"")
    except UndecodableError as error:
        return Reject(load.path, None, STAGE, str(error))
    if load.form == "html" or text.lstrip()[:15].lower().startswith(("<!doctype html", "<html")):
        return RawArticle(path=load.path, html=text)
    return RawArticle(path=load.path, text=text)
