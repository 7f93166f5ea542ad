"""A case through the brace's own events: body -> integer samples at 100 Hz -> talus.events.gait -> instants.

Event level: chips and drivers are tried elsewhere, and give the same samples. Faults of sensors are put on here.
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from accuracy.cases import CHANNELS, WALK_S, Case

from talus.events import gait
from talus.settings import Settings
from talus.wire import kinds
from talus_twin.body.activities import Activity
from talus_twin.body.scene import Scene, play

STAND_S = 5.0
GROUPS = {
    "angle": (kinds.ANGLE,),
    "moment": (kinds.MOMENT,),
    "gyro": (kinds.GYRO_SAGITTAL, kinds.GYRO_FRONTAL, kinds.GYRO_TRANSVERSE),
    "acc": (kinds.ACC_FORWARD, kinds.ACC_UP, kinds.ACC_LATERAL),
    "pressure": (kinds.PRESSURE_1, kinds.PRESSURE_2, kinds.PRESSURE_3, kinds.PRESSURE_4),
}
HEEL = kinds.PRESSURE_4
DELAYS_MS = (0,) * kinds.SAMPLE_SIZE
UNKNOWN = np.iinfo(np.int32).min


@dataclass(frozen=True)
class Events:
    """Instants in seconds from the start of the samples; strides: rows (start, toe off or NaN, end) of valid ones."""

    contacts: np.ndarray
    toe_offs: np.ndarray
    strides: np.ndarray


def scene_of(case: Case) -> Scene:
    return play(case.person, [Activity("stand", STAND_S), Activity("walk", WALK_S), Activity("stand", STAND_S)])


def truth_of(scene: Scene) -> Events:
    """Every contact and toe off, the first step out of standing and the last into it included."""
    steps = scene.truth.steps
    contacts, offs = np.array(steps.contact_s), np.array(steps.toe_off_s)
    rows = []
    for start, end in pairwise(contacts.tolist()):
        inside = offs[(offs > start) & (offs < end)]
        if end - start < 4 and len(inside):
            rows.append((start, inside[0], end))
    return Events(contacts, offs, np.array(rows).reshape(-1, 3))


def samples_of(scene: Scene, case: Case) -> np.ndarray:
    """ticks x SAMPLE_SIZE int32, UNKNOWN where nothing is felt."""
    columns = scene.columns
    count = len(columns["ankle_angle"])
    found = np.full((count, kinds.SAMPLE_SIZE), UNKNOWN, dtype=np.int64)
    found[:, kinds.ANGLE] = columns["ankle_angle"]
    found[:, kinds.MOMENT] = columns["moment"]
    for n in range(4):
        found[:, kinds.PRESSURE_1 + n] = columns[f"pressure_{n + 1}"]
    gyro = np.vstack([columns[f"gyro_{axis}"] for axis in "xyz"]).astype(float)
    acc = np.vstack([columns[f"acc_{axis}"] for axis in "xyz"]).astype(float)
    if case.fault == "slip":
        half = count // 2
        angle = np.radians(15.0)
        turn = np.array([[np.cos(angle), -np.sin(angle), 0], [np.sin(angle), np.cos(angle), 0], [0, 0, 1]])
        gyro[:, half:], acc[:, half:] = turn @ gyro[:, half:], turn @ acc[:, half:]
    found[:, [kinds.GYRO_FRONTAL, kinds.GYRO_TRANSVERSE, kinds.GYRO_SAGITTAL]] = np.rint(gyro).T
    found[:, [kinds.ACC_FORWARD, kinds.ACC_UP, kinds.ACC_LATERAL]] = np.rint(acc).T
    if case.fault == "offset":
        found[count // 2 :, kinds.ANGLE] += 1000
    felt = {index for group in CHANNELS[case.channels] for index in GROUPS[group]}
    found[:, [i for i in range(kinds.SAMPLE_SIZE) if i not in felt]] = UNKNOWN
    if case.fault == "dropped":
        rng = np.random.default_rng(case.seed)
        for at in np.flatnonzero(rng.random(count) < 0.008):
            found[at : at + int(rng.integers(1, 5))] = UNKNOWN
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
