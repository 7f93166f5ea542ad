# What else a brace keeps of walking: a minute's mean of work, push-off, clearance and the shank in swing, from the same
# strides the stride records tell; and where the ground was no level. Values come from the walking model's own truth at
# that day's strength and brace; a day's wandering and a stride's scatter are those of its other measures.

import numpy as np

from talus.wire import kinds
from talus_twin.body.bouts import Strides
from talus_twin.body.days import MINUTE_MS
from talus_twin.body.usual import Usual

WALK = kinds.BY_NAME["walk"]
# field of a walk record -> (measure of truth, wire units per unit, SD of a stride as a share of it or in its unit)
RELATIVE = {
    "work_returned": ("work_returned_j", 1000, 0.12),
    "work_stored": ("work_stored_j", 1000, 0.12),
    "work_push_off": ("work_push_off_j", 1000, 0.20),
    "push_off_rate": ("push_off_rate_dps", 10, 0.08),
    "flat_after": ("flat_after_s", 1000, 0.10),
}
ABSOLUTE = {
    "shank_range": ("shank_range_deg", 100, 1.8),
    "shank_back": ("shank_back_deg", 100, 1.6),
    "foot_pitch_mid_swing": ("foot_pitch_mid_swing_deg", 100, 2.0),
}
SLOPE_DEG, CLIMB_M = 0.8, 0.006  # what a level floor is measured to, stride by stride
STAIRS_SHARE, RAMP_SHARE = 0.004, 0.012  # of all strides: a flight or two a day, some sloping pavement [E]
FLIGHT, RAMP = 6, 12  # strides of one
STAIR_PITCH = (-10.0, 3.0)  # foot pitch at contact on stairs: forefoot first (Riener 2002)
NOT_LEVEL = kinds.STRIDE_TURN | kinds.STRIDE_RAMP | kinds.STRIDE_STAIRS_UP | kinds.STRIDE_STAIRS_DOWN
LEFT_OUT = NOT_LEVEL | kinds.STRIDE_INVALID | kinds.STRIDE_LOW_CONFIDENCE | kinds.STRIDE_FIRST_OF_BOUT


def grounds(strides: Strides, rng: np.random.Generator) -> None:
    """Lay flights of stairs and ramps into the strides, in place: flags, and how the foot comes down on a step."""
    stride = kinds.BY_NAME["stride"]
    flags, pitch = strides.values[:, stride.index("flags")], strides.values[:, stride.index("foot_pitch_at_contact")]
    count = len(flags)
    for share, length, ways in (
        (RAMP_SHARE, RAMP, (kinds.STRIDE_RAMP,)),
        (STAIRS_SHARE, FLIGHT, (kinds.STRIDE_STAIRS_UP, kinds.STRIDE_STAIRS_DOWN)),
    ):
        for start in np.sort(rng.integers(0, max(1, count - length), round(count * share / length))).tolist():
            part = slice(start, start + length)
            flags[part] = flags[part] & ~NOT_LEVEL | int(rng.choice(ways))
            if length == FLIGHT:
                landed = rng.normal(*STAIR_PITCH, len(flags[part]))
                pitch[part] = np.rint(100 * landed)
                contact = np.where(landed > 5, 1, np.where(landed < -5, 3, 2)) << 4
                flags[part] = flags[part] & ~kinds.STRIDE_CONTACT | contact


def walks(
    strides: Strides, grid_ms: np.ndarray, looks: list[Usual], brace: np.ndarray, stiffness: np.ndarray,
    strength: np.ndarray, rng: np.random.Generator,
) -> tuple[np.ndarray, np.ndarray]:  # fmt: skip
    """(UTC ms of the minute, wire values n x 12 in the order of "walk") of every minute with a stride that counts.

    brace, strength: per day, the index into looks and stiffness (N.m/deg), and the share of strength.
    """
    stride = kinds.BY_NAME["stride"]
    good = (strides.values[:, stride.index("flags")] & LEFT_OUT) == 0
    start, day, values = strides.start_ms[good], strides.day[good], strides.values[good]
    minute = np.searchsorted(grid_ms, start, side="right") - 1
    inside = (minute >= 0) & (start < grid_ms[minute] + MINUTE_MS)
    minute, day, values = minute[inside], day[inside], values[inside]
    which, share = brace[day], strength[day]
    n = len(day)

    def at(name: str) -> np.ndarray:
        return np.choose(which, [look.at(name, share) for look in looks]) if n else np.empty(0)

    lift = values[:, stride.index("ankle_at_contact")] / 100 - at("ankle_at_contact_deg")
    pace = values[:, stride.index("swing_rate_peak")] / 10 / at("swing_rate_peak_dps")  # a brisk day is brisk all over
    rows = {"moment_peak": 1000 * (at("moment_peak_nm") - stiffness[which] * lift)}
    for name, (measure, per, spread) in RELATIVE.items():
        rows[name] = per * at(measure) * pace * np.exp(spread * rng.standard_normal(n))
    for name, (measure, per, spread) in ABSOLUTE.items():
        lifted = lift if name == "foot_pitch_mid_swing" else 0.0
        rows[name] = per * (at(measure) + lifted + spread * rng.standard_normal(n))
    rows["slope"] = 100 * SLOPE_DEG * rng.standard_normal(n)
    rows["climb"] = 1000 * CLIMB_M * rng.standard_normal(n)
    where, first, count = np.unique(minute, return_index=True, return_counts=True)
    means = [np.minimum(count, 254)]
    means += [np.add.reduceat(rows[name], first) / count if n else np.empty(0) for name in WALK.names[1:]]
    return grid_ms[where], np.rint(np.column_stack(means)).astype(np.int64)
