"""What a calibration step comes to: accepted or refused and why, its figures, what goes into the file, what to draw."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Drawing:
    """Points that were read and the line fitted through them."""

    title: str
    x_label: str
    y_label: str
    x: Sequence[float]
    y: Sequence[float]
    line_x: Sequence[float]
    line_y: Sequence[float]


@dataclass(frozen=True)
class Fit:
    """step: its name; why: one line with the numbers, "" when accepted; figures: name with unit -> value;
    given: keys of the calibration file it settles."""

    step: str
    accepted: bool
    why: str
    figures: dict[str, float] = field(default_factory=dict)
    given: dict[str, Any] = field(default_factory=dict)
    drawing: Drawing | None = None


def refused(step: str, why: str, figures: dict[str, float] | None = None, drawing: Drawing | None = None) -> Fit:
    return Fit(step, False, why, figures or {}, {}, drawing)
