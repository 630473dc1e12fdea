"""Files as streams of bytes: decompressed, with bounds on what comes out."""

from __future__ import annotations

import gzip
import io
import zlib
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING

import zstandard

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipeline.ingest.limits import Limits

COMPRESSED = frozenset({".gz", ".zst"})
_FREE_BYTES = 64_000_000
_BUFFER_BYTES = 1 << 16
BROKEN = (OSError, EOFError, zlib.error, zstandard.ZstdError)
"""What reading a damaged stream may raise."""


class BombError(OSError):
    """A compressed file unfolds to far more than text ever does."""


class _Bounded(io.RawIOBase):
    """Counts what comes out of a decompressor against what lies in the file."""

    def __init__(self, stream: IO[bytes], most_bytes: int) -> None:
        super().__init__()
        self._stream = stream
        self._left = most_bytes

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        data = self._stream.read(len(buffer))
        self._left -= len(data)
        if self._left < 0:
            message = "it unfolds to far more than text does: a decompression bomb"
            raise BombError(message)
        buffer[: len(data)] = data
        return len(data)


def inner_suffix(file: Path) -> str:
    """Return the ending that says what a file holds, in lower case.

    >>> inner_suffix(Path("a/Tin.JSONL.gz")), inner_suffix(Path("b.html"))
    ('.jsonl', '.html')
    """
    suffix = file.suffix.lower()
    return Path(file.stem).suffix.lower() if suffix in COMPRESSED else suffix


@contextmanager
def open_stream(file: Path, limits: Limits) -> Iterator[IO[bytes]]:
    """Open a file for reading, through its decompressor if its name says so.

    Raises:
        OSError: It cannot be opened or read; `BombError` if too much comes out.
    """
    suffix = file.suffix.lower()
    with file.open("rb", _BUFFER_BYTES) as raw:
        if suffix not in COMPRESSED:
            yield raw
            return
        most = max(_FREE_BYTES, limits.ratio * file.stat().st_size)
        if suffix == ".gz":
            with gzip.GzipFile(fileobj=raw) as unpacked:
                yield io.BufferedReader(_Bounded(unpacked, most), _BUFFER_BYTES)  # type: ignore[arg-type]
        else:
            reader = zstandard.ZstdDecompressor(max_window_size=1 << 27).stream_reader(
                raw, read_across_frames=True
            )
            with reader:
                yield io.BufferedReader(_Bounded(reader, most), _BUFFER_BYTES)


def bounded_lines(stream: IO[bytes], most_bytes: int) -> Iterator[bytes | None]:
    r"""Yield the lines of a stream, None in place of one that is too long.

    >>> list(bounded_lines(io.BytesIO(b"ab\nabcdefgh\nc"), 4))
    [b'ab\n', None, b'c']
    """
    while line := stream.readline(most_bytes + 1):
        if len(line) <= most_bytes or line.endswith(b"\n"):
            yield line
            continue
        while line and not line.endswith(b"\n"):
            line = stream.readline(most_bytes)
        yield None


def reason_of(error: BaseException) -> str:
    """Return in a few words why a stream could not be read.

    >>> reason_of(PermissionError(13, "Permission denied")), reason_of(EOFError("cut off"))
    ('cannot be read: Permission denied', 'cannot be read: cut off')
    """
    told = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return f"cannot be read: {told}"
