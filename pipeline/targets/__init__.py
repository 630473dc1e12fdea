"""Numeric targets and results: every number with its value, unit, deadline, status and origin."""

from pipeline.targets.finder import explain_targets, find_all, find_targets
from pipeline.targets.trace import Step, Trace

__all__ = ["Step", "Trace", "explain_targets", "find_all", "find_targets"]
