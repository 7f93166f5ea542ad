"""A scene through the brace's own events: body -> integer samples at 100 Hz -> talus.events.gait -> instants.

Event level: chips and drivers are tried elsewhere, and give the same samples. Gaps are samples that never come.
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from talus.events import gait
from talus.settings import Settings
from talus.wire import kinds
from talus_twin.body.scene import Scene

# About forward, up and lateral: what the gyro's three are called.
RATES = (kinds.GYRO_FRONTAL, kinds.GYRO_TRANSVERSE, kinds.GYRO_SAGITTAL)
FORCES = (kinds.ACC_FORWARD, kinds.ACC_UP, kinds.ACC_LATERAL)
GROUPS = {
    "angle": (kinds.ANGLE,),
    "moment": (kinds.MOMENT,),
    "gyro": RATES,
    "acc": FORCES,
    "pressure": (kinds.PRESSURE_1, kinds.PRESSURE_2, kinds.PRESSURE_3, kinds.PRESSURE_4),
}
HEEL = kinds.PRESSURE_4
DELAYS_MS = (0,) * kinds.SAMPLE_SIZE
STRIDE_MAX_S = 4.0
UNKNOWN = np.iinfo(np.int32).min


@dataclass(frozen=True)
class Events:
    """Instants in seconds from the start of the samples; strides: rows (start, toe off or NaN, end) of valid ones."""

    contacts: np.ndarray
    toe_offs: np.ndarray
    strides: np.ndarray


def strides_of(contacts: np.ndarray, toe_offs: np.ndarray) -> np.ndarray:
    """Rows (start, toe off, end) of true strides: contact to the next, shorter than STRIDE_MAX_S, a toe off inside."""
    rows = []
    for start, end in pairwise(contacts.tolist()):
        inside = toe_offs[(toe_offs > start) & (toe_offs < end)]
        if end - start < STRIDE_MAX_S and len(inside):
            rows.append((start, inside[0], end))
    return np.array(rows).reshape(-1, 3)


def truth_of(scene: Scene) -> Events:
    """Every contact and toe off, the first step out of standing and the last into it included."""
    contacts, offs = np.array(scene.truth.steps.contact_s), np.array(scene.truth.steps.toe_off_s)
    return Events(contacts, offs, strides_of(contacts, offs))


def samples_of(scene: Scene, channels: tuple[str, ...]) -> np.ndarray:
    """ticks x SAMPLE_SIZE integers in the leg's axes by the alignment a fitter found; UNKNOWN where nothing is felt."""
    columns = scene.columns
    count = len(columns["ankle_angle"])
    found = np.full((count, kinds.SAMPLE_SIZE), UNKNOWN, dtype=np.int64)
    found[:, kinds.ANGLE] = columns["ankle_angle"]
    found[:, kinds.MOMENT] = columns["moment"]
    for n in range(4):
        found[:, kinds.PRESSURE_1 + n] = columns[f"pressure_{n + 1}"]
    forward_up_lateral = np.array(scene.imu_alignment).reshape(3, 3) / 1000
    for kind, places in (("gyro", RATES), ("acc", FORCES)):
        chip = np.vstack([columns[f"{kind}_{axis}"] for axis in "xyz"])
        found[:, places] = np.rint(forward_up_lateral @ chip).T
    felt = {index for group in channels for index in GROUPS[group]}
    found[:, [i for i in range(kinds.SAMPLE_SIZE) if i not in felt]] = UNKNOWN
    for start, end in scene.missing:
        found[round(start * scene.rate_hz) : round(end * scene.rate_hz)] = UNKNOWN
    return found


def detect(samples: np.ndarray, place: str) -> Events:
    """What the brace says of them."""
    machine = gait.Gait(Settings(), kinds.IMU_PLACES.index(place), DELAYS_MS, HEEL)
    contacts, offs, strides = [], [], []
    for tick, row in enumerate(samples.tolist()):
        sample = [None if value == UNKNOWN else value for value in row]
        bits = machine.update(sample)
        if not bits:
            continue
        now = tick * 10
        if bits & gait.INITIAL_CONTACT:
            contacts.append((now - machine.contact_back_ms) / 1000)
        if bits & gait.TOE_OFF:
            offs.append((now - machine.toe_off_back_ms) / 1000)
        if bits & gait.STRIDE:
            duration, stance, flags = machine.stride[:3]
            start = (now - machine.stride_back_ms) / 1000
            if not flags & kinds.STRIDE_INVALID:
                off = float("nan") if stance is None else start + stance / 1000
                strides.append((start, off, start + duration / 1000))
    return Events(np.array(contacts), np.array(offs), np.array(strides).reshape(-1, 3))
