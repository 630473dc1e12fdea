"""A warm file starts a process quickly and is never trusted blindly."""

from __future__ import annotations

import random
import subprocess
import sys
from typing import TYPE_CHECKING

import numpy as np
import pytest

from pipeline.errors import ModelError
from pipeline.segment import Segmenter, installed
from tests.segment.odd_texts import random_text

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def warm_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("warm") / "segment.npz"
    rng = random.Random(8)
    Segmenter.load().save_warm(path, [random_text(rng) for _ in range(100)])
    return path


def test_a_warm_file_written_from_a_warm_start_is_the_same(warm_file: Path, tmp_path: Path) -> None:
    Segmenter.load(warm=warm_file).save_warm(tmp_path / "copy.npz", [])
    assert (tmp_path / "copy.npz").read_bytes() == warm_file.read_bytes()


def test_a_warm_start_gives_the_same_words(warm_file: Path) -> None:
    rng = random.Random(8)
    texts = [random_text(rng) for _ in range(150)]
    warm = Segmenter.load(warm=warm_file).segment(texts)
    cold = Segmenter.load().segment(texts)
    assert warm.vocabulary == cold.vocabulary
    assert np.array_equal(warm.ids, cold.ids)


def test_a_warm_start_does_not_import_the_library(warm_file: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from pipeline.segment import Segmenter;"
        f"s = Segmenter.load(warm=Path({str(warm_file)!r}));"
        "s.segment(['Phủ sóng 5G toàn tỉnh, mởi mẻ.']);"
        "print([m for m in ('underthesea', 'joblib', 'pandas', 'sklearn') if m in sys.modules])"
    )
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_the_same_texts_give_the_same_warm_file(warm_file: Path, tmp_path: Path) -> None:
    rng = random.Random(8)
    Segmenter.load().save_warm(tmp_path / "again.npz", [random_text(rng) for _ in range(100)])
    with np.load(warm_file) as one, np.load(tmp_path / "again.npz") as other:
        assert set(one) == set(other)
        assert all(np.array_equal(one[name], other[name]) for name in one)


def test_a_file_of_another_installation_is_left_aside(
    warm_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(installed, "fingerprint", lambda: "another")
        with pytest.warns(RuntimeWarning, match="another underthesea"):
            segmenter = Segmenter.load(warm=warm_file)
    assert segmenter.segment(["Dữ liệu mở"]).words(0) == ["Dữ_liệu", "mở"]


def test_a_missing_file_says_what_to_run(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="make train"):
        Segmenter.load(warm=tmp_path / "none.npz")


@pytest.mark.parametrize("keep", [0.0, 0.01, 0.5, 0.999])
def test_a_truncated_file_is_refused(warm_file: Path, tmp_path: Path, keep: float) -> None:
    content = warm_file.read_bytes()
    damaged = tmp_path / "damaged.npz"
    damaged.write_bytes(content[: int(len(content) * keep)])
    with pytest.raises(ModelError, match="make train"):
        Segmenter.load(warm=damaged)


def test_a_file_with_changed_bytes_is_refused(warm_file: Path, tmp_path: Path) -> None:
    content = bytearray(warm_file.read_bytes())
    content[len(content) // 2] ^= 0xFF
    damaged = tmp_path / "damaged.npz"
    damaged.write_bytes(content)
    with pytest.raises(ModelError, match="damaged"):
        Segmenter.load(warm=damaged)
