"""How does one period of days stand against another, and what would their days have to differ by to mean anything?

No verdict: what may be called a change is metrics.change's alone. What is needed here is 2.58 standard errors of the
difference of two medians, of days that hang together as they do (clinical reference 0.4.6), and no less than what the
sensor's own zero can make.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from talus_host.metrics.baseline import window
from talus_host.metrics.change import critical, floor_of
from talus_host.metrics.weekly import day_number, number_of

DAYS_LEAST = 3  # of a period before it has a figure: Mobilise-D's rule of three
COLUMNS = ("side", "measure", "before", "before_days", "now", "now_days", "difference", "needed")


def compare(
    days: pd.DataFrame,
    measures: Sequence[str],
    *,
    now: tuple[object, object],
    before: tuple[object, object],
    least: int = DAYS_LEAST,
) -> pd.DataFrame:
    """COLUMNS, one row per side and measure: medians of the days that speak, and how many. NaN below `least` days.

    days: side, day, day_class and the measures. now, before: [first, end) days.
    """
    rows = []
    for side, leg in days.groupby("side", sort=True):
        gait = leg[(leg["day_class"] == "gait").to_numpy()]
        floors = {name: floor_of(name, leg) for name in measures}
        for name in measures:
            one, two = (window(_laid(gait, name, *period)) for period in (before, now))
            n = (int(one.n), int(two.n))
            told = [float(w.median) if count >= least else np.nan for w, count in ((one, n[0]), (two, n[1]))]
            needed = np.nan
            if min(n) >= least:
                needed = max(critical(1) * float(np.hypot(one.se, two.se)), floors[name])
            rows.append((side, name, told[0], n[0], told[1], n[1], told[1] - told[0], needed))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _laid(gait: pd.DataFrame, name: str, first: object, end: object) -> np.ndarray:
    """A value per calendar day of [first, end), NaN where none was measured."""
    low, high = number_of(first), number_of(end)
    found = np.full(max(0, high - low), np.nan)
    if name in gait:
        at = day_number(gait["day"]) - low
        inside = (at >= 0) & (at < len(found))
        found[at[inside]] = gait[name].to_numpy(np.float64)[inside]
    return found
