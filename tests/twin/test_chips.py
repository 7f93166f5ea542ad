"""The virtual chips against the datasheets, register by register, with no driver between."""

import itertools

import pytest

from talus_twin.board.clock import VirtualClock
from talus_twin.board.costs import Costs
from talus_twin.board.power import Bitten, VirtualPower
from talus_twin.chips.ads1115 import ADS1115
from talus_twin.chips.as5600 import AS5600
from talus_twin.chips.leg import Leg
from talus_twin.chips.lsm6dso import LSM6DSO
from talus_twin.chips.max17048 import MAX17048
from talus_twin.chips.nau7802 import NAU7802
from talus_twin.chips.tmp117 import TMP117

WRAP = 1 << 30


def read(chip: object, register: int, size: int, now: int) -> bytes:
    buffer = bytearray(size)
    chip.read(register, buffer, now % WRAP)  # type: ignore[attr-defined]
    return bytes(buffer)


def leg_with(start_us: int = 0, **columns: list[int]) -> Leg:
    leg = Leg()
    leg.load(start_us, 100, columns)
    return leg


# -- the leg ---------------------------------------------------------------------------------------


def test_a_leg_is_linear_between_points_and_held_at_both_ends() -> None:
    leg = leg_with(1_000_000, moment=[0, 100, -100], liner=[3000])
    moments = [leg.read("moment", 1_000_000 + t) for t in (-500_000, 0, 5_000, 10_000, 15_000, 20_000, 9_000_000)]
    assert moments == [0, 0, 50, 100, 0, -100, -100]
    assert leg.read("liner", 5) == 3000
    assert leg.read("ankle_angle", 1_000_000) is None
    assert leg.read("battery_mv", 0) == 3900, "a cell there always is"


def test_a_leg_goes_on_chunk_by_chunk_over_the_wrap() -> None:
    """Two chunks of a ramp across 2**30 us: one line, also in the look back of the chips."""
    start = WRAP - 1_500_000
    leg = Leg()
    leg.load(start, 100, {"moment": list(range(0, 1000, 10)), "liner": [3000]})
    leg.load(start + 1_000_000, 100, {"moment": list(range(1000, 2000, 10)), "liner": [3100]})
    for t in range(300_000, 1_990_000, 7_000):
        assert leg.read("moment", (start + t) % WRAP) == t // 1000
    assert leg.read("liner", start) == 3100


@pytest.mark.parametrize(
    ("columns", "rate_hz", "words"),
    [
        ({"knee": [1]}, 100, "leg channel knee: there is none of that name"),
        ({"moment": [1, 2], "liner": [1, 2, 3]}, 100, "leg channel liner: 3 points where 2 belong"),
        ({"moment": [1, 2]}, 30, "rate 30 Hz: a point must last whole microseconds"),
        ({"moment": [0] * 90_001}, 100, "90001 points at 100 Hz: load at most 15 minutes at a time"),
    ],
)
def test_a_leg_refuses_what_it_cannot_play(columns: dict[str, list[int]], rate_hz: int, words: str) -> None:
    with pytest.raises(ValueError) as refused:
        Leg().load(0, rate_hz, columns)
    assert str(refused.value) == words


# -- AS5600 ----------------------------------------------------------------------------------------


def test_an_angle_is_4096_counts_a_turn_from_its_zero() -> None:
    for cdeg in (-9000, -1, 0, 450, 9000):
        chip = AS5600(0x36, leg_with(ankle_angle=[cdeg]), 4000, 1)
        high, low = read(chip, 0x0C, 2, 0)
        assert (high << 8 | low) == round(4000 + cdeg * 4096 / 36000) % 4096


def test_the_pointer_stays_on_an_angle_when_read_again() -> None:
    """Datasheet page 13: reading on from the high byte goes back to it; from STATUS it runs through."""
    chip = AS5600(0x36, leg_with(ankle_angle=[1000]), 0x123, 1)
    once = read(chip, 0x0C, 2, 0)
    assert read(chip, 0x0C, 6, 0) == once * 3
    assert read(chip, 0x0B, 3, 0) == b"\x20" + once


@pytest.mark.parametrize(
    ("magnet", "status", "gain"),
    [("ok", 0x20, 0x40), ("weak", 0x30, 0x80), ("strong", 0x28, 0), ("missing", 0x10, 0x80)],
)
def test_the_magnet_shows_in_status_and_gain(magnet: str, status: int, gain: int) -> None:
    chip = AS5600(0x36, Leg(), 0, 1)
    chip.magnet = magnet
    assert read(chip, 0x0B, 1, 0)[0] == status and read(chip, 0x1A, 1, 0)[0] == gain


# -- NAU7802 ---------------------------------------------------------------------------------------


def bridge(error_ppm: int = 0, **truth: int) -> NAU7802:
    leg = leg_with(moment=[i * 10 for i in range(400)])
    chip = NAU7802(0x2A, leg, 1000, 6000, error_ppm=error_ppm, noise_counts=0, **truth)
    chip.write(0x00, b"\x02", 0)
    assert read(chip, 0x00, 1, 0)[0] & 0x08, "powered up"
    chip.write(0x02, b"\x70", 0)
    chip.write(0x00, b"\x96", 0)
    return chip


@pytest.mark.parametrize("error_ppm", [-20_000, 0, 20_000])
def test_conversions_come_at_320_of_its_own_oscillator(error_ppm: int) -> None:
    chip = bridge(error_ppm)
    ready = 0
    for now in range(0, 1_000_000, 250):
        if read(chip, 0x00, 1, now)[0] & 0x20:
            ready += 1
            read(chip, 0x12, 3, now)
    assert ready == pytest.approx(320 * (1 + error_ppm / 1e6), abs=5), "the first four are still settling"


def test_a_conversion_is_two_periods_old_and_kept_until_the_next() -> None:
    """10 mN.m each 10 ms at 60 counts: 1 mN.m a millisecond."""
    chip = bridge()
    ends = 4 * 3125 + 100 * 3125
    for now in (ends, ends + 3000):
        moment = (int.from_bytes(read(chip, 0x12, 3, now), "big") - 1000) / 60
        assert moment == pytest.approx((ends - 2 * 3125) / 1000, abs=1.1)


def test_a_bridge_stops_at_its_rails_and_drifts_by_temperature() -> None:
    leg = leg_with(moment=[170_000], reference=[3500])
    chip = NAU7802(0x2A, leg, 0, 6000, noise_counts=0)
    chip.write(0x00, b"\x16", 0)
    assert read(chip, 0x12, 3, 2_000_000) == b"\x7f\xff\xff"
    chip = NAU7802(0x2A, leg_with(moment=[0], reference=[3500]), 0, 6000, per_degc=900, noise_counts=0)
    chip.write(0x00, b"\x16", 0)
    assert int.from_bytes(read(chip, 0x12, 3, 2_000_000), "big") == 9000


def test_reset_stops_everything() -> None:
    chip = bridge()
    chip.write(0x00, b"\x01", 500_000)
    assert read(chip, 0x00, 3, 900_000) == b"\x01\x00\x00"
    assert read(chip, 0x1F, 1, 900_000) == b"\x0f"


# -- LSM6DSO ---------------------------------------------------------------------------------------


def inertial(now: int = 0, fine: int = 0, error_ppm: int = 0, **columns: list[int]) -> LSM6DSO:
    rest = {f"{what}_{axis}": [0] for what in ("gyro", "acc") for axis in "xyz"}
    chip = LSM6DSO(0x6A, leg_with(now, **{**rest, **columns}), fine=fine, error_ppm=error_ppm, noise_counts=0)
    for register, value in ((0x19, 0x20), (0x10, 0x44), (0x11, 0x4C), (0x09, 0x44), (0x0A, 0x46)):
        chip.write(register, bytes([value]), now % WRAP)
    return chip


def waiting(chip: LSM6DSO, now: int) -> int:
    low, high = read(chip, 0x3A, 2, now)
    return (high & 3) << 8 | low


@pytest.mark.parametrize("fine", [-20, 0, 20])
def test_slots_come_at_104_of_its_own_oscillator(fine: int) -> None:
    """6667 Hz / 64, 0.15 % faster for each INTERNAL_FREQ_FINE: three words a slot."""
    chip = inertial(fine=fine)
    assert waiting(chip, 1_000_000) // 3 == pytest.approx(104.17 * (1 + 0.0015 * fine), abs=1.01)


def test_a_slot_is_gyro_accelerometer_and_time_under_one_count() -> None:
    chip = inertial(gyro_z=[7000], acc_y=[1000])
    words = [read(chip, 0x78, 7, 30_000) for _ in range(9)]
    assert [word[0] >> 3 for word in words] == [1, 2, 4] * 3
    assert [word[0] >> 1 & 3 for word in words] == [0, 0, 0, 1, 1, 1, 2, 2, 2]
    assert int.from_bytes(words[0][5:7], "little") == 10000, "700 deg/s at 70 milli-deg/s a count"
    assert int.from_bytes(words[1][3:5], "little") == 2049, "1 g at 0.488 milli-g a count"
    times = [int.from_bytes(words[i][1:5], "little") for i in (2, 5, 8)]
    assert [b - a for a, b in itertools.pairwise(times)] == [384, 384], "9.6 ms of 25 us"


def test_its_time_runs_on_between_slots() -> None:
    chip = inertial()
    times = [int.from_bytes(read(chip, 0x40, 4, 0), "little")]
    for now in range(1_000, 2_000_000, 1_000):
        read(chip, 0x3A, 8, now)
        times.append(int.from_bytes(read(chip, 0x40, 4, now), "little"))
    steps = [b - a for a, b in itertools.pairwise(times[1:])]
    assert set(steps) == {40}


def test_a_full_queue_drops_its_oldest_and_says_so() -> None:
    chip = inertial()
    assert read(chip, 0x3A, 2, 1_000_000)[1] & 0x08 == 0
    low, high = read(chip, 0x3A, 2, 3_000_000)
    assert (high & 3) << 8 | low == 512 and high & 0x08
    assert read(chip, 0x3A, 2, 3_000_000)[1] & 0x08 == 0, "said once"


def test_an_absent_accelerometer_stays_powered_down() -> None:
    leg = leg_with(gyro_x=[0], gyro_y=[0], gyro_z=[100])
    chip = LSM6DSO(0x6A, leg, noise_counts=0)
    for register, value in ((0x19, 0x20), (0x10, 0x44), (0x11, 0x4C), (0x09, 0x44), (0x0A, 0x46)):
        chip.write(register, bytes([value]), 0)
    assert read(chip, 0x10, 2, 0) == b"\x00\x4c"
    words = [read(chip, 0x78, 7, 50_000) for _ in range(4)]
    assert [word[0] >> 3 for word in words] == [1, 4, 1, 4]
    assert chip.answers()


def test_the_queue_over_the_wrap() -> None:
    chip = inertial(WRAP - 500_000)
    assert waiting(chip, WRAP + 500_000) // 3 in (104, 105)


# -- the others ------------------------------------------------------------------------------------


def test_a_single_conversion_takes_its_time() -> None:
    """860 SPS and 25 us to wake, 4 % slow: 1.235 ms; until then the old result and OS low."""
    leg = leg_with(pressure_2=[1000])
    chip = ADS1115(0x48, leg, (None, (26400, 0, 197), None, None), error_ppm=-40_000)
    assert read(chip, 1, 2, 0) == b"\x85\x83", "as it wakes up"
    chip.write(1, b"\xd3\xe3", 1000)
    assert read(chip, 1, 2, 2_200) == b"\x53\xe3" and read(chip, 0, 2, 2_200) == b"\x00\x00"
    assert read(chip, 1, 2, 2_300) == b"\xd3\xe3"
    counts = int.from_bytes(read(chip, 0, 2, 2_300), "big")
    ratio = 1000 * 4096 / 197 / 16384
    assert counts == pytest.approx(26400 * ratio / (1 + ratio), abs=1)


def test_a_thermometer_converts_once_a_second() -> None:
    chip = TMP117(0x49, leg_with(liner=[2500 + i for i in range(1000)]))
    assert read(chip, 0x0F, 2, 0) == b"\x01\x17"
    assert read(chip, 0x00, 2, 1000) == b"\x80\x00"
    chip.write(0x01, b"\x02\x20", 2_000_000)
    values = [int.from_bytes(read(chip, 0, 2, now), "big") for now in range(2_200_000, 7_000_000, 100_000)]
    assert len(set(values)) == 5, "4.8 s of a temperature that rises all the time"


def test_a_gauge_in_its_own_units() -> None:
    chip = MAX17048(0x36, leg_with(battery_mv=[3700], battery_pct=[55]))
    volts, soc = read(chip, 2, 2, 0), read(chip, 4, 2, 0)
    assert int.from_bytes(volts, "big") * 78.125e-6 == pytest.approx(3.7, abs=1e-4)
    assert int.from_bytes(soc, "big") / 256 == 55
    assert read(chip, 8, 2, 0)[1] & 0xF0 == 0x10


# -- the board's own parts -------------------------------------------------------------------------


def test_a_clock_wraps_like_a_board() -> None:
    clock = VirtualClock(Costs())
    for _ in range(3):
        clock.sleep_ms(600_000)
        clock.sleep_us(999)
    assert clock.elapsed_us() == 1_800_002_997
    assert clock.ticks_us() == 1_800_002_997 % WRAP and clock.ticks_ms() == 1_800_002


def test_a_watchdog_bites_whoever_does_not_feed_it() -> None:
    clock = VirtualClock(Costs())
    power = VirtualPower(clock)
    clock.sleep_ms(8_000)
    power.feed()
    clock.sleep_ms(8_001)
    with pytest.raises(Bitten, match="the watchdog waited 8001 ms"):
        power.feed()


def test_chance_is_the_same_for_one_seed_only() -> None:
    clock = VirtualClock(Costs())
    assert VirtualPower(clock, seed=5).random(8) == VirtualPower(clock, seed=5).random(8)
    ids = {VirtualPower(clock, seed=seed).random(8) for seed in range(2000)}
    assert len(ids) == 2000


def test_an_unknown_cost_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match="cost coffee_us: there is none of that name"):
        Costs({"coffee_us": 1})
