"""Times are found where the plain pattern finds them."""

import random

from pipeline.targets import deadlines

PIECES = (
    *("1", "2", "15", "128", "2025", "1998", "20", "/", "-", ".", "\\/", ",", "%", " ", " ", "  "),
    *("năm", "tháng", "quý", "ngày", "sáu", "nửa", "đầu", "giữa", "cuối", "iv", "nay", "tới"),
    *("trong", "cả", "đến", "(", "x", "qua", "nữa", " năm ", " tháng "),
)


def test_the_search_for_starts_passes_over_no_time() -> None:
    chance = random.Random(7)
    for _ in range(6000):
        seen = "".join(chance.choices(PIECES, k=chance.randrange(1, 12)))
        plain = [match.span() for match in deadlines._TIME.finditer(seen)]
        assert [match.span() for match in deadlines._find(seen)] == plain, seen
