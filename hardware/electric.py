"""Voltages of a circuit at rest and what joins its nets: a resistor network solved, nothing more.

A diode is taken not to conduct, a key to be open, a FET of supply and a fuse to be a wire.
"""

from hardware.design import Design

WIRE_OHM = 0.1
MOTOR_OHM = 50.0
SUPPLY_FETS = ("DMG2305UX",)
SWEEPS = 400  # the longest chain has five resistors; this settles it to microvolts


def edges(design: Design) -> list[tuple[str, str, float]]:
    """Everything direct current passes: (net, net, ohm)."""
    found = [(two.a, two.b, two.value) for two in design.twos if two.kind == "R"]
    found += [(two.a, two.b, WIRE_OHM) for two in design.twos if two.kind == "F"]
    found += [(two.a, two.b, MOTOR_OHM) for two in design.twos if two.kind == "M"]
    for chip in design.chips:
        if chip.key in SUPPLY_FETS:
            ends = {name: net for _, name, _, net in chip.pins}
            found.append((ends["S"], ends["D"], WIRE_OHM))
    return found


def reached(design: Design, begin: set[str]) -> set[str]:
    """The nets direct current reaches from these; it goes through ground only where it begins there."""
    found = set(begin)
    joins = edges(design)
    shut = set() if "gnd" in begin else {"gnd"}
    while True:
        more = {b for a, b, _ in joins if a in found - shut} | {a for a, b, _ in joins if b in found - shut}
        if more <= found:
            return found
        found |= more


def levels(design: Design, fixed: dict[str, float]) -> dict[str, float]:
    """Volts of every net that is fixed or hangs on a fixed one; others float and are not in it."""
    fixed = {"gnd": 0.0, **fixed}
    joins = edges(design)
    beside: dict[str, list[tuple[str, float]]] = {}
    for a, b, ohm in joins:
        beside.setdefault(a, []).append((b, 1 / ohm))
        beside.setdefault(b, []).append((a, 1 / ohm))
    live = reached(design, set(fixed))
    volts = {net: fixed.get(net, 0.0) for net in sorted(live)}
    for _ in range(SWEEPS):
        for net in volts:
            if net not in fixed:
                near = beside[net]
                volts[net] = sum(volts[other] * siemens for other, siemens in near) / sum(s for _, s in near)
    return volts
