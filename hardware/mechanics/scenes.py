"""What the pictures show: which solids, in which colours, from where."""

from math import atan2, degrees, hypot, radians, tan

from hardware.mechanics import assembly, keepouts, mesh
from hardware.mechanics.assembly import Solids
from hardware.mechanics.kernel import Axis, Cylinder, Location, Pos, Rot, Solid, block
from hardware.mechanics.layout import Layout
from hardware.mechanics.parameters import STOPS_DEG
from hardware.mechanics.parts import PARTS
from hardware.mechanics.picture import Scene, View

GIVEN = {
    **{"cell": (196, 198, 204), "carrier": (74, 138, 88), "board": (52, 92, 64), "tip": (70, 70, 74)},
    **{"switch": (60, 60, 64), "light": (236, 226, 150), "haptic": (206, 176, 110), "strut": (86, 88, 94)},
    **{"cuff": (222, 214, 200), "magnet": (190, 192, 200), "encoder": (62, 96, 148), "leg": (232, 204, 186)},
    **{"upper_bar": (120, 124, 132), "foot_bar": (146, 150, 158), "foot_plate": (222, 214, 200)},
}
STEEL = (176, 178, 184)
HEEL, AXIS_TO_STRUT = 45.0, 62.0  # behind the ankle's axis, as drawn
WORN = Location((0, 0, 0), (90, 0, 0))  # y up, z away from the leg becomes -y


def colour(name: str) -> tuple[int, int, int]:
    own = {part.name: part.colour for part in PARTS}
    return own.get(name) or GIVEN.get(name) or STEEL


def scene(placed: Solids) -> Scene:
    """Standing as worn."""
    return [(mesh.of(solid.moved(WORN)), colour(name)) for name, solid in placed.items()]


def part(name: str, made: Solids) -> list[tuple[Scene, View]]:
    one = next(part for part in PARTS if part.name == name)
    shape = mesh.of(made[name].moved(WORN) if one.stands else made[name])
    return [([(shape, one.colour)], view) for view in one.views]


def apart(a: Layout, made: Solids) -> list[tuple[Scene, View]]:
    """The pod pulled apart along the way it is put together."""
    placed = assembly.pod(a, made)
    away = {"pod_lid": 0.0, "haptic": 12.0, "carrier": 42.0, "board": 42.0, "switch": 42.0, "light": 42.0, "cell": 42.0}
    away |= {"pod_body": 84.0, **{f"screw_{n}": 118.0 for n in (1, 2, 3, 4)}}
    shown = {name: Pos(0, 0, z) * placed[name] for name, z in away.items()}
    return [(scene(shown), View(212, 24)), (scene(shown), View(148, 24))]


def worn(a: Layout, made: Solids) -> list[tuple[Scene, View]]:
    """The pod on the cuff, strapped over strut and leg."""
    placed = assembly.pod(a, made)
    placed["cuff"] = keepouts.cuff(a, keepouts.CUFF_LONGER, 14) or placed["strut"]
    leg = Pos(0, a.length / 2 - 60, -a.axis) * Rot(90, 0, 0) * Cylinder(a.p.calf_radius, a.length + 160)
    placed["leg"] = leg & block((-200, 200), (-300, 300), (-a.axis - 15, 200))
    return [(scene(placed), View(238, 22)), (scene(placed), View(352, 8))]


def hinge(a: Layout, made: Solids) -> list[tuple[Scene, View]]:
    """The hinge at 15 deg, whole, and with the encoder's mount lifted off."""
    whole = assembly.hinge(a, made, 15.0)
    lifted = dict(whole)
    lifted["encoder_mount"] = Pos(0, 0, 42) * whole["encoder_mount"]
    lifted["encoder"] = Pos(0, 0, 26) * whole["encoder"]
    lifted["magnet"] = Pos(0, 0, 10) * whole["magnet"]
    return [(scene(whole), View(300, 20)), (scene(lifted), View(325, 22))]


def stops(a: Layout, made: Solids) -> list[tuple[Scene, View]]:
    """The magnet jig as it stands for each of its three stops, the strut against it, the foot plate on the table."""
    foot, jig = a.jig_corners[1][0], made["magnet_jig"]
    thick = Pos(0, 0, a.p.jig_thickness)
    leaning = thick * Pos(foot, 0, 0) * jig.rotate(Axis.Y, 180)
    upset = thick * jig.rotate(Axis.Z, 180 - STOPS_DEG[2]).rotate(Axis.Y, 180)
    low = upset.vertices().filter_by_position(Axis.Y, upset.bounding_box().min.Y - 1, upset.bounding_box().min.Y + 0.1)
    upset = Pos(-low.sort_by(Axis.X)[0].X, -upset.bounding_box().min.Y, 0) * upset
    panels = []
    for turned, lean in zip((jig, leaning, upset), STOPS_DEG, strict=True):
        panels.append((_against(a, turned, lean), View(270, 12)))
    return panels


def _against(a: Layout, jig: Solid, lean: float) -> Scene:
    """The shank at an ankle angle against the jig, toes toward -x."""
    middle = a.p.jig_thickness / 2
    half, thick = a.p.strut_width / 2, a.p.strut_thickness
    strut = block((-thick, 0), (25, 230), (middle - half, middle + half)).rotate(Axis.Z, lean)
    heel = HEEL - AXIS_TO_STRUT - a.p.plate_depth * tan(radians(lean))
    plate = block((heel - 220, heel), (0.0, 5.0), (middle - 40, middle + 40))
    placed = {"magnet_jig": jig, "strut": strut, "foot_plate": plate}
    return [(mesh.of(solid.moved(WORN)), colour(name)) for name, solid in placed.items()]


def weights(a: Layout, made: Solids) -> list[tuple[Scene, View]]:
    """Two lever bars on hinge and foot plate, joined by rods, a weight on a loop around the foot plate."""
    wide, depth, lever = 96.0, a.p.plate_depth, made["lever_jig"]
    thick = a.p.lever_thickness
    middle = 95.0
    rods = {
        f"rod_{n}": Pos(x, y, wide / 2) * Cylinder(4, wide + 42)
        for n, (x, y) in enumerate(((150.0, 0.0), (middle, -depth + 5), (middle, -depth - 7)))
    }
    plate = block((-60, 170), (-depth - 2, -depth), (10, wide - 10))
    drop, side = 250.0, wide / 2 + thick + 8
    weight = Pos(150, -drop - 22, wide / 2) * Rot(90, 0, 0) * Cylinder(26, 44)
    cords = {
        f"cord_{n}": Pos(150, -drop / 2, wide / 2 + s * side / 2)
        * Rot(degrees(atan2(drop, -s * side)), 0, 0)
        * Cylinder(1.4, hypot(drop, side))
        for n, s in enumerate((1.0, -1.0))
    }
    placed = {"lever_jig": Pos(0, 0, -thick) * lever, "foot_plate": plate, "weight": weight}
    placed |= {**cords, **rods}
    shown = [*scene(placed), (mesh.of((Pos(0, 0, wide) * lever).moved(WORN)), colour("lever_jig"))]
    return [(shown, View(300, 14))]
