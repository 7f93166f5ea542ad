"""Lever jig: one of two bars that hang known weights 0.150 m from the hinge axis, on its own height.

One ring sits on the hinge without an encoder, the other bar stands outside the encoder's mount. Two M8 rods through the
slots hold the foot plate between them, a third through the hook holes carries the weight on a loop of cord over
its two ends, around the foot plate, so that it does not twist the brace. Printed flat.
"""

from hardware.mechanics.kernel import Axis, Polygon, Pos, RectangleRounded, Solid, block, extrude, fillet, one, rod
from hardware.mechanics.layout import Layout
from hardware.mechanics.parameters import LEVER_MM

RING = 8.0
HEIGHT = 28.0
ROD = 8.4  # M8
LEG = (82.0, 108.0)


def make(a: Layout) -> Solid:
    p = a.p
    thick = p.lever_thickness
    outer = p.hinge_diameter / 2 + p.clearance + RING
    end = LEVER_MM + HEIGHT / 2
    bar = block((0, end), (-HEIGHT / 2, HEIGHT / 2), (0, thick))
    bar = fillet(bar.edges().filter_by(Axis.Z).sort_by(Axis.X)[-2:], HEIGHT / 2 - 0.5)
    low = -p.plate_depth - 22
    made = bar + block(LEG, (low, 0), (0, thick))
    for x, s in ((LEG[0], -1.0), (LEG[1], 1.0)):
        corners = [(x - s, 1 - HEIGHT / 2), (x + s * 14, 1 - HEIGHT / 2), (x - s, -14 - HEIGHT / 2)]
        made += extrude(Polygon(*corners, align=None), thick, dir=(0, 0, 1))
    made += rod(2 * outer, 0, 0, (0, thick))
    made -= rod(2 * (p.hinge_diameter / 2 + p.clearance), 0, 0, (-1, thick + 1))
    made -= rod(ROD, LEVER_MM, 0, (-1, thick + 1))
    middle = (LEG[0] + LEG[1]) / 2
    slot = Pos(middle, -p.plate_depth - 2) * RectangleRounded(ROD, 32, ROD / 2 - 0.01)
    made -= Pos(0, 0, -1) * extrude(slot, thick + 2)
    return one(made)
