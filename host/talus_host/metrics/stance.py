"""What share of a stride does the braced foot stand? About 60 % in healthy walking."""

import pandas as pd

from talus_host.metrics.by_day import MIN_STRIDES, medians


def stance(strides: pd.DataFrame, *, minimum: int = MIN_STRIDES) -> pd.DataFrame:
    """stance_pct and stance_pct_n by day, of steady strides (day, duration_s, stance_s)."""
    share = 100 * strides["stance_s"] / strides["duration_s"].where(strides["duration_s"] > 0)
    return medians(share, strides["day"], name="stance_pct", minimum=minimum)
