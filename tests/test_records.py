"""Records refuse what breaks their invariants, and cannot be changed."""

from __future__ import annotations

import inspect
import pickle
from dataclasses import FrozenInstanceError, asdict, dataclass, replace
from decimal import Decimal

import numpy as np
import pytest

from pipeline.quick_records import quickly_made
from pipeline.records import (
    PILLARS,
    Article,
    Block,
    Comparator,
    Document,
    Kind,
    LabelledSentence,
    Pillar,
    Prediction,
    RawArticle,
    Sentence,
    Status,
    Target,
    WordBatch,
)

G, E = Pillar.GOVERNMENT, Pillar.ECONOMY
SCORES = (0.1, 0.2, 0.3, 0.4)
SENTENCE = Sentence(0, 0, 9, "Có 5 quầy", Kind.BODY, 0)
ARTICLE = Article("a", "-", "Có 5 quầy", (Block(0, 9, Kind.BODY),))
TARGET = Target(3, 4, "5", Decimal(5), Comparator.EQUAL, "quầy", Status.TARGET, "test")


def test_pillars_have_their_fixed_order() -> None:
    assert [p.value for p in PILLARS] == ["government", "economy", "society", "infrastructure"]


def test_a_raw_article_has_either_text_or_html() -> None:
    assert RawArticle("-", text="").html is None
    for fields in ({}, {"text": "a", "html": "b"}):
        with pytest.raises(ValueError, match="exactly one of text and html"):
            RawArticle("-", **fields)  # type: ignore[arg-type]


@pytest.mark.parametrize(("start", "end"), [(0, 0), (3, 2), (-1, 2)])
def test_a_block_is_not_empty(start: int, end: int) -> None:
    with pytest.raises(ValueError, match="empty or negative block"):
        Block(start, end, Kind.BODY)


def test_blocks_are_in_order_and_inside_the_text() -> None:
    first, second = Block(0, 3, Kind.TITLE), Block(3, 5, Kind.BODY)
    assert Article("a", "-", "abcde", (first, second)).blocks == (first, second)
    with pytest.raises(ValueError, match="overlap or are out of order"):
        Article("a", "-", "abcde", (second, first))
    with pytest.raises(ValueError, match="ends behind the text"):
        Article("a", "-", "abcd", (first, second))


def test_a_sentence_is_as_long_as_its_span() -> None:
    for end in (8, 10, 0):
        with pytest.raises(ValueError, match="differ in length"):
            replace(SENTENCE, end=end)


def test_sentences_of_a_document_are_those_of_the_article() -> None:
    assert Document(ARTICLE, (SENTENCE,)).sentences == (SENTENCE,)
    with pytest.raises(ValueError, match="count from 0"):
        Document(ARTICLE, (replace(SENTENCE, index=1),))
    with pytest.raises(ValueError, match="differs from the article"):
        Document(ARTICLE, (replace(SENTENCE, text="Có 6 quầy"),))
    with pytest.raises(ValueError, match="overlap or are out of order"):
        Document(ARTICLE, (SENTENCE, replace(SENTENCE, index=1)))


def test_a_prediction_has_a_primary_if_and_only_if_it_has_pillars() -> None:
    assert Prediction((G, E), E, SCORES).primary is E
    for pillars, primary in (((), G), ((G,), None), ((G,), E)):
        with pytest.raises(ValueError, match="primary"):
            Prediction(pillars, primary, SCORES)
    for unordered in ((E, G), (G, G)):
        with pytest.raises(ValueError, match="pillar order"):
            Prediction(unordered, G, SCORES)


def test_a_target_refuses_slots_that_do_not_fit() -> None:
    with pytest.raises(ValueError, match="span and surface differ"):
        replace(TARGET, surface="55")
    with pytest.raises(ValueError, match="is not a bound"):
        replace(TARGET, bound=Comparator.EQUAL)
    with pytest.raises(ValueError, match="a result has no deadline"):
        replace(TARGET, status=Status.RESULT, deadline="2030")
    with pytest.raises(ValueError, match="needs its upper end"):
        replace(TARGET, comparator=Comparator.RANGE)


def test_only_targets_count_as_targets() -> None:
    label = Prediction((), None, SCORES)
    assert LabelledSentence(SENTENCE, label, (TARGET,)).has_target
    result = replace(TARGET, status=Status.RESULT)
    assert not LabelledSentence(SENTENCE, label, (result,)).has_target
    with pytest.raises(ValueError, match="a surface differs"):
        LabelledSentence(SENTENCE, label, (replace(TARGET, start=0, end=1),))
    with pytest.raises(ValueError, match="targets overlap"):
        LabelledSentence(SENTENCE, label, (TARGET, TARGET))


def test_records_cannot_be_changed() -> None:
    with pytest.raises(FrozenInstanceError):
        SENTENCE.text = "x"  # type: ignore[misc]


def _refuse_negative(number: int) -> None:
    if number < 0:
        message = "negative"
        raise ValueError(message)


@dataclass(frozen=True, slots=True)
class Plain:
    first: int
    second: str
    third: tuple[int, ...] = (1, 2)

    def __post_init__(self) -> None:
        _refuse_negative(self.first)


@quickly_made
@dataclass(frozen=True, slots=True)
class Quick:
    first: int
    second: str
    third: tuple[int, ...] = (1, 2)

    def __post_init__(self) -> None:
        _refuse_negative(self.first)


def test_a_quickly_made_record_is_made_as_a_plain_one() -> None:
    assert inspect.signature(Quick) == inspect.signature(Plain)
    for made in (Quick(1, "a"), Quick(first=1, second="a"), replace(Quick(2, "a"), first=1)):
        assert asdict(made) == asdict(Plain(1, "a"))
        assert pickle.loads(pickle.dumps(made)) == made
    with pytest.raises(ValueError, match="negative"):
        Quick(-1, "a")
    with pytest.raises(TypeError, match="missing 1 required positional argument: 'second'"):
        Quick(1)  # type: ignore[call-arg]
    with pytest.raises(FrozenInstanceError):
        Quick(1, "a").first = 2  # type: ignore[misc]


def test_a_word_batch_gives_the_words_of_each_sentence() -> None:
    batch = WordBatch(["a", "b"], np.array([1, 0, 1], np.int32), np.array([0, 2, 2, 3]))
    assert [batch.words(k) for k in range(len(batch))] == [["b", "a"], [], ["b"]]


def test_furniture_and_copies_are_told_apart() -> None:
    furniture = {k.value for k in Kind if k.is_furniture}
    assert furniture == {"credit", "byline", "meta", "widget", "source", "unaccented_duplicate"}
    copies = {k.value for k in Kind if k.is_copy}
    assert copies == {"caption_duplicate", "duplicate", "unaccented_duplicate"}
