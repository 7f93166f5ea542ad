"""Does a leg walk otherwise in one period than in another? A comparison, never a claim: that takes two looks running.

The rule of the clinical reference, 0.4.6, for adjustments: seven days each side, the error from the days there are, and
a difference of 2.58 of them. Numbered deviation: the periods are the reader's own choice, so what they differ by may be
why they were chosen; the page says so.
"""

import numpy as np
import pandas as pd

from talus_host.metrics.baseline import Window, window
from talus_host.metrics.change import critical, floor_of
from talus_host.metrics.segments import SIDE_LEAST
from talus_host.metrics.weekly import day_number, number_of

COLUMNS = ("side", "measure", "before", "before_days", "after", "after_days", "difference", "se", "needed", "word")
WORDS = ("differs", "no_clear_difference", "too_few_days", "not_measured")
WORN = "worn_h"  # every valid day speaks of wear, not only one with enough walking


def between(
    days: pd.DataFrame,
    first: tuple[object, object],
    second: tuple[object, object],
    measures: tuple[str, ...],
    *,
    least: int = SIDE_LEAST,
) -> pd.DataFrame:
    """COLUMNS, a row per leg and measure; periods are [start, end) days.

    days: side, day, status, day_class and the measures. word: of WORDS; not_measured: not on one day of either period.
    needed: what the difference must reach, 2.58 se and never less than the sensor's own zero can make.
    """
    rows = []
    for side, leg in days.groupby("side", sort=True):
        for measure in measures:
            one, two = (window(_laid(leg, measure, *period)) for period in (first, second))
            rows.append((side, measure, *_row(one, two, floor_of(measure, leg), least)))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _laid(leg: pd.DataFrame, measure: str, start: object, end: object) -> np.ndarray:
    low, stop = number_of(start), number_of(end)
    found = np.full(max(0, stop - low), np.nan)
    if measure not in leg:
        return found
    speaks = (leg["status"] == "valid") if measure == WORN else (leg["day_class"] == "gait")
    number = day_number(leg["day"])
    inside = speaks.to_numpy(bool) & (number >= low) & (number < stop)
    found[number[inside] - low] = leg[measure].to_numpy(np.float64)[inside]
    return found


def _row(one: Window, two: Window, floor: float, least: int) -> tuple[float, int, float, int, float, float, float, str]:
    n = int(one.n), int(two.n)
    medians = float(one.median), float(two.median)
    beside = (medians[0], n[0], medians[1], n[1])
    if max(n) == 0:
        return (*beside, np.nan, np.nan, np.nan, "not_measured")
    if min(n) < least:
        return (*beside, np.nan, np.nan, np.nan, "too_few_days")
    difference = medians[1] - medians[0]
    se = float(np.hypot(one.se, two.se))
    needed = max(critical(1) * se, floor)
    word = "differs" if abs(difference) >= needed and abs(difference) > floor else "no_clear_difference"
    return (*beside, difference, se, needed, word)
