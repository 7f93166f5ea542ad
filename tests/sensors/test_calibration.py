"""Counts to units against the same sums in real numbers; a calibration that cannot be is refused by name."""

import math

import pytest

from talus.calibration import Calibration
from talus.wire import kinds
from talus_twin.board.interpreter import Interpreter

ALLOCATES = """
import micropython
from talus.calibration import Calibration
made = Calibration(GIVEN)
def every(wrong):
    counts = -8388608
    while counts < 8388608:
        made.moment(counts)
        counts += 99991
    warm = -32768
    while warm < 32768:
        made.warm(warm)
        warm += 501
    counts = 0
    while counts < 4096:
        made.angle(counts)
        counts += 13
    counts = -32768
    while counts < 32768:
        made.pressure[0].from_counts(counts)
        made.pressure[1].from_counts(counts)
        counts += 97
    return [wrong] if wrong else 0
def locked(wrong):
    micropython.heap_lock()
    try:
        every(wrong)
        return "nothing"
    except MemoryError:
        return "something"
    finally:
        micropython.heap_unlock()
"""
GOOD = {
    "id": 7,
    "made_day": 20000,
    "side": 0,
    "imu_place": 0,
    "liner": 1,
    "reference": 1,
    "alignment": (1000, 0, 0, 0, 1000, 0, 0, 0, 1000),
    "encoder": {"zero": 1234, "direction": -1},
    "bridge": {"offset": 41000, "counts_per_100_mnm": 6000, "counts_per_degc": 900, "at_cdegc": 2500},
    "gyro": {"bias_x": 12, "bias_y": -9, "bias_z": 5},
    "accel": {"bias_x": 20, "bias_y": -14, "bias_z": 8},
    "pressure": [{"site": 5, "full": 26400, "open": 40, "slope": 197}, None, None, None],
}


def changed(path: str, value: object) -> dict[str, object]:
    given = {key: dict(part) if isinstance(part, dict) else part for key, part in GOOD.items()}
    section, _, field = path.rpartition(".")
    if section == "pressure":
        given["pressure"] = [{**GOOD["pressure"][0], field: value}, None, None, None]
    elif section:
        given[section][field] = value
    else:
        given[field] = value
    return given


@pytest.mark.parametrize(
    ("path", "value", "line"),
    [
        ("id", -1, "calibration id: -1 is not an integer from 0 to 1073741823"),
        ("side", 2, "calibration side: 2 is not an integer from 0 to 1"),
        ("made_day", "today", "calibration made_day: 'today' is not an integer from 0 to 65534"),
        ("liner", True, "calibration liner: True is not an integer from 0 to 1"),
        ("encoder.zero", 4096, "calibration encoder.zero: 4096 is not an integer from 0 to 4095"),
        ("encoder.direction", 0, "calibration encoder.direction: 0 is not 1 or -1"),
        ("encoder.zero", 12.5, "calibration encoder.zero: 12.5 is not an integer from 0 to 4095"),
        ("bridge.counts_per_100_mnm", 0, "calibration bridge.counts_per_100_mnm: 0 is not a gain"),
        ("bridge.offset", None, "calibration bridge.offset: None is not an integer from -8388607 to 8388607"),
        ("gyro.bias_q", 3, "calibration gyro.bias_q: 3 is not a field there is"),
        ("pressure.site", 0, "calibration pressure.site: 0 is not an integer from 1 to 8"),
        ("pressure.slope", 0, "calibration pressure.slope: 0 is not an integer from 1 to 4000"),
        ("pressure", [None], "calibration pressure: 1 is not 4 channels"),
        ("pressure", 4, "calibration pressure: 4 is not a list of channels"),
        ("encoder", 5, "calibration encoder: 5 is not a section of fields"),
        ("alignment", 1000, "calibration alignment: 1000 is not 9 integers"),
        ("alignment", (1, 2), "calibration alignment: (1, 2) is not 9 integers"),
        (
            "alignment",
            (1000, 1000, 0, 0, 1000, 0, 0, 0, 1000),
            "calibration alignment: (1000, 1000, 0) is not a row of length 1000",
        ),
        ("colour", 3, "calibration colour: 3 is not a field there is"),
        (
            "bridge.plantar_per_100_mnm",
            -6000,
            "calibration bridge.plantar_per_100_mnm: -6000 is not a gain of the other one's sign",
        ),
        (
            "bridge.counts_per_100_degc2",
            10001,
            "calibration bridge.counts_per_100_degc2: 10001 is not an integer from -10000 to 10000",
        ),
        ("encoder.bend", [0] * 15, "calibration encoder.bend: %r is not 16 integers" % ([0] * 15)),
        ("encoder.bend", [501] * 16, "calibration encoder.bend: 501 is not an integer from -500 to 500"),
        ("pressure.curve", [40, 0, 40, 9], "calibration pressure.curve: (40, 0, 40, 9) is not rising, from 0 to 65534"),
        (
            "pressure.curve",
            [40, 0, 90, 9, 140, 8],
            "calibration pressure.curve: (90, 9, 140, 8) is not rising, from 0 to 65534",
        ),
        ("pressure.curve", [40, 0, 90], "calibration pressure.curve: [40, 0, 90] is not 2 to 9 pairs"),
        ("pressure.slope", None, "calibration pressure.slope: None is not given, and neither is a curve"),
        (
            "steps",
            [["imu", 20000, "A. Person"]],
            "calibration steps: 'A. Person' is not one of orthotist, technician, wearer, developer",
        ),
        (
            "steps",
            [["dance", 1, "wearer"]],
            "calibration steps: ['dance', 1, 'wearer'] is not a step, a day and a role",
        ),
    ],
)
def test_a_bad_calibration_is_refused_by_name(path: str, value: object, line: str) -> None:
    with pytest.raises(ValueError) as refused:
        Calibration(changed(path, value))
    assert str(refused.value) == line


def test_what_is_not_given_is_not_fitted() -> None:
    plain = {key: GOOD[key] for key in ("id", "made_day", "side", "imu_place", "liner", "reference")}
    made = Calibration(plain)
    assert not (made.encoder or made.bridge or made.gyro or made.accel)
    assert made.sites == (0, 0, 0, 0) and made.pressure == (None,) * 4


@pytest.mark.parametrize("direction", [1, -1])
@pytest.mark.parametrize("zero", [0, 1, 2047, 2048, 4095])
def test_the_encoder_wraps_and_turns(zero: int, direction: int) -> None:
    made = Calibration(changed("encoder", {"zero": zero, "direction": direction}))
    for cdeg in range(-8000, 8001, 37):
        counts = round(zero + direction * cdeg * 4096 / 36000) % 4096
        assert abs(made.angle(counts) - cdeg) <= 5, "half of 0.0879 deg and the rounding to 0.01"


@pytest.mark.parametrize("gain", [6000, -6000, 731])
def test_the_bridge_in_millinewton_metres(gain: int) -> None:
    given = changed("bridge", {"offset": -512345, "counts_per_100_mnm": gain, "counts_per_degc": 0, "at_cdegc": 0})
    made = Calibration(given)
    for counts in range(-8388608, 8388608, 99991):
        loaded = min(max(counts + 512345, -8388607), 8388607)
        assert abs(made.moment(counts) - loaded * 100 / gain) <= 0.5


def test_the_bridge_follows_its_temperature() -> None:
    made = Calibration(GOOD)
    made.warm(3500)
    assert made.moment(41000 + 9000) == 0
    made.warm(None)
    assert made.moment(41000 + 9000) == 0, "an unknown temperature changes nothing"
    made.warm(1500)
    assert made.moment(41000 - 9000 + 60) == 1


def test_two_gains_meet_at_zero() -> None:
    """6000 counts per 0.1 N.m one way, 4800 the other; no step between them."""
    bridge = {"offset": 0, "counts_per_degc": 0, "at_cdegc": 2500}
    for sign in (1, -1):
        gains = {"counts_per_100_mnm": sign * 6000, "plantar_per_100_mnm": sign * 4800}
        made = Calibration(changed("bridge", bridge | gains))
        assert made.moment(sign * 60000) == 1000 and made.moment(-sign * 48000) == -1000
        assert [made.moment(counts) for counts in (-30, 0, 30)] in (
            [-1, 0, 1],
            [1, 0, -1],
            [0, 0, 1],
            [0, 0, 0],
            [-1, 0, 0],
        )
        read = [made.moment(sign * counts) for counts in range(-200, 200)]
        assert read == sorted(read)


@pytest.mark.parametrize("square", [-10000, -750, 0, 33, 10000])
def test_a_drift_that_bends_is_followed(square: int) -> None:
    """Offset + b1 dT + b2 dT^2 in real numbers, to 0.01 degC of b1 and a third of a degree of b2."""
    given = {**GOOD["bridge"], "counts_per_degc": 0, "counts_per_100_degc2": square}
    made = Calibration(changed("bridge", given))
    for cdegc in (-4000, -1, 500, 1733, 2500, 3999, 8500, 32767):
        made.warm(cdegc)
        away = max(-125.0, min(125.0, (cdegc - 2500) / 100))
        wanted = 41000 + square / 100 * away**2
        slack = abs(square) / 100 * (0.2 * abs(away) + 0.2) + 1
        assert abs(made.strain[0] - wanted) <= slack


def test_an_eccentric_magnet_is_bent_back() -> None:
    """Between the places of the table the line is straight; round the turn it is closed."""
    bend = [round(150 * math.sin(2 * math.pi * i / 16)) for i in range(16)]
    made = Calibration(changed("encoder", {"zero": 0, "direction": 1, "bend": bend}))
    plain = Calibration(changed("encoder", {"zero": 0, "direction": 1}))
    for counts in range(0, 4096, 5):
        at = counts / 256
        low = int(at)
        wanted = bend[low] + (bend[(low + 1) % 16] - bend[low]) * (at - low)
        assert abs(made.angle(counts) - plain.angle(counts) - wanted) <= 1


def test_a_curve_is_read_between_its_knots_and_goes_on_behind_them() -> None:
    curve = [40, 0, 2000, 100, 9000, 1000, 30000, 2000]
    site = Calibration(changed("pressure.curve", curve)).pressure[0]
    assert site is not None
    for counts in range(60, 26000, 13):
        ratio = (counts << 14) // (26400 - counts)
        if ratio > 30000:
            wanted = 2000 + (ratio - 30000) * 1000 / 21000
        else:
            at = next(i for i in (0, 2, 4) if ratio <= curve[i + 2] or i == 4)
            share = (ratio - curve[at]) / (curve[at + 2] - curve[at])
            wanted = curve[at + 1] + share * (curve[at + 3] - curve[at + 1])
        if ratio <= 90000:
            assert abs(site.from_counts(counts) - wanted) <= 1 + 0.003 * wanted and not site.beyond
        else:
            assert site.from_counts(counts) and site.beyond


def test_the_largest_numbers_of_a_calibration_allocate_nothing(micropython: Interpreter) -> None:
    """Everything a file may hold at its most, in the converters' whole ranges, in a locked heap of a 32-bit build."""
    given = {key: GOOD[key] for key in ("id", "made_day", "side", "imu_place", "liner", "reference")}
    given["encoder"] = {"zero": 4095, "direction": -1, "bend": [500, -500] * 8}
    given["bridge"] = {"offset": 8388607, "counts_per_100_mnm": 731, "counts_per_degc": 80000, "at_cdegc": -4000}
    given["bridge"] |= {"plantar_per_100_mnm": 1, "counts_per_100_degc2": 10000}
    curve = [100000, 0, 100001, 60000, 4194303, 65534]
    given["pressure"] = [
        {"site": 5, "full": 32767, "open": 100000, "curve": curve},
        {"site": 1, "full": 32767, "open": 0, "slope": 4000},
        None,
        None,
    ]
    micropython.run(f"GIVEN = {given!r}")
    micropython.run(ALLOCATES)
    assert micropython.run("print(locked(0))").strip() == "nothing"
    assert micropython.run("print(locked(1))").strip() == "something", "the lock itself works"


def test_pressure_is_linear_in_conductance() -> None:
    """A divider: counts = full * G / (G + G_ref); then P = a * (G - G0), within the steps of converter and slope."""
    site = Calibration(GOOD).pressure[0]
    assert site is not None
    for counts in range(0, 26400, 7):
        ratio = counts / (26400 - counts) * 16384
        wanted = max(0.0, ratio - 40) * 197 / 4096
        assert abs(site.from_counts(counts) - min(wanted, 65534)) <= 0.6 + wanted * 1e-6
    assert site.from_counts(-3) == 0
    assert site.from_counts(26400) is None and site.from_counts(32767) is None


def test_rates_and_accelerations_turn_into_leg_axes() -> None:
    """A chip turned 30 deg about its z: the same turn undone, to 1 per 1000 and a rounding."""
    cos, sin = math.cos(math.radians(30)), math.sin(math.radians(30))
    rows = ((cos, sin, 0.0), (-sin, cos, 0.0), (0.0, 0.0, 1.0))
    made = Calibration(changed("alignment", tuple(round(v * 1000) for row in rows for v in row)))
    sample: list[int | None] = [None] * kinds.SAMPLE_SIZE
    counts = (1500, -2200, 9000)
    made.turning(counts[0] + 12, counts[1] - 9, counts[2] + 5, sample)
    made.pushing(counts[0] + 20, counts[1] - 14, counts[2] + 8, sample)
    forward, up, lateral = (sum(a * b for a, b in zip(row, counts, strict=True)) for row in rows)
    rates = (sample[kinds.GYRO_SAGITTAL], sample[kinds.GYRO_FRONTAL], sample[kinds.GYRO_TRANSVERSE])
    assert rates == pytest.approx((lateral * 0.7, forward * 0.7, up * 0.7), abs=3)
    pushes = (sample[kinds.ACC_FORWARD], sample[kinds.ACC_UP], sample[kinds.ACC_LATERAL])
    assert pushes == pytest.approx((forward * 0.488, up * 0.488, lateral * 0.488), abs=2)
