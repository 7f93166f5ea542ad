"""Ramps and stairs obey physics: gravity, and the way the accelerometer says the leg went, integrated by itself."""

import itertools

import numpy as np
import pytest

from talus_twin.body.activities import Activity
from talus_twin.body.errors import PersonError
from talus_twin.body.person import Person
from talus_twin.body.scene import Scene, play
from talus_twin.body.truth import TERRAINS

G = 9.80665
RATE = 200


def turned(scene: Scene) -> np.ndarray:
    """Shank inclination in deg from nothing but the gyro, its start from gravity."""
    rate = scene.columns["gyro_z"] / 10
    start = np.degrees(np.arctan2(scene.columns["acc_x"][50], scene.columns["acc_y"][50]))
    return start + np.concatenate(([0.0], np.cumsum((rate[1:] + rate[:-1]) / 2))) / scene.rate_hz


def went(scene: Scene, begin_s: float, end_s: float) -> tuple[float, float]:
    """(forward, up) way of the ankle in m between two mid-stances, by integrating the accelerometer twice.

    At both the ankle stands, so the IMU, h above it on the shank, moves as fast as the shank turns.
    """
    a, b = (round(at * scene.rate_hz) for at in (begin_s, end_s))
    psi = np.radians(turned(scene))[a : b + 1]
    rate = np.radians(scene.columns["gyro_z"][a : b + 1] / 10)
    fore, up = (scene.columns[f"acc_{axis}"][a : b + 1] / 1000 for axis in "xy")
    height = scene.person.imu_height_m
    place = np.vstack((-height * np.sin(psi), height * np.cos(psi)))
    speed = np.vstack((-height * rate * np.cos(psi), -height * rate * np.sin(psi)))
    found = []
    for axis, force in enumerate((fore * np.cos(psi) - up * np.sin(psi), fore * np.sin(psi) + up * np.cos(psi) - 1)):
        gained = np.concatenate(([0.0], np.cumsum(force[1:] + force[:-1]) / 2)) * G / scene.rate_hz
        gained += speed[axis][0]
        gained += np.linspace(0, 1, len(gained)) * (speed[axis][-1] - gained[-1])
        way = float((gained[1:] + gained[:-1]).sum() / 2 / scene.rate_hz)
        found.append(way - float(place[axis][-1] - place[axis][0]))
    return found[0], found[1]


def ways(scene: Scene) -> np.ndarray:
    at = scene.truth.strides["mid_stance_s"]
    return np.array([went(scene, a, b) for a, b in itertools.pairwise(at)])


@pytest.mark.parametrize("slope", [-10.0, -5.0, 5.0, 10.0])
@pytest.mark.parametrize("kind", ["healthy", "foot_drop_brace", "stroke"])
def test_on_a_ramp_the_leg_goes_where_its_accelerometer_says(kind: str, slope: float) -> None:
    person = Person(kind=kind, noise=0.0)
    scene = play(person, [Activity("walk", 20, slope_deg=slope)], RATE)
    strides, found = scene.truth.strides, ways(scene)
    assert np.all(strides["terrain"] == TERRAINS.index("ramp")) and np.all(strides["slope_deg"] == slope)
    assert np.allclose(found[:, 1], strides["climb_m"][:-1], atol=0.02)
    assert np.median(np.degrees(np.arctan2(found[:, 1], found[:, 0]))) == pytest.approx(slope, abs=1.5)


@pytest.mark.parametrize("slope", [-10.0, 5.0])
def test_the_foot_lies_on_the_ramp(slope: float) -> None:
    """phi = theta + psi: at mid-stance the foot has the ground's slope (two-segment identity)."""
    for solid in (False, True):
        scene = play(
            Person(kind="foot_drop_brace", solid=solid, noise=0.0), [Activity("walk", 20, slope_deg=slope)], RATE
        )
        pitch = scene.columns["ankle_angle"] / 100 + turned(scene)
        middle = np.rint(scene.truth.strides["mid_stance_s"] * RATE).astype(int)
        assert np.allclose(pitch[middle], slope, atol=1.2)
        lean = -turned(scene)[middle]
        assert np.allclose(lean, scene.truth.strides["shank_to_vertical_deg"], atol=0.8)


def test_uphill_bends_the_ankle_and_downhill_hardly() -> None:
    """Lay 2006, McIntosh 2006: dorsiflexion in stance rises uphill and stays within a few degrees downhill."""
    most = {}
    for slope in (-8.0, 0.0, 8.0):
        scene = play(Person(noise=0.0), [Activity("walk", 20, slope_deg=slope)])
        most[slope] = float(np.percentile(scene.columns["ankle_angle"] / 100, 98))
    assert 3 < most[8.0] - most[0.0] < 10
    assert abs(most[-8.0] - most[0.0]) < 5


@pytest.mark.parametrize("way", ["stairs_up", "stairs_down"])
@pytest.mark.parametrize(("person", "rise"), [
    (Person(noise=0.0), 0.34),
    (Person(kind="foot_drop_brace", noise=0.0), 0.34),
    (Person(kind="foot_drop_brace", solid=True, noise=0.0), 0.34),
    (Person(kind="stroke", speed=0.3, noise=0.0), 0.17),
], ids=["healthy", "sprung", "solid", "one by one"])  # fmt: skip
def test_stairs_are_as_high_as_the_accelerometer_says(way: str, person: Person, rise: float) -> None:
    """Two steps of 17 cm a stride, or one where one foot follows the other; treads of 28 cm."""
    scene = play(person, [Activity(way, 16)], RATE)
    strides, found = scene.truth.strides, ways(scene)
    sign = 1 if way == "stairs_up" else -1
    assert len(found) >= 2 and np.all(strides["terrain"] == TERRAINS.index(way))
    assert np.allclose(strides["climb_m"], sign * rise, atol=0.003)
    assert np.allclose(found[:, 1], sign * rise, atol=0.03)
    assert np.allclose(found[:, 0], rise / 0.17 * 0.28, atol=0.06)
    assert np.all(strides["slope_deg"] == 0)


def test_stairs_look_like_stairs() -> None:
    """Riener 2002, Protopapadaki 2007: forefoot first both ways, far dorsiflexed down, plantarflexed when it lands."""
    up, down = (play(Person(noise=0.0), [Activity(way, 16)]) for way in ("stairs_up", "stairs_down"))
    for scene in (up, down):
        assert set(scene.truth.steps.contact_class) == {"forefoot"}
    assert 8 < np.percentile(up.columns["ankle_angle"], 98) / 100 < 20
    assert 20 < np.percentile(down.columns["ankle_angle"], 98) / 100 < 35
    assert np.median(down.truth.strides["ankle_at_contact_deg"]) < -15
    assert np.median(up.truth.strides["ankle_at_contact_deg"]) > -5
    for scene in (up, down):
        length = scene.truth.strides["end_s"] - scene.truth.strides["start_s"]
        assert 1.1 < np.median(length) < 1.7


def test_a_way_home_has_every_ground_in_its_truth() -> None:
    acts = [Activity("walk", 12), Activity("stairs_up", 10), Activity("walk", 12, slope_deg=-6)]
    strides = play(Person(), acts).truth.strides
    assert [TERRAINS[int(k)] for k in np.unique(strides["terrain"])] == ["level", "ramp", "stairs_up"]
    assert np.all(np.abs(strides["climb_m"][strides["terrain"] == 0]) < 0.002)


def test_a_ramp_that_is_a_wall_is_refused() -> None:
    with pytest.raises(PersonError, match=r"^activity walk: a slope of 30 deg is beyond 12$"):
        Activity("walk", 10, slope_deg=30)
