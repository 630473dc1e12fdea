"""`classify`: inputs to a run on disk, and on with it after any stop."""

from __future__ import annotations

import json
import signal
import threading
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.errors import RunError
from pipeline.ingest import loads
from pipeline.runs.finish import finish
from pipeline.runs.layout import Layout, as_json, plain_errors, write_text
from pipeline.runs.pool import outcomes
from pipeline.runs.settings import RunSettings, RunSummary, StoppedError
from pipeline.runs.shards import new_shards
from pipeline.runs.states import publish_outcome, read_ledger, read_states
from pipeline.runs.work import Task

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from types import FrameType

    from pipeline.runs.settings import Labeller, Progress
    from pipeline.runs.shards import Shard
    from pipeline.runs.states import ShardState
    from pipeline.runs.work import Outcome


def classify(
    inputs: Sequence[str],
    output: str | Path,
    settings: RunSettings,
    factory: Callable[[], Labeller],
    progress: Progress | None = None,
) -> RunSummary:
    """Label the articles of files, folders or `-` into the folder `output`.

    Started again on the same folder it does what is missing: shards that an earlier start
    finished are kept, articles that came to the inputs since are added.

    Args:
        inputs: Paths, patterns or `-`.
        output: Folder of the run; made if it is not there.
        settings: How to run.
        factory: Makes a labeller, once for all workers; must be picklable.
        progress: Told the counts after each shard.

    Raises:
        InputError: An input cannot be used at all.
        RunError: The folder holds a run of another model or settings, is in use, or cannot be
            written to.
        StoppedError: The user stopped the run; it can be gone on with.
    """
    layout = Layout(Path(output))
    layout.create()
    with layout.locked(), _interrupts() as stopping:
        with plain_errors(layout.root):
            _open(layout, settings)
        states = read_states(layout)
        ledger = read_ledger(states)
        summary = RunSummary()
        tasks = (
            Task(shard, layout.root, settings, factory)
            for shard in new_shards(
                loads(inputs, dict(settings.columns), settings.limits), ledger, settings
            )
        )
        try:
            with closing(outcomes(tasks, settings.jobs, stopping)) as done:
                for task, outcome in done:
                    state = _publish(task.shard, outcome, layout)
                    states.append(state)
                    summary = summary.plus(
                        written=state.written,
                        rejected=len(state.rejects),
                        sentences=state.sentences,
                        targets=state.targets,
                    )
                    if progress is not None:
                        progress(replace(summary, known=ledger.known))
        finally:
            layout.drop_temporaries()
        if stopping():
            message = (
                f"Stopped; {sum(s.written for s in states)} articles are finished and kept. Run"
                " the same command again to go on."
            )
            raise StoppedError(message)
        states.sort(key=lambda state: state.sequence)
        with plain_errors(layout.root):
            summary = finish(layout, settings, states, ledger.stale)
        return replace(summary, known=ledger.known)


def _publish(shard: Shard, outcome: Outcome, layout: Layout) -> ShardState:
    """Publish a shard; from the first new one on until its end the run has no manifest."""
    with plain_errors(layout.root):
        layout.manifest.unlink(missing_ok=True)
        return publish_outcome(shard, outcome, layout)


def _open(layout: Layout, settings: RunSettings) -> None:
    """Start a run in the folder, or check that the one in it is the same."""
    layout.drop_temporaries()
    if settings.fresh:
        layout.clear()
    wanted = settings.identity()
    if not layout.identity.exists():
        if layout.manifest.exists() or any(layout.table("sentences").iterdir()):
            message = (
                f"{layout.root} holds tables of something else. Name another --output, or"
                " throw them away with --fresh."
            )
            raise RunError(message)
        write_text(as_json(wanted), layout.identity, layout.state)
        return
    try:
        found = json.loads(layout.identity.read_text(encoding="utf-8"))
    except ValueError:
        found = {}
    if found != wanted:
        differing = sorted(k for k in {*found, *wanted} if found.get(k) != wanted.get(k))
        message = (
            f"{layout.root} holds a run with another {', '.join(differing)}. Results are never"
            " mixed: name another --output, or start anew with --fresh."
        )
        raise RunError(message)


@contextmanager
def _interrupts() -> Iterator[Callable[[], bool]]:
    """Take the first Ctrl-C as a wish to stop soon, the second as one to stop now."""
    asked = threading.Event()

    def handle(_signal: int, _frame: FrameType | None) -> None:
        if asked.is_set():
            raise KeyboardInterrupt
        asked.set()

    if threading.current_thread() is not threading.main_thread():
        yield asked.is_set
        return
    previous = signal.signal(signal.SIGINT, handle)
    try:
        yield asked.is_set
    finally:
        signal.signal(signal.SIGINT, previous)
