"""Every walker of the battery is a possible leg, and its truth is what its own channels say by other arithmetic."""

import numpy as np
import pytest

from talus_twin.body.activities import Activity
from talus_twin.body.errors import PersonError
from talus_twin.body.faults import Gaps, Knock, Slip, Tilt, spoiled
from talus_twin.body.person import Brace, Person
from talus_twin.body.scene import Scene, play
from talus_twin.body.sole import ANKLE_M, HEEL_M, TOE_M
from talus_twin.body.walkers import BRACES, CONTACTS, FAULTS, cases, made, walker
from talus_twin.body.walking import walk

RATE = 400
SPEEDS = (0.2, 0.6, 1.4)


def quiet(speed: float, contact: str, brace: str, fault: str = "none", **changes: object) -> Scene:
    return made(speed, contact, brace, fault, seconds=24, rate_hz=RATE, noise=0.0, **changes)


def channel(scene: Scene, name: str, per: float) -> np.ndarray:
    return scene.columns[name] / per


def lean(scene: Scene) -> np.ndarray:
    """Shank inclination in deg: the gyro's integral, from gravity at the standing start."""
    rate = channel(scene, "gyro_z", 10)
    start = np.degrees(np.arctan2(scene.columns["acc_x"][200], scene.columns["acc_y"][200]))
    return start + np.concatenate(([0.0], np.cumsum((rate[1:] + rate[:-1]) / 2))) / RATE


def rows(scene: Scene, *names: str) -> list[tuple[float, ...]]:
    return list(zip(*(scene.truth.strides[name] for name in names), strict=True))


def at(second: float) -> int:
    return round(second * RATE)


@pytest.mark.parametrize("speed", SPEEDS)
@pytest.mark.parametrize("contact", CONTACTS)
@pytest.mark.parametrize("brace", BRACES)
def test_contact_speed_and_brace_are_what_was_asked(speed: float, contact: str, brace: str) -> None:
    scene = quiet(speed, contact, brace)
    strides = scene.truth.strides
    assert np.mean(strides["contact"] == CONTACTS.index(contact)) > 0.9
    pitch = channel(scene, "ankle_angle", 100) + lean(scene)
    landing = [pitch[at(begin)] for (begin,) in rows(scene, "start_s")]
    assert np.allclose(landing, strides["foot_pitch_at_contact_deg"], atol=2.5)
    theta, moment = channel(scene, "ankle_angle", 100), channel(scene, "moment", 1000)
    inputs = np.column_stack((theta, np.gradient(theta) * RATE, np.ones_like(theta)))
    below = theta < BRACES[brace].neutral
    if brace == "solid":
        assert np.ptp(theta[at(6) : at(26)]) < 2.0  # clinical 9: a solid brace's range is under 2 deg
    elif brace == "none":
        assert np.abs(moment).max() < 0.01
    else:
        (k, *_), *_ = np.linalg.lstsq(inputs[below], moment[below], rcond=None)
        assert -k == pytest.approx(BRACES[brace].stiffness, rel=0.05)
    length = (strides["end_s"] - strides["start_s"]).mean()
    assert length == pytest.approx(120 / scene.person.cadence, rel=0.04)


@pytest.mark.parametrize("speed", SPEEDS)
@pytest.mark.parametrize("contact", CONTACTS)
@pytest.mark.parametrize("brace", ["none", "solid"])
def test_the_foot_is_on_the_ground_or_above_it_and_never_slides(speed: float, contact: str, brace: str) -> None:
    person = walker(speed, contact, brace, noise=0.0).settled()
    state, steps = walk(person, 20, np.random.default_rng(1))
    phi = np.radians(state.phi)
    cos, sin = np.cos(phi), np.sin(phi)
    down_x, down_z = state.ankle_x + ANKLE_M * sin, state.ankle_z - ANKLE_M * cos
    heel, toe = (down_x - HEEL_M * cos, down_z - HEEL_M * sin), (down_x + TOE_M * cos, down_z + TOE_M * sin)
    assert min(heel[1].min(), toe[1].min()) > -0.002
    for contact_s, off_s in zip(steps.contact_s[:-1], steps.toe_off_s[1:], strict=True):
        a, b = round((contact_s + 0.06) * 400), round((off_s - 0.1 * (off_s - contact_s)) * 400)
        flat = np.abs(state.phi[a:b]) < 0.5
        if flat.sum() > 20:
            assert np.ptp(heel[0][a:b][flat]) < 0.002 and np.ptp(toe[0][a:b][flat]) < 0.002
        on_toe = state.phi[a:b] < -0.5
        assert np.abs(np.diff(toe[0][a:b][on_toe])).max(initial=0) * 400 < 0.25


@pytest.mark.parametrize("brace", [Brace(0.8, 0.3, 0.004, 2.0), Brace(2.0, None, 0.0, -3.0)])
@pytest.mark.parametrize("kind", ["foot_drop_brace", "stroke"])
def test_a_spring_gives_back_what_it_took_less_what_its_damper_ate(brace: Brace, kind: str) -> None:
    """Stored less returned = rise of the spring's energy + integral of c (dtheta/dt)^2, from the angle alone."""
    scene = play(Person(kind=kind, brace=brace, noise=0.0), [Activity("walk", 20)], 400)
    theta = channel(scene, "ankle_angle", 100)
    stiff = np.where(
        theta < brace.neutral,
        brace.stiffness,
        brace.stiffness if brace.stiffness_up is None else brace.stiffness_up,
    )
    energy = 0.5 * stiff * (theta - brace.neutral) ** 2 * np.pi / 180
    rate = np.convolve(np.gradient(theta) * 400, np.ones(9) / 9, mode="same")
    eaten = brace.damping * rate**2 * np.pi / 180 / 400
    for begin, end, gave, took in rows(scene, "start_s", "end_s", "work_returned_j", "work_stored_j"):
        a, b = round(begin * 400), round(end * 400)
        assert took - gave == pytest.approx(energy[b] - energy[a] + eaten[a:b].sum(), abs=0.02 + 0.02 * took)
        assert took > 0.05 and gave > 0.05


@pytest.mark.parametrize("contact", CONTACTS)
def test_measures_are_what_the_channels_say(contact: str) -> None:
    scene = quiet(0.8, contact, "hinged")
    theta, moment = channel(scene, "ankle_angle", 100), channel(scene, "moment", 1000)
    psi = lean(scene)
    rate = np.gradient(theta) * RATE
    for begin, off, end, impulse, peak, loading, flat in rows(
        scene, "start_s", "toe_off_s", "end_s", "assist_impulse_nms", "moment_peak_nm", "loading_impulse_nms", "flat_s"
    ):
        swing = slice(at(off), at(end))
        assert np.maximum(moment[swing], 0).sum() / RATE == pytest.approx(impulse, abs=0.02, rel=0.02)
        assert np.percentile(moment[swing], 95) == pytest.approx(peak, abs=0.1, rel=0.04)
        assert np.maximum(moment[at(begin) : at(flat)], 0).sum() / RATE == pytest.approx(loading, abs=0.02, rel=0.02)
    for off, rise, end, swept, back, push, upright in rows(
        scene, "toe_off_s", "heel_off_s", "end_s", "shank_range_deg", "shank_back_deg", "push_off_rate_dps",
        "foot_pitch_mid_swing_deg",
    ):  # fmt: skip
        swing = psi[at(off) : at(end)]
        assert np.ptp(swing) == pytest.approx(swept, abs=1.0) and -swing.min() == pytest.approx(back, abs=1.0)
        assert -rate[at(rise) : at(off)].min() == pytest.approx(push, abs=8.0)
        through = at(off) + int(np.argmin(swing)) + int(np.argmax(swing[np.argmin(swing) :] > 0))
        assert theta[through] == pytest.approx(upright, abs=1.5)


def test_events_come_in_their_order() -> None:
    """Clinical 2.4 step 6: IC < FF <= MSt < HO < TO < MSw < next IC."""
    for speed, contact, brace, _ in cases()[::5]:
        if _ != "none":
            break
        for times in rows(
            made(speed, contact, brace, seconds=16),
            "start_s", "flat_s", "mid_stance_s", "heel_off_s", "toe_off_s", "mid_swing_s", "end_s",
        ):  # fmt: skip
            assert times[0] <= times[1] <= times[2] < times[4] < times[5] < times[6]
            assert np.isnan(times[3]) or times[2] < times[3] < times[4]


def test_slower_stands_longer_and_varies_more() -> None:
    slow, quick = (quiet(speed, "heel", "hinged").truth.strides for speed in (0.2, 1.4))
    share = [np.mean(one["stance_s"] / (one["end_s"] - one["start_s"])) for one in (slow, quick)]
    assert 0.70 < share[0] < 0.75 and 0.58 < share[1] < 0.63  # Murray 1984, Smith and Lemaire 2018


def test_a_cane_makes_long_strides_of_mostly_stance() -> None:
    """Clinical 9: step-to gait at 0.2 m/s; stance to 80 %, stride to 3 s."""
    strides = made(0.2, "flat", "solid", "cane", seconds=60).truth.strides
    length = strides["end_s"] - strides["start_s"]
    assert length.min() > 2.5 and length.max() < 3.05
    assert np.mean(strides["stance_s"] / length) == pytest.approx(0.80, abs=0.02)


def test_swings_go_down_to_sixty_degrees_a_second() -> None:
    peaks = [
        np.median(made(0.2, c, b, seconds=20).truth.strides["swing_rate_peak_dps"]) for c in CONTACTS for b in BRACES
    ]
    assert min(peaks) < 65 and max(peaks) < 150  # clinical 2.3: 60-150 in slow paretic swing


def test_every_case_can_be_and_a_wrong_one_is_refused() -> None:
    every = cases()
    assert len(every) == len(set(every)) > 200 and {fault for *_, fault in every} == set(FAULTS)
    for speed, contact, brace, fault in every:
        walker(speed, contact, brace, fault).settled()
    for wrong, said in (
        ({"brace": "rubber"}, "brace: 'rubber' is none of none, slack, hinged, solid"),
        ({"fault": "rain"}, f"fault: 'rain' is none of {', '.join(FAULTS)}"),
        ({"fault": "cane"}, "speed: 0.8 is outside 0.1 to 0.3 for cane"),
    ):
        with pytest.raises(PersonError) as caught:
            walker(0.8, **wrong)
        assert str(caught.value) == said


def test_a_tilted_imu_sees_the_same_leg_in_other_axes() -> None:
    sound = quiet(0.8, "heel", "hinged")
    off = spoiled(sound, Tilt(20.0))
    assert off.truth is sound.truth and off.imu_alignment == sound.imu_alignment
    for scene, tilt in ((sound, 0.0), (off, 20.0)):
        standing = np.degrees(np.arctan2(scene.columns["acc_x"][200], scene.columns["acc_y"][200]))
        assert standing == pytest.approx(-3.0 + tilt, abs=0.3)
    assert np.abs(off.columns["gyro_z"] - sound.columns["gyro_z"]).max() <= 1  # about its own axis nothing changes
    aside = spoiled(sound, Tilt(20.0, "up"))
    assert np.std(aside.columns["gyro_z"]) / np.std(sound.columns["gyro_z"]) == pytest.approx(
        np.cos(np.radians(20)), abs=0.02
    )
    for scene in (off, aside):
        for kind in ("gyro", "acc"):
            length = [np.linalg.norm([s.columns[f"{kind}_{a}"] for a in "xyz"], axis=0) for s in (sound, scene)]
            assert np.abs(length[0] - length[1]).max() < 2.5


def test_a_slip_is_felt_once_and_stays() -> None:
    sound = quiet(0.8, "heel", "hinged")
    slipped = spoiled(sound, Slip(15.0, 12.0))
    before, after = slice(0, at(14.9)), slice(at(15.5), None)
    assert np.array_equal(slipped.columns["acc_x"][before], sound.columns["acc_x"][before])
    extra = (slipped.columns["gyro_z"] - sound.columns["gyro_z"]) / 10 / RATE
    assert extra.sum() == pytest.approx(12.0, abs=0.3) and np.abs(extra[after]).max() < 0.2 / RATE + 0.01
    standing = np.degrees(np.arctan2(slipped.columns["acc_x"][-100], slipped.columns["acc_y"][-100]))
    assert standing == pytest.approx(-3.0 + 12.0, abs=0.3)


def test_a_knocked_encoder_and_lost_samples() -> None:
    sound = quiet(0.8, "heel", "hinged")
    knocked = spoiled(sound, Knock(15.0, 10.0))
    change = knocked.columns["ankle_angle"] - sound.columns["ankle_angle"]
    assert set(change[: at(15)]) == {0} and set(change[at(15) :]) == {1000}
    gappy = spoiled(made(0.8, seconds=590), Gaps(0.02))
    lost = sum(b - a for a, b in gappy.missing)
    assert lost / gappy.duration_s == pytest.approx(0.02, abs=0.006)
    assert all(a[1] < b[0] for a, b in zip(gappy.missing[:-1], gappy.missing[1:], strict=True))
    with pytest.raises(PersonError, match=r"^axis: 'x' is none of forward, up, lateral$"):
        spoiled(sound, Tilt(5.0, "x"))


@pytest.mark.parametrize("speed", [0.2, 0.4, 0.8, 1.4])
@pytest.mark.parametrize("contact", CONTACTS)
@pytest.mark.parametrize("brace", ["none", "hinged", "solid"])
def test_the_instants_are_those_of_the_sole(speed: float, contact: str, brace: str) -> None:
    """Contact: the sole is within a millimetre of the ground. Toe off: it comes 3 mm off, its foot at its fastest."""
    state, steps = walk(walker(speed, contact, brace, noise=0.0).settled(), 30, np.random.default_rng(1))
    phi = np.radians(state.phi)
    under = state.ankle_z - ANKLE_M * np.cos(phi)
    low = np.minimum(under - HEEL_M * np.sin(phi), under + TOE_M * np.sin(phi))
    turn = np.gradient(state.phi) * 400
    touch, lift, fastest = [], [], []
    for off_s, contact_s in zip(steps.toe_off_s[1:-1], steps.contact_s[1:-1], strict=True):
        a, b = round(off_s * 400), round(contact_s * 400)
        middle = (a + b) // 2
        touch.append(middle + int(np.argmax(low[middle : b + 40] < 0.001)) - b)
        lift.append(int(np.argmax(low[a - 80 : middle] > 0.003)) - 80)
        fastest.append(int(np.argmin(turn[a - 120 : a + 120])) - 120)
    assert -15 <= np.median(touch) * 2.5 <= 5
    assert -45 <= np.median(lift) * 2.5 <= 35
    assert -45 <= np.median(fastest) * 2.5 <= 20
