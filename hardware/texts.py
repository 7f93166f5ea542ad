"""Every page and table made of the rows alone: file names and their text, nothing read and nothing drawn.

`make hardware` writes them into hardware/made/, and `make test` compares what lies there with what the rows give.
"""

import csv
import io
from collections.abc import Iterable

from hardware import bridge, power_page, wiring
from hardware.checks_electric import RISE, bus_pf, pull, rail_currents
from hardware.circuit import ADDRESSES, ALL, PLACES
from hardware.design import NAMES, SIGNALS, Design, PartRow, places, quantities, resolve, signal_net
from hardware.limits import I2C_MODES, OFFSET_MV_V, RAILS, STRUTS
from talus import board as firmware

MADE = "Made by `make hardware` from the rows in `hardware/`; change those. Nothing here has been built or measured.\n"
NOT_FOUND = "not found"
BOM_COLUMNS = ("quantity", "name", "what", "maker", "number", "low_eur", "high_eur", "year", "alternates", "where")


def table(head: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    """A Markdown table."""
    lines = ["| " + " | ".join(head) + " |"]
    lines.append("|" + "---|" * (lines[0].count("|") - 1))
    lines += ["| " + " | ".join(str(cell).replace("|", "/") for cell in row) + " |" for row in rows]
    return "\n".join(lines) + "\n"


def bom_rows(design: Design, parts: dict[str, PartRow]) -> list[tuple[str, ...]]:
    """One row of purchase each: BOM_COLUMNS."""
    where = places(design)
    found: list[tuple[str, ...]] = []
    for key, count in sorted(quantities(design).items(), key=lambda item: list(parts).index(item[0])):
        part = parts[key]
        prices = (part.low_eur, part.high_eur, part.year)
        found.append(
            (str(count), key, part.what, part.maker, part.number, *prices, part.alternates, ", ".join(where[key]))
        )
    return found


def total(rows: list[tuple[str, ...]]) -> tuple[float, float, int]:
    """(least, most, rows without a price) of a bill."""
    priced = [(int(row[0]), float(row[5]), float(row[6])) for row in rows if row[5] != NOT_FOUND]
    return (
        sum(count * low for count, low, _ in priced),
        sum(count * high for count, _, high in priced),
        len(rows) - len(priced),
    )


def bom_csv(rows: list[tuple[str, ...]]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([BOM_COLUMNS, *rows])
    return out.getvalue()


def bom_page(design: Design, rows: list[tuple[str, ...]]) -> str:
    """The bill as a page, with its total."""
    low, high, without = total(rows)
    bill = [
        (
            *(row[0], row[1], row[2], row[3], row[4]),
            NOT_FOUND if row[5] == NOT_FOUND else f"{row[5]} to {row[6]} ({row[7]})",
            *(row[8], row[9]),
        )
        for row in rows
    ]
    head = ("pieces", "name", "what", "maker", "maker's number", "EUR each", "instead", "where")
    return (
        f"# Bill of material: {design.facts.key}\n\n{MADE}\n"
        f"Together {low:.0f} to {high:.0f} EUR, without {without} rows whose price was not found, and without circuit "
        "boards, wire, solder and shipping. Prices are estimates of what one piece costs at a distributor, without "
        "tax, in the year beside them; none is an offer.\n\n" + table(head, bill)
    )


def address_page(designs: list[Design]) -> str:
    """Who answers where on which bus, and how fast its lines rise."""
    lines = [f"# I2C addresses\n\n{MADE}"]
    for bus, hertz, made_by in firmware.BUSES:
        longest = next(row[1] for row in I2C_MODES if row[0] >= hertz)
        lines.append(f"\n## {bus}: {hertz // 1000} kHz, made by {made_by}\n")
        rows = []
        for name, chip, on, address, often in sorted(firmware.PARTS, key=lambda row: row[3]):
            if on == bus:
                choices = [(pin, net) for key, pin, net, at in ADDRESSES if key == chip and at == address]
                wired = f"{choices[0][0]} on {choices[0][1]}" if choices[0][0] else "fixed"
                rows.append((f"0x{address:02X}", name, chip, wired, often))
        lines.append(table(("address", "part", "chip", "chosen by", "asked"), rows))
        design = designs[0]
        for line in (f"{bus}_sda", f"{bus}_scl"):
            two = pull(design, line)
            assert two is not None
            pf = bus_pf(design, line)
            rise = RISE * two.value * pf / 1000
            lines.append(
                f"- {line}: {two.value:g} ohm to {two.a}, {pf:.0f} pF, rises in {rise:.0f} ns of {longest:g} allowed"
            )
        pins = [(d.name, d.gpios[f"{bus}_sda"], d.gpios[f"{bus}_scl"]) for d in designs]
        lines.append("\n" + table(("board", "SDA GPIO", "SCL GPIO"), pins))
    return "\n".join(lines)


def parts_page(parts: dict[str, PartRow]) -> str:
    """Why each part, against what else there is."""
    rows = [(p.name, p.number, p.why, p.alternates, p.source) for p in parts.values() if p.why]
    head = ("part", "maker's number", "why", "instead", "from")
    return f"# Why these parts\n\n{MADE}\n" + table(head, rows)


def cable_page(designs: list[Design], parts: dict[str, PartRow]) -> str:
    """Where things sit, which cable joins them, and which wire is what."""
    rows = []
    for cable in designs[0].cables:
        ends = [parts[key].number if key else "soldered" for key in (cable.start_key, cable.end_key)]
        wires = ", ".join(f"{i} {colour} {net}" for i, (net, colour) in enumerate(cable.wires, 1))
        far = f"{cable.end}: {ends[1]}"
        near = f"{cable.start}: {ends[0]}"
        rows.append((cable.name, near, far, f"{cable.length_mm} mm, {cable.gauge}", wires, cable.why))
    rails = []
    for rail in RAILS:
        drawn = [rail_currents(design)[rail.net] for design in designs]
        mean, peak = max(m for m, _ in drawn), max(p for _, p in drawn)
        if rail.most_v:
            given = f"{rail.limit_ma:g} / {rail.peak_ma:g}"
            volts = f"{rail.least_v:g} to {rail.most_v:g}"
            rails.append((rail.net, volts, f"{mean:.1f} / {peak:.1f}", given, rail.why))
    return (
        f"# Places, cables, rails\n\n{MADE}\n"
        + table(("place", "what it is"), PLACES)
        + "\nA wire: its number in the connector, colour (IEC 60757), net. Each end that moves has a strain relief.\n\n"
        + table(("cable", "near end", "far end", "length", "wires", "how"), rows)
        + "\nRails, mA while active, mean and peak, the worst of the four boards; and what drives them gives.\n\n"
        + table(("rail", "V", "drawn", "given", "by"), rails)
    )


def circuit_page(designs: list[Design]) -> str:
    """Every pin and its net, every resistor and capacitor: what is soldered where, to be read without a tool."""
    pads = []
    for signal in SIGNALS:
        cells = []
        for design in designs:
            pad = next(pin.name for pin in design.pins if pin.ref == "board" and pin.net == signal_net(signal))
            cells.append(f"{pad} (GPIO {design.gpios[signal]})")
        pads.append((signal_net(signal), *cells))
    chips, twos = {}, {}
    for design in designs:
        for chip in design.chips:
            wired = "; ".join(f"{number} {name} {net}" for number, name, _, net in chip.pins)
            chips[chip.ref] = (chip.ref, chip.key, chip.place, wired, told_boards(chip.boards))
        for two in design.twos:
            polarity = "anode to cathode" if two.kind in ("D", "Z") else ""
            twos[two.ref] = (
                two.ref,
                two.key,
                f"{two.a} - {two.b}",
                polarity,
                two.place,
                two.why,
                told_boards(two.boards),
            )
    return (
        f"# Every pin and its net\n\n{MADE}\n"
        "`-` is left open. The same as `netlist_<board>.net`, to be read by people.\n\n## Pads\n\n"
        + table(("net", *(design.facts.key for design in designs)), pads)
        + "\n## Chips, cell and contacts\n\n"
        + table(("part", "what", "where", "pin, its name, its net", "only on"), chips.values())
        + "\n## Two pins\n\n"
        + table(("part", "what", "between", "", "where", "why", "only on"), twos.values())
    )


def told_boards(boards: tuple[str, ...]) -> str:
    return "" if boards == ALL else ", ".join("Pico W" if name == "pico" else name for name in boards)


def bridge_page() -> str:
    """What a strut gives the converter."""
    rows = [
        (
            f"{strut.name}{' (meant)' if strut.meant else ''}",
            f"{strut.width_mm:g} x {strut.thick_mm:g} mm, {strut.gpa:g} GPa",
            f"{1e6 * bridge.strain_per_nm(strut):.0f}",
            f"{bridge.mv_v_per_nm(strut):.3f}",
            f"{bridge.counts_per_100_mnm(strut):.0f}",
            f"{bridge.most_nm(strut):.1f}",
        )
        for strut in STRUTS
    ]
    head = ("strut", "section", "ustrain per N.m", "mV/V per N.m", "counts per 0.1 N.m", "most N.m")
    millivolts, gain = bridge.register()
    return (
        f"# The bridge on a strut\n\n{MADE}\n"
        f"Excitation {millivolts / 1000:g} V, gain {gain}: the converter takes {bridge.range_mv_v():.2f} mV/V each "
        f"way, of which {OFFSET_MV_V:g} is kept for the unloaded bridge. Most N.m: where range or gauges (1500 "
        "ustrain) end. "
        "Where a strut bends too much, glue the gauges where it is thicker, or lower the gain in "
        "`firmware/talus/sensors/nau7802.py`. Plain polypropylene is no place for gauges: it bends and creeps.\n\n"
        + table(head, rows)
    )


def all_texts(parts: dict[str, PartRow]) -> dict[str, str]:
    """File name in hardware/made/ -> text, for every board and for all together."""
    designs = [resolve(name) for name in NAMES]
    found = {
        "circuit.md": circuit_page(designs),
        "i2c.md": address_page(designs),
        "parts.md": parts_page(parts),
        "cables.md": cable_page(designs, parts),
        "bridge.md": bridge_page(),
        "power.md": power_page.page(),
        "power.svg": power_page.plot(),
    }
    for design in designs:
        rows = bom_rows(design, parts)
        found[f"bom_{design.name}.csv"] = bom_csv(rows)
        found[f"bom_{design.name}.md"] = bom_page(design, rows)
        found[f"wiring_{design.name}.yml"] = wiring.as_yaml(wiring.harness(design, parts))
    return found
