"""Hinge, magnet carrier: turns with the foot's bar, over the pivot screw's head, and holds the magnet on the axis.

Two lips and a screw hold it on the bar; the pivot is not touched. Printed on the magnet's face.
"""

from hardware.mechanics.kernel import Axis, Solid, block, chamfer, one, rod
from hardware.mechanics.layout import M3_HOLE, Layout

TAIL = 15.0
LIP = 2.5


def screw_y(a: Layout) -> float:
    return -a.p.hinge_diameter / 2 - TAIL / 2 - 1


def make(a: Layout) -> Solid:
    p = a.p
    top, radius = a.carrier_height, p.hinge_diameter / 2
    inner = p.bar_width / 2 + p.clearance
    outer = inner + p.wall
    end = -radius - TAIL
    tail = block((-outer, outer), (end, -radius / 2), (0, top))
    tail = chamfer(tail.faces().sort_by(Axis.Y)[0].edges().sort_by(Axis.Z)[-1], min(3.0, top / 2))
    made = rod(p.hinge_diameter, 0, 0, (0, top)) + tail
    for x in ((-outer, -inner), (inner, outer)):
        made += block(x, (end, -radius - 1), (-LIP, 0.5))
    made -= rod(p.hinge_head_diameter + 1, 0, 0, (-LIP - 1, p.hinge_head_height + 0.5))
    made -= rod(p.magnet_diameter + 2 * p.magnet_play, 0, 0, (top - p.magnet_thickness, top + 1))
    made -= rod(M3_HOLE, 0, screw_y(a), (-1, top + 1)) + rod(6.4, 0, screw_y(a), (3.0, top + 1))
    return one(made)
