"""Repetitions and stands: drawn sets whose count, range and hold are known, and made ones from physiology."""

import math
from pathlib import Path

import numpy as np
import pytest
from accuracy import sets
from accuracy.play import HEEL, UNKNOWN, samples_of
from events import one_set
from events.played import packed

from talus.events.exercise import DORSIFLEXION, HEEL_RAISE, HOLD, SINGLE_LEG_STAND, Exercise
from talus.events.gait import Gait
from talus.events.standing import root
from talus.settings import Settings
from talus.wire import kinds
from talus_twin.board.interpreter import Interpreter
from talus_twin.body import exercising
from talus_twin.body.activities import Activity
from talus_twin.body.person import Person
from talus_twin.body.scene import play

EXERCISE, COUNT, RANGE, LASTED, HELD, DIP, PEAK, FATIGUE, SIGN, SWAY = range(10)
NONE, BY_ANGLE, BY_MOMENT, BY_STANCE = range(len(kinds.EXERCISE_SIGNS))
SEEDS = range(201, 207)


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


def test_the_record_has_its_fields_where_the_machine_puts_them() -> None:
    names = "exercise repetitions range lasted hold moment_dip peak fatigue counted_by sway"
    assert " ".join(kinds.BY_NAME["exercise"].names) == names


def test_made_sets_are_counted_exactly_in_95_of_100_and_within_one_in_99() -> None:
    """Clinical reference, section 6.3."""
    done = [sets.counted((name, seed)) for name in exercising.NAMES for seed in SEEDS]
    seen = [one for one in done if one.true is not None]
    wrong = [one for one in seen if one.told != one.true]
    far = [one for one in wrong if one.told is None or abs(one.told - (one.true or 0)) > 1]
    assert len(seen) > 120
    assert len(wrong) <= 0.05 * len(seen), wrong
    assert len(far) <= 0.01 * len(seen), far
    errors = np.abs([one.range_error_deg for one in seen if one.range_error_deg == one.range_error_deg])
    assert len(errors) > 80
    assert np.quantile(errors, 0.95) <= 1.5
    assert np.median(errors) <= 0.3
    assert all(one.told is None for one in done if one.true is None), "not measurable is not none"


@pytest.mark.parametrize("seed", SEEDS)
def test_holds_are_timed_and_none_ends_the_set(seed: int) -> None:
    """Time above 0.6 of the way up: a plateau and what of its ramps (0.5 to 1.2 s each) lies above."""
    made = exercising.make("long_holds", seed)
    values = sets.values(made)
    assert (values[EXERCISE], values[COUNT]) == (HOLD, made.truth.repetitions)
    if made.truth.repetitions == 3:
        assert -0.2 <= (values[HELD] or 0) / 100 - (made.truth.hold_s or 0) <= 1.6


def test_fatigue_and_peak() -> None:
    tired = [exercising.make("tiring", seed) for seed in SEEDS]
    for made in tired:
        assert sets.values(made)[FATIGUE] == pytest.approx(made.truth.fatigue_pct, abs=6)
    values = run(a_set(8, 12, 2.0, rest_deg=-5.0))
    assert (values[PEAK] or 0) / 100 == pytest.approx(7.0, abs=0.5)
    assert values[FATIGUE] == pytest.approx(100, abs=2)
    assert run(a_set(5, 12, 2.0))[FATIGUE] is None, "three and three are not five"
    raised = run(a_set(8, -15, 2.0, rest_deg=-5.0), HEEL_RAISE)
    assert (raised[PEAK] or 0) / 100 == pytest.approx(20.0, abs=0.5), "plantar flexion, in its own direction"


def test_a_long_set_keeps_its_count_its_range_and_its_end() -> None:
    """More repetitions than are kept one by one: the first ones and the last three say what they have to."""
    whole, last = a_set(70, 12, 2.0), a_set(3, 8.4, 2.0)
    values = run([*whole[:-100], *last[100:]])
    assert values[COUNT] == 73
    assert (values[RANGE] or 0) / 100 == pytest.approx(12, abs=0.5)
    assert values[FATIGUE] == pytest.approx(70, abs=3)


def test_what_counted_is_told() -> None:
    assert sets.values(exercising.make("plain", 1))[SIGN] == BY_ANGLE
    assert sets.values(exercising.make("trace", 1))[SIGN] == BY_MOMENT
    unseen = sets.values(exercising.make("nothing_sees_it", 1))
    assert unseen[1:] == [None] * 7 + [NONE, None]


def test_a_lifted_leg_counts_only_without_its_accelerations() -> None:
    """What rejects it is the turn of the shank: without accelerations the same movements count."""
    made = exercising.make("leg_lifts", 3)
    true = made.truth.repetitions or 0
    assert sets.values(made)[COUNT] == true
    blind = [list(sample) for sample in made.samples]
    for sample in blind:
        sample[kinds.ACC_FORWARD] = sample[kinds.ACC_UP] = None
    assert (sets.counted(("leg_lifts", 3)).told, run_all(blind)[COUNT]) == (true, true + lifted(made))


def lifted(made: exercising.Set) -> int:
    """How often the shank of a made set turned by more than 15 degrees."""
    tilt = np.degrees(np.arcsin(np.clip([s[kinds.ACC_FORWARD] / 1000 for s in made.samples], -1, 1)))  # type: ignore[operator]
    out = np.convolve(tilt, np.ones(15) / 15, "same") > 15
    return int(np.count_nonzero(np.diff(out.astype(int)) == 1))


def run_all(samples: list[list[int | None]], exercise: int = DORSIFLEXION, heel: int | None = None) -> list[int | None]:
    """To the set's own end or the samples', without gait."""
    machine = Exercise(Settings(), heel)
    machine.start(exercise)
    for sample in samples:
        if machine.update(sample, 0):
            return machine.values
    machine.stop()
    machine.update(samples[-1], 0)
    return machine.values


def test_a_heel_raise_takes_the_load_off_the_heel() -> None:
    made = exercising.make("heel_raises_standing", 5)
    pressed = [list(sample) for sample in made.samples]
    for sample in pressed:
        sample[exercising.HEEL] = 4000  # 40 kPa, whatever the ankle does: a foot that slides under a chair
    assert run_all(made.samples, HEEL_RAISE, exercising.HEEL)[COUNT] == made.truth.repetitions
    assert run_all(pressed, HEEL_RAISE, exercising.HEEL)[COUNT] == 0
    assert run_all(pressed, HEEL_RAISE, None)[COUNT] == made.truth.repetitions, "without a heel channel nobody knows"


def test_a_walk_within_a_set_is_no_repetition() -> None:
    """A minute of a walk as a brace's own gait sees it, begun with a set."""
    scene = play(Person("foot_drop_brace", seed=3), [Activity("stand", 4), Activity("walk", 60), Activity("stand", 4)])
    machine, gait = Exercise(Settings({"set_pause_ms": 60000}), HEEL), Gait(Settings())
    machine.start(DORSIFLEXION)
    steps = 0
    for row in samples_of(scene, ("angle", "moment", "gyro", "acc", "pressure")).tolist():
        sample = [None if value == UNKNOWN else value for value in row]
        bits = gait.update(sample)
        steps += bool(bits & 2)
        if machine.update(sample, bits):
            break
    assert steps > 40
    assert (machine.values[COUNT] or 0) <= 1, "the lean into the first step may look like one"


@pytest.mark.parametrize("seed", SEEDS)
def test_stands_on_one_leg_are_as_long_as_they_were(seed: int) -> None:
    made = exercising.make("single_leg_stands", seed)
    values = sets.values(made)
    assert (values[EXERCISE], values[SIGN], values[COUNT]) == (SINGLE_LEG_STAND, BY_STANCE, made.truth.repetitions)
    lengths = sorted(made.truth.lasted_s)
    assert (values[HELD] or 0) / 100 == pytest.approx(lengths[len(lengths) >> 1], abs=1.2)
    assert 10 <= (values[SWAY] or 0) <= 60, "made with 1.5 to 5 deg/s RMS, and the gyro's own noise and bias"


def test_the_root_is_the_integer_below() -> None:
    for square in [*range(200), 22500, 22499, 9_000_000, (1 << 29) - 1]:
        assert root(square) == math.isqrt(square)


def test_a_film_that_carries_nothing_at_the_start_tells_no_stand() -> None:
    """On the other leg from the beginning: what both feet carry is not known, so neither is one."""
    made = exercising.make("single_leg_stands", 201)
    samples = [list(sample) for sample in made.samples]
    for sample in samples[:150]:
        sample[exercising.HEEL] = 0
    values = run_all(samples, SINGLE_LEG_STAND, exercising.HEEL)
    assert (values[COUNT], values[SIGN]) == (None, NONE)


STORY = """
import one_set, micropython
with open('/samples.bin', 'rb') as f: data = f.read()
print(one_set.record(data, {exercise}, {heel}, micropython.heap_lock, micropython.heap_unlock))
"""


@pytest.mark.parametrize("name", ["plain", "heel_raises_standing", "trace", "single_leg_touches", "nothing_sees_it"])
def test_both_interpreters_count_alike_and_no_tick_allocates(micropython: Interpreter, name: str) -> None:
    made = exercising.make(name, 11)
    data = packed(made.samples)
    here = one_set.record(data, made.exercise, made.heel)
    assert list(here) == sets.values(made)
    micropython.put("/lib/one_set.py", (Path(__file__).parent / "one_set.py").read_bytes())
    micropython.put("/samples.bin", data)
    assert micropython.run(STORY.format(exercise=made.exercise, heel=made.heel)).strip() == repr(here)
