"""Lengths and angles other instruments rely on, measured on triangles: jig, lever, air gap, middle of the magnet."""

from math import acos, degrees, hypot

import numpy as np
from hardware.mechanics import mesh
from hardware.mechanics.layout import Layout
from hardware.mechanics.mesh import Mesh, Points

GRAVITY = 9.80665
LOAD_KG = 4.0


def outer_sides(shape: Mesh) -> list[tuple[Points, Points]]:
    """(outward normal, middle) of the sides a block along z stands on, going round: planes with all points behind."""
    found: list[tuple[Points, Points]] = []
    upright = np.abs(shape.normals[:, 2]) < 1e-6
    for index in np.argsort(-shape.areas * upright):
        normal, corner = shape.normals[index], shape.corners[index, 0]
        if shape.areas[index] < 100 or not upright[index] or any(normal @ n > 0.9999 for n, _ in found):
            continue
        height = (shape.points - corner) @ normal
        if height.max() < 1e-3:
            found.append((normal, shape.points[np.abs(height) < 1e-3].mean(axis=0)))
    return sorted(found, key=lambda side: float(np.arctan2(side[0][1], side[0][0])))


def stops(shape: Mesh) -> list[float]:
    """Corner angles of the magnet jig between neighbouring sides, deg, smallest first."""
    sides = outer_sides(shape)
    pairs = zip(sides, sides[1:] + sides[:1], strict=True)
    return sorted(180 - degrees(acos(float(np.clip(one[0] @ two[0], -1, 1)))) for one, two in pairs)


def stands(shape: Mesh) -> float:
    """How far inside its base the jig's middle of mass lies, on the worse of the two sides it stands on, mm."""
    c = shape.corners
    weights = np.einsum("ij,ij->i", c[:, 0], np.cross(c[:, 1], c[:, 2]))
    middle = (c.sum(axis=1) / 4 * weights[:, None]).sum(axis=0) / weights.sum()
    margins = []
    for normal, _ in outer_sides(shape):
        if abs(normal[1]) < 0.9:  # the two long sides are the stops, not bases
            continue
        height = shape.points @ normal
        base = shape.points[height > height.max() - 1e-3]
        along = np.array([-normal[1], normal[0], 0.0])
        reach, at = base @ along, float(middle @ along)
        margins.append(min(at - float(reach.min()), float(reach.max()) - at))
    return min(margins)


def rounds(shape: Mesh) -> list[tuple[float, float, float]]:
    """(x, y, radius) of every whole round in the face that lies at z = 0, fitted to its rim."""
    flat = shape.triangles[(np.abs(shape.corners[:, :, 2]) < 1e-6).all(axis=1)]
    edges = np.concatenate([flat[:, [0, 1]], flat[:, [1, 2]], flat[:, [2, 0]]])
    ways = {(int(a), int(b)) for a, b in edges}
    onward = {a: b for a, b in ways if (b, a) not in ways}
    found = []
    while onward:
        loop = [next(iter(sorted(onward)))]
        while (step := onward.pop(loop[-1], None)) is not None:
            loop.append(step)
        rim = shape.points[loop[:-1], :2]
        if len(rim) < 12:
            continue
        left = np.column_stack([2 * rim, np.ones(len(rim))])
        x, y, rest = np.linalg.lstsq(left, (rim**2).sum(axis=1), rcond=None)[0]
        radius = float(np.sqrt(rest + x**2 + y**2))
        if np.abs(np.hypot(*(rim - (x, y)).T) - radius).max() < 0.05:
            found.append((float(x), float(y), radius))
    return found


def lever(shape: Mesh) -> tuple[float, float]:
    """(along, across): from the ring's middle to the hook's, mm: the two ends among the rounds."""
    ends = sorted(rounds(shape))
    return ends[-1][0] - ends[0][0], ends[-1][1] - ends[0][1]


def lever_stress(height: float, thick: float, arm: float) -> float:
    """MPa in one bar that carries the largest weight alone, at the hinge (a beam's edge)."""
    return LOAD_KG * GRAVITY * arm / (thick * height**2 / 6)


def walls_around(shape: Mesh, z: float) -> tuple[float, float, float, float]:
    """Distance from the axis to the first wall toward +x, -x, +y and -y at a height."""
    ways = np.array([[1.0, 0, 0], [-1, 0, 0], [0, 1, 0], [0, -1, 0]])
    far, _ = mesh.cast(shape, np.tile([0.0013, 0.0017, z], (4, 1)), ways)
    return float(far[0]), float(far[1]), float(far[2]), float(far[3])


def floor(shape: Mesh, z: float, up: float, aside: float) -> float:
    """Height of the first surface above (up 1) or below (up -1) a point beside the axis."""
    far, _ = mesh.cast(shape, np.array([[aside, 0.0017, z]]), np.array([[0.0, 0.0, up]]))
    return float(z + up * far[0])


def air_gap(a: Layout, carrier: Mesh, mount: Mesh) -> float:
    """Chip to magnet, from the floors of the two pockets and the thicknesses that lie in them."""
    magnet = floor(carrier, a.carrier_height - 0.5, -1.0, 1.0) + a.p.magnet_thickness
    chip = floor(mount, a.mount_z - 0.5, 1.0, 1.0) - a.p.encoder_board_thickness - a.p.encoder_chip
    return chip - magnet


def off_centre(a: Layout, carrier: Mesh, mount: Mesh) -> float:
    """Magnet beside the chip at worst: where the pockets' middles lie, and the play in both."""
    right, left, up, low = walls_around(carrier, a.carrier_height - a.p.magnet_thickness / 2)
    magnet = ((right - left) / 2, (up - low) / 2)
    magnet_play = (right + left + up + low) / 4 - a.p.magnet_diameter / 2
    right, left, up, low = walls_around(mount, a.mount_z - a.p.encoder_board_thickness / 2)
    board = ((right - left) / 2, (up - low) / 2)
    play = hypot((right + left - a.p.encoder_board) / 2, (up + low - a.p.encoder_board) / 2)
    return hypot(magnet[0] - board[0], magnet[1] - board[1]) + max(magnet_play, 0.0) + play
