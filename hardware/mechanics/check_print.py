"""Printable without support, as the part lies on the bed: nothing may hang in the air.

Looked at is every face that looks down and is flatter than 45 deg. It is held when material stands within 1.5 mm
beside it, 1.5 mm lower (a ledge, a fillet, the roof of a small hole), or when it is flat and has walls on two opposite
sides no further apart than a printer bridges.
"""

from dataclasses import dataclass
from math import cos, radians

import numpy as np
from hardware.mechanics import mesh
from hardware.mechanics.mesh import Points
from scipy.ndimage import distance_transform_edt

LEDGE_MM = 1.5
FLAT = 0.985
STEEP = cos(radians(45)) + 1e-6
WAYS = ((1, 0), (0, 1), (1, 1), (1, -1), (2, 1), (1, 2), (2, -1), (1, -2))


@dataclass(frozen=True)
class Printed:
    """How a part prints: shares of its surface, longest bridge, what it weighs."""

    down_share: float
    hanging_share: float
    bridge_mm: float
    volume_mm3: float
    rind_mm3: float
    size_mm: tuple[float, float, float]


def bridges(grid: mesh.Grid, points: Points, longest: float) -> Points:
    """Shortest span between material on both sides of each point, just below it; inf where there is none."""
    cells, pitch = grid.cells, grid.pitch
    at = np.floor((points - grid.origin) / pitch).astype(int)
    level = np.clip(np.floor((points[:, 2] - grid.origin[2]) / pitch - 0.75).astype(int), 0, cells.shape[2] - 1)
    best = np.full(len(points), np.inf)
    for way in WAYS:
        length = pitch * float(np.hypot(*way))
        steps = int(longest / length) + 1
        span = np.zeros(len(points))
        for sign in (1, -1):
            reach = np.full(len(points), np.inf)
            for n in range(1, steps + 1):
                x, y = at[:, 0] + sign * n * way[0], at[:, 1] + sign * n * way[1]
                inside = (x >= 0) & (y >= 0) & (x < cells.shape[0]) & (y < cells.shape[1])
                solid = np.zeros(len(points), dtype=bool)
                solid[inside] = cells[x[inside], y[inside], level[inside]]
                reach = np.where(solid & np.isinf(reach), n * length, reach)
            span += reach
        best = np.minimum(best, span - length)
    return best


def beside(grid: mesh.Grid, points: Points) -> Points:
    """How far beside each point material stands, a ledge's height lower (on the first layer at least)."""
    lower = np.clip(((points[:, 2] - LEDGE_MM - grid.origin[2]) / grid.pitch).astype(int), 0, None)
    at = np.floor((points[:, :2] - grid.origin[:2]) / grid.pitch).astype(int)
    out = np.empty(len(points))
    for level in np.unique(lower):
        chosen = lower == level
        far = distance_transform_edt(~grid.cells[:, :, level]) * grid.pitch
        out[chosen] = far[at[chosen, 0], at[chosen, 1]]
    return out


def look(shape: mesh.Mesh, down: tuple[float, float, float], span: float, pitch: float, rind: float) -> Printed:
    """A part as it lies on the bed. span: longest bridge; rind: thickness printed solid, mm."""
    lying = shape.moved(mesh.turned(down))
    lying = mesh.Mesh(lying.points - lying.points.min(axis=0), lying.triangles)
    grid = mesh.filled(lying, pitch)
    points, owner = mesh.samples(lying, 0.7)
    count = np.bincount(owner, minlength=len(lying.areas))
    weight = (lying.areas / count)[owner]
    facing = -lying.normals[owner, 2]
    low = (facing > STEEP) & (points[:, 2] > 0.05)
    aside = np.full(len(points), 0.0)
    aside[low] = beside(grid, points[low])
    loose = low & (aside > LEDGE_MM)
    flat = loose & (facing > FLAT)
    spans = bridges(grid, points[flat], span)
    held = np.zeros(len(points), dtype=bool)
    held[np.flatnonzero(flat)[spans <= span]] = True
    longest = float(spans[spans <= span].max()) if (spans <= span).any() else 0.0
    total = float(weight.sum())
    skin = distance_transform_edt(np.pad(grid.cells, 1)) * pitch
    size = lying.points.max(axis=0)
    return Printed(
        float(weight[low].sum()) / total,
        float(weight[loose & ~held].sum()) / total,
        longest,
        lying.volume,
        min(float(((skin > 0) & (skin - pitch / 2 <= rind)).sum()) * pitch**3, lying.volume),
        (float(size[0]), float(size[1]), float(size[2])),
    )


def grams(printed: Printed, density: float, infill: float) -> float:
    """Solid rind, filled by a share inside."""
    return density / 1000 * (printed.rind_mm3 + infill * (printed.volume_mm3 - printed.rind_mm3))
