"""Pages in web archives (WARC)."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fastwarc.warc import ArchiveIterator, WarcRecordType

from pipeline.ingest.limits import Limits, megabytes
from pipeline.ingest.streams import open_stream
from pipeline.records import Reject

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

STAGE = "ingest"
_HTML_TYPES = frozenset({"text/html", "application/xhtml+xml", None, ""})
_OK = 200


@dataclass(frozen=True, slots=True)
class ArchivedPage:
    """A page as a crawler fetched it: the number of its record, its address and its bytes."""

    path: str
    record: int
    url: str
    body: bytes


def read_warc(file: Path, path: str, limits: Limits) -> Iterator[ArchivedPage | Reject]:
    """Yield the HTML pages of an archive; what is none is told in one reject at the end.

    Raises:
        OSError: The archive cannot be read on; what came before has been yielded.
    """
    others: Counter[str] = Counter()
    with open_stream(file, limits) as stream:
        record = -1
        responses = ArchiveIterator(
            stream, record_types=WarcRecordType.response, parse_http=True, auto_decode="all"
        )
        for record, response in enumerate(responses):
            kind = response.http_content_type
            if kind not in _HTML_TYPES:
                others[str(kind)] += 1
                continue
            url = response.headers.get("WARC-Target-URI") or ""
            status = response.http_headers.status_code if response.http_headers else _OK
            if status != _OK:
                reason = f"record {record + 1} is no page: HTTP status {status} of {url}"
                yield Reject(path, record, STAGE, reason)
                continue
            body = response.reader.read(limits.article_bytes + 1)
            if len(body) > limits.article_bytes:
                reason = f"record {record + 1} is larger than {megabytes(limits.article_bytes)}"
                yield Reject(path, record, STAGE, reason)
                continue
            yield ArchivedPage(path, record, url, bytes(body))
    if record < 0:
        yield Reject(path, None, STAGE, "holds no response record: no WARC, or an empty one")
    if others:
        told = ", ".join(f"{kind} {n}" for kind, n in sorted(others.items()))
        yield Reject(path, None, STAGE, f"some records are no pages: {told}")
