"""How many hours of a day was the brace worn, not worn, unknown, and how much of the day is known at all?

Hours with a record count; a day or an hour of which nothing is known has NaN worn hours, never 0.
"""

import numpy as np
import pandas as pd

from talus_host.metrics import wear
from talus_host.metrics.civil import HOUR_MS, Calendar
from talus_host.metrics.wear import NOT_WORN, UNKNOWN, WORN

WAKING = (7, 22)  # [from, to) hours of the wall in which missing data count against a day (Mobilise-D's window)


def by_hour(segments: pd.DataFrame, calendar: Calendar, day: int) -> pd.DataFrame:
    """hour, worn_min, not_worn_min, unknown_min of one civil day from segments that tile it (start_ms, end_ms, state).

    An hour that the clock repeats holds 120 minutes, one that it skips is no row.
    """
    starts, ends, hours = calendar.slots(day)
    minutes = {state: _inside(segments, state, starts, ends) / 60_000 for state in (WORN, NOT_WORN, UNKNOWN)}
    known, index = np.unique(hours, return_inverse=True)
    sums = {state: np.bincount(index, weights=values, minlength=len(known)) for state, values in minutes.items()}
    nothing = sums[WORN] + sums[NOT_WORN] == 0
    return pd.DataFrame(
        {
            "hour": known,
            "worn_min": np.where(nothing, np.nan, sums[WORN]),
            "not_worn_min": np.where(nothing, np.nan, sums[NOT_WORN]),
            "unknown_min": sums[UNKNOWN],
        }
    )


def by_day(
    segments: pd.DataFrame, calendar: Calendar, day: int, *, waking: tuple[int, int] = WAKING
) -> dict[str, float]:
    """worn_h, not_worn_h, unknown_h, day_h, coverage (0 to 1), unknown_waking_h and adjustments of one civil day:
    short gaps in wear that began in it, NaN where nothing is known."""
    starts, ends, hours = calendar.slots(day)
    per = {state: _inside(segments, state, starts, ends) for state in (WORN, NOT_WORN, UNKNOWN)}
    total = {state: float(values.sum()) / HOUR_MS for state, values in per.items()}
    day_h = float((ends - starts).sum()) / HOUR_MS
    awake = (hours >= waking[0]) & (hours < waking[1])
    known_h = total[WORN] + total[NOT_WORN]
    return {
        "worn_h": total[WORN] if known_h else np.nan,
        "not_worn_h": total[NOT_WORN] if known_h else np.nan,
        "unknown_h": total[UNKNOWN],
        "day_h": day_h,
        "coverage": known_h / day_h,
        "unknown_waking_h": float(per[UNKNOWN][awake].sum()) / HOUR_MS,
        "adjustments": float(_begun(wear.adjustments(segments), starts, ends)) if known_h else np.nan,
    }


def _begun(moments: np.ndarray, starts: np.ndarray, ends: np.ndarray) -> int:
    """How many of these moments lie in one of [start, end)."""
    return int(((moments[:, None] >= starts) & (moments[:, None] < ends)).sum())


def _inside(segments: pd.DataFrame, state: int, starts: np.ndarray, ends: np.ndarray) -> np.ndarray:
    """Milliseconds of a state within each [start, end)."""
    begin = segments["start_ms"].to_numpy(np.int64)
    stop = segments["end_ms"].to_numpy(np.int64)
    if not len(begin):
        return np.zeros(len(starts))
    length = np.where(segments["state"].to_numpy() == state, stop - begin, 0)
    before = np.concatenate(([0], np.cumsum(length)))
    edges = np.concatenate((begin, stop[-1:]))
    origin = edges[0]
    return np.rint(
        np.interp(ends - origin, edges - origin, before) - np.interp(starts - origin, edges - origin, before)
    )
