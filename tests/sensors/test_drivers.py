"""Drivers against their datasheets: which registers they touch, and what the bytes there mean."""

import pytest

from talus.sensors import NO_ANSWER, OK, WRONG_CHIP
from talus.sensors.ads1115 import ADS1115
from talus.sensors.as5600 import AS5600, MD
from talus.sensors.lsm6dso import LSM6DSO
from talus.sensors.max17048 import MAX17048
from talus.sensors.nau7802 import NAU7802
from talus.sensors.tmp117 import TMP117
from talus.wire import kinds
from talus_twin.board import brace

# (driver, register, bytes there, what a datasheet says they are)
READINGS = (
    (AS5600, 0x0B, b"\x20\x00\x00", 0),
    (AS5600, 0x0B, b"\x20\x0f\xff", 4095),
    (AS5600, 0x0B, b"\x20\x08\x00", 2048),
    (NAU7802, 0x12, b"\x00\x00\x00", 0),
    (NAU7802, 0x12, b"\x7f\xff\xff", 8388607),
    (NAU7802, 0x12, b"\x80\x00\x00", -8388608),
    (NAU7802, 0x12, b"\xff\xff\xff", -1),
    (ADS1115, 0x00, b"\x7f\xff", 32767),
    (ADS1115, 0x00, b"\x00\x01", 1),
    (ADS1115, 0x00, b"\xff\xff", -1),
    (ADS1115, 0x00, b"\x80\x00", -32768),
    # TMP117 datasheet, table 7-1
    (TMP117, 0x00, b"\xf3\x80", -2500),
    (TMP117, 0x00, b"\x0c\x80", 2500),
    (TMP117, 0x00, b"\x32\x00", 10000),
    (TMP117, 0x00, b"\x00\x80", 100),
    (TMP117, 0x00, b"\xff\xf0", -12),  # -0.125 degC
    (TMP117, 0x00, b"\x80\x00", None),  # before the first conversion
    # 78.125 uV a count: 0xC000 is 3.84 V, 0xD200 is 4.2 V
    (MAX17048, 0x02, b"\xc0\x00\x32\x80", 3840),
    (MAX17048, 0x02, b"\xd2\x00\x64\x00", 4200),
)


class Registers:
    """A bus with one chip that is only memory; keeps what was written."""

    def __init__(self, register: int, data: bytes) -> None:
        self.at, self.data = register, data
        self.written: list[tuple[int, bytes]] = []

    def readfrom_mem_into(self, address: int, register: int, buffer: bytearray) -> None:
        assert register == self.at
        buffer[:] = self.data[: len(buffer)]

    def writeto_mem(self, address: int, register: int, data: bytes) -> None:
        self.written.append((register, bytes(data)))


@pytest.mark.parametrize(("driver", "register", "data", "value"), READINGS)
def test_bytes_mean_what_the_datasheet_says(driver: type, register: int, data: bytes, value: int | None) -> None:
    assert driver(Registers(register, data), 0x11).read() == value


def test_a_gauge_in_percent() -> None:
    gauge = MAX17048(Registers(0x02, b"\xc0\x00\x32\x80"))
    gauge.read()
    assert gauge.percent == 51  # 50.5 % rounds up
    gauge = MAX17048(Registers(0x02, b"\xd2\x00\x66\x00"))
    gauge.read()
    assert gauge.percent == 100  # 102 %: the model overshoots on the charger


@pytest.mark.parametrize(("data", "cdegc"), [(b"\x00\x00", 2500), (b"\x00\x01", 2600), (b"\x80\xff", 2450)])
def test_the_imu_is_a_thermometer(data: bytes, cdegc: int) -> None:
    """256 counts a degC around 25 degC (DS12140 table 4)."""
    assert LSM6DSO(Registers(0x20, data)).read_temperature() == cdegc


def test_pressure_inputs_are_begun_one_by_one() -> None:
    """Config: start, input n to ground, +-4.096 V, single, 860 SPS, comparator off (SBAS444 table 8)."""
    bus = Registers(0, b"")
    adc = ADS1115(bus)
    for channel in range(4):
        adc.begin(channel)
    assert bus.written == [(1, b"\xc3\xe3"), (1, b"\xd3\xe3"), (1, b"\xe3\xe3"), (1, b"\xf3\xe3")]


DRIVERS = {
    "encoder": AS5600,
    "bridge": NAU7802,
    "imu": LSM6DSO,
    "pressure": ADS1115,
    "thermometer": TMP117,
    "gauge": MAX17048,
}


def driver_of(one: brace.Brace, name: str) -> object:
    return DRIVERS[name](one.buses["slow" if name == "gauge" else "main"])


@pytest.mark.parametrize("name", DRIVERS)
def test_each_chip_is_known_by_its_driver(name: str) -> None:
    assert driver_of(brace.make(), name).check() == OK


@pytest.mark.parametrize("name", DRIVERS)
def test_silence_is_no_answer(name: str) -> None:
    one = brace.make()
    one.chips[name].silent = True
    assert driver_of(one, name).check() == NO_ANSWER


@pytest.mark.parametrize("name", ["bridge", "imu", "thermometer", "gauge"])
def test_another_chip_is_refused(name: str) -> None:
    """An LSM6DS3 (0x6A) where an LSM6DSO (0x6C) belongs is the case that happens."""
    one = brace.make()
    one.chips[name].wrong_id = True
    assert driver_of(one, name).check() == WRONG_CHIP


def test_a_missing_magnet_is_named() -> None:
    one = brace.make()
    one.chips["encoder"].magnet = "missing"
    assert kinds.HEALTH_REASONS[driver_of(one, "encoder").check()] == "magnet_missing"


def test_answers_are_reasons_of_the_wire() -> None:
    assert [kinds.HEALTH_REASONS[i] for i in (OK, NO_ANSWER, WRONG_CHIP)] == ["none", "no_answer", "wrong_chip"]


def test_start_and_stop_of_every_chip() -> None:
    one = brace.make()
    encoder, bridge, imu, _, thermometer, _ = (driver_of(one, name) for name in DRIVERS)
    for driver in (encoder, bridge, imu, thermometer):
        driver.start(one.clock)
    one.clock.sleep_ms(200)
    encoder.read()
    assert encoder.status == MD and encoder.read_gain() == 0x40
    assert bridge.ready()
    bridge.read()
    assert not bridge.ready(), "reading a conversion takes it"
    assert thermometer.read() == 2500
    assert imu.poll() > 50
    for driver in (encoder, bridge, imu, thermometer):
        driver.stop()
    one.clock.sleep_ms(200)
    assert not bridge.ready() and imu.poll() == 0


def test_the_oscillator_is_asked_how_fast_it_is() -> None:
    """INTERNAL_FREQ_FINE: 0.15 % each; -6 makes a tick of 25 us 0.9 % longer."""
    one = brace.make(build=brace.Build(changes={"imu_fine": -6}))
    imu = driver_of(one, "imu")
    imu.start(one.clock)
    assert imu.tick_ns == pytest.approx(25000 / (1 - 0.009), abs=1)
