"""The state of a finished shard, and what a restart knows from all of them."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.errors import RunError
from pipeline.records import Reject
from pipeline.runs.layout import as_json, publish, sync_folder, write_text
from pipeline.runs.shards import Ledger, part_name
from pipeline.runs.work import RejectedLoad

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipeline.runs.layout import Layout
    from pipeline.runs.shards import Shard
    from pipeline.runs.work import Outcome


@dataclass(frozen=True, slots=True)
class ShardState:
    """What is kept of a finished shard beside its tables.

    `ids` are article ids in the order of `digests`; `renamed` maps an id to the one that the
    input gave and that another article holds.
    """

    id: str
    sequence: int
    digests: tuple[str, ...]
    ids: tuple[str, ...]
    renamed: dict[str, str]
    written: int
    sentences: int
    targets: int
    rejects: tuple[RejectedLoad, ...]

    @property
    def part(self) -> str:
        """Name of its part in each table."""
        return part_name(self.sequence, self.id)


def publish_outcome(shard: Shard, outcome: Outcome, layout: Layout) -> ShardState:
    """Give the files of a shard their final names, its state last."""
    state = ShardState(
        id=shard.id,
        sequence=shard.sequence,
        digests=tuple(load.digest for load in shard.loads),
        ids=tuple(load.id for load in shard.loads),
        renamed={shard.loads[at].id: given for at, given in shard.given_ids},
        written=outcome.written,
        sentences=outcome.sentences,
        targets=outcome.targets,
        rejects=outcome.rejects,
    )
    for temporary, final in outcome.files:
        publish(Path(temporary), Path(final))
    write_text(as_json(asdict(state)), layout.shard_state(shard.id), layout.state)
    return state


def read_states(layout: Layout) -> list[ShardState]:
    """Return the finished shards in the order of their numbers.

    Raises:
        RunError: A state file is damaged.
    """
    return sorted(_read_all(layout), key=lambda state: state.sequence)


def _read_all(layout: Layout) -> Iterator[ShardState]:
    for path in layout.finished():
        try:
            fields: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
            rejects = tuple(
                RejectedLoad(r["digest"], Reject(**r["reject"]), r["at_input"])
                for r in fields.pop("rejects")
            )
            digests, ids = tuple(fields.pop("digests")), tuple(fields.pop("ids"))
            yield ShardState(rejects=rejects, digests=digests, ids=ids, **fields)
        except (OSError, ValueError, KeyError, TypeError) as error:
            message = (
                f"{path} is damaged. Delete that file to have its articles labelled again, or"
                " start anew with --fresh."
            )
            raise RunError(message) from error


def read_ledger(states: list[ShardState]) -> Ledger:
    """Return what finished shards hold."""
    ledger = Ledger()
    for state in states:
        ledger.enter(state.digests, state.ids, state.sequence)
        for rejected in state.rejects:
            if rejected.at_input:
                ledger.input_rejects.setdefault(rejected.reject.path, set()).add(rejected.digest)
    return ledger


def drop_unknown_files(layout: Layout, states: list[ShardState]) -> None:
    """Remove what no finished shard owns: the rest of a shard whose publication was cut off."""
    parts = {state.part for state in states}
    for name in ("sentences", "targets", "articles"):
        for file in layout.table(name).iterdir():
            if file.name not in parts:
                file.unlink()
        sync_folder(layout.table(name))
    ids = {state.id for state in states}
    for pattern in ("*.articles", "*.npy"):
        for file in layout.state.glob(pattern):
            if file.stem not in ids:
                file.unlink()
