"""The place the rules ask about: one quantity of a sentence and where its clause begins."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from pipeline.targets.status import segment_bounds

if TYPE_CHECKING:
    from pipeline.targets.quantities import Quantity
    from pipeline.targets.scene import Scene


class Spot(NamedTuple):
    """A quantity in its scene; `low` is where the item of a list begins that holds it."""

    scene: Scene
    position: int
    quantity: Quantity
    low: int

    @property
    def following(self) -> Quantity | None:
        """The quantity behind this one."""
        quantities = self.scene.quantities
        behind = self.position + 1
        return quantities[behind] if behind < len(quantities) else None


def spot_at(scene: Scene, position: int) -> Spot:
    """Return the spot of the quantity at a position."""
    quantity = scene.quantities[position]
    return Spot(scene, position, quantity, segment_bounds(scene.seen, quantity.start))
