"""A run: many articles labelled, once each, whatever happens on the way.

`classify` reads inputs, hands shards of them to worker processes and publishes what they label;
started again on the same folder it goes on where it stopped. `read_run` opens a finished run.

    ingest.loads ─► shards ─► worker: read, label, write ─► publish ─► finish: copies, manifest
"""

from pipeline.runs.classify import classify
from pipeline.runs.reading import Run, read_run
from pipeline.runs.settings import Labeller, Progress, RunSettings, RunSummary, StoppedError

__all__ = [
    "Labeller",
    "Progress",
    "Run",
    "RunSettings",
    "RunSummary",
    "StoppedError",
    "classify",
    "read_run",
]
