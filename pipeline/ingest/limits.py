"""How large an input may be before it is refused."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds that keep memory flat and stop decompression bombs.

    Attributes:
        article_bytes: Most bytes of a page, a line of JSONL, a CSV line or a cell.
        text_characters: Most characters of an article once its text is extracted.
        whole_bytes: Most bytes, unpacked, of a file that must be read as a whole (feed, XLSX).
        ratio: Most bytes that one compressed byte may unfold to, over a whole file.
    """

    article_bytes: int = 10_000_000
    text_characters: int = 1_000_000
    whole_bytes: int = 300_000_000
    ratio: int = 200


def megabytes(size_bytes: int) -> str:
    """Return a size for people.

    >>> megabytes(10_000_000), megabytes(2_500_000)
    ('10 MB', '2.5 MB')
    """
    return f"{size_bytes / 1_000_000:g} MB"
