"""Strut clip: holds the lid's tongue to the strut with one screw; the strut is neither drilled nor glued.

Slid onto the strut before its ends are fixed. Printed standing, the strut's way up.
"""

from hardware.mechanics.grip import grip
from hardware.mechanics.kernel import Pos, Solid, one, rod
from hardware.mechanics.layout import M3_HOLE, TAB, Layout

LENGTH = 14.0
PLATE = 4.0


def make(a: Layout) -> Solid:
    """In the pod's frame, where it sits."""
    below = -TAB / 2 - LENGTH / 2
    made = Pos(0, below, 0) * grip(a, a.p.clearance, a.p.clearance + PLATE, LENGTH)
    return one(made - rod(M3_HOLE, 0, -TAB / 2, (-1, a.p.clearance + PLATE + 1)))
