"""The HTML page of a run: one file that opens anywhere, offline, and asks no server for anything.

`write_report` counts (`figures`), lists the numbers (`entries`), writes the articles out
(`stories`) and fills `page.html.jinja`; `words` says values, deadlines and rules in Vietnamese.
"""

from pipeline.report.figures import ReportSummary, Tally
from pipeline.report.page import write_report

__all__ = ["ReportSummary", "Tally", "write_report"]
