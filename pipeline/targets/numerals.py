"""Digits and number words read as decimals (guideline 5.1).

Vietnamese writes a decimal comma and groups thousands by dots or spaces; some pages mix that with
the English way. What a page does is read once and then applied to each number.
"""

from __future__ import annotations

import unicodedata
from decimal import Decimal
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, NamedTuple

from pipeline.targets.lexical import (
    WORD_END,
    WORD_START,
    alternation,
    forms,
    holds,
    late,
    rows,
    view,
)

if TYPE_CHECKING:
    import re

_DIGITS: dict[str, int] = rows("numerals", "digit")[0]["values"]
_TEN: str = rows("numerals", "ten")[0]["one"]
_TENS = frozenset(rows("numerals", "ten")[0]["many"])
_HUNDRED = frozenset(forms("numerals", "hundred"))
_LINK = frozenset(forms("numerals", "zero_link"))
_HALF = frozenset(forms("numerals", "half"))
_SCALES = {
    form: 10 ** int(row["power"]) for row in rows("numerals", "scale") for form in row["forms"]
}
_BILLION = 10**9
_YEAR = "năm"
_TIMES: dict[str, str] = rows("numerals", "times_word")[0]["forms"]
_NOT_A_SCALE = alternation(
    word for row in rows("numerals", "scale") for word in row.get("not_before", [])
)
SCALE = f"(?:{alternation(_SCALES)})(?! +(?:{_NOT_A_SCALE}){WORD_END}){WORD_END}"
PLAIN = (
    r"\d{1,3}(?:\.\d{3}){1,5}(?:,\d{1,4})?(?!\d)"
    r"|\d{1,3}(?: \d{3}){1,5}(?![\d%]| *%)"
    r"|\d{1,15}(?:[.,]\d{1,9}){0,5}"
)
_NUMBER_WORD = alternation([*_DIGITS, _TEN, *_TENS, *_HUNDRED, *_LINK, *_HALF, *_SCALES])
SPELLED = f"{WORD_START}(?:{_NUMBER_WORD}){WORD_END}(?: +(?:{_NUMBER_WORD}){WORD_END}){{0,24}}"
_SHARE_WORDS = alternation(forms("numerals", "share_word"))
ALL_OF = forms("numerals", "all_of")
_SHARE_LINK = alternation(forms("numerals", "share_link"))
HALF = rf"(?:{alternation(_HALF)}){WORD_END}"
PARTS = rf"(?:{_SHARE_LINK}) +(?!trăm){SPELLED}"
WHOLES = rf"(?:{alternation([*_TIMES, *forms('numerals', 'share_word')])}){WORD_END}|nửa +{SCALE}"
NUMBER_WORDS = [*_DIGITS, _TEN, *_TENS, *_HUNDRED, *_LINK, *_HALF, *_SCALES]
NUMBER_STARTS = [*NUMBER_WORDS, *_TIMES, "nửa", *forms("numerals", "share_word")]
"""What every number in words begins with."""
_FIRST_WORDS = {
    form.split()[0]
    for form in (*_DIGITS, _TEN, *_TENS, *_HUNDRED, *_LINK, *_HALF, *_SCALES, *_TIMES,
                 *forms("numerals", "share_word"), "nửa")
}  # fmt: skip
# The character before comes first: `re` skips to it without trying the rest elsewhere.
_NUMERAL = late(
    rf"[\W_](?:(?=\d)(?P<digits>(?<!\d[.,])(?:{PLAIN}))"
    rf"(?: *(?P<scale>{SCALE}(?: +{SCALE})?)(?P<half> +(?:{alternation(_HALF)}){WORD_END})?)?"
    rf"|(?=(?:{alternation(_FIRST_WORDS)}){WORD_END})"
    rf"(?:(?P<times>(?:{alternation(_TIMES)}){WORD_END})"
    rf"|(?P<half_scale>nửa +(?P<halved>{SCALE}))"
    rf"|(?P<share>(?:{_SHARE_WORDS}){WORD_END})"
    rf"|(?P<words>{SPELLED})(?: +(?:{_SHARE_LINK}) +(?P<parts>(?!trăm){SPELLED}))?))"
)
_DIGIT = late(r"\d")
_holds_trigger = holds(forms("numerals", "trigger"))
_ASCII_DIGIT = late("[0-9]")


def _behind(mark: str, never: str) -> str:
    """Return a pattern for a mark behind one to three digits, themselves not behind `never`.

    The mark comes first and looks back: `re` skips to it without trying the pattern elsewhere.
    """
    ways = (rf"(?<=(?<![{never}]){digits}{mark})" for digits in (r"\d", r"\d\d", r"\d\d\d"))
    return f"{mark}(?:{'|'.join(ways)})"


_DECIMALS = r"\d{1,2}(?= *(?:%|triệu|tỷ|tỉ|lần|điểm))"
_DECIMAL_DOT = late(_behind(r"\.", r"\d.,/") + _DECIMALS)
_DECIMAL_COMMA = late(_behind(",", r"\d.,/") + _DECIMALS)
_COMMA_GROUPS = late(_behind(",", r"\d.,") + r"(?:000(?!\d)|\d{3}(?:,\d{3})+)")
_ONE = Decimal(1)
_GROUP = 3
_SHORT = 20


class Convention:
    """How a page writes numbers: a dot before decimals, commas between thousands.

    Read from those numbers of the page that leave no doubt, when a number is first in doubt.

    >>> Convention("đạt 93.53%, tăng 2 lần").decimal_dot
    True
    >>> Convention("doanh thu 3,000 tỷ đồng").comma_groups
    True
    """

    def __init__(self, text: str) -> None:
        """Take the text of the page."""
        self._text = text

    @cached_property
    def decimal_dot(self) -> bool:
        """True if a dot stands before decimals."""
        found = _DECIMAL_DOT.search(self._text) is not None
        return found and not _DECIMAL_COMMA.search(self._text)

    @cached_property
    def comma_groups(self) -> bool:
        """True if commas stand between thousands."""
        return _COMMA_GROUPS.search(self._text) is not None


VIETNAMESE = Convention("")


class Numeral(NamedTuple):
    """A number found in a view: its span, its value and the rule of language that read it."""

    start: int
    end: int
    value: Decimal
    rule: str
    scale: int = 1
    fraction: bool = False

    @property
    def spelled(self) -> bool:
        """True for a number in words, which counts only where it plainly quantifies."""
        return self.rule == "number_words"


def has_number(seen: str) -> bool:
    """True if a view holds a digit or a word that stands near numbers in words."""
    digit = _ASCII_DIGIT.search(seen) or _DIGIT.search(seen)
    return digit is not None or _holds_trigger(seen)


def _read_digits(text: str, convention: Convention) -> tuple[Decimal, str] | None:
    text = text.replace(" ", "")
    dots, commas = text.count("."), text.count(",")
    if not dots and not commas:
        return Decimal(text), "plain_digits"
    first, *rest = text.replace(",", ".").split(".")
    grouped = all(len(part) == _GROUP for part in rest)
    if not (dots and commas) and len(rest) > 1:
        return (Decimal(first + "".join(rest)), "digit_groups") if grouped else None
    if not commas:
        decimal = first == "0" or not grouped or convention.decimal_dot
        rule = "decimal_dot" if decimal else "digit_groups"
        return Decimal(text if decimal else first + rest[0]), rule
    if not dots:
        groups = grouped and first != "0" and convention.comma_groups
        rule = "comma_groups" if groups else "decimal_comma"
        return Decimal(first + rest[0] if groups else f"{first}.{rest[0]}"), rule
    same_again = dots if text[-1 - len(rest[-1])] == "." else commas
    if same_again > 1 or not all(len(part) == _GROUP for part in rest[:-1]):
        return None
    return Decimal(first + "".join(rest[:-1]) + "." + rest[-1]), "decimal_comma"


class _WordReader:
    """Adds up number words from left to right; `broken` once they make no number."""

    def __init__(self) -> None:
        self.billions = Decimal(0)
        self.sections = Decimal(0)
        self.group = Decimal(0)
        self.last = ""
        self.unit = Decimal(0)
        self.broken = False

    def take(self, word: str) -> None:
        if word in _DIGITS:
            # After a ten, five is "lăm": "mười năm" is ten years.
            self.broken |= word == _YEAR and self.last == "ten"
            self._digit(_DIGITS[word])
        elif word == _TEN:
            self.broken |= self.last not in {"", "hundred", "link", "scale"}
            self.group += 10
            self.last = "ten"
        elif word in _TENS:
            self.broken |= self.last not in {"digit", "digit_after_hundred"} or self.unit == 0
            self.group += self.unit * 9 if self.last == "digit" else 0
            self.last = "ten"
        elif word in _HUNDRED:
            self.broken |= self.last != "digit" or self.group >= 10  # noqa: PLR2004 - one digit
            self.group *= 100
            self.last = "hundred"
        elif word in _LINK:
            self.broken |= self.last not in {"hundred", "scale"}
            self.last = "link"
        elif word in _HALF:
            self._half()
        else:
            self._scale(_SCALES[word])

    def _digit(self, value: int) -> None:
        self.broken |= self.last in {"digit", "digit_after_hundred", "half"}
        after_hundred = self.last == "hundred"
        self.unit = Decimal(value)
        self.group += self.unit * (10 if after_hundred else 1)
        self.last = "digit_after_hundred" if after_hundred else "digit"

    def _scale(self, scale: int) -> None:
        bare = self.last == ""
        self.broken |= self.last in {"link", "half"}
        counted = Decimal(1) if bare else self.group
        if scale == _BILLION:
            self.billions = (self.billions + self.sections + counted) * scale
            self.sections = Decimal(0)
        elif self.last == "scale":
            self.sections *= scale
        else:
            self.sections += counted * scale
        self.group = Decimal(0)
        self.unit = Decimal(scale)
        self.last = "scale"

    def _half(self) -> None:
        self.broken |= self.last not in {"scale", "hundred"}
        self.group += (self.unit if self.last == "scale" else Decimal(100)) / 2
        self.last = "half"

    def total(self) -> Decimal | None:
        if self.broken or self.last in {"", "link"}:
            return None
        return self.billions + self.sections + self.group


@lru_cache(maxsize=1024)
def _read_words(text: str) -> Decimal | None:
    found = text.split()
    if found[0] in {"mốt", "lăm", "nhăm"} or found[0] in _LINK:
        return None
    if len(found) == 1 and found[0] in {*_SCALES, *_TENS, *_HUNDRED, "không"}:
        return None
    reader = _WordReader()
    for word in found:
        reader.take(word)
    return reader.total()


def _share(numerator: Decimal, denominator: Decimal) -> Decimal | None:
    if not 0 < numerator < denominator:
        return None
    return plain((100 * numerator / denominator).quantize(Decimal("0.1")))


def _numeral(match: re.Match[str], convention: Convention) -> Numeral | None:
    """Read a match of `_NUMERAL` behind a blank: its last group that took part tells what it is."""
    group = match.lastgroup
    if group in {"digits", "scale", "half"}:
        return _digit_numeral(match, convention)
    if group in {"words", "parts"}:
        return _word_numeral(match)
    start, end = match.start(), match.end() - 1
    if group == "times":
        return Numeral(start, end, Decimal(_TIMES[" ".join(match["times"].split())]), "fold_words")
    if group == "share":
        return Numeral(start, end, Decimal(50), "share_words", fraction=True)
    scale = _SCALES[match["halved"]]
    return Numeral(start, end, Decimal(scale) / 2, "scale_word", scale=scale)


def _word_numeral(match: re.Match[str]) -> Numeral | None:
    start, end = match.start(), match.end() - 1
    value = _read_words(match["words"])
    if value is None:
        return None
    if match["parts"]:
        parts = _read_words(match["parts"])
        share = None if parts is None else _share(value, parts)
        if share is not None:
            return Numeral(start, end, share, "share_words", fraction=True)
        end = match.end("words") - 1
    return Numeral(start, end, value, "number_words")


def _digit_numeral(match: re.Match[str], convention: Convention) -> Numeral | None:
    start, end = match.start(), match.end() - 1
    digits = match["digits"]
    if match.lastgroup == "digits" and digits.isdecimal():
        return Numeral(start, end, Decimal(digits), "plain_digits")
    read = _read_digits(digits, convention)
    if read is None:
        return None
    value, rule = read
    scale = 1
    for word in (match["scale"] or "").split():
        scale *= _SCALES[word]
    if match["half"]:
        value += Decimal("0.5")
    if scale > 1:
        rule = "scale_word"
    if scale > 1 or digits[-1] == "0" or len(digits) > _SHORT:
        value = plain(value * scale)
    return Numeral(start, end, value, rule, scale)


def plain(value: Decimal) -> Decimal:
    """Return the value without trailing zeros and without an exponent.

    >>> plain(Decimal("1.20E+6")), plain(Decimal("80.0"))
    (Decimal('1200000'), Decimal('80'))
    """
    short = value.normalize()
    return short.quantize(_ONE) if short == short.to_integral_value() else short


def scan_numerals(seen: str, convention: Convention = VIETNAMESE) -> list[Numeral]:
    """Return the numbers of a view in order; words that make no number are passed over.

    >>> [str(n.value) for n in scan_numerals("1,2 triệu tài khoản, 06 xã và hai phần ba số hộ")]
    ['1200000', '6', '66.7']
    """
    # A blank before makes up for the character that `_NUMERAL` begins with.
    found = _NUMERAL.finditer(f" {seen}")
    return [n for match in found if (n := _numeral(match, convention)) is not None]


def read_number(text: str, convention: Convention = VIETNAMESE) -> Decimal | None:
    """Return the value of a text that is one number and nothing else, or None.

    Shares are read as per cent: "một phần tư" is 25.

    >>> read_number("1.500.000"), read_number("11,5"), read_number("hai mươi mốt")
    (Decimal('1500000'), Decimal('11.5'), Decimal('21'))
    >>> read_number("một cửa") is None
    True
    """
    seen = view(unicodedata.normalize("NFC", text)).strip()
    match = _NUMERAL.fullmatch(f" {seen}")
    numeral = None if match is None else _numeral(match, convention)
    whole = numeral is not None and numeral.end == len(seen)
    return numeral.value if numeral is not None and whole else None
