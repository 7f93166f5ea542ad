"""Solids drawn as shaded pictures with dark edges, by projection onto a grid of pixels: no window, no graphics card.

The same solids give the same bytes: no clock, no font, colours in few steps.
"""

import struct
import zlib
from dataclasses import dataclass
from math import cos, radians, sin
from pathlib import Path

import numpy as np
from hardware.mechanics.mesh import Mesh, Points

FINE = 2  # pixels of the drawing across one of the picture
LIGHT = np.array([-0.45, 0.65, 0.75]) / np.linalg.norm([-0.45, 0.65, 0.75])  # in the viewer's frame
HALFWAY = (LIGHT + np.array([0, 0, 1])) / np.linalg.norm(LIGHT + np.array([0, 0, 1]))
STEP = 4  # of colours
EDGE_TURN, SMOOTH_TURN = 0.35, 0.6

Colour = tuple[int, int, int]
Scene = list[tuple[Mesh, Colour]]


@dataclass(frozen=True)
class View:
    """From where: degrees around the part's z and above its xy plane."""

    around_deg: float
    above_deg: float

    def rotation(self) -> Points:
        """Into the viewer's frame: x right, y up, z toward the viewer."""
        a, b = radians(self.around_deg), radians(self.above_deg)
        toward = np.array([cos(b) * cos(a), cos(b) * sin(a), sin(b)])
        right = np.array([-sin(a), cos(a), 0.0])
        return np.stack([right, np.cross(toward, right), toward])


def smooth(mesh: Mesh) -> Points:
    """Normals per triangle corner: the mean of the neighbours that turn little, so that a round looks round."""
    weighted = mesh.normals * mesh.areas[:, None]
    flat = mesh.triangles.reshape(-1)
    order = np.argsort(flat, kind="stable")
    starts = np.searchsorted(flat[order], np.arange(len(mesh.points) + 1))
    out = np.empty((len(mesh.triangles) * 3, 3))
    limit = cos(SMOOTH_TURN)
    for point in range(len(mesh.points)):
        corners = order[starts[point] : starts[point + 1]]
        owners = corners // 3
        near = mesh.normals[owners] @ mesh.normals[owners].T > limit
        out[corners] = near @ weighted[owners]
    length = np.maximum(np.linalg.norm(out, axis=1), 1e-12)
    return (out / length[:, None]).reshape(-1, 3, 3)


class Canvas:
    """Depth, normal and owner of every fine pixel."""

    def __init__(self, width: int, height: int) -> None:
        self.depth = np.full((height, width), -1e9)
        self.normal = np.zeros((height, width, 3))
        self.owner = np.full((height, width), -1)

    def draw(self, corners: Points, normals: Points, owner: int) -> None:
        """corners (m, 3, 3): pixel x, pixel y, depth; nearer is larger."""
        height, width = self.depth.shape
        for c, n in zip(corners, normals, strict=True):
            low = np.maximum(np.ceil(c[:, :2].min(axis=0)).astype(int), 0)
            high = np.minimum(np.floor(c[:, :2].max(axis=0)).astype(int), (width - 1, height - 1))
            (ax, ay), (bx, by) = c[1, :2] - c[0, :2], c[2, :2] - c[0, :2]
            det = ax * by - ay * bx
            if (high < low).any() or abs(det) < 1e-9:
                continue
            x = np.arange(low[0], high[0] + 1)[None, :] - c[0, 0]
            y = np.arange(low[1], high[1] + 1)[:, None] - c[0, 1]
            u, v = (x * by - y * bx) / det, (ax * y - ay * x) / det
            z = c[0, 2] + u * (c[1, 2] - c[0, 2]) + v * (c[2, 2] - c[0, 2])
            part = (slice(low[1], high[1] + 1), slice(low[0], high[0] + 1))
            seen = (u >= -1e-6) & (v >= -1e-6) & (u + v <= 1 + 1e-6) & (z > self.depth[part] + 1e-6)
            self.depth[part][seen] = z[seen]
            self.owner[part][seen] = owner
            mixed = n[0] + u[..., None] * (n[1] - n[0]) + v[..., None] * (n[2] - n[0])
            self.normal[part][seen] = mixed[seen]

    def shaded(self, colours: list[Colour], scale: float) -> Points:
        """RGB of the fine pixels; scale: fine pixels a millimetre, for what counts as a step in depth."""
        length = np.maximum(np.linalg.norm(self.normal, axis=2), 1e-9)
        normal = self.normal / length[..., None]
        lit = 0.46 + 0.10 * normal[..., 1] + 0.20 * normal[..., 2] + 0.38 * np.maximum(normal @ LIGHT, 0)
        shine = 0.16 * np.maximum(normal @ HALFWAY, 0) ** 24
        base = np.array([*colours, (255, 255, 255)], dtype=np.float64)[self.owner]
        rgb = np.minimum(base * lit[..., None] * 1.12 + 255 * shine[..., None], 255)
        rgb[self.owner < 0] = 255
        rgb[self.edges(normal, scale)] *= 0.28
        return rgb

    def edges(self, normal: Points, scale: float) -> np.ndarray[tuple[int, int], np.dtype[np.bool_]]:
        """Where owner, depth or normal jump between neighbours."""
        found = np.zeros(self.owner.shape, dtype=bool)
        for axis in (0, 1):
            ahead = (slice(1, None), slice(None)) if axis == 0 else (slice(None), slice(1, None))
            behind = (slice(None, -1), slice(None)) if axis == 0 else (slice(None), slice(None, -1))
            other = self.owner[ahead] != self.owner[behind]
            both = (self.owner[ahead] >= 0) & (self.owner[behind] >= 0)
            turn = np.einsum("ijk,ijk->ij", normal[ahead], normal[behind]) < cos(EDGE_TURN)
            slope = np.maximum(np.minimum(normal[ahead][..., 2], normal[behind][..., 2]), 0.08)
            jump = np.abs(self.depth[ahead] - self.depth[behind]) * scale > 3.0 / slope
            found[ahead] |= other | (both & (turn | jump))
        return found


def panel(scene: Scene, view: View, width: int, height: int) -> Points:
    """One view of a scene, filling the panel, as RGB floats."""
    turn = view.rotation()
    seen = [mesh.points @ turn.T for mesh, _ in scene]
    together = np.concatenate(seen)
    low, high = together.min(axis=0), together.max(axis=0)
    wide, tall = width * FINE, height * FINE
    scale = 0.90 * min(wide / (high[0] - low[0]), tall / (high[1] - low[1]))
    middle = (low + high) / 2
    canvas = Canvas(wide, tall)
    for owner, ((mesh, _), points) in enumerate(zip(scene, seen, strict=True)):
        pixels = np.empty_like(points)
        pixels[:, 0] = (points[:, 0] - middle[0]) * scale + wide / 2
        pixels[:, 1] = (middle[1] - points[:, 1]) * scale + tall / 2
        pixels[:, 2] = points[:, 2]
        facing = (mesh.normals @ turn.T)[:, 2] > 1e-6
        canvas.draw(pixels[mesh.triangles][facing], (smooth(mesh) @ turn.T)[facing], owner)
    fine = canvas.shaded([colour for _, colour in scene], scale)
    return fine.reshape(height, FINE, width, FINE, 3).mean(axis=(1, 3))


def draw(path: Path, panels: list[tuple[Scene, View]], height: int = 460, width: int = 460) -> None:
    """Panels side by side as a PNG."""
    rgb = np.concatenate([panel(scene, view, width, height) for scene, view in panels], axis=1)
    levels = np.minimum(np.round(rgb / STEP) * STEP, 255).astype(np.uint8)
    rows = b"".join(b"\0" + row.tobytes() for row in levels)
    tall, wide = levels.shape[:2]

    def piece(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", wide, tall, 8, 2, 0, 0, 0)
    body = piece(b"IHDR", head) + piece(b"IDAT", zlib.compress(rows, 9)) + piece(b"IEND", b"")
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + body)
