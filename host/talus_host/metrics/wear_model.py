"""Was the brace on the leg in each minute, and in which second was it put on and taken off?

Method: clinical reference, section 1.2: a two-state hidden Markov model over the evidence of wear_features, forward and
backward, then edges. What the brace itself decided is not asked. Deviations:
1. Where the summed pressure jumped by half of itself, the state may change there at less cost (0.2 rather than 0.002):
   the jump is what putting on and taking off are.
2. An edge is a jump by 70 % of all that presses within two minutes, else the largest where the contact came or went,
   else the largest within ten minutes of the change; standing up and sitting down are large jumps too. Where no
   pressure tells, the brace's own wear record does if it had pressure, else the liner's fastest minute less its lag.
3. A change across minutes that are missing has no edge; missing minutes carry no evidence and stay unknown.
"""

from math import exp, log

import numpy as np
import pandas as pd

from talus_host.metrics import wear_features
from talus_host.metrics.wear_features import Evidence, Weighed

MINUTE_MS = 60_000
WHOLE = 0.7  # E: standing up and sitting down change less of what presses
EDGE_COLUMNS = ("utc_ms", "edge_ms", "worn")


def decide(
    minutes: pd.DataFrame,
    told: pd.DataFrame | None = None,
    *,
    stay: float = 0.998,
    change_at_touch: float = 0.2,
    touch_kpa: float = 0.7,
    touch_share: float = 0.5,
    edge_window_min: float = 10.0,
    thermometer_lag_s: float = 30.0,
    evidence: Evidence | None = None,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """(minutes, edges): `minutes` as given, with worn 1.0, 0.0 or NaN and low_confidence decided anew; edges with
    utc_ms (first minute of the new state), edge_ms and worn, as wear.segments takes them.

    minutes: utc_ms, brace and the columns of tables.minutes; a column that is not there is unknown. told: the brace's
    wear records, columns as edges. stay: per minute, a mean dwell of 8 h [E]. touch_kpa: as a contact, 5 mmHg [E].
    edge_window_min: 1.2 step 1. thermometer_lag_s: of the liner's sensor, measured at build time [E].
    """
    by = evidence or Evidence()
    found = minutes.reset_index(drop=True)
    worn = np.full(len(found), np.nan)
    low = np.zeros(len(found), dtype=bool)
    edges: list[tuple[int, int, float]] = []
    brace = found["brace"].to_numpy(np.int64)
    at = found["utc_ms"].to_numpy(np.int64)
    for one in np.unique(brace).tolist():
        mine = np.flatnonzero(brace == one)
        mine = mine[np.argsort(at[mine], kind="stable")]
        table = found.iloc[mine]
        weighed, chance = _weighed(table, by, stay, change_at_touch, touch_kpa, touch_share)
        state = np.where(np.isnan(weighed.odds) | (not np.nan_to_num(weighed.odds).any()), np.nan, chance > 0)
        worn[mine] = state
        low[mine] = weighed.hot
        edges += _edges(table, state, weighed, told, (edge_window_min, touch_kpa, thermometer_lag_s))
    decided = found.assign(worn=worn, low_confidence=low)
    return decided, pd.DataFrame(sorted(edges), columns=list(EDGE_COLUMNS))


def _weighed(
    table: pd.DataFrame, by: Evidence, stay: float, change_at_touch: float, touch_kpa: float, touch_share: float
) -> tuple[Weighed, np.ndarray]:
    """Evidence and log-odds of worn: once as the sites are, once more with what they press when the brace is off."""
    at = table["utc_ms"].to_numpy(np.int64)
    first = wear_features.weigh(table, by=by)
    up, down = _changes(table, first, stay, change_at_touch, touch_kpa, touch_share)
    chance = posterior(np.nan_to_num(first.odds), at, up, down)
    empty = _empty(table, first, chance, by)
    if empty is None:
        return first, chance
    again = wear_features.weigh(table, empty, by=by)
    return again, posterior(np.nan_to_num(again.odds), at, up, down)


def _empty(table: pd.DataFrame, weighed: Weighed, chance: np.ndarray, by: Evidence) -> np.ndarray | None:
    """What each site must exceed: the empty brace's median and three sigma, from minutes not worn and long still."""
    off = weighed.still_long & (chance < 0) & ~np.isnan(weighed.odds)
    pressure = np.array([wear_features.column(table, name) for name in wear_features.CHANNELS])[:, off]
    if off.sum() < 3 * by.proof_min or np.isnan(pressure).all():
        return None
    level = np.full(len(pressure), np.nan)
    for site, values in enumerate(pressure):
        known = values[~np.isnan(values)]
        if len(known) >= 3 * by.proof_min:
            middle = np.median(known)
            level[site] = middle + 3 * 1.4826 * np.median(np.abs(known - middle))
    return np.nan_to_num(level)


def _changes(
    table: pd.DataFrame, weighed: Weighed, stay: float, at_touch: float, touch_kpa: float, share: float
) -> tuple[np.ndarray, np.ndarray]:
    """Per minute, the chance of having been put on, and taken off, since the one before."""
    change = wear_features.column(table, "touch_change_kpa")
    jump = np.abs(change) >= np.maximum(touch_kpa, share * _most(weighed.pressed_kpa))
    found = []
    for jumped in (jump & (change > 0), jump & (change < 0)):
        near = jumped.copy()
        near[1:] |= jumped[:-1]
        found.append(np.where(near, at_touch, 1 - stay))
    return found[0], found[1]


def _most(pressed_kpa: np.ndarray) -> np.ndarray:
    """The largest of each minute and two to either side."""
    n = len(pressed_kpa)
    most = np.zeros(n)
    for k in (-2, -1, 0, 1, 2):
        most = np.fmax(most, np.nan_to_num(pressed_kpa[np.clip(np.arange(n) + k, 0, n - 1)]))
    return most


def posterior(odds: np.ndarray, utc_ms: np.ndarray, up: np.ndarray, down: np.ndarray) -> np.ndarray:
    """Log-odds of worn of each minute, given all of them: forward and backward over two states.

    up, down: chance of a change into worn, out of worn, from the minute before to this one; over a gap of n minutes the
    chain steps n times without evidence.
    """
    n = len(odds)
    steps = np.ones(n, dtype=np.int64)
    steps[1:] = np.maximum(1, np.rint(np.diff(utc_ms) / MINUTE_MS)).astype(np.int64)
    rest = up + down
    part = np.where(steps == 1, rest, 1 - (1 - rest) ** steps)
    into, out = (part * up / rest).tolist(), (part * down / rest).tolist()
    said = odds.tolist()
    forward = [0.0] * n
    x = 0.0
    for i in range(n):
        if i:
            share = _chance(x)
            p = share * (1 - out[i]) + (1 - share) * into[i]
            x = log(p / (1 - p))
        x += said[i]
        forward[i] = x
    behind = [0.0] * n
    y = 0.0
    for i in range(n - 1, 0, -1):
        share = _chance(y + said[i])
        y = log(((1 - out[i]) * share + out[i] * (1 - share)) / (into[i] * share + (1 - into[i]) * (1 - share)))
        behind[i - 1] = y
    return np.array(forward) + np.array(behind)


def _chance(x: float) -> float:
    return 1 / (1 + exp(-x)) if x > 0 else 1 - 1 / (1 + exp(x))


# -- edges --------------------------------------------------------------------------------------------


def _edges(
    table: pd.DataFrame,
    state: np.ndarray,
    weighed: Weighed,
    told: pd.DataFrame | None,
    by: tuple[float, float, float],
) -> list[tuple[int, int, float]]:
    at = table["utc_ms"].to_numpy(np.int64)
    follows = wear_features.follow(at)
    known = ~np.isnan(state)
    changes = np.flatnonzero(follows[1:] & known[1:] & known[:-1] & (state[1:] != state[:-1])) + 1
    touch_at = wear_features.column(table, "touch_at_s")
    touch = wear_features.column(table, "touch_change_kpa")
    liner = np.where(weighed.hot, np.nan, wear_features.column(table, "liner_degc"))
    window_min, touch_kpa, lag_s = by
    found = []
    bounds = np.concatenate(([0], changes, [len(at) - 1])).tolist()
    for before, i, behind in zip(bounds, bounds[1:], bounds[2:], strict=False):
        into = float(state[i])
        between = np.arange(max(0, before - 1), behind + 1)  # an edge lies between the changes beside it
        near = between[np.abs(at[between] - at[i]) <= window_min * MINUTE_MS]
        edge = _by_touch(at, near, touch_at, touch, weighed, i, into, touch_kpa)
        record = _by_record(told, int(at[i]), into, window_min)
        if edge is None and np.isnan(weighed.contact[i]):
            edge = _by_warmth(at, liner, near, into, lag_s)
        if edge is None:
            edge = record
        if edge is None:
            edge = _by_warmth(at, liner, near, into, lag_s)
        if edge is not None:
            found.append((int(at[i]), edge, into))
    return found


def _by_touch(
    at: np.ndarray, near: np.ndarray, second: np.ndarray, change: np.ndarray, weighed: Weighed, i: int, into: float,
    touch_kpa: float,
) -> int | None:  # fmt: skip
    """The jump of the right sign that was the change, or None."""
    contact = weighed.contact
    size = change[near] if into else -change[near]
    fits = near[(size >= touch_kpa) & ~np.isnan(second[near])]
    if not len(fits):
        return None
    least = np.maximum(WHOLE * _most(weighed.pressed_kpa)[fits], 0.5 * np.max(np.abs(change[fits])))
    whole = fits[(np.abs(change[fits]) >= least) & (np.abs(at[fits] - at[i]) <= 2 * MINUTE_MS)]
    if len(whole):
        best = whole[np.argmax(np.abs(change[whole]))]
        return int(at[best] + 1000 * second[best])
    has = contact[near] == 1
    flips = near[1:][(has[1:] == bool(into)) & (has[:-1] != bool(into)) & ~np.isnan(contact[near][1:])]
    if len(flips):
        flip = flips[np.argmin(np.abs(at[flips] - at[i]))]
        beside = fits[(at[fits] >= at[flip] - 2 * MINUTE_MS) & (at[fits] <= at[flip] + MINUTE_MS)]
        fits = beside if len(beside) else fits
    best = fits[np.argmax(np.abs(change[fits]))]
    return int(at[best] + 1000 * second[best])


def _by_record(told: pd.DataFrame | None, change_ms: int, into: float, window_min: float) -> int | None:
    """The wear record of this change: it names a moment within the window, or was kept within 90 s of the change."""
    if told is None or not len(told):
        return None
    named = told["edge_ms"].to_numpy(np.int64)
    near = np.abs(named - change_ms) <= window_min * MINUTE_MS
    near |= np.abs(told["utc_ms"].to_numpy(np.int64) - change_ms) <= 90_000
    fits = np.flatnonzero(near & (told["worn"].to_numpy(np.float64) == into))
    return int(named[fits[np.argmin(np.abs(named[fits] - change_ms))]]) if len(fits) else None


def _by_warmth(
    at: np.ndarray,
    liner: np.ndarray,
    near: np.ndarray,
    into: float,
    lag_s: float,
    least_degc_min: float = 0.05,
) -> int | None:
    """Where the liner warmed or cooled fastest from one minute to the next, less the sensor's lag."""
    if len(near) < 3:
        return None
    step = np.diff(liner[near]) * (1 if into else -1)
    step[np.abs(np.diff(at[near]) - MINUTE_MS) > MINUTE_MS / 2] = np.nan
    if np.isnan(step).all() or np.nanmax(step) < least_degc_min:
        return None
    return int(at[near[int(np.nanargmax(step)) + 1]] - 1000 * lag_s)
