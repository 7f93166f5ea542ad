"""How much was worn of what was prescribed, of many legs at once: the ranges of `adherence`, without its tables.

The law is that of `adherence` (clinical reference 0.4.1) and a test holds the two together; here a leg is a row and a
day a column, because a caseload asks of hundreds of legs and of nothing else.
"""

from typing import NamedTuple

import numpy as np

from talus_host.metrics.adherence import ASSESSABLE


class Ranges(NamedTuple):
    """Per leg: days that count, valid days, whether enough of them; the share of the prescribed hours, in %: low takes
    what is not known as not worn, high are the valid days alone. NaN where not assessable or nothing was prescribed."""

    days: np.ndarray
    days_valid: np.ndarray
    assessable: np.ndarray
    met_pct_low: np.ndarray
    met_pct_high: np.ndarray


def met_ranges(
    worn_h: np.ndarray, valid: np.ndarray, counts: np.ndarray, wanted_h: np.ndarray, *, share: float = ASSESSABLE
) -> Ranges:
    """worn_h, wanted_h: (legs, days), NaN unknown and none; valid, counts: (legs, days), counts False where there was
    no such day for the leg: it is in no denominator."""
    days = counts.sum(1)
    seen = valid & counts
    asked = counts & (np.nan_to_num(wanted_h) > 0)
    per = np.where(asked, wanted_h, 1.0)
    met = np.minimum(np.nan_to_num(worn_h) / per, 1.0)
    with np.errstate(invalid="ignore", divide="ignore"):
        assessable = seen.sum(1) / days >= share
        low = 100 * np.where(asked, met, 0.0).sum(1) / asked.sum(1)
        high = 100 * np.where(asked & seen, met, 0.0).sum(1) / (asked & seen).sum(1)
    told = assessable & (asked & seen).any(1)
    low, high = np.where(told, np.minimum(low, high), np.nan), np.where(told, high, np.nan)
    return Ranges(days, seen.sum(1), assessable, low, high)
