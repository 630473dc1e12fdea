"""Where things lie in the folder of a run, and how files come to be there: whole or not at all.

    articles.parquet/   sentences.parquet/   targets.parquet/     part-<sequence>-<shard>.parquet
    rejects.jsonl       manifest.json        written last; a run without manifest is unfinished
    .state/             run.json, lock, and for each finished shard its state, articles, signatures

Only the process that holds the lock publishes. A worker writes to temporary names in `.state`;
the publisher renames them, the state of the shard last: a shard is finished if its state is there.
"""

from __future__ import annotations

import fcntl
import json
import os
import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Any

from pipeline.errors import RunError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TABLES = ("articles", "sentences", "targets")
TEMPORARY = ".tmp"
_PATIENCE = 1.0
"""Seconds to wait for a lock: the workers of a killed run share it until they end."""


@dataclass(frozen=True, slots=True)
class Layout:
    """Paths of a run."""

    root: Path

    @property
    def state(self) -> Path:
        """Folder of what a restart needs."""
        return self.root / ".state"

    @property
    def identity(self) -> Path:
        """File that says with which model and settings the run was started."""
        return self.state / "run.json"

    @property
    def manifest(self) -> Path:
        """File that says what the finished run holds."""
        return self.root / "manifest.json"

    @property
    def rejects(self) -> Path:
        """File with one reject a line."""
        return self.root / "rejects.jsonl"

    def table(self, name: str) -> Path:
        """Folder of the parts of a table."""
        return self.root / f"{name}.parquet"

    def shard_state(self, shard_id: str) -> Path:
        """File whose presence says that a shard is finished."""
        return self.state / f"{shard_id}.json"

    def shard_articles(self, shard_id: str) -> Path:
        """Rows of `articles` of a shard, before copies are known."""
        return self.state / f"{shard_id}.articles"

    def shard_signatures(self, shard_id: str) -> Path:
        """Signatures of the articles of a shard, to find copies."""
        return self.state / f"{shard_id}.npy"

    def create(self) -> None:
        """Make the folders.

        Raises:
            RunError: They cannot be made.
        """
        with plain_errors(self.root):
            self.state.mkdir(parents=True, exist_ok=True)
            for name in TABLES:
                self.table(name).mkdir(exist_ok=True)

    def finished(self) -> list[Path]:
        """Return the state files of finished shards, sorted by name."""
        return sorted(p for p in self.state.glob("*.json") if p != self.identity)

    def clear(self) -> None:
        """Remove what a run wrote, and nothing else."""
        self.drop_temporaries()
        self.manifest.unlink(missing_ok=True)
        self.rejects.unlink(missing_ok=True)
        for pattern in ("*.json", "*.articles", "*.npy"):
            for file in self.state.glob(pattern):
                file.unlink()
        for name in TABLES:
            for file in self.table(name).glob("part-*.parquet"):
                file.unlink()

    def drop_temporaries(self) -> None:
        """Remove what killed or failed writers left."""
        for file in self.state.glob(f"*{TEMPORARY}"):
            file.unlink(missing_ok=True)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the run against other processes; the system frees it when this process dies.

        Raises:
            RunError: Another process holds it.
        """
        with (self.state / "lock").open("w") as lock:
            until = time.monotonic() + _PATIENCE
            while not _locks(lock):
                if time.monotonic() > until:
                    message = (
                        f"Another process is writing to {self.root}. Wait until it ends or name"
                        " another --output."
                    )
                    raise RunError(message)
                time.sleep(_PATIENCE / 20)
            yield


def _locks(file: IO[str]) -> bool:
    """Lock a file if nobody has locked it."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


@contextmanager
def plain_errors(root: Path) -> Iterator[None]:
    """Turn what the file system refuses into one sentence.

    Raises:
        RunError: In place of an `OSError`.
    """
    try:
        yield
    except OSError as error:
        message = (
            f"Cannot write to {root}: {error.strerror or error}. Mend that, then run the same"
            " command again: what is finished is kept."
        )
        raise RunError(message) from error


def publish(temporary: Path, final: Path) -> None:
    """Give a written and synced file its final name, so that it survives a power cut."""
    temporary.replace(final)
    sync_folder(final.parent)


def sync(file: Path) -> None:
    """Make sure that the bytes of a file are on the disk."""
    descriptor = os.open(file, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_folder(folder: Path) -> None:
    """Make sure that the names in a folder are on the disk."""
    if os.name == "posix":
        sync(folder)


def write_text(text: str, final: Path, state: Path) -> None:
    """Write a small file whole or not at all.

    Args:
        text: What to write.
        final: Where it belongs.
        state: Folder for the temporary file, on the same file system.
    """
    temporary = state / f"{final.name}.{os.getpid()}{TEMPORARY}"
    temporary.write_text(text, encoding="utf-8", newline="\n")
    sync(temporary)
    publish(temporary, final)


def as_json(value: Any) -> str:  # noqa: ANN401 - any JSON value
    """Return the JSON of a value, readable and always the same."""
    return json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
