"""Which files the inputs name, in a fixed order, each once."""

from __future__ import annotations

import glob
import os
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator


_CONTROL = re.compile(r"[\0-\x1f\x7f-\x9f]")


@dataclass(slots=True)
class Walk:
    """Yields files; knows the folders it has seen, so links in a circle are followed once.

    `closed` collects folders that could not be listed, with the reason.
    """

    closed: list[tuple[str, str]] = field(default_factory=list)
    _folders: set[tuple[int, int]] = field(default_factory=set)
    _named: set[str] = field(default_factory=set)

    def files(self, name: str) -> Iterator[Path]:
        """Yield the files of a path, a folder or a pattern.

        Raises:
            InputError: Nothing is there.
        """
        path = Path(name)
        if path.is_dir():
            yield from self._folder(path)
        elif os.path.lexists(path):
            real = os.path.realpath(path)
            if real not in self._named:
                self._named.add(real)
                yield path
        else:
            matches = sorted(glob.glob(name, recursive=True))  # noqa: PTH207 - a pattern
            if not matches:
                message = f"No such file or folder: {name}. Check the path."
                raise InputError(message)
            for match in matches:
                yield from self.files(match)

    def _folder(self, folder: Path) -> Iterator[Path]:
        """Yield the files of a folder by name; no recursion, so depth does not matter."""
        waiting: list[Path] = [folder]
        while waiting:
            path = waiting.pop()
            if not path.is_dir():
                yield path
                continue
            try:
                status = path.stat()
                if (status.st_dev, status.st_ino) in self._folders:
                    continue
                self._folders.add((status.st_dev, status.st_ino))
                names = sorted(os.listdir(path), reverse=True)  # noqa: PTH208 - names, not paths
            except OSError as error:
                self.closed.append((printable(path), f"cannot be read: {error.strerror}"))
                continue
            waiting.extend(path / name for name in names if not name.startswith("."))


def printable(path: Path | str) -> str:
    r"""Return a path that tables and JSON accept: odd bytes and controls are written out.

    >>> printable(os.fsdecode(b"tin-\xe1.txt"))
    'tin-\\xe1.txt'
    """
    text = os.fsencode(path).decode("utf-8", "backslashreplace")
    return _CONTROL.sub(lambda found: repr(found[0])[1:-1], text)
