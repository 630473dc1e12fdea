r"""Our one stated deviation from the library: no stretch without a blank may be endless.

The library's regex takes quadratic time over a stretch such as "a.a.a.a" (40,000 characters take
minutes) and time 2^n over an address that ends in n punctuation marks ("http://a.vn/" and 30 dots
take hours). Real pages hold both. So a blank is put

- after every 1,000 characters without white space, and
- after every 12 of the marks ``` `!;:'".,?«»“”‘’ ``` in a row, in a stretch that looks like an
  address,

before the library or the fast path sees the text. Nothing else differs from
`underthesea.word_tokenize`. A lone surrogate, on which the library raises, is read as U+FFFD.
"""

from __future__ import annotations

import re

LONGEST = 1000
"""Characters without white space that are read in one piece."""
_LONG = re.compile(rf"(\S{{{LONGEST}}})(?=\S)")
_MARKS = "[`!;:'\".,?«»“”‘’\u037e\u1fef]"  # the last two are ; and ` once composed (NFC)
_MARK_RUN = re.compile(rf"({_MARKS}{{12}})(?={_MARKS})")
_ADDRESS = re.compile(r"(?:ftp|http)s?:|\.[a-z]{2,13}/")
_SURROGATE = re.compile("[\ud800-\udfff]")


def bounded(text: str) -> str:
    """Return the text with blanks where the library's regex would not come to an end.

    >>> bounded("Xem http://a.vn/" + "." * 14)
    'Xem http://a.vn/............ ..'
    >>> bounded("Họ tên: " + "." * 40) == "Họ tên: " + "." * 40
    True
    >>> [len(piece) for piece in bounded("a" * 2500).split()]
    [1000, 1000, 500]
    """
    if len(text) > LONGEST and max(map(len, text.split()), default=0) > LONGEST:
        text = _LONG.sub(r"\1 ", text)
    if _MARK_RUN.search(text) and _ADDRESS.search(text):
        text = re.sub(r"\S+", _cut_address, text)
    return text if text.isascii() else _SURROGATE.sub("\ufffd", text)


def _cut_address(stretch: re.Match[str]) -> str:
    if not _ADDRESS.search(stretch[0]):
        return stretch[0]
    return _MARK_RUN.sub(r"\1 ", stretch[0])
