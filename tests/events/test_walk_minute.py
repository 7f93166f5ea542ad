"""A minute of walking as one record, against the twin's truth and against what was drawn."""

import random
from array import array

import numpy as np
import pytest
from events.ground import samples_of
from events.walk import SHANK as SHANK_DRAWN
from events.walk import between, foot, make

from talus.events import walk as walk_event
from talus.events.minute import TICKS
from talus.events.walking import Walking
from talus.settings import Settings
from talus.wire import kinds
from talus_twin.body.activities import Activity
from talus_twin.body.person import Person
from talus_twin.body.scene import Scene, play

NAMES = kinds.BY_NAME["walk"].names
PER = {row[0]: row[2] for row in kinds.BY_NAME["walk"].fields}
FLAGS = kinds.BY_NAME["stride"].index("flags")
Row = dict[str, float | None]

# field, its truth, tolerance of a minute's mean in its unit: the derivative's window blunts what is fast
TRUTHS = (
    ("moment_peak", "moment_peak_nm", 0.08),
    ("work_returned", "work_returned_j", 0.06),
    ("work_stored", "work_stored_j", 0.06),
    ("work_push_off", "work_push_off_j", 0.03),
    ("push_off_rate", "push_off_rate_dps", 4.0),
    ("flat_after", "flat_after_s", 0.035),
    ("shank_range", "shank_range_deg", 0.8),
    ("shank_back", "shank_back_deg", 0.8),
    ("foot_pitch_mid_swing", "foot_pitch_mid_swing_deg", 0.8),
    ("slope", "slope_deg", 0.5),
    ("climb", "climb_m", 0.03),
)


class Owner:
    """Keeps what the events say."""

    def __init__(self, place: int, stand: int | None = 0) -> None:
        self.now_ms = -10
        self.strides: list[tuple[int, int]] = []
        self.minutes: list[tuple[int, Row]] = []
        self.walking = Walking(self, Settings(), place, None, kinds.PRESSURE_4, stand)

    def at_ms(self, back_ms: int) -> int:
        return self.now_ms - back_ms

    def keep_at(self, kind: kinds.Kind, time_ms: int, values: list[int | None]) -> None:
        if kind.name == "stride":
            self.strides.append((time_ms, values[FLAGS] or 0))
        if kind.name == "walk":
            named = zip(NAMES, values, strict=True)
            self.minutes.append((time_ms, {n: None if v is None else v / PER[n] for n, v in named}))

    def live(self, samples: list[list[int | None]]) -> None:
        for tick, sample in enumerate(samples, 1):
            self.now_ms += 10
            self.walking.update(sample)
            if tick % TICKS == 0:
                self.walking.minute(TICKS * 10)


def lived(person: Person, *acts: Activity) -> tuple[Owner, Scene]:
    scene = play(person, list(acts))
    owner = Owner(kinds.IMU_PLACES.index(person.imu_place))
    owner.live(samples_of(scene))
    return owner, scene


@pytest.mark.parametrize(
    ("kind", "imu_place"), [("foot_drop_brace", "shank"), ("foot_drop_brace", "foot"), ("stroke", "shank")]
)
def test_a_minute_is_the_mean_of_its_strides(kind: str, imu_place: str) -> None:
    owner, scene = lived(Person(kind, seed=6, imu_place=imu_place), Activity("walk", 130, turn_every_s=45))
    truth = scene.truth.strides
    assert [time_ms for time_ms, _ in owner.minutes] == [-10, 59990], "a minute's start is a tick before its first"
    for time_ms, row in owner.minutes:
        inside = (truth["start_s"] > time_ms / 1000 + 1) & (truth["end_s"] < time_ms / 1000 + 60) & (truth["turn"] == 0)
        assert row["strides"] is not None and row["strides"] > 0.3 * np.count_nonzero(inside)
        for name, column, within in TRUTHS:
            assert row[name] == pytest.approx(np.nanmean(truth[column][inside]), abs=within), name


def test_what_is_not_level_walking_is_left_out_and_counted() -> None:
    """Turns, a ramp and a flight of stairs: their strides are kept, with their flags, and are in no mean."""
    acts = [Activity("walk", 50, turn_every_s=20), Activity("stairs_up", 15), Activity("walk", 20, slope_deg=6)]
    owner, _ = lived(Person("healthy", seed=2), *acts, Activity("walk", 40))
    flags = [flags for _, flags in owner.strides]
    for flag in (kinds.STRIDE_TURN, kinds.STRIDE_STAIRS_UP, kinds.STRIDE_RAMP):
        assert sum(bool(one & flag) for one in flags) > 2
    level = [not one & walk_event.LEFT_OUT for one in flags]
    onto = [a and not b & walk_event.STAIRS for a, b in zip(level, flags[1:], strict=False)]
    owner.walking.minute(0)
    assert sum(row["strides"] or 0 for _, row in owner.minutes) == sum(onto) + level[-1]
    assert all(abs(row["slope"] or 0) < 0.6 and abs(row["climb"] or 0) < 0.04 for _, row in owner.minutes)


def minute_of(samples: list[list[int | None]], place: int = 0, stand: int | None = 0) -> Row:
    owner = Owner(place, stand)
    owner.live(samples[:TICKS])
    owner.walking.minute(0)
    ((_, row),) = owner.minutes
    return row


def test_work_is_the_integral_of_the_moment_over_the_angle() -> None:
    """A spring of 0.3 N.m/deg about 5 deg: what it gives back in a stride is every fall of its energy."""
    row = minute_of(make([1.1] * 20, stiffness=0.3).samples)
    phase = np.linspace(0, 1, 20001)
    theta = np.array([between(foot(15.0), p) - between(SHANK_DRAWN, p) for p in phase])
    energy = 0.5 * 0.3 * (theta - 5) ** 2 * np.pi / 180
    given = -np.minimum(np.diff(energy), 0).sum()
    assert row["work_returned"] == pytest.approx(given, rel=0.07)
    assert row["work_stored"] == pytest.approx(given, rel=0.07)
    push = (phase > 0.4) & (phase < 0.62)
    late = -np.minimum(np.diff(energy[push]), 0).sum()
    assert row["work_push_off"] == pytest.approx(late, rel=0.12)
    # The drawn rate peaks in a corner at toe off, which seven points blunt.
    assert row["push_off_rate"] == pytest.approx(-np.gradient(theta[push], 1.1 * phase[push]).min(), rel=0.2)


def test_the_shank_and_the_foot_in_swing_are_as_drawn() -> None:
    row = minute_of(make([1.1] * 20).samples)
    assert row["shank_range"] == pytest.approx(56, abs=1), "from 42 deg forward to 14 back"
    assert row["shank_back"] == pytest.approx(42, abs=1.5)
    swing = np.linspace(0.62, 1, 4001)
    upright = swing[np.argmin([abs(between(SHANK_DRAWN, p)) for p in swing])]
    assert row["foot_pitch_mid_swing"] == pytest.approx(between(foot(15.0), upright), abs=2.0)
    assert row["flat_after"] == pytest.approx(0.1 * 1.1, abs=0.03), "the foot is drawn flat at a tenth of the stride"


def test_noise_of_the_encoder_is_no_work() -> None:
    """Steps of 0.088 deg and 0.1 deg of noise at 6 N.m: a hinge that does not move does none."""
    dice = random.Random(4)
    walk = make([1.1] * 20)
    for sample in walk.samples:
        noisy = 400 + dice.gauss(0, 8)
        sample[kinds.ANGLE] = round(round(noisy / 8.79) * 8.79)
        sample[kinds.MOMENT] = 6000
    row = minute_of(walk.samples)
    assert row["work_returned"] is not None and row["work_returned"] < 0.12


def test_a_field_without_its_channels_is_unknown() -> None:
    bare = make([1.1] * 20, encoder=False)
    row = minute_of(bare.samples)
    assert row["strides"] and row["shank_range"] is not None
    rest = set(NAMES) - {"strides", "shank_range"}
    assert {name for name in rest if row[name] is not None} == set()
    no_bridge = make([1.1] * 20)
    for sample in no_bridge.samples:
        sample[kinds.MOMENT] = None
    row = minute_of(no_bridge.samples)
    assert row["push_off_rate"] is not None and row["work_push_off"] is None and row["moment_peak"] is None
    unfitted = minute_of(make([1.1] * 20).samples, stand=None)
    assert unfitted["shank_back"] is None and unfitted["foot_pitch_mid_swing"] is None
    assert unfitted["shank_range"] == pytest.approx(56, abs=1)


def test_a_minute_without_strides_is_none_and_a_pause_loses_at_most_the_last() -> None:
    owner = Owner(0)
    still = make([1.1] * 3).samples[0]
    owner.live([still] * TICKS)
    assert owner.minutes == []
    owner.live(make([1.1] * 12).samples)
    owner.walking.rest()
    owner.walking.minute(0)
    ((_, row),) = owner.minutes
    assert 8 <= (row["strides"] or 0) <= 11


def test_the_95th_percentile_is_what_numpy_ranks() -> None:
    rng = np.random.default_rng(3)
    for count in (5, 19, 20, 44, 110):
        values = rng.integers(-50, 60, count)
        ring = array("h", [-32768] * 512)
        for i, value in enumerate(values):
            ring[i] = int(value)
        for rank in (0, 1, count // 20, count - 1):
            assert walk_event.top(ring, 0, count, rank) == np.sort(values)[::-1][rank]
