"""The indicator a number measures, as a phrase that stands alone, with scope and exclusion."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pipeline.targets.quantities import Quantity
    from pipeline.targets.scene import Scene


@dataclass(frozen=True, slots=True)
class Description:
    """What the words around a number say of the thing measured."""

    indicator: str | None
    scope: tuple[str, ...] = ()
    exclusion: str | None = None
    place: str | None = None


def describe(scene: Scene, quantity: Quantity, before: str | None) -> Description:
    return Description(before)
