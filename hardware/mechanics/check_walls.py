"""Least wall, by rays: from points all over the surface straight inward to where they leave the solid again.

A ray that leaves through a face turned by more than 35 deg from square has met an edge, not a wall, and is not counted.
"""

from math import cos, radians

import numpy as np
from hardware.mechanics import mesh

APART_MM = 0.9
SQUARE = cos(radians(35))
SKIN_MM = 1e-3


THICK_MM = 6.0  # no thinner wall is overlooked; a thicker one is not looked for
BLOCK_MM = 10.0


def least(shape: mesh.Mesh, apart: float = APART_MM) -> tuple[float, tuple[float, float, float]]:
    """(thickness of the thinnest wall met, where it was met), mm; inf where all is thicker than THICK_MM."""
    points, owner = mesh.samples(shape, apart)
    low, high = shape.corners.min(axis=1), shape.corners.max(axis=1)
    places = np.floor(points / BLOCK_MM).astype(int)
    best, where = np.inf, points[0]
    for place in np.unique(places, axis=0):
        chosen = np.flatnonzero((places == place).all(axis=1))
        from_, to = place * BLOCK_MM - THICK_MM, (place + 1) * BLOCK_MM + THICK_MM
        near = np.flatnonzero(((low <= to) & (high >= from_)).all(axis=1))
        far = through(mesh.Mesh(shape.points, shape.triangles[near]), points[chosen], shape.normals[owner[chosen]])
        far = np.round(far, 3)  # of many points on one wall the first is named, whatever the last digits
        if far.min() < best:
            best, where = float(far.min()), points[chosen[int(far.argmin())]]
    return best, (float(where[0]), float(where[1]), float(where[2]))


def through(near: mesh.Mesh, points: mesh.Points, normals: mesh.Points) -> mesh.Points:
    """Thickness under each point; inf where the ray leaves through no wall, or a thick one."""
    far, hit = mesh.cast(near, points - SKIN_MM * normals, -normals)
    met = (hit >= 0) & (far < THICK_MM)
    square = np.zeros(len(far), dtype=bool)
    square[met] = np.einsum("ij,ij->i", near.normals[hit[met]], -normals[met]) > SQUARE
    return np.where(square, far + SKIN_MM, np.inf)
