"""The command `trucot`: reads what the user typed, calls the package, says what happened.

Commands import what they run, so that `trucot --help` answers at once. Errors that a user can
mend are one sentence on standard error: exit code 1, or 3 where a quality gate failed; usage
errors are 2. Anything else is a bug and keeps its traceback.
"""

import sys

import typer

from pipeline.cli import classify, corpus, exchange, explain, learning, report_page, show
from pipeline.errors import TrucotError

app = typer.Typer(
    name="trucot",
    help="Đọc tin tức tiếng Việt: mỗi câu nói về trụ cột nào của chuyển đổi số, có chỉ tiêu nào.",
    no_args_is_help=True,
    rich_markup_mode=None,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command("classify")(classify.classify)
app.command("show")(show.show)
app.command("report")(report_page.report)
app.command("explain")(explain.explain)
app.command("train")(learning.train)
app.command("evaluate")(learning.evaluate)
app.command("promote")(learning.promote)
app.add_typer(corpus.app, name="corpus")
app.command("export")(exchange.export)
app.command("import")(exchange.import_labels)
app.command("review")(exchange.review)


def run() -> None:
    """Start the command; the entry point of the distribution."""
    for stream in (sys.stdout, sys.stderr):
        # Vietnamese help must not crash under an ASCII locale.
        stream.reconfigure(errors="replace")  # type: ignore[union-attr]
    try:
        app()
    except TrucotError as error:
        sys.stderr.write(f"trucot: {error}\n")
        raise SystemExit(error.exit_code) from None
    except BrokenPipeError:
        sys.stderr.close()
        raise SystemExit(1) from None
