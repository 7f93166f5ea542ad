"""A walk with known instants, drawn from its physics: a foot that turns about heel and toe, and a shank above it.

Between knots each angle is a cubic (Hermite). By construction the foot's pitch peaks at contact (it starts to fall as
the heel strikes), is zero while the foot lies flat, and turns down fastest at toe off.
"""

from dataclasses import dataclass
from itertools import pairwise

from talus.wire import kinds

# (phase of the stride, angle in deg, slope in deg per stride); pitch + toes up, inclination + leaning back.
# Stance is 62 %: rolling over the toe is half a parabola, so the rate is steepest at its end.
SHANK = ((0.0, 14, 0), (0.1, 4, -90), (0.4, -14, -60), (0.62, -40, -100), (0.67, -42, 0), (1.0, 14, 0))


def foot(pitch: float) -> tuple[tuple[float, float, float], ...]:
    return ((0.0, pitch, 0), (0.1, 0, 0), (0.4, 0, 0), (0.62, -50, -455), (0.67, -58, 0), (1.0, pitch, 0))


@dataclass
class Walk:
    samples: list[list[int | None]]
    contacts: list[float]
    toe_offs: list[float]


def between(knots: tuple[tuple[float, float, float], ...], phase: float) -> float:
    for (p0, y0, m0), (p1, y1, m1) in pairwise(knots):
        if phase <= p1:
            h = p1 - p0
            t = (phase - p0) / h
            return float(
                y0 * (1 + 2 * t) * (1 - t) ** 2
                + m0 * h * t * (1 - t) ** 2
                + y1 * t * t * (3 - 2 * t)
                + m1 * h * t * t * (t - 1)
            )
    raise ValueError(phase)


def make(
    strides_s: list[float], pitch: float = 15.0, encoder: bool = True, imu: str = "shank", stiffness: float = 0.3
) -> Walk:
    """Standing for 2 s, the strides, standing for 4 s. Stiffness in N.m/deg about a neutral of 5 deg."""
    starts = [2.0]
    for stride in strides_s:
        starts.append(starts[-1] + stride)
    end = starts[-1] + 4.0
    knots = foot(pitch)

    def angles(time: float) -> tuple[float, float]:
        for first, stride in zip(starts, strides_s, strict=False):
            if first <= time < first + stride:
                phase = (time - first) / stride
                return between(knots, phase), between(SHANK, phase)
        return knots[0][1], SHANK[0][1]

    samples = []
    for tick in range(int(end * 100)):
        time = tick / 100
        (foot_now, shank_now), (foot_next, shank_next) = angles(time), angles(time + 0.001)
        foot_was, shank_was = angles(time - 0.001)
        theta = foot_now - shank_now
        rate = (shank_next - shank_was if imu == "shank" else foot_next - foot_was) / 0.002
        sample: list[int | None] = [None] * kinds.SAMPLE_SIZE
        if encoder:
            sample[kinds.ANGLE] = round(theta * 100)
            sample[kinds.MOMENT] = round(stiffness * 1000 * (5 - theta))
        if imu != "none":
            sample[kinds.GYRO_SAGITTAL] = round(rate * 10)
        samples.append(sample)
    return Walk(samples, starts, [s + 0.62 * d for s, d in zip(starts, strides_s, strict=False)])


def swing_assist_mnms(stride_s: float, pitch: float, stiffness: float) -> float:
    """The moment's positive part integrated over swing, mN.m.s, straight from the drawn angles."""
    steps = 2000
    total = 0.0
    for i in range(steps):
        phase = 0.62 + 0.38 * (i + 0.5) / steps
        theta = between(foot(pitch), phase) - between(SHANK, phase)
        total += max(0.0, stiffness * 1000 * (5 - theta)) * 0.38 * stride_s / steps
    return total
