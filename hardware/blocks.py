"""The circuit at a glance, as graphviz input: what sits where, what it is fed with, and which signals join it.

Nets that a resistor, fuse or FET joins are one signal here; rails are written into the boxes, ground is left out.
"""

from hardware.circuit import PLACES
from hardware.design import Design, part_address
from hardware.electric import SUPPLY_FETS, edges
from hardware.limits import RAILS

BUS = "#dce9f5"
PARTS = "#f7f7f7"
LEFT_OUT = ("USBLC6-4",)
HIDDEN = ("reverse", "share")  # supply FETs: part of the line
LOOSE_KINDS = ("S", "M")
GATHERED = {"FSR 402": "4 FSR 402", "gauge 1k": "4 gauges, full bridge"}
RAIL_NETS = tuple(row.net for row in RAILS)
SIGNAL_RAILS = ("gate",)
EVERYWHERE = ("gnd", "3v3")  # rails whose lines would cross everything: they are written in the boxes


def signals(design: Design) -> dict[str, str]:
    """Net -> the signal it is part of, named by its shortest net."""
    group = {net: {net} for net in design.nets()}
    for a, b, _ in edges(design):
        if {a, b} & set(RAIL_NETS):
            continue
        if "R" in {two.kind for two in design.twos if {two.a, two.b} == {a, b} and two.key in GATHERED}:
            continue
        joined = group[a] | group[b]
        for net in joined:
            group[net] = joined
    return {net: min(nets, key=lambda name: (len(name), name)) for net, nets in group.items()}


def named(ref: str, key: str) -> str:
    return ref if ref == key else f"{ref}\\n{key}"


def boxes(design: Design) -> dict[str, tuple[str, str, set[str]]]:
    """Box -> (place, what is written in it, nets it touches)."""
    found = {"board": ("pod", f"{design.facts.key}\\n{design.chip}, {design.name}", set[str]())}
    for chip in design.chips:
        if chip.key not in LEFT_OUT and chip.ref not in HIDDEN:
            fed = sorted({net for _, _, kind, net in chip.pins if kind == "power in"})
            told = f"\\nfed by {', '.join(fed)}" if fed else ""
            found[chip.ref] = (chip.place, f"{named(chip.ref, chip.key)}{part_address(chip.ref)}{told}", set())
    for two in design.twos:
        if two.key in GATHERED:
            found.setdefault(two.key, (two.place, GATHERED[two.key], set()))[2].update((two.a, two.b))
        elif two.kind in LOOSE_KINDS or two.key == "LED":
            found[two.ref] = (two.place, named(two.ref, two.key), {two.a, two.b})
    for pin in design.pins:
        if pin.ref in found and pin.kind not in ("ground", "none"):
            found[pin.ref][2].add(pin.net)
    return found


def lines_between(design: Design) -> list[tuple[str, str, str]]:
    """(box, box, signals): from the board where it takes part, else from the first box in order."""
    signal = signals(design)
    touching: dict[str, list[str]] = {}
    for name, (_, _, nets) in boxes(design).items():
        for net in sorted(nets):
            if (net not in RAIL_NETS or net in SIGNAL_RAILS) and name not in touching.setdefault(signal[net], []):
                touching[signal[net]].append(name)
    found: dict[tuple[str, str], list[str]] = {}
    for what, names in touching.items():
        first = "board" if "board" in names else names[0]
        for other in names:
            if other != first:
                found.setdefault((first, other), []).append(what)
    return [(a, b, ", ".join(sorted(what))) for (a, b), what in sorted(found.items())]


def leads_to(design: Design, net: str) -> set[str]:
    """The rails a supply reaches through fuses, supply FETs, diodes and what joins two rails, itself among them."""
    found = {net}
    ways = [(two.a, two.b) for two in design.twos if two.kind in ("F", "D") or {two.a, two.b} <= set(RAIL_NETS)]
    for chip in design.chips:
        if chip.key in SUPPLY_FETS:
            ends = {name: net for _, name, _, net in chip.pins}
            ways.append((ends["D"], ends["S"]))
    for _ in ways:
        found |= {b for a, b in ways if a in found}
    return found & set(RAIL_NETS)


def supplies(design: Design) -> list[tuple[str, str, str]]:
    """(box that gives, box that takes, rail) for the rails that are not everywhere."""
    found = set()
    told = boxes(design)
    for chip in design.chips:
        for _, _, kind, net in chip.pins:
            for rail in leads_to(design, net) if kind == "power out" else ():
                takers = [name for name, (_, _, nets) in told.items() if rail in nets and name != chip.ref]
                found |= {(chip.ref, name, rail) for name in takers if rail not in EVERYWHERE}
    return sorted(found)


def shorter(what: str) -> str:
    return what.replace("main_scl, main_sda", "main bus").replace("slow_scl, slow_sda", "slow bus")


def dot(design: Design) -> str:
    """Boxes by place, joined by signals."""
    lines = [
        "graph circuit {",
        '  graph [rankdir=LR, labeljust=l, fontname="DejaVu Sans", fontsize=12, nodesep=0.18, ranksep=1.1];',
        '  node [shape=box, style="filled,rounded", fontname="DejaVu Sans", fontsize=10, margin="0.12,0.06"];',
        '  edge [fontname="DejaVu Sans", fontsize=9, color="#555555"];',
    ]
    told = dict(PLACES)
    found = boxes(design)
    for place in told:
        inside = [(name, text) for name, (where, text, _) in found.items() if where == place]
        if inside:
            lines.append(f'  subgraph "cluster_{place}" {{ label="{place}"; style=rounded; color="#999999";')
            for name, text in inside:
                lines.append(f'    "{name}" [label="{text}", fillcolor="{BUS if name == "board" else PARTS}"];')
            lines.append("  }")
    lines += [f'  "{a}" -- "{b}" [label="{shorter(what)}"];' for a, b, what in lines_between(design)]
    red = 'color="#b03030", fontcolor="#b03030", style=dashed'
    lines += [f'  "{a}" -- "{b}" [label="{rail}", {red}];' for a, b, rail in supplies(design)]
    return "\n".join([*lines, "}", ""])
