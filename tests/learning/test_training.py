"""From corpus to model folder: corrections count, extra articles are train."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import joblib
import pytest

from pipeline.corpus.articles import write_articles
from pipeline.errors import CorpusError
from pipeline.learning.labelled import corpus_hash, label_matrix, training_set
from pipeline.learning.training import keep_estimators, read_corpus, train
from pipeline.records import Pillar
from tests.labelled import labelled_article

if TYPE_CHECKING:
    from pathlib import Path

    from pipeline.segment import Segmenter
    from tests.conftest import Tiny


def test_a_correction_replaces_the_article_and_changes_the_model(
    tiny: Tiny, segmenter: Segmenter, tmp_path: Path
) -> None:
    first = next(a for a in tiny.articles if a.sentences[0].primary is not Pillar.SOCIETY)
    unit = replace(
        first.sentences[0], pillars=(Pillar.SOCIETY,), primary=Pillar.SOCIETY, targets=()
    )
    corrected = replace(first, sentences=(unit, *first.sentences[1:]), origin="corrected")
    write_articles([corrected], tmp_path / "corrections.jsonl")
    corpus = read_corpus(tiny.root / "corpus", [tmp_path / "corrections.jsonl"])
    assert len(corpus.articles) == len(tiny.corpus.articles)
    assert [a for a in corpus.split("train") if a.id == first.id] == [corrected]
    model = train(corpus, tmp_path / "models", segmenter)
    assert model.loaded.id != tiny.trained.loaded.id
    assert model.loaded.manifest["corpus_hash"] != tiny.trained.loaded.manifest["corpus_hash"]


def test_a_corrected_dev_article_stays_in_dev(tiny: Tiny, tmp_path: Path) -> None:
    judged = tiny.corpus.split("dev")[0]
    write_articles([replace(judged, origin="corrected")], tmp_path / "c.jsonl")
    corpus = read_corpus(tiny.root / "corpus", [tmp_path / "c.jsonl"])
    assert [a.origin for a in corpus.split("dev") if a.id == judged.id] == ["corrected"]
    assert len(corpus.split("train")) == len(tiny.articles)


def test_extra_articles_are_train(tiny: Tiny, tmp_path: Path) -> None:
    write_articles([labelled_article("mine", ("Câu mới.", "s"))], tmp_path / "more" / "m.jsonl")
    corpus = read_corpus(tiny.root / "corpus", [tmp_path / "more"])
    assert [a.id for a in corpus.split("train")][-1] == "mine"
    with pytest.raises(CorpusError, match="No labelled articles at"):
        read_corpus(tiny.root / "corpus", [tmp_path / "nothing.jsonl"])


def test_a_corpus_hash_knows_labels_and_not_order(tiny: Tiny) -> None:
    articles = tiny.articles[:4]
    assert corpus_hash(articles) == corpus_hash(articles[::-1])
    assert corpus_hash(articles) != corpus_hash(articles[1:])
    assert corpus_hash(articles) != corpus_hash(
        [replace(articles[0], genre="other"), *articles[1:]]
    )


def test_sentences_of_a_cluster_share_a_fold(segmenter: Segmenter) -> None:
    articles = [labelled_article(k, (f"Câu {k} một.", "g"), (f"Câu {k} hai.", "")) for k in "abc"]
    data = training_set(articles, segmenter, {"c": "a"})
    assert data.groups.tolist() == [0, 0, 1, 1, 0, 0]
    assert data.labels.tolist() == label_matrix(articles).tolist()
    assert data.labels[:, 0].tolist() == [True, False] * 3
    assert data.batch.article_of.tolist() == [0, 0, 1, 1, 2, 2]


def test_kept_estimators_are_four_logistic_regressions(tiny: Tiny) -> None:
    path = keep_estimators(tiny.trained)
    try:
        kept = joblib.load(path)
    finally:
        path.unlink()
    assert list(kept) == ["government", "economy", "society", "infrastructure"]
    assert kept["society"].coef_[0].tolist() == tiny.model.weights[:, 2].tolist()


def test_a_model_folder_holds_a_warm_file_of_the_segmenter(tiny: Tiny) -> None:
    assert (tiny.trained.path / "words.npz").stat().st_size > 1000
    manifest = json.loads((tiny.trained.path / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["id"] == tiny.trained.path.name
