"""Fill the template and write the page, whole or not at all."""

from __future__ import annotations

import base64
import hashlib
import json
import os
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import jinja2

from pipeline.errors import ExportError
from pipeline.report.entries import page_data
from pipeline.report.figures import (
    ReportSummary,
    pillar_chart,
    province_chart,
    read_tables,
    summarise,
    year_chart,
)
from pipeline.report.stories import choose, tell
from pipeline.report.words import deadline_words, words
from pipeline.runs.reading import read_run

if TYPE_CHECKING:
    from pathlib import Path

_MOST_REJECTS = 100


def write_report(run: Path, output: Path) -> ReportSummary:
    """Write the page of a run; a page that is there already is replaced.

    The same run gives the same bytes. The page allows itself no outside request and no script but
    its own (Content-Security-Policy), so that nothing an article holds can act.

    Args:
        run: Folder of a finished run.
        output: The page; its name ends in `.html`.

    Raises:
        RunError: There is no finished run.
        ExportError: The page cannot be written there.
    """
    if output.suffix.lower() not in {".html", ".htm"}:
        message = f"The page {output} needs a name that ends in .html. Choose another --output."
        raise ExportError(message)
    opened = read_run(run)
    read = read_tables(opened)
    chosen = choose(read.articles)
    data = page_data(read, chosen)
    rejects = _first_rejects(opened.rejects)
    summary = summarise(read, opened.summary.rejected, len(data["rows"]), len(chosen))
    dates = sorted(a["published"] for a in read.articles if a["published"])
    style, script = _resource("page.css"), _resource("page.js")
    page = (
        _environment()
        .get_template("page.html.jinja")
        .render(
            summary=summary,
            entries=len(read.targets),
            reasons=opened.summary.reasons,
            rejects=rejects,
            model_id=opened.model_id,
            dates=(dates[0], dates[-1]) if dates else None,
            pillars=pillar_chart(read),
            years=year_chart(read.articles),
            provinces=province_chart(read.articles),
            stories=tell(read.articles, chosen, opened.sentences, read.targets),
            data=data,
            words=words(),
            style=style,
            script=script,
            style_hash=_hash(style),
            script_hash=_hash(script),
        )
    )
    _write(page, output)
    return summary


def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("pipeline.report", ""),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    environment.policies["json.dumps_kwargs"] = {
        "ensure_ascii": False,
        "separators": (",", ":"),
    }
    environment.filters["date"] = deadline_words
    environment.filters["count"] = _count
    return environment


def _count(count: int) -> str:
    return f"{count:,}".replace(",", ".")


def _resource(name: str) -> str:
    return files("pipeline.report").joinpath(name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    """Return the hash by which a Content-Security-Policy knows an inline script or style."""
    digest = hashlib.sha256(text.encode("utf-8")).digest()
    return f"sha256-{base64.b64encode(digest).decode('ascii')}"


def _first_rejects(file: Path) -> list[dict[str, Any]]:
    if not file.is_file():
        return []
    with file.open(encoding="utf-8") as lines:
        return [json.loads(line) for line, _ in zip(lines, range(_MOST_REJECTS), strict=False)]


def _write(page: str, output: Path) -> None:
    temporary = output.with_name(f".{output.name}.{os.getpid()}.tmp")
    try:
        output.parent.mkdir(parents=True, exist_ok=True)
        temporary.write_text(page, encoding="utf-8", errors="replace", newline="\n")
        temporary.replace(output)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        message = f"Cannot write {output}: {error.strerror or error}. Choose another --output."
        raise ExportError(message) from error
