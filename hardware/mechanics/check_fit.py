"""Whether it goes together: nothing enters anything, the hinge turns, screws reach, each thing gets to its place."""

from itertools import combinations

import numpy as np
from hardware.mechanics import assembly, mesh
from hardware.mechanics.assembly import Solids
from hardware.mechanics.kernel import Pos, common
from hardware.mechanics.layout import HEAD_HOLE, STEPS_DEG, Layout
from hardware.mechanics.pod_body import EDGE, panel_y

TOUCH_MM3 = 0.01  # what faces that touch may share by rounding
STATIONS = 5


def shared(placed: Solids) -> tuple[float, str]:
    """(volume the worst pair shares, which pair)."""
    worst, which = 0.0, ""
    for one, two in combinations(placed, 2):
        if (one, two) in assembly.TOGETHER or (two, one) in assembly.TOGETHER:
            continue
        volume = common(placed[one], placed[two])
        if volume > worst:
            worst, which = volume, f"{one} and {two}"
    return worst, which


def turning(a: Layout, made: Solids) -> tuple[float, str]:
    """The same for the hinge, over the range of `talus calibrate --long encoder`."""
    low, high = STEPS_DEG
    worst, which = 0.0, ""
    for angle in np.arange(low, high + 0.1, 10.0):
        volume, pair = shared(assembly.hinge(a, made, float(angle)))
        if volume > worst:
            worst, which = volume, f"{pair} at {angle:g} deg"
    return worst, which


def on_the_way(a: Layout, placed: Solids) -> tuple[float, str]:
    """Largest volume shared while each thing is brought to its place in a straight line."""
    worst, which = 0.0, ""
    for step in assembly.steps(a):
        if step.what not in placed:
            continue
        for away in np.linspace(step.travel, 0, STATIONS):
            moved = Pos(*(away * out for out in step.out)) * placed[step.what]
            for name in (one for one in step.past if one in placed):
                volume = common(moved, placed[name])
                if volume > worst:
                    worst, which = volume, f"{step.what} past {name}"
    for number, driver in assembly.drivers(a).items():
        for name in ("pod_body", "pod_lid"):
            volume = common(driver, placed[name])
            if volume > worst:
                worst, which = volume, f"{number} past {name}"
    return worst, which


def down(shape: mesh.Mesh, x: float, y: float, z: float) -> float:
    """Height of the first surface below a point, by a ray."""
    far, _ = mesh.cast(shape, np.array([[x, y, z]]), np.array([[0.0, 0.0, -1.0]]))
    return float(z - far[0])


def stem(a: Layout, body: mesh.Mesh) -> float:
    """How far the switch's stem stands out of the body; rays find the rails and the outside."""
    y = panel_y(a) + 3.013  # beside the hole
    outside = down(body, -a.lane + a.p.button_hole, y, a.depth + a.p.wall + 5)
    far, _ = mesh.cast(body, np.array([[a.bay / 2 - EDGE / 2, y, 0.01]]), np.array([[0.0, 0.0, 1.0]]))
    return float(0.01 + far[0] + a.p.switch_height - outside)


def screws(a: Layout, body: mesh.Mesh, lid: mesh.Mesh) -> tuple[float, float]:
    """(least thread in an insert, least room below a screw's tip), both measured with rays on body and lid."""
    thread, room = np.inf, np.inf
    aside = HEAD_HOLE / 2 - 0.4  # lands on the seat, beside the hole
    for x, y in a.screws:
        seat = down(body, x + aside, y + 0.013, a.depth + a.p.wall + 5)
        tip = seat - a.screw[0]
        thread = min(thread, -tip)
        room = min(room, tip - down(lid, x + 0.011, y + 0.013, 5.0))
    return float(thread), float(room)
