"""Alignment against an IMU whose place is known; a bent walk, a moving stand and a bad accelerometer are refused."""

import numpy as np
import pytest
from calibrate.made import gyro, standing, strides, turned

from talus_host.calibrate.imu import PAIRS, TRIPLES, accel_bias_of, cube, fit_imu, hinge, moments_of
from talus_host.calibrate.readings import Still, Turning

NO_BIAS = (0.0, 0.0, 0.0)


@pytest.mark.parametrize("place", [(0, 0, 0), (12, -20, 8), (90, 0, 0), (0, 180, 30), (-75, 40, 160)])
def test_the_place_is_found_however_it_was_mounted(place: tuple[float, float, float]) -> None:
    rows = turned(place)
    found = fit_imu([standing(rows)], [strides(rows)], "shank", NO_BIAS)
    assert found.accepted, found.why
    got = np.array(found.given["alignment"]).reshape(3, 3) / 1000
    assert np.degrees(np.arccos(np.clip((got * rows).sum(axis=1), -1, 1))).max() < 2.0
    assert np.linalg.det(got) == pytest.approx(1, abs=0.01), "right-handed"
    assert found.given["gyro"] == {"bias_x": 12, "bias_y": -9, "bias_z": 5}


def test_the_moments_are_all_an_axis_needs() -> None:
    """The same axis and share as numpy's own decomposition of every reading."""
    counts = gyro(turned((20, 30, -40)), 0.3).astype(float)
    axis, share = hinge(moments_of(counts))
    values, vectors = np.linalg.eigh(counts.T @ counts)
    assert abs(axis @ vectors[:, -1]) == pytest.approx(1) and share == pytest.approx(values[-1] / values.sum())
    assert np.mean((counts @ axis) ** 3) > 0, "swing turns positive"
    for way in (axis, np.array([0.6, -0.48, 0.64])):
        assert cube(moments_of(counts), way) == pytest.approx(np.sum((counts @ way) ** 3), rel=1e-6)
    assert len(PAIRS) == 6 and len(TRIPLES) == 10


def test_six_sides_give_the_accelerometers_bias() -> None:
    bias = np.array([60.0, -45.0, 30.0])
    sides = np.vstack([np.eye(3), -np.eye(3)]) @ turned((8, -5, 3)) * 1e6 / 488 + bias
    found, left = accel_bias_of(sides)
    assert found == pytest.approx(bias, abs=0.01) and left < 1e-6
    rows = turned((0, 0, 0))
    stand = standing(rows)
    stood = Still("standing", stand.gyro, (np.array(stand.accel) + bias).tolist(), 3.0, 4.0)
    lain = [Still("side", (0, 0, 0), row.tolist(), 1.0, 4.0) for row in sides]
    assert fit_imu([*lain, stood], [strides(rows)], "shank", NO_BIAS).given["accel"] == {
        "bias_x": 60,
        "bias_y": -45,
        "bias_z": 30,
    }


def test_on_the_foot_a_lift_of_the_toes_says_which_way_it_turns() -> None:
    rows = turned((12, -20, 8))
    walk = strides(rows)
    toes = Turning("lifted", [300, 1, *np.rint(np.array([0, 0, 90000.0]) @ rows).tolist(), *[0] * 16])
    down = Turning("lifted", [300, 1, *(-np.array(toes.moments[2:5])).tolist(), *[0] * 16])
    one, other = (fit_imu([standing(rows)], [walk, lift], "foot", NO_BIAS) for lift in (toes, down))
    assert one.accepted and other.accepted
    assert one.given["alignment"][6:] == [-value for value in other.given["alignment"][6:]]
    assert one.given["alignment"][8] > 0
    aside = Turning("lifted", [300, 1, *np.rint(np.array([90000.0, 0, 0]) @ rows).tolist(), *[0] * 16])
    refused = fit_imu([standing(rows)], [walk, aside], "foot", NO_BIAS)
    assert "of the lift was about the hinge; lift straight on" in refused.why


FLAT = turned((0, 0, 0))


@pytest.mark.parametrize(
    ("still", "turning", "place", "why"),
    [
        ([], [], "shank", "nobody stood still for it"),
        ([standing(FLAT)], [], "shank", "no strides were read, so the hinge is not known"),
        ([standing(FLAT)], [strides(FLAT, 0.01, 6)], "shank", "6 strides, and 10 are needed"),
        ([standing(FLAT)], [strides(FLAT)], "foot", "toes were not lifted, so the way the hinge turns is not known"),
        (
            [standing(FLAT, sd=40.0)],
            [strides(FLAT)],
            "shank",
            "the stand was not still: the gyro spread by 2.8 deg/s, and 1.5 is the limit",
        ),
        (
            [standing(FLAT, bias=(12, -9, 200))],
            [strides(FLAT)],
            "shank",
            "the gyro reads 14.0 deg/s at rest, and 10 is the limit",
        ),
        ([standing(FLAT, g=1.08)], [strides(FLAT)], "shank", "gravity reads 1.080 g, and 1 +- 0.05 is the limit"),
    ],
)
def test_what_is_refused_and_why(still: list, turning: list, place: str, why: str) -> None:
    found = fit_imu(still, turning, place, NO_BIAS)
    assert not found.accepted and found.why == why


def test_a_walk_that_turns_about_two_axes_is_repeated() -> None:
    """The hinge explains 70 %: the rest is a brace that slips, or a walk in circles."""
    counts = gyro(FLAT, 0.01).astype(float)
    share = 0.30 / 0.70
    rng = np.random.default_rng(9)
    counts[:, 0] = rng.permutation(counts[:, 2]) * np.sqrt(share)
    counts[:, 0] *= np.sign(rng.normal(size=len(counts)))
    moments = moments_of(counts)
    moments[1] = 12
    found = fit_imu([standing(FLAT)], [Turning("strides", moments)], "shank", NO_BIAS)
    assert found.figures["explained_pct"] == pytest.approx(70, abs=1)
    words = "one axis explains 70 % of the turning, and 90 is the least: walk straight on, "
    assert found.why == words + "and see that the brace does not slip"
