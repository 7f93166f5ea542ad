"""Does every part bear what the circuit does to it? Volts, ohms and milliamperes out of the rows of hardware/limits.py.

Same promise as checks: rows in, findings out, each naming its row.
"""

from hardware import energy
from hardware.boards import GPIO
from hardware.checks import Check
from hardware.circuit import Two
from hardware.design import Design, PartRow
from hardware.electric import levels
from hardware.limits import (
    ADS_COUNT_V,
    ANALOG_ABOVE_V,
    BEARS,
    BOARD_PF,
    CABLE_PF_PER_M,
    DIODE_V,
    FSR_STEP_PA,
    FSR_TOP,
    FSR_US_PER_KPA,
    I2C_MODES,
    LED_MA,
    MOTOR_MA,
    PRESSURE_KPA,
    RAILS,
    Bears,
)
from talus import board as firmware

RISE = 0.8473  # 30 to 70 % of an RC's rise, in time constants (UM10204)
LOW_V = 0.4


def bears(key: str) -> Bears | None:
    return next((row for row in BEARS if row.key == key), None)


def rail_volts(most: bool) -> dict[str, float]:
    """Every rail at its most or its least."""
    return {row.net: row.most_v if most else row.least_v for row in RAILS}


def supplies_fit(design: Design, _parts: dict[str, PartRow]) -> list[str]:
    """Each chip's supply is one it works at."""
    rails = {row.net: row for row in RAILS}
    found = []
    for pin in design.pins:
        if pin.kind not in ("power in", "power out") or pin.ref == "board":
            continue
        rail, row = rails.get(pin.net), bears(pin.key)
        if rail is None:
            found.append(f"{pin.ref} {pin.key}.{pin.name}: net {pin.net} is no row of limits.RAILS")
        elif pin.kind == "power in" and row is None:
            found.append(f"{pin.ref} {pin.key}: no row in limits.BEARS")
        elif (
            pin.kind == "power in"
            and row
            and not row.supply_least_v <= rail.least_v <= rail.most_v <= row.supply_most_v
        ):
            found.append(
                f"{pin.ref} {pin.key}.{pin.name}: {rail.net} has {rail.least_v:g} to {rail.most_v:g} V, "
                f"it bears {row.supply_least_v:g} to {row.supply_most_v:g}"
            )
    return found


def pins_bear_their_level(design: Design, _parts: dict[str, PartRow]) -> list[str]:
    """No pin sees more than its datasheet allows, with every rail at its most and every output high."""
    rails = rail_volts(True)
    high = {pin.net: rails["3v3"] for pin in design.pins if pin.kind == "out" and pin.net not in ("vbg", "prog")}
    volts = levels(design, {**high, **rails})
    found = []
    for chip in design.chips:
        row = bears(chip.key)
        if row is None:
            continue
        fed = max((volts.get(net, 0.0) for _, _, kind, net in chip.pins if kind == "power in"), default=0.0)
        for _, name, kind, net in chip.pins:
            most = row.pin_most_v + (fed if row.above else 0.0)
            if kind == "analog":
                most = fed + ANALOG_ABOVE_V
            if kind not in ("power in", "power out") and volts.get(net, 0.0) > most + 1e-6:
                found.append(f"{chip.ref} {chip.key}.{name}: {net} at {volts[net]:.2f} V, it bears {most:.2f}")
    return found


def board_pins_bear_and_see(design: Design, _parts: dict[str, PartRow]) -> list[str]:
    """A GPIO bears its net at the rails' most, and reads VBUS as high at its least."""
    above, share, *_ = next(row[1:] for row in GPIO if row[0] == design.chip)
    least, most = rail_volts(False), rail_volts(True)
    volts = levels(design, most)
    found = []
    for pin in design.pins:
        if pin.ref == "board" and pin.kind in ("in", "out", "open drain"):
            bearable = least["3v3"] + above
            if volts.get(pin.net, 0.0) > bearable:
                found.append(f"{design.name} {pin.name}: {pin.net} at {volts[pin.net]:.2f} V, it bears {bearable:.2f}")
    seen = levels(design, {**most, "vbus": least["vbus"]}).get("vbus_sense", 0.0)
    if seen < share * most["3v3"]:
        found.append(
            f"{design.name} vbus_sense: {seen:.2f} V at {least['vbus']:g} V of VBUS, "
            f"high is from {share * most['3v3']:.2f}"
        )
    return found


def diodes_leave_enough(design: Design, _parts: dict[str, PartRow]) -> list[str]:
    """What lies behind a diode expects no more than the diode leaves."""
    rails = {row.net: row for row in RAILS}
    behind_fuse = {two.b: two.a for two in design.twos if two.kind == "F"}
    found = []
    for two in design.twos:
        giver, taker = rails.get(behind_fuse.get(two.a, two.a)), rails.get(two.b)
        if two.kind == "D" and giver and taker and giver.least_v - DIODE_V < taker.least_v - 1e-9:
            left = giver.least_v - DIODE_V
            found.append(f"{two.ref}: {left:g} V of {giver.net} behind it, {taker.net} expects {taker.least_v:g}")
    return found


def bus_pf(design: Design, net: str) -> float:
    """Capacitance of a line: pins, board, cables."""
    total = float(BOARD_PF)
    for pin in design.nets().get(net, []):
        row = bears(pin.key)
        total += row.pin_pf if row else 0.0
    return total + sum(
        CABLE_PF_PER_M * cable.length_mm / 1000 for cable in design.cables if net in (wire[0] for wire in cable.wires)
    )


def pull(design: Design, net: str) -> Two | None:
    """The resistor from a line to a rail."""
    rails = {row.net for row in RAILS if row.most_v > 0}
    return next((two for two in design.twos if two.kind == "R" and two.b == net and two.a in rails), None)


def pull_ups_are_right(design: Design, _parts: dict[str, PartRow]) -> list[str]:
    """Lines rise in the time their speed allows, and no chip sinks more than it must be able to."""
    found = []
    for bus, hertz, _made in firmware.BUSES:
        _, longest_ns, sink_ma = next(row for row in I2C_MODES if row[0] >= hertz)
        for line in (f"{bus}_sda", f"{bus}_scl"):
            two = pull(design, line)
            if two is None:
                found.append(f"net {line}: no pull-up")
                continue
            pf = bus_pf(design, line)
            rise_ns = RISE * two.value * pf / 1000
            if rise_ns > longest_ns:
                found.append(
                    f"{two.ref} {two.value:g} ohm: {line} rises in {rise_ns:.0f} ns at {pf:.0f} pF, "
                    f"{hertz} Hz allow {longest_ns:g}"
                )
            asked_ma = 1000 * (rail_volts(True)[two.a] - LOW_V) / two.value
            if asked_ma > sink_ma:
                found.append(
                    f"{two.ref} {two.value:g} ohm: {asked_ma:.1f} mA to sink on {line}, {sink_ma:g} are promised"
                )
    return found


def energy_ma(design: Design, key: str) -> float:
    """What energy.py has a chip draw while active, or the bought board with its radio on."""
    if key == design.facts.key:
        return next((row[2] + row[3] for row in energy.BOARDS if row[0] == design.name), 60.0)
    return sum(float(row[4]) for row in energy.PARTS if key in row[0])


def rail_currents(design: Design) -> dict[str, tuple[float, float]]:
    """Mean and peak mA of each rail while active, what hangs on another counted in it too."""
    rails = {row.net: [0.0, 0.0] for row in RAILS}

    def load(net: str, mean: float, peak: float) -> None:
        while net:
            rails[net][0] += mean
            rails[net][1] += peak
            net = next(row.fed_by for row in RAILS if row.net == net)

    load("3v3", energy_ma(design, design.facts.key), design.facts.peak_ma)
    for chip in design.chips:
        nets = [net for _, _, kind, net in chip.pins if kind == "power in" and net in rails]
        if nets and energy_ma(design, chip.key):
            load(nets[0], energy_ma(design, chip.key), energy_ma(design, chip.key))
    load("fsr_3v3", energy_ma(design, "FSR"), 4 * rail_volts(True)["fsr_3v3"] / 10)
    load("exc", firmware.BRIDGE_MV / firmware.BRIDGE_OHM, firmware.BRIDGE_MV / firmware.BRIDGE_OHM)
    for two in design.twos:
        if two.a == "gate" and two.kind == "R":
            low_ma = 1000 * rail_volts(True)["gate"] / two.value
            load("gate", low_ma, low_ma)
    load("3v3", LED_MA, LED_MA + MOTOR_MA[1])
    if design.facts.kind == "pico":
        rails["vsys"] = rails["3v3"]
    for net in ("vbus", "dock"):
        rails[net] = [rails["3v3"][0] + design.facts.charge_ma, rails["3v3"][1] + design.facts.charge_ma]
    return {net: (mean, peak) for net, (mean, peak) in rails.items()}


def rails_are_not_overloaded(design: Design, _parts: dict[str, PartRow]) -> list[str]:
    """Each rail's driver gives what hangs on it, for long and for an instant."""
    currents = rail_currents(design)
    found = []
    for row in RAILS:
        mean, peak = currents[row.net]
        for drawn, given, what in ((mean, row.limit_ma, "for long"), (peak, row.peak_ma, "at once")):
            if row.most_v and drawn > given:
                found.append(f"{design.name} rail {row.net}: {drawn:.0f} mA {what}, {given:g} are given ({row.why})")
    return found


def dividers_span(design: Design, _parts: dict[str, PartRow]) -> list[str]:
    """A pressure channel tells from the least worry to a heel's peak, and reaches no rail."""
    found = []
    supply = 3.3
    for two in (two for two in design.twos if two.key == "FSR 402"):
        low = next(
            (other.value for other in design.twos if other.a == two.b and other.b == "gnd" and other.kind == "R"), 0
        )
        if not low:
            found.append(f"{two.ref}: no resistor to ground on {two.b}")
            continue
        volts = [divider_v(supply, low, kpa) for kpa in PRESSURE_KPA]
        if volts[1] > FSR_TOP * supply:
            found.append(
                f"{two.ref} over {low:g} ohm: {volts[1]:.2f} V at {PRESSURE_KPA[1]:g} kPa is taken for a short"
            )
        for kpa in PRESSURE_KPA:
            step_pa = 1000 * ADS_COUNT_V / ((divider_v(supply, low, kpa + 0.01) - divider_v(supply, low, kpa)) / 0.01)
            if step_pa > FSR_STEP_PA:
                found.append(f"{two.ref} over {low:g} ohm: one count is {step_pa:.0f} Pa at {kpa:g} kPa")
    return found


def divider_v(supply: float, low_ohm: float, kpa: float) -> float:
    """What a converter sees of an FSR under a pressure."""
    ratio = low_ohm * FSR_US_PER_KPA * 1e-6 * kpa
    return supply * ratio / (1 + ratio)


ELECTRIC: tuple[Check, ...] = (
    supplies_fit,
    pins_bear_their_level,
    board_pins_bear_and_see,
    diodes_leave_enough,
    pull_ups_are_right,
    rails_are_not_overloaded,
    dividers_span,
)
