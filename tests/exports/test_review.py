"""The queue holds what it promises: doubt, disagreement, rarity, variety and a control share."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from pipeline.classify.concepts import lexicon_labels
from pipeline.corpus.articles import read_articles
from pipeline.errors import ExportError
from pipeline.exports import ImportOptions, import_labels
from pipeline.review import (
    ABSTAINED,
    CONTROL,
    LEXICON,
    NEIGHBOURS,
    RARE,
    UNCERTAIN,
    Candidates,
    ReviewOptions,
    choose,
    review_queue,
    write_review,
)
from tests.exports.builders import as_corpus, labelled_article, write_corpus, write_run

if TYPE_CHECKING:
    from pathlib import Path

WORDS = "xã phường huyện tỉnh chợ cầu đường sông núi biển lúa cá tôm chè mía".split(" ")  # noqa: SIM905 -- easier to read than a list


def _candidates(count: int, seed: int = 1) -> Candidates:
    random = np.random.default_rng(seed)
    scores = random.uniform(0.0, 0.4, (count, 4))
    scores[: count // 4, 0] = random.uniform(0.6, 1.0, count // 4)
    texts = [" ".join(random.choice(WORDS, 12)) for _ in range(count)]
    return Candidates(
        [f"s{i:04d}" for i in range(count)],
        [f"a{i // 4}" for i in range(count)],
        texts,
        scores,
        scores >= 0.5,
        np.zeros(count, bool),
    )


def test_the_queue_is_full_and_has_its_control_share() -> None:
    found = _candidates(400)
    queue = choose(found, 100, ReviewOptions(control=0.2))
    assert len(queue) == 100
    counts = Counter(queue.values())
    assert counts[CONTROL] == 20
    assert counts[UNCERTAIN] >= 25
    assert counts[RARE] > 0
    assert queue == choose(found, 100, ReviewOptions(control=0.2))
    assert queue != choose(found, 100, ReviewOptions(control=0.2, seed=1))


def test_control_sentences_are_a_random_sample_of_all() -> None:
    found = _candidates(400)
    drawn = [
        key
        for seed in range(20)
        for key, reason in choose(found, 20, ReviewOptions(control=0.5, seed=seed)).items()
        if reason == CONTROL
    ]
    first_quarter = sum(int(key[1:]) < 100 for key in drawn) / len(drawn)
    assert first_quarter == pytest.approx(0.25, abs=0.1)


def test_doubt_comes_first() -> None:
    found = _candidates(100)
    found.scores[42] = [0.499, 0.1, 0.1, 0.1]
    found.abstained[7] = True
    queue = list(choose(found, 30, ReviewOptions(control=0)).items())
    assert queue[0] == ("s0007", ABSTAINED)
    assert ("s0042", UNCERTAIN) in queue[:5]


def test_what_the_lexicon_or_neighbours_deny_is_asked() -> None:
    found = _candidates(60)
    texts = list(found.texts)
    found.scores[:] = 0.02
    found.labels[:] = False
    texts[50] = "Người dân nộp hồ sơ trên cổng dịch vụ công của tỉnh."
    for place in range(10, 16):
        texts[place] = (
            f"Cá tôm ở chợ cầu sông vẫn bán đều mỗi sáng {['một', 'hai', 'ba', 'bốn'][place % 4]}"
        )
    found.labels[12, 3] = True
    found.scores[12, 3] = 0.98
    queue = choose(replace(found, texts=texts), 40, ReviewOptions(control=0))
    assert queue["s0050"] == LEXICON
    assert queue["s0012"] in {NEIGHBOURS, LEXICON}


def test_of_the_rarest_pillar_what_is_open_is_asked_not_what_is_sure() -> None:
    found = _candidates(200)
    found.scores[:] = 0.001
    found.labels[:] = False
    for pillar, count in enumerate((60, 50, 40, 30)):
        found.scores[:count, pillar], found.labels[:count, pillar] = 0.999, True
    found.scores[150:190, 3] = 0.4
    queue = choose(found, 20, ReviewOptions(control=0))
    rare = [int(key[1:]) for key, reason in queue.items() if reason == RARE]
    assert rare
    assert min(rare) >= 150
    texts = ["Hội nghị họp trực tuyến với ba điểm cầu."]
    assert not lexicon_labels([text.split() for text in texts]).any(), (
        "a hint decides nothing alone"
    )


def test_near_copies_and_one_long_article_do_not_fill_the_queue() -> None:
    found = _candidates(40)
    copies = replace(found, texts=[f"{found.texts[0]} {i}" for i in range(40)])
    assert len(choose(copies, 20, ReviewOptions(control=0))) == 1
    one_article = replace(found, articles=["a"] * 40)
    assert len(choose(one_article, 20, ReviewOptions(control=0, per_article=3))) == 3


def test_an_empty_or_small_run_gives_what_it_has(tmp_path: Path) -> None:
    assert review_queue(write_run(tmp_path / "empty", []), 10) == {}
    queue = review_queue(write_run(tmp_path / "one", [labelled_article(1)]), 50)
    assert 0 < len(queue) <= 6


def test_a_queue_goes_out_as_a_sheet_and_comes_back(tmp_path: Path) -> None:
    run = write_run(tmp_path / "run", [labelled_article(n) for n in range(4)])
    summary, reasons = write_review(run, 5, "xlsx", tmp_path / "queue.xlsx")
    assert summary.counts["sentences"] == sum(reasons.values()) == 5
    options = ImportOptions(all_checked=True, annotator="lan")
    back = import_labels(summary.output, "xlsx", run, tmp_path / "r.jsonl", options)
    assert (back.checked, back.conflicts) == (5, ())
    assert sum(len(a.sentences) for a in read_articles(back.output)) == 5


def test_wrong_wishes_are_refused(tmp_path: Path) -> None:
    corpus = write_corpus(tmp_path / "a.jsonl", [as_corpus(labelled_article(1))])
    with pytest.raises(ExportError, match="labelled corpus"):
        review_queue(corpus, 5)
    with pytest.raises(ExportError, match="1 or more"):
        review_queue(corpus, 0)
    with pytest.raises(ExportError, match="0 to 1"):
        ReviewOptions(control=2)
