# Raw IMU axes -> leg axes, found from the recording itself as a fitter would find them at the leg.
# Lateral (sagittal rotation) axis: the direction whose rate is the sagittal rate, by least squares, or the first
# principal component of the rate (clinical reference 7.5) when there is no sagittal column. Up: gravity at the
# stillest time. Forward completes them: forward = up x lateral, so that + sagittal turns forward toward up (toe-up).

import numpy as np

STILL_DPS = 15.0  # RMS of a standing second: bias, noise and sway, far below any step
STILL_S = 1.0
FLAT_S = 0.2  # a foot lies flat at least this long in each stance (clinical reference 2.1: mid-stance is 0.1 s)
NOISE = 0.02  # a direction that turns less than this share of the main one carries noise, not the axis
GAIN = 1.5  # two columns of one rate further apart than this factor are in two units
EXPLAINED_LOW = 0.9  # clinical reference 7.5.2: a hinge axis explains at least 90 % of the rate's variance


def _unit(vector: np.ndarray) -> np.ndarray:
    return vector / np.linalg.norm(vector)


def running_rms(rate: np.ndarray, width: int) -> np.ndarray:
    """RMS length of a rate (n x 3) in every window of `width` rows: n - width + 1 values."""
    power = np.concatenate(([0.0], np.cumsum((rate**2).sum(axis=1))))
    return np.sqrt(np.maximum(power[width:] - power[:-width], 0) / width)


def lateral_by_regression(gyro: np.ndarray, sagittal: np.ndarray) -> tuple[np.ndarray, float, float]:
    """(unit axis, share of variance explained, gain): the axis about which `gyro` (n x 3) turns at `sagittal` (n).

    gain is 1 when both are in one unit.
    """
    weights, *_ = np.linalg.lstsq(gyro, sagittal, rcond=NOISE)
    gain = float(np.linalg.norm(weights))
    if gain < 1e-6:
        return np.array([0.0, 0.0, 1.0]), 0.0, 1.0
    rest = sagittal - gyro @ weights
    spread = float(np.mean((sagittal - sagittal.mean()) ** 2))
    return weights / gain, 1.0 - float(np.mean(rest**2)) / spread if spread > 0 else 0.0, gain


def lateral_by_variance(gyro: np.ndarray, place: str, rate_hz: float) -> tuple[np.ndarray, float]:
    """(unit axis, share of variance it explains), signed so that swing turns positive.

    Shank: the swing is its fastest turn. Foot: after lying still it turns toe-down (heel rise) first.
    """
    values, vectors = np.linalg.eigh(gyro.T @ gyro)
    axis = vectors[:, -1]
    rate = gyro @ axis
    if place == "shank":
        turn = float(np.mean(rate**3))
    else:
        width = max(2, round(FLAT_S * rate_hz))
        still = running_rms(gyro, width) < 30.0
        ends = np.flatnonzero(still[:-1] & ~still[1:]) + width
        after = round(0.25 * rate_hz)
        turn = -float(sum(rate[end : end + after].sum() for end in ends))
    return (axis if turn >= 0 else -axis), float(values[-1] / values.sum()) if values.sum() > 0 else 0.0


def gravity(acc: np.ndarray, gyro: np.ndarray, place: str, rate_hz: float) -> tuple[np.ndarray, str]:
    """(mean acceleration at rest, n.b. pointing up, and where it was found), in the unit of `acc`.

    A still second when there is one; else the foot's flat moments, or the whole walk for a shank.
    """
    width = max(2, round(STILL_S * rate_hz))
    if len(gyro) >= width:
        rms = running_rms(gyro, width)
        at = int(np.argmin(rms))
        if rms[at] < STILL_DPS:
            return acc[at : at + width].mean(axis=0), f"the still second at row {at + 1}"
    if place == "shank":
        return acc.mean(axis=0), "the mean of the whole walk (it has no still second)"
    width = max(2, round(FLAT_S * rate_hz))
    rms = running_rms(gyro, width)
    calm = np.argsort(rms)[: max(1, len(rms) // 20)]
    return np.median([acc[i : i + width].mean(axis=0) for i in calm], axis=0), "the stillest moments of stance"


def leg_axes(lateral: np.ndarray, up: np.ndarray) -> np.ndarray:
    """3 x 3 rotation, rows forward, up, lateral, from the lateral axis and a rough up in chip axes."""
    up = up - (up @ lateral) * lateral
    if np.linalg.norm(up) < 1e-6:
        up = np.eye(3)[int(np.argmin(np.abs(lateral)))]
        up = up - (up @ lateral) * lateral
    up = _unit(up)
    return np.array([np.cross(up, lateral), up, lateral])


def per_mille(rotation: np.ndarray) -> tuple[int, ...]:
    """A rotation as the brace's calibration keeps it: nine integers per 1000, rows forward, up, lateral."""
    return tuple(int(value) for value in np.rint(rotation * 1000).astype(int).ravel())
