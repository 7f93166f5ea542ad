"""Days of long pressures, near misses and sensors that deceive, through the brace's own judgement."""

from collections.abc import Sequence
from dataclasses import dataclass

SEEDS: Sequence[int] = range(1, 13)


@dataclass(frozen=True)
class Pressed:
    """One day: events that were due, by tier; how many of them were missed or told at another tier; events told that
    were none; and the delay of each tier told, in minutes."""

    seed: int
    due: dict[str, int]
    missed: dict[str, int]
    false: dict[str, int]
    late_min: list[float]


def pressed(seed: int) -> Pressed:
    return Pressed(seed, {}, {}, {}, [])
