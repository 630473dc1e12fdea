"""What a run is told, what it says while it works, and what it says at the end."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, fields, replace

from pipeline import __version__
from pipeline.errors import RunError
from pipeline.ingest import Limits
from pipeline.records import LabelledArticle, RawArticle

LAYOUT = 2
"""Version of the layout of a run; a run of another layout cannot be gone on with."""

Labeller = Callable[[Sequence[RawArticle]], Sequence[LabelledArticle]]
"""Labels a batch of articles whose `text` is set; gives one result each, in the same order."""


class StoppedError(RunError):
    """The user stopped a run; what is finished is kept and the run can be gone on with."""


@dataclass(frozen=True, slots=True)
class RunSettings:
    """How to run.

    Attributes:
        model_id: Names the model; a run never mixes two.
        jobs: Worker processes.
        columns: Our field → the user's column, as pairs.
        fresh: Throw away what an earlier run left in the output folder.
        limits: What is too large to be read.
        check_language: Reject text that is not Vietnamese, or mostly not words.
        shard_articles: Most articles of a shard.
        shard_bytes: A shard is full once it holds that many bytes of input.
        seconds: Time that any batch of articles may take, however short.
        seconds_per_million: Time more that it may take for a million characters.
        about: Facts to be told in the manifest (versions, corpus hash); they change no result.
    """

    model_id: str
    jobs: int = 1
    columns: tuple[tuple[str, str], ...] = ()
    fresh: bool = False
    limits: Limits = field(default_factory=Limits)
    check_language: bool = True
    shard_articles: int = 256
    shard_bytes: int = 2_000_000
    seconds: float = 20.0
    seconds_per_million: float = 200.0
    about: tuple[tuple[str, str], ...] = ()

    def __post_init__(self) -> None:
        if self.jobs < 1:
            message = f"A run needs at least one job, not {self.jobs}. Use --jobs 1 or more."
            raise RunError(message)

    def identity(self) -> dict[str, object]:
        """Return everything that may change a result, for the manifest and for shard ids.

        >>> a, b = RunSettings("m1", jobs=1), RunSettings("m1", jobs=8)
        >>> a.identity() == b.identity(), a.identity() == RunSettings("m2").identity()
        (True, False)
        """
        limits = {f.name: getattr(self.limits, f.name) for f in fields(self.limits)}
        return {
            "trucot": __version__,
            "layout": LAYOUT,
            "model_id": self.model_id,
            "columns": dict(self.columns),
            "limits": limits,
            "check_language": self.check_language,
            "shard_articles": self.shard_articles,
            "shard_bytes": self.shard_bytes,
            "seconds": self.seconds,
            "seconds_per_million": self.seconds_per_million,
        }

    def fingerprint(self) -> str:
        """Return the identity as one hash."""
        text = json.dumps(self.identity(), sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode("utf-8", "backslashreplace")).hexdigest()

    def seconds_for(self, characters: int) -> float:
        """Return the time bound of a batch: a fixed part and one that grows with its length.

        >>> RunSettings("m").seconds_for(500_000)
        120.0
        """
        return self.seconds + self.seconds_per_million * characters / 1_000_000


@dataclass(frozen=True, slots=True)
class RunSummary:
    """Counts of articles in a run: `read == written + rejected`; copies are written too.

    `known` were there from an earlier start and cost nothing now. `reasons` counts rejects by
    stage and reason, most frequent first. `renamed` articles had an id that another one holds.
    """

    read: int = 0
    written: int = 0
    rejected: int = 0
    duplicates: int = 0
    known: int = 0
    renamed: int = 0
    sentences: int = 0
    targets: int = 0
    reasons: tuple[tuple[str, int], ...] = ()

    def plus(self, *, written: int, rejected: int, sentences: int, targets: int) -> RunSummary:
        """Return the counts with those of one more shard."""
        return replace(
            self,
            read=self.read + written + rejected,
            written=self.written + written,
            rejected=self.rejected + rejected,
            sentences=self.sentences + sentences,
            targets=self.targets + targets,
        )


Progress = Callable[[RunSummary], None]
"""Called whenever a shard is finished, with the counts so far."""
