"""What else the brace saw in a minute of walking: work, push-off, clearance, compensation, as the day's middle.

Each walk record is the mean over one minute's valid strides on the level; the day's figure is the median of its
minutes weighted by their strides. No millimetres of clearance: the error would be as large as the figure.
"""

import numpy as np
import pandas as pd

from talus_host.metrics.by_day import MIN_STRIDES

MEASURES = {
    "moment_peak_nm": "moment_swing_peak_nm",
    "work_returned_j": "work_returned_j",
    "work_stored_j": "work_stored_j",
    "work_push_off_j": "work_push_off_j",
    "push_off_rate_deg_s": "push_off_rate_deg_s",
    "flat_after_s": "flat_after_s",
    "shank_range_deg": "shank_range_deg",
    "shank_back_deg": "shank_back_deg",
    "foot_pitch_mid_swing_deg": "foot_pitch_mid_swing_deg",
}


def walk(minutes: pd.DataFrame, *, minimum: int = MIN_STRIDES) -> pd.DataFrame:
    """By day, each of MEASURES and its _n (strides behind it); NaN where fewer than `minimum` strides measured it.

    minutes: walk records as a table (tables.table), with day.
    """
    parts = []
    for column, name in MEASURES.items():
        known = minutes[minutes[column].notna() & minutes["strides"].gt(0)]
        rows = [
            (day, weighted_median(one[column].to_numpy(np.float64), one["strides"].to_numpy(np.float64)),
             one["strides"].sum())
            for day, one in known.groupby("day", sort=True)
        ]  # fmt: skip
        part = pd.DataFrame(rows, columns=["day", name, f"{name}_n"]).set_index("day").astype(np.float64)
        part.loc[part[f"{name}_n"] < minimum, name] = np.nan
        parts.append(part)
    return pd.concat(parts, axis=1)


def weighted_median(values: np.ndarray, weights: np.ndarray) -> float:
    """The value at which half of the weight lies below; between two where the half falls on a border."""
    order = np.argsort(values, kind="stable")
    values, reached = values[order], np.cumsum(weights[order])
    half = reached[-1] / 2
    at = int(np.searchsorted(reached, half))
    if reached[at] == half and at + 1 < len(values):
        return float(values[at] + values[at + 1]) / 2
    return float(values[at])
