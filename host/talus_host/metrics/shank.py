"""How far does the shank lean at mid-stance? The orthotist's own tuning figure, calibrated by standing."""

import pandas as pd

from talus_host.metrics.by_day import MIN_STRIDES, medians


def shank_to_vertical(strides: pd.DataFrame, *, minimum: int = MIN_STRIDES) -> pd.DataFrame:
    """shank_to_vertical_deg (+ leaning forward) and its _n by day, of steady strides."""
    return medians(strides["shank_to_vertical_deg"], strides["day"], name="shank_to_vertical_deg", minimum=minimum)
