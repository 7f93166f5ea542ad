"""Where everything sits, derived from the parameters, and what cannot go together. No build123d: arithmetic only.

Pod frame: x across the leg, y up, z away from it; z = 0 where lid and body part, y = 0 at the body's lower end. The
leg's axis is the line x = 0, z = -axis. Hinge frame: z the hinge axis, outward, 0 on the bar; y up the upper bar.
"""

from dataclasses import dataclass
from functools import cached_property
from math import hypot, radians, sqrt, tan

from hardware.mechanics.parameters import AIR_GAP_MM, LEVER_MM, OFF_CENTRE_MM, STOPS_DEG, Given, Impossible

GAP = 0.5  # around boards and cell
FOAM = 0.8  # between lid and what it holds down
RIB = 1.6
SCREW, SCREW_HOLE, HEAD, HEAD_HOLE, HEAD_HEIGHT = 2.5, 2.8, 4.5, 5.1, 2.5  # M2.5 ISO 4762
SCREW_LENGTHS = (6.0, 8.0, 10.0, 12.0, 16.0, 20.0)  # ISO 4762, as sold
INSERT_HOLE, INSERT, BELOW_INSERT = 3.6, 4.0, 0.5  # heat-set M2.5; as its maker says
THREAD = 3.8  # of the screw in the insert
M3, M3_HOLE, M3_INSERT_HOLE, M3_INSERT = 3.0, 3.4, 4.2, 5.0
SCREW_INSET = 5.4  # of the screws from the body's outside
COLUMN_WALL = 1.6
BOTTOM_BAY = 12.0  # where the cables come in
CHAMFER = 1.0
CORNER = 5.0
WING_LENGTH_MORE, WING_BAR = 13.0, 8.0
TAB = 20.0  # lid's tongue on the strut, below the body
RECEPTACLE = 3.3  # USB-C, high
SWITCH = 6.0  # a 6 x 6 mm switch
STEPS_DEG = (-40.0, 30.0)  # the ankle's range in `talus calibrate --long encoder`


@dataclass(frozen=True)
class Layout:
    """All derived dimensions of one build, mm."""

    p: Given

    @cached_property
    def seat(self) -> float:
        """Radius the pod's skin side is curved to."""
        return self.p.calf_radius + self.p.liner + self.p.cuff

    def sagitta(self, x: float) -> float:
        """By how much the seat falls back from its middle at x."""
        return self.seat - sqrt(self.seat**2 - x**2)

    @cached_property
    def bay(self) -> float:
        return max(self.p.cell_width, self.p.carrier_width) + 2 * GAP

    @cached_property
    def width(self) -> float:
        return self.bay + 2 * self.p.wall

    @cached_property
    def above_board(self) -> float:
        """Between XIAO and the body's floor: the tip in the receptacle is thicker than the receptacle."""
        return max(GAP, self.p.tip_height / 2 - RECEPTACLE / 2 + 0.1)

    @cached_property
    def depth(self) -> float:
        """Of the body's inside."""
        boards = self.above_board + self.p.board_height + self.p.carrier_board + self.p.carrier_parts + FOAM
        return max(boards, self.p.cell_thickness * (1 + self.p.cell_swelling) + FOAM)

    @cached_property
    def screw_x(self) -> float:
        return self.width / 2 - SCREW_INSET

    @cached_property
    def column(self) -> float:
        """Of a screw's column, from the inner wall."""
        return SCREW_INSET - self.p.wall + HEAD_HOLE / 2 + COLUMN_WALL

    @cached_property
    def pitch(self) -> float:
        """Of the cables."""
        return self.p.cable + 2.2

    @cached_property
    def lid(self) -> float:
        """Thickness of the lid at its middle."""
        for_insert = INSERT + BELOW_INSERT + self.p.least_wall + 0.1 - self.sagitta(self.screw_x - INSERT_HOLE / 2)
        for_haptic = self.p.haptic_thickness + 0.1 + self.p.least_wall + 0.1
        return max(self.p.wall, for_insert, for_haptic)

    @cached_property
    def axis(self) -> float:
        """Leg's axis behind the parting plane."""
        return self.seat + self.lid

    @cached_property
    def cell_y(self) -> tuple[float, float]:
        begin = self.p.wall + BOTTOM_BAY + RIB
        return begin, begin + self.p.cell_length + 2 * GAP

    @cached_property
    def carrier_y(self) -> tuple[float, float]:
        begin = self.cell_y[1] + RIB
        return begin, begin + self.p.carrier_length + GAP + max(GAP, self.p.usb_overhang + 0.3)

    @cached_property
    def length(self) -> float:
        return self.carrier_y[1] + self.p.wall

    @cached_property
    def board_z(self) -> tuple[float, float]:
        """XIAO, from the carrier's face outward."""
        return self.depth - self.above_board - self.p.board_height, self.depth - self.above_board

    @cached_property
    def tip_z(self) -> float:
        """Middle of the receptacle."""
        return self.board_z[1] - RECEPTACLE / 2

    @cached_property
    def screw(self) -> tuple[float, float]:
        """(length, depth of the recess its head sits in)."""
        deep = self.depth + self.p.wall
        fits = [one for one in SCREW_LENGTHS if one - THREAD <= deep - HEAD_HEIGHT - 0.2]
        return fits[-1], deep - (fits[-1] - THREAD)

    @cached_property
    def screws(self) -> tuple[tuple[float, float], ...]:
        low, high = SCREW_INSET, self.length - SCREW_INSET
        return tuple((x, y) for y in (low, high) for x in (-self.screw_x, self.screw_x))

    @cached_property
    def lane(self) -> float:
        """Middle of the strip beside the XIAO, where button and light stand."""
        return self.p.board_width / 2 + 0.2 + SWITCH / 2

    @cached_property
    def reach(self) -> float:
        """From the carrier's face to the body's outside."""
        return self.depth + self.p.wall - self.board_z[0]

    @cached_property
    def wing(self) -> tuple[float, float, float]:
        """(slot's inner edge, slot's outer edge, end) of a strap wing, from the middle."""
        inner = self.width / 2 + 1.5
        return inner, inner + self.p.strap_thickness + 1.0, inner + self.p.strap_thickness + 1.0 + WING_BAR

    @cached_property
    def wing_y(self) -> float:
        return self.length - 30.0

    @cached_property
    def strut_z(self) -> float:
        """Strut's outer face: its edges lie flush with the cuff's outside."""
        return -self.lid - self.sagitta(self.p.strut_width / 2)

    @cached_property
    def tab_width(self) -> float:
        return min(self.p.strut_width - 4.0, 20.0)

    @cached_property
    def carrier_height(self) -> float:
        """Magnet carrier above the bar; the magnet ends flush with it."""
        return self.p.hinge_head_height + 0.5 + self.p.wall + self.p.magnet_thickness

    @cached_property
    def chip_z(self) -> float:
        """Chip's face above the bar."""
        return self.carrier_height + self.p.air_gap

    @cached_property
    def mount_z(self) -> float:
        """Floor of the encoder board's pocket: the board lies against it, chip toward the magnet."""
        return self.chip_z + self.p.encoder_chip + self.p.encoder_board_thickness

    @cached_property
    def off_centre(self) -> float:
        """Magnet beside the chip when both lie as far aside as their pockets allow."""
        return self.p.magnet_play + hypot(self.p.board_play, self.p.board_play)

    @cached_property
    def jig_corners(self) -> tuple[tuple[float, float], ...]:
        """Profile of the magnet jig: corners of 90, 70, 95 and 105 deg, so that its long sides stop at every angle."""
        low, lean, top = self.p.jig_height, radians(-STOPS_DEG[1]), radians(STOPS_DEG[2])
        cap = 60.0
        far = (cap, low + cap * tan(top))
        return (0.0, 0.0), (far[0] + far[1] * tan(lean), 0.0), far, (0.0, low)


def refuse(a: Layout) -> None:
    """Raises Impossible for values that are possible one by one and not together."""
    p = a.p
    beside = SWITCH + 0.2 + 2.4  # a switch and the carrier's free edge
    pocket = p.hinge_diameter - 2 * p.least_wall - 2 * p.clearance
    across = a.jig_corners[1][0], a.jig_corners[2][1]
    rows = (
        (a.wing[2] > 0.62 * a.seat, "calf_radius", p.calf_radius, f"too round for a pod of {a.width:.1f} mm"),
        (
            p.hinge_head_diameter + 1 > pocket,
            "hinge_head_diameter",
            p.hinge_head_diameter,
            "no rim of the carrier left",
        ),
        (p.magnet_diameter > p.hinge_diameter / 2, "magnet_diameter", p.magnet_diameter, "too wide for the carrier"),
        (p.bar_width > p.hinge_diameter, "bar_width", p.bar_width, f"the hinge is {p.hinge_diameter:g} wide"),
        (p.wall < p.least_wall + 0.4, "wall", p.wall, f"least_wall {p.least_wall:g} leaves it no room"),
        (p.board_width / 2 + beside > p.carrier_width / 2, "carrier_width", p.carrier_width, "no room beside the XIAO"),
        (p.board_length >= p.carrier_length - 2, "carrier_length", p.carrier_length, "shorter than the XIAO on it"),
        (
            a.off_centre > OFF_CENTRE_MM,
            "board_play",
            p.board_play,
            f"the magnet could lie {a.off_centre:.2f} mm off centre, {OFF_CENTRE_MM} is the limit",
        ),
        (not AIR_GAP_MM[0] <= p.air_gap <= AIR_GAP_MM[1], "air_gap", p.air_gap, "outside the datasheet"),
        (p.tip_width > 2 * (a.bay / 2 - a.column - 0.4), "tip_width", p.tip_width, "meets the screw columns"),
        (p.tip_height > a.depth - 0.8, "tip_height", p.tip_height, f"the pod is {a.depth:.1f} deep inside"),
        (1.5 * a.pitch + p.cable / 2 + 0.2 > a.bay / 2 - a.column, "cable", p.cable, "three do not fit side by side"),
        (p.haptic_diameter + 0.4 > BOTTOM_BAY, "haptic_diameter", p.haptic_diameter, "wider than its bay"),
        (max(across) > p.bed, "jig_height", p.jig_height, f"a jig of {max(across):.0f} mm on a bed of {p.bed:g}"),
        (p.bed < LEVER_MM + 45, "bed", p.bed, "the lever jig is longer"),
        (
            not -0.8 <= p.switch_height - a.reach <= 1.25,
            "switch_height",
            p.switch_height,
            f"the body's outside is {a.reach:.1f} mm above the carrier",
        ),
        (p.encoder_board < p.magnet_diameter + 6, "encoder_board", p.encoder_board, "smaller than what it looks at"),
    )
    for wrong, name, value, why in rows:
        if wrong:
            raise Impossible(f"{name} {value:g}: {why}")


def lay_out(p: Given) -> Layout:
    """A layout that can be built."""
    made = Layout(p)
    refuse(made)
    return made
