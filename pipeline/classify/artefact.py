"""The model folder: plain arrays and JSON, nothing that runs code when it is read.

    models/<id>/
        model.npz         arrays, read with allow_pickle=False
        vocabulary.json   terms, syllables, letter n-grams, names of the concepts
        manifest.json     id, settings, versions, corpus hash, split, figures

The id is a hash of arrays, vocabulary and settings: the same training gives the same id, and a
file that was changed or cut is found out.
"""

from __future__ import annotations

import hashlib
import io
import json
import struct
import zipfile
import zlib
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from pipeline.classify.background import LetterSpace
from pipeline.classify.calibration import Calibration
from pipeline.classify.concepts import concepts
from pipeline.classify.features import FeatureSettings, FeatureSpace
from pipeline.classify.model import PillarModel
from pipeline.classify.ngrams import NgramBlock
from pipeline.errors import ModelError
from pipeline.records import PILLARS

if TYPE_CHECKING:
    from pathlib import Path

FORMAT = 1
_ARRAYS = "model.npz"
_VOCABULARY = "vocabulary.json"
_MANIFEST = "manifest.json"
_ID_LENGTH = 12
_ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)
MEND = "Run: make train."
_UNREADABLE = (
    *(OSError, ValueError, KeyError, TypeError, AttributeError, EOFError, RuntimeError),
    *(zipfile.BadZipFile, zlib.error, struct.error),
)
"""What a file that is missing, cut or changed can raise before its hash is taken."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """A model and what its manifest says."""

    model: PillarModel
    manifest: dict[str, Any]

    @property
    def id(self) -> str:
        """Content-derived id of the model."""
        return str(self.manifest["id"])


def _arrays(model: PillarModel) -> dict[str, np.ndarray[Any, Any]]:
    space, calibration = model.space, model.calibration
    found: dict[str, np.ndarray[Any, Any]] = {
        "weights": model.weights,
        "intercepts": model.intercepts,
        "slope": calibration.slope,
        "offset": calibration.offset,
        "threshold": calibration.threshold,
        "band": np.array([calibration.band]),
        "letter_idf": space.letters.idf,
    }
    for name, block in space.blocks.items():
        found[f"{name}_pairs"] = block.pairs
        found[f"{name}_idf"] = block.idf
    return found


def _vocabulary(model: PillarModel) -> dict[str, list[str]]:
    space = model.space
    return {
        "terms": space.terms,
        "syllables": space.syllables,
        "letters": list(space.letters.grams),
        "concepts": [c.name for c in concepts()],
    }


def _npz(arrays: dict[str, np.ndarray[Any, Any]]) -> bytes:
    """Return an .npz file whose bytes depend on the arrays alone; packed, it loads slowly."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(arrays):
            member = io.BytesIO()
            np.save(member, arrays[name], allow_pickle=False)
            info = zipfile.ZipInfo(f"{name}.npy", _ZIP_EPOCH)
            archive.writestr(info, member.getvalue())
    return stream.getvalue()


def _read_npz(path: Path) -> dict[str, np.ndarray[Any, Any]]:
    """Read arrays; a member is parsed only after its checksum was found right."""
    with zipfile.ZipFile(path) as archive:
        members = {name.removesuffix(".npy"): archive.read(name) for name in archive.namelist()}
    return {
        name: np.load(io.BytesIO(member), allow_pickle=False) for name, member in members.items()
    }


def _hash(*parts: bytes) -> str:
    digest = hashlib.sha256()
    for part in parts:
        digest.update(hashlib.sha256(part).digest())
    return digest.hexdigest()[:_ID_LENGTH]


def _settings_json(settings: FeatureSettings) -> bytes:
    return json.dumps(asdict(settings), sort_keys=True).encode()


def _content_hash(
    arrays: dict[str, np.ndarray[Any, Any]], vocabulary: bytes, settings: FeatureSettings
) -> str:
    parts = [np.ascontiguousarray(arrays[name]).tobytes() for name in sorted(arrays)]
    return _hash(*parts, vocabulary, _settings_json(settings))


def save(model: PillarModel, folder: Path, facts: dict[str, Any]) -> Path:
    """Write a model to `folder/<id>/` and return that path.

    Args:
        model: The fitted classifier.
        folder: Where models live.
        facts: What the manifest shall say besides: versions, corpus hash, split, figures.
    """
    arrays, space = _arrays(model), model.space
    vocabulary = json.dumps(_vocabulary(model), ensure_ascii=False, indent=0).encode()
    model_id = _content_hash(arrays, vocabulary, space.settings)
    manifest = {
        "id": model_id,
        "format": FORMAT,
        "features": asdict(space.settings),
        **facts,
    }
    path = folder / model_id
    path.mkdir(parents=True, exist_ok=True)
    (path / _ARRAYS).write_bytes(_npz(arrays))
    (path / _VOCABULARY).write_bytes(vocabulary)
    text = json.dumps(manifest, ensure_ascii=False, indent=2, sort_keys=True)
    (path / _MANIFEST).write_text(text + "\n", encoding="utf-8")
    return path


def read_manifest(path: Path) -> dict[str, Any]:
    """Return what a model folder says of itself; `load_model` finds out whether it is true.

    Raises:
        ModelError: There is no manifest, or one of another version.
    """
    try:
        manifest = json.loads((path / _MANIFEST).read_text(encoding="utf-8"))
        version = manifest["format"]
    except FileNotFoundError as error:
        message = f"There is no model at {path}. {MEND}"
        raise ModelError(message) from error
    except _UNREADABLE as error:
        message = f"The model at {path} cannot be read: {error}. {MEND}"
        raise ModelError(message) from error
    if version != FORMAT:
        message = f"The model at {path} was made by another version of trucot. {MEND}"
        raise ModelError(message)
    found: dict[str, Any] = manifest
    return found


def load_model(path: Path) -> Loaded:
    """Read a model folder.

    Raises:
        ModelError: The folder is missing, cut, changed, or made by another version.
    """
    if not (path / _MANIFEST).is_file():
        message = f"There is no model at {path}. {MEND}"
        raise ModelError(message)
    try:
        manifest = json.loads((path / _MANIFEST).read_text(encoding="utf-8"))
        vocabulary_bytes = (path / _VOCABULARY).read_bytes()
        vocabulary = json.loads(vocabulary_bytes)
        _check(path, manifest, vocabulary)
        arrays = _read_npz(path / _ARRAYS)
        settings, model_id = FeatureSettings(**manifest["features"]), manifest["id"]
    except _UNREADABLE as error:
        message = f"The model at {path} cannot be read: {error}. {MEND}"
        raise ModelError(message) from error
    if _content_hash(arrays, vocabulary_bytes, settings) != model_id:
        message = f"The model at {path} was changed after it was made. {MEND}"
        raise ModelError(message)
    model = _model(arrays, vocabulary, settings)
    if model.weights.shape != (model.space.size, len(PILLARS)):
        message = f"The model at {path} was made for other features. {MEND}"
        raise ModelError(message)
    return Loaded(model, manifest)


def _check(path: Path, manifest: dict[str, Any], vocabulary: dict[str, list[str]]) -> None:
    if manifest.get("format") != FORMAT:
        message = f"The model at {path} was made by another version of trucot. {MEND}"
        raise ModelError(message)
    if vocabulary.get("concepts") != [c.name for c in concepts()]:
        message = f"The model at {path} was made with another pillar lexicon. {MEND}"
        raise ModelError(message)


def _model(
    arrays: dict[str, np.ndarray[Any, Any]],
    vocabulary: dict[str, list[str]],
    settings: FeatureSettings,
) -> PillarModel:
    blocks = {
        name: NgramBlock(len(vocabulary[terms]), arrays[f"{name}_pairs"], arrays[f"{name}_idf"])
        for name, terms in (("words", "terms"), ("syllables", "syllables"))
    }
    grams = {gram: i for i, gram in enumerate(vocabulary["letters"])}
    letters = LetterSpace(grams, arrays["letter_idf"])
    space = FeatureSpace(settings, vocabulary["terms"], vocabulary["syllables"], blocks, letters)
    calibration = Calibration(
        arrays["slope"], arrays["offset"], arrays["threshold"], float(arrays["band"][0])
    )
    return PillarModel(space, arrays["weights"], arrays["intercepts"], calibration)
