"""From a stream of loads to shards with ids that follow from what they hold.

Loads are taken in the order of the stream and a shard is closed when it is full, whatever comes
next. So if some shards of a run are finished and their loads are left out, the rest groups into
the same shards as in a run that was never interrupted, and each takes the number it had there:
the unfinished ones hold, in the order of the stream, the numbers that the finished ones leave.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from itertools import count
from typing import TYPE_CHECKING

from pipeline.records import Reject

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pipeline.ingest import Load
    from pipeline.runs.settings import RunSettings

_ID_SUFFIX = 8
_NAME_DIGITS = 12


@dataclass(frozen=True, slots=True)
class Shard:
    """Some loads that are labelled, written and published together.

    `given_ids` are those of the input where another article already holds them, by position.
    """

    sequence: int
    id: str
    loads: tuple[Load, ...]
    given_ids: tuple[tuple[int, str], ...] = ()

    @property
    def part(self) -> str:
        """Name of its part in each table."""
        return part_name(self.sequence, self.id)


def part_name(sequence: int, shard_id: str) -> str:
    """Return the file name of a part: names sort in the order of the stream.

    >>> part_name(7, "0123456789abcdef")
    'part-000007-0123456789ab.parquet'
    """
    return f"part-{sequence:06d}-{shard_id[:_NAME_DIGITS]}.parquet"


@dataclass(slots=True)
class Ledger:
    """What a run has already: digests and article ids in finished shards, and their numbers.

    While a stream is grouped, `seen` collects its digests; an input that holds the same row twice
    gives the second one a digest of its own, so that it is neither lost nor taken for finished.
    `stale` are rejects of finished shards whose input has changed since.
    """

    finished: set[bytes] = field(default_factory=set)
    ids: set[bytes] = field(default_factory=set)
    sequences: set[int] = field(default_factory=set)
    input_rejects: dict[str, set[str]] = field(default_factory=dict)
    seen: set[bytes] = field(default_factory=set)
    stale: set[str] = field(default_factory=set)
    known: int = 0

    def enter(self, shard_digests: Iterable[str], ids: Iterable[str], sequence: int) -> None:
        """Take note of a finished shard."""
        self.finished.update(map(bytes.fromhex, shard_digests))
        self.ids.update(_key(i) for i in ids if i)
        self.sequences.add(sequence)

    def is_new(self, load: Load) -> bool:
        """Tell whether a load still has to be done; the caller has made its digest unique."""
        digest = bytes.fromhex(load.digest)
        self.seen.add(digest)
        new = digest not in self.finished
        self.known += not new
        return new

    def distinct(self, load: Load) -> Load:
        """Return the load under a digest that no earlier load of the stream has."""
        digest = load.digest
        for occurrence in count(2):
            if bytes.fromhex(digest) not in self.seen:
                return load if digest == load.digest else replace(load, digest=digest)
            digest = digest_of(load.digest, str(occurrence))
        raise AssertionError  # unreachable: count() has no end

    def claim(self, load: Load) -> Load:
        """Return the load under an id that no other article of the run has."""
        if not load.id:
            return load
        chosen = load
        if _key(load.id) in self.ids:
            chosen = replace(load, id=f"{load.id}-{load.digest[:_ID_SUFFIX]}")
        self.ids.add(_key(chosen.id))
        return chosen

    def walked(self, load: Load) -> None:
        """Find rejects of an earlier start that this input no longer gives."""
        rejects = self.input_rejects.get(load.path)
        if rejects is not None:
            self.stale |= rejects
            self.stale.discard(load.digest)
            rejects.discard(load.digest)


def digest_of(*parts: str) -> str:
    """Return a hash of some strings, 32 hexadecimal digits."""
    content = "\0".join(parts).encode("utf-8", "surrogatepass")
    return hashlib.sha256(content).hexdigest()[:32]


def _key(article_id: str) -> bytes:
    return hashlib.blake2b(article_id.encode("utf-8", "surrogatepass"), digest_size=12).digest()


def new_shards(loads: Iterable[Load], ledger: Ledger, settings: RunSettings) -> Iterator[Shard]:
    """Group the loads that are not finished yet; fills the ledger as it goes."""
    free = (n for n in count() if n not in ledger.sequences)
    fingerprint = settings.fingerprint()
    group: list[Load] = []
    given: list[tuple[int, str]] = []
    size_bytes = 0
    for raw in loads:
        ledger.walked(raw)
        load = ledger.distinct(raw)
        if not ledger.is_new(load):
            continue
        claimed = ledger.claim(load)
        if claimed.id != load.id and not load.id_is_hash:
            given.append((len(group), load.id))
        group.append(claimed)
        size_bytes += claimed.size_bytes
        if len(group) >= settings.shard_articles or size_bytes >= settings.shard_bytes:
            yield _shard(next(free), group, given, fingerprint)
            group, given, size_bytes = [], [], 0
    if group:
        yield _shard(next(free), group, given, fingerprint)


def _shard(
    sequence: int, loads: list[Load], given: list[tuple[int, str]], fingerprint: str
) -> Shard:
    shard_id = digest_of(fingerprint, *(load.digest for load in loads))
    return Shard(sequence, shard_id, tuple(loads), tuple(given))


def is_input_reject(load: Load) -> bool:
    """Tell whether reading the input already refused this load."""
    return isinstance(load.row, Reject)
