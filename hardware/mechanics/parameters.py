"""Every dimension the mechanics are made of, as rows: what it is by itself, how far it may go, and why.

A leg, a strut and a cell differ from person to person: give what you measured, the rest follows. Refuses a name that
is no row, a value outside its row, and (in layout.py) what does not go together; the line names parameter and value.
Nothing here needs build123d.
"""

from collections.abc import Mapping

LEVER_MM = 150.0  # hook of the lever jig from the hinge axis: the weights of `talus calibrate` are worth 0.150 m
STOPS_DEG = (0.0, -20.0, 15.0)  # of the magnet jig, as ankle angles: foot square to the shank, toes down, toes up
AIR_GAP_MM = (0.5, 3.0)  # chip to magnet: AS5600's datasheet
OFF_CENTRE_MM = 0.25  # magnet beside the chip's middle: AS5600's datasheet
SKIN_RADIUS_MM = 2.0  # least radius of an edge that can meet skin

Row = tuple[str, float, str, float, float, str]
# (name, default, unit, least, most, why)
ROWS: tuple[Row, ...] = (
    ("calf_radius", 57.0, "mm", 44.0, 78.0, "calf at its widest: circumference / 6.28; 35.5 +- 2.1 cm in young men"),
    ("liner", 3.0, "mm", 2.0, 8.0, "soft layer between skin and cuff: no print lies on skin"),
    ("cuff", 3.0, "mm", 0.0, 6.0, "shell the pod is strapped to; 0 where it sits on the liner"),
    ("strut_width", 30.0, "mm", 18.0, 45.0, "posterior strut, flat bar"),
    ("strut_thickness", 4.0, "mm", 2.0, 8.0, "posterior strut, flat bar"),
    ("bar_width", 16.0, "mm", 12.0, 24.0, "side bars of the hinge"),
    ("bar_thickness", 4.0, "mm", 2.5, 6.0, "side bars of the hinge"),
    ("hinge_diameter", 22.0, "mm", 18.0, 34.0, "joint's round, and of the magnet carrier on it"),
    ("hinge_head_diameter", 10.0, "mm", 6.0, 14.0, "pivot screw's head, under the carrier"),
    ("hinge_head_height", 3.0, "mm", 0.0, 5.0, "pivot screw's head above the bar"),
    ("magnet_diameter", 6.0, "mm", 4.0, 8.0, "diametric; 6 x 2.5 is what the AS5600's datasheet names"),
    ("magnet_thickness", 2.5, "mm", 2.0, 4.0, "as above"),
    ("magnet_play", 0.05, "mm", 0.0, 0.1, "radial, filled with epoxy: with board_play at most 0.25 mm off centre"),
    ("air_gap", 1.5, "mm", AIR_GAP_MM[0], AIR_GAP_MM[1], "chip to magnet; the middle leaves room for both errors"),
    ("encoder_board", 23.0, "mm", 16.0, 32.0, "AS5600 breakout, square, chip in its middle: no drawing found, measure"),
    ("encoder_board_thickness", 1.6, "mm", 0.8, 2.0, "bare board"),
    ("encoder_chip", 1.75, "mm", 1.0, 2.0, "SOIC-8 above the board, at most"),
    ("board_play", 0.12, "mm", 0.05, 0.2, "of the breakout in its pocket, each side"),
    ("board_length", 21.0, "mm", 20.0, 24.0, "XIAO without its receptacle's overhang"),
    ("board_width", 17.8, "mm", 17.0, 20.0, "XIAO"),
    ("board_height", 4.5, "mm", 4.0, 8.0, "XIAO soldered flat on the carrier, with its USB-C"),
    ("usb_overhang", 1.5, "mm", 0.0, 2.5, "receptacle beyond the board's edge: measure"),
    ("tip_width", 13.0, "mm", 9.5, 16.0, "opening for a magnetic USB-C tip: measure the tip bought"),
    ("tip_height", 7.5, "mm", 4.0, 8.5, "as above"),
    ("carrier_length", 30.0, "mm", 26.0, 45.0, "carrier board with the chips, along the leg"),
    ("carrier_width", 35.0, "mm", 33.0, 46.0, "as above, across"),
    ("carrier_board", 1.6, "mm", 1.0, 2.0, "bare carrier"),
    ("carrier_parts", 1.8, "mm", 1.0, 3.0, "tallest part on either face, but for XIAO, button and light"),
    ("cell_length", 50.0, "mm", 25.0, 62.0, "LiPo cell, along the leg, with its protection"),
    ("cell_width", 34.0, "mm", 18.0, 44.0, "LiPo cell, across"),
    ("cell_thickness", 6.0, "mm", 3.0, 10.0, "LiPo cell, new"),
    ("cell_swelling", 0.1, "of 1", 0.08, 0.2, "a cell thickens as it ages: one tenth is room enough for a sound one"),
    ("haptic_diameter", 10.0, "mm", 8.0, 12.0, "coin motor, in the lid: felt through cuff and liner"),
    ("haptic_thickness", 3.0, "mm", 2.0, 4.0, "coin motor"),
    ("button_hole", 4.2, "mm", 3.0, 7.0, "for the stem of a 6 x 6 mm switch on the carrier"),
    ("switch_height", 9.5, "mm", 4.0, 13.0, "that switch with its stem, from the carrier: it has to reach the outside"),
    ("light_hole", 3.2, "mm", 2.0, 5.0, "for a 3 mm light on the carrier"),
    ("cable", 3.5, "mm", 2.0, 5.0, "each of three cables: hinge, strut gauges, liner"),
    ("cable_squeeze", 0.4, "mm", 0.2, 0.8, "what the lid presses a cable together by"),
    ("strap_width", 25.0, "mm", 20.0, 30.0, "hook and loop, through the lid's wings"),
    ("strap_thickness", 3.0, "mm", 2.0, 4.0, "doubled"),
    ("wall", 2.4, "mm", 1.6, 4.0, "six lines of a 0.4 mm nozzle"),
    ("least_wall", 1.2, "mm", 0.8, 1.6, "nothing is thinner: three lines"),
    ("skin_fillet", 2.8, "mm", 2.5, 3.0, "edges that can meet skin; where two meet, what is left is smaller: checked"),
    ("clearance", 0.2, "mm", 0.1, 0.4, "the printer's: each side of what has to slide"),
    ("jig_height", 170.0, "mm", 120.0, 190.0, "of the stops the strut lies on"),
    ("jig_thickness", 32.0, "mm", 20.0, 50.0, "across"),
    ("lever_thickness", 8.0, "mm", 6.0, 12.0, "each of the lever jig's two bars"),
    ("plate_depth", 75.0, "mm", 45.0, 95.0, "foot plate below the hinge axis"),
    ("bridge_span", 20.0, "mm", 5.0, 30.0, "flat span a printer draws over air"),
    ("bed", 220.0, "mm", 150.0, 400.0, "printer's bed, square"),
)
NAMES = tuple(row[0] for row in ROWS)

# What a person of that size needs otherwise; cells by their code (thickness, width, length): 503035, 603450, 103450.
SIZES: dict[str, dict[str, float]] = {
    "small": {
        **{"calf_radius": 50.0, "strut_width": 25.0, "strut_thickness": 3.0, "hinge_diameter": 20.0, "bar_width": 14.0},
        **{"cell_length": 35.0, "cell_width": 30.0, "cell_thickness": 5.0, "plate_depth": 65.0},
    },
    "medium": {},
    "large": {
        **{"calf_radius": 64.0, "strut_width": 35.0, "strut_thickness": 5.0, "hinge_diameter": 25.0, "bar_width": 18.0},
        **{"cell_thickness": 10.0, "plate_depth": 85.0},
    },
}
CELL_MAH = {"small": 500, "medium": 1000, "large": 2000}  # what such a cell usually holds; ask its maker


class Impossible(ValueError):
    """A dimension nothing can be built with; says which, and what it was."""


class Given:
    """One value for every row, by name. Raises Impossible naming the first that is no row or out of its range."""

    def __init__(self, changes: Mapping[str, float] | None = None) -> None:
        self.values = {row[0]: row[1] for row in ROWS}
        for name, value in (changes or {}).items():
            if name not in self.values:
                raise Impossible(f"{name} {value:g}: is no parameter")
            self.values[name] = float(value)
        for name, _, unit, least, most, _ in ROWS:
            value = self.values[name]
            if not least <= value <= most:  # also refuses what is not a number
                raise Impossible(f"{name} {value:g} {unit}: {least:g} to {most:g} is possible")

    def __getattr__(self, name: str) -> float:
        try:
            return float(self.__dict__["values"][name])
        except KeyError:
            raise AttributeError(name) from None


def size(name: str, changes: Mapping[str, float] | None = None) -> Given:
    """A named size, with changes of one's own on top."""
    if name not in SIZES:
        raise Impossible(f"size {name}: there is {', '.join(SIZES)}")
    return Given({**SIZES[name], **(changes or {})})
