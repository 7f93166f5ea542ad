"""Recordings and made walks as grid samples, and what the events said of them."""

import csv
import statistics
import struct
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

from talus.events import gait
from talus.settings import Settings
from talus.wire import kinds

Sample = list[int | None]
FOOT = kinds.IMU_PLACES.index("foot")
SHANK = kinds.IMU_PLACES.index("shank")
HELD_BEFORE, HELD_AFTER = 400, 300  # ticks: a replay holds the first and the last sample
MG_PER_MPS2 = 1000 / 9.80665

# column -> (sample index, wire units per unit of the column); reference columns are not in it
FOOT_IMU = {
    "foot_gyro_sag_dps": (kinds.GYRO_SAGITTAL, 10.0),
    "foot_gyro_x_dps": (kinds.GYRO_FRONTAL, 10.0),
    "foot_gyro_z_dps": (kinds.GYRO_TRANSVERSE, 10.0),
    "foot_acc_x_mps2": (kinds.ACC_FORWARD, MG_PER_MPS2),
    "foot_acc_z_mps2": (kinds.ACC_UP, MG_PER_MPS2),
    "foot_acc_y_mps2": (kinds.ACC_LATERAL, MG_PER_MPS2),
}
ENCODER = {"ankle_angle_deg": (kinds.ANGLE, 100.0)}
ENCODER_AND_SHANK = {**ENCODER, "shank_rate_derived_dps": (kinds.GYRO_SAGITTAL, 10.0)}
SHANK_ONLY = {"shank_rate_derived_dps": (kinds.GYRO_SAGITTAL, 10.0)}
FOOT_ONLY = {"foot_rate_derived_dps": (kinds.GYRO_SAGITTAL, 10.0)}
FOOT_GYRO = {"foot_gyro_sag_dps": (kinds.GYRO_SAGITTAL, 10.0)}


@dataclass
class Told:
    """What came out, in seconds on the recording's own clock."""

    contacts: list[float] = field(default_factory=list)
    toe_offs: list[float] = field(default_factory=list)
    strides: list[tuple[float, dict[str, int | None]]] = field(default_factory=list)

    @property
    def valid(self) -> list[dict[str, int | None]]:
        return [s for _, s in self.strides if not (s["flags"] or 0) & kinds.STRIDE_INVALID]


def load(path: Path, columns: dict[str, tuple[int, float]]) -> list[Sample]:
    samples = []
    with path.open() as file:
        for row in csv.DictReader(file):
            sample: Sample = [None] * kinds.SAMPLE_SIZE
            for column, (index, per) in columns.items():
                sample[index] = round(float(row[column]) * per)
            samples.append(sample)
    return samples


def held(samples: list[Sample]) -> list[Sample]:
    return [samples[0]] * HELD_BEFORE + samples + [samples[-1]] * HELD_AFTER


def play(samples: list[Sample], place: int = SHANK, start: int = 0) -> Told:
    """Every sample through Gait; `start` is the tick of second 0."""
    machine = gait.Gait(Settings(), place)
    told = Told()
    for tick, sample in enumerate(samples):
        bits = machine.update(sample)
        now = (tick - start) * 10
        if bits & gait.INITIAL_CONTACT:
            told.contacts.append((now - machine.contact_back_ms) / 1000)
        if bits & gait.TOE_OFF:
            told.toe_offs.append((now - machine.toe_off_back_ms) / 1000)
        if bits & gait.STRIDE:
            values = dict(zip(kinds.BY_NAME["stride"].names, machine.stride, strict=True))
            told.strides.append(((now - machine.stride_back_ms) / 1000, values))
    return told


def events(path: Path, name: str) -> list[float]:
    with path.open() as file:
        return [float(row["time_s"]) for row in csv.DictReader(file) if row["event"] == name]


def reference_strides(contacts: list[float]) -> list[float]:
    """As the recordings' own README defines them."""
    times = [b - a for a, b in pairwise(contacts)]
    median = statistics.median(times)
    return [t for t in times if 0.4 <= t <= 4 and t < 1.6 * median]


def errors_ms(reference: list[float], found: list[float], within_s: float = 0.25) -> list[float]:
    """Signed error of the nearest found event for each reference event that has one."""
    errors = []
    for time in reference:
        near = [t - time for t in found if abs(t - time) <= within_s]
        if near:
            errors.append(1000 * min(near, key=abs))
    return errors


def packed(samples: list[Sample]) -> bytes:
    """For the other interpreter: int16 values, -32768 where nothing was measured."""
    return b"".join(
        struct.pack(f"<{kinds.SAMPLE_SIZE}h", *(-32768 if v is None else v for v in sample)) for sample in samples
    )
