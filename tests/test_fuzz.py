"""Random input through readers, cleaner, splitter and finder.

`make fuzz` drives the same two properties by coverage (`tests/coverage_fuzzing.py`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.survival import NAMES, Toll, survives_reading, survives_stages

if TYPE_CHECKING:
    from collections.abc import Callable

_PIECES = st.sampled_from(
    [
        "phấn đấu đến năm 2026",
        "90%",
        "1,2 triệu",
        "trên",
        "tỷ đồng",
        "hộ dân",
        "Ảnh: tư liệu",
        "\n\n",
        ".",
        ";",
        "- ",
        "“",
        "”",
        "14/3/2025",
        "a.a.a.a",
        "1.1.1.1",
        "<p>",
        "\x1b[31m",
        "\u202e",
        "\ud800",
        "quý III",
        "giai đoạn 2025-2030",
        "ph¸t triÓn ®­îc",
        "ñöôøng truyeàn",
    ]
)
TEXTS = st.lists(st.one_of(_PIECES, st.text(max_size=12)), max_size=40).map(" ".join)
BYTES = st.one_of(
    st.binary(max_size=3000),
    TEXTS.map(lambda text: text.encode("utf-8", "replace")),
    TEXTS.map(repr).map(str.encode),
)
EXAMPLES = pytest.mark.parametrize("examples", [60, pytest.param(2000, marks=pytest.mark.torture)])


def reading(toll: Toll) -> Callable[[], None]:
    """Return the property of the readers; what it tries is counted in `toll`."""

    @given(st.sampled_from(NAMES), BYTES)
    def survives(name: str, data: bytes) -> None:
        survives_reading(name, data, toll)

    return survives


def staging(toll: Toll) -> Callable[[], None]:
    """Return the property of the stages that see text."""

    @given(TEXTS)
    def survives(text: str) -> None:
        survives_stages(text, toll)

    return survives


@EXAMPLES
@pytest.mark.parametrize("make", [reading, staging])
def test_any_input_is_survived(
    make: Callable[[Toll], Callable[[], None]],
    examples: int,
    record_property: Callable[[str, Any], None],
) -> None:
    toll = Toll()
    health = list(HealthCheck)
    try:
        settings(max_examples=examples, deadline=None, suppress_health_check=health)(make(toll))()
    finally:
        record_property("torture", str(toll))
