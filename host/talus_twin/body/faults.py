# What goes wrong between a leg and its record, put on a scene that was sound: an IMU turned since it was aligned, one
# that slips in mid-walk, an encoder knocked, samples that never came. The truth stays what it was; the alignment stays
# what a fitter found before. Sizes are given by whoever asks, from what happens to straps and magnets [E].

from dataclasses import dataclass, replace

import numpy as np

from talus_twin.body.columns import CHIP_ACC_G, CHIP_GYRO_DPS
from talus_twin.body.curves import ease
from talus_twin.body.errors import PersonError
from talus_twin.body.scene import WIRE, Scene

AXES = {"forward": 0, "up": 1, "lateral": 2}  # rows of the alignment
SLIP_S = 0.3  # a strap gives way within a step


@dataclass(frozen=True)
class Tilt:
    """The IMU is turned by `deg` about a leg axis (forward, up, lateral) all the while, and nobody aligned it again."""

    deg: float
    axis: str = "lateral"


@dataclass(frozen=True)
class Slip:
    """The IMU slips by `deg` about a leg axis at `at_s`, within SLIP_S; its gyro feels that turn too."""

    at_s: float
    deg: float
    axis: str = "lateral"


@dataclass(frozen=True)
class Knock:
    """The encoder's magnet is knocked by `deg` at `at_s`: every angle after it is off by that."""

    at_s: float
    deg: float = 10.0


@dataclass(frozen=True)
class Gaps:
    """Samples that never came: `share` of the time, in pieces of `low_s` to `high_s`."""

    share: float = 0.02
    low_s: float = 0.03
    high_s: float = 0.4
    seed: int = 1


Fault = Tilt | Slip | Knock | Gaps


def spoiled(scene: Scene, *faults: Fault) -> Scene:
    """The scene as such a brace would tell it; the same truth. Raises PersonError for an axis that is none."""
    for fault in faults:
        if isinstance(fault, Gaps):
            scene = replace(scene, missing=(*scene.missing, *_gaps(fault, scene.duration_s)))
        elif isinstance(fault, Knock):
            angle = scene.columns["ankle_angle"].copy()
            angle[round(fault.at_s * scene.rate_hz) :] += round(100 * fault.deg)
            scene = replace(scene, columns={**scene.columns, "ankle_angle": angle})
        else:
            scene = replace(scene, columns={**scene.columns, **_turned(fault, scene)})
    return scene


def _turned(fault: Tilt | Slip, scene: Scene) -> dict[str, np.ndarray]:
    """Rate and force in the axes of a chip that has turned about one leg axis, and the rate of that turn itself."""
    if fault.axis not in AXES:
        raise PersonError(f"axis: {fault.axis!r} is none of {', '.join(AXES)}")
    count = len(scene.columns["gyro_x"])
    at = np.arange(count) / scene.rate_hz
    turn = np.full(count, fault.deg) if isinstance(fault, Tilt) else fault.deg * ease((at - fault.at_s) / SLIP_S)
    axis = np.array(scene.imu_alignment, dtype=float).reshape(3, 3)[AXES[fault.axis]]
    axis /= np.linalg.norm(axis)
    found = {}
    for kind, most in (("gyro", CHIP_GYRO_DPS), ("acc", CHIP_ACC_G)):
        values = np.vstack([scene.columns[f"{kind}_{name}"] / WIRE[f"{kind}_{name}"] for name in "xyz"])
        seen = _about(axis, -np.radians(turn), values)
        if kind == "gyro":
            seen = seen + axis[:, None] * np.gradient(turn) * scene.rate_hz
        for row, name in zip(seen, "xyz", strict=True):
            wire = np.clip(row, -most, most) * WIRE[f"{kind}_{name}"]
            found[f"{kind}_{name}"] = np.rint(wire).astype(np.int32)
    return found


def _about(axis: np.ndarray, angle: np.ndarray, values: np.ndarray) -> np.ndarray:
    """3 x n vectors, each turned about a unit axis by its own angle in radians (Rodrigues)."""
    cos, sin = np.cos(angle), np.sin(angle)
    across = np.cross(axis, values.T).T
    return values * cos + across * sin + np.outer(axis, axis @ values) * (1 - cos)


def _gaps(fault: Gaps, duration_s: float) -> list[tuple[float, float]]:
    """Pieces of random length, apart from each other, that add up to the share."""
    rng = np.random.default_rng(fault.seed)
    usual = 0.5 * (fault.low_s + fault.high_s)
    found: list[tuple[float, float]] = []
    at = 0.0
    while fault.share > 0:
        at += float(rng.exponential(usual * (1 - fault.share) / fault.share)) + 0.05
        length = float(rng.uniform(fault.low_s, fault.high_s))
        if at + length >= duration_s:
            break
        found.append((at, at + length))
        at += length
    return found
