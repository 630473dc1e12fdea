"""An evaluation tells figures, baselines and errors that can be checked by hand."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from pipeline.classify.concepts import lexicon_labels
from pipeline.corpus.articles import article_to_json
from pipeline.errors import CorpusError
from pipeline.learning import card as card_module
from pipeline.learning.assessment import assess
from pipeline.learning.evaluation import evaluate, predict
from pipeline.learning.labelled import sentence_batch
from pipeline.learning.numbers import number_levels
from pipeline.learning.suspects import suspicious_labels
from pipeline.learning.training import Corpus
from pipeline.records import PILLARS, Kind
from tests.labelled import labelled_article

if TYPE_CHECKING:
    from pathlib import Path

    from pipeline.segment import Segmenter
    from tests.conftest import Tiny


@pytest.fixture
def _at_root(tiny: Tiny, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tiny.root)


def test_an_evaluation_counts_what_the_model_says(tiny: Tiny, segmenter: Segmenter) -> None:
    found = evaluate(tiny.model, tiny.articles, segmenter)
    predicted = predict(tiny.model, tiny.articles, sentence_batch(tiny.articles, segmenter))
    right = (predicted.actual == predicted.predicted).all(axis=1)
    assert (found.articles, found.sentences) == (len(tiny.articles), len(right))
    assert found.exact == pytest.approx(right.mean())
    assert found.macro.low <= found.macro.value <= found.macro.high
    assert sum(found.primary_confusion.values()) == len(right)
    assert sum(n for _, n in found.by_genre.values()) == len(right)
    assert sum(n for _, n in found.by_year.values()) == len(right)
    assert [f.name for f in found.labels] == [*PILLARS, "none"]
    assert len(found.worst) == min(30, int((~right).sum()))
    surprises = [error.surprise for error in found.worst]
    assert surprises == sorted(surprises, reverse=True)
    assert all(error.labelled != error.predicted for error in found.worst)


def test_a_model_does_better_on_what_it_learnt_than_saying_none(
    tiny: Tiny, segmenter: Segmenter
) -> None:
    found = evaluate(tiny.model, tiny.articles, segmenter, plain=tiny.model)
    majority, keywords, plain = found.baselines.values()
    assert found.macro.value > 0.8 > majority.value
    assert keywords.value > majority.value
    assert plain == found.macro


def test_masking_takes_names_and_numbers_out(tiny: Tiny, segmenter: Segmenter) -> None:
    article = labelled_article("a", ("Năm 2025 Hà Nội có 80% hộ dùng ví điện tử.", "e"))
    bare = labelled_article("a", ("Năm 1 địa phương có 1% hộ dùng ví điện tử.", "e"))
    whole, masked = (evaluate(tiny.model, [a], segmenter) for a in (article, bare))
    assert whole.masked_macro == masked.macro


def test_page_furniture_is_never_predicted(tiny: Tiny, segmenter: Segmenter) -> None:
    first = tiny.articles[0]
    furniture = replace(first, sentences=tuple(replace(u, kind=Kind.META) for u in first.sentences))
    predicted = predict(tiny.model, [furniture], sentence_batch([furniture], segmenter))
    assert not predicted.predicted.any()
    assert np.abs(predicted.probabilities).max() == 0


def test_lexicon_labels_are_the_pillars_of_the_concepts_found(segmenter: Segmenter) -> None:
    articles = [labelled_article("a", ("Kinh tế số và xã hội số cùng lên.", ""), ("Gặt lúa.", ""))]
    words = sentence_batch(articles, segmenter).words
    labels = lexicon_labels([words.words(k) for k in range(len(words))])
    assert labels.tolist() == [[False, True, True, False], [False] * 4]


def test_number_levels_fall_from_easy_to_hard(tiny: Tiny) -> None:
    levels = number_levels(tiny.corpus.articles)
    assert [levels[0].name, levels[-1].name] == ["target flag", "all slots"]
    assert levels[1].f1 >= levels[2].f1 >= levels[-1].f1 > 0
    assert all(0 <= x <= 1 for lv in levels for x in (lv.precision, lv.recall, lv.f1))
    none = number_levels([labelled_article("a", ("Trời mưa.", ""))])
    assert {(lv.precision, lv.recall, lv.f1) for lv in none} == {(0.0, 0.0, 0.0)}


@pytest.mark.usefixtures("_at_root")
def test_assessing_a_split_writes_report_and_card(tiny: Tiny) -> None:
    found = assess(tiny.trained.path, None, "dev", baseline=True, hold_outs=False, jobs=1)
    assert found.report == tiny.trained.path / "evaluation-dev.json"
    report = json.loads(found.report.read_text(encoding="utf-8"))
    assert report["articles"] == len(tiny.corpus.split("dev"))
    assert report["macro"]["value"] == found.evaluation.macro.value
    assert sum(row["n"] for row in report["primary_confusion"]) == report["sentences"]
    assert len(report["baselines"]) == 3
    card = (tiny.trained.path / "card.md").read_text(encoding="utf-8")
    assert card.startswith(f"# Pillar classifier `{tiny.trained.loaded.id}`")
    assert str(found.evaluation.macro) in card
    assert "plots.svg" in card
    assert (tiny.trained.path / "plots.svg").read_text(encoding="utf-8").count("<svg") == 1


@pytest.mark.usefixtures("_at_root")
def test_without_matplotlib_the_card_says_so(tiny: Tiny, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(card_module, "_draw", lambda *_: False)
    assess(tiny.trained.path, None, "test", baseline=False, hold_outs=False, jobs=1)
    card = (tiny.trained.path / "card.md").read_text(encoding="utf-8")
    assert "Figures on the test split" in card
    assert "Plots need matplotlib" in card
    assert "plots.svg" not in card


@pytest.mark.usefixtures("_at_root")
def test_hold_outs_score_each_genre_and_year_by_models_of_the_others(tiny: Tiny) -> None:
    found = assess(tiny.trained.path, None, "dev", baseline=False, hold_outs=True, jobs=1)
    assert {a.genre for a in tiny.articles} == {"lede"}  # so no other genre to train on
    years = {(a.published or "?")[:4] for a in tiny.articles}
    assert set(found.hold_outs) == {f"year {year}" for year in years}
    assert all(0 <= f.low <= f.value <= f.high <= 1 for f in found.hold_outs.values())


@pytest.mark.usefixtures("_at_root")
def test_a_gold_file_is_assessed_and_what_is_lost_is_counted(tiny: Tiny, tmp_path: Path) -> None:
    rows = []
    for article in tiny.articles[:5]:
        row = article_to_json(article)
        for unit, sentence in zip(row["sentences"], article.sentences, strict=True):
            unit["text"] = article.sentence_text(sentence)
        row["sentences"].append({"text": "không có", "pillars": [], "primary": "none"})
        rows.append(json.dumps(row, ensure_ascii=False))
    gold = tmp_path / "gold.jsonl"
    gold.write_text("\n".join(rows), encoding="utf-8")
    found = assess(tiny.trained.path, gold, "dev", baseline=False, hold_outs=False, jobs=1)
    assert (found.name, found.lost, found.evaluation.articles) == ("gold", 5, 5)
    assert found.report.name == "evaluation-gold.json"


@pytest.mark.usefixtures("_at_root")
def test_an_unknown_split_is_explained(tiny: Tiny) -> None:
    with pytest.raises(CorpusError, match="no article to evaluate in holdout"):
        assess(tiny.trained.path, None, "holdout", baseline=False, hold_outs=False, jobs=1)


def test_a_wrong_label_is_among_the_suspects(tiny: Tiny, segmenter: Segmenter) -> None:
    pytest.importorskip("cleanlab")
    corpus = Corpus(tuple(tiny.articles), {})
    found = suspicious_labels(corpus, segmenter, top=10, jobs=1)
    assert len(found) == 10
    qualities = [s.quality for s in found]
    assert qualities == sorted(qualities)
    known = {a.sentence_text(u): u.pillars for a in tiny.articles for u in a.sentences}
    assert all(known[s.text] == s.labelled for s in found)
    assert all(len(s.probabilities) == 4 for s in found)


def test_suspects_without_cleanlab_say_what_to_install(
    tiny: Tiny, segmenter: Segmenter, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(name: str) -> None:
        raise ImportError(name)

    monkeypatch.setattr("pipeline.learning.suspects.import_module", missing)
    with pytest.raises(CorpusError, match="pip install 'trucot\\[audit\\]'"):
        suspicious_labels(tiny.corpus, segmenter, top=1)
