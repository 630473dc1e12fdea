"""Export, then import: the same labels, whatever the text; then a correction comes through."""

from __future__ import annotations

import json
import tempfile
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.corpus.articles import CorpusArticle, LabelledUnit, read_articles
from pipeline.exports import ExportOptions, ImportOptions, export, import_labels
from pipeline.records import PILLARS, Comparator, Kind, Pillar, Status, Target
from tests.exports.builders import (
    as_corpus,
    blanked,
    labelled_article,
    write_corpus,
    write_run,
)

FULL = ("csv", "jsonl", "xlsx", "label-studio")
"""Formats that hold every label; doccano has no place for the primary pillar."""

FILES = {
    "csv": ("out", "out"),
    "jsonl": ("out.jsonl", "out.jsonl"),
    "xlsx": ("out.xlsx", "out.xlsx"),
    "label-studio": ("out", "out"),
    "doccano": ("out", "out/intent_and_slots.jsonl"),
}

_CHARACTERS = st.one_of(
    st.characters(exclude_categories=["Cs", "Cc"], include_characters="\t\n\r"),
    st.sampled_from("=+-@'\";,\\đĐạ😀0123456789% \u2028_x000D_\x0b\x1f\x85\ufffe"),
)
_TEXT = st.text(_CHARACTERS, min_size=1, max_size=30)
_MAYBE_TEXT = st.none() | _TEXT
_NUMBER = st.decimals(min_value=0, max_value=10**12, places=2).map(
    lambda d: Decimal(int(d)) if d == int(d) else d
)


@st.composite
def _entries(draw: st.DrawFn, text: str) -> tuple[Target, ...]:
    cuts = sorted(draw(st.sets(st.integers(0, len(text)), max_size=4)))
    found = []
    for start, end in zip(cuts[::2], cuts[1::2], strict=False):
        status = draw(st.sampled_from(Status))
        found.append(
            Target(
                start=start,
                end=end,
                surface=text[start:end],
                value=draw(_NUMBER),
                value_max=draw(st.none() | _NUMBER),
                comparator=draw(st.sampled_from([Comparator.EQUAL, Comparator.AT_LEAST])),
                unit=draw(_TEXT),
                status=status,
                rule="annotated",
                deadline=draw(_MAYBE_TEXT) if status is Status.TARGET else None,
                indicator=draw(_MAYBE_TEXT),
                exclusion=draw(_MAYBE_TEXT),
                pillar=draw(st.none() | st.sampled_from(Pillar)),
                scope=tuple(draw(st.lists(_TEXT, max_size=2))),
                freq_per_year=draw(st.none() | _NUMBER),
                met=draw(st.none() | st.just(value=True)),
            )
        )
    return tuple(found)


@st.composite
def _articles(draw: st.DrawFn) -> CorpusArticle:
    text, units = "", []
    for _ in range(draw(st.integers(1, 3))):
        sentence = draw(_TEXT)
        start = len(text)
        text += sentence
        chosen = draw(st.sets(st.sampled_from(Pillar)))
        pillars = tuple(p for p in PILLARS if p in chosen)
        units.append(
            LabelledUnit(
                start,
                len(text),
                draw(st.sampled_from(Kind)),
                pillars,
                draw(st.sampled_from(pillars)) if pillars else None,
                draw(_entries(sentence)),
            )
        )
        text += "\n"
    return CorpusArticle("bài:1", draw(_MAYBE_TEXT), None, "plan", "", text, tuple(units))


def _back(
    articles: list[CorpusArticle],
    base: list[CorpusArticle],
    name: str,
    folder: Path,
) -> list[CorpusArticle]:
    source = write_corpus(folder / "corpus.jsonl", articles)
    blank = write_corpus(folder / "base.jsonl", base)
    written, given_back = FILES[name]
    export(source, name, folder / written)
    summary = import_labels(folder / given_back, name, blank, folder / "result.jsonl")
    assert summary.conflicts == ()
    return read_articles(summary.output)


@pytest.mark.parametrize("name", FULL)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(article=_articles())
def test_labels_come_back_as_they_went(name: str, article: CorpusArticle) -> None:
    with tempfile.TemporaryDirectory() as folder:
        found = _back([article], [blanked(article)], name, Path(folder))
    assert found[0].sentences == article.sentences


@pytest.mark.parametrize("name", [*FULL, "doccano"])
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(article=_articles())
def test_nothing_changes_where_nothing_was_changed(name: str, article: CorpusArticle) -> None:
    with tempfile.TemporaryDirectory() as folder:
        assert _back([article], [article], name, Path(folder)) == [article]


@pytest.mark.parametrize("name", [*FULL, "doccano"])
def test_a_run_comes_back_as_a_corpus(name: str, tmp_path: Path) -> None:
    labelled = [labelled_article(n) for n in range(3)]
    run = write_run(tmp_path / "run", labelled)
    written, given_back = FILES[name]
    export(run, name, tmp_path / written)
    if name == "label-studio":
        _accept_predictions(tmp_path / written / "tasks-00000.json")
    options = ImportOptions(all_checked=True, annotator="mai")
    summary = import_labels(tmp_path / given_back, name, run, tmp_path / "r.jsonl", options)
    assert (summary.checked, summary.changed, summary.conflicts) == (18, 0, ())
    for found, article in zip(read_articles(summary.output), labelled, strict=True):
        expected = as_corpus(article)
        assert found.text == expected.text
        assert found.sentences == expected.sentences
        assert (found.origin, found.annotators) == ("corrected", ("mai",))


def _accept_predictions(file: Path) -> None:
    tasks = json.loads(file.read_text(encoding="utf-8"))
    for task in tasks:
        task["annotations"] = task.pop("predictions")
    file.write_text(json.dumps(tasks), encoding="utf-8")


def test_unchecked_sentences_of_a_run_stay_out(tmp_path: Path) -> None:
    run = write_run(tmp_path / "run", [labelled_article(n) for n in range(3)])
    file = export(run, "jsonl", tmp_path / "o.jsonl", ExportOptions(pillars=("none",))).output
    rows = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    rows[0].update(pillars=["society"], primary="society", annotator="mai")
    rows[1]["checked"] = True
    file.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    summary = import_labels(file, "jsonl", run, tmp_path / "r.jsonl")
    assert (summary.read, summary.checked, summary.changed) == (3, 2, 1)
    first, second = read_articles(summary.output)
    assert [unit.primary for unit in first.sentences] == [Pillar.SOCIETY]
    assert [unit.primary for unit in second.sentences] == [None]


def test_a_text_without_words_still_takes_labels_back(tmp_path: Path) -> None:
    article = as_corpus(labelled_article(1))
    source = write_corpus(tmp_path / "a.jsonl", [article])
    base = write_corpus(tmp_path / "b.jsonl", [blanked(article)])
    for name in ("csv", "xlsx", "jsonl"):
        written, back = (f"{name}-{part}" if part == "out" else part for part in FILES[name])
        export(source, name, tmp_path / written, ExportOptions(include_text=False))
        summary = import_labels(tmp_path / back, name, base, tmp_path / f"{name}.result")
        assert summary.conflicts == ()
        assert read_articles(summary.output)[0].sentences == article.sentences


def test_importing_all_again_leaves_the_corpus_as_it_is(tmp_path: Path) -> None:
    article = replace(as_corpus(labelled_article(1)), origin="authored")
    source = write_corpus(tmp_path / "a.jsonl", [article])
    export(source, "xlsx", tmp_path / "o.xlsx")
    summary = import_labels(tmp_path / "o.xlsx", "xlsx", source, tmp_path / "b.jsonl")
    assert summary.output.read_bytes() == source.read_bytes()
