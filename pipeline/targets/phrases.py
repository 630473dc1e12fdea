"""The indicator a number measures, as a phrase that stands alone, with scope and exclusion."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from pipeline.targets.lexical import (
    WORD_END,
    WORD_START,
    alternation,
    forms,
    last_words,
    late,
    may_hold,
    words,
)
from pipeline.targets.status import STRONG

if TYPE_CHECKING:
    from pipeline.targets.quantities import Quantity
    from pipeline.targets.scene import Scene
    from pipeline.targets.spot import Spot

_HEAD = late(words(forms("phrases", "head")))
_may_head = may_hold(forms("phrases", "head"))
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
_may_point_back = may_hold(forms("phrases", "anaphora"))
_STOP_BEHIND = late(
    rf"[;:.()\n]|, +(?:{alternation(forms('phrases', 'new_clause'))}){WORD_END}"
    rf"| (?:{alternation(forms('phrases', 'cut'))}){WORD_END}"
)
_EXCLUDED = late(
    rf"{WORD_START}(?:{alternation(forms('phrases', 'exclusion'))}) +"
    r"(?P<what>[^();.:]{3,120}?)(?=[();.:]|, \d|$)"
)
_may_exclude = may_hold(forms("phrases", "exclusion"))
_SCOPE = late(words(forms("phrases", "scope")))
_may_name_scope = may_hold(forms("phrases", "scope"))
_PLACE_KIND = late(words(forms("phrases", "place")))
_may_name_place = may_hold(forms("phrases", "place"))
_CONJUNCT = late(r" và \S+ ")
_CONJUNCTION = late(r", | và ")
_DANGLING_ENDS = (
    *("và", "vào", "trong", "đến", "từ", "cuối", "hết"),
    *("năm", "trước", "ngày", "là", "đạt", "tới", ",", "("),
)
_DANGLING = late(rf"(?:[\s,(]|\b(?:{'|'.join(_DANGLING_ENDS[:-2])})\b)+$")
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


def describe(spot: Spot, last: str | None) -> Description:
    """Describe what the quantity at a spot measures; `last` is the indicator before it."""
    scene, _, quantity, _ = spot
    phrase, elliptic = _phrase(spot, last)
    return Description(
        phrase[:_LONGEST].strip(" ,") if phrase else None,
        elliptic,
        _scope(spot),
        _exclusion(scene, quantity),
        _place(scene, quantity),
    )


def _behind(spot: Spot) -> str:
    """Return the words behind a number up to the end of its clause or the next number."""
    scene, quantity, following = spot.scene, spot.quantity, spot.following
    high = len(scene.text) if following is None else following.start
    for time in scene.times:
        if quantity.end <= time.start < high:
            high = time.start
    stop = _STOP_BEHIND.search(scene.seen, quantity.end, high)
    piece = scene.text[quantity.end : high if stop is None else stop.start()]
    if stop is None and following is not None:
        joined = ", " in piece or _CONJUNCT.search(piece) is not None
        piece = _CONJUNCTION.split(piece, maxsplit=1)[0] if joined else piece
    if piece.endswith(_DANGLING_ENDS) or piece[-1:].isspace():
        return _DANGLING.sub("", piece)
    return piece


def _before(spot: Spot) -> str:
    """Return the subject before a number: the last piece between markers that names one."""
    found = ""
    for start, end in reversed(_pieces(spot)):
        subject, headed = _trimmed(spot.scene, start, end)
        if headed and _HEAD.match(subject.lower()):
            return subject
        if not found and len(subject.split()) > 1:
            found = subject
    return found


def _pieces(spot: Spot) -> list[tuple[int, int]]:
    """Return the pieces between the times and markers of the clause before a number."""
    scene, low, high = spot.scene, _clause_start(spot), spot.quantity.start
    cuts = [(t.start, t.end) for t in scene.times if low <= t.start and t.end <= high]
    cuts += [
        (m.start, m.end)
        for m in scene.markers
        if low <= m.start and m.end <= high and (m.kind in STRONG or m.kind == "weak_aim")
    ]
    cuts.sort()
    pieces = []
    for start, end in (*cuts, (high, high)):
        if start > low:
            pieces.append((low, start))
        low = max(low, end)
    return pieces


def _clause_start(spot: Spot) -> int:
    """Return where the words begin that can name the subject of a number."""
    scene, position, quantity, low = spot
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


def _trimmed(scene: Scene, start: int, end: int) -> tuple[str, bool]:
    """Strip words of equality behind, and what opens a sentence before, from a stretch.

    Also tell whether it held the head of an indicator, where the rest begins then.
    """
    folded = scene.seen[start:end]
    link = None
    if folded.rstrip(" ,:(").endswith(_LINKING_ENDS):
        link = _LINKING.search(folded, max(0, len(folded) - _TAIL))
    if link is not None:
        end = start + link.start()
        folded = folded[: link.start()]
    head = _HEAD.search(folded) if _may_head(folded) else None
    cut = head.start() if head else 0
    if not head:
        scaffold = _SCAFFOLD.match(folded)
        cut = scaffold.end() if scaffold and scaffold.end() < len(folded) else 0
    return scene.text[start + cut : end].strip(' ,:("“”–-+*•/'), head is not None


def _points_back(spot: Spot) -> bool:
    seen, high = spot.scene.seen, spot.quantity.start
    low = max(spot.low, high - 72)
    return _may_point_back(seen[low:high]) and _ANAPHORA.search(seen, low, high) is not None


def _phrase(spot: Spot, last: str | None) -> tuple[str | None, bool]:
    if _points_back(spot):
        return last, True
    scene, _, quantity, _ = spot
    behind = _behind(spot)
    stripped = behind.strip()
    if quantity.kind in {"output", "count", "money"} and quantity.unit:
        return _counted(spot, stripped), False
    if quantity.kind == "rank":
        return _ranked(spot, behind, last)
    before = _before(spot)
    if quantity.changes or quantity.kind == "fold":
        return (before or stripped or last), not (before or stripped)
    after = behind.lower()
    noun = stripped if stripped and not _NO_NOUN.match(after) else ""
    verbal = noun != "" and _VERBAL.match(after) is not None
    phrase, elliptic = _share(scene, quantity, before, noun, last, verbal=verbal)
    return phrase, elliptic and not stripped


def _counted(spot: Spot, behind: str) -> str | None:
    quantity = spot.quantity
    if quantity.kind == "money":
        return _before(spot) or behind or None
    noun = spot.scene.text[quantity.number_end : quantity.end].split("/")[0].strip(' "“”')
    parts = ["Số", noun or quantity.unit, behind or _before(spot)]
    return " ".join(part for part in parts if part)


def _ranked(spot: Spot, behind: str, last: str | None) -> tuple[str | None, bool]:
    topic = _TOPIC.search(behind)
    subject = topic[1] if topic else _before(spot)
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


def _scope(spot: Spot) -> tuple[str, ...]:
    scene, position, quantity, low = spot
    low = max(low, quantity.start - 80, scene.quantities[position - 1].end if position else 0)
    high = len(scene.seen) if spot.following is None else spot.following.start
    stop = scene.seen.find(";", quantity.end, high)
    high = min(stop if stop >= 0 else high, quantity.end + 160)
    if not _may_name_scope(scene.seen[low:high]):
        return ()
    found = [scene.text[m.start() : m.end()] for m in _SCOPE.finditer(scene.seen, low, high)]
    return tuple(dict.fromkeys(found))


def _exclusion(scene: Scene, quantity: Quantity) -> str | None:
    """Return what a number leaves out; an exclusion behind the last conjunct covers all (4.2)."""
    if not _may_exclude(scene.seen):
        return None
    stop = scene.seen.find(";", quantity.end)
    match = _EXCLUDED.search(scene.seen, quantity.end, stop if stop >= 0 else len(scene.seen))
    if match is None:
        return None
    return scene.text[match.start("what") : match.end("what")].strip(" ,")


def _place(scene: Scene, quantity: Quantity) -> str | None:
    """Return the last named place before a number: "huyện Thượng Lâm"."""
    found = None
    if not _may_name_place(scene.seen[: quantity.start]):
        return None
    for kind in _PLACE_KIND.finditer(scene.seen, 0, quantity.start):
        end = kind.end()
        word = _WORD.match(scene.text, end)
        while word is not None and word[1][0].isupper():
            end = word.end()
            word = _WORD.match(scene.text, end)
        if end > kind.end():
            found = scene.text[kind.start() : end]
    return found
