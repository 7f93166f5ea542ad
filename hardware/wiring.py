"""The harness and the bought board's pads as WireViz input, and drawn from it as SVG and PDF.

The input needs nothing but the rows (and is compared in `make test`); drawing needs WireViz and graphviz.
"""

import re
import subprocess
from pathlib import Path
from typing import Any

from hardware.circuit import FOUR, PLACES
from hardware.design import Design, PartRow

MM_PER_M = 1000
COLOURS = {"vbus": "RD", "3v3": "RD", "bat": "RD", "vsys": "RD", "gnd": "BK"}
SIGNAL_COLOURS = ("BU", "YE", "GN", "OG", "VT", "GY", "BN", "WH", "TQ", "PK", "LB", "OL", "CR")


def connector(what: str, labels: list[str], notes: str = "") -> dict[str, Any]:
    found: dict[str, Any] = {"type": what, "pinlabels": labels}
    if notes:
        found["notes"] = notes
    return found


def far_labels(design: Design, place: str, nets: list[str]) -> list[str]:
    """What each wire meets at its far end: there the parts most of whose pins this cable feeds."""
    there = [pin for pin in design.pins if pin.place == place and pin.net in nets]
    share = {ref: len({pin.net for pin in there if pin.ref == ref}) for ref in {pin.ref for pin in there}}
    labels = []
    for net in nets:
        at = [pin for pin in there if pin.net == net]
        at = [pin for pin in at if share[pin.ref] == max(share[other.ref] for other in at)]
        at.sort(key=lambda pin: pin.kind not in ("power in", "power out", "ground", "open drain"))
        if at[0].kind != "passive":
            told = f"{at[0].ref} {at[0].name}"
        else:
            refs = [pin.ref if pin.name.isdigit() else f"{pin.ref} {pin.name}" for pin in at]
            told = f"{refs[0]} to {refs[-1][-1]}" if len(refs) == len(FOUR) else ", ".join(refs)
        labels.append(f"{net}: {told}")
    return labels


def harness(design: Design, parts: dict[str, PartRow]) -> dict[str, Any]:
    """Every cable with both its ends, and the board's pads with the net each is led to on the carrier board."""
    told = dict(PLACES)
    connectors: dict[str, Any] = {}
    cables: dict[str, Any] = {}
    connections = []
    for cable in design.cables:
        nets = [net for net, _ in cable.wires]
        start, end = f"{cable.name} A", f"{cable.name} B"
        ends = [parts[key].number if key else "soldered" for key in (cable.start_key, cable.end_key)]
        connectors[start] = connector(f"{cable.start}: {ends[0]}", nets)
        notes = "" if any(row.get("notes") == told[cable.end] for row in connectors.values()) else told[cable.end]
        connectors[end] = connector(f"{cable.end}: {ends[1]}", far_labels(design, cable.end, nets), notes)
        cables[cable.name] = {
            "wirecount": len(nets),
            "length": cable.length_mm / MM_PER_M,
            "gauge": cable.gauge,
            "colors": [colour for _, colour in cable.wires],
            "wirelabels": nets,
            "notes": cable.why,
        }
        span = f"1-{len(nets)}"
        connections.append([{start: [span]}, {cable.name: [span]}, {end: [span]}])
    pads(design, connectors, cables, connections)
    title = f"Talus, {design.facts.key}: harness and pads (generated; nothing has been built)"
    return {
        "metadata": {"title": title},
        "options": {"color_mode": "SHORT", "fontname": "DejaVu Sans", "mini_bom_mode": True},
        "connectors": connectors,
        "cables": cables,
        "connections": connections,
    }


def pads(design: Design, connectors: dict[str, Any], cables: dict[str, Any], connections: list[Any]) -> None:
    """The board's wired pads and the nets of the carrier board they are soldered to."""
    used = [pin for pin in design.pins if pin.ref == "board" and pin.net != "-"]
    gpios = {pad.name: pad.gpio for pad in design.facts.pads}
    labels = [pin.name if gpios[pin.name] is None else f"{pin.name} (GPIO {gpios[pin.name]})" for pin in used]
    nets = [pin.net for pin in used]
    connectors[design.facts.key] = connector("bought board, its pads", labels)
    connectors["carrier"] = connector("carrier board, its nets", nets)
    signals = iter(SIGNAL_COLOURS)
    colours = [COLOURS.get(net) or next(signals) for net in nets]
    cables["pads"] = {
        "wirecount": len(nets),
        "colors": colours,
        "wirelabels": nets,
        "category": "bundle",
        "notes": "soldered, or headers; colours for a first build with wires",
    }
    connections.append(
        [{design.facts.key: [f"1-{len(nets)}"]}, {"pads": [f"1-{len(nets)}"]}, {"carrier": [f"1-{len(nets)}"]}]
    )


def quoted(value: Any) -> str:
    return str(value) if isinstance(value, bool | int | float) else '"' + str(value).replace('"', "'") + '"'


def as_yaml(value: Any, depth: int = 0) -> str:
    """Plain YAML of dicts, lists and scalars; small enough to need no library."""
    pad = "  " * depth
    if isinstance(value, dict):
        lines = []
        for key, inner in value.items():
            if isinstance(inner, dict) or (isinstance(inner, list) and any(isinstance(i, dict | list) for i in inner)):
                lines.append(f"{pad}{quoted(key)}:\n{as_yaml(inner, depth + 1)}")
            elif isinstance(inner, list):
                lines.append(f"{pad}{quoted(key)}: [{', '.join(quoted(i) for i in inner)}]\n")
            else:
                lines.append(f"{pad}{quoted(key)}: {quoted(inner)}\n")
        return "".join(lines)
    lines = []
    for inner in value:
        if isinstance(inner, list):
            lines.append(f"{pad}-\n{as_yaml(inner, depth + 1)}")
        else:
            ((key, span),) = inner.items()
            lines.append(f"{pad}- {quoted(key)}: [{', '.join(span)}]\n")
    return "".join(lines)


def undated(kind: str, drawn: bytes) -> bytes:
    """Without what says when and by which version it was drawn: the same rows give the same bytes."""
    if kind == "svg":
        return re.sub(rb"<!-- Generated by.*?-->\n?", b"", drawn, flags=re.DOTALL)
    return re.sub(rb"/CreationDate \(D:\d{14}", b"/CreationDate (D:19700101000000", drawn)


def drawn(source: str, kind: str) -> bytes:
    """What graphviz makes of it. Raises ValueError with what it says against it."""
    ran = subprocess.run(["dot", f"-T{kind}"], input=source.encode(), capture_output=True, check=False)
    if ran.returncode:
        raise ValueError(f"dot -T{kind}: {ran.stderr.decode().strip().splitlines()[0]}")
    return undated(kind, ran.stdout)


def draw(design: Design, parts: dict[str, PartRow], folder: Path) -> None:
    """SVG and PDF of one board's wiring. Raises ValueError as drawn() does."""
    from wireviz.wireviz import parse

    made = parse(harness(design, parts), return_types="harness")
    for kind in ("svg", "pdf"):
        (folder / f"wiring_{design.name}.{kind}").write_bytes(drawn(str(made.graph.source), kind))
