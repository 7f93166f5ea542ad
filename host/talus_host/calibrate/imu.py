"""How does the IMU lie on the leg? Standing gives up and the gyro's bias, ten strides give the hinge.

Clinical reference 7.5: gravity of a still stand; the hinge axis is the first principal component of the gyro in swing
and explains at least 90 % of it, else the walk is repeated. Lying on six sides, which is optional, gives the
accelerometer's bias; without it none is known and the old one stays.
"""

from collections.abc import Sequence

import numpy as np

from talus.sensors.lsm6dso import MILLI_DPS_PER_COUNT, MILLI_G_PER_1000_COUNTS
from talus_host.calibrate.fit import Fit, refused
from talus_host.calibrate.readings import Still, Turning

COUNTS_PER_G = 1e6 / MILLI_G_PER_1000_COUNTS
STILL_SD_DPS = 1.5
NORM_MAX_G = 0.05
BIAS_MAX_DPS = 10.0
STRIDES = 10
EXPLAINED_MIN = 0.90
LEAN_MAX_DEG = 25.0  # of the axis from horizontal: more, and it is no hinge
LIFT_MIN_SHARE = 0.5  # of a lift's turn lies about the hinge
SIDES = 6
SIDES_MAX_G = 0.03
PAIRS = ((0, 0), (0, 1), (0, 2), (1, 1), (1, 2), (2, 2))
TRIPLES = tuple((i, j, k) for i in range(3) for j in range(i, 3) for k in range(j, 3))


def moments_of(gyro: np.ndarray, gate: float = 0.0) -> list[int]:
    """Counts about three axes (n x 3) as talus.fitting.stretch sums them; a swing counts as one."""
    fast = gyro[(gyro**2).sum(axis=1) >= gate**2].astype(float)
    sums = [fast[:, i].sum() for i in range(3)]
    sums += [(fast[:, i] * fast[:, j]).sum() for i, j in PAIRS]
    sums += [(fast[:, i] * fast[:, j] * fast[:, k]).sum() for i, j, k in TRIPLES]
    over = (gyro**2).sum(axis=1) >= gate**2
    swings = int(np.count_nonzero(np.diff(np.concatenate(([0], over.astype(int)))) == 1))
    return [len(fast), swings, *(round(float(value)) for value in sums)]


def hinge(moments: Sequence[float]) -> tuple[np.ndarray, float]:
    """(unit axis, share of the rate it explains); positive where its fastest turns go."""
    pairs = np.zeros((3, 3))
    for value, (i, j) in zip(moments[5:11], PAIRS, strict=True):
        pairs[i, j] = pairs[j, i] = value
    values, vectors = np.linalg.eigh(pairs)
    axis = vectors[:, -1]
    share = float(values[-1] / values.sum()) if values.sum() > 0 else 0.0
    return (axis if cube(moments, axis) >= 0 else -axis), share


def cube(moments: Sequence[float], axis: np.ndarray) -> float:
    """Sum of the cubes of the rates about an axis: its sign is that of the fastest turns."""
    total = 0.0
    for value, (i, j, k) in zip(moments[11:21], TRIPLES, strict=True):
        times = {1: 1, 2: 3, 3: 6}[len({i, j, k})]  # how often its order occurs
        total += times * value * axis[i] * axis[j] * axis[k]
    return float(total)


def fit_imu(still: Sequence[Still], turning: Sequence[Turning], imu_place: str, accel_bias: Sequence[float]) -> Fit:
    """Alignment, gyro bias and, from six sides, the accelerometer's. accel_bias: what holds without the six sides."""
    standing = [row for row in still if row.what == "standing"]
    strides = [row for row in turning if row.what == "strides"]
    lifts = [row for row in turning if row.what == "lifted"]
    if not standing:
        return refused("imu", "nobody stood still for it")
    stand = standing[-1]
    why, bias, figures = _at_rest(stand, [row for row in still if row.what == "side"], np.asarray(accel_bias, float))
    if why:
        return refused("imu", why, figures)
    if not strides:
        return refused("imu", "no strides were read, so the hinge is not known", figures)
    moments = strides[-1].moments
    if moments[1] < STRIDES:
        return refused("imu", f"{moments[1]:.0f} strides, and {STRIDES} are needed", figures)
    axis, share = hinge(moments)
    figures["explained_pct"] = 100 * share
    if share < EXPLAINED_MIN:
        why = f"one axis explains {100 * share:.0f} % of the turning, and {100 * EXPLAINED_MIN:.0f} is the least"
        return refused("imu", f"{why}: walk straight on, and see that the brace does not slip", figures)
    if lifts:
        net = np.asarray(lifts[-1].moments[2:5], float)
        along = float(net @ axis) / max(1.0, float(np.linalg.norm(net)))
        if abs(along) < LIFT_MIN_SHARE:
            return refused(
                "imu", f"{100 * abs(along):.0f} % of the lift was about the hinge; lift straight on", figures
            )
        axis = axis if along > 0 else -axis
    elif imu_place == "foot":
        return refused("imu", "toes were not lifted, so the way the hinge turns is not known", figures)
    return _placed(stand, axis, bias, figures)


def _at_rest(stand: Still, sides: Sequence[Still], bias: np.ndarray) -> tuple[str, np.ndarray, dict[str, float]]:
    dps = MILLI_DPS_PER_COUNT / 1000
    worst = float(np.max(np.abs(stand.gyro))) * dps
    figures = {"gyro_bias_dps": worst, "still_sd_dps": stand.gyro_sd * dps}
    if stand.gyro_sd * dps > STILL_SD_DPS:
        why = f"the stand was not still: the gyro spread by {stand.gyro_sd * dps:.1f} deg/s"
        return f"{why}, and {STILL_SD_DPS} is the limit", bias, figures
    if worst > BIAS_MAX_DPS:
        return f"the gyro reads {worst:.1f} deg/s at rest, and {BIAS_MAX_DPS:.0f} is the limit", bias, figures
    if sides:
        if len(sides) < SIDES:
            return f"{len(sides)} sides were read, and {SIDES} are needed", bias, figures
        bias, left = accel_bias_of(np.array([row.accel for row in sides], float))
        figures["sides_left_g"] = left
        if left > SIDES_MAX_G:
            return f"the six sides leave {left:.3f} g, and {SIDES_MAX_G} is the limit: hold each still", bias, figures
    norm = float(np.linalg.norm(np.asarray(stand.accel, float) - bias)) / COUNTS_PER_G
    figures["gravity_g"] = norm
    if abs(norm - 1) > NORM_MAX_G:
        return f"gravity reads {norm:.3f} g, and 1 +- {NORM_MAX_G} is the limit", bias, figures
    return "", bias, figures


def accel_bias_of(sides: np.ndarray) -> tuple[np.ndarray, float]:
    """(bias in counts, what is left in g): the middle of the sphere of 1 g on which all sides lie."""
    rows = np.column_stack([2 * sides, np.ones(len(sides))])
    weights, *_ = np.linalg.lstsq(rows, (sides**2).sum(axis=1), rcond=None)
    bias = weights[:3]
    left = np.linalg.norm(sides - bias, axis=1) / COUNTS_PER_G - 1
    return bias, float(np.max(np.abs(left)))


def _placed(stand: Still, lateral: np.ndarray, bias: np.ndarray, figures: dict[str, float]) -> Fit:
    gravity = np.asarray(stand.accel, float) - bias
    gravity /= np.linalg.norm(gravity)
    lean = float(np.degrees(np.arcsin(np.clip(gravity @ lateral, -1, 1))))
    figures["axis_lean_deg"] = lean
    if abs(lean) > LEAN_MAX_DEG:
        return refused("imu", f"the hinge found leans {abs(lean):.0f} deg; {LEAN_MAX_DEG:.0f} is the limit", figures)
    up = gravity - (gravity @ lateral) * lateral
    up /= np.linalg.norm(up)
    rows = np.array([np.cross(up, lateral), up, lateral])  # right-handed: forward = up x lateral
    given = {
        "alignment": np.rint(rows * 1000).astype(int).ravel().tolist(),
        "gyro": {f"bias_{axis}": round(value) for axis, value in zip("xyz", stand.gyro, strict=True)},
        "accel": {f"bias_{axis}": round(float(value)) for axis, value in zip("xyz", bias, strict=True)},
    }
    return Fit("imu", True, "", figures, given)
