"""Real walking against its references: counts, instants, and the measures the recordings' README states."""

import csv
import statistics
from pathlib import Path

import pytest
from events.played import (
    ENCODER,
    ENCODER_AND_SHANK,
    FOOT,
    FOOT_GYRO,
    FOOT_IMU,
    FOOT_ONLY,
    HELD_BEFORE,
    SHANK,
    SHANK_ONLY,
    Told,
    errors_ms,
    events,
    held,
    load,
    play,
    reference_strides,
)

from talus.wire import kinds

# (recording, what the brace is given, IMU place, median absolute error allowed in ms: contact, toe off)
# The FSR labels were logged apart from the IMU, good to 120 ms. The stiff left ankle plantarflexes long before contact.
# The contact channel of gaitprint comes from a foot IMU, about 25 ms behind the kinematics.
TABLE = (
    ("gaitprint_young_l", ENCODER_AND_SHANK, SHANK, 30, 15),
    ("gaitprint_young_r", ENCODER_AND_SHANK, SHANK, 30, 15),
    ("gaitprint_young_l", SHANK_ONLY, SHANK, 25, 15),
    ("gaitprint_young_r", SHANK_ONLY, SHANK, 25, 15),
    ("gaitprint_young_l", FOOT_ONLY, FOOT, 35, 15),
    ("gaitprint_young_r", FOOT_ONLY, FOOT, 35, 15),
    ("gaitprint_young_l", ENCODER, SHANK, 20, 30),
    ("gaitprint_young_r", ENCODER, SHANK, 20, 30),
    ("gaitmap_healthy_l", FOOT_IMU, FOOT, 15, 10),
    ("gaitmap_healthy_r", FOOT_IMU, FOOT, 15, 10),
    ("gaitmap_healthy_l", FOOT_GYRO, FOOT, 15, 10),
    ("gaitmap_healthy_r", FOOT_GYRO, FOOT, 15, 10),
    ("fsr_healthy_h1", FOOT_IMU, FOOT, 60, 60),
    ("fsr_patient_p1", FOOT_IMU, FOOT, 60, 60),
    ("btk_pig_subjA_trial1_l", ENCODER, SHANK, 45, 35),
    ("btk_pig_subjA_trial2_l", ENCODER, SHANK, 45, 35),
    ("btk_pig_subjA_trial1_r", ENCODER, SHANK, 25, 25),
    ("btk_pig_subjA_trial2_r", ENCODER, SHANK, 25, 25),
    ("opensim_subject01_l", ENCODER, SHANK, 25, 25),
    ("opensim_subject01_r", ENCODER, SHANK, 25, 25),
)
IDS = [f"{name}-{'+'.join(c.split('_')[0] for c in columns)}" for name, columns, *_ in TABLE]


def told_of(folder: Path, name: str, columns: dict[str, tuple[int, float]], place: int) -> Told:
    return play(held(load(folder / f"{name}.csv", columns)), place, HELD_BEFORE)


@pytest.mark.parametrize(("name", "columns", "place", "contact_ms", "toe_off_ms"), TABLE, ids=IDS)
def test_strides_and_instants(
    recordings: Path, name: str, columns: dict[str, tuple[int, float]], place: int, contact_ms: float, toe_off_ms: float
) -> None:
    told = told_of(recordings, name, columns, place)
    contacts = events(recordings / f"{name}_events.csv", "HS")
    toe_offs = events(recordings / f"{name}_events.csv", "TO")
    expected = len(reference_strides(contacts))
    allowed = 1 if expected < 5 else 0.05 * expected
    valid = [t for t, stride in told.strides if not (stride["flags"] or 0) & kinds.STRIDE_INVALID]
    labelled = [t for t in valid if min(abs(t - c) for c in contacts) < 0.3]  # a reference leaves turns out
    assert abs(len(labelled) - expected) <= allowed
    assert statistics.median(map(abs, errors_ms(contacts, told.contacts))) <= contact_ms
    assert statistics.median(map(abs, errors_ms(toe_offs, told.toe_offs))) <= toe_off_ms


@pytest.mark.parametrize("name", ["gaitprint_young_l", "gaitprint_young_r", "fsr_healthy_h1", "fsr_patient_p1"])
def test_every_contact_is_found_and_none_is_invented(recordings: Path, name: str) -> None:
    """At 100 ms, or 120 where the labels are no better; the rim of a recording may hide one."""
    by_labels = name.startswith("fsr")
    told = told_of(recordings, name, *((FOOT_IMU, FOOT) if by_labels else (ENCODER_AND_SHANK, SHANK)))
    contacts = events(recordings / f"{name}_events.csv", "HS")
    within = 0.12 if by_labels else 0.1
    assert len(errors_ms(contacts, told.contacts, within)) >= len(contacts) - 1
    assert len(told.contacts) <= len(contacts)


# Cadence from the README's table: mean stride time in s.
STRIDE_TIMES = (
    ("gaitprint_young_l", ENCODER_AND_SHANK, SHANK, 1.127),
    ("gaitprint_young_r", ENCODER_AND_SHANK, SHANK, 1.127),
    ("gaitmap_healthy_l", FOOT_IMU, FOOT, 1.091),
    ("gaitmap_healthy_r", FOOT_IMU, FOOT, 1.095),
    ("fsr_healthy_h1", FOOT_IMU, FOOT, 1.545),
    ("fsr_patient_p1", FOOT_IMU, FOOT, 1.972),
    ("opensim_subject01_l", ENCODER, SHANK, 1.215),
    ("opensim_subject01_r", ENCODER, SHANK, 1.230),
)


@pytest.mark.parametrize(("name", "columns", "place", "mean_s"), STRIDE_TIMES, ids=[row[0] for row in STRIDE_TIMES])
def test_stride_time(
    recordings: Path, name: str, columns: dict[str, tuple[int, float]], place: int, mean_s: float
) -> None:
    told = told_of(recordings, name, columns, place)
    found = statistics.mean(stride["duration"] or 0 for stride in told.valid)
    assert found / 1000 == pytest.approx(mean_s, rel=0.015)


# README: peak swing dorsiflexion and angle at contact, mean over strides in deg, and what may lack of the latter: near
# contact the angle moves 100-200 deg/s, so 20 ms are 2 to 4 deg of it.
ANKLES = (
    ("gaitprint_young_l", ENCODER_AND_SHANK, -5.447, -6.948, 3),
    ("gaitprint_young_r", ENCODER_AND_SHANK, -7.309, -8.414, 3),
    ("opensim_subject01_l", ENCODER, 4.010, 0.538, 2),
    ("opensim_subject01_r", ENCODER, 4.063, 2.330, 2),
    ("btk_pig_subjA_trial1_r", ENCODER, 4.919, -0.157, 5),
    ("btk_pig_subjA_trial2_l", ENCODER, 2.728, 0.023, 3),
)


@pytest.mark.parametrize(("name", "columns", "swing_peak", "at_contact", "off"), ANKLES, ids=[row[0] for row in ANKLES])
def test_ankle(
    recordings: Path, name: str, columns: dict[str, tuple[int, float]], swing_peak: float, at_contact: float, off: float
) -> None:
    valid = told_of(recordings, name, columns, SHANK).valid
    assert statistics.mean(s["ankle_swing_peak"] or 0 for s in valid) / 100 == pytest.approx(swing_peak, abs=0.7)
    assert statistics.mean(s["ankle_at_contact"] or 0 for s in valid) / 100 == pytest.approx(at_contact, abs=off)


@pytest.mark.parametrize("leg", ["l", "r"])
def test_foot_pitch_at_contact(recordings: Path, leg: str) -> None:
    """Against the recorded foot pitch, which the brace never sees: at contact, less its level in foot flat."""
    name = f"gaitprint_young_{leg}"
    with (recordings / f"{name}.csv").open() as file:
        pitch = [float(row["foot_pitch_deg"]) for row in csv.DictReader(file)]
    told = told_of(recordings, name, ENCODER_AND_SHANK, SHANK)
    differences = []
    for start, stride in told.strides:
        if stride["foot_pitch_at_contact"] is None or not 1 < start < 45:
            continue
        flat = statistics.median(pitch[round(start * 100) + 20 : round(start * 100) + 35])
        differences.append(stride["foot_pitch_at_contact"] / 100 - (pitch[round(start * 100)] - flat))
    assert len(differences) > 30
    assert statistics.median(map(abs, differences)) < 3.0
    assert all((stride["flags"] or 0) >> 4 & 3 == 1 for stride in told.valid[1:])  # a healthy foot lands on its heel


def test_a_foot_alone_measures_no_ankle(recordings: Path) -> None:
    for stride in told_of(recordings, "gaitmap_healthy_l", FOOT_IMU, FOOT).valid:
        for field in ("ankle_at_contact", "ankle_swing_peak", "ankle_range", "moment_swing", "assist_impulse"):
            assert stride[field] is None
        assert stride["swing_rate_peak"] is None  # the shank's, and this IMU is on the foot


def test_the_turn_of_a_walk_is_no_stride(recordings: Path) -> None:
    """gaitmap's walker turns near 17 s; the README lists no stride of the left leg there."""
    told = told_of(recordings, "gaitmap_healthy_l", FOOT_IMU, FOOT)
    times = [t for t, s in told.strides if not (s["flags"] or 0) & 0xF]
    assert not [t for t in times if 16.5 < t < 18.3]
