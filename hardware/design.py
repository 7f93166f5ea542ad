"""The circuit of one board: the rows of circuit, boards and harness joined by name with talus.board's.

resolve() names every net; what cannot be joined is said with its row, never guessed.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from hardware import circuit, harness
from hardware.boards import BoardFacts, facts
from hardware.circuit import Chip, Two
from hardware.harness import Cable
from talus import board as firmware

HERE = Path(__file__).parent
NAMES = tuple(str(row[0]) for row in firmware.BOARD_ROWS)
# talus.board.Board's attributes that are pins, and the net each makes: "vbus" is a rail, what the pin sees is a share.
SIGNALS = ("main_sda", "main_scl", "slow_sda", "slow_scl", "button", "led", "haptic", "vbus", "imu_int", "gate")
KINDS = {
    "main_sda": "open drain",
    "main_scl": "open drain",
    "slow_sda": "open drain",
    "slow_scl": "open drain",
    "button": "in",
    "led": "out",
    "haptic": "out",
    "vbus": "in",
    "imu_int": "in",
    "gate": "out",
}


class Pin(NamedTuple):
    """One pin of one part on one net; net "-" is not wired."""

    ref: str
    key: str
    number: str
    name: str
    kind: str
    net: str
    place: str


class PartRow(NamedTuple):
    """A row of parts.csv."""

    name: str
    what: str
    maker: str
    number: str
    low_eur: str
    high_eur: str
    year: str
    alternates: str
    why: str
    source: str


@dataclass
class Design:
    """All of one board's circuit. chips: with pins named by net; twos; pins: of everything, the bought board too."""

    name: str
    facts: BoardFacts
    chip: str
    gpios: dict[str, int]
    chips: list[Chip] = field(default_factory=list)
    twos: list[Two] = field(default_factory=list)
    pins: list[Pin] = field(default_factory=list)
    loose: list[tuple[str, str, int, str]] = field(default_factory=list)
    cables: list[Cable] = field(default_factory=list)
    findings: list[str] = field(default_factory=list)

    def nets(self) -> dict[str, list[Pin]]:
        """Every wired net and its pins, by name."""
        found: dict[str, list[Pin]] = {}
        for pin in self.pins:
            if pin.net != "-":
                found.setdefault(pin.net, []).append(pin)
        return dict(sorted(found.items()))


def signal_net(signal: str) -> str:
    """The net a pin of talus.board lies on."""
    return "vbus_sense" if signal == "vbus" else signal


def bus_net(net: str, ref: str) -> str:
    """The net itself; for "sda" and "scl" that of the bus talus.board has the part on."""
    if net not in ("sda", "scl"):
        return net
    bus = firmware.part(ref)[1] if ref in firmware.PART_NAMES else firmware.MAIN
    return f"{bus}_{net}"


def part_address(ref: str) -> str:
    """ "The address of a part of talus.board, nothing of another."""
    return f" 0x{firmware.part(ref)[2]:02X}" if ref in firmware.PART_NAMES else ""


def fitted(rows: tuple[str, ...], board: BoardFacts) -> bool:
    return board.kind in rows or board.name in rows


def board_pins(design: Design) -> Iterator[Pin]:
    """The bought board's pads on the nets talus.board and circuit.MORE_PADS give them."""
    by_gpio: dict[int, str] = {}
    for signal, gpio in design.gpios.items():
        if gpio in by_gpio:
            design.findings.append(f"{design.name}: GPIO {gpio} is used twice, as {by_gpio[gpio]} and as {signal}")
        by_gpio[gpio] = signal
    more = {pad: net for name, pad, net in circuit.MORE_PADS if name == design.name}
    led = {pad.gpio for pad in design.facts.pads}
    for signal, gpio in design.gpios.items():
        if gpio not in led:
            design.findings.append(f"{design.name}: {signal} is on GPIO {gpio}, which no pad of the board is led to")
    for pad in design.facts.pads:
        kind, net = pad.kind, pad.net
        if pad.gpio is not None:
            signal = by_gpio.get(pad.gpio, "")
            if signal and pad.name in more:
                design.findings.append(f"{design.name}: pad {pad.name} is used twice, as {signal} and {more[pad.name]}")
            kind = KINDS[signal] if signal else "in" if pad.name in more else "none"
            net = signal_net(signal) if signal else more.get(pad.name, "-")
        yield Pin("board", design.facts.key, pad.name, pad.name, kind, net, "pod")


def resolve(name: str) -> Design:
    """The circuit of a board of talus.board. Raises ValueError where talus.board or boards.py has no such row."""
    row = firmware.Board(name)
    design = Design(name, facts(name), row.chip, {signal: getattr(row, signal) for signal in SIGNALS})
    for chip in circuit.CHIPS:
        if fitted(chip.boards, design.facts):
            wired = tuple((number, pin, kind, bus_net(net, chip.ref)) for number, pin, kind, net in chip.pins)
            design.chips.append(chip._replace(pins=wired))
    design.twos = [two for two in circuit.TWOS if fitted(two.boards, design.facts)]
    design.loose = [row[:4] for row in circuit.LOOSE if fitted(row[4], design.facts)]
    design.cables = [
        cable._replace(wires=tuple((bus_net(net, ""), colour) for net, colour in cable.wires))
        for cable in harness.CABLES
    ]
    join(design)
    return design


def join(design: Design) -> None:
    """Every pin of chips, two-pinned parts and the bought board."""
    design.pins = list(board_pins(design))
    for chip in design.chips:
        design.pins += [Pin(chip.ref, chip.key, *pin, chip.place) for pin in chip.pins]
    for two in design.twos:
        names = ("A", "K") if two.kind == "D" else ("1", "2")
        design.pins += [
            Pin(two.ref, two.key, number, number, "passive", net, two.place)
            for number, net in zip(names, (two.a, two.b), strict=True)
        ]


def parts(path: Path = HERE / "parts.csv") -> dict[str, PartRow]:
    """Purchasing rows by name. Raises ValueError naming a row that is there twice or has a column too many."""
    found: dict[str, PartRow] = {}
    with path.open(newline="", encoding="utf-8") as file:
        for line, row in enumerate(csv.reader(file), 1):
            if line == 1:
                continue
            if len(row) != len(PartRow._fields):
                raise ValueError(f"{path.name} line {line}: {len(row)} columns, {len(PartRow._fields)} are needed")
            part = PartRow(*row)
            if part.name in found:
                raise ValueError(f"{path.name} line {line}: {part.name!r} is there twice")
            found[part.name] = part
    return found


def quantities(design: Design) -> dict[str, int]:
    """How many of each purchasing row one brace with this board needs, the cables' ends among them."""
    keys = [design.facts.key, *(chip.key for chip in design.chips), *(two.key for two in design.twos)]
    for cable in design.cables:
        keys += [end for end in (cable.start_key, cable.end_key) if end]
    found: dict[str, int] = {}
    for key in keys:
        found[key] = found.get(key, 0) + 1
    for _, key, count, _ in design.loose:
        found[key] = found.get(key, 0) + count
    return found


def places(design: Design) -> dict[str, list[str]]:
    """Where the parts of each purchasing row sit."""
    rows = [(design.facts.key, "pod"), *((c.key, c.place) for c in design.chips)]
    rows += [(t.key, t.place) for t in design.twos] + [(key, place) for _, key, _, place in design.loose]
    for cable in design.cables:
        rows += [(key, place) for key, place in ((cable.start_key, cable.start), (cable.end_key, cable.end)) if key]
    found: dict[str, list[str]] = {}
    for key, place in rows:
        if place not in found.setdefault(key, []):
            found[key].append(place)
    return found
