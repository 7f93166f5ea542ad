"""Every check of one size as rows, and the table of all sizes. A row that does not hold stops the build."""

from dataclasses import dataclass
from itertools import pairwise

from hardware.mechanics import assembly, check_fit, check_measure, check_print, check_skin, check_walls, mesh
from hardware.mechanics.assembly import Solids
from hardware.mechanics.layout import Layout
from hardware.mechanics.lever_jig import HEIGHT
from hardware.mechanics.parameters import AIR_GAP_MM, LEVER_MM, OFF_CENTRE_MM, SKIN_RADIUS_MM, STOPS_DEG
from hardware.mechanics.parts import PARTS, Part

ROUNDING = 0.03  # mm: triangles cut a round by so much
HANGING = 0.0002  # of the surface: a few points at the rims of holes
BIG_MM3 = 50000.0
CORNER_DEG = 95.0  # what the magnet jig's fourth corner has to be when the three others are stops


@dataclass(frozen=True)
class Row:
    """One result: what was looked at, what was found, what it has to be, and whether it is."""

    part: str
    what: str
    found: str
    limit: str
    holds: bool


def of_part(part: Part, a: Layout, made: Solids) -> list[Row]:
    """Walls, printing, weight and skin side of one printed part."""
    solid, name = made[part.name], part.name
    shape = mesh.of(solid, mesh.COARSE)
    wall, at = check_walls.least(shape, 1.5 if shape.volume > BIG_MM3 else check_walls.APART_MM)
    where = ", ".join(f"{value:.0f}" for value in at)
    thin = f"{wall:.2f} at {where}" if wall < check_walls.THICK_MM else f"over {check_walls.THICK_MM:g}"
    print_ = check_print.look(
        mesh.of(solid), part.down, a.p.bridge_span, 0.5 if shape.volume > BIG_MM3 else 0.25, a.p.least_wall
    )
    fits = sorted(print_.size_mm)[-1] <= a.p.bed and max(print_.size_mm[:2]) <= a.p.bed
    rows = [
        Row(name, "one sound solid", "yes" if solid.is_valid else "no", "yes", bool(solid.is_valid)),
        Row(name, "least wall, mm", thin, f">= {a.p.least_wall:g}", wall >= a.p.least_wall - ROUNDING),
        Row(name, "looks down, flatter than 45 deg, % of surface", f"{print_.down_share:.1%}"[:-1], "", True),
        Row(name, "hangs in the air, %", f"{print_.hanging_share:.2%}"[:-1], "0", print_.hanging_share <= HANGING),
        Row(name, "longest bridge, mm", f"{print_.bridge_mm:.1f}", f"<= {a.p.bridge_span:g}", True),
        Row(name, "on the bed, mm", " x ".join(f"{s:.0f}" for s in print_.size_mm), f"<= {a.p.bed:g}", fits),
        Row(name, "mass, g", f"{check_print.grams(print_, part.density, part.infill):.1f}", "", True),
    ]
    if part.to_leg:
        radius, sharp = check_skin.least_radius(solid, check_skin.Leg(a, part.name != "pod_lid"))
        holds = radius >= SKIN_RADIUS_MM - 1e-6 and sharp == 0
        limit = f">= {SKIN_RADIUS_MM:g}, 0 sharp"
        rows.append(Row(name, "least radius toward the leg, mm", f"{radius:.2f}, {sharp} sharp", limit, holds))
    return rows


def of_fit(a: Layout, made: Solids) -> list[Row]:
    """What goes together, and how it gets there."""
    placed = assembly.pod(a, made)
    rows = []
    for name, (volume, which) in (
        ("pod on strut and cuff", check_fit.shared(placed)),
        ("pod, each thing on its way in", check_fit.on_the_way(a, placed)),
        ("hinge, turned from -40 to 30 deg", check_fit.turning(a, made)),
    ):
        found = f"{volume:.2f} {which}" if volume > check_fit.TOUCH_MM3 else "0.00"
        rows.append(Row(name, "shared volume, mm3", found, "0", volume <= check_fit.TOUCH_MM3))
    proud = check_fit.stem(a, mesh.of(made["pod_body"]))
    rows.append(Row("pod", "button above the outside, mm", f"{proud:.2f}", "-0.8 to 1.25", -0.8 <= proud <= 1.25))
    thread, room = check_fit.screws(a, mesh.of(made["pod_body"]), mesh.of(made["pod_lid"]))
    screw = f"M2.5 x {a.screw[0]:g}"
    rows.append(Row("pod", f"{screw}: thread in the insert, mm", f"{thread:.2f}", ">= 3.75 (1.5 d)", thread >= 3.75))
    rows.append(Row("pod", f"{screw}: room below its tip, mm", f"{room:.2f}", ">= 0.3", room >= 0.3))
    return rows


def of_measures(a: Layout, made: Solids) -> list[Row]:
    """Jigs and hinge."""
    jig, lever = mesh.of(made["magnet_jig"]), mesh.of(made["lever_jig"])
    carrier, mount = mesh.of(made["magnet_carrier"]), mesh.of(made["encoder_mount"])
    wanted = sorted([*(90 + stop for stop in STOPS_DEG), CORNER_DEG])
    found = check_measure.stops(jig)
    off = max(abs(one - two) for one, two in zip(found, wanted, strict=True)) if len(found) == 4 else 180.0
    angles = ", ".join(f"{angle:.3f}" for angle in found)
    along, across = check_measure.lever(lever)
    gap, aside = check_measure.air_gap(a, carrier, mount), check_measure.off_centre(a, carrier, mount)
    stands = check_measure.stands(jig)
    stress = check_measure.lever_stress(HEIGHT, a.p.lever_thickness, LEVER_MM)
    low, high = AIR_GAP_MM
    asked = ", ".join(f"{angle:g}" for angle in wanted)
    return [
        Row("magnet_jig", "corners, deg", angles, f"{asked} +- 0.1", off <= 0.1),
        Row("magnet_jig", "middle of mass inside its base, mm", f"{stands:.1f}", ">= 5", stands >= 5),
        Row("lever_jig", "ring to hook, mm", f"{along:.3f}", f"{LEVER_MM:g} +- 0.1", abs(along - LEVER_MM) <= 0.1),
        Row("lever_jig", "hook above the ring, mm", f"{abs(across):.3f}", "0 +- 0.1", abs(across) <= 0.1),
        Row("lever_jig", "stress, 4 kg on one bar, MPa", f"{stress:.1f}", "<= 10 (PETG: 40)", stress <= 10),
        Row("hinge", "air gap, mm", f"{gap:.2f}", f"{low:g} to {high:g}", low <= gap <= high),
        Row("hinge", "magnet off centre at worst, mm", f"{aside:.2f}", f"<= {OFF_CENTRE_MM:g}", aside <= OFF_CENTRE_MM),
    ]


def of_size(a: Layout, made: Solids) -> list[Row]:
    rows = [row for part in PARTS for row in of_part(part, a, made)]
    return rows + of_fit(a, made) + of_measures(a, made)


def failed(rows: list[Row]) -> list[str]:
    return [f"{row.part}: {row.what} is {row.found}, has to be {row.limit}" for row in rows if not row.holds]


def table(sizes: dict[str, list[Row]]) -> str:
    """All sizes side by side, as Markdown."""
    head = [
        "# Checks of the mechanics",
        "",
        "Computed from the shapes by `hardware/mechanics/build.py`; nothing has been printed or measured.",
        "What each check does stands at the head of its file.",
        "",
        f"| part | check | {' | '.join(sizes)} | has to be |",
        f"|---|---|{'---|' * len(sizes)}---|",
    ]
    keys: dict[tuple[str, str], dict[str, Row]] = {}
    for size, rows in sizes.items():
        for row in rows:
            keys.setdefault((row.part, row.what), {})[size] = row
    lines = []
    for (part, what), found in keys.items():
        cells = [
            found[size].found + ("" if found[size].holds else " **fails**") if size in found else "" for size in sizes
        ]
        limit = next(iter(found.values())).limit
        lines.append(f"| {part} | {what} | {' | '.join(cells)} | {limit} |")
    assert all(one != two for one, two in pairwise(lines))
    return "\n".join([*head, *lines, ""])
