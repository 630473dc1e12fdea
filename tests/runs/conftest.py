"""The table that `make torture` prints: what each test tried, and what was lost or doubled."""

from __future__ import annotations

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
    terminalreporter.write_line(
        f"{'test':58} {'tried':>9} {'survived':>9} {'lost':>5} {'doubled':>8}"
    )
    for test, counts in rows:
        tried, survived, lost, doubled = str(counts).split()
        terminalreporter.write_line(f"{test:58} {tried:>9} {survived:>9} {lost:>5} {doubled:>8}")
