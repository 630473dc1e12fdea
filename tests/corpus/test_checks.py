"""The checks find each fault that is planted, and nothing in a sound corpus."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from pipeline.corpus.articles import CorpusArticle, read_articles, write_articles
from pipeline.corpus.checks import check
from pipeline.corpus.splits import make_splits, read_splits
from pipeline.corpus.statistics import as_rows, count
from pipeline.corpus.upkeep import add_drafts, renew_splits
from pipeline.errors import CorpusError
from pipeline.records import Comparator, Kind, Pillar, Status, Target
from tests.labelled import labelled_article

if TYPE_CHECKING:
    from pathlib import Path

LONG = "xã mở quầy hướng dẫn bà con nộp hồ sơ qua mạng vào sáng thứ bảy hằng tuần"


def _sound() -> list[CorpusArticle]:
    return [
        labelled_article(f"a{n:02d}", (" ".join(f"w{n}y{j}" for j in range(9)), "gesi"[n % 4]))
        for n in range(40)
    ]


def _entry(**fields: object) -> Target:
    made = Target(
        start=0,
        end=2,
        surface="w0",
        value=Decimal(1),
        comparator=Comparator.EQUAL,
        unit="%",
        status=Status.RESULT,
        rule="annotated",
        indicator="Mức",
    )
    return replace(made, **fields)  # type: ignore[arg-type]


def _with_first_unit(article: CorpusArticle, **fields: object) -> CorpusArticle:
    unit = replace(article.sentences[0], **fields)  # type: ignore[arg-type]
    return replace(article, sentences=(unit, *article.sentences[1:]))


def _findings(articles: list[CorpusArticle]) -> list[str]:
    split_of = make_splits(articles)
    return check(articles, split_of)


def test_a_sound_corpus_has_no_findings() -> None:
    assert _findings(_sound()) == []


@pytest.mark.parametrize(
    ("fault", "finding"),
    [
        (lambda a: replace(a, genre=""), "article a00 lacks genre, source_style or published"),
        (lambda a: replace(a, published=None), "lacks genre, source_style or published"),
        (lambda a: replace(a, sentences=()), "article a00 has no sentence"),
        (
            lambda a: _with_first_unit(a, kind=Kind.BYLINE),
            "article a00, sentence at 0: page furniture carries labels",
        ),
        (
            lambda a: _with_first_unit(a, targets=(_entry(pillar=Pillar.ECONOMY),)),
            "'w0' has a pillar that the sentence lacks",
        ),
        (
            lambda a: _with_first_unit(a, targets=(_entry(indicator=None),)),
            "'w0' lacks indicator or unit",
        ),
        (lambda a: _with_first_unit(a, targets=(_entry(unit=""),)), "'w0' lacks indicator or unit"),
    ],
)
def test_a_planted_fault_is_found(fault: object, finding: str) -> None:
    articles = _sound()
    assert callable(fault)
    found = _findings([fault(articles[0]), *articles[1:]])
    assert len(found) == 1
    assert finding in found[0]


def test_an_id_that_occurs_twice_is_found() -> None:
    articles = _sound()
    twin = replace(articles[1], id="a00")
    assert "article id a00 occurs 2 times" in _findings([articles[0], twin, *articles[2:]])


def test_an_opening_used_too_often_is_found() -> None:
    stock = "theo lãnh đạo sở thì trong năm"
    same = [labelled_article(f"s{n}", (f"{stock} việc{n} tốt{n} lên{n}", "")) for n in range(9)]
    found = _findings([*_sound(), *same])
    assert [f for f in found if "begins" in f] == [
        f"the opening {'theo lãnh đạo sở thì trong'!r} begins 9 sentences"
    ]
    assert not any("begins" in f for f in _findings([*_sound(), *same[:8]]))


def test_near_copies_are_found_and_named_again_if_splits_part_them() -> None:
    copies = [labelled_article("x", (LONG, "")), labelled_article("y", (f"{LONG} nhé", ""))]
    articles = [*_sound(), *copies]
    together = make_splits(articles)
    assert [f for f in check(articles, together) if "share" in f] == [
        f"articles x and y share 100% of a sentence: {(LONG + ' nhé')[:60]!r}"
    ]
    parted = together | {"x": "train", "y": "test"}
    assert "articles x and y share a sentence and lie in different splits" in check(
        articles, parted
    )


def test_copies_of_page_furniture_are_no_fault() -> None:
    copies = [labelled_article(key, (LONG, ""), kind=Kind.CREDIT) for key in "xy"]
    articles = [*_sound(), *copies]
    assert not any("share" in f for f in check(articles, make_splits(articles)))


def test_an_article_without_a_split_and_a_split_without_an_article_are_found() -> None:
    articles = _sound()
    split_of = make_splits(articles)
    del split_of["a00"]
    found = check(articles, split_of | {"zz": "dev"})
    assert [f for f in found if "not in both" in f] == [
        "article a00 is in the corpus or in the splits, not in both",
        "article zz is in the corpus or in the splits, not in both",
    ]


def test_shares_that_are_off_are_found() -> None:
    articles = _sound()
    found = check(articles, {a.id: "train" for a in articles})
    assert "split train holds 100% of the sentences, not 70%" in found
    assert "split dev holds 0% of the sentences, not 15%" in found


def test_counts_and_words_below_their_bounds_are_found(tmp_path: Path) -> None:
    bounds = tmp_path / "bounds.toml"
    articles = _sound()
    bounds.write_text(
        '[least]\nsentences = 41\n"articles and ledes" = 40\n'
        '[coverage]\nwords = ["w1y1", "w2y2 w2y3", "w3y1 w3y3", "y1"]\n'
        "articles = 1\nshare = 0.6\n",
        encoding="utf-8",
    )
    found = check(articles, make_splits(articles), bounds)
    assert found == [
        "sentences: 40, but at least 41 are wanted",
        "only 50% of the typical words are covered; missing: w3y1 w3y3, y1",
    ]
    assert check(articles, make_splits(articles), tmp_path / "none.toml") == []


def test_counts_are_those_of_the_labels() -> None:
    articles = [
        labelled_article("a", ("Xã mở quầy số.", "g"), ("Có 5 quầy.", "ge"), genre="plan"),
        labelled_article("b", ("Kinh tế tăng 3%.", ""), ("Trời mưa.", ""), published="2023"),
        labelled_article("c", ("Trời nắng.", ""), hard=True, published=None),
        labelled_article("d", ("12/5/2025 kinh tế", ""), kind=Kind.META),
    ]
    entry = _entry(surface="5", start=3, end=4, status=Status.TARGET)
    marked = replace(articles[0].sentences[1], targets=(entry, replace(entry, rule="x")))
    articles[0] = replace(articles[0], sentences=(articles[0].sentences[0], marked))
    counts = count(articles)
    assert (counts.articles, counts.sentences) == (4, 6)
    assert counts.by_pillar == {"government": 2, "economy": 1, "none": 4}
    assert counts.by_year == {"2025": 3, "2023": 2, "?": 1}
    assert counts.by_pillar_genre["government", "plan"] == 2
    assert (counts.targets, counts.results, counts.bare_numbers) == (2, 0, 1)
    assert counts.hard_negatives == 2
    rows = dict(as_rows(counts))
    assert rows["sentences that carry government"] == 2
    assert rows["sentences without a pillar"] == 4


# -- upkeep ----------------------------------------------------------------------------------


def _draft(path: Path, *texts: str) -> Path:
    blocks = [f"## news | published=2025-01-02\nB - | {text}\n" for text in texts]
    path.write_text("\n".join(blocks), encoding="utf-8")
    return path


def test_drafts_are_added_behind_what_is_there(tmp_path: Path) -> None:
    first = _draft(tmp_path / "one.txt", "Trời mưa.", "Trời nắng.")
    assert add_drafts(tmp_path, [first], "weather", ("an",)) == 2
    second = _draft(tmp_path / "two.txt", "Trời âm u.")
    assert add_drafts(tmp_path, [second], "weather") == 1
    articles = read_articles(tmp_path / "articles")
    assert [a.text for a in articles] == ["Trời mưa.", "Trời nắng.", "Trời âm u."]
    assert [a.annotators for a in articles] == [("an",), ("an",), ()]


def test_a_draft_that_is_in_the_corpus_already_changes_nothing(tmp_path: Path) -> None:
    draft = _draft(tmp_path / "one.txt", "Trời mưa.")
    add_drafts(tmp_path, [draft], "weather")
    before = (tmp_path / "articles/weather.jsonl").read_bytes()
    with pytest.raises(CorpusError, match="is in the corpus already"):
        add_drafts(tmp_path, [_draft(tmp_path / "two.txt", "Gió to.", "Trời mưa.")], "weather")
    assert (tmp_path / "articles/weather.jsonl").read_bytes() == before


def test_new_articles_get_a_split_and_old_ones_keep_theirs(tmp_path: Path) -> None:
    articles = _sound()
    write_articles(articles[:30], tmp_path / "articles/a.jsonl")
    first = renew_splits(tmp_path)
    before = read_splits(tmp_path / "splits.json")
    write_articles(articles[30:], tmp_path / "articles/b.jsonl")
    second = renew_splits(tmp_path)
    after = read_splits(tmp_path / "splits.json")
    assert (sum(first.values()), sum(second.values())) == (30, 40)
    assert {key: after[key] for key in before} == before
