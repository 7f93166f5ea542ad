"""A stride measure's middle, day by day: the median over the strides that have the measure, and how many had it.

Means are too fragile for a day of walking (clinical reference, section 3). Below the smallest count there is no median.
"""

import numpy as np
import pandas as pd

MIN_STRIDES = 10  # enough for means (Commandeur 2024)
BOUT_S = 10.0  # a daily value stands on strides of bouts of this length (Mobilise-D)


def steady(strides: pd.DataFrame, *, bout_s: float = BOUT_S) -> pd.DataFrame:
    """The valid strides of walks of at least bout_s: what daily values stand on. Needs valid and bout_s columns."""
    return strides[strides["valid"].to_numpy(bool) & (strides["bout_s"].to_numpy(np.float64) >= bout_s)]


def medians(values: pd.Series, day: pd.Series, *, name: str, minimum: int = MIN_STRIDES) -> pd.DataFrame:
    """Columns `name` and `name`_n, indexed by day. NaN where fewer than `minimum` values were measured."""
    grouped = values.groupby(day.to_numpy())
    found = pd.DataFrame({name: grouped.median(), f"{name}_n": grouped.count()})
    found.loc[found[f"{name}_n"] < minimum, name] = np.nan
    found.index.name = "day"
    return found
