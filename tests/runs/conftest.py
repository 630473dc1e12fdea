"""The table that `make torture` prints: what each test tried, and what was lost or doubled."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    rows = [
        (report.nodeid.split("::")[-1], value)
        for report in terminalreporter.getreports("passed")
        for name, value in report.user_properties
        if name == "torture"
    ]
    if not rows:
        return
    terminalreporter.section("torture")
    for test, counts in [("test", "tried survived lost doubled"), *rows]:
        cells = "".join(f"{cell:>9}" for cell in str(counts).split())
        terminalreporter.write_line(f"{test:68}{cells}")
