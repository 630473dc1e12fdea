"""What happens when the installed library is not the one that was proved."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING

import numpy as np
import pytest

from pipeline.segment import Segmenter, installed, segmenter, selfcheck
from pipeline.segment.tables import read_features
from pipeline.segment.viterbi import Viterbi
from pipeline.segment.weights import UnsupportedModelError, read_weights

if TYPE_CHECKING:
    from pathlib import Path

    from pipeline.segment.engine import Engine


@pytest.fixture
def _unknown_library(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(installed, "fingerprint", lambda: "of another version")


@pytest.mark.usefixtures("_unknown_library")
def test_an_unknown_library_that_passes_the_self_check_is_computed_quickly() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert Segmenter.load().is_fast


@pytest.mark.usefixtures("_unknown_library")
def test_an_unknown_library_with_other_words_is_used_itself(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def words(text: str) -> list[str]:
        return text.split()

    monkeypatch.setattr(installed, "words", words)
    with pytest.warns(RuntimeWarning, match="from the library itself") as caught:
        slow = Segmenter.load()
    assert len(caught) == 1
    assert not slow.is_fast
    batch = slow.segment(["Chuyển đổi số", "", "số đổi"])
    assert [batch.words(k) for k in range(3)] == [["Chuyển", "đổi", "số"], [], ["số", "đổi"]]
    assert slow.segment(["số"]).ids.tolist() == [2]


@pytest.mark.usefixtures("_unknown_library")
def test_the_self_check_notices_a_changed_model(monkeypatch: pytest.MonkeyPatch) -> None:
    def changed(engine: Engine) -> list[str]:
        engine._viterbi._high += 0.5
        return differing(engine)

    differing = selfcheck.differing
    monkeypatch.setattr(selfcheck, "differing", changed)
    with pytest.warns(RuntimeWarning, match="stored sentences differ"):
        assert not Segmenter.load().is_fast


def test_a_model_of_another_form_is_left_to_the_library(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    other = tmp_path / "models.bin"
    other.write_bytes(b"none of ours")
    with monkeypatch.context() as patch:
        patch.setattr(installed, "model_file", lambda: other)
        with pytest.warns(RuntimeWarning, match="not an lCRF file"):
            slow = Segmenter.load()
    fast = segmenter.Segmenter.load()
    texts = ["Chuyển đổi số.", "a.a." * 3000, ""]
    plain, quick = slow.segment(texts), fast.segment(texts)
    assert [plain.words(k) for k in range(3)] == [quick.words(k) for k in range(3)]


def test_a_model_with_other_labels_is_refused(tmp_path: Path) -> None:
    changed = tmp_path / "models.bin"
    changed.write_bytes(installed.model_file().read_bytes().replace(b"I-W\0", b"X-W\0"))
    with pytest.raises(UnsupportedModelError, match="X-W"):
        read_weights(changed)


@pytest.mark.parametrize(
    "template", ["T[3]", "T[-3]", "T[0].length", "T[0,1].isdigit", "T[-2,1]", "U[0]"]
)
def test_an_unknown_template_is_refused(template: str) -> None:
    with pytest.raises(UnsupportedModelError, match="unknown template"):
        read_features([template])


def test_transitions_that_the_closed_form_does_not_cover_are_refused() -> None:
    with pytest.raises(UnsupportedModelError, match="transition"):
        Viterbi(np.array([[1.0, 0.0], [0.0, 1.0]]))
