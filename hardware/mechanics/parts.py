"""The printed parts as rows: who makes them, how they lie on the printer's bed, what of them faces the leg."""

from collections.abc import Callable
from dataclasses import dataclass

from hardware.mechanics import (
    cable_guide,
    encoder_mount,
    lever_jig,
    magnet_carrier,
    magnet_jig,
    pod_body,
    pod_lid,
    strut_clip,
)
from hardware.mechanics.kernel import Solid
from hardware.mechanics.layout import Layout
from hardware.mechanics.picture import View

PETG, ASA = 1.27, 1.07  # g/cm3, as filament makers state it


@dataclass(frozen=True)
class Part:
    """One printed part. down: the direction of the part that lies on the bed; to_leg: it has a side toward the leg."""

    name: str
    make: Callable[[Layout], Solid]
    down: tuple[float, float, float]
    to_leg: bool
    copies: int
    density: float
    infill: float
    colour: tuple[int, int, int]
    views: tuple[View, View]
    stands: bool = False  # in pictures: its y up, as worn


UNDER = (0.0, 0.0, -1.0)
OVER = (0.0, 0.0, 1.0)
END = (0.0, -1.0, 0.0)
OUTSIDE, LEGSIDE = View(238, 24), View(62, 24)
PARTS = (
    Part("pod_body", pod_body.make, OVER, False, 1, ASA, 0.3, (92, 122, 158), (OUTSIDE, LEGSIDE), True),
    Part("pod_lid", pod_lid.make, OVER, True, 1, ASA, 0.2, (88, 158, 150), (OUTSIDE, LEGSIDE), True),
    Part("strut_clip", strut_clip.make, END, True, 1, ASA, 1.0, (214, 148, 74), (OUTSIDE, LEGSIDE), True),
    Part("cable_guide", cable_guide.make, END, True, 2, ASA, 1.0, (206, 172, 84), (OUTSIDE, LEGSIDE), True),
    Part("magnet_carrier", magnet_carrier.make, OVER, False, 1, ASA, 1.0, (196, 98, 92), (OUTSIDE, LEGSIDE), True),
    Part("encoder_mount", encoder_mount.make, OVER, False, 1, ASA, 0.3, (136, 120, 176), (OUTSIDE, LEGSIDE), True),
    Part("magnet_jig", magnet_jig.make, UNDER, False, 1, PETG, 0.2, (150, 152, 156), (View(250, 35), View(270, 89))),
    Part("lever_jig", lever_jig.make, UNDER, False, 2, PETG, 1.0, (168, 156, 132), (View(250, 35), View(270, 89))),
)
