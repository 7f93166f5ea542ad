"""What is usual for a person, and how sure is that? The median of a stretch of days, and the error of that median.

Follows the clinical reference, sections 5.2 and 0.4.6, with two deviations. 1. The spread of a stretch is taken about
its median, not about a line through it: 28 days are so few that a line takes a part of the slow wander with it, and
three figures together then change falsely in 6 to 10 % of years. 2. Days that are too far apart to show how one day
hangs on the next are taken to hang together by 0.5, the most that such days have shown, not by nothing.
"""

from typing import NamedTuple

import numpy as np
from scipy import stats

BASELINE_DAYS = (8, 35)  # of a segment, both included: the first week is fitting and being watched
BASELINE_LEAST = 14  # days
MAD_TO_SD = 1.4826
MEDIAN_TO_MEAN = 1.25  # standard error of a median over that of a mean, of normal values (sqrt(pi / 2))
R_MOST = 0.9
R_UNKNOWN = 0.5
PAIRS_LEAST = 7


class Window(NamedTuple):
    """Of stretches of days, each an array of the stretches' shape: n days measured, their median, spread (a day's SD),
    r (lag-1 autocorrelation, corrected), n_eff, se of the median. NaN where nothing can be said."""

    n: np.ndarray
    median: np.ndarray
    spread: np.ndarray
    r: np.ndarray
    n_eff: np.ndarray
    se: np.ndarray


def window(values: np.ndarray, *, pairs_least: int = PAIRS_LEAST, r_unknown: float = R_UNKNOWN) -> Window:
    """values: (..., days), one per calendar day in order, NaN where not measured.

    Spread: 1.4826 MAD; where more than half of the days are equal, the SD; where all are, NaN (nothing says how far a
    day may stray). r: of ranks, over days that follow each other, corrected for small samples (r + (1 + 4 r) / n) and
    held within 0 to 0.9. n_eff = n (1 - r) / (1 + r); se = 1.25 spread / sqrt(n_eff).
    """
    values = np.asarray(values, np.float64)
    if not values.shape[-1]:
        values = np.full((*values.shape[:-1], 1), np.nan)
    n = np.isfinite(values).sum(-1)
    middle = median(values)
    apart = values - middle[..., None]
    spread = MAD_TO_SD * median(np.abs(apart))
    known = np.maximum(n, 1)
    mean = np.nansum(values, -1) / known
    deviation = np.sqrt(np.nansum((values - mean[..., None]) ** 2, -1) / np.maximum(n - 1, 1))
    spread = np.where(spread > 0, spread, deviation)
    spread = np.where(spread > 0, spread, np.nan)
    r = _autocorrelation(values, n, pairs_least, r_unknown)
    with np.errstate(invalid="ignore", divide="ignore"):
        n_eff = n * (1 - r) / (1 + r)
        se = MEDIAN_TO_MEAN * spread / np.sqrt(np.where(n > 1, n_eff, np.nan))
    return Window(n, middle, spread, r, n_eff, se)


def median(values: np.ndarray) -> np.ndarray:
    """Median over the last axis of what is not NaN; NaN where all is. Sorting whole is far faster than nanmedian."""
    ordered = np.sort(values, axis=-1)  # NaN last
    n = np.isfinite(values).sum(-1)
    low = np.maximum((n - 1) // 2, 0)
    high = np.minimum(n // 2, values.shape[-1] - 1)
    pair = [np.take_along_axis(ordered, at[..., None], -1)[..., 0] for at in (low, high)]
    return np.where(n > 0, (pair[0] + pair[1]) / 2, np.nan)


def _autocorrelation(values: np.ndarray, n: np.ndarray, pairs_least: int, r_unknown: float) -> np.ndarray:
    """Lag-1 autocorrelation of ranks, so that a stray day is one step among many."""
    ranks = stats.rankdata(values, axis=-1, nan_policy="omit") - (n[..., None] + 1) / 2
    product = ranks[..., :-1] * ranks[..., 1:]
    pairs = np.isfinite(product).sum(-1)
    known = np.maximum(n, 1)
    with np.errstate(invalid="ignore", divide="ignore"):
        r = (np.nansum(product, -1) / np.maximum(pairs, 1)) / (np.nansum(ranks**2, -1) / known)
        r = np.clip(r + (1 + 4 * r) / known, 0.0, R_MOST)
    return np.where((pairs < pairs_least) | np.isnan(r), r_unknown, r)


class Line(NamedTuple):
    """A straight line for drawing: slope per day with its 95 % interval, and its value on the first day."""

    slope: float
    low: float
    high: float
    first: float


def line(values: np.ndarray) -> Line | None:
    """Theil-Sen line through one stretch of days (days,), NaN where not measured; None below three days.

    For drawing, never for deciding. The interval of scipy.stats.theilslopes takes days as independent, so it is
    widened by sqrt((1 + r) / (1 - r)).
    """
    values = np.asarray(values, np.float64)
    at = np.flatnonzero(np.isfinite(values))
    if len(at) < 3:
        return None
    found = stats.theilslopes(values[at], at)
    left = values - found.slope * np.arange(len(values))
    r = float(window(left).r)
    wider = np.sqrt((1 + r) / (1 - r))
    low, high = (found.slope + wider * (edge - found.slope) for edge in (found.low_slope, found.high_slope))
    return Line(float(found.slope), float(low), float(high), float(found.intercept))
