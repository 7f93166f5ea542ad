"""How many steps with the brace on? Two per valid stride of the braced leg: the other leg is not seen, but it follows.

These are steps with the brace on, not steps of a day. A time of which nothing is known has NaN steps, never 0.
"""

import numpy as np
import pandas as pd


def steps_by_day(strides: pd.DataFrame) -> pd.DataFrame:
    """steps, strides, strides_valid, indexed by day, of strides with day and valid."""
    grouped = strides.groupby("day")["valid"]
    found = pd.DataFrame({"strides": grouped.size(), "strides_valid": grouped.sum()}).astype(np.float64)
    found.insert(0, "steps", 2 * found["strides_valid"])
    return found


def steps_by_hour(strides: pd.DataFrame) -> pd.Series:
    """Steps indexed by (day, hour), of strides with day, hour and valid; hours without a stride are no row."""
    return 2.0 * strides.groupby(["day", "hour"])["valid"].sum()
