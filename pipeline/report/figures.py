"""Counts of a run: everything, and everything once (copies left out)."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from pipeline import tables
from pipeline.records import NONE, PILLARS, Kind, Status

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from pipeline.runs.reading import Run

_COPIES = pa.array([kind.value for kind in Kind if kind.is_copy])
_FURNITURE = pa.array([kind.value for kind in Kind if kind.is_furniture])
_MOST_BARS = 15
_YEAR = 4


@dataclass(frozen=True, slots=True)
class Tally:
    """A count, and the same count without copies.

    `once` leaves out articles that are copies of others, and parts that repeat another part of
    their page.
    """

    total: int
    once: int


@dataclass(frozen=True, slots=True)
class ReportSummary:
    """What a page shows.

    `listed` numbers stand in the table of the page and `written_out` articles are there in full;
    both are bounded, so that the page of a large run still opens.
    """

    articles: Tally
    sentences: Tally
    targets: Tally
    results: Tally
    abstained: Tally
    rejected: int
    listed: int
    written_out: int


@dataclass(frozen=True, slots=True)
class Bar:
    """One line of a chart: how many sentences carry each pillar.

    `parts` are pairs of pillar (or `none`) and count; `articles` is the number behind the bar.
    """

    label: str
    parts: tuple[tuple[str, int], ...]
    articles: int = 0

    @property
    def total(self) -> int:
        """Sum of the parts; a sentence with two pillars is in both."""
        return sum(count for _, count in self.parts)


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars of one kind; `left_out` and `unknown` count articles that no bar shows."""

    bars: tuple[Bar, ...]
    left_out: int = 0
    unknown: int = 0

    @property
    def longest(self) -> int:
        """Greatest total, at least 1: the full width of the chart."""
        return max([1, *(bar.total for bar in self.bars)])


@dataclass(frozen=True, slots=True)
class RunTables:
    """The tables of a run as far as the page counts them; sentences come without their text."""

    articles: list[dict[str, Any]]
    sentences: pa.Table
    targets: pa.Table
    once: pa.ChunkedArray
    targets_once: pa.ChunkedArray


def read_tables(run: Run) -> RunTables:
    """Return the tables of a run, with what is counted once marked."""
    articles = read_columns(run.articles, tables.ARTICLES).to_pylist()
    names = ["article_id", "sentence_id", "kind", "primary", "abstained"]
    sentences = read_columns(run.sentences, tables.SENTENCES, names)
    targets = read_columns(run.targets, tables.TARGETS)
    copied = pa.array([a["article_id"] for a in articles if a["duplicate_of"]], pa.string())
    twice = pc.or_(
        pc.is_in(sentences["article_id"], value_set=copied),
        pc.is_in(sentences["kind"], value_set=_COPIES),
    )
    repeated = sentences["sentence_id"].filter(twice).combine_chunks()
    return RunTables(
        articles,
        sentences,
        targets,
        once=pc.invert(twice),
        targets_once=pc.invert(pc.is_in(targets["sentence_id"], value_set=repeated)),
    )


def read_columns(table: Path, schema: pa.Schema, names: Sequence[str] | None = None) -> pa.Table:
    """Return columns of a table of a run, be it a file, a folder of parts or an empty folder."""
    wanted = pa.schema([schema.field(name) for name in names or schema.names])
    found = sorted(table.glob("*.parquet")) if table.is_dir() else [table]
    parts = [pq.ParquetFile(file).read(columns=wanted.names).cast(wanted) for file in found]
    return pa.concat_tables(parts) if parts else wanted.empty_table()


def summarise(read: RunTables, rejected: int, listed: int, written_out: int) -> ReportSummary:
    """Return the headline counts."""
    status = read.targets["status"]
    copies = sum(article["duplicate_of"] is not None for article in read.articles)
    return ReportSummary(
        articles=Tally(len(read.articles), len(read.articles) - copies),
        sentences=Tally(len(read.sentences), _true(read.once)),
        targets=_tally(pc.equal(status, Status.TARGET.value), read.targets_once),
        results=_tally(pc.equal(status, Status.RESULT.value), read.targets_once),
        abstained=_tally(read.sentences["abstained"], read.once),
        rejected=rejected,
        listed=listed,
        written_out=written_out,
    )


def _tally(mask: pa.ChunkedArray, once: pa.ChunkedArray) -> Tally:
    return Tally(_true(mask), _true(pc.and_(mask, once)))


def _true(mask: pa.ChunkedArray) -> int:
    return pc.sum(mask).as_py() or 0


def pillar_chart(read: RunTables) -> Chart:
    """Return one bar a pillar and one for sentences of none; copies and furniture left out."""
    originals = [article for article in read.articles if not article["duplicate_of"]]
    bars = [Bar(p.value, ((p.value, sum(a[f"n_{p}"] for a in originals)),)) for p in PILLARS]
    furniture = pc.is_in(read.sentences["kind"], value_set=_FURNITURE)
    said = pc.and_(read.once, pc.invert(furniture))
    without = _true(pc.and_(said, pc.equal(read.sentences["primary"], NONE)))
    return Chart((*bars, Bar(NONE, ((NONE, without),))))


def year_chart(articles: Iterable[dict[str, Any]]) -> Chart:
    """Return one bar a year of publication, in order; the latest if there are too many.

    >>> row = {"duplicate_of": None, "published": "2025-03", "n_government": 2, "n_economy": 0,
    ...        "n_society": 1, "n_infrastructure": 0}
    >>> [(bar.label, bar.total) for bar in year_chart([row]).bars]
    [('2025', 3)]
    """
    chart = _chart(articles, lambda a: _year(a["published"]))
    bars = sorted(chart.bars, key=lambda bar: bar.label)
    return Chart(
        tuple(bars[-_MOST_BARS:]), sum(b.articles for b in bars[:-_MOST_BARS]), chart.unknown
    )


def _year(published: str | None) -> str | None:
    year = (published or "")[:_YEAR]
    return year if len(year) == _YEAR and year.isdecimal() else None


def province_chart(articles: Iterable[dict[str, Any]]) -> Chart:
    """Return one bar a province, most sentences first; a bounded number of provinces."""
    chart = _chart(articles, lambda a: a["province"] or None)
    bars = sorted(chart.bars, key=lambda bar: (-bar.total, bar.label))
    left_out = sum(bar.articles for bar in bars[_MOST_BARS:])
    return Chart(tuple(bars[:_MOST_BARS]), left_out, chart.unknown)


def _chart(
    articles: Iterable[dict[str, Any]], label_of: Callable[[dict[str, Any]], str | None]
) -> Chart:
    counts: dict[str, Counter[str]] = {}
    behind: Counter[str] = Counter()
    unknown = 0
    for article in articles:
        if article["duplicate_of"]:
            continue
        label = label_of(article)
        if label is None:
            unknown += 1
            continue
        behind[label] += 1
        counts.setdefault(label, Counter()).update({p.value: article[f"n_{p}"] for p in PILLARS})
    bars = [
        Bar(label, tuple((p.value, count[p.value]) for p in PILLARS), behind[label])
        for label, count in counts.items()
    ]
    return Chart(tuple(bars), unknown=unknown)
