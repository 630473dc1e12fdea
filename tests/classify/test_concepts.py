"""Every row of the pillar lexicon proves itself; the trie finds what a plain reading finds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.classify import concepts as module
from pipeline.classify.concepts import GAP, WIDEST_GAP, concepts, matcher
from pipeline.classify.vocabulary import syllables_of
from pipeline.errors import LexiconError
from pipeline.lexicon import load
from pipeline.records import NONE, PILLARS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.segment import Segmenter

KNOWN = concepts()
LOOKALIKES: list[str] = load("pillars")["lookalikes"]
FILLER = "zzz"


def _names(sentences: Sequence[Sequence[str]]) -> list[set[str]]:
    """Return the names of the concepts in sentences of words."""
    matches = matcher().find_in(sentences)
    found: list[set[str]] = [set() for _ in sentences]
    for row, concept in zip(matches.rows.tolist(), matches.concepts.tolist(), strict=True):
        found[row].add(KNOWN[concept].name)
    return found


def _names_in(text: str) -> set[str]:
    return _names([text.split()])[0]


def _rows(field: str) -> list[tuple[str, str]]:
    return [(c.name, text) for c in KNOWN for text in getattr(c, field)]


@pytest.mark.parametrize(("name", "text"), _rows("examples"))
def test_an_example_holds_its_concept(name: str, text: str, segmenter: Segmenter) -> None:
    assert name in _names([segmenter.segment([text]).words(0)])[0]


@pytest.mark.parametrize(("name", "text"), _rows("not_examples"))
def test_a_counter_example_does_not_hold_the_concept(
    name: str, text: str, segmenter: Segmenter
) -> None:
    assert name not in _names([segmenter.segment([text]).words(0)])[0]


def test_every_form_is_found_as_its_concept() -> None:
    forms = [(concept.name, form) for concept in KNOWN for form in concept.forms]
    found = _names([form.replace(GAP, f" {FILLER} ").split() for _, form in forms])
    missed = [pair for pair, names in zip(forms, found, strict=True) if pair[0] not in names]
    assert missed == []


def test_a_look_alike_hides_the_words_in_it() -> None:
    assert {text: _names_in(text) for text in LOOKALIKES if _names_in(text)} == {}


def test_words_beside_a_look_alike_count() -> None:
    assert "digital_government" in _names_in("mạng xã hội và chính quyền số")
    assert "digital_society" in _names_in("phát triển kinh tế - xã hội và xã hội số")
    assert _names_in("nhiệm vụ kinh tế - xã hội") == set()


def test_a_gap_holds_at_most_six_syllables() -> None:
    gapped = [(c.name, *form.split(GAP)) for c in KNOWN for form in c.forms if GAP in form]
    assert len(gapped) > 20
    texts = [
        [*first.split(), *[FILLER] * width, *second.split()]
        for _, first, second in gapped
        for width in (1, WIDEST_GAP, WIDEST_GAP + 1)
    ]
    parts = _names([part.split() for _, *both in gapped for part in both])
    found = _names(texts)
    for k, (name, *both) in enumerate(gapped):
        one, six, seven = found[3 * k : 3 * k + 3]
        assert name in one & six, both
        assert seven == parts[2 * k] | parts[2 * k + 1], both


def test_the_parts_of_a_gap_stand_in_order_and_in_one_sentence() -> None:
    name = "online_application_file"
    assert name in _names_in("hồ sơ đất đai đều được xử lý trực tuyến")
    assert name not in _names_in("trực tiếp rồi tuyến dưới gửi hồ sơ")
    assert not any(name in found for found in _names([["hồ", "sơ"], ["trực", "tuyến"]]))


def test_concept_names_are_unique_and_pillars_known() -> None:
    names = [c.name for c in KNOWN]
    assert len(names) == len(set(names))
    assert {c.pillar for c in KNOWN} == {*PILLARS, NONE}
    assert {c.pillar for c in KNOWN if c.cue} == set(PILLARS)


def test_forms_are_written_as_they_are_matched() -> None:
    from pipeline.orthography import fold

    assert [f for c in KNOWN for f in c.forms if f != fold(f)] == []
    assert [f for f in LOOKALIKES if f != fold(f)] == []


@pytest.mark.parametrize(
    "row", [{"name": "x", "pillar": "finance", "forms": ["a"]}, {"name": "x", "pillar": "none"}]
)
def test_a_row_without_a_known_pillar_or_without_forms_is_refused(
    row: dict[str, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "load", lambda _name: {"concept": [row]})
    with pytest.raises(LexiconError, match=r"concept x of pillars\.toml needs a pillar and forms"):
        module.concepts.__wrapped__()


# -- against a plain reading -----------------------------------------------------------------


def _places(text: list[str], part: list[str]) -> list[int]:
    return [i for i in range(len(text) - len(part) + 1) if text[i : i + len(part)] == part]


def _split(form: str) -> list[str]:
    return [s for word in form.split() for s in syllables_of(word)]


_FORMS = [(c.name, [_split(part) for part in form.split(GAP)]) for c in KNOWN for form in c.forms]
_HIDING = [_split(text) for text in LOOKALIKES]


def _plainly(text: list[str]) -> set[str]:
    """Find concepts by trying every form at every place."""
    hidden = [(i, i + len(part)) for part in _HIDING for i in _places(text, part)]
    covered = {i for start, end in hidden for i in range(start, end)}

    def visible(part: list[str]) -> list[tuple[int, int]]:
        spans = [(i, i + len(part)) for i in _places(text, part)]
        return [(a, b) for a, b in spans if not ({a, b - 1} <= covered)]

    found = set()
    for name, parts in _FORMS:
        seen = [visible(part) for part in parts]
        if len(parts) == 1 and seen[0]:
            found.add(name)
        if len(parts) > 1 and any(
            end <= start <= end + WIDEST_GAP for _, end in seen[0] for start, _ in seen[1]
        ):
            found.add(name)
    return found


_PIECES = st.sampled_from(
    [part for c in KNOWN for form in c.forms[::7] for part in form.split(GAP)]
    + LOOKALIKES[::5]
    + [FILLER, "số", "xã", "80%", "–"]
)


@settings(max_examples=20, deadline=None)
@given(st.lists(st.lists(_PIECES, max_size=7), min_size=1, max_size=4))
def test_the_trie_finds_what_trying_every_form_finds(drawn: list[list[str]]) -> None:
    sentences = [" ".join(pieces) for pieces in drawn]
    plain = [_plainly(_split(sentence)) for sentence in sentences]
    assert _names([sentence.split() for sentence in sentences]) == plain
