"""Samples of a made-up brace as a page's feed gives them: a known wave, with the holes a test asks for."""

from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pandas as pd

from talus_dashboards.feed import OPEN, Glimpse

NAN = float("nan")
STEP_MS = 10
LAST = datetime(2026, 11, 20, 14, 32, 5, tzinfo=UTC)
CONSTANT = {
    "moment_nm": 1.5,
    "gyro_sagittal_deg_s": 250.0,
    "gyro_frontal_deg_s": -30.0,
    "gyro_transverse_deg_s": 0.0,
    "acc_forward": 0.1,
    "acc_up": 0.98,
    "acc_lateral": -2.5,
    "pressure_1_kpa": 4.0,
    "pressure_2_kpa": 9.0,
    "pressure_3_kpa": 0.0,
    "pressure_4_kpa": NAN,
}
SITES = ("fibular_head", "lateral_malleolus", "dorsal_strap", "heel")


def samples(begin_ms: int, end_ms: int, without: tuple[tuple[int, int], ...] = (), **columns: float) -> pd.DataFrame:
    """[begin_ms, end_ms) less the [begin, end) of `without`; the ankle's angle is its time in tenths of a second."""
    at_ms = np.arange(begin_ms, end_ms, STEP_MS, dtype=np.int64)
    for begin, end in without:
        at_ms = at_ms[(at_ms < begin) | (at_ms >= end)]
    values = {"ankle_angle_deg": at_ms / 100.0} | {name: np.full(len(at_ms), v) for name, v in CONSTANT.items()}
    values |= {name: np.full(len(at_ms), value) for name, value in columns.items()}
    return pd.DataFrame({"since_boot_ms": at_ms, **values})


def glimpse(table: pd.DataFrame, **changes: object) -> Glimpse:
    """A link that is open, its newest sample a moment old."""
    made = Glimpse(table, STEP_MS, 0.05, LAST if len(table) else None, len(table), 0, OPEN)
    return replace(made, **changes)  # type: ignore[arg-type]
