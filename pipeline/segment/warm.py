"""The compiled model and the known chunks in one file of plain arrays.

A process that starts from such a file neither imports the library's Python tree (a second) nor
compiles its model (another), and knows most chunks of the texts to come. The file is bound to the
installation it was made from: library files and versions, Python's character tables, layout.
"""

from __future__ import annotations

import json
import os
import unicodedata
import zipfile
from typing import TYPE_CHECKING, Any

import numpy as np

from pipeline.errors import ModelError
from pipeline.segment import installed
from pipeline.segment.chunks import ChunkRows
from pipeline.segment.engine import Engine
from pipeline.segment.installed import Rules
from pipeline.segment.tables import Table, Tables
from pipeline.segment.tokens import TokenRows

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

_LAYOUT = 2


def _bound_to() -> str:
    return f"{_LAYOUT} {installed.fingerprint()} {unicodedata.unidata_version}"


def save_engine(path: Path, engine: Engine) -> None:
    """Write an engine's tables, tokens and chunks (to a temporary name, then renamed)."""
    tables, rules = engine.tables, engine.rules
    tokens, chunks = engine.tokens.rows(), engine.chunks.rows()
    head = {
        "bound_to": _bound_to(),
        "pattern": rules.source,
        "flags": rules.flags,
        "characters": rules.characters,
        "spellings": rules.spellings,
    }
    arrays = {
        "head": _pack(json.dumps(head, ensure_ascii=False)),
        "parts": _pack("\n".join(tables.parts)),
        "templates": _pack("\n".join(tables.templates)),
        "dictionary": _pack("\n".join(tables.dictionary)),
        **{name: getattr(tables, name) for name in _TABLES},
        **{f"pairs_{name}": getattr(tables.pairs, name) for name in _GRAMS},
        **{f"triples_{name}": getattr(tables.triples, name) for name in _GRAMS},
        "tokens": _pack("\n".join(tokens.texts)),
        **{f"tokens_{name}": getattr(tokens, name) for name in _TOKENS},
        **{f"chunks_{name}": getattr(chunks, name) for name in _CHUNKS},
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(f".{path.name}.{os.getpid()}")
    with new.open("wb") as file:
        np.savez(file, allow_pickle=False, **arrays)
    new.replace(path)


_TABLES = (
    "unigrams_lower", "unigrams_written", "flags", "window", "opens_triple", "transitions",
)  # fmt: skip
_GRAMS = ("left", "right", "lower", "written")
_TOKENS = ("lower", "classes", "in_dictionary", "weights", "codes")
_CHUNKS = ("hashes", "offsets", "tokens")


def load_engine(path: Path) -> Engine | None:
    """Return the engine of a file, or None if the file is of another installation.

    Raises:
        ModelError: The file is missing, truncated or not of this kind.
    """
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
            head = json.loads(_unpack(arrays["head"]))
            if head["bound_to"] != _bound_to():
                return None
            return _engine(head, dict(arrays))
    except FileNotFoundError as error:
        message = f"There is no file {path}; run make train."
        raise ModelError(message) from error
    except (OSError, ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile) as error:
        message = f"{path} is damaged or not a file of chunks; run make train to write it anew."
        raise ModelError(message) from error


def _engine(head: dict[str, Any], arrays: dict[str, NDArray[Any]]) -> Engine:
    rules = Rules(head["pattern"], head["flags"], head["characters"], head["spellings"])
    tables = Tables(
        parts=tuple(_unpack(arrays["parts"]).split("\n")),
        templates=tuple(_unpack(arrays["templates"]).split("\n")),
        dictionary=tuple(_unpack(arrays["dictionary"]).split("\n")),
        pairs=Table(**{name: arrays[f"pairs_{name}"] for name in _GRAMS}),
        triples=Table(**{name: arrays[f"triples_{name}"] for name in _GRAMS}),
        **{name: arrays[name] for name in _TABLES},
    )
    tokens = TokenRows(
        texts=_unpack(arrays["tokens"]).split("\n"),
        **{name: arrays[f"tokens_{name}"] for name in _TOKENS},
    )
    chunks = ChunkRows(**{name: arrays[f"chunks_{name}"] for name in _CHUNKS})
    return Engine(rules, tables, (tokens, chunks))


def _pack(text: str) -> NDArray[np.uint8]:
    return np.frombuffer(text.encode("utf-8"), np.uint8)


def _unpack(array: NDArray[Any]) -> str:
    return array.tobytes().decode("utf-8")
