"""Cable guide: leads three cables down the strut; each snaps in from outside. Slid on; printed standing."""

from math import sqrt

from hardware.mechanics.grip import grip
from hardware.mechanics.kernel import Cylinder as Tube
from hardware.mechanics.kernel import Pos, Rot, Solid, block, one
from hardware.mechanics.layout import Layout

LENGTH = 12.0
FLOOR = 2.0
DEEP = 0.5  # of a cable's radius the mouth lies above its middle


def mouth(a: Layout) -> float:
    """Narrower than a cable, so that it stays."""
    return 2 * (a.p.cable / 2 + 0.1) * sqrt(1 - DEEP**2)


def make(a: Layout) -> Solid:
    """In the pod's frame; where along the strut it sits is free: here y from 0."""
    radius = a.p.cable / 2 + 0.1
    inside = a.strut_z + a.p.clearance
    middle = inside + FLOOR + radius
    made = grip(a, inside, middle + DEEP * radius, LENGTH)
    half = mouth(a) / 2
    for x in (-a.p.cable - 3.0, 0.0, a.p.cable + 3.0):
        made -= Pos(x, LENGTH / 2, middle) * Rot(90, 0, 0) * Tube(radius, LENGTH + 2)
        made -= block((x - half, x + half), (-1, LENGTH + 1), (middle, middle + radius + 2))
    return one(made)
