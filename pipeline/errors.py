"""What can go wrong, in words for the person at the terminal.

Every error that a user can cause or mend is a `TrucotError` whose message is one plain sentence
that says what to do. The command line prints it and ends with `exit_code`; anything else is a bug
and keeps its traceback.
"""


class TrucotError(Exception):
    """An error to explain in one sentence (exit code 1).

    >>> TrucotError("No such file: a.txt. Check the path.").exit_code
    1
    """

    exit_code = 1


class InputError(TrucotError):
    """The input that the user named cannot be used at all."""


class ModelError(TrucotError):
    """A model folder is missing, truncated or does not fit; says what to run."""


class LexiconError(TrucotError):
    """A lexicon file is malformed; says which file and row."""


class CorpusError(TrucotError):
    """A labelled corpus breaks its contract; says which article and how."""


class RunError(TrucotError):
    """A run folder cannot be written, resumed or read; says what to do."""


class ExportError(TrucotError):
    """An export or import cannot be done as asked; says what to do."""


class GateError(TrucotError):
    """A quality gate failed (exit code 3)."""

    exit_code = 3
