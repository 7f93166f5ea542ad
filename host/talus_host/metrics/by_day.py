"""A stride measure's middle, day by day: the median over the strides that have the measure, and how many had it.

Means are too fragile for a day of walking (clinical reference, section 3). Below the smallest count there is no median.
"""

import numpy as np
import pandas as pd

MIN_STRIDES = 10  # enough for means (Commandeur 2024)
BOUT_S = 10.0  # a daily value stands on strides of bouts of this length (Mobilise-D)


# Clinical reference, 2.4 step 8.
LEFT_OUT = ("low_confidence", "first_of_bout", "bout_end", "turn", "ramp", "stairs_up", "stairs_down")


def steady(strides: pd.DataFrame, *, bout_s: float = BOUT_S) -> pd.DataFrame:
    """What daily values stand on: valid strides of walks of at least bout_s. Their first and last, turns, ramps, stairs
    (and the stride whose swing ends on them) and doubtful contacts count as strides and no more.

    strides: tables.strides with utc_ms and day, joined with walking.bouts.
    """
    kept = strides["valid"].to_numpy(bool) & (strides["bout_s"].to_numpy(np.float64) >= bout_s)
    for name in LEFT_OUT:
        kept &= ~strides[name].to_numpy(bool)
    return strides[kept & ~_before_stairs(strides)]


def _before_stairs(strides: pd.DataFrame) -> np.ndarray:
    """Whether the next stride of the same walk is on stairs: this one's swing then was on them too."""
    order = np.lexsort((strides["utc_ms"].to_numpy(np.int64), strides["bout"].to_numpy(), strides["day"].to_numpy()))
    stairs = (strides["stairs_up"].to_numpy(bool) | strides["stairs_down"].to_numpy(bool))[order]
    bout, day = strides["bout"].to_numpy()[order], strides["day"].to_numpy()[order]
    found = np.zeros(len(strides), dtype=bool)
    if len(strides) > 1:
        found[order[:-1]] = stairs[1:] & (bout[1:] == bout[:-1]) & (day[1:] == day[:-1])
    return found


def medians(values: pd.Series, day: pd.Series, *, name: str, minimum: int = MIN_STRIDES) -> pd.DataFrame:
    """Columns `name` and `name`_n, indexed by day. NaN where fewer than `minimum` values were measured."""
    grouped = values.groupby(day.to_numpy())
    found = pd.DataFrame({name: grouped.median(), f"{name}_n": grouped.count()})
    found.loc[found[f"{name}_n"] < minimum, name] = np.nan
    found.index.name = "day"
    return found
