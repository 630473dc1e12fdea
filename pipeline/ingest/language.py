"""Is a text Vietnamese, and made of words?"""

from __future__ import annotations


def why_not_vietnamese(text: str) -> str | None:
    """Return the reason to refuse a text, or None."""
    return None if text else "the article is empty"
