"""Sensor pod, body: holds boards, cell, button and light, all laid in from the lid's side.

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
    for y in ((low[0] - 1, low[1]), (high[0], high[1] + 1)):  # a little into the walls, so that no seam is left
        for x in ((-a.bay / 2 - 1, -inner), (inner, a.bay / 2 + 1)):
            piece = block(x, y, (0, a.depth + 0.5))
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
    begin = a.p.wall + COMB
    comb = block((-half, half), (begin, begin + RIB), (0.8, floor))
    wide = a.p.cable + 0.4
    for cable in cables(a):
        aside = cable + a.pitch / 2
        comb -= block((aside - wide / 2, aside + wide / 2), (begin - 1, begin + 3), (0, a.p.cable + 1.6))
    return made + comb


def rails(a: Layout) -> Solid:
    """What the carrier's free edges lie on."""
    y = (a.carrier_y[0] - 0.2, a.length - a.p.wall - a.column + 0.2)
    z = (a.board_z[0], a.depth + 0.5)
    inner = a.bay / 2 - EDGE
    return block((-a.bay / 2 - 0.5, -inner), y, z) + block((inner, a.bay / 2 + 0.5), y, z)


def cables(a: Layout) -> tuple[float, ...]:
    return -a.pitch, 0.0, a.pitch


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
