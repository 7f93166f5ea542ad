"""Readings of a bench whose truth is known, with the noise and the faults a real one has."""

import math

import numpy as np

from talus_host.calibrate.readings import Angle, Load, Squeeze, Still, Turning, Warm

G = 9.80665
MASSES = (0.0, 1.0, 2.0, 4.0, 2.0, 1.0, 0.0)
LEVER_M = 0.15


def angles(
    degrees: list[float], zero: int = 1234, direction: int = -1, sd: float = 0.5, bent: tuple[float, float] = (0, 0)
) -> list[Angle]:
    """A jig's stops; bent: amplitude of the once- and twice-a-turn error, deg. The move up comes second."""

    def counts(deg: float) -> float:
        at = math.radians(deg)
        read = deg + bent[0] * (math.sin(at + 0.4) - math.sin(0.4)) + bent[1] * (math.sin(2 * at + 1) - math.sin(1))
        return (zero + direction * read * 4096 / 360) % 4096

    rows = [Angle(round(counts(deg)), sd, deg) for deg in degrees]
    return [rows[0], Angle(round(counts(12)), sd, None), *rows[1:]]


def loads(
    up: float = 60000.0,
    down: float = 60000.0,
    offset: float = 41000.0,
    plate_nm: float = 0.14,
    noise: float = 3.0,
    lag: float = 0.0,
    masses: tuple[float, ...] = MASSES,
    plate_deg: float = 0.0,
    seed: int = 1,
) -> list[Load]:
    """A bridge of two gains (counts per N.m) under a plate with weight; lag: unloading reads this many N.m more."""
    rng = np.random.default_rng(seed)
    rows = []
    for toward in (1, -1):
        top = max(masses)
        fell = False
        for mass in masses:
            fell = fell or mass == top
            nm = toward * (mass * G * LEVER_M * math.cos(math.radians(plate_deg)) + plate_nm)
            if fell and mass < top:
                nm += toward * lag
            counts = offset + (up if nm > 0 else down) * nm + rng.normal(0, noise)
            rows.append(Load(counts, mass, LEVER_M, toward, plate_deg, 25.0))
    return rows


def warm(
    b1: float = 900.0, b2: float = 6.0, noise: float = 20.0, lag_degc: float = 0.0, degc: tuple[float, ...] = ()
) -> list[Warm]:
    """A run up and down; lag_degc: the strut stays behind the thermometer."""
    run = degc or (5, 12, 19, 26, 33, 40, 33, 26, 19, 12, 5)
    rng = np.random.default_rng(2)
    rows, before = [], run[0]
    for one in run:
        strut = one - lag_degc * float(np.sign(one - before))
        rows.append(Warm(41000 + b1 * (strut - 25) + b2 * (strut - 25) ** 2 + rng.normal(0, noise), float(one)))
        before = one
    return rows


def fsr_counts(kpa: float, a: float = 4.8e-4, b: float = 1.15, g0: float = 40.0) -> float:
    """Counts of the divider: P = a (G - G0)^b, G as ratio x 16384."""
    ratio = g0 + (kpa / a) ** (1 / b)
    return 26400 * ratio / (ratio + 16384)


def squeezes(
    lag: float = 0.0, cycles: int = 1, channel: int = 1, a: float = 4.8e-4, b: float = 1.15, g0: float = 40.0
) -> list[Squeeze]:
    """Up and down; lag: share by which unloading conducts more."""
    rows = []
    for _ in range(cycles):
        for index, kpa in enumerate((0, 2, 5, 10, 20, 10, 5, 2, 0)):
            felt = kpa * (1 + (lag if index > 4 and kpa else 0))
            rows.append(Squeeze(round(fsr_counts(felt, a, b, g0)), channel, float(kpa)))
    return rows


def turned(degrees: tuple[float, float, float]) -> np.ndarray:
    """Rows forward, up, lateral in chip axes, for an IMU turned about each of them."""
    made = np.eye(3)
    for axis, deg in enumerate(degrees):
        c, s = math.cos(math.radians(deg)), math.sin(math.radians(deg))
        i, j = [(1, 2), (2, 0), (0, 1)][axis]
        step = np.eye(3)
        step[i, i] = step[j, j] = c
        step[i, j], step[j, i] = -s, s
        made = step @ made
    return made


def standing(rows: np.ndarray, sd: float = 3.0, g: float = 1.0, bias: tuple[float, ...] = (12, -9, 5)) -> Still:
    return Still("standing", list(bias), (rows[1] * g * 1e6 / 488).tolist(), sd, 4.0)


def gyro(rows: np.ndarray, aside: float = 0.1, strides: int = 12, seed: int = 3) -> np.ndarray:
    """Counts about the chip's axes in the swings of a walk; aside: share of turning off the hinge."""
    rng = np.random.default_rng(seed)
    swing = np.sin(np.linspace(0, np.pi, 40)) * 5000
    wave = np.concatenate([np.concatenate([swing, np.full(80, -400.0)]) for _ in range(strides)])
    leg = np.column_stack([rng.normal(0, aside * 3000, len(wave)), rng.normal(0, aside * 1500, len(wave)), wave])
    return np.rint(leg @ rows).astype(int)


def strides(rows: np.ndarray, aside: float = 0.1, count: int = 12) -> Turning:
    from talus_host.calibrate.imu import moments_of

    return Turning("strides", moments_of(gyro(rows, aside, count), 1000))
