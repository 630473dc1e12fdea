"""Words of sentences, exactly as `underthesea.word_tokenize` gives them, many at a time."""

from __future__ import annotations

import re
import warnings
from functools import cache
from typing import TYPE_CHECKING, Protocol

import numpy as np

from pipeline.records import WordBatch
from pipeline.segment import installed, selfcheck
from pipeline.segment.engine import Engine
from pipeline.segment.tables import compile_tables
from pipeline.segment.vocabulary import Vocabulary
from pipeline.segment.warm import load_engine, save_engine
from pipeline.segment.weights import UnsupportedModelError, read_weights

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from pipeline.segment.tables import Tables

VOCABULARY_CAP = 1_000_000
"""Words after which a new vocabulary is begun; about 150 MB."""

_ACROSS_A_BLANK = re.compile(r"Th\s[Ss]")
"""What the library's pattern `Th.s` joins over a blank; nothing else of it reaches so far."""


class _Way(Protocol):
    """A way to segment: the engine or the library."""

    def segment(
        self, texts: Sequence[str], vocabulary: Vocabulary
    ) -> tuple[NDArray[np.int32], NDArray[np.int64]]: ...


class Segmenter:
    """Segments sentences into words.

    The words are those of `underthesea.word_tokenize(sentence, format="text")`, with one stated
    deviation for endless stretches without blanks (see `pipeline.segment.bounds`). A text is one
    sentence whatever white space it holds. Memory is bounded: chunks are forgotten when they
    become too many, and after `VOCABULARY_CAP` words the next batch comes with a new vocabulary
    list; a batch always carries the list that its ids refer to. Not for several threads at once.
    """

    def __init__(self, way: _Way) -> None:
        self._way = way
        self._vocabulary = Vocabulary()

    @classmethod
    def load(cls, warm: Path | None = None) -> Segmenter:
        """Return a segmenter for the installed underthesea.

        On an installation that is not known to be computed exactly, stored sentences are
        segmented both ways; if a word differs or the model is of another form, the library itself
        is used, 30 to 90 times slower, and a `RuntimeWarning` says so.

        Args:
            warm: What `save_warm` wrote, to start faster. A file of another installation is
                left aside with a `RuntimeWarning`.

        Raises:
            ModelError: The warm file is missing or damaged.
        """
        engine = None if warm is None else _load_warm(warm)
        if engine is not None:
            return cls(engine)
        try:
            engine = _compile()
        except UnsupportedModelError as error:
            return cls(_library(str(error)))
        if installed.fingerprint() not in installed.PROVED:
            differing = selfcheck.differing(engine)
            if differing:
                return cls(_library(f"{len(differing)} stored sentences differ"))
        return cls(engine)

    @property
    def is_fast(self) -> bool:
        """False if the library itself does the work."""
        return isinstance(self._way, Engine)

    def segment(self, texts: Sequence[str]) -> WordBatch:
        """Return the words of sentences.

        >>> batch = Segmenter.load().segment(["Chuyển đổi số giúp người dân.", "", "UBND tỉnh"])
        >>> batch.words(0), batch.words(1), batch.words(2)
        (['Chuyển_đổi', 'số', 'giúp', 'người_dân', '.'], [], ['UBND', 'tỉnh'])
        """
        if len(self._vocabulary) > VOCABULARY_CAP:
            self._vocabulary = Vocabulary()
        odd: list[int] = []
        if _ACROSS_A_BLANK.search("\0".join(texts)):
            odd = [k for k, text in enumerate(texts) if _ACROSS_A_BLANK.search(text)]
        if odd and self.is_fast:
            ids, counts = self._segment_odd(texts, odd)
        else:
            ids, counts = self._way.segment(texts, self._vocabulary)
        offsets = np.concatenate([np.zeros(1, np.int64), np.cumsum(counts, dtype=np.int64)])
        return WordBatch(self._vocabulary.words, ids, offsets)

    def _segment_odd(
        self, texts: Sequence[str], odd: Sequence[int]
    ) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
        """Segment texts of which the library itself has to see some."""
        plain = list(texts)
        for k in odd:
            plain[k] = ""
        ids, counts = self._way.segment(plain, self._vocabulary)
        found, lengths = _Library().segment([texts[k] for k in odd], self._vocabulary)
        ends = np.cumsum(counts, dtype=np.int64)
        counts = np.array(counts, np.int64)
        counts[odd] = lengths
        return np.insert(ids, np.repeat(ends[odd], lengths), found), counts

    def save_warm(self, path: Path, texts: Sequence[str]) -> None:
        """Write the compiled model and the chunks of texts, for `load(warm=path)`.

        Texts that stand for what will be read: a labelled corpus, the dictionary's words. Nothing
        of the texts but their chunks is written. If the library itself does the work there is
        nothing to write.
        """
        if isinstance(self._way, Engine):
            self._way.segment(texts, Vocabulary())
            save_engine(path, self._way)


class _Library:
    """The plain way: the library, sentence by sentence."""

    def segment(
        self, texts: Sequence[str], vocabulary: Vocabulary
    ) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
        words = [installed.words(text) for text in texts]
        ids = vocabulary.numbers_of_texts([word for sentence in words for word in sentence])
        return np.array(ids, np.int32), np.array([len(s) for s in words], np.int64)


def _compile() -> Engine:
    return Engine(installed.rules(), _tables(installed.model_file()))


@cache
def _tables(model_file: Path) -> Tables:
    weights = read_weights(model_file)
    return compile_tables(weights, installed.templates(), installed.dictionary())


def _load_warm(path: Path) -> Engine | None:
    engine = load_engine(path)
    if engine is None:
        message = f"{path} is of another underthesea or Python; run make train for a quick start."
        warnings.warn(message, RuntimeWarning, stacklevel=3)
    return engine


def _library(reason: str) -> _Library:
    message = (
        "The installed underthesea is not the one whose words are computed quickly "
        f"({reason}); words come from the library itself, many times slower."
    )
    warnings.warn(message, RuntimeWarning, stacklevel=3)
    return _Library()
