"""What belongs together, in its place, and the order in which it goes there."""

from dataclasses import dataclass

from hardware.mechanics import keepouts
from hardware.mechanics.kernel import Axis, Pos, Solid, rod
from hardware.mechanics.layout import HEAD_HEIGHT, INSERT, Layout

Solids = dict[str, Solid]
GUIDE_Y = -60.0  # where along the strut the cable guide sits in the pictures


@dataclass(frozen=True)
class Step:
    """Something is moved in from a direction (the way back out), past what is there already."""

    what: str
    out: tuple[float, float, float]
    travel: float
    past: tuple[str, ...]


def pod(a: Layout, made: Solids) -> Solids:
    """Pod, clip and guide on strut and cuff, pod frame. The cell is swollen, the tip plugged in."""
    placed = {name: made[name] for name in ("pod_body", "pod_lid", "strut_clip")}
    placed["cable_guide"] = Pos(0, GUIDE_Y, 0) * made["cable_guide"]
    named = {"cell": keepouts.cell, "carrier": keepouts.carrier, "board": keepouts.board, "tip": keepouts.tip}
    more = {"switch": keepouts.switch, "light": keepouts.light, "haptic": keepouts.haptic, "strut": keepouts.strut}
    for name, make in {**named, **more, "clip_screw": keepouts.clip_screw}.items():
        placed[name] = make(a)
    for number, (x, y) in enumerate(a.screws, 1):
        placed[f"screw_{number}"] = keepouts.lid_screw(a, x, y)
        placed[f"insert_{number}"] = keepouts.insert(x, y, INSERT)
    shell = keepouts.cuff(a)
    if shell is not None:
        placed["cuff"] = shell
    return placed


def hinge(a: Layout, made: Solids, ankle_deg: float = 0.0) -> Solids:
    """Hinge at an ankle angle, hinge frame: what turns with the foot is turned about the axis."""
    turning = {"magnet_carrier": made["magnet_carrier"], "magnet": keepouts.magnet(a), "foot_bar": keepouts.foot_bar(a)}
    placed = {name: solid.rotate(Axis.Z, ankle_deg) for name, solid in turning.items()}
    placed |= {"encoder_mount": made["encoder_mount"], "encoder": keepouts.encoder(a)}
    return placed | {"upper_bar": keepouts.upper_bar(a)}


# Pairs that are one thing or made to be pressed together; what they share is not an interference.
TOGETHER = (("carrier", "board"), ("carrier", "switch"), ("carrier", "light"))


def steps(a: Layout) -> tuple[Step, ...]:
    """Pod: everything into the body from the lid's side, motor into the lid, then lid, screws, clip."""
    into, onto = (0.0, 0.0, -1.0), (0.0, 0.0, 1.0)
    deep = a.depth + 6
    boards = ("carrier", "board", "switch", "light")
    screws = tuple(f"screw_{n}" for n in (1, 2, 3, 4))
    inside = ("cell", *boards)
    return (
        Step("cell", into, deep, ("pod_body",)),
        *(Step(name, into, deep, ("pod_body", "cell")) for name in boards),
        Step("haptic", onto, deep, ("pod_lid",)),
        Step("strut_clip", (0.0, -1.0, 0.0), 40, ("strut", "pod_lid", "cuff")),
        Step("clip_screw", onto, 20, ("strut_clip", "pod_lid")),
        Step("pod_body", onto, deep, ("pod_lid", "strut_clip", "clip_screw", "haptic")),
        *(Step(name, onto, deep, ("pod_lid", "strut_clip", "haptic")) for name in inside),
        *(Step(name, onto, 25, ("pod_body", "pod_lid", *inside)) for name in screws),
        Step("tip", (0.0, 1.0, 0.0), 20, ("pod_body", "pod_lid", "board", "carrier")),
    )


def drivers(a: Layout) -> Solids:
    """Room a 2 mm hexagon driver of 4 mm needs, from each head outward."""
    top = a.depth + a.p.wall - a.screw[1] + HEAD_HEIGHT
    return {f"driver_{n}": rod(4.0, x, y, (top, top + 60)) for n, (x, y) in enumerate(a.screws, 1)}
