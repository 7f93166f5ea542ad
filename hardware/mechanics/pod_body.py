"""Sensor pod, body: holds boards, cell, button and light; open toward the lid, so that everything is laid in from there.

The cell has a bay of its own with ribs around it: no board, pin or screw lies over it. Printed on its outer face.
"""

from hardware.mechanics.kernel import Axis, Pos, RectangleRounded, Solid, block, chamfer, extrude, one, rod
from hardware.mechanics.layout import (
    CHAMFER,
    CORNER,
    GAP,
    HEAD_HOLE,
    RIB,
    SCREW_HOLE,
    Layout,
)

COMB = 5.0  # from the lower wall to the comb behind it
EDGE = 2.2  # of the carrier, free of parts, lying on the rails


def shell(a: Layout) -> Solid:
    """The empty box."""
    p = a.p
    middle = Pos(0, a.length / 2, 0)
    outside = extrude(middle * RectangleRounded(a.width, a.length, CORNER), a.depth + p.wall)
    outside = chamfer(outside.faces().sort_by(Axis.Z)[-1].edges(), CHAMFER)
    inside = extrude(middle * RectangleRounded(a.bay, a.length - 2 * p.wall, max(CORNER - p.wall, 0.8)), a.depth)
    return outside - inside


def columns(a: Layout) -> Solid:
    """Four corners for the lid's screws."""
    low, high = (a.p.wall, a.p.wall + a.column), (a.length - a.p.wall - a.column, a.length - a.p.wall)
    inner = a.bay / 2 - a.column
    made = None
    for y in (low, high):
        for x in ((-a.bay / 2, -inner), (inner, a.bay / 2)):
            # into the wall behind it, so that no seam is left
            wide = (x[0] - 1, x[1]) if x[0] < 0 else (x[0], x[1] + 1)
            tall = (y[0] - 1, y[1]) if y is low else (y[0], y[1] + 1)
            piece = block(wide, tall, (0, a.depth + 0.5))
            made = piece if made is None else made + piece
    outline = Pos(0, a.length / 2, 0) * RectangleRounded(a.width - 1, a.length - 1, CORNER - 0.5)
    return made & extrude(outline, a.depth + 0.5)


def ribs(a: Layout) -> Solid:
    """Around the cell, and the comb that bends each cable once."""
    half, floor = a.bay / 2 + 0.5, a.depth + 0.5
    rise = (0.45 * a.depth, floor)
    made = block((-half, half), (a.cell_y[0] - RIB, a.cell_y[0]), rise)
    made += block((-half, half), (a.cell_y[1], a.cell_y[1] + RIB), rise)
    side = a.p.cell_width / 2 + GAP
    if a.bay / 2 - side >= RIB:
        for x in ((-side - RIB, -side), (side, side + RIB)):
            made += block(x, (a.cell_y[0] - 0.5, a.cell_y[1] + 0.5), rise)
    low = a.p.wall + COMB
    comb = block((-half, half), (low, low + RIB), (0.8, floor))
    wide = a.p.cable + 0.4
    for x in cables(a):
        comb -= block(
            (x + pitch(a) / 2 - wide / 2, x + pitch(a) / 2 + wide / 2), (low - 1, low + 3), (0, a.p.cable + 1.6)
        )
    return made + comb


def rails(a: Layout) -> Solid:
    """What the carrier's free edges lie on."""
    y = (a.carrier_y[0] - 0.2, a.length - a.p.wall - a.column + 0.2)
    z = (a.board_z[0], a.depth + 0.5)
    inner = a.bay / 2 - EDGE
    return block((-a.bay / 2 - 0.5, -inner), y, z) + block((inner, a.bay / 2 + 0.5), y, z)


def pitch(a: Layout) -> float:
    return a.p.cable + 2.2


def cables(a: Layout) -> tuple[float, ...]:
    return -1.5 * pitch(a) + pitch(a) / 2, 0.0, pitch(a)


def openings(a: Layout) -> Solid:
    """USB-C tip, button, light, cables, screws."""
    p = a.p
    top = (a.length - p.wall - 0.5, a.length + 1)
    half = p.tip_width / 2
    cut = block((-half, half), top, (a.tip_z - p.tip_height / 2, a.tip_z + p.tip_height / 2))
    through = (a.depth - 1, a.depth + p.wall + 1)
    middle = panel_y(a)
    cut += rod(p.button_hole, -a.lane, middle, through) + rod(p.light_hole, a.lane, middle, through)
    for x in cables(a):
        wide, deep = (p.cable + 0.2) / 2, p.cable - p.cable_squeeze
        cut += block((x - wide, x + wide), (-1, p.wall + 0.01), (-1, deep))
    for x, y in a.screws:
        cut += rod(SCREW_HOLE, x, y, (-1, a.depth + p.wall + 1))
        cut += rod(HEAD_HOLE, x, y, (a.depth + p.wall - a.screw[1], a.depth + p.wall + 1))
    return cut


def panel_y(a: Layout) -> float:
    """Where button and light stand along the leg."""
    return (a.carrier_y[0] + a.length - a.p.wall - a.column) / 2


def make(a: Layout) -> Solid:
    return one(shell(a) + columns(a) + ribs(a) + rails(a) - openings(a))
