"""Why each number came out as it did: what `trucot explain --document` prints."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Step:
    """What became of one number: `outcome` is "target", "result" or "set_aside".

    `rule` decided it; `reading` names the rules that read value and unit; `inherited` says what
    came from outside the number's own words, as "deadline from title".
    """

    sentence: int
    start: int
    end: int
    surface: str
    outcome: str
    rule: str
    reading: tuple[str, ...] = ()
    inherited: tuple[str, ...] = ()

    def __str__(self) -> str:
        """Return the step as one line for a terminal."""
        parts = [f"{self.sentence}: {self.surface!r} {self.outcome} by {self.rule}"]
        if self.reading:
            parts.append("read as " + ", ".join(self.reading))
        parts.extend(self.inherited)
        return "; ".join(parts)


@dataclass(frozen=True, slots=True)
class Trace:
    """The steps of a document in reading order.

    >>> step = Step(0, 5, 8, "80%", "target", "aim_marker", ("plain_digits",))
    >>> print(Trace((step,)))
    0: '80%' target by aim_marker; read as plain_digits
    """

    steps: tuple[Step, ...]

    def __str__(self) -> str:
        """Return one line for each step."""
        return "\n".join(map(str, self.steps))
