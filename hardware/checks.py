"""Is the circuit one circuit? Rows in, findings out, each naming the row it is about; none means nothing was found.

Wiring is judged here: names, pins, nets, addresses, straps, cables. Volts, ohms and milliamperes are judged in
checks_electric.
"""

from collections.abc import Callable

from hardware import circuit
from hardware.boards import BEARS_TALK, STRAPS, TALKS, WAKE, WAKE_SIGNALS
from hardware.design import NAMES, Design, PartRow, places, quantities, resolve, signal_net
from hardware.electric import edges, levels, reached
from talus import board as firmware

DRIVES = ("out", "power out")
LISTENS = ("in", "power in", "analog", "open drain")
KINDS = ("power in", "power out", "ground", "in", "out", "open drain", "analog", "passive", "none")
PLACES = tuple(place for place, _ in circuit.PLACES)
PULLED_INSIDE = (("ESP32-C6", 9), ("ESP32-C3", 9), ("ESP32-S3", 0), ("ESP32-S3", 45), ("ESP32-S3", 46))


def rows_are_there(design: Design, parts: dict[str, PartRow]) -> list[str]:
    """Every part of talus.board is placed, every placed part can be bought, every reference is there once."""
    chips = {chip.ref: chip.key for chip in design.chips}
    found = [
        f"talus.board {name} {chip}: circuit.CHIPS has {chips.get(name, 'no such row')}"
        for name, chip, *_ in firmware.PARTS
        if chips.get(name) != chip
    ]
    found += [
        f"{design.name}: {key}: unknown part, no row in parts.csv" for key in quantities(design) if key not in parts
    ]
    refs = [chip.ref for chip in design.chips] + [two.ref for two in design.twos]
    found += [f"{ref}: two rows have this reference" for ref in sorted({r for r in refs if refs.count(r) > 1})]
    for key, where in places(design).items():
        found += [f"{key}: place {place!r} is no row of circuit.PLACES" for place in where if place not in PLACES]
    return found


def pins_are_whole(design: Design, _parts: dict[str, PartRow]) -> list[str]:
    """No pin twice, no kind unknown, none wired that is to stay free and none free that is to be wired."""
    found = []
    seen: dict[tuple[str, str], str] = {}
    for pin in design.pins:
        where = f"{pin.ref} {pin.key} pin {pin.number}"
        if pin.ref != "board" and (pin.ref, pin.number) in seen:
            found.append(f"{where} is used twice, on {seen[pin.ref, pin.number]} and on {pin.net}")
        seen[pin.ref, pin.number] = pin.net
        if pin.kind not in KINDS:
            found.append(f"{where}: kind {pin.kind!r} is unknown")
        if (pin.kind == "none") != (pin.net == "-"):
            found.append(f"{where} {pin.name}: kind {pin.kind!r} on net {pin.net!r}")
    return found


def nets_are_driven(design: Design, _parts: dict[str, PartRow]) -> list[str]:
    """Who listens hears somebody: an output, a supply, or a resistor to one. Two outputs never share a net."""
    nets = design.nets()
    driven = reached(design, {net for net, pins in nets.items() if any(pin.kind in DRIVES for pin in pins)}) | {"gnd"}
    held_low = {net for a, b, _ in edges(design) for net, other in ((a, b), (b, a)) if other == "gnd"}
    found = []
    for net, pins in nets.items():
        who = ", ".join(f"{pin.ref}.{pin.name}" for pin in pins[:4])
        if len(pins) == 1:
            found.append(f"net {net}: only {who} is on it")
        heard = [pin.kind for pin in pins if pin.kind in LISTENS]
        if net not in driven and heard and (net not in held_low or {"power in", "open drain"} & set(heard)):
            lacks = "pull-up" if any(pin.kind == "open drain" for pin in pins) else "driver"
            found.append(f"net {net}: no {lacks} ({who})")
        drivers = [f"{pin.ref}.{pin.name}" for pin in pins if pin.kind in DRIVES]
        if len(drivers) > 1:
            found.append(f"net {net}: {' and '.join(drivers)} drive it")
    return found


def addresses_are_single(design: Design, _parts: dict[str, PartRow]) -> list[str]:
    """One address, one chip on each bus; each chip wired for the address talus.board asks it at."""
    found = []
    taken: dict[tuple[str, int], str] = {}
    for name, chip, bus, address, _how_often in firmware.PARTS:
        if (bus, address) in taken:
            found.append(f"talus.board {name}: 0x{address:02X} on {bus} is {taken[bus, address]}'s")
        taken[bus, address] = name
        wired = wired_address(design, name, chip)
        if wired != address:
            told = "no address" if wired is None else f"0x{wired:02X}"
            found.append(f"{name} {chip}: wired for {told}, talus.board asks at 0x{address:02X}")
    return found


def wired_address(design: Design, ref: str, key: str) -> int | None:
    """The address a chip has by where its pin of address lies."""
    nets = {pin.name: pin.net for pin in design.pins if pin.ref == ref}
    for chip, pin, net, address in circuit.ADDRESSES:
        if chip == key and (not pin or nets.get(pin) == net):
            return address
    return None


def straps_are_kept(design: Design, _parts: dict[str, PartRow]) -> list[str]:
    """At reset no pin is an output: what hangs on a strap must then lie where a start needs it."""
    rails = {
        "3v3": 3.3,
        "vbus": 0.0,
        "bat": 3.7,
        "cell": 3.7,
        "liner_3v3": 3.3,
        "gated_3v3": 0.0,
        "fsr_3v3": 0.0,
        "exc": 0.0,
    }
    volts = levels(design, rails)
    at = {pin.name: pin.net for pin in design.pins if pin.ref == "board"}
    found = []
    for chip, gpio, wanted, why in STRAPS:
        pad = next((pad for pad in design.facts.pads if pad.gpio == gpio), None)
        if chip != design.chip or pad is None or wanted == "any":
            continue
        level = volts.get(at[pad.name])
        if level is None:
            if (chip, gpio) not in PULLED_INSIDE:
                found.append(f"{design.name} {pad.name}: strap GPIO {gpio} floats and must be {wanted}: {why}")
        elif (level > 2.4) != (wanted == "high"):
            found.append(f"{design.name} {pad.name}: strap GPIO {gpio} is at {level:.1f} V, must be {wanted}: {why}")
    return found


def pins_suit_their_work(design: Design, _parts: dict[str, PartRow]) -> list[str]:
    """The UART's output moves a light only; button and VBUS are where they end deep sleep."""
    found = []
    for chip, gpio in TALKS:
        for signal, used in design.gpios.items():
            if chip == design.chip and used == gpio and signal not in BEARS_TALK:
                found.append(f"{design.name}: {signal} is on GPIO {gpio}, on which the chip speaks at each reset")
    for chip, first, last in WAKE:
        for signal, used in design.gpios.items():
            if chip == design.chip and signal_net(signal) in WAKE_SIGNALS and not first <= used <= last:
                found.append(f"{design.name}: {signal} is on GPIO {used}, which ends no deep sleep")
    return found


def cables_carry_every_net(design: Design, _parts: dict[str, PartRow]) -> list[str]:
    """A net in two places has a wire between them, and every wire somewhere to go."""
    found = []
    for net, pins in design.nets().items():
        where = {pin.place for pin in pins}
        joined = {"pod" if "pod" in where else min(where)}
        ways = [(c.start, c.end) for c in design.cables if net in (wire[0] for wire in c.wires)]
        for _ in ways:
            joined |= {b for a, b in ways if a in joined} | {a for a, b in ways if b in joined}
        found += [f"net {net}: no cable leads it to {place}" for place in sorted(where - joined)]
    nets = design.nets()
    for cable in design.cables:
        for net, _colour in cable.wires:
            at = {pin.place for pin in nets.get(net, [])}
            if not {cable.start, cable.end} <= at:
                lost = sorted({cable.start, cable.end} - at)
                found.append(f"cable {cable.name}, wire {net}: nothing to meet at {' and '.join(lost)}")
        colours = [colour for _, colour in cable.wires]
        if len(set(colours)) < len(colours):
            found.append(f"cable {cable.name}: two wires have one colour")
        ways_in = cable.start_key.rsplit(" ", 1)[-1]
        if ways_in.isdigit() and int(ways_in) != len(cable.wires):
            found.append(f"cable {cable.name}: {len(cable.wires)} wires in {cable.start_key}")
    return found


Check = Callable[[Design, dict[str, PartRow]], list[str]]
WIRING: tuple[Check, ...] = (
    rows_are_there,
    pins_are_whole,
    nets_are_driven,
    addresses_are_single,
    straps_are_kept,
    pins_suit_their_work,
    cables_carry_every_net,
)


def judge(design: Design, parts: dict[str, PartRow], checks: tuple[Check, ...]) -> list[str]:
    """Every finding about one board's circuit, those of the joining first."""
    found = list(design.findings)
    for check in checks:
        found += check(design, parts)
    return found


def unused(parts: dict[str, PartRow]) -> list[str]:
    """Purchasing rows no board needs."""
    needed = {key for name in NAMES for key in quantities(resolve(name))}
    return [f"parts.csv {name}: no board needs it" for name in parts if name not in needed]
