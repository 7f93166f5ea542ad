"""Records in time: the clock pairs of one boot tie its milliseconds to UTC; a boot without any cannot be placed.

Between two pairs the brace's drift is shared out evenly; before the first and after the last its own clock is taken
at its word. Pairs that contradict each other are not averaged: the largest agreeing set is believed, and on a tie the
one with more host pairs, then the later one. Nothing is ever placed by a clock that has not been set (before 2020).
"""

from dataclasses import dataclass

import numpy as np

# A brace's crystal is within 100 ppm and its sleep oscillator, corrected, within 500 [E]; a host's clock may be
# stepped by its own time service between two syncs.
DRIFT_PPM = 500.0
STEP_MS = 1000.0
EARLIEST_UTC_MS = 1_577_836_800_000  # 2020-01-01: a brace that knows only 1970 or 2000 knows nothing


@dataclass(frozen=True)
class Pairs:
    """Clock pairs of one boot, one array entry per clock record, in order of `at_ms`."""

    at_ms: np.ndarray  # int64, ms since boot
    utc_ms: np.ndarray  # int64
    uncertainty_ms: np.ndarray  # float64, half-width; NaN unknown
    by_host: np.ndarray  # bool


@dataclass(frozen=True)
class Placement:
    """The map from one boot's milliseconds to UTC: knots, straight between them, rate 1 outside."""

    at_ms: np.ndarray
    offset_ms: np.ndarray
    uncertainty_ms: np.ndarray

    def utc(self, at_ms: np.ndarray) -> np.ndarray:
        """int64 UTC ms of int64 ms since boot."""
        at = np.asarray(at_ms, dtype=np.int64)
        return at + np.rint(np.interp(at, self.at_ms, self.offset_ms)).astype(np.int64)

    def at(self, utc_ms: np.ndarray) -> np.ndarray:
        """int64 ms since boot of int64 UTC ms; within 1 ms of the inverse of `utc`."""
        utc = np.asarray(utc_ms, dtype=np.int64)
        return utc - np.rint(np.interp(utc, self.at_ms + self.offset_ms, self.offset_ms)).astype(np.int64)

    def uncertainty(self, at_ms: np.ndarray, *, drift_ppm: float = DRIFT_PPM) -> np.ndarray:
        """float64 half-width in ms: the nearest pair's, and the drift possible since."""
        at = np.asarray(at_ms, dtype=np.float64)
        right = np.clip(np.searchsorted(self.at_ms, at), 0, len(self.at_ms) - 1)
        left = np.clip(right - 1, 0, None)
        grow = drift_ppm * 1e-6
        from_left = self.uncertainty_ms[left] + grow * np.abs(at - self.at_ms[left])
        from_right = self.uncertainty_ms[right] + grow * np.abs(at - self.at_ms[right])
        return np.fmin(from_left, from_right)


def believed(pairs: Pairs, *, drift_ppm: float = DRIFT_PPM, step_ms: float = STEP_MS) -> np.ndarray:
    """bool per pair: whether it belongs to the set that is believed. Two pairs agree when their offsets differ by
    no more than their uncertainties, the drift possible between them and one step of a host's clock."""
    set_once = pairs.utc_ms >= EARLIEST_UTC_MS
    if not set_once.any():
        return set_once
    offset = (pairs.utc_ms - pairs.at_ms).astype(np.float64)
    half = np.nan_to_num(pairs.uncertainty_ms, nan=65535.0)
    apart = np.abs(offset[:, None] - offset[None, :])
    reach = (
        half[:, None] + half[None, :] + step_ms + drift_ppm * 1e-6 * np.abs(pairs.at_ms[:, None] - pairs.at_ms[None, :])
    )
    agree = (apart <= reach) & set_once[:, None] & set_once[None, :]
    rank = np.lexsort((pairs.at_ms, agree @ pairs.by_host.astype(np.int64), agree.sum(axis=1)))
    centre = next(i for i in rank[::-1] if set_once[i])
    return agree[centre]


def place(pairs: Pairs) -> Placement | None:
    """The placement these pairs give, or None when no pair can be believed."""
    chosen = np.flatnonzero(believed(pairs)) if len(pairs.at_ms) else np.array([], dtype=np.int64)
    if not len(chosen):
        return None
    half = np.nan_to_num(pairs.uncertainty_ms, nan=65535.0)
    # Of pairs at the same millisecond the surest speaks; of equals, the later told.
    order = chosen[np.lexsort((-chosen, half[chosen], pairs.at_ms[chosen]))]
    first = np.concatenate(([True], np.diff(pairs.at_ms[order]) > 0))
    knots = order[first]
    at = pairs.at_ms[knots].astype(np.int64)
    return Placement(at, (pairs.utc_ms[knots] - at).astype(np.float64), half[knots])


def moved(before: Placement | None, after: Placement | None) -> tuple[float, float] | None:
    """The stretch of ms since boot, (from, to) and both possibly infinite, that the two place differently;
    None where they place everything the same. A new pair at the end moves only what came after the last one."""
    if before is None and after is None:
        return None
    if before is None or after is None:
        return -np.inf, np.inf
    old = list(zip(before.at_ms.tolist(), before.offset_ms.tolist(), strict=True))
    new = list(zip(after.at_ms.tolist(), after.offset_ms.tolist(), strict=True))
    if old == new:
        return None
    head = _common(old, new)
    tail = _common(old[::-1], new[::-1])
    start = old[head - 1][0] if head else -np.inf
    end = old[-tail][0] if tail else np.inf
    return float(start), float(end)


def _common(a: list[tuple[int, float]], b: list[tuple[int, float]]) -> int:
    """How many leading entries two lists share."""
    count = 0
    for x, y in zip(a, b, strict=False):
        if x != y:
            break
        count += 1
    return count
