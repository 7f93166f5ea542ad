"""A solid as triangles, and what can be measured on them without asking how the solid was made.

Everything is deterministic: samples come from the triangles themselves, no generator is involved.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
from hardware.mechanics.kernel import Solid

Points = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]
FINE = (0.03, 0.12)  # chord in mm and turn in rad of the triangles: for pictures and printing
COARSE = (0.03, 0.3)  # for what is measured


@dataclass(frozen=True)
class Mesh:
    """Points (n, 3) and triangles (m, 3) of indices into them, turning outward."""

    points: Points
    triangles: Whole

    @cached_property
    def corners(self) -> Points:
        """(m, 3, 3)"""
        return self.points[self.triangles]

    @cached_property
    def _cross(self) -> Points:
        c = self.corners
        return np.cross(c[:, 1] - c[:, 0], c[:, 2] - c[:, 0])

    @cached_property
    def areas(self) -> Points:
        return np.linalg.norm(self._cross, axis=1) / 2

    @cached_property
    def normals(self) -> Points:
        return self._cross / np.maximum(2 * self.areas, 1e-12)[:, None]

    @property
    def volume(self) -> float:
        c = self.corners
        return float(np.einsum("ij,ij->i", c[:, 0], np.cross(c[:, 1], c[:, 2])).sum() / 6)

    def moved(self, rotation: Points, shift: Points | None = None) -> "Mesh":
        points = self.points @ rotation.T
        return Mesh(points if shift is None else points + shift, self.triangles)


def of(solid: Solid, how: tuple[float, float] = FINE) -> Mesh:
    """Triangles of a solid; points of neighbouring faces are made one."""
    vertices, triangles = solid.tessellate(*how)
    raw = np.array([(v.X, v.Y, v.Z) for v in vertices], dtype=np.float64)
    keys = np.round(raw, 5) + 0.0
    points, index = np.unique(keys, axis=0, return_inverse=True)
    made = index.reshape(-1)[np.array(triangles, dtype=np.int64)]
    whole = (made[:, 0] != made[:, 1]) & (made[:, 1] != made[:, 2]) & (made[:, 2] != made[:, 0])
    return Mesh(points, made[whole])


def turned(down: tuple[float, float, float]) -> Points:
    """Rotation that brings a direction of the part to point at the printer's bed."""
    z = -np.asarray(down, dtype=np.float64) / np.linalg.norm(down)
    helper = np.array([1.0, 0.0, 0.0]) if abs(z[0]) < 0.9 else np.array([0.0, 1.0, 0.0])
    x = np.cross(helper, z)
    x /= np.linalg.norm(x)
    return np.stack([x, np.cross(z, x), z])


def samples(mesh: Mesh, apart: float) -> tuple[Points, Whole]:
    """Points on the surface about `apart` from each other, and the triangle each lies on."""
    each = np.maximum(1, np.ceil(mesh.areas / apart**2)).astype(np.int64)
    owner = np.repeat(np.arange(len(each)), each)
    nth = np.arange(len(owner)) - np.repeat(np.cumsum(each) - each, each)
    # the R2 sequence fills a unit square evenly; folded, it fills a triangle
    u, v = (0.5 + nth * 0.7548776662) % 1, (0.5 + nth * 0.5698402910) % 1
    over = u + v > 1
    u, v = np.where(over, 1 - u, u), np.where(over, 1 - v, v)
    first = nth == 0
    u, v = np.where(first, 1 / 3, u), np.where(first, 1 / 3, v)
    c = mesh.corners[owner]
    return c[:, 0] + u[:, None] * (c[:, 1] - c[:, 0]) + v[:, None] * (c[:, 2] - c[:, 0]), owner


def cast(mesh: Mesh, origins: Points, directions: Points, chunk: int = 400) -> tuple[Points, Whole]:
    """Distance to the first triangle each ray meets, and which one (inf and -1: none)."""
    a = mesh.corners[:, 0]
    e1, e2 = mesh.corners[:, 1] - a, mesh.corners[:, 2] - a
    far, hit = np.full(len(origins), np.inf), np.full(len(origins), -1)
    for begin in range(0, len(origins), chunk):
        part = slice(begin, begin + chunk)
        o, d = origins[part, None, :], directions[part, None, :]
        p = np.cross(d, e2[None])
        det = np.einsum("ijk,jk->ij", p, e1)
        with np.errstate(divide="ignore", invalid="ignore"):  # parallel to the ray: det is 0
            s = o - a[None]
            u = np.einsum("ijk,ijk->ij", s, p) / det
            q = np.cross(s, e1[None])
            v = np.einsum("ijk,ijk->ij", np.broadcast_to(d, q.shape), q) / det
            t = np.einsum("ijk,jk->ij", q, e2) / det
            over = u + v
        good = (np.abs(det) > 1e-12) & (u >= -1e-9) & (v >= -1e-9) & (over <= 1 + 1e-9) & (t > 1e-4)
        t = np.where(good, t, np.inf)
        best = t.argmin(axis=1)
        far[part] = t[np.arange(len(best)), best]
        hit[part] = np.where(np.isfinite(far[part]), best, -1)
    return far, hit


@dataclass(frozen=True)
class Grid:
    """Which cells of a grid are inside: cells[x, y, z]; origin is the first cell's corner."""

    cells: npt.NDArray[np.bool_]
    origin: Points
    pitch: float


def filled(mesh: Mesh, pitch: float, margin: int = 2) -> Grid:
    """Cells inside the mesh: every column is crossed with all triangles over it, and is inside between odd and even."""
    origin = mesh.points.min(axis=0) - margin * pitch
    origin[2] = mesh.points[:, 2].min()  # the first layer lies on the bed
    count = np.ceil((mesh.points.max(axis=0) - origin) / pitch).astype(int) + margin
    shift = origin[:2] + pitch * np.array([0.5013, 0.5007])  # no column runs along an edge
    columns: list[Any] = []
    heights: list[Any] = []
    for c in mesh.corners:
        low = np.maximum(np.ceil((c[:, :2].min(axis=0) - shift) / pitch).astype(int), 0)
        high = np.floor((c[:, :2].max(axis=0) - shift) / pitch).astype(int)
        if (high < low).any():
            continue
        x, y = np.meshgrid(np.arange(low[0], high[0] + 1), np.arange(low[1], high[1] + 1), indexing="ij")
        px, py = shift[0] + x * pitch - c[0, 0], shift[1] + y * pitch - c[0, 1]
        (ax, ay), (bx, by) = c[1, :2] - c[0, :2], c[2, :2] - c[0, :2]
        det = ax * by - ay * bx
        if abs(det) < 1e-14:
            continue
        u, v = (px * by - py * bx) / det, (ax * py - ay * px) / det
        inside = (u >= 0) & (v >= 0) & (u + v < 1)
        columns.append((x * count[1] + y)[inside])
        heights.append((c[0, 2] + u * (c[1, 2] - c[0, 2]) + v * (c[2, 2] - c[0, 2]))[inside])
    flat, z = np.concatenate(columns), np.concatenate(heights)
    level = np.clip(np.ceil((z - origin[2]) / pitch - 0.5).astype(int), 0, count[2] - 1)
    toggles = np.zeros((count[0] * count[1], count[2]), dtype=np.int32)
    np.add.at(toggles, (flat, level), 1)
    cells = (np.cumsum(toggles, axis=1) % 2).astype(bool)
    return Grid(cells.reshape(count[0], count[1], count[2]), origin, pitch)
