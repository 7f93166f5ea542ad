"""Records in time: the clock pairs of one boot tie its milliseconds to UTC; a boot without any cannot be placed.

Between two pairs the brace's drift is shared out; before the first and after the last the drift fitted to the pairs
there goes on. Pairs that contradict each other are not averaged: those that contradict most are dropped, of equals
one that no host told, then the earlier. Nothing is ever placed by a clock that has not been set (before 2020).
How far wrong a moment can be is a bound, of what `wander.py` says a clock can do, and not an average.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from talus_host.wander import CRYSTAL_PPM, SLEEP_PPM, WANDER_PPM, Rests

STEP_MS = 1000.0  # a host's clock may be stepped by its own time service between two syncs
EARLIEST_UTC_MS = 1_577_836_800_000  # 2020-01-01: a brace that knows only 1970 or 2000 knows nothing
TREND_MS, TREND_MOST = 86_400_000, 32  # the drift is that of a day's pairs, of the last of them where they are many
THIN_MS, THIN_MOST = 600_000, 1000  # a host that stays near asks often: of many pairs the surest of each ten minutes


@dataclass(frozen=True)
class Pairs:
    """Clock pairs of one boot, one array entry per clock record, in order of `at_ms`."""

    at_ms: np.ndarray  # int64, ms since boot
    utc_ms: np.ndarray  # int64
    uncertainty_ms: np.ndarray  # float64, half-width; NaN unknown
    by_host: np.ndarray  # bool

    def take(self, which: np.ndarray) -> "Pairs":
        return Pairs(self.at_ms[which], self.utc_ms[which], self.uncertainty_ms[which], self.by_host[which])

    @property
    def offset_ms(self) -> np.ndarray:
        return (self.utc_ms - self.at_ms).astype(np.float64)

    @property
    def half_ms(self) -> np.ndarray:
        return np.nan_to_num(self.uncertainty_ms, nan=65535.0)


@dataclass(frozen=True)
class Rate:
    """How much UTC gains on the brace's clock: ppm, and how far from it the middle of what the clock does may be."""

    ppm: float = 0.0
    half_ppm: float = CRYSTAL_PPM


@dataclass(frozen=True)
class Fit:
    """What the pairs of a boot come to: which are believed, which of those the placement goes through, the drift on the
    way to each of these (of no other), and that before the first."""

    believed: np.ndarray
    used: np.ndarray
    rates: list[Rate]
    before: Rate


@dataclass(frozen=True)
class Placement:
    """The map from one boot's milliseconds to UTC through knots. Between two of them what the drift leaves over is
    given to time asleep and awake as each is loose (all awake or all unknown: evenly); beyond the ends the drift goes
    on."""

    at_ms: np.ndarray
    offset_ms: np.ndarray
    uncertainty_ms: np.ndarray
    rates: list[Rate]
    before: Rate = Rate()
    rests: Rests = field(default_factory=Rests.unknown)

    @property
    def after(self) -> Rate:
        return self.rates[-1]

    def _offset(self, at: np.ndarray) -> np.ndarray:
        early = np.minimum(at - self.at_ms[0], 0) * (self.before.ppm * 1e-6)
        late = np.maximum(at - self.at_ms[-1], 0) * (self.after.ppm * 1e-6)
        inside = np.clip(at, self.at_ms[0], self.at_ms[-1])
        between = np.full(len(at), self.offset_ms[0])
        if len(self.at_ms) > 1 and (inside > self.at_ms[0]).any():
            left, right = self._around(inside)
            gone, loose, loosest, rate = self._gone(inside, left, right)
            over = self.offset_ms[right] - self.offset_ms[left] - rate * (self.at_ms[right] - self.at_ms[left])
            between = self.offset_ms[left] + rate * gone + over * (loose / loosest)
        return np.rint(between + early + late).astype(np.int64)

    def _around(self, at: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        right = np.clip(np.searchsorted(self.at_ms, at, side="right"), 1, len(self.at_ms) - 1)
        return right - 1, right

    def _gone(self, at: np.ndarray, left: np.ndarray, right: np.ndarray) -> tuple[np.ndarray, ...]:
        """Of each moment: ms since the knot before, looseness since it, that up to the next knot, the drift there."""
        loose = self.rests.loose_ms(self.at_ms)
        rate = np.array([one.ppm for one in self.rates])[right] * 1e-6
        return at - self.at_ms[left], self.rests.loose_ms(at) - loose[left], loose[right] - loose[left], rate

    def utc(self, at_ms: np.ndarray) -> np.ndarray:
        """int64 UTC ms of int64 ms since boot."""
        at = np.asarray(at_ms, dtype=np.int64)
        return at + self._offset(at)

    def at(self, utc_ms: np.ndarray) -> np.ndarray:
        """int64 ms since boot of int64 UTC ms; within 1 ms of the inverse of `utc`."""
        utc = np.asarray(utc_ms, dtype=np.int64)
        at = utc - int(self.offset_ms[0])
        for _ in range(5):  # each turn leaves a hundredth of the error or less
            at = utc - self._offset(at)
        return at

    def uncertainty(self, at_ms: np.ndarray) -> np.ndarray:
        """float64 half-width in ms: that of the pairs around, and how far the clock can have strayed since."""
        at = np.asarray(at_ms, dtype=np.float64)
        loose = self.rests.loose_ms(self.at_ms)
        found = np.full(len(at), self.uncertainty_ms[0])
        if len(self.at_ms) > 1:
            found = self._within(at)
        for outside, knot, rate in ((at < self.at_ms[0], 0, self.before), (at > self.at_ms[-1], -1, self.after)):
            strayed = np.abs(self.rests.loose_ms(at) - loose[knot]) / 2
            grown = rate.half_ppm * 1e-6 * np.abs(at - self.at_ms[knot]) + strayed
            found[outside] = (self.uncertainty_ms[knot] + grown)[outside]
        return found

    def _within(self, at: np.ndarray) -> np.ndarray:
        """Half-widths between knots: theirs, and what the clock can have done on the nearer side. What of the drift is
        wrong is made good over the whole of the way, so it counts only as sleep lies unevenly in it."""
        left, right = self._around(at)
        gone, loose, loosest, _ = self._gone(at, left, right)
        wide = (self.at_ms[right] - self.at_ms[left]).astype(np.float64)
        mean = loosest / wide
        wrong = np.array([one.half_ppm for one in self.rates])[right] * 1e-6
        sides = []
        for away, strayed in ((gone, loose), (wide - gone, loosest - loose)):
            asleep = (strayed - WANDER_PPM * 1e-6 * away) / ((SLEEP_PPM - WANDER_PPM) * 1e-6)
            uneven = (away - asleep) * (1 - WANDER_PPM * 1e-6 / mean) + asleep * (SLEEP_PPM * 1e-6 / mean - 1)
            sides.append(strayed + wrong * uneven)
        half = self.uncertainty_ms
        return half[left] + (half[right] - half[left]) * (gone / wide) + np.minimum(*sides)


def believed(pairs: Pairs, *, step_ms: float = STEP_MS) -> np.ndarray:
    """bool per pair: whether it belongs to the largest set whose offsets differ by no more than their uncertainties,
    any drift there can be, and one step of a host's clock. On a tie more host pairs, then the later."""
    set_once = pairs.utc_ms >= EARLIEST_UTC_MS
    if not set_once.any():
        return set_once
    half, offset = pairs.half_ms, pairs.offset_ms
    apart = np.abs(offset[:, None] - offset[None, :])
    far = np.abs(pairs.at_ms[:, None] - pairs.at_ms[None, :])
    reach = half[:, None] + half[None, :] + step_ms + SLEEP_PPM / 2 * 1e-6 * far
    agree = (apart <= reach) & set_once[:, None] & set_once[None, :]
    rank = np.lexsort((pairs.at_ms, agree @ pairs.by_host.astype(np.int64), agree.sum(axis=1)))
    centre = next(i for i in rank[::-1] if set_once[i])
    return agree[centre]


def fit(pairs: Pairs, rests: Rests | None = None) -> Fit:
    """Which pairs are believed and what drift they show. rests: when the brace may have slept; None: not known."""
    rests = rests or Rests.unknown()
    asked = _thinned(pairs)
    kept = asked[believed(pairs.take(asked))] if len(asked) else asked
    kept = kept[_agreeing(pairs.take(kept), rests)]
    told = pairs.utc_ms >= EARLIEST_UTC_MS
    told[np.setdiff1d(asked, kept)] = False
    used = np.zeros(len(told), dtype=bool)
    used[kept[_knots(pairs.take(kept), rests)]] = True
    if not used.any():
        return Fit(used, used, [], Rate())
    line = pairs.take(np.flatnonzero(used))
    rates = [_ending(line, rests, index) for index in range(len(line.at_ms))]
    first = np.flatnonzero(line.at_ms <= line.at_ms[0] + TREND_MS)[:TREND_MOST]
    return Fit(told, used, rates, _drift(line, rests, first if len(first) > 1 else np.arange(len(line.at_ms))[:2]))


def placed_by(pairs: Pairs, found: Fit, rests: Rests | None = None) -> Placement | None:
    """The placement through the pairs that are used, or None when there is none."""
    if not found.used.any():
        return None
    line = pairs.take(np.flatnonzero(found.used))
    rests = rests or Rests.unknown()
    return Placement(line.at_ms, line.offset_ms, line.half_ms, found.rates, found.before, rests)


def place(pairs: Pairs, rests: Rests | None = None) -> Placement | None:
    """The placement these pairs give, or None when no pair can be believed."""
    return placed_by(pairs, fit(pairs, rests), rests)


def _thinned(pairs: Pairs) -> np.ndarray:
    """Indices of the surest pair of each stretch; all where there are not too many."""
    count, width = len(pairs.at_ms), THIN_MS
    found = np.arange(count)
    while len(found) > THIN_MOST:
        order = np.lexsort((-np.arange(count), pairs.half_ms, pairs.at_ms // width))
        found = np.sort(order[np.unique(pairs.at_ms[order] // width, return_index=True)[1]])
        width *= 2
    return found


def _agreeing(pairs: Pairs, rests: Rests) -> np.ndarray:
    """bool per pair: with the drift taken away, no two that stay are further apart than the clock can have strayed."""
    keep = np.ones(len(pairs.at_ms), dtype=bool)
    if len(keep) < 2:
        return keep
    rate = _drift(pairs, rests, np.arange(len(keep)))
    rest = pairs.offset_ms - rate.ppm * 1e-6 * pairs.at_ms
    half, loose = pairs.half_ms, rests.loose_ms(pairs.at_ms)
    far = np.abs(pairs.at_ms[:, None] - pairs.at_ms[None, :]) * 1e-6
    reach = half[:, None] + half[None, :] + np.abs(loose[:, None] - loose[None, :]) + 1
    reach += min(rate.half_ppm, CRYSTAL_PPM) * far
    against = np.abs(rest[:, None] - rest[None, :]) > reach
    counts = against.sum(axis=1)
    while counts.any():
        worst = np.lexsort((pairs.at_ms, pairs.by_host, -counts))[0]
        keep[worst] = False
        counts = np.where(keep, counts - against[worst], 0)
    return keep


def _knots(pairs: Pairs, rests: Rests) -> np.ndarray:
    """Indices, in order of time, of pairs that tell more than those around them already do; of pairs at one moment the
    surest, of equals the later told."""
    half, loose = pairs.half_ms, rests.loose_ms(pairs.at_ms)
    kept: list[int] = []
    for i in np.lexsort((-np.arange(len(half)), half)).tolist():
        near = np.array(kept, dtype=np.int64)
        if not kept or half[i] < (half[near] + np.abs(loose[near] - loose[i])).min():
            kept.append(i)
    return np.sort(np.array(kept, dtype=np.int64))


def _ending(line: Pairs, rests: Rests, index: int) -> Rate:
    """The drift on the way to a knot, of the pairs of the day before it: what comes later changes nothing of it."""
    near = np.flatnonzero(line.at_ms[: index + 1] >= line.at_ms[index] - TREND_MS)[-TREND_MOST:]
    return _drift(line, rests, near if len(near) > 1 else np.arange(max(index - 1, 0), index + 1))


def _drift(line: Pairs, rests: Rests, which: np.ndarray) -> Rate:
    """The drift through these pairs: the weighted median of all the lines through two of them (Theil 1950, Sen 1968), a
    line's weight being its length over what its ends and the clock leave open; held to what every line allows, and any
    crystal. Where these contradict each other the median is left, and how far the surest line is from it."""
    at, offset = line.at_ms[which].astype(np.float64), line.offset_ms[which]
    half, loose = line.half_ms[which], rests.loose_ms(line.at_ms[which])
    one, other = np.triu_indices(len(which), 1)
    real = at[other] > at[one]
    if not real.any():
        return Rate()
    one, other = one[real], other[real]
    wide = (at[other] - at[one]) * 1e-6
    slopes = (offset[other] - offset[one]) / wide
    ends, strayed = half[one] + half[other] + 1, loose[other] - loose[one]
    opens = (ends + strayed / 2) / wide
    order = np.argsort(slopes, kind="stable")
    heavy = np.cumsum((wide / (ends + strayed))[order])
    ppm = float(slopes[order[np.searchsorted(heavy, heavy[-1] / 2)]])
    low, high = max((slopes - opens).max(), -CRYSTAL_PPM), min((slopes + opens).min(), CRYSTAL_PPM)
    if low <= high:
        ppm = float(min(max(ppm, low), high))
        return Rate(ppm, float(max(high - ppm, ppm - low)))
    best = np.argmin(opens)
    limit = CRYSTAL_PPM + SLEEP_PPM / 2
    ppm = min(max(ppm, -limit), limit)
    return Rate(ppm, float(opens[best] + abs(slopes[best] - ppm)))


def moved(before: Placement | None, after: Placement | None) -> list[tuple[float, float]]:
    """The stretches of ms since boot, (from, to) and possibly infinite, that the two place differently. A new pair at
    the end moves only what came after the last one before it."""
    if before is None and after is None:
        return []
    if before is None or after is None:
        return [(-np.inf, np.inf)]
    old, new = ([*zip(p.at_ms.tolist(), p.offset_ms.tolist(), p.rates, strict=True)] for p in (before, after))
    found = _of_rests(before, after)
    if old != new:
        head = _common(old, new)
        tail = _common(old[::-1], new[::-1])
        found.append((float(old[head - 1][0]) if head else -np.inf, float(old[-tail][0]) if tail else np.inf))
    if before.before.ppm != after.before.ppm:
        found.append((-np.inf, float(max(before.at_ms[0], after.at_ms[0]))))
    return found


def _of_rests(before: Placement, after: Placement) -> list[tuple[float, float]]:
    """Where the two know otherwise of sleep, up to the knots around."""
    old, new = ([*zip(p.rests.at_ms.tolist(), p.rests.asleep.tolist(), strict=True)] for p in (before, after))
    if old == new:
        return []
    head = _common(old, new)
    tail = _common(old[head:][::-1], new[head:][::-1])
    starts = [one[head][0] for one in (old, new) if len(one) > head]
    ends = [one[-tail][0] if tail else np.inf for one in (old, new)]
    start, end = (min(starts) if head else -np.inf), max(ends)
    begins = [p.at_ms[p.at_ms <= start].max(initial=-(2**62)) for p in (before, after)]
    finishes = [p.at_ms[p.at_ms >= end].min(initial=2**62) for p in (before, after)]
    return [(float(min(begins)), float(max(finishes)))]


def _common(a: Sequence[Any], b: Sequence[Any]) -> int:
    """How many leading entries two lists share."""
    count = 0
    for x, y in zip(a, b, strict=False):
        if x != y:
            break
        count += 1
    return count
