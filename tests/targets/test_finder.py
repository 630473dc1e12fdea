"""Targets of whole documents: cases as data, inheritance, and what no text may break."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.records import Kind, Status
from pipeline.targets import explain_targets, find_all, find_targets, finder
from tests.targets.pages import page

CASES = Path(__file__).parents[1] / "cases" / "targets"
PIECES = [
    "80%", "từ 60 đến 70%", "1.200.000", "thứ 4/13", "đến năm 2030", "gấp đôi", "tối thiểu",
    "hai phần ba", "30/6/2026", "trở lên", "chỉ tiêu", ";", ":", "(", "tỷ lệ", "hồ sơ", "mỗi xã",
    "một", "giai đoạn 2025 - 2030", "quý III", "57-NQ/TW", "so với", "%", "5G", "lần/năm", "\n",
]  # fmt: skip


def _cases(name: str) -> list[Any]:
    path = CASES / name
    lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
    return [pytest.param(json.loads(line), id=f"{name}-{n}") for n, line in enumerate(lines)]


def _run(case: dict[str, Any]) -> list[dict[str, Any]]:
    document = page(
        *case.get("before", []), case["text"],
        title=case.get("title"), published=case.get("published"),
    )  # fmt: skip
    wanted = case["targets"][0].keys() if case["targets"] else ()
    return [
        {key: _plain(getattr(target, key)) for key in wanted}
        for target in find_targets(document)[-1]
    ]


def _plain(value: object) -> object:
    return value if value is None or isinstance(value, bool) else str(value)


@pytest.mark.parametrize("case", [*_cases("synthetic.jsonl"), *_cases("negative.jsonl")])
def test_a_sentence_holds_these_targets(case: dict[str, Any]) -> None:
    assert _run(case) == case["targets"]


@pytest.mark.parametrize("case", _cases("known_failures.jsonl"))
@pytest.mark.xfail(strict=True, reason="see the field `reason` of the case")
def test_a_known_failure_still_fails(case: dict[str, Any]) -> None:
    assert _run(case) == case["targets"]


def test_furniture_and_unaccented_copies_hold_nothing() -> None:
    kinds = (Kind.META, Kind.UNACCENTED_DUPLICATE, Kind.CAPTION)
    line = "Tỉnh phấn đấu 80% hộ dân có cáp quang."
    found = find_targets(page(line, line, line, kinds=kinds))
    assert [len(targets) for targets in found] == [0, 0, 1]


def test_the_trace_tells_what_was_inherited() -> None:
    document = page(
        "Mục tiêu cụ thể đến năm 2027:", "- Hộ dân có cáp quang: 82%.", "Thực hiện Nghị quyết 57."
    )
    steps = explain_targets(document).steps
    told = {step.surface: (step.outcome, step.inherited) for step in steps}
    assert told["82%"] == ("target", ("status from list_lead_in", "deadline from prev"))
    assert told["57"][0] == "set_aside"


def test_the_trace_and_the_targets_agree() -> None:
    document = page("Đến năm 2027, phấn đấu 82% hộ dân có cáp quang và 3 xã có trạm 5G.")
    found = [target for targets in find_targets(document) for target in targets]
    told = [s for s in explain_targets(document).steps if s.outcome != "set_aside"]
    assert [(t.start, t.end, t.rule) for t in found] == [(s.start, s.end, s.rule) for s in told]


@given(st.lists(st.lists(st.sampled_from(PIECES), min_size=1, max_size=30), max_size=4))
@settings(deadline=None, max_examples=100)
def test_documents_of_a_batch_do_not_touch_each_other(batch: list[list[str]]) -> None:
    documents = [page(" ".join(pieces).replace("\n", " ")) for pieces in batch]
    assert find_all(documents) == [find_targets(document) for document in documents]


@given(st.lists(st.text(min_size=1, max_size=80).filter(lambda t: "\n" not in t), max_size=4))
@settings(deadline=None, max_examples=150)
def test_no_text_breaks_the_finder(lines: list[str]) -> None:
    _check(lines or ["x"])


@given(st.lists(st.sampled_from(PIECES), min_size=1, max_size=30))
@settings(deadline=None, max_examples=200)
def test_no_mixture_of_numbers_breaks_the_finder(pieces: list[str]) -> None:
    _check([" ".join(pieces).replace("\n", " ")])


@given(st.lists(st.sampled_from(PIECES), min_size=1, max_size=30))
@settings(deadline=None, max_examples=200)
def test_no_level_is_passed_over_before_it_is_judged(pieces: list[str]) -> None:
    document = page(" ".join(pieces).replace("\n", " "))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(finder, "_may_measure", lambda *_: True)
        plain = find_targets(document)
    assert find_targets(document) == plain


def _check(lines: list[str]) -> None:
    document = page(*lines)
    found = find_targets(document)
    assert len(found) == len(document.sentences)
    for sentence, targets in zip(document.sentences, found, strict=True):
        end = 0
        for target in targets:
            assert end <= target.start
            assert sentence.text[target.start : target.end] == target.surface
            assert target.status is Status.TARGET or target.deadline is None
            end = target.end


def _steps(text: str) -> int:
    """Count calls of Python and C functions, which does not depend on the machine's load."""
    calls = 0

    def count(_frame: object, event: str, _argument: object) -> None:
        nonlocal calls
        calls += event in {"call", "c_call"}

    document = page(text)
    sys.setprofile(count)
    try:
        find_targets(document)
    finally:
        sys.setprofile(None)
    return calls


@pytest.mark.parametrize(
    "hostile",
    ["80% ", "1,", "đạt ", "đến năm 2030, ", "tỷ ", "từ ", "(", "hai phần ", "12/13 ", "một ",
     "aaaaaaaa", "chỉ tiêu 80%, ", "1.000.", "trừ a", "mỗi xã "],
)  # fmt: skip
def test_twice_the_text_costs_twice_the_steps(hostile: str) -> None:
    small, large = hostile * 2000 + "80%", hostile * 4000 + "80%"
    find_targets(page(small))
    assert _steps(large) <= 2.6 * _steps(small) + 2000
