"""Pages in web archives (WARC)."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Any

from fastwarc.warc import ArchiveIterator, WarcRecordType

from pipeline.ingest.limits import Limits, megabytes
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

    fastwarc unpacks gzip and zstd on its own; bodies are read up to the limit of an article.

    Raises:
        OSError: The archive cannot be read on; what came before has been yielded.
    """
    others: Counter[str] = Counter()
    found = False
    with file.open("rb") as stream:
        for record, response in enumerate(_responses(stream)):
            found = True
            kind = response.http_content_type
            if kind not in _HTML_TYPES:
                others[str(kind)] += 1
            elif response.content_length > limits.whole_bytes:
                size = megabytes(limits.whole_bytes)
                reason = f"record {record + 1} is larger than {size}; the rest is not read"
                yield Reject(path, record, STAGE, reason)
                return
            else:
                yield _page(response, path, record, limits)
    if not found:
        yield Reject(path, None, STAGE, "holds no response record: no WARC, or an empty one")
    if others:
        told = ", ".join(f"{kind} {n}" for kind, n in sorted(others.items()))
        yield Reject(path, None, STAGE, f"some records are no pages: {told}")


def _responses(stream: IO[bytes]) -> Iterator[Any]:
    """Yield the responses of an archive.

    Raises:
        OSError: The archive is damaged; also where fastwarc, written in Rust, panics.
    """
    kinds = WarcRecordType.response
    try:
        yield from ArchiveIterator(stream, record_types=kinds, parse_http=True, auto_decode="all")
    except (GeneratorExit, KeyboardInterrupt, SystemExit, OSError):
        raise
    except BaseException as error:
        message = f"the archive is damaged ({type(error).__name__})"
        raise OSError(message) from error


def _page(response: Any, path: str, record: int, limits: Limits) -> ArchivedPage | Reject:  # noqa: ANN401 - fastwarc has no types
    url = response.headers.get("WARC-Target-URI") or ""
    status = response.http_headers.status_code if response.http_headers else _OK
    if status != _OK:
        reason = f"record {record + 1} is no page: HTTP status {status} of {url}"
        return Reject(path, record, STAGE, reason)
    body = response.reader.read(limits.article_bytes + 1)
    if len(body) > limits.article_bytes:
        reason = f"record {record + 1} is larger than {megabytes(limits.article_bytes)}"
        return Reject(path, record, STAGE, reason)
    return ArchivedPage(path, record, url, bytes(body))
