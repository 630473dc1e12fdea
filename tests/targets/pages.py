"""Makes documents of a few lines for the tests of the target grammar."""

from __future__ import annotations

from pipeline.records import Article, Block, Document, Kind, Sentence


def page(
    *lines: str,
    title: str | None = None,
    published: str | None = "2025-03-14",
    kinds: tuple[Kind, ...] = (),
) -> Document:
    """Return a document with one sentence a line, all of one paragraph."""
    text = "\n".join(lines)
    sentences = []
    at = 0
    for index, line in enumerate(lines):
        kind = kinds[index] if index < len(kinds) else Kind.BODY
        sentences.append(Sentence(index, at, at + len(line), line, kind, 0))
        at += len(line) + 1
    blocks = (Block(0, len(text), Kind.BODY),)
    article = Article("a", "a.txt", text, blocks, title=title, published=published)
    return Document(article, tuple(sentences))
