"""From the raw text of a page to an `Article`: one text that no longer changes, and its parts.

The steps, each a module: `normalise` (NFC, line ends, invisible characters), `wraps` (hard-wrapped
lines joined), `pieces` (lines, and parts glued on one line), `furniture` (what a single line is),
`names` (lines that name a writer), `roles` (what a line is on its page). Nothing is dropped:
furniture stays in the text and is marked by the kind of its block.
"""

from __future__ import annotations

from pipeline.clean.article import clean_all, clean_article

__all__ = ["clean_all", "clean_article"]
