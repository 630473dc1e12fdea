"""Read a page back as a browser would, with the HTML parser of the standard library."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

_VOID = frozenset({"meta", "link", "br", "input"})


@dataclass
class Element:
    """A start tag with its attributes and all text inside it."""

    tag: str
    attributes: dict[str, str | None]
    text: str = ""


@dataclass
class Page(HTMLParser):
    """Every element of a page in order; reading fails if a tag is closed that is not open."""

    html: str
    elements: list[Element] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()
        self._open: list[Element] = []
        self.feed(self.html)
        self.close()
        assert not self._open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, dict(attrs))
        self.elements.append(element)
        if tag not in _VOID:
            self._open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(Element(tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop().tag == tag

    def handle_data(self, data: str) -> None:
        for element in self._open:
            element.text += data

    def all(self, tag: str, class_name: str | None = None) -> list[Element]:
        """Return the elements of a tag, and of a class if one is named."""
        return [
            e
            for e in self.elements
            if e.tag == tag
            and (class_name is None or class_name in (e.attributes.get("class") or "").split())
        ]

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The rows of the table of numbers, as the script reads them."""
        data = self.data
        return [dict(zip(data["columns"], row, strict=True)) for row in data["rows"]]

    @property
    def data(self) -> Any:  # noqa: ANN401 - any JSON value
        """What the script reads."""
        (element,) = [e for e in self.all("script") if e.attributes.get("id") == "data"]
        return json.loads(element.text)
