"""Rules P1–P5 of the primary pillar, each with sentences that only that rule decides."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.classify.concepts import concepts
from pipeline.classify.primary import _item_places, choose_primary, governing_pillar
from pipeline.records import (
    PILLARS,
    Article,
    Block,
    Comparator,
    Document,
    Kind,
    Pillar,
    Prediction,
    Sentence,
    Status,
    Target,
)

G, E, S, I = PILLARS  # noqa: E741 - the letters of the guideline


def _document(*blocks: tuple[str, ...]) -> Document:
    """Return a document of blocks, each of sentences joined by a blank."""
    text, made = "", []
    sentences: list[Sentence] = []
    for number, block in enumerate(blocks):
        begin = len(text)
        for sentence in block:
            start = len(text)
            text += f"{sentence} "
            sentences.append(
                Sentence(len(sentences), start, start + len(sentence), sentence, Kind.BODY, number)
            )
        made.append(Block(begin, len(text) - 1, Kind.BODY))
    return Document(Article("a1", "-", text, tuple(made)), tuple(sentences))


def _primary(
    document: Document,
    pillars: tuple[Pillar, ...],
    targets: tuple[Target, ...] = (),
    scores: tuple[float, float, float, float] = (0.5, 0.5, 0.5, 0.5),
) -> Pillar | None:
    """Return the primary pillar of the last sentence."""
    first = pillars[0] if pillars else None
    prediction = Prediction(pillars, first, scores)
    return choose_primary(document, document.sentences[-1], prediction, targets)


def _number(pillar: Pillar, at: int) -> Target:
    return Target(
        start=at,
        end=at + 1,
        surface="8",
        value=Decimal(8),
        comparator=Comparator.EQUAL,
        unit="%",
        status=Status.RESULT,
        rule="test",
        pillar=pillar,
    )


def test_a_sentence_without_a_pillar_has_no_primary() -> None:
    assert _primary(_document(("Trời nắng đẹp.",)), ()) is None


def test_a_single_pillar_is_primary_whatever_the_words_say() -> None:
    assert _primary(_document(("Về kinh tế số, xã chưa làm.",)), (S,)) is S


@pytest.mark.parametrize(
    ("text", "pillar"),
    [
        ("Về chính quyền số, thôn nào cũng có tổ hỗ trợ.", G),
        ("Đối với kinh tế số, hợp tác xã bán trà qua mạng.", E),
        ("Trong phát triển xã hội số, lớp học đêm đã mở.", S),
        ("2. Hạ tầng số: kéo cáp tới mọi bản.", I),
        ("Phát triển kinh tế số, huyện giúp bà con mở gian hàng.", E),
        ("XÃ HỘI SỐ", S),
    ],
)
def test_a_pillar_that_governs_the_clause_is_found(text: str, pillar: Pillar) -> None:
    assert governing_pillar(text) is pillar


@pytest.mark.parametrize(
    "text",
    [
        "Kinh tế số chiếm một phần năm sản lượng.",
        "Huyện đã bàn nhiều chuyện.",
        "Tỷ trọng kinh tế số tăng, theo sở.",
        "",
    ],
)
def test_a_pillar_that_is_only_named_governs_nothing(text: str) -> None:
    assert governing_pillar(text) is None


def test_the_first_of_two_governing_pillars_counts() -> None:
    assert governing_pillar("Về xã hội số, kinh tế số: còn nhiều việc.") is S


def test_p1_the_governing_pillar_beats_numbers_and_scores() -> None:
    document = _document(("Về xã hội số, 88 hộ bán hàng trên sàn thương mại điện tử.",))
    assert _primary(document, (E, S), (_number(E, 14),), (0, 0.99, 0.6, 0)) is S


def test_p1_a_governing_pillar_that_was_not_given_does_not_count() -> None:
    document = _document(("Về hạ tầng số, xã có 8 chợ trên sàn thương mại điện tử.",))
    assert _primary(document, (E, S), scores=(0, 0.9, 0.6, 0)) is E


def test_p2_the_pillar_of_most_numbers_beats_words() -> None:
    text = "Sàn thương mại điện tử và ví điện tử mở 8 gian, dạy 8 lớp, tặng 8 máy."
    at = [i for i, c in enumerate(text) if c == "8"]
    numbers = (_number(E, at[0]), _number(S, at[1]), _number(S, at[2]))
    assert _primary(_document((text,)), (E, S), numbers, (0, 0.9, 0.6, 0)) is S


def test_p3_most_content_items_win_where_numbers_tie() -> None:
    text = "Xã có dịch vụ công trực tuyến, chữ ký số, một cửa và 5G."
    assert _primary(_document((text,)), (G, I), scores=(0.5, 0, 0, 0.99)) is G


def test_p4_the_lead_in_of_a_list_decides_a_tie() -> None:
    item = "Phủ 5G và mở dịch vụ công trực tuyến."
    lead = "Về chính quyền số, xã sẽ:"
    scores = (0.5, 0.0, 0.0, 0.99)
    assert _primary(_document((lead, item)), (G, I), scores=scores) is G
    assert _primary(_document(("Xã sẽ:", item)), (G, I), scores=scores) is I


def test_p4_a_heading_in_another_block_decides_too() -> None:
    item = "Phủ 5G và mở dịch vụ công trực tuyến."
    assert _primary(_document(("1. Chính quyền số",), (item,)), (G, I)) is G


def test_p4_a_sentence_of_the_same_paragraph_is_no_heading() -> None:
    item = "Phủ 5G và mở dịch vụ công trực tuyến."
    assert _primary(_document(("Về chính quyền số, xã đã xong.", item)), (G, I)) is I


def test_p4_a_heading_too_far_above_does_not_count() -> None:
    item = "Phủ 5G và mở dịch vụ công trực tuyến."
    far = [("Bà con gặt lúa.",)] * 8
    assert _primary(_document(("1. Chính quyền số",), *far, (item,)), (G, I)) is I
    assert _primary(_document(("1. Chính quyền số",), *far[:7], (item,)), (G, I)) is G


def test_p5_the_pillar_mentioned_first_wins_a_tie() -> None:
    for text, first in (
        ("Phủ 5G rồi mở dịch vụ công trực tuyến.", I),
        ("Mở dịch vụ công trực tuyến rồi phủ 5G.", G),
    ):
        scores = (0.5, 0, 0, 0.99) if first is G else (0.99, 0, 0, 0.5)
        assert _primary(_document((text,)), (G, I), scores=scores) is first


def test_without_any_words_the_highest_probability_decides() -> None:
    document = _document(("Họ đã làm việc này từ lâu.",))
    assert _primary(document, (G, S), scores=(0.6, 0, 0.7, 0)) is S
    assert _primary(document, (G, S), scores=(0.8, 0, 0.7, 0)) is G


@cache
def _item_pattern(pillar: Pillar) -> re.Pattern[str]:
    forms = [f for c in concepts() if c.pillar == pillar for f in c.forms if "…" not in f]
    body = "|".join(sorted(map(re.escape, forms), key=len, reverse=True))
    return re.compile(rf"(?<!\w)(?:{body})(?!\w)")


_FORMS = [form for concept in concepts() for form in concept.forms]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from(_FORMS), st.sampled_from((" ", ", ", "", "_", ".", "("))))
)
def test_items_are_those_of_one_expression(parts: list[tuple[str, str]]) -> None:
    text = "".join(form + behind for form, behind in parts)
    for pillar in PILLARS:
        expected = [match.start() for match in _item_pattern(pillar).finditer(text)]
        assert _item_places(text, [pillar]) == {pillar: expected}
