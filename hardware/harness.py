"""The cables as rows: from where to where, how long, which wire carries which net, and what holds it.

Nets named "sda" and "scl" are the main bus. Every cable that moves has a strain relief at both ends.
"""

from typing import NamedTuple


class Cable(NamedTuple):
    """wires: (net, colour of WireViz); ends: keys of parts.csv for the pod's side and for the far side."""

    name: str
    start: str
    end: str
    length_mm: int
    gauge: str
    wires: tuple[tuple[str, str], ...]
    start_key: str
    end_key: str
    why: str


GH = "JST GH {}"
SOLDERED = ""
CABLES = (
    Cable(
        "hinge", "pod", "hinge", 250, "28 AWG",
        (("gated_3v3", "RD"), ("gnd", "BK"), ("sda", "BU"), ("scl", "YE")),
        GH.format(4), GH.format(4), "bends at each step: a loop over the hinge, silicone insulation",
    ),
    Cable(
        "strut", "pod", "strut", 150, "28 AWG",
        (("3v3", "RD"), ("gnd", "BK"), ("sda", "BU"), ("scl", "YE")),
        GH.format(4), GH.format(4), "clipped to the strut each 40 mm",
    ),
    Cable(
        "gauges", "strut", "gauges", 60, "34 AWG",
        (("exc", "RD"), ("gnd", "BK"), ("sig_p", "GN"), ("sig_n", "WH")),
        SOLDERED, SOLDERED, "enamelled, equal lengths, a slack bow at each gauge, under the coat",
    ),
    Cable(
        "liner pressure", "pod", "liner", 300, "30 AWG",
        (("fsr_3v3", "RD"), ("fsr_1", "BN"), ("fsr_2", "OG"), ("fsr_3", "VT"), ("fsr_4", "GY")),
        GH.format(5), SOLDERED, "flat along the liner's seam, never over a bony site; crimped to the sensors' tails",
    ),
    Cable(
        "liner warmth", "pod", "liner", 300, "30 AWG",
        (("liner_3v3", "RD"), ("gnd", "BK"), ("sda", "BU"), ("scl", "YE")),
        GH.format(4), SOLDERED, "as the pressure's",
    ),
    Cable(
        "panel", "pod", "panel", 80, "28 AWG",
        (("gnd", "BK"), ("button_out", "BU"), ("led_out", "GN")),
        GH.format(3), SOLDERED, "inside the shell",
    ),
    Cable(
        "motor", "pod", "motor", 80, "30 AWG", (("3v3", "RD"), ("motor", "BU")),
        GH.format(2), SOLDERED, "the motor's own leads, glued to the shell",
    ),
    Cable(
        "dock", "pod", "dock", 60, "26 AWG", (("dock", "RD"), ("gnd", "BK")),
        GH.format(2), SOLDERED, "inside the shell",
    ),
    Cable(
        "cell", "pod", "cell", 50, "26 AWG", (("cell", "RD"), ("gnd", "BK")),
        "JST PH 2", SOLDERED, "the cell's own leads; keyed, and the pole of each lead is measured before it is plugged",
    ),
)  # fmt: skip
