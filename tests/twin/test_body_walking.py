"""A synthetic walk obeys physics: its channels are checked against each other, not against the code that made them."""

from dataclasses import replace

import numpy as np
import pytest

from talus_twin.body.activities import Activity
from talus_twin.body.errors import PersonError
from talus_twin.body.person import KINDS, Brace, Person
from talus_twin.body.scene import Scene, play

WALK = [Activity("stand", 5), Activity("walk", 30), Activity("stand", 5)]
STANDING_PSI = -3.0


def walk(person: Person, rate_hz: int = 100) -> Scene:
    return play(person, WALK, rate_hz)


def channel(scene: Scene, name: str, per: float) -> np.ndarray:
    return scene.columns[name] / per


def integral(scene: Scene, name: str) -> np.ndarray:
    """A rate's trapezoid integral in degrees, from the first row."""
    rate = channel(scene, name, 10)
    return np.concatenate(([0.0], np.cumsum((rate[1:] + rate[:-1]) / 2))) / scene.rate_hz


@pytest.mark.parametrize("kind", KINDS)
def test_the_foot_lies_flat_where_it_should(kind: str) -> None:
    """phi = theta + psi, psi being nothing but the gyro's integral from standing (two-segment identity)."""
    scene = walk(Person(kind=kind, noise=0.0))
    start = -np.degrees(np.arcsin(-channel(scene, "acc_x", 1000)[10]))
    phi = channel(scene, "ankle_angle", 100) + start + integral(scene, "gyro_z")
    flat = KINDS[kind].shape.heel_off - 0.05
    strides = scene.truth.strides
    for begin, stance in zip(strides["start_s"], strides["stance_s"], strict=True):
        part = slice(round((begin + 0.25 * stance) * 100), round((begin + flat * stance) * 100))
        assert np.max(np.abs(phi[part])) < 1.0


@pytest.mark.parametrize("kind", KINDS)
def test_a_walk_ends_as_it_began(kind: str) -> None:
    """Standing before and after: the gyro's integral comes back, and gravity says where to."""
    scene = walk(Person(kind=kind, noise=0.0))
    turned = integral(scene, "gyro_z")
    assert turned[-1] - turned[0] == pytest.approx(0.0, abs=0.6)
    for at in (100, -100):
        tilt = np.degrees(np.arctan2(channel(scene, "acc_x", 1000)[at], channel(scene, "acc_y", 1000)[at]))
        assert tilt == pytest.approx(STANDING_PSI, abs=0.2)


@pytest.mark.parametrize("kind", ["foot_drop_brace", "stroke"])
def test_the_braces_law_is_found_again_in_its_channels(kind: str) -> None:
    brace = Brace(stiffness=0.9, damping=0.006, neutral=1.5)
    scene = walk(Person(kind=kind, brace=brace), 200)
    theta = channel(scene, "ankle_angle", 100)
    inputs = np.column_stack((theta, np.gradient(theta) * 200, np.ones_like(theta)))[1000:-1000]
    (k, c, offset), *_ = np.linalg.lstsq(inputs, channel(scene, "moment", 1000)[1000:-1000], rcond=None)
    assert -k == pytest.approx(0.9, rel=0.02)
    assert offset / -k == pytest.approx(1.5, abs=0.1)
    assert -c == pytest.approx(0.006, rel=0.1)


@pytest.mark.parametrize("kind", KINDS)
def test_cadence_stance_and_speed_are_what_was_asked(kind: str) -> None:
    scene = walk(Person(kind=kind, cadence=80, stance_pct=67, variability_pct=2))
    strides = scene.truth.strides
    length = strides["end_s"] - strides["start_s"]
    assert 120 / length.mean() == pytest.approx(80, rel=0.02)
    assert 100 * (strides["stance_s"] / length).mean() == pytest.approx(67, abs=1.0)


@pytest.mark.parametrize("cadence", [40, 140])
def test_the_slowest_and_the_fastest_walk(cadence: int) -> None:
    strides = walk(Person(kind="stroke" if cadence == 40 else "healthy", cadence=cadence)).truth.strides
    assert len(strides["start_s"]) >= 5
    assert 120 / np.mean(strides["end_s"] - strides["start_s"]) == pytest.approx(cadence, rel=0.06)


def test_speed_alone_brings_its_cadence() -> None:
    """Grieve and Gear: cadence goes as speed to the power 0.42."""
    slow, usual = Person(speed=0.65).settled(), Person().settled()
    assert slow.cadence == pytest.approx(usual.cadence * 0.5**0.42)
    assert Person(cadence=slow.cadence).settled().speed == pytest.approx(0.65)


@pytest.mark.parametrize("kind", ["healthy", "foot_drop_brace", "stroke", "steppage"])
@pytest.mark.parametrize(("contact", "low", "high"), [("heel", 5, 30), ("flat", -5, 5), ("forefoot", -25, -5)])
def test_the_foot_lands_as_asked(kind: str, contact: str, low: float, high: float) -> None:
    scene = walk(Person(kind=kind, contact=contact, variability_pct=1))
    pitch = scene.truth.strides["foot_pitch_at_contact_deg"]
    assert low < np.median(pitch) < high
    share = np.mean([one == contact for one in scene.truth.steps.contact_class])
    assert share > 0.9


def test_healthy_walking_looks_like_the_textbook() -> None:
    """Perry 1992, Winter 1991, Salarian 2004: ranges a healthy adult falls into at a comfortable speed."""
    strides = walk(Person()).truth.strides
    low_high = {
        "ankle_range_deg": (20, 32),
        "ankle_swing_peak_deg": (-1, 5),
        "ankle_at_contact_deg": (-4, 5),
        "foot_pitch_at_contact_deg": (12, 28),
        "swing_rate_peak_dps": (250, 450),
        "shank_to_vertical_deg": (-6, 12),
        "slap_rate_dps": (50, 250),
    }
    for name, (low, high) in low_high.items():
        assert low <= np.median(strides[name]) <= high, name
    length = strides["end_s"] - strides["start_s"]
    assert 1.0 < 100 * length.std() / length.mean() < 3.0


def test_each_kind_shows_its_own_sign() -> None:
    truth = {kind: walk(Person(kind=kind)).truth.strides for kind in KINDS}

    def middle(kind: str, name: str) -> float:
        return float(np.median(truth[kind][name]))

    assert middle("foot_drop", "ankle_swing_peak_deg") < -5 < -3 < middle("foot_drop_brace", "ankle_swing_peak_deg")
    assert middle("steppage", "foot_pitch_at_contact_deg") < -5
    assert middle("stroke", "swing_rate_peak_dps") < 0.65 * middle("healthy", "swing_rate_peak_dps")
    assert truth["drag"]["drag"].mean() > 0.25 and truth["healthy"]["drag"].sum() == 0
    assert middle("foot_drop_brace", "moment_swing_nm") > 0.8  # the foot's own weight, clinical 3.5


def test_strength_that_comes_back_unloads_the_brace() -> None:
    weak, strong = (walk(Person(kind="foot_drop_brace", residual=r)).truth.strides for r in (0.0, 0.9))
    assert np.median(strong["ankle_swing_peak_deg"]) > np.median(weak["ankle_swing_peak_deg"]) + 0.5
    assert np.median(strong["assist_impulse_nms"]) < 0.8 * np.median(weak["assist_impulse_nms"])


@pytest.mark.parametrize("kind", ["foot_drop_brace", "stroke", "healthy"])
def test_a_solid_brace_keeps_the_ankle(kind: str) -> None:
    scene = walk(Person(kind=kind, solid=True, noise=0.0))
    theta = channel(scene, "ankle_angle", 100)
    assert np.ptp(theta[1000:3000]) < 2.0
    assert np.ptp(integral(scene, "gyro_z")[1000:3000]) > 25.0


def test_asymmetry_lengthens_this_legs_swing() -> None:
    even, odd = Person(kind="stroke"), Person(kind="stroke", asymmetry=1.5)
    assert (1 - odd.stance_share) / (1 - even.stance_share) == pytest.approx(1.2)
    strides = walk(odd).truth.strides
    assert np.mean(strides["stance_s"] / (strides["end_s"] - strides["start_s"])) == pytest.approx(
        odd.stance_share, abs=0.01
    )


def test_a_mount_turns_every_axis_and_its_alignment_turns_them_back() -> None:
    person = Person(kind="stroke", noise=0.0)
    straight, turned = walk(person), walk(replace(person, mount_deg=(20.0, -70.0, 110.0)))
    back = np.array(turned.imu_alignment).reshape(3, 3) / 1000
    assert np.allclose(back @ back.T, np.eye(3), atol=0.002)
    for kind in ("gyro", "acc"):
        chip = np.vstack([turned.columns[f"{kind}_{axis}"] for axis in "xyz"])
        leg = np.vstack([straight.columns[f"{kind}_{axis}"] for axis in "xyz"])
        assert np.max(np.abs(chip - leg)) > 500
        assert np.max(np.abs(back @ chip - leg)) < 6


def test_a_foot_imu_lies_still_in_stance_and_turns_with_ankle_and_shank() -> None:
    shank, foot = (walk(Person(noise=0.0, imu_place=place)) for place in ("shank", "foot"))
    ankle_rate = np.gradient(channel(shank, "ankle_angle", 100)) * 100
    identity = channel(shank, "gyro_z", 10) + ankle_rate - channel(foot, "gyro_z", 10)
    assert np.std(identity) < 4.0
    for begin, stance in zip(foot.truth.strides["start_s"], foot.truth.strides["stance_s"], strict=True):
        part = slice(round((begin + 0.28 * stance) * 100), round((begin + 0.5 * stance) * 100))
        assert np.max(np.abs(channel(foot, "gyro_z", 10)[part])) < 15
        length = np.hypot(channel(foot, "acc_x", 1000)[part], channel(foot, "acc_y", 1000)[part])
        assert np.median(length) == pytest.approx(1.0, abs=0.03)


def test_landing_rings_in_the_accelerometer() -> None:
    """The largest jerk of a second around each heel contact lies within 40 ms of it."""
    scene = walk(Person(noise=0.0), 400)
    jerk = np.abs(np.diff(channel(scene, "acc_y", 1000)))
    for contact in scene.truth.steps.contact_s[2:-2]:
        a = round((contact - 0.2) * 400)
        assert (a + np.argmax(jerk[a : a + 160])) / 400 == pytest.approx(contact, abs=0.04)


@pytest.mark.parametrize(
    "person",
    [Person(kind="drag", drag_share=1.0, noise=0.0), Person(kind="stroke", double_peak_share=1.0, noise=0.0)],
    ids=["drag", "double peak"],
)
def test_a_caught_swing_dips_between_two_peaks(person: Person) -> None:
    """The shank's rate falls by more than a quarter of its peak (clinical 3.4) and rises again."""
    scene = walk(person)
    rate = channel(scene, "gyro_z", 10)
    strides = scene.truth.strides
    for begin, end, stance in zip(strides["start_s"], strides["end_s"], strides["stance_s"], strict=True):
        swing = rate[round((begin + stance) * 100) : round(end * 100)]
        inner = np.flatnonzero((swing[1:-1] < swing[:-2]) & (swing[1:-1] <= swing[2:]) & (swing[1:-1] > 0)) + 1
        dips = [(min(swing[:i].max(), swing[i:].max()) - swing[i], swing[i]) for i in inner]
        fall, bottom = max(dips)
        assert fall > 10.0 and bottom < 0.75 * swing.max()
    assert bool(scene.truth.steps.drags_s) == (person.kind == "drag")


def test_clonus_shakes_at_six_hertz() -> None:
    calm, shaky = (walk(Person(kind="stroke", clonus_deg=c, noise=0.0)) for c in (0.0, 3.0))
    extra = (shaky.columns["ankle_angle"] - calm.columns["ankle_angle"]) / 100
    spectrum = np.abs(np.fft.rfft(extra))
    assert np.fft.rfftfreq(len(extra), 0.01)[np.argmax(spectrum)] == pytest.approx(6.0, abs=0.6)


def test_turns_are_on_the_vertical_axis_and_in_the_truth() -> None:
    scene = play(Person(noise=0.0), [Activity("walk", 40, turn_every_s=12)])
    turned = integral(scene, "gyro_y")
    assert len(scene.truth.steps.turns_s) == 2
    assert abs(turned[-1]) == pytest.approx(360, abs=8)
    assert 4 <= scene.truth.strides["turn"].sum() <= 6


def test_every_stride_has_one_toe_off_and_its_contacts() -> None:
    for kind in KINDS:
        scene = walk(Person(kind=kind))
        steps, strides = scene.truth.steps, scene.truth.strides
        assert len(steps.contact_s) == len(steps.toe_off_s) == len(steps.contact_class)
        assert len(strides["start_s"]) == len(steps.contact_s) - 1
        assert np.all(strides["stance_s"] > 0) and np.all(np.diff(strides["start_s"]) > 0)
        assert np.allclose(strides["end_s"][:-1], strides["start_s"][1:])


def test_the_same_seed_is_the_same_walk() -> None:
    one, again, other = (walk(Person(kind="stroke", seed=seed)) for seed in (5, 5, 6))
    assert all(np.array_equal(one.columns[name], again.columns[name]) for name in one.columns)
    assert not np.array_equal(one.columns["gyro_z"][:1000], other.columns["gyro_z"][:1000])


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"kind": "ballet"}, "kind: 'ballet' is none of healthy, foot_drop, foot_drop_brace, stroke, steppage, drag"),
        ({"contact": "toe"}, "contact: 'toe' is none of heel, flat, forefoot"),
        ({"cadence": 39.0}, "cadence: 39 is outside 40 to 140"),
        ({"residual": 1.2}, "residual: 1.2 is outside 0 to 1"),
        ({"imu_place": "thigh"}, "imu_place: 'thigh' is none of shank, foot"),
    ],
)
def test_a_person_that_cannot_be_is_refused(values: dict[str, object], said: str) -> None:
    with pytest.raises(PersonError) as caught:
        Person(**values)  # type: ignore[arg-type]
    assert str(caught.value) == said
