"""Sets of exercises through the brace's own counting."""

from collections.abc import Sequence
from dataclasses import dataclass

from talus.events.exercise import Exercise
from talus.events.gait import Gait
from talus.settings import Settings
from talus.wire import kinds
from talus_twin.body import exercising

SEEDS: Sequence[int] = range(101, 113)
REPETITIONS, RANGE = (kinds.BY_NAME["exercise"].index(name) for name in ("repetitions", "range"))


@dataclass(frozen=True)
class Counted:
    """One set: what it was, how many repetitions were true and told (None: not measurable), and the range's error."""

    name: str
    seed: int
    true: int | None
    told: int | None
    range_error_deg: float


def names() -> list[tuple[str, int]]:
    return [(name, seed) for name in exercising.NAMES for seed in SEEDS]


def values(made: exercising.Set) -> list[int | None]:
    """The record a brace keeps of this set, with its own gait beside it."""
    settings = Settings()
    machine, gait = Exercise(settings, made.heel), Gait(settings, 0, None, made.heel)
    machine.start(made.exercise)
    for sample in made.samples:
        if machine.update(sample, gait.update(sample)):
            return list(machine.values)
    machine.stop()
    machine.update(made.samples[-1], 0)
    return list(machine.values)


def counted(name: tuple[str, int]) -> Counted:
    made = exercising.make(*name)
    told = values(made)
    error = float("nan")
    if made.truth.range_deg is not None and told[RANGE] is not None:
        error = told[RANGE] / 100 - made.truth.range_deg
    return Counted(made.name, made.seed, made.truth.repetitions, told[REPETITIONS], error)
