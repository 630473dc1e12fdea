"""Lines broken by a fixed width, joined again.

Two lines without an empty line between them are joined when the first does not end a sentence and
the second goes on in small letters, or when the first is so full that the next word did not fit
in the width of the page. Lists, furniture and bylines are left alone. What a pass decides depends
on the end of the left and the start of the right line only, and the width is measured on pairs
that a pass joins; so a second pass finds no width and joins nothing.
"""

from __future__ import annotations

import re
from itertools import pairwise

from pipeline.clean.furniture import is_list_item, kind_of_line
from pipeline.clean.names import is_certain_byline

_SURE_LENGTH = 40
"""A left line of so many code points that goes on in small letters is a wrap on any page."""

_WIDEST = 130
_FEWEST_WRAPS = 2
_ENDS = ".!?…:;"
_CLOSERS = "\"'”’»)]*_ "
_MAY_GO_ON = re.compile(r"\n(?<!\n\n)[^\S\n]*+[^\s!-`À-ÞĂĐƠƯ“–]")
"""A line right below another, and not begun by a sign, digit or one of most capitals."""
_NUMBERED = re.compile(r"(?:\d{1,2}(?:\.\d{1,2})*|[IVX]{1,4})[.)]\s|[•●▪]")


def join_wraps(text: str) -> str:
    r"""Return the text with hard wraps replaced by a blank.

    >>> join_wraps("Tại buổi lễ, xã Minh An đã thông qua kế hoạch, giao việc cho các\nthôn làm.")
    'Tại buổi lễ, xã Minh An đã thông qua kế hoạch, giao việc cho các thôn làm.'
    >>> join_wraps("Tỷ lệ hồ sơ: 90%\nThôn có cáp quang: 100%")
    'Tỷ lệ hồ sơ: 90%\nThôn có cáp quang: 100%'
    """
    if not _MAY_GO_ON.search(text):
        return text  # without such a line there is neither a width nor a wrap, as on most pages
    lines = text.split("\n")
    width = _page_width(lines)
    parts: list[str] = [lines[0]]
    last, length = lines[0], len(lines[0])
    for line in lines[1:]:
        if _is_wrap(last, line, length, width):
            parts[-1] = parts[-1].rstrip()
            parts += (" ", line.lstrip())
            length += 1 + len(line)
        else:
            parts += ("\n", line)
            length = len(line)
        last = line
    return "".join(parts)


def _page_width(lines: list[str]) -> int:
    """Return the width at which the page was wrapped, 0 if it was not."""
    lengths = sorted(
        len(left.rstrip())
        for left, right in pairwise(lines)
        if _SURE_LENGTH <= len(left.rstrip()) <= _WIDEST and _goes_on(left, right)
    )
    return lengths[len(lengths) * 9 // 10] if len(lengths) >= _FEWEST_WRAPS else 0


def _is_wrap(last: str, right: str, length: int, width: int) -> bool:
    """True if `right` continues a line of that length, of which `last` is the last part."""
    if not last or not right or last.isspace() or right.isspace():
        return False
    if _goes_on(last, right):
        return width > 0 or length >= _SURE_LENGTH
    return width > 0 and _fills(last, right, width) and _may_join(last, right)


def _goes_on(left: str, right: str) -> bool:
    """True if the right line starts in small letters within the sentence of the left one."""
    start = right.lstrip()[:1]
    return start.islower() and not is_list_item(right.lstrip()) and _may_join(left, right)


def _fills(left: str, right: str, width: int) -> bool:
    """True if the first word of the right line did not fit behind the left line."""
    length = len(left.rstrip())
    first = right.split(maxsplit=1)[0]
    return length <= width + len(first) and length + 1 + len(first) > width


def _may_join(left: str, right: str) -> bool:
    """True if nothing stands between the lines: no end of a sentence, list or furniture."""
    end = left.rstrip(_CLOSERS)[-1:]
    start = right.strip()
    if not end or end in _ENDS or is_list_item(start) or _NUMBERED.match(start):
        return False
    stripped = left.strip()
    if kind_of_line(stripped) is not None or kind_of_line(start) is not None:
        return False
    return not is_certain_byline(stripped) and not is_certain_byline(start)
