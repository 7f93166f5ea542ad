"""The hand around the strut that clip and cable guide share: slid on, two lips toward the leg, their edges rounded."""

from hardware.mechanics.kernel import Axis, Plane, Polygon, Solid, extrude, fillet
from hardware.mechanics.layout import Layout

LIP = 6.0  # under the strut, each side


def grip(a: Layout, inside: float, outside: float, length: float) -> Solid:
    """Hollow from the strut's inner face to z = inside, solid from there to z = outside; y from 0 to length."""
    p = a.p
    hollow = p.strut_width / 2 + p.clearance
    wide = hollow + p.wall + 1.0
    back = a.strut_z - p.strut_thickness - p.clearance
    skin = back - 2 * p.skin_fillet + 0.5
    mouth = hollow - LIP
    corners = [(-wide, skin), (-mouth, skin), (-mouth, back), (-hollow, back), (-hollow, inside)]
    profile = [*corners, *[(-x, z) for x, z in reversed(corners)], (wide, outside), (-wide, outside)]
    made = extrude(Plane.XZ * Polygon(*profile, align=None), -length)
    upright = made.edges().filter_by(Axis.Z)
    rims = [edge for edge in upright if min(abs(abs(edge.center().X) - x) for x in (wide, mouth)) < 0.01]
    made = fillet(rims, p.skin_fillet)
    faces = made.faces().filter_by(lambda face: abs(face.center().Z - skin) < 0.01)
    made = fillet([edge for face in faces for edge in face.edges()], p.skin_fillet)
    top = made.edges().filter_by(Axis.Y).filter_by(lambda edge: abs(edge.center().Z - outside) < 0.01)
    return fillet(top, 1.5)
