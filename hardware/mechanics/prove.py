"""Proves the checks themselves, on shapes whose answer is known by arithmetic, most of them wrong on purpose.

    python hardware/mechanics/prove.py

A check that does not find what was done to a shape ends this with a line and exit code 1. Part of `make hardware`.
"""

import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from hardware.mechanics import (
    assembly,
    check_fit,
    check_measure,
    check_print,
    check_skin,
    check_walls,
    magnet_jig,
    mesh,
    pod_body,
    pod_lid,
)
from hardware.mechanics.kernel import Axis, Polygon, Pos, Solid, block, extrude, fillet, rod
from hardware.mechanics.layout import Layout, lay_out
from hardware.mechanics.parameters import size
from hardware.mechanics.parts import UNDER

SPAN = 20.0
Found = tuple[str, float, float, float]  # (what, found, least, most it may be)


def box(wall: float) -> Solid:
    return block((0, 40), (0, 30), (0, 20)) - block((wall, 40 - 2.4), (2.4, 30 - 2.4), (2.4, 21))


def prints(solid: Solid) -> check_print.Printed:
    return check_print.look(mesh.of(solid), UNDER, SPAN, 0.25, 1.2)


def walls() -> list[Found]:
    """A box with one thin wall, and a tube whose bore lies 0.4 mm aside."""
    tube = rod(20, 0, 0, (0, 15)) - rod(16, 0.4, 0, (-1, 16))
    return [
        ("box with a wall of 0.8 mm", check_walls.least(mesh.of(box(0.8)))[0], 0.799, 0.801),
        ("box with walls of 2.4 mm", check_walls.least(mesh.of(box(2.4)))[0], 2.399, 2.401),
        ("tube of 2 mm, bored 0.4 mm aside", check_walls.least(mesh.of(tube))[0], 1.57, 1.63),
        ("wedge of 5 mm: its edge is no wall", check_walls.least(mesh.of(wedge()))[0], 4.999, 5.001),
    ]


def wedge() -> Solid:
    return extrude(Polygon((0, 0), (30, 0), (0, 30), align=None), 5)


def table(top: float, legs: float) -> Solid:
    """Plate on two walls, so far apart."""
    made = block((0, top), (0, 20), (20, 24)) + block((0, 3), (0, 20), (0, 21))
    return made + block((3 + legs, 6 + legs), (0, 20), (0, 21))


def printing() -> list[Found]:
    """Bridges, a balcony, slopes and a round hole, each with the share of surface that hangs."""
    slope = {deg: Polygon((0, 0), (10, 0), (10 + run, 10), (0, 10), align=None) for deg, run in ((50, 8.4), (30, 17.3))}
    steep, flat = (extrude(slope[deg], 12).rotate(Axis.X, 90) for deg in (50, 30))
    drilled = block((0, 20), (0, 20), (0, 20)) - Pos(10, 10, 10) * rod(3.7, 0, 0, (-20, 20)).rotate(Axis.X, 90)
    drop = block((0, 10), (0, 10), (0, 10)) + block((9, 22), (0, 10), (8, 10))
    area = 13 * 10 - 10 - 1.5 * 10  # what juts out, but for what a ledge may
    share = area / float(drop.area)
    return [
        ("bridge of 15 mm: length", prints(table(21, 15)).bridge_mm, 14.6, 15.4),
        ("bridge of 15 mm: hanging", prints(table(21, 15)).hanging_share, 0, 1e-4),
        ("bridge of 28 mm: hanging", prints(table(34, 28)).hanging_share, 0.05, 1),
        ("balcony of 12 mm: hanging", prints(drop).hanging_share, share * 0.93, share * 1.07),
        ("slope of 50 deg: hanging", prints(steep).hanging_share, 0, 1e-9),
        ("slope of 30 deg: hanging", prints(flat).hanging_share, 0.05, 1),
        ("bore of 3.7 mm lying: hanging", prints(drilled).hanging_share, 0, 1e-4),
        ("block on the bed: looks down", prints(block((0, 9), (0, 9), (0, 9))).down_share, 0, 1e-9),
        ("block: mm3 counted solid", prints(block((0, 20), (0, 20), (0, 20))).rind_mm3, 8000 - 17.9**3, 8000 - 17.1**3),
    ]


def skin(a: Layout) -> list[Found]:
    """A pad before the leg with its rim sharp, rounded too little, enough, and mitred; the lid's tongue unrounded."""
    leg = check_skin.Leg(a, False)
    pad = Pos(0, 0, -20) * block((20, 40), (0, 20), (0, 10))
    under = pad.faces().sort_by(Axis.Z)[0].edges()
    upright = fillet(pad.edges().filter_by(Axis.Z), 4)
    rim = upright.faces().sort_by(Axis.Z)[0].edges()
    return [
        ("sharp pad: sharp edges", check_skin.least_radius(pad, leg)[1], 4, 4),
        ("pad rounded by 1.5 mm", check_skin.least_radius(fillet(rim, 1.5), leg)[0], 1.499, 1.501),
        ("pad rounded by 3 mm", check_skin.least_radius(fillet(rim, 3), leg)[0], 2.999, 3.001),
        ("pad rounded by 3 mm: sharp edges", check_skin.least_radius(fillet(rim, 3), leg)[1], 0, 0),
        ("pad with mitred corners: sharp edges", check_skin.least_radius(fillet(under, 2.5), leg)[1], 4, 4),
        ("tongue unrounded: sharp edges", check_skin.least_radius(bare(a), leg)[1], 1, 20),
    ]


def bare(a: Layout) -> Solid:
    half = a.tab_width / 2
    return block((-half, half), (-20, 3), (a.strut_z - 1, 0))


def fit(a: Layout) -> list[Found]:
    """Boxes that overlap by 1 mm, a cell 1 mm too wide, heads sunk 1 mm deeper, a cell pushed through the floor."""
    body, lid = pod_body.make(a), pod_lid.make(a)
    overlap = {"one": block((0, 10), (0, 10), (0, 10)), "two": block((9, 20), (0, 10), (0, 10))}
    low, high = a.cell_y
    wide = block((-a.bay / 2 - 0.5, a.bay / 2 + 0.5), (low, high), (2, a.depth))
    side = 2 * 0.5 * (high - low) * (a.depth - 2)  # both walls
    sunk = mesh.of(body).moved(np.eye(3), np.array([0, 0, -1.0]))
    before, after = (check_fit.screws(a, shape, mesh.of(lid)) for shape in (mesh.of(body), sunk))
    placed = {**assembly.pod(a, {**stand_ins(), "pod_body": body, "pod_lid": lid}), "cell": Pos(0, 0, 3) * wide}
    only = {name: placed[name] for name in ("cell", "pod_body", "pod_lid")}
    return [
        ("boxes that overlap, mm3", check_fit.shared(overlap)[0], 99.99, 100.01),
        ("cell 1 mm too wide, mm3", check_fit.shared({"cell": wide, "pod_body": body})[0], side * 0.8, side * 1.1),
        ("heads 1 mm deeper: more thread, mm", after[0] - before[0], 0.99, 1.01),
        ("heads 1 mm deeper: less room, mm", before[1] - after[1], 0.99, 1.01),
        ("cell on its way through the floor, mm3", check_fit.on_the_way(a, only)[0], 100, 1e6),
    ]


def stand_ins() -> dict[str, Solid]:
    """Parts the proof does not look at."""
    return {name: block((0, 1), (300, 301), (0, 1)) for name in ("strut_clip", "cable_guide")}


def measures(a: Layout) -> list[Found]:
    """A jig made 0.3 deg wrong, a lever 149.5 mm long, a block that would tip."""
    corners = list(a.jig_corners)
    wrong = extrude(Polygon(*[corners[0], corners[1], corners[2], (0.9, corners[3][1])], align=None), 20)
    bar = block((0, 170), (-14, 14), (0, 8)) - rod(22, 15, 0, (-1, 9)) - rod(8.4, 164.5, 0.2, (-1, 9))
    lean = extrude(Polygon((0, 0), (20, 0), (60, 80), (40, 80), align=None), 10)
    right = check_measure.stops(mesh.of(magnet_jig.make(a)))
    worst = max(abs(x - y) for x, y in zip(right, (70, 90, 95, 105), strict=True))
    along, across = check_measure.lever(mesh.of(bar))
    return [
        ("jig as it is: worst corner, deg", worst, 0, 0.01),
        ("jig 0.3 deg off: its 90", check_measure.stops(mesh.of(wrong))[1], 89.65, 89.75),
        ("lever of 149.5 mm", along, 149.499, 149.501),
        ("its hook 0.2 mm high", across, 0.199, 0.201),
        ("block that tips: inside its base, mm", check_measure.stands(mesh.of(lean)), -99, 0.01),
        ("stress of 4 kg on 150 mm, 10 x 10 mm, MPa", check_measure.lever_stress(10, 10, 150), 35.2, 35.4),
        ("ball: volume against 4/3 pi r3", mesh.of(ball()).volume, 4150, 4189),
    ]


def ball() -> Solid:
    from build123d import Sphere  # type: ignore[import-not-found]

    return Sphere(10)


def wrong(tell: Callable[[str], None], all_of_them: bool = False) -> int:
    """How many checks did not see what they were shown; tells of those, or of every one."""
    a = lay_out(size("medium"))
    seen, missed = 0, 0
    for found in (walls(), printing(), skin(a), fit(a), measures(a)):
        for what, value, least, most in found:
            holds = least <= value <= most
            seen, missed = seen + 1, missed + (not holds)
            if all_of_them or not holds:
                tell(f"{'ok   ' if holds else 'WRONG'} {what}: {value:.4g} ({least:g} to {most:g})")
    tell(f"the checks were shown {seen} shapes and were wrong about {missed}")
    return missed


if __name__ == "__main__":
    sys.exit(1 if wrong(print, True) else 0)
