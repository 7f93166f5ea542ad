"""How far does the shank lean at mid-stance? The orthotist's own tuning figure, calibrated by standing."""

import numpy as np
import pandas as pd

from talus_host.metrics.by_day import MIN_STRIDES, medians


def shank_to_vertical(strides: pd.DataFrame, *, minimum: int = MIN_STRIDES) -> pd.DataFrame:
    """shank_to_vertical_deg (+ leaning forward), its _n and shank_to_vertical_iqr_deg (75th less 25th percentile) by
    day, of steady strides."""
    name = "shank_to_vertical_deg"
    found = medians(strides[name], strides["day"], name=name, minimum=minimum)
    grouped = strides[name].groupby(strides["day"].to_numpy())
    spread = grouped.quantile(0.75) - grouped.quantile(0.25)
    return found.assign(shank_to_vertical_iqr_deg=spread.where(found[name].notna(), np.nan))
