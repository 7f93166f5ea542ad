"""Edges toward the leg: the smallest radius with which the solid bulges there, from the curvature of its surfaces.

Where two faces meet at an edge that sticks out, the radius is 0. What lies on the strut is covered by it.
"""

from math import inf

from hardware.mechanics.kernel import Solid, Vector
from hardware.mechanics.layout import Layout
from OCP.BRepAdaptor import BRepAdaptor_Surface  # type: ignore[import-not-found]
from OCP.BRepLProp import BRepLProp_SLProps  # type: ignore[import-not-found]
from OCP.TopAbs import TopAbs_REVERSED  # type: ignore[import-not-found]

TOWARD = 0.5  # of 1: a surface whose normal points at least so much at the leg's axis
SHARP_DEG = 8.0
GRID = (0.03, 0.2, 0.35, 0.5, 0.65, 0.8, 0.97)


class Leg:
    """The leg as the solid's frame sees it: an axis along y, and the strut that covers what lies on it.

    behind: the part grips the strut, so all that the strut hides from the leg is covered, not its face alone.
    """

    def __init__(self, a: Layout, behind: bool) -> None:
        self.axis, self.half = a.axis, a.p.strut_width / 2 + a.p.clearance
        self.low = a.strut_z - (a.p.strut_thickness if behind else 0.05)
        self.high = 100.0 if behind else a.strut_z + 0.05

    def toward(self, point: Solid, normal: Solid) -> float:
        to_axis = Vector(-point.X, 0, -self.axis - point.Z).normalized()
        return float(normal.dot(to_axis))

    def covered(self, point: Solid) -> bool:
        return self.low < point.Z < self.high and abs(point.X) < self.half


def face_radius(face: Solid, leg: Leg) -> float:
    """Smallest outward-bulging radius of a face where it looks at the leg."""
    surface = BRepAdaptor_Surface(face.wrapped)
    props = BRepLProp_SLProps(surface, 2, 1e-6)
    sign = -1.0 if face.wrapped.Orientation() == TopAbs_REVERSED else 1.0
    u0, u1, v0, v1 = (
        surface.FirstUParameter(),
        surface.LastUParameter(),
        surface.FirstVParameter(),
        surface.LastVParameter(),
    )
    least = inf
    for u in GRID:
        for v in GRID:
            props.SetParameters(u0 + u * (u1 - u0), v0 + v * (v1 - v0))
            if not (props.IsNormalDefined() and props.IsCurvatureDefined()):
                continue
            at, turn = props.Value(), props.Normal()
            point = Vector(at.X(), at.Y(), at.Z())
            normal = Vector(turn.X(), turn.Y(), turn.Z()) * sign
            if leg.toward(point, normal) < TOWARD or leg.covered(point):
                continue
            for curvature in (props.MinCurvature() * sign, props.MaxCurvature() * sign):
                if curvature < -1e-9:
                    least = min(least, -1 / curvature)
    return least


def sharp_edges(solid: Solid, leg: Leg) -> int:
    """How many edges toward the leg stick out without a radius."""
    owners: dict[Solid, list[Solid]] = {}
    for face in solid.faces():
        for edge in face.edges():
            owners.setdefault(edge, []).append(face)
    found = 0
    for edge, faces in owners.items():
        if len(faces) == 2 and any(sticks_out(solid, edge, faces, leg, t) for t in (0.1, 0.3, 0.5, 0.7, 0.9)):
            found += 1
    return found


def sticks_out(solid: Solid, edge: Solid, faces: list[Solid], leg: Leg, t: float) -> bool:
    point = edge.position_at(t)
    one, two = (face.normal_at(point) for face in faces)
    if leg.covered(point) or max(leg.toward(point, one), leg.toward(point, two)) < TOWARD:
        return False
    if one.get_angle(two) < SHARP_DEG:
        return False
    beside = (one - two).normalized() * 0.02
    return not solid.is_inside(point + beside)


def least_radius(solid: Solid, leg: Leg) -> tuple[float, int]:
    """(smallest radius, number of sharp edges) on the side toward the leg."""
    return min(face_radius(face, leg) for face in solid.faces()), sharp_edges(solid, leg)
