"""Pillars of digital transformation and numeric targets in Vietnamese news.

The package reads like the walk in README.md: `pipeline.flow` is that walk in code, every other
module is named after the step or the noun that it owns. Importing `pipeline` reads no file and
prints nothing.
"""

__version__ = "0.1.0"
