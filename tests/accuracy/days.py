"""Days that try to deceive a wear detector: by the desk from the brace's minutes, and by DETACH from raw series.

Truth and series are the twin's (talus_twin.body.wear_days); both are scored by the same rule.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from host.deceiving import Score, decided, score

from talus_twin.body import wear_days
from talus_twin.body.wear_days import DAY_S, WearDay

SEEDS = (1, 2)
RATE_HZ = 20  # of the raw acceleration


@dataclass(frozen=True)
class Day:
    """One day by one judge. said: why it could not judge, empty where it did."""

    name: str
    seed: int
    score: Score | None
    said: str = ""


def names() -> list[tuple[str, int]]:
    return [(name, seed) for name in wear_days.list_days() for seed in SEEDS]


def ours(name: str, seed: int) -> Day:
    day = wear_days.make(name, seed)
    return Day(name, seed, score(day, *decided(day)))


def raw_of(day: WearDay) -> tuple[np.ndarray, np.ndarray]:
    """(samples x 3 in g, liner in degC at each sample): what DETACH takes. NaN where nothing was measured."""
    acceleration = day.raw.acceleration_g.T
    return acceleration, np.repeat(day.raw.liner_degc, RATE_HZ)[: len(acceleration)]


def theirs(name: str, seed: int, spans: list[tuple[int, int]], said: str) -> Day:
    """spans: worn, as indices into the raw series."""
    if said:
        return Day(name, seed, None, said)
    day = wear_days.make(name, seed)
    end = day.start_ms + 1000 * DAY_S
    cuts = [day.start_ms]
    states = []
    for first, last in spans:
        cuts += [day.start_ms + first * 1000 // RATE_HZ, day.start_ms + last * 1000 // RATE_HZ]
        states += [0, 1]
    cuts.append(end)
    states.append(0)
    tiles = pd.DataFrame({"start_ms": cuts[:-1], "end_ms": cuts[1:], "state": states})
    tiles = tiles[tiles["end_ms"] > tiles["start_ms"]].reset_index(drop=True)
    return Day(name, seed, score(day, tiles, pd.DataFrame({"low_confidence": [False]})))
