"""A physical value through leg, chip, driver and calibration is the sample again, as old as the board's rows say."""

import itertools
import statistics

import pytest
from sensors.made import columns, sampler_of, take, until, woken

from talus import board
from talus.calibration import Calibration
from talus.sampling import Sampler
from talus.settings import Settings
from talus.wire import kinds
from talus_twin.board import brace
from talus_twin.board.brace import START_US, Build
from talus_twin.board.clock import VirtualClock
from talus_twin.board.costs import Costs

INDEX = {row[0]: i for i, row in enumerate(board.DELAYS)}
# Sample channel, leg channel, values, and the step a sample cannot be better than, from the datasheets:
# 360/4096 deg; 0.1 N.m/6000 and rounding; 70 mdeg/s; 0.488 milli-g; the divider's 125 uV at that pressure.
STATIC = (
    ("ankle_angle", "ankle_angle", (-6000, -1234, 0, 1, 2500, 4000), 4.9),
    ("moment", "moment", (-32000, -333, 0, 1, 12345, 32000), 1),
    ("gyro_sagittal", "gyro_z", (-19999, -350, 0, 1, 7000, 19999), 1),
    ("gyro_frontal", "gyro_x", (-19000, 5, 1234), 1),
    ("gyro_transverse", "gyro_y", (-19000, 5, 1234), 1),
    ("acc_forward", "acc_x", (-15900, -1000, 0, 3, 15900), 1),
    ("acc_up", "acc_y", (-15900, 1000, 4321), 1),
    ("acc_lateral", "acc_z", (-15900, 1000, 4321), 1),
    ("pressure_1", "pressure_1", (0, 100, 500, 2000), 2),
    ("pressure_4", "pressure_4", (0, 100, 500, 2000), 2),
    ("pressure_4", "pressure_4", (10000, 30000), 400),
    ("liner", "liner", (-500, 2500, 3333, 4100), 1),
)


@pytest.mark.parametrize("row", STATIC, ids=[f"{row[0]}-{row[3]}" for row in STATIC])
def test_a_value_comes_back_within_one_step(row: tuple[str, str, tuple[int, ...], float]) -> None:
    name, channel, values, step = row
    for value in values:
        _, sampler = woken(columns(**{channel: [value]}))
        sample = take(sampler, 120)[-1]
        assert sample[INDEX[name]] == pytest.approx(value, abs=step)


def test_the_reference_warms_the_bridge() -> None:
    """At 40 degC the bridge drifts by 15 K x 900 counts; told so, the moment stays."""
    _, sampler = woken(columns(moment=[5000], reference=[4000]))
    sample = take(sampler, 120)[-1]
    assert sample[kinds.REFERENCE] == pytest.approx(4000, abs=1)
    assert sample[kinds.MOMENT] == pytest.approx(5000, abs=1)


RAMPS = {
    "ankle_angle": ("ankle_angle", 10, -3500, 4000),
    "moment": ("moment", 50, -17500, 1500),
    "gyro_sagittal": ("gyro_z", 20, -7000, 1000),
    "acc_forward": ("acc_x", 20, -7000, 1000),
    "pressure_4": ("pressure_4", 10, 0, 5000),
}


@pytest.mark.parametrize("fine", [-20, 0, 20])
@pytest.mark.parametrize("name", RAMPS)
def test_a_channel_is_as_old_as_its_row_says(name: str, fine: int) -> None:
    """A ramp shows its age. Mean within 1 ms of the row, and each sample within a step of the converter on top.

    fine: the IMU's oscillator up to 3 % off, and 0.5 % it does not say; the bridge's and the pressure converter's
    are off by a per cent and more in every build.
    """
    channel, slope, start, step_us = RAMPS[name]
    ramp = [start + slope * i for i in range(700)]
    one, sampler = woken(columns(**{channel: ramp}), imu_fine=fine, imu_error_ppm=5000)
    origin_us, origin_ms = one.clock.elapsed_us(), sampler.tick_ms()  # the grid is laid as the last thing of start()
    until(one, sampler, START_US + 500000)
    ages = []
    for _ in range(500):
        sample = sampler.take()
        value = sample[INDEX[name]]
        due_us = origin_us + (sampler.tick_ms() - origin_ms) * 1000
        ages.append(due_us - START_US - (value - start) * 10000 / slope)
    row_us = {row[0]: row[1] for row in board.DELAYS}[name]
    assert statistics.mean(ages) == pytest.approx(row_us, abs=1000)
    assert max(ages) - min(ages) <= 2 * step_us + 2000
    assert sampler.missed == sampler.late == 0


def test_a_minute_has_6000_samples() -> None:
    one, sampler = woken()
    before = one.clock.elapsed_us()
    take(sampler, 6000)
    assert one.clock.elapsed_us() - before == pytest.approx(60_000_000, abs=2000)
    assert (sampler.taken, sampler.missed, sampler.late) == (6000, 0, 0)
    assert sampler.resampled >= 5998, "the first two ticks lie before the chip's first samples"
    assert sampler.tick_ms() - sampler.now_ms() in (0, -1, -2)


def test_a_tick_asks_the_bus_at_most_ten_times() -> None:
    one, sampler = woken()
    before = one.buses["main"].transactions
    take(sampler, 1000)
    assert one.buses["main"].transactions - before <= 10 * 1000 + 30


def test_ticks_that_wrap_change_nothing() -> None:
    """Over 2**30 us (17.9 min) and 2**30 ms the grid goes on."""
    costs = Costs()
    clock = VirtualClock(costs)
    clock.us = (1 << 30) - 4_000_000
    clock._ms = (1 << 30) - 3_000
    one = brace.make(columns(gyro_z=[3000]), clock=clock, build=Build(changes={"imu_noise": 0}))
    sampler = sampler_of(one)
    samples = take(sampler, 800)
    assert clock.ticks_us() < 6_000_000 and clock.ticks_ms() < 6_000
    assert {sample[kinds.GYRO_SAGITTAL] for sample in samples[3:]} == {3000}
    assert sampler.missed == 0
    assert sampler.now_ms() == pytest.approx(8250, abs=3)


def test_erasing_flash_costs_the_fast_channels_and_not_the_imu() -> None:
    """400 ms without Python: those ticks, and one or two while the IMU's queue is emptied, are missed and said so."""
    ramp = [20 * i - 10000 for i in range(1000)]
    one, sampler = woken(columns(gyro_z=ramp, ankle_angle=[500], acc_x=ramp))
    until(one, sampler, START_US + 1_000_000)
    before = take(sampler, 3)[-1]
    one.clock.spend(400_000)
    samples = take(sampler, 60)
    assert 39 <= sampler.missed <= 42
    gyro = [sample[kinds.GYRO_SAGITTAL] for sample in [before, *samples]]
    steps = [b - a for a, b in itertools.pairwise(gyro)]
    # 20 a tick, straight through: 0.4 s old by an oscillator that hides 0.3 % is 1.2 ms, 2.4 of these.
    assert min(steps) >= 16 and max(steps) <= 24
    angles = [sample[kinds.ANGLE] for sample in samples]
    lag = board.ENCODER_LAG_TICKS
    assert None not in angles[:lag] and set(angles[lag : lag + sampler.missed]) == {None}
    assert None not in angles[lag + sampler.missed :]
    assert 0 <= one.clock.ticks_us() - sampler.tick_ms() * 1000 < 4000, "caught up"


def test_a_pass_that_takes_too_long_is_counted_late() -> None:
    one, sampler = woken()
    take(sampler, 10)
    for _ in range(5):
        one.clock.spend(16_000)
        take(sampler, 1)
        take(sampler, 3)
    assert sampler.late == 5 and sampler.missed == 0


def test_a_long_pass_costs_the_heel_and_nothing_else() -> None:
    """9.5 ms of work leave no time to convert the heel before the tick: None, not an old value."""
    one, sampler = woken(columns(pressure_4=[1000]))
    take(sampler, 10)
    one.clock.spend(9_500)
    samples = take(sampler, 4)
    assert [sample[kinds.PRESSURE_4] is None for sample in samples] == [False, False, True, False]
    assert all(sample[kinds.ANGLE] is not None and sample[kinds.MOMENT] is not None for sample in samples)
    assert sampler.missed == 0


CHANNELS = {
    "ankle_angle": ("ankle_angle",),
    "moment": ("moment",),
    "gyro_sagittal": ("gyro_x", "gyro_y", "gyro_z"),
    "acc_forward": ("acc_x", "acc_y", "acc_z"),
    "pressure_2": ("pressure_2",),
    "pressure_4": ("pressure_4",),
    "liner": ("liner",),
    "reference": ("reference",),
}


@pytest.mark.parametrize("name", CHANNELS)
def test_an_absent_channel_is_none_and_costs_no_other(name: str) -> None:
    """A solid AFO has no encoder; a recording may have a gyro and no accelerometer, or the other way round."""
    _, sampler = woken(columns(**dict.fromkeys(CHANNELS[name], None)))
    sample = take(sampler, 120)[-1]
    gone = {INDEX[name]}
    if name == "gyro_sagittal":
        gone |= {kinds.GYRO_FRONTAL, kinds.GYRO_TRANSVERSE}
    if name == "acc_forward":
        gone |= {kinds.ACC_UP, kinds.ACC_LATERAL}
    assert {i for i, value in enumerate(sample) if value is None} == gone
    bad = [part for part in sampler.parts if kinds.SENSOR_STATES[part.state] not in ("ok", "absent")]
    assert bad == []


def test_a_foot_imu_in_any_orientation() -> None:
    """Chip x up, y lateral, z forward: the calibration turns it."""
    build = Build(imu_place="foot", alignment=(0, 0, 1000, 1000, 0, 0, 0, 1000, 0), changes={"imu_noise": 0})
    one = brace.make(columns(acc_x=[1000], acc_y=[0], gyro_y=[2222]), build=build)
    sample = take(sampler_of(one), 50)[-1]
    assert sample[kinds.ACC_UP] == pytest.approx(1000, abs=1) and abs(sample[kinds.ACC_FORWARD]) <= 1
    assert sample[kinds.GYRO_SAGITTAL] == pytest.approx(2222, abs=1)
    assert one.calibration.imu_place == kinds.IMU_PLACES.index("foot")


def test_a_brace_without_a_calibration_measures_nothing_and_runs() -> None:
    one = brace.make()
    plain = Calibration({"id": 0, "made_day": 0, "side": 0, "imu_place": 0, "liner": 0, "reference": 0})
    sampler = Sampler(one.clock, one.buses, one.board, plain, Settings())
    sampler.start()
    assert take(sampler, 200)[-1] == [None] * kinds.SAMPLE_SIZE
    assert (sampler.battery_mv, sampler.missed) == (3900, 0)
    assert one.buses["main"].transactions == 0
