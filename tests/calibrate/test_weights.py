"""Gains and offset against a bridge whose truth is known; hysteresis, swapped signs and two loads are refused."""

from dataclasses import replace

import pytest
from calibrate.made import LEVER_M, loads

from talus.calibration import Calibration
from talus_host.calibrate.readings import Load
from talus_host.calibrate.weights import GRAVITY, fit_weights

TOP = {"id": 1, "made_day": 0, "side": 0, "imu_place": 0, "liner": 0, "reference": 0}


@pytest.mark.parametrize(("up", "down"), [(60000, 60000), (-60000, -60000), (60000, 51000), (-9000, -10000)])
@pytest.mark.parametrize("plate_nm", [0.0, 0.14])
def test_the_truth_is_found_and_the_brace_then_measures_it(up: float, down: float, plate_nm: float) -> None:
    found = fit_weights(loads(up, down, plate_nm=plate_nm))
    assert found.accepted, found.why
    assert found.figures["plate_nm"] == pytest.approx(plate_nm, abs=0.005)
    assert ("plantar_per_100_mnm" in found.given["bridge"]) == (up != down)
    made = Calibration({**TOP, "bridge": {**found.given["bridge"], "counts_per_degc": 0}})
    for mnm in (-9000, -1500, -20, 0, 20, 1500, 9000):
        counts = round(41000 + (up if mnm > 0 else down) * mnm / 1000)
        assert made.moment(counts) == pytest.approx(mnm, abs=4 + 0.002 * abs(mnm))


def test_the_lever_is_shorter_on_a_slope() -> None:
    """A plate 30 deg from level: the cosine, not the mass, is what the brace felt."""
    found = fit_weights(loads(plate_deg=30.0))
    assert found.figures["counts_per_nm"] == pytest.approx(60000, rel=1e-3)
    assert found.figures["full_scale_nm"] == pytest.approx(4 * 9.80665 * LEVER_M * 0.8660254, rel=1e-6)


def test_hysteresis_is_reported_and_refused_above_five_per_cent() -> None:
    full = 4 * GRAVITY * LEVER_M
    some = fit_weights(loads(lag=0.03 * full))
    assert some.accepted and some.figures["hysteresis_pct"] == pytest.approx(3.0, abs=0.1)
    much = fit_weights(loads(lag=0.061 * full))
    assert much.figures["hysteresis_pct"] == pytest.approx(6.1, abs=0.3), (
        "of the gain found, which the gap bends a little"
    )
    assert not much.accepted and much.why == "hysteresis 6.3 % of full scale, and 5 is the limit"


def test_one_bad_reading_is_named() -> None:
    rows = loads()
    rows[3] = replace(rows[3], counts=rows[3].counts - 0.12 * 60000 * 5.88)
    found = fit_weights(rows)
    assert not found.accepted
    assert found.why.startswith("the load of 5.9 N.m lies") and found.why.endswith("and 3 is the limit: read it again")


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        (loads(masses=(0.0, 2.0)), "1 loads toward dorsiflexion, and 3 are needed: two points fit any line"),
        (
            [row for row in loads() if row.toward > 0],
            "0 loads toward plantarflexion, and 3 are needed: two points fit any line",
        ),
        (loads(masses=(0.0, 0.1, 0.2, 0.3)), "the largest load is 0.4 N.m; 1.5 are needed"),
        (
            loads(down=-60000, plate_nm=0.0, noise=0.0),
            "6000 counts per 0.1 N.m toward dorsiflexion, -6000 toward plantarflexion: the loads of one direction were "
            "hung the other way",
        ),
        (loads(up=2.0, down=2.0, noise=0.0), "2 counts per N.m: the bridge does not feel the load"),
        (
            [replace(row, degc=25.0 + index) for index, row in enumerate(loads())],
            "the brace went from 25.0 to 38.0 degC between loads; 3 is the limit",
        ),
        (
            loads(plate_nm=1.6),
            "the plate's own weight comes out as 1.60 N.m, and 1 is the limit: the zero moved between the two "
            "directions",
        ),
        ([], "0 loads toward dorsiflexion, and 3 are needed: two points fit any line"),
    ],
)
def test_what_is_refused_and_why(rows: list[Load], why: str) -> None:
    found = fit_weights(rows)
    assert not found.accepted and found.why == why and found.given == {}
