"""The one door to build123d, which carries no types here, and the few shapes every part is made of. Millimetres."""

from typing import Any

from build123d import (  # type: ignore[import-not-found]
    Axis,
    Box,
    Cylinder,
    GeomType,
    Location,
    Plane,
    Polygon,
    Pos,
    RectangleRounded,
    Rot,
    SlotOverall,
    Vector,
    chamfer,
    export_step,
    export_stl,
    extrude,
    fillet,
    offset,
)

__all__ = [
    "Axis",
    "Box",
    "Cylinder",
    "GeomType",
    "Location",
    "Plane",
    "Polygon",
    "Pos",
    "RectangleRounded",
    "Rot",
    "SlotOverall",
    "Solid",
    "Vector",
    "block",
    "chamfer",
    "common",
    "export_step",
    "export_stl",
    "extrude",
    "fillet",
    "offset",
    "one",
    "rod",
]
Solid = Any


def block(x: tuple[float, float], y: tuple[float, float], z: tuple[float, float]) -> Solid:
    """Box between limits."""
    size = [high - low for low, high in (x, y, z)]
    middle = [(low + high) / 2 for low, high in (x, y, z)]
    return Pos(*middle) * Box(*size)


def rod(diameter: float, x: float, y: float, z: tuple[float, float]) -> Solid:
    """Cylinder along z between limits."""
    return Pos(x, y, (z[0] + z[1]) / 2) * Cylinder(diameter / 2, z[1] - z[0])


def one(shape: Solid) -> Solid:
    """The shape's only solid. Raises ValueError where a part fell into pieces."""
    solids = shape.solids()
    if len(solids) != 1:
        raise ValueError(f"{len(solids)} pieces instead of one solid")
    return solids[0]


def common(a: Solid, b: Solid) -> float:
    """Volume two solids share, mm3."""
    one, two = a.bounding_box(), b.bounding_box()
    if any(getattr(one.min, k) > getattr(two.max, k) or getattr(two.min, k) > getattr(one.max, k) for k in "XYZ"):
        return 0.0
    shared = a & b
    if shared is None:
        return 0.0
    solids = shared.solids()
    return float(sum(solid.volume for solid in solids))
