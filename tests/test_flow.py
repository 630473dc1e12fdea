"""The walk from raw articles to labels, and its tables."""

from __future__ import annotations

import pickle
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from pipeline.errors import ModelError
from pipeline.flow import label_articles
from pipeline.labeller import LabellerFactory
from pipeline.records import PILLARS, Kind, RawArticle, Status
from pipeline.tables import SCHEMAS, article_table, sentence_id, sentence_table, target_table

if TYPE_CHECKING:
    from pathlib import Path

    from pipeline.records import LabelledArticle
    from pipeline.segment import Segmenter
    from tests.conftest import Tiny

TEXT = """UBND xã Đông Hoà, tỉnh Quảng Nam mở quầy dịch vụ công trực tuyến cho bà con.

Xã phấn đấu đến hết năm 2026 có ít nhất 80% hồ sơ được nộp trực tuyến.
Năm 2024, tỷ lệ này mới đạt 41,5%, thấp hơn mức chung của cả tỉnh.
"""
RAWS = [
    RawArticle("a.txt", id="a1", title="Xã Đông Hoà mở quầy", text=TEXT, riders=(("k", "v"),)),
    RawArticle("b.csv", record=3, text="Bà con gặt lúa sớm vì sắp có mưa to.", source="Báo Hà Nội"),
]


@pytest.fixture(scope="module")
def labelled(tiny: Tiny, segmenter: Segmenter) -> list[LabelledArticle]:
    return label_articles(RAWS, segmenter, tiny.model)


def test_each_article_is_labelled_in_order(labelled: list[LabelledArticle]) -> None:
    assert [a.article.path for a in labelled] == ["a.txt", "b.csv"]
    assert labelled[0].article.id == "a1"
    assert (labelled[0].province, labelled[0].place) == ("Đà Nẵng", "xã Đông Hoà")
    assert (labelled[1].province, labelled[1].place) == ("Hà Nội", None)
    found = [(t.surface, t.status) for s in labelled[0].sentences for t in s.targets]
    assert [status for _, status in found] == [Status.TARGET, Status.RESULT]
    assert [("80%" in s, "41,5%" in s) for s, _ in found] == [(True, False), (False, True)]
    assert not any(s.targets for s in labelled[1].sentences)


def test_articles_are_labelled_alike_alone_and_together(
    labelled: list[LabelledArticle], tiny: Tiny, segmenter: Segmenter
) -> None:
    alone = [a for raw in RAWS for a in label_articles([raw], segmenter, tiny.model)]
    assert alone == labelled
    assert label_articles([], segmenter, tiny.model) == []


def test_a_number_of_its_own_indicator_takes_the_only_pillar_of_its_sentence(
    labelled: list[LabelledArticle],
) -> None:
    for labelled_sentence in labelled[0].sentences:
        pillars = labelled_sentence.prediction.pillars
        for target in labelled_sentence.targets:
            if target.indicator_id is None and len(pillars) == 1:
                assert target.pillar is not None


def test_a_factory_survives_pickling_and_labels_as_the_walk_does(
    tiny: Tiny, labelled: list[LabelledArticle]
) -> None:
    factory = pickle.loads(pickle.dumps(LabellerFactory(tiny.trained.path)))
    assert factory.model_id() == tiny.trained.loaded.id
    assert list(factory()(RAWS)) == labelled


def test_a_factory_without_a_model_says_what_to_run(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="make train"):
        LabellerFactory(tmp_path).model_id()


def test_tables_follow_their_schemas_and_join_by_id(labelled: list[LabelledArticle]) -> None:
    tables = {
        "articles": article_table(labelled),
        "sentences": sentence_table(labelled),
        "targets": target_table(labelled),
    }
    for name, table in tables.items():
        assert table.schema.equals(SCHEMAS[name])
    first = tables["articles"].to_pylist()[0]
    assert first["riders"] == '{"k": "v"}'
    assert first["n_targets"] == 1
    assert first["n_sentences"] == len(labelled[0].sentences)
    rows = tables["sentences"].to_pylist()
    known = {row["sentence_id"] for row in rows}
    assert all(row["sentence_id"] in known for row in tables["targets"].to_pylist())
    assert [row["has_target"] for row in rows].count(True) == 1
    for row, found in zip(rows, (s for a in labelled for s in a.sentences), strict=True):
        assert row["pillars"] == [p.value for p in found.prediction.pillars]
        assert tuple(row[f"score_{p}"] for p in PILLARS) == found.prediction.scores


def test_copies_in_a_page_are_not_counted_twice(labelled: list[LabelledArticle]) -> None:
    copied = replace(
        labelled[0],
        sentences=tuple(
            replace(s, sentence=replace(s.sentence, kind=Kind.DUPLICATE))
            for s in labelled[0].sentences
        ),
    )
    row = article_table([copied]).to_pylist()[0]
    assert row["n_targets"] == 0
    assert [row[f"n_{p}"] for p in PILLARS] == [0, 0, 0, 0]
    assert row["n_sentences"] == len(labelled[0].sentences)


def test_no_articles_give_empty_tables_with_their_columns() -> None:
    for table, name in ((article_table, "articles"), (target_table, "targets")):
        assert table([]).num_rows == 0
        assert table([]).schema.names == SCHEMAS[name].names


def test_sentence_ids_sort_in_reading_order() -> None:
    ids = [sentence_id("a", n) for n in (0, 9, 10, 999)]
    assert ids == sorted(ids)
