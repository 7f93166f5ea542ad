"""How long is a stride, and how steady from one to the next?

Variability is robust: 1.4826 times the median absolute deviation, over the median stride time. Slow drifts within a
walk and differences between walks are not unsteadiness: each walk's own straight line is taken out first. Strides
whose contact the brace was unsure of are left out, because 20 ms of doubt alone would double a healthy figure.
"""

import numpy as np
import pandas as pd

from talus_host.metrics.by_day import MIN_STRIDES, medians
from talus_host.metrics.exact import spread_sums

MIN_STRIDES_CV = 50  # reliability levels off there (Koenig 2014)
MIN_STRIDES_BOUT = 10


def stride_time(strides: pd.DataFrame, *, minimum: int = MIN_STRIDES) -> pd.DataFrame:
    """stride_time_s and stride_time_s_n by day, of steady strides (day, duration_s)."""
    return medians(strides["duration_s"], strides["day"], name="stride_time_s", minimum=minimum)


def variability(
    strides: pd.DataFrame, *, minimum: int = MIN_STRIDES_CV, bout_strides: int = MIN_STRIDES_BOUT, detrend: bool = True
) -> pd.DataFrame:
    """stride_time_cv_pct and stride_time_cv_pct_n by day, of steady strides (day, utc_ms, duration_s, bout, bout_n,
    low_confidence). detrend=False gives the plain 1.4826 MAD/median of the pooled strides."""
    sure = strides[~strides["low_confidence"].to_numpy(bool) & (strides["bout_n"].to_numpy() >= bout_strides)]
    sure = sure[sure["duration_s"].notna()]
    day = sure["day"].to_numpy()
    middle = sure["duration_s"].groupby(day).median()
    about = _residual(sure) if detrend else sure["duration_s"]
    about = about - about.groupby(day).transform("median")
    mad = about.abs().groupby(day).median()
    count = sure["duration_s"].groupby(day).count()
    found = pd.DataFrame({"stride_time_cv_pct": 100 * 1.4826 * mad / middle, "stride_time_cv_pct_n": count})
    found.loc[count < minimum, "stride_time_cv_pct"] = np.nan
    found.index.name = "day"
    return found


def _residual(strides: pd.DataFrame) -> pd.Series:
    """Stride time less the least-squares line of its own walk."""
    walk = [strides["day"].to_numpy(), strides["bout"].to_numpy()]
    t = strides["utc_ms"].astype(np.float64)
    t = (t - t.groupby(walk).transform("min")) / 1000
    walks = t.groupby(walk)
    count = walks.transform("size")
    t = t - spread_sums(walks, t) / count
    y = strides["duration_s"] - spread_sums(walks, strides["duration_s"]) / count
    across = spread_sums(walks, t * t)
    slope = spread_sums(walks, t * y) / across.where(across > 0)
    return y - slope.fillna(0.0) * t
