"""The battery through the brace's events, and through gaitmap where it has a foot IMU to look at."""

import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from accuracy import score
from accuracy.cases import CHANNELS, Case
from accuracy.play import Events, detect, samples_of, strides_of, truth_of

from talus_twin.body.columns import STANDARD_GRAVITY
from talus_twin.body.scene import Scene

METHODS = {"herzer": "gaitmap, Herzer's events", "rampp": "gaitmap, Rampp's events"}


@dataclass(frozen=True)
class Walked:
    """One case: what we said, scored, and how long the events took for how long a walk."""

    case: Case
    scored: score.Walk
    seconds: float
    took_s: float


def walked(case: Case) -> Walked:
    scene = case.scene()
    samples = samples_of(scene, CHANNELS[case.channels])
    begin = time.perf_counter()
    found = detect(samples, case.imu_place)
    took = time.perf_counter() - begin
    return Walked(case, score.walk(found, truth_of(scene)), scene.duration_s, took)


def families(every: Iterable[Walked]) -> dict[str, score.Walk]:
    """Pooled by family, in the battery's order."""
    grouped: dict[str, list[score.Walk]] = {}
    for one in every:
        grouped.setdefault(one.case.family, []).append(one.scored)
    return {name: score.pooled(walks) for name, walks in grouped.items()}


def foot_signals(scene: Scene) -> dict[str, np.ndarray]:
    """The IMU's own axes as gaitmap takes them: m/s2 and deg/s."""
    acc = np.vstack([scene.columns[f"acc_{axis}"] for axis in "xyz"]).T * (STANDARD_GRAVITY / 1000)
    gyro = np.vstack([scene.columns[f"gyro_{axis}"] for axis in "xyz"]).T / 10
    return {"acc": acc, "gyro": gyro}


def events_of(row: dict[str, Any]) -> Events:
    """What a peer answered, as events; its strides are those between its contacts."""
    contacts, offs = np.array(row["contacts"], dtype=float), np.array(row["toe_offs"], dtype=float)
    return Events(contacts, offs, strides_of(contacts, offs))
