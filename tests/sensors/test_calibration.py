"""Counts to units against the same sums in real numbers; a calibration that cannot be is refused by name."""

import math

import pytest

from talus.calibration import Calibration
from talus.wire import kinds

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
