"""Sensor pod, lid: the side toward the leg, curved to it, with wings for the strap and a tongue for the strut's clip.

Every edge that could meet skin is rounded; liner and cuff lie between all the same. Printed on its flat inner face.
"""

from hardware.mechanics.kernel import (
    Axis,
    Cylinder,
    GeomType,
    Pos,
    RectangleRounded,
    Rot,
    SlotOverall,
    Solid,
    block,
    extrude,
    fillet,
    offset,
    one,
    rod,
)
from hardware.mechanics.layout import (
    BELOW_INSERT,
    BOTTOM_BAY,
    CORNER,
    INSERT,
    INSERT_HOLE,
    M3_INSERT_HOLE,
    TAB,
    WING_LENGTH_MORE,
    Layout,
)

WING_CORNER = 8.0  # the rim is sharper than the edge is round; a wide corner keeps its fillet above 2 mm
TAB_INTO = 3.5  # the tongue's root, over the lid's lower end


def outline(a: Layout) -> Solid:
    """The body's outline with two wings; inner corners are rounded, so that the skin side can be."""
    plate = Pos(0, a.length / 2) * RectangleRounded(a.width, a.length, CORNER)
    wings = Pos(0, a.wing_y) * RectangleRounded(2 * a.wing[2], a.p.strap_width + WING_LENGTH_MORE, WING_CORNER)
    return offset(offset(plate + wings, 4.0), -4.0)


def slots(a: Layout) -> Solid:
    """For the strap, through both wings."""
    wide = a.wing[1] - a.wing[0]
    made = None
    for side in (-1, 1):
        x = side * (a.wing[0] + wide / 2)
        slot = Pos(x, a.wing_y) * Rot(0, 0, 90) * SlotOverall(a.p.strap_width + 1, wide)
        piece = Pos(0, 0, -40) * extrude(slot, 50)
        made = piece if made is None else made + piece
    return made


def seat(a: Layout) -> Solid:
    """Plate with the leg cut out of it and the cut's rim rounded."""
    deep = a.lid + a.sagitta(a.wing[2]) + 1
    plate = Pos(0, 0, -deep) * extrude(outline(a), deep) - slots(a)
    leg = Pos(0, a.length / 2, -a.axis) * Rot(90, 0, 0) * Cylinder(a.seat, a.length + 60)
    plate = plate - leg
    faces = [face for face in plate.faces().filter_by(GeomType.CYLINDER) if abs(face.radius - a.seat) < 0.01]
    return fillet([edge for face in faces for edge in face.edges()], a.p.skin_fillet)


def tongue(a: Layout) -> Solid:
    """Flat on the strut, below the body; takes the clip's screw."""
    half = a.tab_width / 2
    made = block((-half, half), (-TAB, TAB_INTO), (a.strut_z, 0))
    made = fillet(made.edges().filter_by(Axis.Z), 4.0)
    return fillet(made.faces().sort_by(Axis.Z)[0].edges(), a.p.skin_fillet)


def make(a: Layout) -> Solid:
    p = a.p
    made = seat(a) + tongue(a)
    for x, y in a.screws:
        made -= rod(INSERT_HOLE, x, y, (-INSERT - BELOW_INSERT, 1))
    made -= rod(p.haptic_diameter + 0.4, 0, haptic_y(a), (-p.haptic_thickness - 0.1, 1))
    made -= rod(M3_INSERT_HOLE, 0, -TAB / 2, (a.strut_z - 1, 1))
    return one(made)


def haptic_y(a: Layout) -> float:
    return a.p.wall + BOTTOM_BAY / 2
