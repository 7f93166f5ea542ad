"""Clinical reference 4.4 as changed by 0.4.4, written from its text in real numbers: what must be told of a story.

A story is a list of (mmHg or None, seconds) of one site. Nothing here is of the brace's code: the percentile is sorted
for, windows are sums, tiers are compared in mmHg.
"""

from dataclasses import dataclass, field

import numpy as np

Story = list[tuple[float | None, int]]
MINUTE = 60


@dataclass
class Told:
    """minute: since the start; what: open, rise or end; tier: 1 amber, 2 red."""

    minute: int
    what: str
    tier: int
    prompted: bool = False


@dataclass
class Limits:
    """Levels in mmHg with their minutes; None: below the sensor's floor."""

    amber: tuple[float, int] | None
    red: list[tuple[float, int]] = field(default_factory=list)
    release: float = 25.0


def limits(fibular: bool, fit_mmhg: float | None = None, floor_mmhg: float = 0.0) -> Limits:
    amber, red = ((25.0, 10), (50.0, 30)) if fibular else ((35.0, 15), (67.0, 60))
    if fit_mmhg is not None:
        amber = (max(20.0, min(1.5 * fit_mmhg, red[0] - 10)), amber[1])
    reds = [one for one in (red, (150.0, 15)) if one[0] >= floor_mmhg]
    kept = amber if amber[0] >= floor_mmhg else None
    lowest = min([one[0] for one in ([kept] if kept else []) + reds])
    return Limits(kept, reds, max(lowest - 10, floor_mmhg))


def sustained(story: Story) -> np.ndarray:
    """By the second: the 20th percentile of the minute before, NaN where less than half of it was measured."""
    value = np.concatenate([np.full(seconds, np.nan if mmhg is None else mmhg) for mmhg, seconds in story])
    found = np.full(len(value), np.nan)
    for second in range(len(value)):
        last = value[max(0, second - MINUTE + 1) : second + 1]
        known = np.sort(last[~np.isnan(last)])
        if len(known) >= MINUTE // 2:
            found[second] = known[int(np.ceil(0.2 * len(known))) - 1]
    return found


def judge(p_sus: np.ndarray, what: Limits) -> list[Told]:
    """What is told, looked at once a minute."""
    found: list[Told] = []
    tier, below, silent = 0, 0, 0
    last_amber = -(10**6)
    for minute in range(1, len(p_sus) // MINUTE + 1):
        past = p_sus[: minute * MINUTE]
        now = past[-MINUTE:]
        reds = any(_held(past, *level) for level in what.red)
        reached = 2 if reds else 1 if what.amber and _held(past, *what.amber) else 0
        if not tier:
            if reached:
                tier, below, silent = reached, 0, 0
                found.append(Told(minute, "open", tier))
        else:
            known = int((~np.isnan(now)).sum()) >= MINUTE // 2
            silent = 0 if known else silent + 1
            below = below + 1 if known and np.nanmax(now) < what.release else 0
            if below >= 5 or silent >= 30:
                found.append(Told(minute, "end", tier))
                tier = 0
                continue
            if reached > tier:
                tier = reached
                found.append(Told(minute, "rise", tier))
        if found and found[-1].minute == minute and found[-1].what != "end":
            found[-1].prompted = tier == 2 or minute - last_amber >= 60
            if tier == 1 and found[-1].prompted:
                last_amber = minute
    return found


def _held(past: np.ndarray, mmhg: float, minutes: int) -> bool:
    return bool((past[-minutes * MINUTE :] >= mmhg).sum() >= 0.95 * minutes * MINUTE)
