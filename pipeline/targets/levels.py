"""The level test: does a number say how much of an indicator or an output? (guideline 3.2, 3.3)."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from pipeline.records import Comparator, Status
from pipeline.targets.lexical import forms, holds, holds_any, late
from pipeline.targets.status import COMPLETES, DELIVERS
from pipeline.targets.traps import OUTCOME

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pipeline.targets.quantities import Quantity

is_digital_page = holds_any(forms("units", "digital_page"))
# The gate and every count of a sentence ask the same.
is_digital = lru_cache(maxsize=1024)(holds(forms("units", "digital")))
_REDUCED = late(r"(?:còn|xuống|xuống còn|rút ngắn|giảm|chỉ còn)(?: +[^\W\d_]+){0,3} *$")
_SCORES = late(r"(?:điểm số|chỉ số|đạt|với|index|dti|par|pci|papi|sipas|điểm)[^\d;]{0,40}$")
_INDEXES = late(r"(?:điểm số|chỉ số|index|dti|par|pci|papi|sipas)[^\d;]{0,40}$")
_VOLUME = late(rf"(?:{'|'.join(forms('units', 'volume'))})[^\d;]{{0,40}}$")
NAMED = (
    r"(?:số|số lượng|lượng|tổng số|tổng cộng) "
    r"[^\d;:]{0,60}(?:là|đạt|lên|tới|có|gồm|nhận) *(?:tới|đến|là)? *"
)
DONE = r"(?:đã|đều|đạt|hoàn thành|sẽ|có đài|được cấp|được kết nối)(?![^\W_])"
DOES = (
    r"(?:(?:đã |được )?(?:kích hoạt|cài đặt|cài|cấp|đào tạo|tập huấn|đăng ký)"
    r"|có tài khoản|dùng)(?![^\W_])"
)
_NAMED = late(rf"(?:^|[^\w]){NAMED}$")
_DONE_BEHIND = late(rf"(?: +[^\W\d_]+){{0,3}}? +{DONE}")
_DOES_BEHIND = late(rf"(?: +[^\W\d_]+){{0,2}}? +{DOES}")
_SURE = frozenset({"percent", "permille", "point", "rank", "speed"})
_PEOPLE = frozenset(forms("units", "bystander"))
REACH = 56
_WINDOW = 80


def verb_before(verbs: re.Pattern[str], seen: str, start: int) -> bool:
    """True if one of the verbs stands shortly before a place in its clause."""
    window = seen[max(0, start - REACH) : start]
    cut = max(window.rfind(mark) for mark in ";:.(")
    return verbs.search(window, cut + 1) is not None


def measures(  # noqa: PLR0911 - rules in turn
    seen: str,
    quantity: Quantity,
    status: Status,
    before: Sequence[Quantity],
    *,
    digital: Callable[[], bool],
    quota: bool,
) -> bool:
    """Tell whether a quantity is a level of something; `before` holds those already accepted.

    `quota` says that it is a quota or what a quota is held against;
    `digital` tells whether sentence or page speaks of digital things: plain counts ask it.
    """
    kind = quantity.kind
    if quantity.spelled and kind in {"output", "count", "duration"}:
        return _spelled_counts(quantity, before)
    if kind == "permille" and quantity.spelled:
        return False
    if kind in _SURE:
        return True
    if kind == "fold":
        unfolded = quantity.spelled and quantity.value == 1
        return (
            quantity.comparator is Comparator.MULTIPLE
            and not unfolded
            and not _fold_to_level(seen, quantity)
        )
    if kind == "frequency":
        return status is Status.TARGET or not quantity.spelled
    ahead = seen[max(0, quantity.start - _WINDOW) : quantity.start]
    if kind == "money":
        return OUTCOME.search(ahead) is not None or any(q.kind == "money" for q in before)
    if kind == "score":
        threshold = quantity.explicit and not quota
        return (
            _SCORES.search(ahead) is not None and not threshold
        ) or "index_below_one" in quantity.rules
    if quota and kind in {"count", "output", "measure"}:
        return True
    if kind in {"duration", "measure"}:
        return _extends(quantity, status, ahead)
    return _counts(seen, quantity, status, before, digital=digital())


def _spelled_counts(quantity: Quantity, before: Sequence[Quantity]) -> bool:
    """Number words count with a bound or where each bearer gets one; "trên một" is no bound."""
    if "per_bearer" in quantity.rules:
        return quantity.explicit or not before
    return quantity.explicit and not (
        quantity.value == 1 and quantity.comparator is Comparator.MORE_THAN
    )


def _fold_to_level(seen: str, quantity: Quantity) -> bool:
    """True for "tăng gấp đôi thành hơn 20%": the level that follows is what counts."""
    behind = seen[quantity.end : quantity.end + 24]
    return re.match(r" +(?:thành|lên|để đạt|mức)[^,;.]{0,12}\d", behind) is not None


def _extends(quantity: Quantity, status: Status, ahead: str) -> bool:
    bounded = quantity.comparator in {Comparator.AT_LEAST, Comparator.AT_MOST}
    aimed = status is Status.TARGET and bounded and quantity.kind == "duration"
    reduced = quantity.kind == "duration" and _REDUCED.search(ahead) is not None
    volume = quantity.kind == "measure" and _VOLUME.search(ahead) is not None
    return reduced or aimed or volume


def _counts(
    seen: str,
    quantity: Quantity,
    status: Status,
    before: Sequence[Quantity],
    *,
    digital: bool,
) -> bool:
    aimed = status is Status.TARGET and (quantity.explicit or quantity.changes)
    if not digital:
        return status is Status.TARGET and verb_before(DELIVERS, seen, quantity.start)
    if quantity.kind == "output" or quantity.out_of is not None or aimed:
        return True
    ahead = seen[max(0, quantity.start - _WINDOW) : quantity.start]
    if _NAMED.search(ahead) or "count_heads_the_clause" in quantity.rules:
        return True
    verbs = COMPLETES if quantity.unit in {"chỉ tiêu", "tiêu chí", "nhiệm vụ"} else DELIVERS
    if verb_before(verbs, seen, quantity.start):
        return True
    accompanied = quantity.explicit and any(q.kind == "output" for q in before)
    if _DOES_BEHIND.match(seen, quantity.end):
        return True
    done = _DONE_BEHIND.match(seen, quantity.end) is not None
    return accompanied or (done and quantity.unit not in _PEOPLE)
