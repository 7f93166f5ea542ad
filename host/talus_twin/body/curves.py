# Small mathematics of smooth movement, in numpy: a monotone curve through knots, a Gaussian, a minimum-jerk step.

import numpy as np


def through(at: np.ndarray, knots: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Smooth curve through (knots, values) at `at`, never overshooting a knot (Fritsch and Carlson 1980).

    knots rise strictly; outside them the end values hold. Level between two equal knots, so a flat foot stays flat.
    """
    step = np.diff(knots)
    slope = np.diff(values) / step
    tangent = np.zeros(len(knots))
    left, right = slope[:-1], slope[1:]
    same = left * right > 0
    w1, w2 = 2 * step[1:] + step[:-1], step[1:] + 2 * step[:-1]
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = (w1 + w2) / (w1 / left + w2 / right)
    tangent[1:-1] = np.where(same, mean, 0.0)
    i = np.clip(np.searchsorted(knots, at, side="right") - 1, 0, len(step) - 1)
    u = np.clip((at - knots[i]) / step[i], 0.0, 1.0)
    h = step[i]
    return (
        (1 + 2 * u) * (1 - u) ** 2 * values[i]
        + u * (1 - u) ** 2 * h * tangent[i]
        + u**2 * (3 - 2 * u) * values[i + 1]
        + u**2 * (u - 1) * h * tangent[i + 1]
    )


def smoothed(values: np.ndarray, sigma: float) -> np.ndarray:
    """Gaussian mean of SD `sigma` samples, ends held. Levels longer than 8 sigma keep their value inside."""
    half = int(np.ceil(4 * sigma))
    if half < 1:
        return values.copy()
    kernel = np.exp(-0.5 * (np.arange(-half, half + 1) / sigma) ** 2)
    kernel /= kernel.sum()
    padded = np.concatenate((np.full(half, values[0]), values, np.full(half, values[-1])))
    return np.convolve(padded, kernel, mode="valid")


def ease(u: np.ndarray) -> np.ndarray:
    """Minimum-jerk step from 0 to 1 while u goes from 0 to 1 (Flash and Hogan 1985)."""
    u = np.clip(u, 0.0, 1.0)
    return u**3 * (10 - 15 * u + 6 * u**2)


def quintic(u: np.ndarray, seconds: float, start: tuple[float, ...], end: tuple[float, ...]) -> np.ndarray:
    """The fifth-degree path between two states (position, velocity, acceleration), u from 0 to 1 in `seconds`."""
    p0, v0, a0 = start[0], start[1] * seconds, start[2] * seconds**2
    p1, v1, a1 = end[0], end[1] * seconds, end[2] * seconds**2
    d = p1 - p0
    c3 = 10 * d - 6 * v0 - 4 * v1 - 1.5 * a0 + 0.5 * a1
    c4 = -15 * d + 8 * v0 + 7 * v1 + 1.5 * a0 - a1
    c5 = 6 * d - 3 * v0 - 3 * v1 - 0.5 * a0 + 0.5 * a1
    return p0 + u * (v0 + u * (0.5 * a0 + u * (c3 + u * (c4 + u * c5))))


def wander(rng: np.random.Generator, count: int, rate_hz: float, seconds: float, sd: float) -> np.ndarray:
    """Noise of SD `sd` that forgets itself in about `seconds`: sway, fidgeting, soft tissue."""
    if sd <= 0 or count == 0:
        return np.zeros(count)
    sigma = max(0.6, seconds * rate_hz)
    step = max(1, int(sigma / 8))
    rough = rng.standard_normal(count // step + 2 * int(8 * sigma / step) + 4)
    soft = smoothed(rough, sigma / step)
    soft *= np.sqrt(2 * np.sqrt(np.pi) * sigma / step)
    at = np.arange(count) / step + 4 * sigma / step
    return sd * np.interp(at, np.arange(len(soft)), soft)
