"""The walk of walk.py with a place in the world: an ankle that stands, then swings to its next print, an IMU above it.

The ankle rests where the foot was put until toe off and is carried on a fifth-degree path to the next print; what an
accelerometer on the shank or on the foot feels is that path, its own turning about the ankle, and gravity.
"""

from dataclasses import dataclass

import numpy as np
from events.walk import SHANK, between, foot

from talus.wire import kinds
from talus_twin.body.scene import Scene

FINE_HZ = 1000
G = 9.80665
OFF = 0.62  # toe off, as walk.py draws it
STAND_S = 2.0


@dataclass
class Ground:
    """Per stride: its length along the ground (m), the slope under the foot it ends on (deg) and its step up (m)."""

    length_m: float = 1.1
    slope_deg: float = 0.0
    step_m: float = 0.0


@dataclass
class Placed:
    samples: list[list[int | None]]
    contacts: list[float]
    rises_m: list[float]  # of the ankle, from print to print


def quintic(u: np.ndarray) -> np.ndarray:
    return u**3 * (10 - 15 * u + 6 * u**2)


def place(
    grounds: list[Ground],
    stride_s: float = 1.1,
    pitch: float = 15.0,
    imu: str = "shank",
    height_m: float = 0.2,
    turned_deg: float = 0.0,
    noise_g: float = 0.0,
    gyro_zero_dps: float = 0.0,
    encoder: bool = True,
) -> Placed:
    """Strides one after another; turned_deg: how far the IMU has slipped about the hinge."""
    rng = np.random.default_rng(5)
    count = int((2 * STAND_S + stride_s * len(grounds)) * FINE_HZ)
    at = np.arange(count) / FINE_HZ
    knots = foot(pitch)
    phase = (at - STAND_S) / stride_s
    inside = (phase >= 0) & (phase < len(grounds))
    whole = np.where(inside, np.floor(phase), 0).astype(int)
    within = np.where(inside, phase - whole, 0.0)
    phi = np.array([between(knots, p) for p in within])
    psi = np.array([between(SHANK, p) for p in within])
    x, z = np.zeros(count), np.zeros(count)
    lean = np.zeros(count)
    here_x = here_z = 0.0
    slope = 0.0
    rises = []
    for i, ground in enumerate(grounds):
        part = inside & (whole == i)
        u = np.clip((within[part] - OFF) / (1 - OFF), 0, 1)
        up = ground.step_m + ground.length_m * np.sin(np.radians(ground.slope_deg))
        x[part] = here_x + quintic(u) * ground.length_m
        z[part] = here_z + quintic(u) * up + 0.03 * (16 * u**2 * (1 - u) ** 2)
        lean[part] = slope + (ground.slope_deg - slope) * quintic(u)
        here_x, here_z, slope = here_x + ground.length_m, here_z + up, ground.slope_deg
        rises.append(up)
    after = phase >= len(grounds)
    x[after], z[after], lean[after] = here_x, here_z, slope
    phi = phi + lean  # the foot lies on the slope; the shank stands as it does elsewhere
    theta = phi - psi
    own = psi if imu == "shank" else phi
    angle = np.radians(own)
    arm_x, arm_z = (-np.sin(angle), np.cos(angle)) if imu == "shank" else (np.cos(angle), np.sin(angle))
    arm = height_m if imu == "shank" else 0.06
    acc_x = np.gradient(np.gradient(x + arm * arm_x)) * FINE_HZ**2 / G
    acc_z = np.gradient(np.gradient(z + arm * arm_z)) * FINE_HZ**2 / G + 1.0
    felt = np.radians(own + turned_deg)
    forward = np.cos(felt) * acc_x + np.sin(felt) * acc_z
    up_g = -np.sin(felt) * acc_x + np.cos(felt) * acc_z
    rate = np.gradient(own) * FINE_HZ + gyro_zero_dps
    samples = []
    for i in range(0, count, FINE_HZ // 100):
        sample: list[int | None] = [None] * kinds.SAMPLE_SIZE
        if encoder:
            sample[kinds.ANGLE] = round(float(theta[i]) * 100)
        sample[kinds.GYRO_SAGITTAL] = round(float(rate[i]) * 10)
        sample[kinds.ACC_FORWARD] = round(float(forward[i] + noise_g * rng.standard_normal()) * 1000)
        sample[kinds.ACC_UP] = round(float(up_g[i] + noise_g * rng.standard_normal()) * 1000)
        samples.append(sample)
    return Placed(samples, [STAND_S + stride_s * i for i in range(len(grounds) + 1)], rises)


def samples_of(scene: Scene) -> list[list[int | None]]:
    """The scene's columns in the leg's own axes, as a sampler would hand them on."""
    axes = np.array(scene.imu_alignment).reshape(3, 3) / 1000
    column = scene.columns
    rate, force = (axes @ np.vstack([column[f"{what}_{a}"] for a in "xyz"]) for what in ("gyro", "acc"))
    rows = [column["ankle_angle"], column["moment"], rate[2], rate[0], rate[1], *force]
    rows += [column[f"pressure_{n}"] for n in range(1, 5)] + [column["liner"], column["reference"]]
    return [[round(float(v)) for v in row] for row in np.vstack(rows).T]
