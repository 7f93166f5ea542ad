"""The steps of a fitting and the figures each is judged by, as rows: unit, what can be at all, what is accepted.

Clinical reference 7.1 (zero), 7.5 (standing, strides), 0.4.4 and 4.4 (pressure). A figure is refused with its number;
one that was not read is not judged, and is never taken for a good one.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

import pandas as pd

from talus.settings import Settings
from talus_host.errors import InputError

SIDES = ("left", "right")
STEPS = ("pair", "zero", "standing", "strides", "sites", "pressure", "prescription", "walk_on", "walk_off")
OUTCOMES = ("done", "skipped", "refused")
USUAL: Any = Settings()
NONE = float("nan")


class Figure(NamedTuple):
    """`low` to `high` is what can be typed at all; under `least` or from `most` on it is refused (NaN: never)."""

    step: str
    name: str
    unit: str
    low: float
    high: float
    least: float = NONE
    most: float = NONE


FIGURES = (
    Figure("zero", "encoder_sd_counts", "counts", 0, 4096, most=2.0),  # 7.1: refuse above 2 counts
    Figure("zero", "second_stop_error_deg", "deg", 0, 90, most=1.0),  # 7.1: the second stop within 1 deg
    Figure("standing", "ankle_deg", "deg", -60, 60),
    Figure("standing", "shank_deg", "deg", -60, 60),
    Figure("strides", "strides", "", 0, 1000, least=10.0),  # 7.5.2: ten normal strides
    Figure("strides", "axis_explained_pct", "%", 0, 100, least=90.0),  # 7.5.2 [E]
    Figure("pressure", "skin_clear", "", 0, 1, least=1.0),
    Figure("pressure", "fibular_head_mmhg", "mmHg", 0, 400, most=float(USUAL.red_fibular_mmhg - USUAL.offset_mmhg)),
    Figure("pressure", "other_sites_mmhg", "mmHg", 0, 400, most=float(USUAL.red_a_mmhg - USUAL.offset_mmhg)),
)
BY_NAME = {(one.step, one.name): one for one in FIGURES}
NEEDED = {"pressure": ("skin_clear",)}  # without them the step is not done


def table() -> pd.DataFrame:
    """step, name, unit, low, high, least, most: a row per figure."""
    return pd.DataFrame(FIGURES)


def checked(step: str, figures: Mapping[str, float]) -> dict[str, float]:
    """What was typed, as numbers. Raises InputError naming the figure that cannot be."""
    found = {}
    for name, value in figures.items():
        row = BY_NAME.get((step, name))
        if row is None:
            raise InputError(f"{name}: step {step} has no such figure")
        if not row.low <= value <= row.high:  # NaN, too
            raise InputError(f"{name} {value!r}: is not from {row.low:g} to {row.high:g} {row.unit}".rstrip())
        found[name] = float(value)
    return found


def refusals(step: str, figures: Mapping[str, float]) -> list[str]:
    """The names of the figures a step is refused for; those that were not given are not judged."""
    rows = [BY_NAME[step, name] for name in figures]
    return [row.name for row in rows if figures[row.name] < row.least or figures[row.name] > row.most]


def lacking(step: str, figures: Mapping[str, float]) -> list[str]:
    """Figures without which the step cannot be done."""
    return [name for name in NEEDED.get(step, ()) if name not in figures]
