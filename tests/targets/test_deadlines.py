"""Times are found where the plain pattern finds them."""

import random

from pipeline.targets import deadlines, page

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


def test_no_full_date_is_passed_over() -> None:
    chance = random.Random(8)
    full = 0
    for _ in range(6000):
        seen = "".join(chance.choices(PIECES, k=chance.randrange(1, 12)))
        for day in ("", f"{chance.randrange(1, 32)}/{chance.randrange(1, 13)}", "ngày 3 tháng 4"):
            text = seen + day + chance.choice(["/", "-", " ", "\\/", ", năm "]) + "2024"
            times = deadlines.scan_times("", text, None)
            if any(time.exact and time.year is not None for time in times):
                full += 1
                assert any(date.search(text) for date in page._FULL_DATES), text
    assert full > 3000
