"""Gait on walks drawn from physics, where every instant and integral is known."""

import statistics

import pytest
from events.played import FOOT, SHANK, Sample, Told, errors_ms, play
from events.walk import Walk, make, swing_assist_mnms

from talus.events.gait import STRIDE, Gait
from talus.settings import Settings
from talus.wire import kinds

STRIDES_S = [1.1, 1.12, 1.05, 1.2, 1.15, 1.08, 1.1, 1.3, 1.1, 1.1]
HEEL_FIRST, FLAT_FIRST, FOREFOOT_FIRST = 15.0, 0.0, -12.0

# (foot pitch at contact, encoder, IMU, allowed error in ms of contact and toe off)
# A shank gyro alone sees the shank, not the foot: both instants are then a convention of its lobe. A drawn heel touches
# at the very top of its pitch; on force plates a real one has begun to fall: the brace puts it at a quarter of that.
WALKS = (
    (HEEL_FIRST, True, "shank", 15, 5),
    (HEEL_FIRST, True, "foot", 15, 5),
    (HEEL_FIRST, False, "foot", 15, 5),
    (HEEL_FIRST, False, "shank", 30, 40),
    (HEEL_FIRST, True, "none", 40, 30),
    (FLAT_FIRST, True, "shank", 25, 5),
    (FLAT_FIRST, True, "foot", 25, 5),
    (FLAT_FIRST, True, "none", 50, 30),
    (FOREFOOT_FIRST, True, "shank", 45, 5),
    (FOREFOOT_FIRST, True, "foot", 25, 5),
    (FOREFOOT_FIRST, True, "none", 45, 30),
)


def told_of(walk: Walk, imu: str) -> Told:
    return play(walk.samples, FOOT if imu == "foot" else SHANK)


@pytest.mark.parametrize(("pitch", "encoder", "imu", "contact_ms", "toe_off_ms"), WALKS)
def test_instants(pitch: float, encoder: bool, imu: str, contact_ms: float, toe_off_ms: float) -> None:
    walk = make(STRIDES_S, pitch, encoder, imu)
    told = told_of(walk, imu)
    inner = walk.contacts[1:-1]  # the first leaves from standing, the last is followed by it
    assert len(told.valid) >= len(inner) - 1
    assert len(errors_ms(inner, told.contacts, 0.1)) == len(inner)
    assert statistics.median(map(abs, errors_ms(inner, told.contacts))) <= contact_ms
    assert statistics.median(map(abs, errors_ms(walk.toe_offs, told.toe_offs))) <= toe_off_ms


@pytest.mark.parametrize("imu", ["shank", "foot"])
def test_stride_times_to_ten_ms(imu: str) -> None:
    told = told_of(make(STRIDES_S, HEEL_FIRST, True, imu), imu)
    found = [(s["duration"] or 0) / 1000 for s in told.valid][:8]
    assert found == pytest.approx(STRIDES_S[1:9], abs=0.010)


@pytest.mark.parametrize(("pitch", "contact"), [(15.0, "heel"), (0.0, "flat"), (-12.0, "forefoot")])
@pytest.mark.parametrize("imu", ["shank", "foot"])
def test_contact_class_and_foot_pitch(pitch: float, contact: str, imu: str) -> None:
    """By the two-segment identity, reset while the foot lies flat."""
    told = told_of(make(STRIDES_S, pitch, True, imu), imu)
    classes = {kinds.CONTACTS[((s["flags"] or 0) >> 4 & 3) - 1] for s in told.valid[1:]}
    assert classes == {contact}
    assert statistics.median((s["foot_pitch_at_contact"] or 0) / 100 for s in told.valid[1:]) == pytest.approx(
        pitch, abs=2.0
    )


def test_a_gyro_with_a_wrong_zero_still_knows_the_pitch() -> None:
    """2 deg/s of bias turns 0.7 s into 1.4 deg, every stride; lying flat twice tells the bias."""
    walk = make([1.1] * 20)
    for sample in walk.samples:
        assert sample[kinds.GYRO_SAGITTAL] is not None
        sample[kinds.GYRO_SAGITTAL] += 20
    last = told_of(walk, "shank").valid[-3]
    assert (last["foot_pitch_at_contact"] or 0) / 100 == pytest.approx(15.0, abs=0.7)


def test_assist_is_the_integral_of_the_positive_moment() -> None:
    told = told_of(make([1.1] * 8, HEEL_FIRST), "shank")
    expected = swing_assist_mnms(1.1, HEEL_FIRST, 0.3)
    for stride in told.valid[:6]:
        assert stride["assist_impulse"] == pytest.approx(expected, rel=0.03)
        swing_s = ((stride["duration"] or 0) - (stride["stance"] or 0)) / 1000
        assert stride["moment_swing"] == pytest.approx((stride["assist_impulse"] or 0) / swing_s, rel=0.05)


def test_range_is_p95_less_p5() -> None:
    walk = make([1.1] * 8, HEEL_FIRST)
    told = told_of(walk, "shank")
    start = round(walk.contacts[2] * 100)
    angles = sorted(s[kinds.ANGLE] or 0 for s in walk.samples[start : start + 110])
    assert told.valid[2]["ankle_range"] == pytest.approx(angles[104] - angles[5], abs=60)


def test_a_brace_without_a_channel_leaves_its_fields_unknown() -> None:
    gyro_only = told_of(make(STRIDES_S, HEEL_FIRST, False, "shank"), "shank").valid[2]
    for field in ("ankle_at_contact", "ankle_range", "foot_pitch_at_contact", "assist_impulse", "slap_rate"):
        assert gyro_only[field] is None
    assert gyro_only["swing_rate_peak"] is not None
    encoder_only = told_of(make(STRIDES_S, HEEL_FIRST, True, "none"), "none").valid[2]
    assert encoder_only["foot_pitch_at_contact"] is None
    assert encoder_only["swing_rate_peak"] is None
    assert (encoder_only["flags"] or 0) & kinds.STRIDE_ENCODER_ONLY


def test_a_hole_makes_one_stride_invalid_and_a_short_one_none() -> None:
    walk = make([1.1] * 12)
    nothing: Sample = [None] * kinds.SAMPLE_SIZE
    for tick in range(500, 504):
        walk.samples[tick] = nothing
    assert len(told_of(walk, "shank").valid) == len(told_of(make([1.1] * 12), "shank").valid)
    for tick in range(800, 820):
        walk.samples[tick] = nothing
    reasons = [(s["flags"] or 0) & kinds.STRIDE_INVALID for _, s in told_of(walk, "shank").strides]
    assert [kinds.STRIDE_REASONS[r] for r in reasons if r] == ["gap"]


def test_a_long_hole_ends_the_bout() -> None:
    walk = make([1.1] * 16)
    for tick in range(900, 1500):
        walk.samples[tick] = [None] * kinds.SAMPLE_SIZE
    strides = told_of(walk, "shank").strides
    assert not [t for t, _ in strides if 8.5 < t < 15]
    first = [t for t, s in strides if (s["flags"] or 0) & kinds.STRIDE_FIRST_OF_BOUT]
    assert len(first) == 2


def test_standing_and_fidgeting_are_no_strides() -> None:
    """2 Hz of 3 deg: 38 deg/s, more than the floor, less than a swing's 10 deg."""
    walk = make([1.1] * 3)
    still = walk.samples[0]
    for tick in range(3000):
        sample = list(still)
        sample[kinds.GYRO_SAGITTAL] = 380 if tick % 50 < 8 else -380 if 25 <= tick % 50 < 33 else 0
        walk.samples.append(sample)
    assert all(t < 7 for t in told_of(walk, "shank").contacts)


@pytest.mark.parametrize("imu", ["shank", "foot"])
@pytest.mark.parametrize("short", [5, 9], ids=["round a turn", "the last step"])
def test_a_step_far_below_the_usual_is_still_a_step(imu: str, short: int) -> None:
    """A leg swings at a third of its usual rate round a turn and as a walk ends: enough to begin a walk, so enough."""
    walk = make(STRIDES_S, HEEL_FIRST, False, imu)
    for tick in range(round(walk.contacts[short] * 100), round(walk.contacts[short + 1] * 100)):
        rate = walk.samples[tick][kinds.GYRO_SAGITTAL]
        walk.samples[tick][kinds.GYRO_SAGITTAL] = (rate or 0) * 30 // 100
    told = told_of(walk, imu)
    assert len(told.contacts) == len(STRIDES_S)
    assert errors_ms([walk.contacts[short + 1]], told.contacts, 0.1)


def test_a_turn_is_flagged_and_a_pivot_is_invalid() -> None:
    for rate_ddps, invalid in ((320, False), (600, True)):  # 35 and 66 deg in a stride of 1.1 s
        walk = make([1.1] * 12)
        for tick, sample in enumerate(walk.samples):
            sample[kinds.GYRO_TRANSVERSE] = rate_ddps if 750 <= tick < 860 else 0
        strides = [s["flags"] or 0 for _, s in told_of(walk, "shank").strides]
        assert any(f & kinds.STRIDE_TURN for f in strides)
        assert any(kinds.STRIDE_REASONS[f & kinds.STRIDE_INVALID] == "turn" for f in strides) == invalid


def test_channel_delays_are_subtracted() -> None:
    walk = make([1.1] * 6)
    plain, late = Gait(Settings()), Gait(Settings(), 0, tuple(7 for _ in range(kinds.SAMPLE_SIZE)))
    backs = []
    for sample in walk.samples:
        bits = plain.update(sample)
        assert late.update(sample) == bits
        if bits & STRIDE:
            backs.append((late.contact_back_ms - plain.contact_back_ms, late.stride_back_ms - plain.stride_back_ms))
    assert backs
    assert set(backs) == {(7, 7)}


def test_a_stride_record_fits_its_layout() -> None:
    from talus.wire.record import pack

    kind = kinds.BY_NAME["stride"]
    machine = Gait(Settings())
    buffer = bytearray(64)
    for sample in make([1.1] * 6).samples:
        if machine.update(sample) & STRIDE:
            assert pack(kind, 0, machine.stride, buffer) <= 32
