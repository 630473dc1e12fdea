"""Shards to worker processes and back, through workers that die.

When a worker dies, every shard that was under way is suspected. Each is tried again alone; one
that kills its worker again is searched by halves for the article that does it, and that article
becomes a reject.
"""

from __future__ import annotations

import os
import signal
import threading
import time
from concurrent.futures import FIRST_COMPLETED, wait
from dataclasses import replace
from itertools import chain, islice
from typing import TYPE_CHECKING, Any

# The executor that joblib runs on: unlike joblib.Parallel it lets us bound what is under way,
# stop between shards, and know which shards a dead worker leaves behind.
from joblib.externals.loky import BrokenProcessPool, get_reusable_executor

from pipeline.errors import RunError
from pipeline.runs.work import Outcome, Task, label_shard, probe

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator, Sequence

_AHEAD = 2
_TRIES = 2
_TRIES_OF_ONE = 3
_POLL = 0.2
_IDLE_S = 10
_ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1")


def outcomes(
    tasks: Iterator[Task], jobs: int, stopping: Callable[[], bool] = lambda: False
) -> Generator[Outcome, None, None]:
    """Label shards in `jobs` processes; yields them as they are done, not in order.

    Args:
        tasks: Read only as fast as workers need them.
        jobs: Worker processes; fewer are started if there are fewer shards.
        stopping: Once it is true no new shard is begun, and those under way are finished.

    Raises:
        TrucotError: What a worker raised; nothing more is begun.
        RunError: Workers die without an article to blame.
    """
    first = list(islice(tasks, jobs))
    if not first:
        return
    tasks = chain(first, tasks)
    jobs = len(first)
    under_way: dict[Any, Task] = {}
    try:
        while True:
            while len(under_way) < jobs + _AHEAD and not stopping():
                task = next(tasks, None)
                if task is None:
                    break
                under_way[_submit(jobs, label_shard, task)] = task
            if not under_way:
                return
            done, _ = wait(under_way, timeout=_POLL, return_when=FIRST_COMPLETED)
            if any(isinstance(f.exception(), BrokenProcessPool) for f in done):
                suspects = yield from _salvage(under_way)
                under_way.clear()
                for task in suspects:
                    yield _alone(task)
                continue
            for future in done:
                del under_way[future]
                yield future.result()
    except BaseException:
        _pool(jobs).shutdown(wait=True, kill_workers=True)
        raise


def _salvage(under_way: dict[Any, Task]) -> Generator[Outcome, None, list[Task]]:
    """Yield what was finished before the pool broke; return the tasks that were not."""
    wait(under_way)
    suspects = []
    for future, task in under_way.items():
        if isinstance(future.exception(), BrokenProcessPool):
            suspects.append(task)
        else:
            yield future.result()
    return suspects


def _pool(jobs: int) -> Any:  # noqa: ANN401 - loky has no types
    """Return the worker processes: those of the last run if they still wait, else new ones."""
    return get_reusable_executor(
        max_workers=jobs,
        timeout=_IDLE_S,
        initializer=_begin_worker,
        initargs=(os.getpid(),),
        env=_ONE_THREAD,
    )


def _submit(jobs: int, call: Callable[..., Any], *arguments: object) -> Any:  # noqa: ANN401
    """Hand a call to the pool; one that broke while idle is replaced."""
    while True:
        try:
            return _pool(jobs).submit(call, *arguments)
        except BrokenProcessPool:
            continue


def _begin_worker(coordinator: int) -> None:
    """Leave Ctrl-C to the coordinator, and end when it is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with, args=(coordinator,), daemon=True).start()


def _end_with(coordinator: int) -> None:
    while os.getppid() == coordinator:
        time.sleep(_POLL)
    os._exit(1)


def _survives(call: Callable[..., Any], *arguments: object) -> tuple[bool, Any]:
    """Run a call in a process of its own; tells whether the process survived, and the result."""
    try:
        return True, _submit(1, call, *arguments).result()
    except BrokenProcessPool:
        return False, None


def _alone(task: Task) -> Outcome:
    """Label a suspected shard; articles that kill their worker become rejects."""
    for _ in range(_TRIES):
        survived, outcome = _survives(label_shard, task)
        if survived:
            return outcome  # type: ignore[no-any-return]
    dead = frozenset(_killers(task, range(len(task.shard.loads))))
    for single in (False, True):
        survived, outcome = _survives(label_shard, replace(task, dead=dead, single=single))
        if survived:
            return outcome  # type: ignore[no-any-return]
    message = (
        f"Workers die on the articles from {task.shard.loads[0].path} on, and no single article"
        " is to blame: memory may be too short. Run the same command again with fewer --jobs."
    )
    raise RunError(message)


def _killers(task: Task, positions: Sequence[int]) -> Iterator[int]:
    """Yield the positions of articles that kill a worker on their own."""
    tries = _TRIES_OF_ONE if len(positions) == 1 else 1
    if any(_survives(probe, task, positions)[0] for _ in range(tries)):
        return
    if len(positions) == 1:
        yield positions[0]
        return
    middle = len(positions) // 2
    yield from _killers(task, positions[:middle])
    yield from _killers(task, positions[middle:])
