"""The indicator a number measures, as a phrase that stands alone, with scope and exclusion."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from pipeline.targets.lexical import (
    WORD_END,
    WORD_START,
    alternation,
    first_words,
    forms,
    last_words,
    late,
    words,
)
from pipeline.targets.status import STRONG, segment_bounds

if TYPE_CHECKING:
    from pipeline.targets.quantities import Quantity
    from pipeline.targets.scene import Scene

_HEAD = late(rf"{WORD_START}(?:{alternation(forms('phrases', 'head'))}){WORD_END}")
_NO_NOUN = late(rf" *(?:{alternation(forms('phrases', 'no_noun'))}){WORD_END}")
_VERBAL = late(rf" *(?:{alternation(forms('phrases', 'verbal'))}){WORD_END}")
_LINKING = late(
    rf"[ ,:(\"“–-]*(?:{WORD_START}(?:{alternation(forms('phrases', 'linking'))})[ ,:(]*)+$"
)
_LINKING_ENDS = last_words(forms("phrases", "linking"))
_COVERING = late(rf"{WORD_START}(?:{alternation(forms('phrases', 'covering'))}) *$")
_SCAFFOLD = late(
    rf"^(?:[ \"“+*•\-–,]|\(?\w{{1,2}}[.)] "
    rf"|(?:{alternation(forms('phrases', 'scaffold'))}){WORD_END}[ ,:]*)+"
)
_ANAPHORA = late(words(forms("phrases", "anaphora")))
_STOP_BEHIND = late(
    rf"[;:.()\n]|, +(?:{alternation(forms('phrases', 'new_clause'))}){WORD_END}"
    rf"| (?:{alternation(forms('phrases', 'cut'))}){WORD_END}"
)
_EXCLUDED = late(
    rf"{WORD_START}(?:{alternation(forms('phrases', 'exclusion'))}) +"
    r"(?P<what>[^();.:]{3,120}?)(?=[();.:]|, \d|$)"
)
_EXCLUDED_WORDS = first_words(forms("phrases", "exclusion"))
_SCOPE = late(words(forms("phrases", "scope")))
_PLACE_KIND = late(words(forms("phrases", "place")))
_CONJUNCT = late(r" và \S+ ")
_CONJUNCTION = late(r", | và ")
_DANGLING = late(r"(?:[\s,(]|\b(?:và|vào|trong|đến|từ|cuối|hết|năm|trước|ngày|là|đạt|tới)\b)+$")
_TOPIC = late(r"về (.+)")
_WORD = late(r" ?([^\W\d_]+)")
_LONGEST = 200
_SHORT = 5
_TAIL = 96


class Description(NamedTuple):
    """What the words around a number say of the thing measured.

    `elliptic` is true where the phrase had to be taken from an earlier number.
    """

    indicator: str | None
    elliptic: bool = False
    scope: tuple[str, ...] = ()
    exclusion: str | None = None
    place: str | None = None


def describe(scene: Scene, position: int, last: str | None) -> Description:
    """Describe what the quantity at a position measures; `last` is the indicator before it."""
    quantity = scene.quantities[position]
    behind = _behind(scene, position)
    before = _before(scene, position)
    phrase, elliptic = _phrase(scene, quantity, before, behind, last)
    return Description(
        phrase[:_LONGEST].strip(" ,") if phrase else None,
        elliptic,
        _scope(scene, quantity),
        _exclusion(scene, quantity),
        _place(scene, quantity),
    )


def _behind(scene: Scene, position: int) -> str:
    """Return the words behind a number up to the end of its clause or the next number."""
    quantity = scene.quantities[position]
    high = len(scene.text)
    if position + 1 < len(scene.quantities):
        high = scene.quantities[position + 1].start
    for time in scene.times:
        if quantity.end <= time.start < high:
            high = time.start
    stop = _STOP_BEHIND.search(scene.seen, quantity.end, high)
    piece = scene.text[quantity.end : high if stop is None else stop.start()]
    if stop is None and position + 1 < len(scene.quantities):
        joined = ", " in piece or _CONJUNCT.search(piece) is not None
        piece = _CONJUNCTION.split(piece, maxsplit=1)[0] if joined else piece
    return _DANGLING.sub("", piece)


def _before(scene: Scene, position: int) -> str:
    """Return the subject before a number: the last piece between markers that names one."""
    quantity = scene.quantities[position]
    low = _clause_start(scene, position)
    cuts = [(t.start, t.end) for t in scene.times]
    cuts += [(m.start, m.end) for m in scene.markers if m.kind in STRONG or m.kind == "weak_aim"]
    pieces: list[tuple[int, int]] = []
    at = low
    for start, end in sorted(cuts):
        if low <= start and end <= quantity.start:
            pieces.append((at, start))
            at = max(at, end)
    pieces.append((at, quantity.start))
    subjects = [_trimmed(scene, start, end) for start, end in pieces if end > start]
    headed = [s for s in subjects if _HEAD.match(s.lower())]
    named = [s for s in subjects if len(s.split()) > 1]
    return (headed or named or [""])[-1]


def _clause_start(scene: Scene, position: int) -> int:
    """Return where the words begin that can name the subject of a number."""
    quantity = scene.quantities[position]
    low = segment_bounds(scene.seen, quantity.start)
    if position and scene.quantities[position - 1].end > low:
        low = scene.quantities[position - 1].end
        cut = max(
            scene.seen.rfind(mark, low, quantity.start) + len(mark) for mark in (",", " và ", "(")
        )
        return cut if cut > low else quantity.start
    if scene.seen[: quantity.start].rstrip().endswith(":"):
        colon = scene.seen.rfind(":", 0, quantity.start)
        low = max(scene.seen.rfind(mark, 0, colon) + 1 for mark in ";:")
    return low


def _trimmed(scene: Scene, start: int, end: int) -> str:
    """Strip words of equality behind, and what opens a sentence before, from a stretch."""
    folded = scene.seen[start:end]
    link = None
    if folded.rstrip(" ,:(").endswith(_LINKING_ENDS):
        link = _LINKING.search(folded, max(0, len(folded) - _TAIL))
    if link is not None:
        end = start + link.start()
        folded = folded[: link.start()]
    heads = [m.start() for m in _HEAD.finditer(folded)]
    cut = heads[0] if heads else 0
    if not heads:
        scaffold = _SCAFFOLD.match(folded)
        cut = scaffold.end() if scaffold and scaffold.end() < len(folded) else 0
    return scene.text[start + cut : end].strip(' ,:("“”–-+*•/')


def _phrase(
    scene: Scene, quantity: Quantity, before: str, behind: str, last: str | None
) -> tuple[str | None, bool]:
    low = segment_bounds(scene.seen, quantity.start)
    if _ANAPHORA.search(scene.seen, max(low, quantity.start - 72), quantity.start):
        return last, True
    after = behind.lower()
    noun = bool(behind.strip()) and not _NO_NOUN.match(after)
    verbal = noun and _VERBAL.match(after) is not None
    if quantity.kind in {"output", "count", "money"} and quantity.unit:
        return _counted(scene, quantity, before, behind)
    if quantity.kind == "rank":
        return _ranked(before, behind, last)
    if quantity.changes or quantity.kind == "fold":
        return (before or behind.strip() or last), not (before or behind.strip())
    phrase, elliptic = _share(
        scene, quantity, before, behind.strip() if noun else "", last, verbal=verbal
    )
    return phrase, elliptic and not behind.strip()


def _counted(scene: Scene, quantity: Quantity, before: str, behind: str) -> tuple[str | None, bool]:
    if quantity.kind == "money":
        return (before or behind.strip() or None), False
    noun = scene.text[quantity.number_end : quantity.end].split("/")[0].strip(' "“”')
    parts = ["Số", noun or quantity.unit, behind.strip() or before]
    return " ".join(part for part in parts if part), False


def _ranked(before: str, behind: str, last: str | None) -> tuple[str | None, bool]:
    topic = _TOPIC.search(behind)
    subject = topic[1] if topic else before
    if not subject:
        return last, True
    return (
        f"Xếp hạng {subject[:1].lower() + subject[1:] if not subject[:2].isupper() else subject}",
        False,
    )


def _share(
    scene: Scene,
    quantity: Quantity,
    before: str,
    behind: str,
    last: str | None,
    *,
    verbal: bool,
) -> tuple[str | None, bool]:
    """Phrase a share: "80% hộ có X", "tỷ lệ hộ có X đạt 80%", "X phủ 80% hộ"."""
    lead = scene.seen[max(0, quantity.start - 24) : quantity.start]
    if behind and not verbal:
        if before and _COVERING.search(lead):
            return f"Tỷ lệ {behind} có {before[:1].lower()}{before[1:]}", False
        if before and (_HEAD.match(before.lower()) or len(before.split()) >= _SHORT):
            return _as_share(
                f"{before} {behind}" if len(behind.split()) < _SHORT else before
            ), False
        return _as_share(behind), False
    if before and len(before) > 1:
        joined = f"{before} {behind}" if verbal else before
        return _as_share(joined), False
    if behind and last:
        return f"{last}, {behind}", True
    return last, True


def _as_share(phrase: str) -> str:
    if phrase.lower().startswith("số "):
        phrase = phrase[3:]
    elif _HEAD.match(phrase.lower()):
        return phrase[:1].upper() + phrase[1:]
    keep = phrase[:2].isupper() or not phrase[:1].isupper()
    return f"Tỷ lệ {phrase if keep else phrase[:1].lower() + phrase[1:]}"


def _scope(scene: Scene, quantity: Quantity) -> tuple[str, ...]:
    low = segment_bounds(scene.seen, quantity.start)
    stop = scene.seen.find(";", quantity.end)
    high = min(x for x in (stop if stop >= 0 else len(scene.seen), quantity.end + 160))
    later = [q.start for q in scene.quantities if q.start >= quantity.end]
    earlier = [q.end for q in scene.quantities if q.end <= quantity.start]
    low = max([low, quantity.start - 80, *earlier])
    found = [
        scene.text[m.start() : m.end()]
        for m in _SCOPE.finditer(scene.seen, low, min([high, *later]))
    ]
    return tuple(dict.fromkeys(found))


def _exclusion(scene: Scene, quantity: Quantity) -> str | None:
    """Return what a number leaves out; an exclusion behind the last conjunct covers all (4.2)."""
    if not any(word in scene.seen for word in _EXCLUDED_WORDS):
        return None
    stop = scene.seen.find(";", quantity.end)
    match = _EXCLUDED.search(scene.seen, quantity.end, stop if stop >= 0 else len(scene.seen))
    if match is None:
        return None
    return scene.text[match.start("what") : match.end("what")].strip(" ,")


def _place(scene: Scene, quantity: Quantity) -> str | None:
    """Return the last named place before a number: "huyện Thượng Lâm"."""
    found = None
    for kind in _PLACE_KIND.finditer(scene.seen, 0, quantity.start):
        end = kind.end()
        word = _WORD.match(scene.text, end)
        while word is not None and word[1][0].isupper():
            end = word.end()
            word = _WORD.match(scene.text, end)
        if end > kind.end():
            found = scene.text[kind.start() : end]
    return found
