"""Vietnamese spelling: what two writers spell differently and we must match alike.

Every function that takes a text with offsets keeps its length, so a place found in the folded
text is the same place in the original. Text is expected in NFC.
"""

from __future__ import annotations

import re
import unicodedata

_OLD = "oà oá oả oã oạ oè oé oẻ oẽ oẹ uỳ uý uỷ uỹ uỵ"
_NEW = "òa óa ỏa õa ọa òe óe ỏe õe ọe ùy úy ủy ũy ụy"
_TONE_PAIRS = {
    style(old): style(new)
    for old, new in zip(_OLD.split(), _NEW.split(), strict=True)
    for style in (str.lower, str.upper, str.title)
}
# Old placement occurs only where the vowel pair ends the syllable ("hoà", not "hoàn") and,
# for "uy", not after q, where u belongs to the consonant ("quý").
# Classes of the first and the second letter are searched faster than a choice of pairs.
_OLD_PLACEMENT = re.compile(
    f"[{''.join(sorted({pair[0] for pair in _TONE_PAIRS}))}](?<![qQ].)"
    f"[{''.join(sorted({pair[1] for pair in _TONE_PAIRS}))}](?![^\\W\\d_])"
)

_REPLACED = {"Ð": "Đ", "ð": "đ", "\u00a0": " ", "\u202f": " ", "\u2009": " ", "％": "%"}
_REPLACED |= {chr(0xFF10 + d): str(d) for d in range(10)}
_ODD_BLANKS = tuple(odd for odd, plain in _REPLACED.items() if plain == " ")
_SPELLED = {
    plain: f"[{plain}{''.join({o.lower() for o, p in _REPLACED.items() if p.lower() == plain})}]"
    for plain in {p.lower() for p in _REPLACED.values()} - {" "}
}
_REPLACEMENT = str.maketrans(_REPLACED)
_TO_REPLACE = re.compile(f"[{''.join(_REPLACED)}]")

_TONE_MARKS = dict.fromkeys(map(ord, "\u0300\u0301\u0303\u0309\u0323"))


def fold_tone_placement(text: str) -> str:
    """Move tone marks of the old style to the new one; the length stays.

    >>> fold_tone_placement("hoà, thuỷ, uỷ ban, khoẻ; hoàn, quý, quỹ")
    'hòa, thủy, ủy ban, khỏe; hoàn, quý, quỹ'
    """
    return _OLD_PLACEMENT.sub(lambda m: _TONE_PAIRS.get(m[0], m[0]), text)


def fold(text: str) -> str:
    """Lower case, new tone placement, look-alikes mapped, full-width digits made plain.

    The result has the length of the input: characters whose lower case is longer stay as they are.

    >>> fold("UỶ BAN ＴＰ： ８０％ Ðà Nẵng")
    'ủy ban ｔｐ： 80% đà nẵng'
    """
    # Few texts hold any of them, and looking is many times faster than `str.translate`.
    if _TO_REPLACE.search(text):
        text = text.translate(_REPLACEMENT)
    lower = text.lower()
    if len(lower) != len(text):
        lower = "".join(c.lower() if len(c.lower()) == 1 else c for c in text)
    return fold_tone_placement(lower)


def spellings(folded: str) -> str:
    """Return an expression for all that `fold` makes this text, in lower case and plainly spaced.

    To search a long text for a few names this is cheaper than to fold the text.

    >>> bool(re.fullmatch(spellings("đồng hòa"), plainly_spaced("ðồng\u00a0hoà")))
    True
    """
    spelled = "".join(_SPELLED.get(letter, re.escape(letter)) for letter in folded)
    for old, new in zip(_OLD.split(), _NEW.split(), strict=True):
        spelled = spelled.replace(new, f"(?:{new}|{old})")
    return spelled


def plainly_spaced(text: str) -> str:
    """Make odd blanks within a line plain ones, as `fold` does.

    >>> plainly_spaced("Đà\u00a0Nẵng")
    'Đà Nẵng'
    """
    for blank in _ODD_BLANKS:
        text = text.replace(blank, " ")
    return text


def strip_accents(text: str) -> str:
    """Drop tones and vowel marks, and map đ to d. The length may change if text is not NFC.

    >>> strip_accents("Chuyển đổi số")
    'Chuyen doi so'
    """
    bare = "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))
    return bare.replace("đ", "d").replace("Đ", "D")


def strip_tones(text: str) -> str:
    """Drop the five tone marks and keep the letters (ă, â, ê, ô, ơ, ư, đ).

    >>> strip_tones("Chuyển đổi số")
    'Chuyên đôi sô'
    """
    bare = unicodedata.normalize("NFD", text).translate(_TONE_MARKS)
    return unicodedata.normalize("NFC", bare)
