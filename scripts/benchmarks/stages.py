"""CPU seconds of each stage over a file, in a process of its own; prints JSON.

The first third of the articles warms the process and is not counted, so the rest is new text for a
process that has been at work for a while. Run: python scripts/benchmarks/stages.py FILE.jsonl
"""

from __future__ import annotations

import io
import json
import sys
from itertools import count, islice
from pathlib import Path
from time import process_time
from typing import TYPE_CHECKING, TypeVar

from pipeline import tables
from pipeline.classify.artefact import load_model
from pipeline.clean import clean_all
from pipeline.duplicates import signatures
from pipeline.flow import join_all
from pipeline.ingest import Load, loads, read_article
from pipeline.ingest.language import why_not_vietnamese
from pipeline.records import RawArticle
from pipeline.runs.work import pack
from pipeline.segment import Segmenter
from pipeline.settings import WARM, model_path
from pipeline.split import split_sentences
from pipeline.targets import find_all

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from pipeline.records import LabelledArticle

    Made = TypeVar("Made")

_BATCH = 256


class Stages:
    """The pipeline with a clock at each stage."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self.segmenter = Segmenter.load(model_path() / WARM)
        self.model = load_model(model_path()).model

    def _timed(self, name: str, call: Callable[[], Made]) -> Made:
        start = process_time()
        made = call()
        self.seconds[name] = self.seconds.get(name, 0.0) + process_time() - start
        return made

    def read(self, source: Iterator[Load]) -> list[RawArticle]:
        """Read a batch, see that it is Vietnamese."""
        read = self._timed("read", lambda: [read_article(x) for x in islice(source, _BATCH)])
        raws = [raw for raw in read if isinstance(raw, RawArticle)]
        self._timed("language", lambda: [why_not_vietnamese(raw.text or "") for raw in raws])
        return raws

    def run(self, raws: Sequence[RawArticle]) -> None:
        """Take a batch through all stages."""
        articles = self._timed("clean", lambda: clean_all(raws))
        documents = self._timed("split", lambda: [split_sentences(a) for a in articles])
        words, titles = self._timed(
            "segment",
            lambda: (
                self.segmenter.segment([s.text for d in documents for s in d.sentences]),
                self.segmenter.segment([d.article.title or "" for d in documents]),
            ),
        )
        predictions = self._timed("classify", lambda: self.model.predict(documents, words, titles))
        targets = self._timed("targets", lambda: find_all(documents))
        labelled = self._timed("join", lambda: join_all(documents, predictions, targets))
        self._timed("copies", lambda: signatures([a.article.text for a in labelled]))
        self._timed("write", lambda: _write(labelled))


def _write(labelled: Sequence[LabelledArticle]) -> None:
    for table in (tables.article_table, tables.sentence_table, tables.target_table):
        pack(table(labelled), io.BytesIO())


def main(path: Path) -> None:
    """Warm up on the first third of a file, then time the stages on the rest."""
    with path.open("rb") as lines:
        warming = sum(1 for _ in lines) // _BATCH // 3
    stages = Stages()
    source = loads([str(path)])
    characters = 0
    for number in count():
        if number == warming:
            stages.seconds.clear()
            characters = 0
        batch = stages.read(source)
        if not batch:
            break
        stages.run(batch)
        characters += sum(len(raw.text or "") for raw in batch)
    print(json.dumps({"characters": characters, "seconds": stages.seconds}))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
