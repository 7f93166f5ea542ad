"""One board's circuit with one row changed, to see whether a check sees it."""

from collections.abc import Callable
from dataclasses import replace

from hardware.circuit import Chip, Two
from hardware.design import Design, join, resolve

BOARD = "xiao_esp32c6"


def two(ref: str, **changes: object) -> Design:
    """A two-pinned part changed; without changes it is left out."""
    design = resolve(BOARD)
    assert any(row.ref == ref for row in design.twos), ref
    changed = [row._replace(**changes) if row.ref == ref else row for row in design.twos]  # type: ignore[arg-type]
    rejoined = replace(design, twos=[row for row in changed if changes or row.ref != ref])
    join(rejoined)
    return rejoined


def chip(ref: str, change: Callable[[Chip], Chip]) -> Design:
    """A chip's row changed."""
    design = resolve(BOARD)
    assert any(row.ref == ref for row in design.chips), ref
    rejoined = replace(design, chips=[change(row) if row.ref == ref else row for row in design.chips])
    join(rejoined)
    return rejoined


def pin(ref: str, name: str, net: str) -> Design:
    """A chip's pin on another net."""

    def moved(row: Chip) -> Chip:
        return row._replace(pins=tuple((*p[:3], net) if p[1] == name else p for p in row.pins))

    return chip(ref, moved)


def more(row: Two) -> Design:
    """A part too many."""
    design = resolve(BOARD)
    rejoined = replace(design, twos=[*design.twos, row])
    join(rejoined)
    return rejoined
