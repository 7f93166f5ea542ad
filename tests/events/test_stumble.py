"""Scuff, drag and trip against swings that were disturbed on purpose."""

import random

import pytest
from events.walk import make

from talus.events.gait import Gait
from talus.events.stumble import DRAG, SCUFF, TRIP, Stumble
from talus.settings import Settings
from talus.wire import kinds


def walk_with(ticks: int, kept: float, every_other_mg: int) -> tuple[list[list[int | None]], float]:
    """Thirty strides; in the swing of the twentieth, `ticks` with the rate held down and the shank shaken."""
    dice = random.Random(3)
    walk = make([1.1] * 30)
    for sample in walk.samples:
        sample[kinds.ACC_UP] = 1000 + dice.randint(-30, 30)
        sample[kinds.ACC_FORWARD] = dice.randint(-30, 30)
    begin = round(walk.toe_offs[19] * 100) + 14
    for tick in range(begin, begin + ticks):
        sample = walk.samples[tick]
        sample[kinds.ACC_UP] = 1000 + (every_other_mg if tick % 2 else -every_other_mg)
        rate = sample[kinds.GYRO_SAGITTAL]
        assert rate is not None
        sample[kinds.GYRO_SAGITTAL] = round(rate * kept)
    return walk.samples, begin / 100


def told(samples: list[list[int | None]]) -> list[tuple[float, list[int]]]:
    gait, stumble = Gait(Settings()), Stumble(Settings())
    found = []
    for tick, sample in enumerate(samples):
        if stumble.update(gait, gait.update(sample)):
            found.append((tick / 100 - stumble.back_ms / 1000, list(stumble.values)))
    return found


@pytest.mark.parametrize(("ticks", "what"), [(4, SCUFF), (11, DRAG)])
def test_a_touch_of_the_toe(ticks: int, what: int) -> None:
    samples, begin = walk_with(ticks, 0.5, 900)
    ((at, values),) = told(samples)
    assert values[0] == what
    assert at == pytest.approx(begin, abs=0.05)
    # Early in swing a rate held down is not yet lower than what was before: some of the length is not seen.
    assert ticks * 10 - 45 <= values[1] <= ticks * 10 + 20


def test_a_swing_that_turns_back_is_a_trip() -> None:
    samples, _ = walk_with(8, -0.3, 900)
    ((_, values),) = told(samples)
    assert values[0] == TRIP


def test_clean_walking_is_silent() -> None:
    samples, _ = walk_with(0, 1.0, 0)
    assert told(samples) == []


def test_one_kind_of_evidence_is_not_enough() -> None:
    samples, _ = walk_with(8, 1.0, 900)
    assert told(samples) == []
