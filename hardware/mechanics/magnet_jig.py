"""Magnet jig: a block whose corners are the stops of `talus calibrate`: foot square, 20 deg toes down, 15 deg toes up.

The foot plate lies flat on the table, the strut's back against the block: no length of the brace enters. Holes beside a
corner tell which it is: one 90, two toes down (cut away for the heel), three toes up. Printed lying on its side.
"""

from hardware.mechanics.kernel import Polygon, Pos, Solid, block, extrude, offset, one, rod
from hardware.mechanics.layout import Layout

FRAME = 8.0
MARK = 3.0
HEEL = (34.0, 18.0)  # room at the 70 deg corner: toes down, the heel comes back under the strut


def marks(a: Layout) -> list[tuple[float, float]]:
    """Middles of the telling holes, in the frame along the two stops."""
    (_, _), (foot, _), (far, high), (_, top) = a.jig_corners
    length = ((foot - far) ** 2 + high**2) ** 0.5
    along = ((far - foot) / length, high / length)
    inward = (-along[1], along[0])
    leaning = [
        (foot + s * along[0] + FRAME / 2 * inward[0], s * along[1] + FRAME / 2 * inward[1]) for s in (36.0, 43.0)
    ]
    return [(FRAME / 2, 24.0), *leaning, *[(FRAME / 2, top - s) for s in (18.0, 25.0, 32.0)]]


def make(a: Layout) -> Solid:
    foot = a.jig_corners[1][0]
    heel = Polygon((foot - HEEL[0], -1), (foot + 1, -1), (foot + 1, HEEL[1]), (foot - HEEL[0], HEEL[1]), align=None)
    face = Polygon(*a.jig_corners, align=None) - heel
    thick = a.p.jig_thickness
    hollow = extrude(Pos(0, 0, -1) * offset(face, -FRAME), thick + 2)
    web = a.p.jig_height / 2
    hollow -= block((-10, 300), (web - FRAME / 2, web + FRAME / 2), (-1, thick + 3))
    made = extrude(face, thick) - hollow
    for x, y in marks(a):
        made -= rod(MARK, x, y, (-1, thick + 1))
    return one(made)
