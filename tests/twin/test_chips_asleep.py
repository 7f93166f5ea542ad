"""The chips' low power at register level: what a rest asks of them, each against its datasheet and none of the driver's
own constants, and what a start afterwards must find."""

import pytest

from talus_twin.board import brace
from talus_twin.board.brace import START_US, Brace, Build

HZ = 100
AT_US = START_US + 1_000_000
STEP_US = 38_462  # a sample at 26 Hz


def on_a_leg(**columns: list[int]) -> Brace:
    rest = {"gyro_x": [0], "gyro_y": [0], "gyro_z": [0], "acc_x": [0], "acc_y": [1000], "acc_z": [0], "liner": [3210]}
    rest |= {"moment": [0], "ankle_angle": [0]}
    return brace.make(rest | columns, HZ, build=Build(changes={"imu_noise": 0, "imu_accel_bias": (0, 0, 0)}))


def write(one: Brace, chip: str, rows: list[tuple[int, int]]) -> None:
    for register, value in rows:
        one.buses["main"].writeto_mem(one.chips[chip].address, register, bytes((value,)))


def read(one: Brace, chip: str, register: int, count: int = 1) -> bytes:
    buffer = bytearray(count)
    one.buses["main"].readfrom_mem_into(one.chips[chip].address, register, buffer)
    return bytes(buffer)


# DS12140: CTRL2_G off, CTRL6_C low power, CTRL1_XL 26 Hz +-2 g, TAP_CFG0 latched and cleared by reading, WAKE_UP_DUR
# threshold of FS/256, WAKE_UP_THS 4 = 31 milli-g, TAP_CFG2 interrupts on, MD1_CFG wake-up on INT1
DOZE = [(0x11, 0), (0x15, 0x10), (0x10, 0x20), (0x56, 0x41), (0x5C, 0x10), (0x5B, 4), (0x58, 0x80), (0x5E, 0x20)]
MD1_CFG, WAKE_UP_SRC, OUT_X = 0x5E, 0x1B, 0x28


def jerked(size_mg: int) -> Brace:
    """A leg that is at rest until its acceleration steps by so much at once, a second after it was loaded."""
    one = on_a_leg(acc_x=[0] * HZ + [size_mg] * HZ)
    write(one, "imu", DOZE)
    one.clock.sleep_us(AT_US - 100_000 - one.clock.elapsed_us())
    assert read(one, "imu", WAKE_UP_SRC) == b"\x00"
    return one


@pytest.mark.parametrize(("size_mg", "wakes"), [(55, False), (75, True), (-75, True), (2000, True)])
def test_a_step_wakes_when_half_of_it_passes_the_threshold(size_mg: int, wakes: bool) -> None:
    """The slope filter gives half of the change between two samples: 62.5 milli-g are twice 31."""
    one = jerked(size_mg)
    imu = one.chips["imu"]
    until = one.clock.us + 500_000
    at = imu.wakes(one.clock.us, until)
    assert (at < until) == wakes
    one.clock.sleep_us(500_000)
    assert imu.interrupt(one.clock.us) == int(wakes), "it stays until it is read"
    assert read(one, "imu", WAKE_UP_SRC)[0] & 8 == 8 * wakes
    assert imu.interrupt(one.clock.us) == 0 and read(one, "imu", WAKE_UP_SRC) == b"\x00"
    if wakes:
        assert AT_US - 10_000 <= at <= AT_US + 2 * STEP_US, "within a sample of the moment"


def test_an_interrupt_that_is_not_routed_is_noted_and_pulls_no_pin() -> None:
    one = jerked(400)
    write(one, "imu", [(MD1_CFG, 0)])
    one.clock.sleep_us(500_000)
    assert one.chips["imu"].interrupt(one.clock.us) == 0
    assert read(one, "imu", WAKE_UP_SRC)[0] & 8


def test_dozing_it_measures_two_g_and_queues_nothing() -> None:
    one = on_a_leg(acc_x=[250])
    write(one, "imu", DOZE)
    one.clock.sleep_us(200_000)
    x, y, _ = (int.from_bytes(read(one, "imu", OUT_X, 6)[i : i + 2], "little", signed=True) for i in (0, 2, 4))
    assert x * 0.061 == pytest.approx(250, abs=4) and y * 0.061 == pytest.approx(1000, abs=4)
    assert read(one, "imu", 0x3A, 2)[0] == 0


def test_a_reset_ends_the_doze() -> None:
    one = jerked(400)
    one.clock.sleep_us(300_000)
    write(one, "imu", [(0x12, 0x01)])
    assert one.chips["imu"].interrupt(one.clock.us) == 0
    assert [read(one, "imu", register)[0] for register in (0x10, 0x56, 0x58, 0x5B, 0x5C, 0x5E)] == [0] * 6


def test_a_single_conversion_of_the_thermometer_ends_by_itself() -> None:
    """SNOSD82D: MOD 11 converts once, 15.5 ms without averaging, and goes back to MOD 01."""
    one = on_a_leg()
    address = one.chips["thermometer"].address
    one.clock.sleep_us(START_US)
    one.buses["main"].writeto_mem(address, 0x01, b"\x0c\x00")
    one.clock.sleep_us(17_000)
    assert int.from_bytes(read(one, "thermometer", 0x00, 2), "big", signed=True) * 0.78125 == pytest.approx(3210, abs=1)
    assert read(one, "thermometer", 0x01, 2)[0] >> 2 & 3 == 1


def test_an_encoder_without_supply_does_not_answer_and_wakes_empty() -> None:
    one = on_a_leg()
    encoder = one.chips["encoder"]
    one.buses["main"].writeto_mem(encoder.address, 0x07, b"\x00\x03")
    encoder.value(0)
    with pytest.raises(OSError, match="nobody"):
        read(one, "encoder", 0x0B)
    encoder.value(1)
    assert read(one, "encoder", 0x08) == b"\x00"


@pytest.mark.parametrize(("mode", "oldest_us"), [(0, 5_000), (1, 10_000), (3, 105_000)])
def test_a_slower_encoder_gives_what_it_saw_last(mode: int, oldest_us: int) -> None:
    """v1-06: it looks each 5, 20 or 100 ms. A ramp of 10 centidegrees in 10 ms shows the age."""
    one = on_a_leg(ankle_angle=[10 * i for i in range(400)])
    one.buses["main"].writeto_mem(one.chips["encoder"].address, 0x07, bytes((0, mode)))
    ages = []
    for _ in range(20):
        one.clock.sleep_us(START_US + 1_000_000 - one.clock.elapsed_us() if not ages else 51_700)
        counts = int.from_bytes(read(one, "encoder", 0x0C, 2), "big")
        angle = ((counts - one.build.encoder_zero) * one.build.encoder_direction + 2048 & 4095) - 2048
        ages.append(one.clock.elapsed_us() - START_US - angle * 9000 / 1024 * 1000)
    assert max(ages) <= oldest_us + 5_000 and max(ages) >= oldest_us * 0.8 - 5_000
