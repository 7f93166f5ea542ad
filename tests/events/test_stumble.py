"""Scuff, drag and trip against swings that were disturbed on purpose."""

import random

import pytest
from events.ground import samples_of
from events.walk import make

from talus.events.gait import Gait
from talus.events.stumble import DRAG, POSSIBLE_STUMBLE, SCUFF, TRIP, Stumble
from talus.settings import Settings
from talus.wire import kinds
from talus_twin.body.activities import Activity
from talus_twin.body.person import Person
from talus_twin.body.scene import play


def walk_with(
    ticks: int, kept: float, every_other_mg: int, stride_s: float = 1.1
) -> tuple[list[list[int | None]], float]:
    """Thirty strides; in the swing of the twentieth, `ticks` with the rate held down and the shank shaken."""
    dice = random.Random(3)
    walk = make([stride_s] * 30)
    for sample in walk.samples:
        sample[kinds.ACC_UP] = 1000 + dice.randint(-30, 30)
        sample[kinds.ACC_FORWARD] = dice.randint(-30, 30)
    begin = round(walk.toe_offs[19] * 100) + round(14 * stride_s / 1.1)
    for tick in range(begin, begin + ticks):
        sample = walk.samples[tick]
        sample[kinds.ACC_UP] = 1000 + (every_other_mg if tick % 2 else -every_other_mg)
        rate = sample[kinds.GYRO_SAGITTAL]
        assert rate is not None
        sample[kinds.GYRO_SAGITTAL] = round(rate * kept)
    return walk.samples, begin / 100


def told(samples: list[list[int | None]], rest_at: int | None = None) -> list[tuple[float, list[int]]]:
    gait, stumble = Gait(Settings()), Stumble(Settings())
    found = []
    for tick, sample in enumerate(samples):
        if tick == rest_at:
            gait.rest()
            stumble.rest()
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


def test_what_is_normal_for_a_person_outlasts_a_rest() -> None:
    """The brace rests after the nineteenth stride; the first swing behind it is already known to be odd."""
    walk, _ = walk_with(0, 1.0, 0)
    samples, begin = walk_with(11, 0.5, 900)
    rested = walk[: 18 * 110] + samples
    ((at, values),) = told(rested, 18 * 110)
    assert values[0] == DRAG and at == pytest.approx(begin + 18 * 1.1, abs=0.05)
    new_brace = told(samples[: round(begin * 100) + 300], 12 * 110)
    assert len(new_brace) == 1, "the strides before and behind the rest together are enough to know it"


@pytest.mark.parametrize("stride_s", [1.1, 2.0])
def test_a_trip_that_is_walked_off_is_no_stumble_however_slow_the_walk(stride_s: float) -> None:
    """Two strides of 2 s take longer than the three seconds that would end a bout."""
    samples, _ = walk_with(8, -0.3, 900, stride_s)
    ((_, values),) = told(samples)
    assert values[0] == TRIP


def test_a_trip_that_ends_the_walk_is_a_possible_stumble() -> None:
    samples, begin = walk_with(8, -0.3, 900)
    stop = round(begin * 100) + 45
    ((at, values),) = told([*samples[:stop], *[samples[0]] * 1000])
    assert values[0] == POSSIBLE_STUMBLE and at == pytest.approx(begin, abs=0.05)


def test_a_trip_whose_end_was_not_seen_is_a_trip() -> None:
    """The gyro falls silent behind it: no swing for three seconds is then no sign of a fall."""
    samples, begin = walk_with(8, -0.3, 900)
    stop = round(begin * 100) + 100
    silent = [[None] * kinds.SAMPLE_SIZE for _ in range(1000)]
    ((at, values),) = told([*samples[:stop], *silent])
    assert values[0] == TRIP and at == pytest.approx(begin, abs=0.05)


def test_a_blow_in_a_trip_is_a_possible_stumble_at_once() -> None:
    samples, begin = walk_with(8, -0.3, 3800)
    ((at, values),) = told(samples)
    assert values[0] == POSSIBLE_STUMBLE and at == pytest.approx(begin, abs=0.05)


@pytest.mark.parametrize(
    ("kind", "least"), [("foot_drop_brace", 0.9), ("stroke", 0.85), ("healthy", 0.95), ("foot_drop", 0.95)]
)
def test_dragged_toes_of_the_twin_are_found_and_clean_swings_are_silent(kind: str, least: float) -> None:
    """One swing in twenty drags; the first twenty swings teach the brace. Clean: ten minutes."""
    dragging = play(Person(kind, seed=1, drag_share=0.05), [Activity("walk", 400, turn_every_s=60)])
    found = [at for at, _ in told(samples_of(dragging))]
    drags = [span for span in dragging.truth.steps.drags_s if span[0] > 40]
    hit = sum(any(a - 0.15 <= at <= b + 0.15 for at in found) for a, b in drags)
    assert len(drags) > 8 and hit >= least * len(drags)
    false = [at for at in found if not any(a - 0.15 <= at <= b + 0.15 for a, b in dragging.truth.steps.drags_s)]
    clean = play(Person(kind, seed=9, drag_share=0.0), [Activity("walk", 600, turn_every_s=60)])
    assert len(false) + len(told(samples_of(clean))) <= 1
