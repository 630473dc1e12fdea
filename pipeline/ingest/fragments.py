"""A piece of HTML, such as the summary in a feed, as plain text."""

from __future__ import annotations

import re

from lxml import etree
from lxml import html as lxml_html

from pipeline.ingest.plain import without_escapes

_BREAKS = frozenset(
    ["br", "p", "div", "li", "h1", "h2", "h3", "h4", "h5", "h6", "tr", "table", "blockquote"]
)
_DROPPED = ("script", "style", "noscript", "template")
_BLANKS = re.compile(r"[ \t\r\f\v\u00a0]+")
_LINES = re.compile(r" ?\n[ \n]*")


def fragment_text(html: str) -> str:
    r"""Return the text of a fragment, one paragraph a line; scripts are left out.

    >>> fragment_text("<p>Xã <b>Na Ư</b></p><p>mở lớp &amp; chợ<br>số</p><script>1</script>")
    'Xã Na Ư\nmở lớp & chợ\nsố'
    >>> fragment_text("Không có thẻ nào, 3 < 5"), fragment_text("<img src='a.png'>")
    ('Không có thẻ nào, 3 < 5', '')
    """
    try:
        plain = _BLANKS.sub(" ", without_escapes(html))
        tree = lxml_html.fragment_fromstring(plain, create_parent="div")
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return ""
    etree.strip_elements(tree, *_DROPPED, etree.Comment, with_tail=False)
    parts: list[str] = []
    for event, element in etree.iterwalk(tree, events=("start", "end")):
        if element.tag in _BREAKS:
            parts.append("\n")
        parts.append((element.text if event == "start" else element.tail) or "")
    text = _BLANKS.sub(" ", without_escapes("".join(parts)))
    return _LINES.sub("\n", text).strip()
