"""What is bought or given and takes up room: boards, cell, magnet, screws, strut, bars. No print may enter it."""

from hardware.mechanics.kernel import Cylinder, Pos, Rot, Solid, block, rod
from hardware.mechanics.layout import (
    GAP,
    HEAD,
    HEAD_HEIGHT,
    INSERT_HOLE,
    M3,
    RECEPTACLE,
    SCREW,
    SWITCH,
    TAB,
    Layout,
)
from hardware.mechanics.pod_body import EDGE, panel_y
from hardware.mechanics.pod_lid import haptic_y
from hardware.mechanics.strut_clip import PLATE

CUFF_LONGER = 4.0  # the cuff begins above the pod's tongue
PLUG = 6.65  # of a USB-C plug in its receptacle
CLIP_SCREW, CLIP_HEAD, CLIP_HEAD_HEIGHT = 8.0, 5.5, 3.0  # M3 x 8, ISO 4762


def cell(a: Layout) -> Solid:
    """Swollen as far as it may."""
    half, thick = a.p.cell_width / 2, a.p.cell_thickness * (1 + a.p.cell_swelling)
    return block((-half, half), (a.cell_y[0] + GAP, a.cell_y[1] - GAP), (a.depth - thick, a.depth))


def carrier(a: Layout) -> Solid:
    """Carrier board, its upper corners cut away for the screw columns, and the parts on both its faces."""
    half = a.p.carrier_width / 2
    low, high = a.carrier_y[0] + GAP, a.carrier_y[0] + GAP + a.p.carrier_length
    face = a.board_z[0]
    made = block((-half, half), (low, high), (face - a.p.carrier_board, face))
    parts = half - EDGE
    made += block((-parts, parts), (low, high), (face - a.p.carrier_board - a.p.carrier_parts, face))
    made += block((-parts, parts), (low, panel_y(a) - SWITCH), (face, face + a.p.carrier_parts))
    notch = a.bay / 2 - a.column - 0.3
    below = a.length - a.p.wall - a.column - 0.3
    for x in ((-half - 1, -notch), (notch, half + 1)):
        made -= block(x, (below, high + 1), (-1, a.depth))
    return made


def board(a: Layout) -> Solid:
    """XIAO on the carrier; its receptacle looks up, through the body's upper wall."""
    half = a.p.board_width / 2
    high = a.carrier_y[0] + GAP + a.p.carrier_length
    made = block((-half, half), (high - a.p.board_length, high), a.board_z)
    z = (a.tip_z - RECEPTACLE / 2, a.tip_z + RECEPTACLE / 2)
    return made + block((-4.5, 4.5), (high - 7, high + a.p.usb_overhang), z)


def tip(a: Layout) -> Solid:
    """The magnetic tip's body in the opening, plugged in; as wide as the opening allows."""
    half, tall = a.p.tip_width / 2 - 0.3, a.p.tip_height / 2 - 0.3
    low = a.carrier_y[0] + GAP + a.p.carrier_length + a.p.usb_overhang + 0.1
    return block((-half, half), (low, a.length + 3), (a.tip_z - tall, a.tip_z + tall))


def switch(a: Layout) -> Solid:
    y, half = panel_y(a), SWITCH / 2
    made = block((-a.lane - half, -a.lane + half), (y - half, y + half), (a.board_z[0], a.board_z[0] + 3.5))
    return made + rod(a.p.button_hole - 0.7, -a.lane, y, (a.board_z[0] + 3, a.board_z[0] + a.p.switch_height))


def light(a: Layout) -> Solid:
    return rod(a.p.light_hole - 0.3, a.lane, panel_y(a), (a.board_z[0], a.depth + a.p.wall))


def haptic(a: Layout) -> Solid:
    return rod(a.p.haptic_diameter, 0, haptic_y(a), (-a.p.haptic_thickness, 0))


def lid_screw(a: Layout, x: float, y: float) -> Solid:
    length, recess = a.screw
    seat = a.depth + a.p.wall - recess
    return rod(SCREW, x, y, (seat - length, seat)) + rod(HEAD, x, y, (seat, seat + HEAD_HEIGHT))


def insert(x: float, y: float, long: float) -> Solid:
    """Heat-set insert around its screw."""
    return rod(INSERT_HOLE, x, y, (-long, 0)) - rod(SCREW, x, y, (-long - 1, 1))


def clip_screw(a: Layout) -> Solid:
    seat = a.p.clearance + PLATE
    shank = rod(M3, 0, -TAB / 2, (seat - CLIP_SCREW, seat))
    return shank + rod(CLIP_HEAD, 0, -TAB / 2, (seat, seat + CLIP_HEAD_HEIGHT))


def strut(a: Layout) -> Solid:
    """From below the clip up under the pod."""
    half = a.p.strut_width / 2
    return block((-half, half), (-150, a.length - 10), (a.strut_z - a.p.strut_thickness, a.strut_z))


def cuff(a: Layout, below: float = CUFF_LONGER, above: float = 4.0) -> Solid:
    """Shell the pod sits on, where it is; the strut is let into it. None where the pod sits on the liner."""
    if a.p.cuff < 0.1:
        return None
    y = (below, a.length + above)
    middle = Pos(0, (y[0] + y[1]) / 2, -a.axis) * Rot(90, 0, 0)
    made = middle * Cylinder(a.seat, y[1] - y[0]) - middle * Cylinder(a.seat - a.p.cuff, y[1] - y[0] + 2)
    half, top = a.p.strut_width / 2, a.length - 10
    room = block((-half, half), (-200, top), (a.strut_z - 20, a.strut_z + 20))
    return (made & block((-200, 200), (-200, 400), (-a.axis, 50))) - room


def upper_bar(a: Layout) -> Solid:
    """Shank's bar; joint faces are halved, so both bars' outer faces lie in one plane."""
    half = a.p.bar_width / 2
    return block((-half, half), (a.p.hinge_diameter / 2 + 0.5, 110), (-a.p.bar_thickness, 0))


def foot_bar(a: Layout) -> Solid:
    half = a.p.bar_width / 2
    made = block((-half, half), (-a.p.plate_depth, 0), (-a.p.bar_thickness, 0))
    made += rod(a.p.hinge_diameter, 0, 0, (-a.p.bar_thickness, 0))
    return made + rod(a.p.hinge_head_diameter, 0, 0, (-1, max(a.p.hinge_head_height, 0.01)))


def magnet(a: Layout) -> Solid:
    return rod(a.p.magnet_diameter, 0, 0, (a.carrier_height - a.p.magnet_thickness, a.carrier_height))


def encoder(a: Layout) -> Solid:
    """Breakout with its chip toward the magnet."""
    half = a.p.encoder_board / 2
    made = block((-half, half), (-half, half), (a.mount_z - a.p.encoder_board_thickness, a.mount_z))
    return made + block((-3.1, 3.1), (-2.5, 2.5), (a.chip_z, a.mount_z - a.p.encoder_board_thickness))
