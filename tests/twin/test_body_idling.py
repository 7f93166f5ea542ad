"""Legs that move without walking: no stride in the truth, and every channel that of a possible leg."""

import numpy as np
import pytest

from talus_twin.body.activities import Activity
from talus_twin.body.idling import KINDS
from talus_twin.body.person import Person
from talus_twin.body.scene import Scene, play

FLAT = ("bus", "shuffle", "transfer")  # the foot never leaves the floor
G = 9.80665


def idle(kind: str, seconds: float = 90.0, **changes: object) -> Scene:
    person = Person(kind="foot_drop_brace", noise=0.0, seed=5, **changes)  # type: ignore[arg-type]
    return play(person, [Activity("sit", 5), Activity(kind, seconds), Activity("sit", 5)])


def lean(scene: Scene) -> np.ndarray:
    rate = scene.columns["gyro_z"] / 10
    start = np.degrees(np.arctan2(scene.columns["acc_x"][50], scene.columns["acc_y"][50]))
    return start + np.concatenate(([0.0], np.cumsum((rate[1:] + rate[:-1]) / 2))) / scene.rate_hz


@pytest.mark.parametrize("solid", [False, True])
@pytest.mark.parametrize("kind", KINDS)
def test_nothing_of_it_is_a_stride_and_all_of_it_is_worn(kind: str, solid: bool) -> None:
    scene = idle(kind, solid=solid)
    assert scene.truth.steps.contact_s == [] and len(scene.truth.strides["start_s"]) == 0
    assert scene.truth.worn == [(0.0, pytest.approx(100.0))]
    assert scene.columns["pressure_1"].min() > 50
    if solid:
        assert np.ptp(scene.columns["ankle_angle"]) < 200


@pytest.mark.parametrize("kind", KINDS)
def test_it_moves(kind: str) -> None:
    """Enough that a motion gate of 15 deg/s over 2 s may open (clinical 2.4), or the vehicle's shaking is felt."""
    scene = idle(kind)
    rate = scene.columns["gyro_z"][600:9000] / 10
    force = np.hypot(scene.columns["acc_x"], scene.columns["acc_y"])[600:9000] / 1000
    most = max(float(rate[k : k + 200].std()) for k in range(0, len(rate) - 200, 100))
    assert most > 15 or force.std() > 0.03


@pytest.mark.parametrize("kind", KINDS)
def test_the_gyro_and_gravity_agree_before_and_after(kind: str) -> None:
    scene = idle(kind)
    turned = lean(scene)
    for at in (300, -60):
        tilt = np.degrees(np.arctan2(scene.columns["acc_x"][at], scene.columns["acc_y"][at]))
        assert tilt == pytest.approx(turned[at], abs=1.5)


@pytest.mark.parametrize("kind", KINDS)
def test_nobody_flies_away(kind: str) -> None:
    """Over the whole of it the accelerometer, turned upright by the gyro, means 1 g up and none forward."""
    scene = idle(kind)
    psi = np.radians(lean(scene))
    fore, up = (scene.columns[f"acc_{axis}"] / 1000 for axis in "xy")
    assert np.mean(fore * np.sin(psi) + up * np.cos(psi)) == pytest.approx(1.0, abs=0.01)
    assert np.mean(fore * np.cos(psi) - up * np.sin(psi)) == pytest.approx(0.0, abs=0.025)


@pytest.mark.parametrize("kind", FLAT)
def test_a_foot_on_the_floor_is_flat(kind: str) -> None:
    scene = idle(kind)
    assert np.max(np.abs(scene.columns["ankle_angle"] / 100 + lean(scene))[200:]) < 1.5


def test_a_car_shakes_between_five_and_fifteen_hertz() -> None:
    force = idle("drive").columns["acc_y"][800:9000] / 1000
    power = np.abs(np.fft.rfft(force - force.mean())) ** 2
    hz = np.fft.rfftfreq(len(force), 0.01)
    inside = power[(hz > 3) & (hz < 20)].sum() / power[hz > 1].sum()
    assert inside > 0.8 and 5 < np.sum(hz * power) / power.sum() < 15


def test_pedals_are_pushed_down_and_the_shank_leans_back() -> None:
    scene = idle("drive")
    angle = scene.columns["ankle_angle"][800:9000] / 100
    assert np.median(lean(scene)[800:9000]) > 25
    assert np.ptp(angle) > 8 and angle.max() < 0


def test_a_crank_turns_sixty_to_ninety_times_a_minute() -> None:
    rate = idle("cycle").columns["gyro_z"][800:9000] / 10
    power = np.abs(np.fft.rfft(rate)) ** 2
    assert 0.7 < np.fft.rfftfreq(len(rate), 0.01)[np.argmax(power)] < 1.6


def test_rising_leans_the_shank_over_the_foot_and_loads_the_heel() -> None:
    scene = idle("transfer")
    assert np.percentile(-lean(scene), 99) > 12
    heel = scene.columns["pressure_4"]
    assert np.percentile(heel, 90) > 3 * np.percentile(heel, 10)


def test_turning_on_the_spot_turns() -> None:
    scene = idle("turn_about")
    turned = np.cumsum(scene.columns["gyro_y"] / 10) / 100
    assert np.ptp(turned) > 180
