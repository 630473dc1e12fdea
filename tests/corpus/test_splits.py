"""Splits keep near copies together and known articles where they are; overlap measures copies."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING

import pytest

from pipeline.corpus.articles import read_articles
from pipeline.corpus.overlap import LEAST_GRAMS, grams, overlapping_pairs, tokens
from pipeline.corpus.splits import (
    SHARES,
    clusters,
    make_splits,
    read_splits,
    select,
    write_splits,
)
from pipeline.errors import CorpusError
from tests.labelled import SHIPPED, labelled_article

if TYPE_CHECKING:
    from pathlib import Path

    from pipeline.corpus.articles import CorpusArticle

LONG = "xã mở quầy hướng dẫn bà con nộp hồ sơ qua mạng vào sáng thứ bảy hằng tuần"


@pytest.fixture(scope="module")
def articles() -> list[CorpusArticle]:
    """Return 60 articles of two genres, no two alike."""
    letters = ["g", "e", "s", "i", ""]
    return [
        labelled_article(
            f"a{n:02d}",
            *((" ".join(f"w{n}x{k}y{j}" for j in range(9)), letters[n % 5]) for k in range(3)),
            genre="news" if n % 2 else "plan",
        )
        for n in range(60)
    ]


def test_every_article_has_one_split_and_shares_are_kept(articles: list[CorpusArticle]) -> None:
    split_of = make_splits(articles)
    assert set(split_of) == {a.id for a in articles}
    sizes = Counter(split_of.values())
    assert {name: sizes[name] / 60 for name in SHARES} == pytest.approx(SHARES, abs=0.05)
    chosen = [a.id for name in SHARES for a in select(articles, split_of, name)]
    assert sorted(chosen) == [a.id for a in articles]


def test_splits_do_not_depend_on_the_order_of_articles(articles: list[CorpusArticle]) -> None:
    assert make_splits(articles[::-1]) == make_splits(articles)


def test_articles_with_near_copies_stay_together(articles: list[CorpusArticle]) -> None:
    copies = [
        labelled_article(f"copy{n}", (f"{LONG} {n} nhé", ""), (f"dòng {n} khác", ""))
        for n in range(12)
    ]
    cluster_of = clusters([*articles, *copies])
    assert {cluster_of[c.id] for c in copies} == {"copy0"}
    assert len(set(cluster_of.values())) == 61
    split_of = make_splits([*articles, *copies])
    assert len({split_of[c.id] for c in copies}) == 1


def test_clusters_join_through_a_third_article() -> None:
    second = "tổ công nghệ số cộng đồng dạy bà con quét mã trả tiền điện"
    chain = [
        labelled_article("c", (LONG, "")),
        labelled_article("b", (LONG, ""), (second, "")),
        labelled_article("a", (second, "")),
    ]
    assert clusters(chain) == {"a": "a", "b": "a", "c": "a"}


def test_known_articles_keep_their_split_when_others_come(articles: list[CorpusArticle]) -> None:
    known = make_splits(articles[:40])
    later = make_splits(articles, known)
    assert {key: later[key] for key in known} == known
    assert set(later) == {a.id for a in articles}
    turned = dict.fromkeys(known, "test")
    assert make_splits(articles[:40], turned) == turned


def test_a_copy_of_a_known_article_goes_where_that_one_is() -> None:
    first, copy = labelled_article("z", (LONG, "")), labelled_article("a", (LONG, ""))
    for split in SHARES:
        assert make_splits([first, copy], {"z": split}) == {"a": split, "z": split}


def test_the_shipped_splits_keep_copies_apart_and_their_shares() -> None:
    split_of = read_splits(SHIPPED / "splits.json")
    shipped = read_articles(SHIPPED / "articles")
    assert set(split_of) == {a.id for a in shipped}
    by_cluster: dict[str, set[str]] = {}
    for key, cluster in clusters(shipped).items():
        by_cluster.setdefault(cluster, set()).add(split_of[key])
    assert [c for c, splits in by_cluster.items() if len(splits) > 1] == []
    sizes = Counter(dict.fromkeys(SHARES, 0))
    for article in shipped:
        sizes[split_of[article.id]] += len(article.sentences)
    total = sum(sizes.values())
    assert {s: n / total for s, n in sizes.items()} == pytest.approx(SHARES, abs=0.05)


def test_an_article_without_a_split_counts_as_train(articles: list[CorpusArticle]) -> None:
    assert select(articles[:1], {}, "train") == articles[:1]
    assert select(articles[:1], {}, "dev") == []


def test_splits_are_written_and_read(tmp_path: Path) -> None:
    split_of = {"a": "train", "b": "dev"}
    write_splits(split_of, tmp_path / "splits.json")
    assert read_splits(tmp_path / "splits.json") == split_of


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (None, "No splits at"),
        (json.dumps({"a": "holdout"}), "unknown splits: holdout"),
        ("{", "not a JSON object of splits"),
        ("[1]", "not a JSON object of splits"),
        ("3", "not a JSON object of splits"),
    ],
)
def test_splits_that_cannot_be_read_are_explained(
    content: str | None, reason: str, tmp_path: Path
) -> None:
    path = tmp_path / "splits.json"
    if content is not None:
        path.write_text(content, encoding="utf-8")
    with pytest.raises(CorpusError, match=reason):
        read_splits(path)


# -- overlap ---------------------------------------------------------------------------------


def _overlap(first: str, second: str, groups: tuple[str, str] = ("x", "y")) -> list[float]:
    return [share for _, _, share in overlapping_pairs([first, second], groups, 0.01)]


def test_overlap_is_the_share_of_the_shorter_text() -> None:
    assert _overlap(LONG, LONG) == [1.0]
    assert _overlap(LONG, f"{LONG} và còn thêm nhiều chữ khác nữa ở đây") == [1.0]
    half = " ".join([*LONG.split()[:9], *(f"k{n}" for n in range(9))])
    shared = len(grams(LONG) & grams(half))
    assert shared == 5
    assert _overlap(LONG, half) == [shared / min(len(grams(LONG)), len(grams(half)))]


def test_overlap_ignores_case_and_punctuation() -> None:
    assert _overlap(LONG, LONG.upper().replace(" ", ", ")) == [1.0]


def test_texts_of_one_group_and_short_texts_are_not_compared() -> None:
    assert _overlap(LONG, LONG, ("x", "x")) == []
    short = " ".join(LONG.split()[: LEAST_GRAMS + 3])
    assert len(grams(short)) < LEAST_GRAMS
    assert _overlap(short, short) == []


def test_pairs_below_the_bound_are_left_out() -> None:
    texts, groups = [LONG, LONG[: len(LONG) // 2] + " chuyện khác hẳn ở vùng biển xa"], ["x", "y"]
    assert list(overlapping_pairs(texts, groups, 0.9)) == []
    assert len(list(overlapping_pairs(texts, groups, 0.1))) == 1


def test_tokens_are_folded_words_and_numbers() -> None:
    assert tokens("UỶ BAN: 1,2% (hoà)") == ["ủy", "ban", "1", "2", "hòa"]
