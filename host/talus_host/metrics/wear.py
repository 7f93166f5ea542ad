"""When was the brace worn, when not, and when is it not known?

Follows what was decided of each minute (wear_model), then the rules of the clinical reference (section 1.2): a change
is moved to its edge; wear shorter than 5 minutes is dropped where it is known what lay around it; gaps in wear shorter
than 5 minutes are closed, those of 5 to 15 minutes are adjustments. A minute without a record is unknown and nothing is
closed across it.
"""

import numpy as np
import pandas as pd

NOT_WORN, WORN, UNKNOWN = 0, 1, 2
STATES = ("not_worn", "worn", "unknown")
MINUTE_MS = 60_000


def segments(
    minutes: pd.DataFrame,
    edges: pd.DataFrame,
    *,
    start_ms: int,
    end_ms: int,
    drop_min: float = 5.0,
    merge_min: float = 5.0,
    edge_window_min: float = 10.0,
    snap_s: float = 2.0,
) -> pd.DataFrame:
    """The stretch [start_ms, end_ms) cut into start_ms, end_ms, state (0 not worn, 1 worn, 2 unknown), without holes.

    minutes: utc_ms, worn (1.0, 0.0, NaN), brace (any integer: minutes of one brace follow each other). Where two
    braces of one leg speak at once, worn outdoes not worn, and both outdo unknown.
    edges: utc_ms (the change, or when the brace decided), edge_ms (when the change was), worn. drop_min and merge_min:
    5 min is the shortest removal DETACH resolves (Vert 2022). snap_s: minutes closer than this leave no hole between.
    """
    starts, ends, states = _painted(minutes, start_ms, end_ms, snap_s)
    starts, ends, states = _refined(starts, ends, states, edges, edge_window_min)
    starts, ends, states = _flip_short(starts, ends, states, WORN, NOT_WORN, drop_min)
    starts, ends, states = _flip_short(starts, ends, states, NOT_WORN, WORN, merge_min)
    return pd.DataFrame({"start_ms": starts, "end_ms": ends, "state": states})


def adjustments(table: pd.DataFrame, *, least_min: float = 5.0, under_min: float = 15.0) -> np.ndarray:
    """UTC ms at which each gap in wear began that was as short as an adjustment of the brace takes [E]: not worn, with
    wear on both sides. More than 6 a day is a sign of discomfort [E]; the gaps stay time not worn."""
    state = table["state"].to_numpy()
    length = (table["end_ms"] - table["start_ms"]).to_numpy(np.int64)
    short = (length >= least_min * MINUTE_MS) & (length < under_min * MINUTE_MS) & (state == NOT_WORN)
    short[1:-1] &= (state[:-2] == WORN) & (state[2:] == WORN)
    short[:1] = short[-1:] = False
    return table["start_ms"].to_numpy(np.int64)[short]


def clipped(table: pd.DataFrame, start_ms: int, end_ms: int) -> pd.DataFrame:
    """The part of a segment table that lies within [start_ms, end_ms)."""
    start = table["start_ms"].clip(lower=start_ms)
    end = table["end_ms"].clip(upper=end_ms)
    cut = pd.DataFrame({"start_ms": start, "end_ms": end, "state": table["state"]})
    return cut[cut["end_ms"] > cut["start_ms"]].reset_index(drop=True)


def _painted(minutes: pd.DataFrame, start_ms: int, end_ms: int, snap_s: float) -> tuple[np.ndarray, ...]:
    """The minutes' own words as runs over [start_ms, end_ms)."""
    at = minutes["utc_ms"].to_numpy(np.int64)
    order = np.lexsort((at, minutes["brace"].to_numpy(np.int64)))
    at = at[order]
    brace = minutes["brace"].to_numpy(np.int64)[order]
    worn = minutes["worn"].to_numpy(np.float64)[order]
    ends = at + MINUTE_MS
    follows = np.zeros(len(at), dtype=bool)
    follows[:-1] = (brace[1:] == brace[:-1]) & (at[1:] - ends[:-1] <= snap_s * 1000)
    ends[:-1] = np.where(follows[:-1], at[1:], ends[:-1])
    cuts = np.unique(np.clip(np.concatenate(([start_ms, end_ms], at, ends)), start_ms, end_ms))
    states = np.full(len(cuts) - 1, UNKNOWN)
    for state in (NOT_WORN, WORN):  # the later painted outdoes the earlier
        said = worn == state
        cover = np.zeros(len(cuts), dtype=np.int64)
        np.add.at(cover, np.searchsorted(cuts, np.clip(at[said], start_ms, end_ms)), 1)
        np.add.at(cover, np.searchsorted(cuts, np.clip(ends[said], start_ms, end_ms)), -1)
        states[np.cumsum(cover)[:-1] > 0] = state
    return _runs(cuts[:-1], cuts[1:], states)


def _runs(starts: np.ndarray, ends: np.ndarray, states: np.ndarray) -> tuple[np.ndarray, ...]:
    """Neighbours of one state joined, empty stretches dropped. The stretches must touch each other."""
    real = ends > starts
    starts, ends, states = starts[real], ends[real], states[real]
    if not len(states):
        return starts, ends, states
    first = np.concatenate(([True], states[1:] != states[:-1]))
    last = np.concatenate((first[1:], [True]))
    return starts[first], ends[last], states[first]


def _refined(
    starts: np.ndarray, ends: np.ndarray, states: np.ndarray, edges: pd.DataFrame, window_min: float
) -> tuple[np.ndarray, ...]:
    """Changes between worn and not worn moved to where the wear records put them.

    A record belongs to a change into its own state that lies within the window of the moment it names, or within
    90 s of the moment the brace decided (it may need longer than the window to make up its mind).
    """
    if not len(edges):
        return starts, ends, states
    starts, ends = starts.copy(), ends.copy()
    named = edges["edge_ms"].to_numpy(np.int64)
    decided = edges["utc_ms"].to_numpy(np.int64)
    into = edges["worn"].to_numpy(np.float64)
    for i in range(1, len(states)):
        if states[i] == UNKNOWN or states[i - 1] == UNKNOWN:
            continue
        change = starts[i]
        near = (np.abs(named - change) <= window_min * MINUTE_MS) | (np.abs(decided - change) <= 90_000)
        fits = np.flatnonzero(near & (into == states[i]))
        if len(fits):
            own = fits[decided[fits] == change]  # made for this very change
            fits = own if len(own) else fits
            best = fits[np.argmin(np.abs(named[fits] - change))]
            starts[i] = ends[i - 1] = np.clip(named[best], starts[i - 1], ends[i])
    return _runs(starts, ends, states)


def _flip_short(
    starts: np.ndarray, ends: np.ndarray, states: np.ndarray, what: int, around: int, shorter_min: float
) -> tuple[np.ndarray, ...]:
    """Runs of `what` shorter than the limit, with `around` known on both sides, become `around`."""
    if len(states) < 3:
        return starts, ends, states
    flip = np.zeros(len(states), dtype=bool)
    flip[1:-1] = (
        (states[1:-1] == what)
        & (states[:-2] == around)
        & (states[2:] == around)
        & (ends[1:-1] - starts[1:-1] < shorter_min * MINUTE_MS)
    )
    return _runs(starts, ends, np.where(flip, around, states))
