"""The table that `make torture` prints: inputs tried and survived; articles lost or doubled.

A plugin of pytest. A test that counts its inputs records them as the property `torture`, four
numbers; of the others each test is one input, lost if the test fails. They stand under their file.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest

HEAD = ("tried", "survived", "lost", "doubled")
_SURVIVED, _LOST = (1, 1, 0, 0), (1, 0, 1, 0)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    table: dict[str, list[int]] = {}
    for outcome, alone in (("passed", _SURVIVED), ("failed", _LOST), ("error", _LOST)):
        for report in terminalreporter.getreports(outcome):
            file, _, test = report.nodeid.partition("::")
            recorded = getattr(report, "user_properties", ())
            told = [str(value) for name, value in recorded if name == "torture"]
            counts = list(map(int, told[0].split())) if told else alone
            row = table.setdefault(test if told else file, [0, 0, 0, 0])
            row[:] = map(sum, zip(row, counts, strict=True))
    terminalreporter.section("torture")
    total = [sum(column) for column in zip(*table.values(), strict=True)]
    for name, cells in [("", HEAD), *sorted(table.items()), ("together", total)]:
        terminalreporter.write_line(f"{name:68}" + "".join(f"{cell:>9}" for cell in cells))
