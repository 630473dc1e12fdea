"""Open a finished run."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.errors import RunError
from pipeline.runs.layout import Layout
from pipeline.runs.settings import RunSummary


@dataclass(frozen=True, slots=True)
class Run:
    """A finished run: where its tables lie, and what its manifest says.

    `manifest` is the parsed `manifest.json`; the paths may be given to pandas, DuckDB or Spark.
    """

    root: Path
    articles: Path
    sentences: Path
    targets: Path
    rejects: Path
    model_id: str
    summary: RunSummary
    manifest: dict[str, Any]


def read_run(path: str | Path) -> Run:
    """Return a finished run.

    Raises:
        RunError: There is none, or it was stopped before its end; says what to do.

    >>> read_run("nowhere")
    Traceback (most recent call last):
        ...
    pipeline.errors.RunError: There is no run in nowhere. Make one with trucot classify ...
    """
    layout = Layout(Path(path))
    try:
        manifest = json.loads(layout.manifest.read_text(encoding="utf-8"))
        summary = RunSummary(**manifest["counts"], reasons=tuple(manifest["rejects"].items()))
        model_id = str(manifest["settings"]["model_id"])
    except FileNotFoundError as error:
        if layout.identity.exists():
            message = f"The run in {path} is not finished. Run the same trucot classify again."
        else:
            message = (
                f"There is no run in {path}. Make one with trucot classify INPUT --output {path}."
            )
        raise RunError(message) from error
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        message = f"{layout.manifest} is damaged. Run the same trucot classify again to renew it."
        raise RunError(message) from error
    return Run(
        root=layout.root,
        articles=layout.table("articles"),
        sentences=layout.table("sentences"),
        targets=layout.table("targets"),
        rejects=layout.rejects,
        model_id=model_id,
        summary=summary,
        manifest=manifest,
    )
