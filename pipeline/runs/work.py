"""What a worker does with a shard: read, label, write to temporary names, report.

A worker publishes nothing. Whatever goes wrong with one article (an error, too much time) makes
that article a reject and leaves the others alone; what kills the process is dealt with by
`pipeline.runs.pool`.
"""

from __future__ import annotations

import faulthandler
import os
import signal
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import IO, TYPE_CHECKING

import numpy as np
import pyarrow.parquet as pq

from pipeline import duplicates, tables
from pipeline.errors import TrucotError
from pipeline.ingest import read_article
from pipeline.ingest.language import why_not_vietnamese
from pipeline.records import LabelledArticle, RawArticle, Reject
from pipeline.runs.layout import TEMPORARY, Layout, plain_errors, sync
from pipeline.runs.shards import is_input_reject

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path
    from types import FrameType

    import pyarrow as pa

    from pipeline.ingest import Load
    from pipeline.runs.settings import Labeller, RunSettings
    from pipeline.runs.shards import Shard

DIED = "the worker process died on it (a crash, too much memory, or no end in sight)"
_GRACE, _MOST_GRACE = 2.0, 2.5
"""A call into C that does not come back is ended, with its process, after so many time bounds."""


class _OutOfTimeError(Exception):
    pass


@dataclass(frozen=True, slots=True)
class Task:
    """A shard and all that is needed to label it in any process.

    `dead` are positions of loads that kill a worker; `single` labels one article at a time.
    """

    shard: Shard
    root: Path
    settings: RunSettings
    factory: Callable[[], Labeller]
    dead: frozenset[int] = frozenset()
    single: bool = False


@dataclass(frozen=True, slots=True)
class RejectedLoad:
    """A reject with the digest of its load; `at_input` if no worker was needed to refuse it."""

    digest: str
    reject: Reject
    at_input: bool


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a worker did with a shard: counts, rejects, and where the temporary files lie."""

    written: int
    sentences: int
    targets: int
    rejects: tuple[RejectedLoad, ...]
    files: tuple[tuple[str, str], ...] = field(default=())


_labellers: dict[Callable[[], Labeller], Labeller] = {}


def load_labeller(factory: Callable[[], Labeller]) -> None:
    """Load the labeller of this process anew: its model may have changed since the last run."""
    _labellers.clear()
    _labellers[factory] = factory()


def labeller_of(factory: Callable[[], Labeller]) -> Labeller:
    """Return the labeller of this process, built once."""
    if factory not in _labellers:
        load_labeller(factory)
    return _labellers[factory]


def label_shard(task: Task) -> Outcome:
    """Label a shard and write its parts.

    Raises:
        RunError: The disk is full or refuses.
        TrucotError: The labeller cannot be built.
    """
    with _watch.over():
        articles, rejects = _label(task, range(len(task.shard.loads)))
    files = _write(task, articles)
    return Outcome(
        written=len(articles),
        sentences=sum(len(a.sentences) for a in articles),
        targets=sum(len(s.targets) for a in articles for s in a.sentences),
        rejects=tuple(rejects),
        files=files,
    )


def probe(task: Task, positions: Sequence[int]) -> None:
    """Label some loads of a shard and forget the result: does the process survive it?"""
    with _watch.over():
        _label(task, positions)


def _label(
    task: Task, positions: Sequence[int]
) -> tuple[list[LabelledArticle], list[RejectedLoad]]:
    loads = task.shard.loads
    label = labeller_of(task.factory)  # before the watch is armed: loading has no time bound
    refused: dict[int, Reject] = {}
    raws: dict[int, RawArticle] = {}
    for position in positions:
        raw = _read(loads[position], task, dead=position in task.dead)
        if isinstance(raw, Reject):
            refused[position] = raw
        else:
            raws[position] = raw
    step = 1 if task.single else max(1, len(raws))
    order = list(raws)
    articles: list[LabelledArticle] = []
    for start in range(0, len(order), step):
        done = _label_some(order[start : start + step], raws, label, task.settings)
        for position, result in done:
            if isinstance(result, Reject):
                refused[position] = result
            else:
                articles.append(result)
    rejects = [
        RejectedLoad(loads[at].digest, refused[at], is_input_reject(loads[at]))
        for at in sorted(refused)
    ]
    return articles, rejects


def _read(load: Load, task: Task, *, dead: bool) -> RawArticle | Reject:
    if dead:
        return Reject(load.path, load.record, "label", DIED)
    seconds = task.settings.seconds_for(load.size_bytes)
    try:
        with _time_bound(seconds):
            raw = read_article(load, task.settings.limits)
            if isinstance(raw, RawArticle) and task.settings.check_language:
                reason = why_not_vietnamese(raw.text or "")
                if reason is not None:
                    return Reject(raw.path, raw.record, "language", reason)
            return raw
    except _OutOfTimeError:
        return Reject(load.path, load.record, "ingest", _too_slow(seconds))
    except TrucotError:
        raise
    except Exception as error:
        return Reject(load.path, load.record, "ingest", _unexpected(error))


def _label_some(
    positions: Sequence[int],
    raws: dict[int, RawArticle],
    label: Labeller,
    settings: RunSettings,
) -> Iterator[tuple[int, LabelledArticle | Reject]]:
    """Label a batch; if that fails or takes too long, halve it until the culprit stands alone."""
    if not positions:
        return
    batch = [raws[position] for position in positions]
    seconds = settings.seconds_for(sum(len(raw.text or "") for raw in batch))
    try:
        with _time_bound(seconds):
            labelled = label(batch)
    except _OutOfTimeError:
        reason = _too_slow(seconds)
    except TrucotError:
        raise
    except Exception as error:
        reason = _unexpected(error)
    else:
        yield from zip(positions, labelled, strict=True)
        return
    if len(positions) == 1:
        raw = batch[0]
        yield positions[0], Reject(raw.path, raw.record, "label", reason)
        return
    middle = len(positions) // 2
    yield from _label_some(positions[:middle], raws, label, settings)
    yield from _label_some(positions[middle:], raws, label, settings)


def _too_slow(seconds: float) -> str:
    return f"it took longer than its time bound of {seconds:.0f} s"


def _unexpected(error: Exception) -> str:
    return f"an unexpected error: {type(error).__name__}: {str(error)[:200]}"


class _Watch:
    """Ends the process where C code does not give control back, which no signal can mend.

    Each arming starts a thread in C, so the watch stays armed from one article to the next as long
    as its end suits the next one too.
    """

    def __init__(self) -> None:
        self._end = 0.0
        self._nowhere: int | None = None

    def cover(self, seconds: float) -> None:
        """Make sure that the process ends if what begins now far exceeds its time."""
        now = time.monotonic()
        if now + seconds + 1 <= self._end <= now + _MOST_GRACE * seconds + 1:
            return
        bound = _GRACE * seconds + 1
        if self._nowhere is None:
            self._nowhere = os.open(os.devnull, os.O_WRONLY)
        faulthandler.dump_traceback_later(bound, exit=True, file=self._nowhere)
        self._end = now + bound

    @contextmanager
    def over(self) -> Iterator[None]:
        """Keep watch in the block: alarms ring in it, and the watch is disarmed at its end."""
        previous = signal.signal(signal.SIGALRM, _ring)
        try:
            yield
        finally:
            signal.signal(signal.SIGALRM, previous)
            faulthandler.cancel_dump_traceback_later()
            self._end = 0.0


_watch = _Watch()


@contextmanager
def _time_bound(seconds: float) -> Iterator[None]:
    """Raise `_OutOfTimeError` in the block when its time is up; the watch must be kept over it.

    Where C code does not give control back, the process is ended instead.
    """
    _watch.cover(seconds)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def _ring(_signal: int, _frame: FrameType | None) -> None:
    raise _OutOfTimeError


def _write(task: Task, articles: list[LabelledArticle]) -> tuple[tuple[str, str], ...]:
    """Write the files of a shard; returns pairs of temporary and final path."""
    layout, shard = Layout(task.root), task.shard
    temporary = f"{shard.id}.{os.getpid()}"
    signatures = duplicates.signatures([a.article.text for a in articles])
    written: list[tuple[Path, Path]] = []

    def place(kind: str, final: Path) -> Path:
        path = layout.state / f"{temporary}.{kind}{TEMPORARY}"
        written.append((path, final))
        return path

    with plain_errors(task.root):
        try:
            table = tables.sentence_table(articles)
            write_parquet(table, place("sentences", layout.table("sentences") / shard.part))
            table = tables.target_table(articles)
            write_parquet(table, place("targets", layout.table("targets") / shard.part))
            table = tables.article_table(articles)
            write_parquet(table, place("articles", layout.shard_articles(shard.id)))
            path = place("signatures", layout.shard_signatures(shard.id))
            with path.open("wb") as stream:
                np.save(stream, signatures)
            sync(path)
        except OSError:
            for path, _ in written:
                path.unlink(missing_ok=True)
            raise
    return tuple((str(path), str(final)) for path, final in written)


def write_parquet(table: pa.Table, path: Path) -> None:
    """Write a table to a file and see that it lies on the disk."""
    with path.open("wb") as stream:
        pack(table, stream)
    sync(path)


def pack(table: pa.Table, stream: IO[bytes]) -> None:
    """Write a table as Parquet with fixed settings, so that the same rows give the same bytes."""
    pq.write_table(
        table,
        stream,
        compression="zstd",
        compression_level=1,
        use_dictionary=tables.REPEATED,
        version="2.6",
    )
