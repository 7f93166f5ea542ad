"""The rules behind the red flags, each on plain arrays of days: true where the rule holds. None of them is a diagnosis.

Clinical reference, section 5.6 as changed by 0.4.3; how often each is wrong is counted in the tests. Deviations: 1. a
rate of events must be raised in two weeks running, and its events are first divided by how much days of the baseline
scatter beyond chance: one week alone is raised in a third of all stable years. 2. A sudden loss needs another figure,
where there is one, to be worse too (36 % of stable years without). 3. A fall of heel-first steps must also exceed 3.5
day-SD: someone whose days differ by 12 points loses 30 by chance in half of all years.
"""

import numpy as np
from scipy.stats import beta

from talus_host.metrics.baseline import median

SUDDEN_SD = 3.5
SUDDEN_DAYS = 2
ALSO_SD = 1.0  # how much worse another figure must be [E]
APART_DAYS = 3  # measured days further apart than this do not run together [E]
HEEL_POINTS = 30.0
RECENT_DAYS = 7
RECENT_LEAST = 3  # days of seven that must be measured, as of a week [S16]
EVENTS_LEAST = 20
WEEKS_RUNNING = 2
COLLAPSE_SHARE = 0.25
COLLAPSE_USUAL_LEAST = 14  # valid days before somebody has a usual [E]


def sudden(
    values: np.ndarray,
    usual: np.ndarray,
    spread: np.ndarray,
    *,
    better: np.ndarray,
    floor: np.ndarray | float = 0.0,
    sd: float = SUDDEN_SD,
    also_sd: float = ALSO_SD,
    running: int = SUDDEN_DAYS,
    apart_days: int = APART_DAYS,
) -> np.ndarray:
    """Worse than usual by more than `sd` baseline day-SD, and by more than floor, on `running` measured days in a row,
    while one of the other figures of those days, if any was measured, is worse by more than also_sd.

    values: (..., figures, days), NaN where not measured; usual, spread: (..., figures); better: (figures,), +1 where
    more is better, -1 where less; floor: (figures,). True per figure and day.
    """
    loss = np.asarray(better)[:, None] * (np.asarray(usual)[..., None] - values)
    day_sd = np.asarray(spread)[..., None]
    with np.errstate(invalid="ignore"):
        bad = (loss > sd * day_sd) & (loss > np.broadcast_to(floor, np.shape(better))[:, None])
        also = loss > also_sd * day_sd
    known = np.isfinite(loss) & np.isfinite(day_sd)
    others = known.sum(-2, keepdims=True) - known
    bad &= (others == 0) | (also.sum(-2, keepdims=True) - also > 0)
    run = np.zeros(values.shape[:-1], dtype=np.int64)
    last = np.full(values.shape[:-1], -apart_days - 1)
    found = np.zeros(values.shape, dtype=bool)
    for day in range(values.shape[-1]):
        measured = np.isfinite(values[..., day])
        run = np.where(measured & (day - last > apart_days), 0, run)
        run = np.where(measured, np.where(bad[..., day], run + 1, 0), run)
        last = np.where(measured, day, last)
        found[..., day] = measured & (run >= running)
    return found


def recent(values: np.ndarray, *, days: int = RECENT_DAYS, least: int = RECENT_LEAST) -> np.ndarray:
    """Median of each day and the ones before it, `days` in all; NaN below `least` measured ones. (..., days)."""
    if not values.shape[-1]:  # the segment began today: no day of it is over
        return np.full(values.shape, np.nan)
    lead = np.full((*values.shape[:-1], days - 1), np.nan)
    windows = np.lib.stride_tricks.sliding_window_view(np.concatenate((lead, values), -1), days, axis=-1)
    return np.where(np.isfinite(windows).sum(-1) >= least, median(windows), np.nan)


def fallen(
    values: np.ndarray,
    spread: np.ndarray | float = np.nan,
    *,
    points: float = HEEL_POINTS,
    sd: float = SUDDEN_SD,
    days: int = RECENT_DAYS,
) -> np.ndarray:
    """The median of the last `days` days lies more than `points`, and `sd` baseline day-SD, under that of the `days`
    before. values: (..., days); spread: (...), NaN where there is no baseline: then the points alone decide."""
    now = recent(values, days=days)
    before = np.full_like(now, np.nan)
    before[..., days:] = now[..., :-days]
    with np.errstate(invalid="ignore"):
        return before - now > np.fmax(points, sd * np.asarray(spread)[..., None])


def dispersion(counts: np.ndarray, exposure: np.ndarray) -> np.ndarray:
    """How much days scatter beyond chance: Pearson's chi-square per degree of freedom, at least 1. (..., days)."""
    known = np.isfinite(counts) & (np.nan_to_num(exposure) > 0)
    hours = np.where(known, exposure, 0.0)
    events = np.where(known, counts, 0.0)
    total = hours.sum(-1)
    rate = np.divide(events.sum(-1), total, out=np.zeros_like(total), where=total > 0)
    due = rate[..., None] * hours
    parts = np.divide((events - due) ** 2, due, out=np.zeros_like(due), where=due > 0)
    return np.maximum(1.0, parts.sum(-1) / np.maximum(known.sum(-1) - 1, 1))


def rate_ratio(
    events: np.ndarray, exposure: np.ndarray, usual_events: np.ndarray, usual_exposure: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """(ratio of the two rates, its exact lower 95 % bound): given both counts, the later one is binomial
    (Clopper and Pearson 1934; two-sided 95 %, so 2.5 % below). Counts may be fractions; NaN without exposure."""
    with np.errstate(invalid="ignore", divide="ignore"):
        share = np.where(events > 0, beta.ppf(0.025, np.maximum(events, 1e-9), usual_events + 1), 0.0)
        per = usual_exposure / exposure
        known = (exposure > 0) & (usual_exposure > 0)
        ratio = np.where(known, events / usual_events * per, np.nan)
        low = np.where(known, share / (1 - share) * per, np.nan)
    return ratio, low


def raised_rate(
    counts: np.ndarray,
    exposure: np.ndarray,
    baseline: slice,
    *,
    ratio_least: float = 1.0,
    events_least: int = EVENTS_LEAST,
    weeks_running: int = WEEKS_RUNNING,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Per whole week behind the baseline: (raised, ratio, its lower bound). (..., weeks), weeks of 7 days.

    counts, exposure (hours worn): (..., days) of a segment, NaN where nobody looked. Raised: the lower 95 % bound of
    the week's rate over the baseline's above 1, the ratio at least ratio_least, at least events_least events in the
    two together, in weeks_running weeks running.
    """
    looked = np.isfinite(counts) & (np.nan_to_num(exposure) > 0)
    counts, exposure = np.where(looked, counts, 0.0), np.where(looked, exposure, 0.0)
    usual = np.where(looked, counts, np.nan)[..., baseline]
    scatter = dispersion(usual, exposure[..., baseline])[..., None]
    base, base_h = counts[..., baseline].sum(-1)[..., None], exposure[..., baseline].sum(-1)[..., None]
    weeks = max(0, (counts.shape[-1] - baseline.stop) // 7)
    shape = (*counts.shape[:-1], weeks, 7)
    later = slice(baseline.stop, baseline.stop + 7 * weeks)
    week, week_h = counts[..., later].reshape(shape).sum(-1), exposure[..., later].reshape(shape).sum(-1)
    ratio, low = rate_ratio(week / scatter, week_h, base / scatter, base_h)
    with np.errstate(invalid="ignore"):
        high = (low > 1) & (ratio >= ratio_least) & (base + week >= events_least)
    held = high.copy()
    for back in range(1, weeks_running):
        held[..., back:] &= high[..., :-back] if weeks > back else False
        held[..., :back] = False
    return held, ratio, low


def collapsed(
    worn_h: np.ndarray,
    *,
    share: float = COLLAPSE_SHARE,
    days: int = RECENT_DAYS,
    usual_least: int = COLLAPSE_USUAL_LEAST,
) -> tuple[bool, float]:
    """(each of the last `days` valid days was worn under `share` of the own median before them, that median).

    worn_h: (days,) of valid days alone, in order. (False, NaN) below usual_least days before.
    """
    worn_h = np.asarray(worn_h, np.float64)
    if len(worn_h) < usual_least + days:
        return False, float("nan")
    usual = float(np.median(worn_h[:-days]))
    return bool((worn_h[-days:] < share * usual).all()), usual
