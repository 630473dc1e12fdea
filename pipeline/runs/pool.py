"""Shards to worker processes and back, through workers that die.

What labelling needs is loaded once, in this process, and workers are forked from it: they start
at once, share model and tables in memory, and one that died is replaced in milliseconds. A worker
has one shard at a time and a pipe of its own, so when it dies its shard is known. That shard is
tried again alone; if it kills its worker again it is searched by halves for the article that does
it, and that article becomes a reject.

No thread is started here, as a process with threads should not fork. In a process that has threads
already (a notebook, a server) workers are spawned instead, and each loads what it needs itself.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import threading
import time
import traceback
from collections import deque
from dataclasses import replace
from multiprocessing import connection
from typing import TYPE_CHECKING, Any, TypeVar

from pipeline.errors import RunError
from pipeline.runs.work import Outcome, Task, label_shard, load_labeller, probe

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator, Sequence
    from multiprocessing.connection import Connection

    from pipeline.runs.settings import Labeller

    Made = TypeVar("Made")

_AHEAD = 2
"""Shards read before workers are free for them: a worker waits for none, memory stays flat."""
_TRIES = 2
_TRIES_OF_ONE = 3
_POLL = 0.2
_GARBAGE = 200_000
"""Objects that a worker makes between two searches for cycles; hardly any are in any."""


class _DeadWorkerError(Exception):
    """A worker ended without an answer."""


def outcomes(
    tasks: Iterator[Task], jobs: int, stopping: Callable[[], bool] = lambda: False
) -> Generator[tuple[Task, Outcome], None, None]:
    """Label shards in `jobs` processes; yields them as they are done, not in order.

    Args:
        tasks: Read only as fast as workers need them.
        jobs: Worker processes; fewer are started if there are fewer shards.
        stopping: Once it is true no new shard is begun, and those under way are finished.

    Raises:
        TrucotError: What loading or a worker raised; nothing more is begun.
        RunError: Workers die without an article to blame.
    """
    ahead = _Ahead(tasks, stopping)
    if not ahead.read():
        return
    method = _load(ahead.ready[0].factory)
    workers: list[_Worker] = []
    suspects: list[Task] = []
    try:
        while True:
            if not suspects:
                _hand_out(ahead, workers, jobs, method)
            busy = {worker.connection: worker for worker in workers if worker.task is not None}
            if not busy and not ahead.read():
                return
            reading = not suspects and ahead.has_room()
            done = [busy[pipe].answer() for pipe in _answered(list(busy), wait=not reading)]
            if reading and not done:
                ahead.read()
            suspects += [task for task, outcome in done if outcome is None]
            if not suspects:
                _hand_out(ahead, workers, jobs, method)  # before what is done is published
            yield from ((task, outcome) for task, outcome in done if outcome is not None)
            if len(done) == len(busy):
                yield from ((task, _alone(task, method)) for task in suspects)
                suspects.clear()
    finally:
        for worker in workers:
            worker.end()
        gc.unfreeze()


def _load(factory: Callable[[], Labeller]) -> str:
    """Load what labelling needs, to be inherited; returns how worker processes are started."""
    gc.disable()
    try:
        alone = threading.active_count() == 1
        if not alone or "fork" not in multiprocessing.get_all_start_methods():
            return "spawn"
        load_labeller(factory)
        gc.freeze()  # no search for cycles touches what is loaded, so its pages stay shared
    finally:
        gc.enable()
    return "fork"


class _Ahead:
    """Shards that are read before a worker is free for them, a few at a time."""

    def __init__(self, tasks: Iterator[Task], stopping: Callable[[], bool]) -> None:
        self.ready: deque[Task] = deque()
        self._tasks = tasks
        self._stopping = stopping
        self._at_end = False

    def has_room(self) -> bool:
        """Tell whether another shard should be read."""
        return len(self.ready) < _AHEAD and not self._at_end and not self._stopping()

    def read(self) -> bool:
        """Read one more shard; False if there is none, or the user wants to stop."""
        if self._at_end or self._stopping():
            return False
        task = next(self._tasks, None)
        if task is None:
            self._at_end = True
            return False
        self.ready.append(task)
        return True

    def take(self) -> Task | None:
        """Return the next shard to label, if there is one."""
        return None if self._stopping() or not self.ready else self.ready.popleft()


def _hand_out(ahead: _Ahead, workers: list[_Worker], jobs: int, method: str) -> None:
    """Give the shards that are ready to workers that wait, or to new ones while there are few."""
    waiting = [worker for worker in workers if worker.task is None]
    while waiting or len(workers) < jobs:
        task = ahead.take()
        if task is None:
            return
        if waiting:
            worker = waiting.pop(0)
        else:
            worker = _Worker(method)
            workers.append(worker)
        worker.label(task)


def _answered(pipes: list[Connection], *, wait: bool) -> list[Connection]:
    """Return the pipes with an answer, or whose worker died; waits a moment if told to."""
    return connection.wait(pipes, timeout=_POLL if wait else 0)  # type: ignore[return-value]


class _Worker:
    """A worker process and the shard that it labels; a dead process is replaced when needed."""

    def __init__(self, method: str) -> None:
        self._context: Any = multiprocessing.get_context(method)
        self._start()

    def _start(self) -> None:
        self.task: Task | None = None
        self.connection: Connection
        self.connection, theirs = self._context.Pipe()
        arguments = (os.getpid(), theirs)
        self._process = self._context.Process(target=_work, args=arguments, daemon=True)
        self._process.start()
        theirs.close()

    def label(self, task: Task) -> None:
        """Begin to label a shard."""
        if not self._process.is_alive():
            self.end()
            self._start()
        self.task = task
        self._send(label_shard, task)

    def answer(self) -> tuple[Task, Outcome | None]:
        """Return the shard that was labelled and what came of it, None if the process died.

        Raises:
            TrucotError: What the worker raised.
        """
        task, self.task = self.task, None
        if task is None:
            message = "a worker answers what it was not asked"
            raise RuntimeError(message)
        try:
            return task, self._receive()
        except _DeadWorkerError:
            self._process.join()
            return task, None

    def ask(self, call: Callable[..., Made], *arguments: object) -> Made:
        """Run a call in the process and wait for its result.

        Raises:
            _DeadWorkerError: It ended the process.
        """
        self._send(call, *arguments)
        result: Made = self._receive()
        return result

    def end(self) -> None:
        """End the process, whatever it does."""
        self.connection.close()
        self._process.kill()
        self._process.join()
        self._process.close()

    def _send(self, call: Callable[..., object], *arguments: object) -> None:
        try:
            self.connection.send((call, arguments))
        except ConnectionError:
            return  # it died before it read all; the answer will tell

    def _receive(self) -> Any:  # noqa: ANN401 - what the call returns
        try:
            succeeded, result = self.connection.recv()
        except (EOFError, OSError):  # OSError: it ended within its answer
            raise _DeadWorkerError from None
        if not succeeded:
            raise result
        return result


def _work(coordinator: int, pipe: Connection) -> None:
    """Be a worker: answer calls until the coordinator closes the pipe or is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the coordinator
    threading.Thread(target=_end_with, args=(coordinator,), daemon=True).start()
    gc.set_threshold(_GARBAGE)
    while True:
        try:
            call, arguments = pipe.recv()
        except (EOFError, OSError):
            return
        try:
            answer = True, call(*arguments)
        except Exception as error:
            error.add_note(f"in a worker:\n{traceback.format_exc()}")
            answer = False, error
        try:
            pipe.send(answer)
        except ConnectionError:
            return


def _end_with(coordinator: int) -> None:
    while os.getppid() == coordinator:
        time.sleep(_POLL)
    os._exit(1)


def _survives(
    method: str, call: Callable[..., Made], *arguments: object
) -> tuple[bool, Made | None]:
    """Run a call in a process of its own; tells whether the process survived, and the result."""
    worker = _Worker(method)
    try:
        return True, worker.ask(call, *arguments)
    except _DeadWorkerError:
        return False, None
    finally:
        worker.end()


def _alone(task: Task, method: str) -> Outcome:
    """Label a suspected shard; articles that kill their worker become rejects."""
    for _ in range(_TRIES):
        _, outcome = _survives(method, label_shard, task)
        if outcome is not None:
            return outcome
    dead = frozenset(_killers(task, range(len(task.shard.loads)), method))
    for single in (False, True):
        _, outcome = _survives(method, label_shard, replace(task, dead=dead, single=single))
        if outcome is not None:
            return outcome
    message = (
        f"Workers die on the articles from {task.shard.loads[0].path} on, and no single article"
        " is to blame: memory may be too short. Run the same command again with fewer --jobs."
    )
    raise RunError(message)


def _killers(task: Task, positions: Sequence[int], method: str) -> Iterator[int]:
    """Yield the positions of articles that kill a worker on their own."""
    tries = _TRIES_OF_ONE if len(positions) == 1 else 1
    if any(_survives(method, probe, task, positions)[0] for _ in range(tries)):
        return
    if len(positions) == 1:
        yield positions[0]
        return
    middle = len(positions) // 2
    yield from _killers(task, positions[:middle], method)
    yield from _killers(task, positions[middle:], method)
