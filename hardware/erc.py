"""The same rows as a SKiDL circuit: its electrical rule check, and a netlist KiCad can read.

Needs SKiDL (hardware/requirements.lock), no KiCad: every part is defined here from the rows. A second opinion on
hardware/checks.py, made by others' rules.
"""

import contextlib
import io
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

from hardware.design import Design, PartRow
from hardware.limits import RAILS

for version in ("", "6", "7", "8", "9", "10"):  # it asks for KiCad's libraries, which nothing here uses
    os.environ.setdefault(f"KICAD{version}_SYMBOL_DIR", os.devnull)
with contextlib.redirect_stderr(io.StringIO()), contextlib.redirect_stdout(io.StringIO()):
    import skidl
    from skidl.logger import erc_logger

POWERED = tuple(row.net for row in RAILS)


def pin_kinds() -> dict[str, Any]:
    """SKiDL's kind of pin for each of ours."""
    types = skidl.Pin.types
    return {
        "power in": types.PWRIN,
        "power out": types.PWROUT,
        "ground": types.PWRIN,
        "in": types.INPUT,
        "out": types.OUTPUT,
        "open drain": types.OPENCOLL,
        "analog": types.INPUT,
        "passive": types.PASSIVE,
        "none": types.NOCONNECT,
    }


def build(design: Design) -> Any:
    """The circuit of one board. A rail's driver may lie behind a fuse or a FET, so rails are marked as driven."""
    made = skidl.Circuit(name=design.name)
    made.no_files = True
    kinds = pin_kinds()
    nets = {net: skidl.Net(net, circuit=made) for net in design.nets()}
    for net in POWERED:
        if net in nets:
            nets[net].drive = skidl.POWER
    for ref in dict.fromkeys(pin.ref for pin in design.pins):
        pins = [pin for pin in design.pins if pin.ref == ref]
        part = skidl.Part(
            tool=skidl.SKIDL,
            name=pins[0].key,
            dest=skidl.NETLIST,
            ref=ref,
            value=pins[0].key,
            circuit=made,
            pins=[
                skidl.Pin(num=str(i), name=f"{pin.number}_{pin.name}", func=kinds[pin.kind])
                for i, pin in enumerate(pins)
            ],
        )
        for i, pin in enumerate(pins):
            if pin.net == "-":
                made.NC += part[str(i)]
            else:
                nets[pin.net] += part[str(i)]
    return made


def check(made: Any) -> tuple[int, int, str]:
    """SKiDL's verdict: errors, warnings, and what it said."""
    said = io.StringIO()
    with contextlib.redirect_stderr(said), contextlib.redirect_stdout(said):
        made.ERC()
    return erc_logger.error.count, erc_logger.warning.count, said.getvalue()


def wired(made: Any) -> dict[str, list[tuple[str, str]]]:
    """Every net of the SKiDL circuit with its pins as (reference, number)."""
    found: dict[str, list[tuple[str, str]]] = {}
    for net in made.nets:
        pins = [(pin.part.ref, pin.name.split("_")[0]) for pin in net.pins]
        if net is not made.NC and pins:
            found.setdefault(net.name, []).extend(pins)
    return {net: sorted(pins) for net, pins in sorted(found.items())}


def netlist(made: Any, parts: dict[str, PartRow]) -> str:
    """KiCad's exchange format, without a date: the same rows give the same bytes."""
    lines = ['(export (version "E")', "  (components"]
    for part in sorted(made.parts, key=lambda part: str(part.ref)):
        number = parts[part.name].number.replace('"', "")
        lines.append(f'    (comp (ref "{part.ref}") (value "{part.name}") (property (name "MPN") (value "{number}")))')
    lines += ["  )", "  (nets"]
    for code, (net, pins) in enumerate(wired(made).items(), 1):
        lines.append(f'    (net (code "{code}") (name "{net}")')
        lines += [f'      (node (ref "{ref}") (pin "{pin}"))' for ref, pin in pins]
        lines.append("    )")
    return "\n".join([*lines, "  )", ")", ""])


def probe(design: Design) -> list[str]:
    """Whether SKiDL still finds what is wrong: the light's pin on the touch's, an end left open, a free pin wired."""
    first = ("r_led", "1")
    faults = (
        ("two outputs on one net", lambda pin: pin._replace(net="haptic") if pin.net == "led" else pin),
        (
            "a wire that ends nowhere",
            lambda pin: pin._replace(net="nowhere") if (pin.ref, pin.number) == first else pin,
        ),
        ("a free pin that is wired", lambda pin: pin._replace(net="gnd") if pin.kind == "none" else pin),
    )
    found = []
    for what, spoil in faults:
        spoilt = replace(design, pins=[spoil(pin) for pin in design.pins])
        errors, warnings, _ = check(build(spoilt))
        if errors + warnings == 0:
            found.append(f"SKiDL does not find {what}")
    return found


def write(designs: list[Design], parts: dict[str, PartRow], folder: Path) -> list[str]:
    """Netlists and one report; returns what SKiDL, or a comparison with the rows, found."""
    lines = [f"SKiDL {skidl.__version__}, its default rules; parts defined from hardware/circuit.py", ""]
    found = []
    for design in designs:
        made = build(design)
        errors, warnings, said = check(made)
        pins = sum(len(pins) for pins in design.nets().values())
        counted = f"{len(made.parts)} parts, {len(design.nets())} nets, {pins} wired pins"
        lines.append(f"{design.name:14} {errors} errors, {warnings} warnings   {counted}")
        if errors or warnings:
            found.append(f"{design.name}: SKiDL finds {errors} errors and {warnings} warnings: {said.strip()}")
        rows = {net: sorted((pin.ref, pin.number) for pin in pins) for net, pins in design.nets().items()}
        if rows != wired(made):
            found.append(f"{design.name}: SKiDL's nets are not the rows' nets")
        (folder / f"netlist_{design.name}.net").write_text(netlist(made, parts), encoding="utf-8")
    (folder / "erc.txt").write_text("\n".join([*lines, ""]), encoding="utf-8")
    return found
