"""Repetitions against sets whose count, range and hold are drawn."""

import math

import pytest

from talus.events.exercise import DORSIFLEXION, HEEL_RAISE, Exercise
from talus.settings import Settings
from talus.wire import kinds

EXERCISE, COUNT, RANGE, LASTED, HOLD, DIP = range(6)


def a_set(
    repetitions: int, range_deg: float, period_s: float, rest_deg: float = -5.0, dip_nm: float = 0.0
) -> list[list[int | None]]:
    """Raised cosines from rest, with a rest of 1 s before."""
    samples = []
    for tick in range(100 + round(repetitions * period_s * 100) + 100):
        phase = (tick - 100) / 100 / period_s
        share = 0.0 if not 0 <= phase < repetitions else (1 - math.cos(2 * math.pi * phase)) / 2
        sample: list[int | None] = [None] * kinds.SAMPLE_SIZE
        sample[kinds.ANGLE] = round(100 * (rest_deg + range_deg * share))
        sample[kinds.MOMENT] = round(1000 * (1.5 - dip_nm * share))
        samples.append(sample)
    return samples


def run(samples: list[list[int | None]], exercise: int = DORSIFLEXION, bits: int = 0) -> list[int | None]:
    machine = Exercise(Settings())
    machine.start(exercise)
    for i, sample in enumerate(samples):
        assert machine.update(sample, bits if i % 60 == 0 else 0) == 0
    machine.stop()
    assert machine.update(samples[-1], 0) == 1
    assert machine.exercise is None
    return machine.values


@pytest.mark.parametrize(
    ("repetitions", "range_deg", "period_s"), [(10, 12, 2.0), (15, 6, 3.0), (5, 25, 1.2), (1, 10, 4.0)]
)
def test_count_and_range(repetitions: int, range_deg: float, period_s: float) -> None:
    values = run(a_set(repetitions, range_deg, period_s))
    assert values[COUNT] == repetitions
    assert (values[RANGE] or 0) / 100 == pytest.approx(range_deg, abs=1.5)
    assert values[LASTED] == pytest.approx(repetitions * period_s, abs=0.4 * period_s + 1)


def test_heel_raises_count_the_other_way() -> None:
    down = a_set(8, -15, 2.0)
    assert run(down, HEEL_RAISE)[COUNT] == 8


def test_a_tremor_is_no_repetition() -> None:
    """5 Hz clonus of 4 deg."""
    assert run(a_set(80, 4, 0.2))[COUNT] == 0


def test_walking_is_no_set() -> None:
    """Toe off every 0.6 s: what the ankle does is walking."""
    assert run(a_set(13, 20, 1.2), bits=2)[COUNT] == 0


def test_a_contraction_too_weak_to_move_is_seen_in_the_moment() -> None:
    values = run(a_set(6, 1.5, 3.0, dip_nm=0.5))
    assert values[COUNT] == 6
    assert values[RANGE] is None
    assert (values[DIP] or 0) / 1000 == pytest.approx(0.5, abs=0.05)


def test_a_set_ends_by_itself_and_nothing_counts_outside() -> None:
    machine = Exercise(Settings())
    moving = a_set(5, 12, 2.0)
    assert not any(machine.update(sample, 0) for sample in moving)
    machine.start(DORSIFLEXION)
    for sample in moving:
        machine.update(sample, 0)
    ends = [machine.update(moving[-1], 0) for _ in range(2500)]
    assert sum(ends) == 1
    assert machine.values[COUNT] == 5
