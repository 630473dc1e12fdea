"""What must hold for any input: no crash, nothing lost or doubled, exact offsets, a stable text."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

from pipeline.clean import clean_article
from pipeline.errors import InputError
from pipeline.ingest import loads, read_article
from pipeline.ingest.fragments import fragment_text
from pipeline.ingest.language import why_not_vietnamese
from pipeline.ingest.loads import UNEXPECTED
from pipeline.records import RawArticle, Reject
from pipeline.split import split_sentences
from pipeline.targets import find_targets

NAMES = ("a.txt", "a.html", "a.jsonl", "a.csv", "a.rss", "a.warc", "a.parquet", "a.xlsx", "a.gz")


@dataclass(slots=True)
class Toll:
    """Inputs that were tried and survived; records of them that were lost or doubled."""

    tried: int = 0
    survived: int = 0
    lost: int = 0
    doubled: int = 0

    def __str__(self) -> str:
        return f"{self.tried} {self.survived} {self.lost} {self.doubled}"


def survives_reading(name: str, data: bytes, toll: Toll) -> None:
    """Read bytes as a file of this name: articles, rejects, or a message that says why not."""
    toll.tried += 1
    with TemporaryDirectory() as folder:
        path = Path(folder, name)
        path.write_bytes(data)
        try:
            done = [read_article(load) for load in loads([str(path)])]
        except InputError as error:
            done = []
            toll.lost += not str(error)
        else:
            toll.lost += not done
    toll.doubled += sum(n > 1 for n in Counter(r.record for r in done if r.record).values())
    assert (toll.lost, toll.doubled) == (0, 0)
    assert not any(isinstance(r, Reject) and r.reason.startswith(UNEXPECTED) for r in done)
    for article in done:
        if isinstance(article, RawArticle):
            survives_stages(article.text or "", Toll())
    toll.survived += 1


def survives_stages(text: str, toll: Toll) -> None:
    """Clean, split and find targets: spans are exact, and a cleaned text is clean."""
    toll.tried += 1
    why_not_vietnamese(text)
    fragment_text(text)
    article = clean_article(RawArticle("a.txt", text=text), text)
    again = clean_article(RawArticle("a.txt", text=article.text), article.text)
    assert again.text == article.text
    document = split_sentences(article)
    ends = [(sentence.start, sentence.end) for sentence in document.sentences]
    toll.doubled += sum(before[1] > after[0] for before, after in pairwise(ends))
    kept = "".join(article.text[start:end] for start, end in ends)
    toll.lost += len("".join(article.text.split())) - len("".join(kept.split()))
    assert (toll.lost, toll.doubled) == (0, 0)
    for sentence, found in zip(document.sentences, find_targets(document), strict=True):
        assert article.text[sentence.start : sentence.end] == sentence.text
        for target in found:
            assert sentence.text[target.start : target.end] == target.surface
    toll.survived += 1
