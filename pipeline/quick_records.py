"""Frozen records of which many are made and sent, in 60 % of the time or less."""

from __future__ import annotations

from dataclasses import fields
from typing import Any, TypeVar

Record = TypeVar("Record")


def quickly_made(record: type[Record]) -> type[Record]:
    """Give a frozen, slotted dataclass an `__init__` that takes about 60 % of the time.

    That of `dataclass` sets each field by `object.__setattr__`, which looks the field up by its
    name; this one calls what sets the slot. What was pickled is made anew by it too.

    >>> from dataclasses import dataclass
    >>> @quickly_made
    ... @dataclass(frozen=True, slots=True)
    ... class Span:
    ...     start: int
    ...     end: int = 9
    >>> Span(3)
    Span(start=3, end=9)
    """
    names = [field.name for field in fields(record)]  # type: ignore[arg-type]
    scope: dict[str, Any] = {f"set_{name}": record.__dict__[name].__set__ for name in names}
    lines = [f"set_{name}(self, {name})" for name in names]
    if hasattr(record, "__post_init__"):
        lines.append("self.__post_init__()")
    values = ", ".join(f"self.{name}" for name in names)
    methods = (
        f"def __init__(self, {', '.join(names)}): {'; '.join(lines)}\n"
        f"def __reduce__(self): return type(self), ({values},)"
    )
    exec(methods, scope)  # noqa: S102 - as `dataclass` does
    made, init = record.__init__, scope["__init__"]
    init.__defaults__, init.__annotations__ = made.__defaults__, made.__annotations__
    init.__qualname__, init.__module__ = made.__qualname__, record.__module__
    record.__init__ = init  # type: ignore[method-assign]
    record.__reduce__ = scope["__reduce__"]  # type: ignore[method-assign]
    return record
