"""Hinge, encoder mount: holds the AS5600's board over the magnet, chip inward, on the shank's bar.

The board lies against the pocket's floor: the air gap is the mount's height and nothing else. Printed on its outer
face.
"""

from hardware.mechanics.kernel import Axis, Solid, block, fillet, one, rod
from hardware.mechanics.layout import M3_HOLE, Layout

FOOT = 20.0  # on the bar
KEEP = 6.5  # beside the board, for the screws whose heads hold it
LIP = 2.5
PILOT = 1.7  # M2 into plastic


def foot_y(a: Layout) -> tuple[float, float]:
    begin = a.p.encoder_board / 2 + a.p.board_play + KEEP
    return begin, begin + FOOT


def screws_y(a: Layout) -> tuple[float, float]:
    low, high = foot_y(a)
    return low + 5.5, high - 5.5


def make(a: Layout) -> Solid:
    p = a.p
    half = p.encoder_board / 2 + p.board_play
    top, rim = a.mount_z + p.wall, a.mount_z - p.encoder_board_thickness
    low, high = foot_y(a)
    inner = p.bar_width / 2 + p.clearance
    outer = inner + p.wall
    wide = max(half + p.wall, outer)
    made = block((-wide, wide), (-half - KEEP, low + 0.5), (rim, top))
    made = fillet(made.edges().filter_by(Axis.Z).sort_by(Axis.Y)[:2], 4.0)
    made += block((-wide, wide), (low, high), (0, top))
    for x in ((-wide, -inner), (inner, wide)):
        made += block(x, (low, high), (-LIP, 0.5))
    made -= block((-half, half), (-half, half), (rim - 1, a.mount_z))
    made -= block((-wide - 1, wide + 1), (half - 11.5, half - 2.5), (rim - 1, a.mount_z))  # the cable, to either side
    for y in (-half - KEEP / 2, half + KEEP / 2):
        made -= rod(PILOT, 0, y, (rim - 1, a.mount_z + p.wall - p.least_wall))
    for y in screws_y(a):
        made -= rod(M3_HOLE, 0, y, (-1, top + 1)) + rod(6.4, 0, y, (4.0, top + 1))
    return one(made)
