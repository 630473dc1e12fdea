"""Packages that only some formats need, and how to get them."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from pipeline.errors import ExportError

if TYPE_CHECKING:
    from types import ModuleType


def load_extra(module: str, extra: str, what: str) -> ModuleType:
    """Import a package that is not always installed.

    Args:
        module: Its import name.
        extra: The extra of trucot that brings it.
        what: What the person asked for, to begin the message.

    Raises:
        ExportError: It is not installed; says what to install.

    >>> load_extra("no_such_package", "excel", "xlsx")
    Traceback (most recent call last):
        ...
    pipeline.errors.ExportError: xlsx needs no_such_package. Run: pip install 'trucot[excel]'.
    """
    try:
        return import_module(module)
    except ModuleNotFoundError as error:
        message = f"{what} needs {module}. Run: pip install 'trucot[{extra}]'."
        raise ExportError(message) from error
