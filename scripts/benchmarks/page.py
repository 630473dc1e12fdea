"""The page and the chart of a benchmark."""

from __future__ import annotations

from typing import TYPE_CHECKING

import matplotlib as mpl

from benchmarks.measure import median

mpl.use("svg")
mpl.rcParams["svg.hashsalt"] = "trucot"
import matplotlib.pyplot as plt  # noqa: E402 -- the backend comes first

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from benchmarks.measure import Results

_MILLION = 1_000_000
_NAIVE_OF = {"split": "split", "segment": "segment", "classify": "predict"}


def page(found: Results) -> str:
    """Return the page in Markdown."""
    return "\n".join(
        [
            "# Benchmarks",
            "",
            (
                "Written by `make bench`; run it on your own files:"
                " `python scripts/benchmark.py news.jsonl`."
            ),
            "",
            (
                f"Machine: {found.machine}. What is compared ran in turns within each of"
                f" {len(found.one)} rounds. Figures are medians (least–most). Load average at the"
                f" start of the rounds: {_range(found.load, 1)}. Above 0, other processes shared"
                " the cores: seconds of the clock are then longer than on an idle machine, by far"
                " if it exceeds the number of cores, and CPU seconds somewhat longer."
            ),
            "",
            *_end_to_end(found),
            *_stages(found),
            *_workers(found),
            *_growth(found),
        ]
    )


def _range(values: Sequence[float], digits: int = 0) -> str:
    least, middle, most = min(values), median(values), max(values)
    return f"{middle:,.{digits}f} ({least:,.{digits}f}–{most:,.{digits}f})"


def naive_rates(found: Results) -> list[float]:
    """Return articles a second of the naive pipeline, of the same length as ours."""
    length = found.characters / found.articles
    return [found.naive_characters / length / sum(r.values()) for r in found.naive]


def rates(found: Results, seconds: Sequence[float]) -> list[float]:
    """Return articles a second of whole runs."""
    return [found.articles / s for s in seconds]


def _end_to_end(found: Results) -> list[str]:
    ours, naive = rates(found, found.cpu), naive_rates(found)
    times = [a / b for a, b in zip(ours, naive, strict=True)]
    length = found.characters / found.articles
    return [
        "## End to end, one worker",
        "",
        (
            f"{found.articles:,} articles of {length:,.0f} characters on average. trucot: process"
            " start to exit, all stages and processes, Parquet written. Naive (`scripts/naive.py`):"
            f" splitting, segmenting and batch prediction alone, on {_part(found)};"
            " its imports, fit and output are not counted."
        ),
        "",
        "| | articles a CPU second | articles a second |",
        "| --- | ---: | ---: |",
        f"| trucot classify | {_range(ours)} | {_range(rates(found, found.one))} |",
        f"| naive | {_range(naive, 1)} | |",
        f"| times, round by round | {_range(times, 1)} | |",
        "",
        (
            f"One short article, start to exit: {_range(found.start, 2)} s. Largest process:"
            f" {_range(found.memory)} MB. Written: {found.disk / found.articles / 1000:,.1f} kB an"
            " article."
        ),
        "",
    ]


def _part(found: Results) -> str:
    if found.naive_articles == found.articles:
        return "the same articles"
    return f"{found.naive_articles:,} of the articles, evenly spread"


def _stages(found: Results) -> list[str]:
    lines = [
        "## Stages",
        "",
        (
            "One process, the first third of the articles not counted, new text. Mchar/s are"
            " millions of code points a CPU second; naive and pyvi on the text of the naive run."
        ),
        "",
        "| stage | Mchar/s | share of time | naive, Mchar/s | times |",
        "| --- | ---: | ---: | ---: | ---: |",
    ]
    characters = found.stage_characters / _MILLION
    totals = [sum(r.values()) for r in found.stages]
    for name in found.stages[0]:
        speeds = [characters / r[name] for r in found.stages]
        share = median([r[name] / t for r, t in zip(found.stages, totals, strict=True)])
        line = f"| {name} | {_range(speeds, 2)} | {share:.0%} |"
        if name in _NAIVE_OF:
            size = found.naive_characters / _MILLION
            plain = [size / r[_NAIVE_OF[name]] for r in found.naive]
            times = [a / b for a, b in zip(speeds, plain, strict=True)]
            lines.append(f"{line} {_range(plain, 2)} | {_range(times, 1)} |")
        else:
            lines.append(f"{line} | |")
    lines.append(f"| all | {_range([characters / t for t in totals], 2)} | | | |")
    if found.pyvi:
        speeds = [found.naive_characters / _MILLION / s for s in found.pyvi]
        lines += ["", f"pyvi segments (other words) {_range(speeds, 2)} Mchar/s."]
    return [*lines, ""]


def _workers(found: Results) -> list[str]:
    lines = [
        "## Two workers",
        "",
        (
            "How many times as fast as one, start to exit, and two pure Python loops against one"
            " beside it in the same round. The larger file holds the same articles with edits."
        ),
        "",
        "| articles | two workers | two loops | share reached, % |",
        "| ---: | ---: | ---: | ---: |",
    ]
    for count, rounds in found.workers.items():
        gains, loops = zip(*rounds, strict=True)
        shares = [100 * gain / loop for gain, loop in rounds]
        cells = [f"{count:,}", _range(gains, 2), _range(loops, 2), _range(shares)]
        lines.append(f"| {' | '.join(cells)} |")
    return [*lines, ""]


def _growth(found: Results) -> list[str]:
    if not found.growth:
        return []
    lines = [
        "## Growth",
        "",
        "The same articles again and again, each time with an edit; one run each.",
        "",
        "| articles | CPU seconds | CPU ms an article | largest process, MB |",
        "| ---: | ---: | ---: | ---: |",
    ]
    lines += [
        f"| {n:,} | {s:,.1f} | {1000 * s / n:,.2f} | {found.growth_memory[n]:,.0f} |"
        for n, s in found.growth.items()
    ]
    return [*lines, "", "![Articles a second](benchmarks.svg)", ""]


def draw(found: Results, path: Path) -> None:
    """Draw articles a CPU second of the naive pipeline and of a whole run."""
    rows = {
        "naive": naive_rates(found),
        "trucot": rates(found, found.cpu),
    }
    figure, axes = plt.subplots(figsize=(7, 1.8))
    names = list(rows)
    middle = [median(values) for values in rows.values()]
    low = [m - min(v) for m, v in zip(middle, rows.values(), strict=True)]
    high = [max(v) - m for m, v in zip(middle, rows.values(), strict=True)]
    bars = axes.barh(names, middle, xerr=[low, high], color=["#999999", "#1f6feb"])
    axes.bar_label(bars, [f"{m:,.0f}" for m in middle], padding=12)
    axes.invert_yaxis()
    axes.margins(x=0.15)
    axes.set_xlabel("articles a CPU second, cold start and Parquet included for trucot")
    axes.spines[["top", "right"]].set_visible(False)
    figure.tight_layout()
    figure.savefig(path, metadata={"Date": None})
