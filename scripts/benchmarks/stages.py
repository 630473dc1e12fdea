"""CPU seconds of each stage over a file, in a process of its own; prints JSON.

The first third of the articles warms the process and is not counted, so the rest is new text for a
process that has been at work for a while. Run: python scripts/benchmarks/stages.py FILE.jsonl
"""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path
from time import process_time
from typing import TYPE_CHECKING, TypeVar

import pyarrow.parquet as pq

from pipeline import tables
from pipeline.classify.artefact import load_model
from pipeline.clean import clean_article
from pipeline.flow import join
from pipeline.records import RawArticle
from pipeline.segment import Segmenter
from pipeline.settings import WARM, model_path
from pipeline.split import split_sentences
from pipeline.targets import find_targets

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

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

    def run(self, raws: Sequence[RawArticle]) -> None:
        """Take a batch through all stages."""
        articles = self._timed("clean", lambda: [clean_article(r, r.text or "") for r in raws])
        documents = self._timed("split", lambda: [split_sentences(a) for a in articles])
        words, titles = self._timed(
            "segment",
            lambda: (
                self.segmenter.segment([s.text for d in documents for s in d.sentences]),
                self.segmenter.segment([d.article.title or "" for d in documents]),
            ),
        )
        predictions = self._timed("classify", lambda: self.model.predict(documents, words, titles))
        targets = self._timed("targets", lambda: [find_targets(d) for d in documents])
        labelled = self._timed(
            "join",
            lambda: [join(*each) for each in zip(documents, predictions, targets, strict=True)],
        )
        self._timed("write", lambda: _write(labelled))


def _write(labelled: Sequence[LabelledArticle]) -> None:
    for table in (tables.article_table, tables.sentence_table, tables.target_table):
        pq.write_table(table(labelled), io.BytesIO(), compression="zstd", compression_level=3)


def main(path: Path) -> None:
    """Warm up on the first third of a file, then time the stages on the rest."""
    records = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    raws = [
        RawArticle(path.name, id=str(n), title=r.get("title"), text=r["text"])
        for n, r in enumerate(records)
    ]
    batches = [raws[start : start + _BATCH] for start in range(0, len(raws), _BATCH)]
    third = len(batches) // 3
    stages = Stages()
    for batch in batches[:third]:
        stages.run(batch)
    stages.seconds.clear()
    for batch in batches[third:]:
        stages.run(batch)
    characters = sum(len(r.text or "") for batch in batches[third:] for r in batch)
    print(json.dumps({"characters": characters, "seconds": stages.seconds}))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
