# What somebody else found in the same walk (<name>_events.csv), and how far the brace's findings lie from it.
# HS and TO without a suffix are the reference; labels with one (HS_zeni, HS_weak, HS_r) are secondary and only
# kept. Pure functions: seconds on the recording's own clock in, numbers out. A stride is two consecutive HS of
# one leg, 0.4 to 4 s apart and less than 1.6 times the median (the data's own README).

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from talus_twin.body.errors import RecordingError
from talus_twin.body.reading import number, read_rows

HEEL_STRIKE = "HS"
TOE_OFF = "TO"
STRIDE_LOW_S = 0.4
STRIDE_HIGH_S = 4.0
STRIDE_ODD = 1.6
TOLERANCE_S = 0.5  # a pair further apart is no pair (clinical reference 2.2: the widest of the three tolerances)


@dataclass(frozen=True)
class Comparison:
    """One row of the table "found against reference". Times in ms, found less reference; NaN: nothing to compare.

    strides_found: all; strides_covered: those inside the reference's own walking (it may leave out turns);
    strides_reference, strides_matched: by initial contact; cadences in steps a minute, from mean strides.
    """

    strides_found: int
    strides_covered: int
    strides_reference: int
    strides_matched: int
    hs_median_abs_ms: float
    hs_bias_ms: float
    to_median_abs_ms: float
    to_bias_ms: float
    cadence_found: float
    cadence_reference: float


def events_path(recording: str | Path) -> Path:
    """Where the reference events of a recording lie: <name>_events.csv beside <name>.csv."""
    path = Path(recording)
    return path.with_name(f"{path.stem}_events.csv")


def load_events(path: str | Path) -> dict[str, np.ndarray]:
    """Label -> rising times in seconds. Raises RecordingError, one line, for a file that is no event list."""
    path = Path(path)
    header, rows = read_rows(path)
    for column in ("time_s", "event"):
        if column not in header:
            raise RecordingError(f"{path.name}: column '{column}' is missing")
    time_at, event_at = header.index("time_s"), header.index("event")
    found: dict[str, list[float]] = {}
    for line, row in rows:
        label = row[event_at].strip()
        if not label:
            raise RecordingError(f"{path.name}, line {line}, event: the cell is empty where a label belongs")
        found.setdefault(label, []).append(number(path.name, line, "time_s", row[time_at]))
    return {label: np.sort(np.array(times)) for label, times in found.items()}


def strides_of(heel_strikes_s: np.ndarray) -> np.ndarray:
    """Strides as rows (start s, end s): consecutive heel strikes a plausible time apart."""
    times = np.sort(np.asarray(heel_strikes_s, dtype=float))
    if len(times) < 2:
        return np.empty((0, 2))
    pairs = np.column_stack((times[:-1], times[1:]))
    length = np.diff(pairs, axis=1)[:, 0]
    plausible = (length >= STRIDE_LOW_S) & (length <= STRIDE_HIGH_S)
    if not plausible.any():
        return np.empty((0, 2))
    return pairs[plausible & (length < STRIDE_ODD * np.median(length[plausible]))]


def match(found_s: np.ndarray, reference_s: np.ndarray, tolerance_s: float = TOLERANCE_S) -> np.ndarray:
    """Pairs of indices (found, reference), each used once, nearest first, at most tolerance_s apart (inclusive)."""
    found = np.asarray(found_s, dtype=float)
    reference = np.asarray(reference_s, dtype=float)
    if not len(found) or not len(reference):
        return np.empty((0, 2), dtype=int)
    distance = np.abs(found[:, None] - reference[None, :])
    near = np.argwhere(distance <= tolerance_s + 1e-9)
    near = near[np.argsort(distance[near[:, 0], near[:, 1]], kind="stable")]
    free_found = np.ones(len(found), dtype=bool)
    free_reference = np.ones(len(reference), dtype=bool)
    pairs = []
    for i, j in near:
        if free_found[i] and free_reference[j]:
            free_found[i] = free_reference[j] = False
            pairs.append((int(i), int(j)))
    return np.array(sorted(pairs), dtype=int).reshape(-1, 2)


def errors_ms(found_s: np.ndarray, reference_s: np.ndarray, tolerance_s: float = TOLERANCE_S) -> np.ndarray:
    """Found less reference of every matched pair, in ms."""
    pairs = match(found_s, reference_s, tolerance_s)
    return 1000.0 * (np.asarray(found_s, dtype=float)[pairs[:, 0]] - np.asarray(reference_s, dtype=float)[pairs[:, 1]])


def walking_of(strides: np.ndarray) -> np.ndarray:
    """Spans (start s, end s) that strides cover without a break."""
    if not len(strides):
        return np.empty((0, 2))
    breaks = np.flatnonzero(strides[1:, 0] > strides[:-1, 1] + 1e-6)
    starts = strides[np.concatenate(([0], breaks + 1)), 0]
    ends = strides[np.concatenate((breaks, [len(strides) - 1])), 1]
    return np.column_stack((starts, ends))


def covered(strides: np.ndarray, spans: np.ndarray, slack_s: float = 0.25) -> np.ndarray:
    """Which strides lie inside one of the spans, their ends `slack_s` at most outside it (bool per stride)."""
    if not len(strides) or not len(spans):
        return np.zeros(len(strides), dtype=bool)
    inside = (strides[:, :1] >= spans[:, 0] - slack_s) & (strides[:, 1:] <= spans[:, 1] + slack_s)
    return np.asarray(inside.any(axis=1), dtype=bool)


def cadence_of(strides: np.ndarray) -> float:
    """Steps a minute from the mean stride time; NaN without strides."""
    return 120.0 / float(np.mean(strides[:, 1] - strides[:, 0])) if len(strides) else float("nan")


def _middle(values: np.ndarray) -> float:
    return float(np.median(values)) if len(values) else float("nan")


def compare(found_strides: np.ndarray, found_to_s: np.ndarray, events: dict[str, np.ndarray]) -> Comparison:
    """found_strides: rows (start s, end s) as the brace concluded; found_to_s: its toe-offs; events: load_events.

    Heel strikes found are the strides' starts and ends. Cadence is compared inside the reference's walking.
    """
    found = np.asarray(found_strides, dtype=float).reshape(-1, 2)
    strikes = np.unique(np.round(found.ravel(), 4))
    reference_strikes = events.get(HEEL_STRIKE, np.empty(0))
    reference = strides_of(reference_strikes)
    inside = covered(found, walking_of(reference))
    strike_error = errors_ms(strikes, reference_strikes)
    off_error = errors_ms(found_to_s, events.get(TOE_OFF, np.empty(0)))
    return Comparison(
        strides_found=len(found),
        strides_covered=int(inside.sum()),
        strides_reference=len(reference),
        strides_matched=len(match(found[:, 0], reference[:, 0])),
        hs_median_abs_ms=_middle(np.abs(strike_error)),
        hs_bias_ms=_middle(strike_error),
        to_median_abs_ms=_middle(np.abs(off_error)),
        to_bias_ms=_middle(off_error),
        cadence_found=cadence_of(found[inside]),
        cadence_reference=cadence_of(reference),
    )
