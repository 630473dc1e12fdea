"""What of underthesea is installed here: its files, its rules, its model and its own answer.

The segmenter evaluates the model and the patterns of the installed library; it holds no copy of
either. This module is the only one that touches the library. Importing `underthesea` loads its
whole tree (about a second), so it is imported only when its rules are not known from a warm file.
"""

from __future__ import annotations

import hashlib
import operator
import re
import unicodedata
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.segment.bounds import bounded
from pipeline.segment.simple import SIMPLE

if TYPE_CHECKING:
    from collections.abc import Sequence

_MODEL = "pipeline/word_tokenize/models/ws_crf_vlsp2013_20230727"
_FILES = (
    f"{_MODEL}/models.bin",
    f"{_MODEL}/features.bin",
    f"{_MODEL}/dictionary.bin",
    "models/fast_crf_sequence_tagger.py",
    "pipeline/word_tokenize/__init__.py",
    "pipeline/word_tokenize/regex_tokenize.py",
    "pipeline/text_normalize/character_normalize.py",
    "pipeline/text_normalize/token_normalize.py",
    "pipeline/text_normalize/text_normalizer.py",
    "pipeline/text_normalize/tn_rules_2023_07_14.bin",
)
PROVED = frozenset({"0cf9767f3b3fd410"})
"""Fingerprints of installations on which millions of words were found equal to the library's.

Now: underthesea 9.5.0 with underthesea_core 3.3.2.
"""


def folder() -> Path:
    """Return the folder of the installed underthesea without importing it."""
    spec = find_spec("underthesea")
    if spec is None or not spec.submodule_search_locations:
        message = "underthesea is not installed; run: make setup"
        raise ModuleNotFoundError(message)
    return Path(spec.submodule_search_locations[0])


def version(distribution: str) -> str:
    """Return the version of a distribution beside underthesea, "unknown" if it is not there.

    The name of the folder that an installer leaves holds it: `importlib.metadata` would tell the
    same, and takes a hundredth of the start of a process to be imported.

    >>> version("underthesea")[0].isdigit(), version("undersea")
    (True, 'unknown')
    """
    found = sorted(folder().parent.glob(f"{distribution}-*.dist-info"))
    return found[0].stem.split("-")[1] if found else "unknown"


@cache
def fingerprint() -> str:
    """Return 16 hex digits that change with any file or version the fast path depends on."""
    digest = hashlib.sha256()
    for name in ("underthesea", "underthesea_core"):
        digest.update(f"{name} {version(name)}\n".encode())
    for file in _FILES:
        path = folder() / file
        content = path.read_bytes() if path.is_file() else b"missing"
        digest.update(hashlib.sha256(content).digest())
    return digest.hexdigest()[:16]


_WHOLE = operator.methodcaller("group")
_LONGEST_SPELLING = 6
"""The library looks up no longer tokens."""


@dataclass(frozen=True)
class Rules:
    """How the library cuts a text into tokens: one regex and two tables of replacements."""

    source: str
    flags: int
    characters: dict[str, str]
    spellings: dict[str, str]

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """The library's regex."""
        return re.compile(self.source, self.flags)

    @cached_property
    def _with_ends(self) -> re.Pattern[str]:
        """The regex that also takes what stands behind chunks.

        With `MULTILINE`, `$` stands before a newline and at the end, and nowhere else: so it stands
        behind the last chunk of a sentence as if the text ended there.
        """
        return re.compile(f"\\n|(?:{self.source}\n)", self.flags | re.MULTILINE)

    def tokenize(self, text: str) -> list[str]:
        """Return the tokens of a text as the library's `tokenize` does.

        Characters are composed (NFC) and replaced, the regex is run, and tokens of at most six
        characters are looked up in the table of spellings ("hoà" becomes "hòa"). The library
        composes such a token once more, which changes nothing in a part of a composed text.
        """
        return self._spelled(list(map(_WHOLE, self.pattern.finditer(self._composed(text)))))

    def pieces(self, chunks: str) -> list[str]:
        """Return the tokens of many chunks, and what stands behind each chunk.

        Args:
            chunks: `END` behind each; a blank before it if the sentence goes on there.
        """
        return self._spelled(list(map(_WHOLE, self._with_ends.finditer(self._composed(chunks)))))

    def simple_pieces(self, chunks: str) -> list[str]:
        """Return what `pieces` does for chunks that are `simple`."""
        return self._spelled(SIMPLE.findall(self._composed(chunks)))

    def _composed(self, text: str) -> str:
        """Return a text as the library sees it before it cuts it."""
        text = unicodedata.normalize("NFC", text)
        for letter, standard in self.characters.items():
            text = text.replace(letter, standard)
        return text

    def _spelled(self, tokens: Sequence[str]) -> list[str]:
        """Return tokens as the library spells them."""
        spelling = self.spellings.get
        return [
            token if len(token) > _LONGEST_SPELLING else spelling(token, token) for token in tokens
        ]


def rules() -> Rules:
    """Return the rules of the installed library (imports it)."""
    from underthesea.pipeline.text_normalize.text_normalizer import (  # noqa: PLC0415
        character_map,
        token_map,
    )
    from underthesea.pipeline.word_tokenize.regex_tokenize import patterns  # noqa: PLC0415

    return Rules(patterns.pattern, patterns.flags, dict(character_map), dict(token_map))


def model_file() -> Path:
    """Return the path of the CRF's weights."""
    return folder() / _FILES[0]


@cache
def templates() -> tuple[str, ...]:
    """Return the model's feature templates, in the order in which it adds their weights."""
    import joblib  # noqa: PLC0415

    return tuple(joblib.load(folder() / _FILES[1]))


@cache
def dictionary() -> frozenset[str]:
    """Return the model's dictionary: lower-case words, syllables joined by blanks."""
    import joblib  # noqa: PLC0415

    return frozenset(joblib.load(folder() / _FILES[2]))


_TOKEN_TEMPLATES = ("T[0].lower", "T[0].isdigit", "T[0].istitle")
_TRUE = frozenset(f"{template}=True" for template in _TOKEN_TEMPLATES)


class TokenFeaturizer:
    """Asks the library what single tokens look like.

    >>> TokenFeaturizer().of(["Nhà", "12"])
    [('nhà', False, True), ('12', True, True)]
    """

    @cached_property
    def _featurizer(self) -> Any:  # noqa: ANN401 - a class of the library
        from underthesea_core import CRFFeaturizer  # noqa: PLC0415

        return CRFFeaturizer(list(_TOKEN_TEMPLATES), set())

    def of(self, tokens: Sequence[str]) -> list[tuple[str, bool, bool]]:
        """Return of each token: its lower case, is it a number, is it a title."""
        starts = len("T[0].lower=")
        return [
            (lower[starts:], number in _TRUE, title in _TRUE)
            for ((lower, number, title),) in self._featurizer.process(
                [[[token]] for token in tokens]
            )
        ]


def words(text: str) -> list[str]:
    """Return the words of a sentence from the library itself, syllables joined by "_".

    >>> words("Chuyển đổi số giúp người dân.")
    ['Chuyển_đổi', 'số', 'giúp', 'người_dân', '.']
    """
    from underthesea.pipeline.word_tokenize import word_tokenize  # noqa: PLC0415

    return [word.replace(" ", "_") for word in word_tokenize(bounded(text))]
