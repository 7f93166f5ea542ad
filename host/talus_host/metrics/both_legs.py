"""How evenly do the two legs step, and may left and right be compared at all at that moment?

Each leg's brace has a clock of its own. A right contact lies between two left ones by both clocks' word, so what is
compared is only as true as the two together: where that is worse than the limit nothing is shown, and the reason is.
"""

import numpy as np
import pandas as pd

LIMIT_MS = 10.0  # a hundredth of a stride; twice that is what it does to the difference of the two steps
MIN_STEPS = 50
COLUMNS = ("step_time_asymmetry_pct", "step_time_asymmetry_pct_n", "open_pct", "hidden", "apart_ms", "reason")
ONE_LEG = "not measured: both legs never walked together with a brace each"
UNSURE = "hidden: the two clocks are known to {apart:.0f} ms of each other at best, {limit:g} ms allowed"
FEW = "not measured: {count} steps in which they are known well enough, {minimum} needed"


def combined_ms(left_ms: np.ndarray, right_ms: np.ndarray) -> np.ndarray:
    """How far apart two legs' moments can be said to be: half-widths of clocks that know nothing of each other."""
    return np.hypot(left_ms, right_ms)


def comparable(left_ms: np.ndarray, right_ms: np.ndarray, *, limit_ms: float = LIMIT_MS) -> np.ndarray:
    """bool: whether left and right may be compared where their times are known within so many ms; NaN is no."""
    return np.nan_to_num(combined_ms(left_ms, right_ms), nan=np.inf) <= limit_ms


def step_time_asymmetry(
    left: pd.DataFrame, right: pd.DataFrame, *, limit_ms: float = LIMIT_MS, minimum: int = MIN_STEPS
) -> pd.DataFrame:
    """By day of the left leg: the median of 100 (left - right) / mean of a left and the right step before it (Robinson
    1987), how many, by how much the clocks can move it (open_pct), how many were hidden, the best combined uncertainty,
    and the reason where there is no figure ("" where there is).

    left, right: day, utc_ms, uncertainty_ms, duration_s, low_confidence of steady strides. A left stride counts where
    one contact of the right leg lies in it.
    """
    left = left[left["duration_s"].notna() & ~left["low_confidence"].to_numpy(bool)]
    right = right[~right["low_confidence"].to_numpy(bool)].sort_values("utc_ms", kind="stable")
    begin = left["utc_ms"].to_numpy(np.int64)
    lasts = left["duration_s"].to_numpy(np.float64) * 1000
    other = right["utc_ms"].to_numpy(np.int64)
    first = np.searchsorted(other, begin, side="right")
    one = np.searchsorted(other, begin + lasts) - first == 1
    first, begin, lasts = first[one], begin[one], lasts[one]
    right_step = other[first] - begin
    steps = pd.DataFrame(
        {
            "day": left["day"].to_numpy()[one],
            "value": 200 * (lasts - 2 * right_step) / lasts,
            "apart_ms": combined_ms(
                left["uncertainty_ms"].to_numpy(np.float64)[one], right["uncertainty_ms"].to_numpy(np.float64)[first]
            ),
            "lasts_ms": lasts,
        }
    )
    days = sorted(left["day"].unique().tolist())
    rows = [_of_day(steps[steps["day"] == day], limit_ms, minimum) for day in days]
    found = pd.DataFrame(rows, columns=list(COLUMNS), index=pd.Index(days, name="day"))
    return found.astype({"step_time_asymmetry_pct": np.float64, "open_pct": np.float64, "apart_ms": np.float64})


def _of_day(steps: pd.DataFrame, limit_ms: float, minimum: int) -> tuple[object, ...]:
    if not len(steps):
        return (np.nan, 0, np.nan, 0, np.nan, ONE_LEG)
    sure = steps[steps["apart_ms"] <= limit_ms]
    apart, hidden = float(steps["apart_ms"].min()), len(steps) - len(sure)
    if not len(sure):
        return (np.nan, 0, np.nan, hidden, apart, UNSURE.format(apart=np.ceil(apart), limit=limit_ms))
    if len(sure) < minimum:
        return (np.nan, len(sure), np.nan, hidden, apart, FEW.format(count=len(sure), minimum=minimum))
    open_pct = float((400 * sure["apart_ms"] / sure["lasts_ms"]).median())
    return (float(sure["value"].median()), len(sure), open_pct, hidden, apart, "")
