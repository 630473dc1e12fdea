"""Runs and corpora in the formats of other tools, and corrected labels back from them.

`export` writes any of `FORMATS`, `import_labels` takes corrections back as labelled articles. Each
format is a module with `write`, and `read` beside it where people correct in that format.
"""

from pipeline.exports.agreement import Agreement
from pipeline.exports.merging import Conflict, ImportOptions, ImportSummary, import_labels
from pipeline.exports.options import ExportOptions, ExportSummary
from pipeline.exports.registry import FORMATS
from pipeline.exports.writing import export

__all__ = [
    "FORMATS",
    "Agreement",
    "Conflict",
    "ExportOptions",
    "ExportSummary",
    "ImportOptions",
    "ImportSummary",
    "export",
    "import_labels",
]
