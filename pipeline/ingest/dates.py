"""Publication dates as ISO strings."""

from __future__ import annotations

import re
import warnings
from functools import lru_cache

_ISO = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?(?:[T ].*)?")
_VIETNAMESE = re.compile(r"(?<!\d)(\d{1,2})[/.-](\d{1,2})[/.-]((?:19|20)\d{2})(?!\d)")


@lru_cache(maxsize=65_536)
def iso_date(text: str) -> str | None:
    """Return an ISO date or its leading part, or None for text that is no date.

    ISO forms and the Vietnamese day/month/year are read here; other forms by dateparser.

    >>> iso_date("2025-03-14T08:00:00+07:00"), iso_date("2025"), iso_date("Thứ sáu, 14/3/2025")
    ('2025-03-14', '2025', '2025-03-14')
    >>> iso_date("14 tháng 3 năm 2025"), iso_date("hôm nay trời đẹp")
    ('2025-03-14', None)
    """
    text = text.strip()
    iso = _ISO.fullmatch(text)
    if iso is not None:
        return "-".join(part for part in iso.groups() if part)
    slash = _VIETNAMESE.search(text)
    if slash is not None:
        return _valid(int(slash[3]), int(slash[2]), int(slash[1]))
    if len(text) > 64 or not any(c.isdigit() for c in text):  # noqa: PLR2004 - no date is longer
        return None
    import dateparser  # noqa: PLC0415 - takes half a second, seldom needed

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = dateparser.parse(text, languages=["vi", "en"], settings={"STRICT_PARSING": True})
    return found.date().isoformat() if found is not None else None


def _valid(year: int, month: int, day: int) -> str | None:
    import datetime  # noqa: PLC0415 - only to check the day

    try:
        return datetime.date(year, month, day).isoformat()
    except ValueError:
        return None
