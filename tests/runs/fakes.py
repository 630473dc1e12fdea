"""A labeller without a model, and what may go wrong with one."""

from __future__ import annotations

import os
import re
import signal
import time
from decimal import Decimal
from typing import TYPE_CHECKING

from pipeline.records import (
    Article,
    Block,
    Comparator,
    Kind,
    LabelledArticle,
    LabelledSentence,
    Pillar,
    Prediction,
    Sentence,
    Status,
    Target,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.records import RawArticle

_SENTENCE = re.compile(r"[^.\n]+")
_NUMBER = re.compile(r"\d+")


def make_labeller() -> FakeLabeller:
    """Return the labeller; importable, so workers can make their own."""
    return FakeLabeller()


class FakeLabeller:
    """Sentences end at full stops, every number is a target, `society` where it says so.

    Words in the text make it misbehave: `#raise`, `#die` (SIGKILL), `#hang`, `#spin`, `#slow`.
    """

    def __call__(self, raws: Sequence[RawArticle]) -> list[LabelledArticle]:
        for raw in raws:
            _misbehave(raw.text or "")
        return [_label(raw) for raw in raws]


def _misbehave(text: str) -> None:
    if "#raise" in text:
        message = "asked for"
        raise KeyError(message)
    if "#die" in text:
        os.kill(os.getpid(), signal.SIGKILL)
    if "#hang" in text:
        while True:
            time.sleep(0.01)
    if "#spin" in text:
        sum(range(10**12))  # in C, deaf to signals
    if "#slow" in text:
        time.sleep(0.05)


def _label(raw: RawArticle) -> LabelledArticle:
    text = raw.text or ""
    spans = [m.span() for m in _SENTENCE.finditer(text) if m[0].strip()]
    article = Article(
        id=raw.id or "",
        path=raw.path,
        text=text,
        blocks=tuple(Block(start, end, Kind.BODY) for start, end in spans),
        record=raw.record,
        url=raw.url,
        source=raw.source,
        title=raw.title,
        published=raw.published,
        riders=raw.riders,
    )
    sentences = tuple(
        _label_sentence(Sentence(at, start, end, text[start:end], Kind.BODY, at))
        for at, (start, end) in enumerate(spans)
    )
    return LabelledArticle(article, sentences)


def _label_sentence(sentence: Sentence) -> LabelledSentence:
    said = "xã hội" in sentence.text
    primary = Pillar.SOCIETY if said else None
    prediction = Prediction((primary,) if primary else (), primary, (0.1, 0.1, 0.9, 0.1))
    found = tuple(
        Target(m.start(), m.end(), m[0], Decimal(m[0]), Comparator.EQUAL, "x", Status.TARGET, "r")
        for m in _NUMBER.finditer(sentence.text)
    )
    return LabelledSentence(sentence, prediction, found)
