"""Chips that fail: the sample says None, the part says why, the loop goes on, and a chip that comes back is used."""

import pytest
from sensors.made import columns, take, woken

from talus.parts import Part
from talus.sampling import Sampler
from talus.settings import Settings
from talus.wire import kinds

PLACES = {
    "encoder": ("encoder", {kinds.ANGLE}),
    "bridge": ("bridge", {kinds.MOMENT}),
    "imu": ("imu_gyro", set(range(kinds.GYRO_SAGITTAL, kinds.ACC_LATERAL + 1))),
    "pressure": ("pressure", set(range(kinds.PRESSURE_1, kinds.PRESSURE_4 + 1))),
    "thermometer": ("thermometer", {kinds.LINER}),
}


def part_of(sampler: Sampler, sensor: str, channel: int = 0) -> Part:
    index = kinds.SENSORS.index(sensor)
    return next(part for part in sampler.parts if part.sensor == index and part.channel in (channel, channel or 1))


def said(part: Part) -> tuple[str, str]:
    return kinds.SENSOR_STATES[part.state], kinds.HEALTH_REASONS[part.reason]


def missing(sample: list[int | None]) -> set[int]:
    return {i for i, value in enumerate(sample) if value is None}


@pytest.mark.parametrize("chip", PLACES)
def test_a_chip_that_falls_silent_and_comes_back(chip: str) -> None:
    sensor, places = PLACES[chip]
    one, sampler = woken()
    assert missing(take(sampler, 120)[-1]) == set()
    one.chips[chip].silent = True
    sample = take(sampler, 120)[-1]
    if chip == "imu":
        assert places <= missing(sample) <= places | {kinds.REFERENCE}
    else:
        assert missing(sample) == places
    part = part_of(sampler, sensor)
    assert said(part) == ("failed", "no_answer") and part.changed
    part.changed = False
    take(sampler, 500)
    assert not part.changed, "said once"
    one.chips[chip].silent = False
    assert missing(take(sampler, 900)[-1]) == set()
    assert said(part) == ("ok", "none") and part.changed
    assert sampler.missed <= 26, "waking the bridge takes a quarter of a second, once"


def test_silence_costs_the_bus_little() -> None:
    """A dead chip is asked once more and then once in 1, 2, 4 ... 64 s, not each tick."""
    one, sampler = woken()
    one.chips["encoder"].silent = True
    asked = []

    def answers() -> bool:
        asked.append(one.clock.ticks_ms())
        return False

    one.chips["encoder"].answers = answers
    take(sampler, 6000)
    assert len(asked) <= 10
    assert sampler.missed == sampler.late == 0


def test_a_stuck_bus_costs_one_bounded_recovery() -> None:
    """SDA held low times out after 50 ms; one recovery frees it and no channel is lost for longer than that."""
    one, sampler = woken()
    take(sampler, 50)
    one.buses["main"].stuck = True
    take(sampler, 20)
    assert not one.buses["main"].stuck
    assert missing(take(sampler, 1)[-1]) == set()
    assert sampler.missed <= 6


def test_a_dead_bus_never_stops_the_loop() -> None:
    """Five chips, each two timeouts of 50 ms and later a look now and then: the ticks go on, mostly missed at first."""
    one, sampler = woken()
    take(sampler, 50)
    bus = one.buses["main"]
    bus.recover = lambda: None
    for chip in (sampler._encoder, sampler._bridge, sampler._imu, sampler._adc, sampler._liner):
        chip._recover = None
    bus.stuck = True
    before = one.clock.elapsed_us()
    samples = take(sampler, 1000)
    assert one.clock.elapsed_us() - before == pytest.approx(10_000_000, abs=300_000)
    assert set(range(kinds.LINER)) <= missing(samples[-1])
    assert sampler.missed < 200
    bus.stuck = False
    assert missing(take(sampler, 7000)[-1]) == set()


@pytest.mark.parametrize(
    ("magnet", "state", "reason"),
    [
        ("missing", "failed", "magnet_missing"),
        ("weak", "degraded", "magnet_weak"),
        ("strong", "degraded", "magnet_strong"),
    ],
)
def test_the_magnet(magnet: str, state: str, reason: str) -> None:
    one, sampler = woken(columns(ankle_angle=[1000]))
    take(sampler, 20)
    one.chips["encoder"].magnet = magnet
    sample = take(sampler, 20)[-1]
    assert (sample[kinds.ANGLE] is None) == (magnet == "missing")
    part = part_of(sampler, "encoder")
    assert said(part) == (state, reason)
    one.chips["encoder"].magnet = "ok"
    take(sampler, 110)
    assert said(part) == ("ok", "none")


def test_a_flickering_magnet_is_one_trouble() -> None:
    one, sampler = woken()
    part = part_of(sampler, "encoder")
    changes = 0
    for tick in range(2000):
        one.chips["encoder"].magnet = "missing" if tick % 50 == 0 else "ok"
        sampler.take()
        changes += part.changed
        part.changed = False
    assert changes == 1


def test_a_saturated_bridge_is_no_moment() -> None:
    one, sampler = woken()
    one.chips["bridge"].saturated = True
    assert take(sampler, 20)[-1][kinds.MOMENT] is None
    assert said(part_of(sampler, "bridge")) == ("failed", "saturated")


def test_a_shorted_input_is_no_pressure_and_the_others_are() -> None:
    one, sampler = woken(columns(pressure_1=[500]))
    one.chips["pressure"].shorted = (3,)
    sample = take(sampler, 20)[-1]
    assert sample[kinds.PRESSURE_4] is None and sample[kinds.PRESSURE_1] == pytest.approx(500, abs=2)
    assert said(part_of(sampler, "pressure", 4)) == ("failed", "short")
    assert said(part_of(sampler, "pressure", 1)) == ("ok", "none")


def test_an_imu_that_lost_its_settings_is_started_again() -> None:
    """A dip of the supply resets it: it answers, and queues nothing."""
    one, sampler = woken()
    take(sampler, 150)
    one.chips["imu"].write(0x12, b"\x01", one.clock.ticks_us())
    samples = take(sampler, 500)
    assert any(kinds.GYRO_SAGITTAL in missing(sample) for sample in samples)
    assert missing(samples[-1]) == set()


def test_an_imu_of_which_only_the_accelerometer_is_used_is_started_again() -> None:
    one, sampler = woken(columns(gyro_x=None, gyro_y=None, gyro_z=None))
    take(sampler, 150)
    one.chips["imu"].write(0x12, b"\x01", one.clock.ticks_us())
    take(sampler, 500)
    assert sampler.sample[kinds.ACC_UP] is not None


def test_a_part_that_wakes_and_fails_is_told_ever_more_seldom() -> None:
    """A dead gyro in a chip that answers: each try costs two health records, and flash is small."""
    one, sampler = woken()
    part = part_of(sampler, "imu_gyro")
    write = one.chips["imu"].write

    def deaf(register: int, data: bytes, now: int) -> None:
        write(register, b"\x00" if register == 0x11 else data, now)

    one.chips["imu"].write = deaf
    write(0x11, b"\x00", one.clock.ticks_us())
    told = 0
    for _ in range(30_000):  # five minutes
        sampler.take()
        told += part.changed
        part.changed = False
    assert 2 <= told <= 24


def test_another_chip_at_start_is_said_and_never_read() -> None:
    one, _ = woken()
    one.chips["imu"].wrong_id = True
    again = Sampler(one.clock, one.buses, one.board, one.calibration, Settings())
    again.start()
    assert said(part_of(again, "imu_gyro")) == ("failed", "wrong_chip")
    assert take(again, 20)[-1][kinds.GYRO_SAGITTAL] is None


def test_a_stuck_converter_repeats_itself() -> None:
    """The sampler decides nothing about it: what stands still is judged where there is a history."""
    one, sampler = woken(columns(moment=[100 * i for i in range(900)]), bridge_noise=15)
    take(sampler, 250)
    one.chips["bridge"].stuck = True
    take(sampler, 10)
    assert len({sample[kinds.MOMENT] for sample in take(sampler, 100)}) == 1
    assert said(part_of(sampler, "bridge")) == ("ok", "none")


def test_the_gauge_is_asked_at_the_start_and_each_minute() -> None:
    one, sampler = woken()
    assert (sampler.battery_mv, sampler.battery_pct) == (3900, 80)
    one.leg.load(one.clock.ticks_us(), 100, columns(battery_mv=[3500], battery_pct=[20]))
    take(sampler, 6000)
    assert (sampler.battery_mv, sampler.battery_pct) == (3500, 20)
    one.chips["gauge"].silent = True
    take(sampler, 6000)
    assert (sampler.battery_mv, sampler.battery_pct) == (None, None)
    assert said(part_of(sampler, "gauge")) == ("failed", "no_answer")
