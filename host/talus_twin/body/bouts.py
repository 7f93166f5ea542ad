# A day's walking: bouts of strides laid into the time the brace is on, and every stride's measures.
# Most bouts are short (Orendurff 2008: 60 % under 30 s). A day's values wander with memory (AR 0.4), a stride's around
# its day's; moment and angle move together by the brace's own law.

from dataclasses import dataclass

import numpy as np

from talus.wire import kinds
from talus_twin.body.days import MINUTE_MS, Span
from talus_twin.body.person import Person
from talus_twin.body.usual import Usual

SHORTEST, LONGEST = 4, 450  # strides a bout
EDGE_MS = 60_000  # nobody walks in the minute after donning or before doffing
INVALID_SHARE, TURN_SHARE, UNSURE_SHARE = 0.02, 0.04, 0.03
AUTOCORRELATION = 0.4
# measure -> (SD of days, SD of strides)
SPREAD = {
    "ankle": (0.5, 1.0),
    "foot_pitch": (1.0, 5.0),
    "range": (0.6, 1.4),
    "shank": (0.5, 1.3),
    "cadence_pct": (1.5, 2.6),
    "stance_pct": (0.5, 1.1),
    "rate_pct": (2.0, 5.0),
}


@dataclass(frozen=True)
class Strides:
    """One row per stride: UTC ms of initial contact (rising), the day's index, and the record's 13 wire values."""

    start_ms: np.ndarray  # int64
    day: np.ndarray
    values: np.ndarray  # int64, n x 13, in the order of kinds "stride"

    @property
    def valid(self) -> np.ndarray:
        return (self.values[:, 2] & kinds.STRIDE_INVALID) == 0


def wandering(count: int, sd: float, rng: np.random.Generator) -> np.ndarray:
    """A day-by-day AR(1) series of SD `sd`."""
    found = rng.standard_normal(count)
    for i in range(1, count):
        found[i] = AUTOCORRELATION * found[i - 1] + np.sqrt(1 - AUTOCORRELATION**2) * found[i]
    return sd * found


def lay_bouts(
    worn: list[Span], strides: int, stride_ms: float, variability: float, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(start UTC ms, duration ms, first of its bout) of about `strides` strides inside the worn spans."""
    inner = [(a + EDGE_MS, b - EDGE_MS) for a, b in worn if b - a > 4 * EDGE_MS]
    empty = np.empty(0)
    if not inner or strides < SHORTEST:
        return empty, empty, empty.astype(bool)
    lengths = np.clip(rng.lognormal(np.log(15), 1.0, strides // SHORTEST + 1), SHORTEST, LONGEST).astype(int)
    lengths = lengths[: int(np.searchsorted(np.cumsum(lengths), strides)) + 1]
    pace = stride_ms * (1 + 0.12 * np.exp(-lengths / 15)) * np.exp(0.02 * rng.standard_normal(len(lengths)))
    bout = np.repeat(np.arange(len(lengths)), lengths)
    first = np.concatenate(([True], np.diff(bout) > 0))
    duration = np.rint(pace[bout] * np.exp(variability * np.clip(rng.standard_normal(len(bout)), -3, 3)))
    walked = np.add.reduceat(duration, np.flatnonzero(first))
    spans = np.array(inner, dtype=float)
    room = float((spans[:, 1] - spans[:, 0]).sum())
    if walked.sum() > 0.7 * room:
        keep = int(np.searchsorted(np.cumsum(walked), 0.7 * room))
        bout, first, duration, walked = (
            bout[bout < keep], first[bout < keep], duration[bout < keep], walked[:keep]
        )  # fmt: skip
        if keep < 1:
            return empty, empty, empty.astype(bool)
    weight = rng.gamma(0.4, 1.0, len(walked) + 1) + 1e-3
    pause = weight / weight.sum() * (room - walked.sum())
    begin = np.cumsum(pause[:-1]) + np.concatenate(([0.0], np.cumsum(walked)[:-1]))
    at_first = np.flatnonzero(first)
    before = np.cumsum(duration) - duration
    offset = begin[bout] + before - before[at_first][bout]
    filled = np.concatenate(([0.0], np.cumsum(spans[:, 1] - spans[:, 0])))
    span = np.clip(np.searchsorted(filled, begin, side="right") - 1, 0, len(spans) - 1)[bout]
    start = np.floor(spans[span, 0] + offset - filled[span])
    inside = start + duration <= spans[span, 1]
    return start[inside], duration[inside], first[inside]


def measured(
    person: Person, looks: Usual, residual: np.ndarray, wander: dict[str, np.ndarray], day: np.ndarray,
    duration: np.ndarray, first: np.ndarray, rng: np.random.Generator,
) -> np.ndarray:  # fmt: skip
    """The 13 wire values of every stride. residual and the arrays of `wander` are per day; the rest per stride."""
    n = len(day)
    share = residual[day]

    def spread(name: str, day_name: str) -> np.ndarray:
        return wander[day_name][day] + SPREAD[day_name][1] * rng.standard_normal(n) + looks.at(name, share)

    stance_pct = 100 * looks.at("stance_s", share) / looks.at("duration_s", share)
    stance_pct = stance_pct + wander["stance_pct"][day] + SPREAD["stance_pct"][1] * rng.standard_normal(n)
    stance = np.rint(duration * np.clip(stance_pct, 46, 84) / 100)
    swing = (duration - stance) / 1000
    lift = wander["ankle"][day] + SPREAD["ankle"][1] * rng.standard_normal(n)
    assert person.brace is not None
    k = person.brace.stiffness
    moment = np.maximum(0.02, looks.at("moment_swing_nm", share) - k * lift)
    pitch = spread("foot_pitch_at_contact_deg", "foot_pitch") + 0.5 * lift
    flags = _flags(pitch, first, rng)
    pct = 1 + (wander["rate_pct"][day] + SPREAD["rate_pct"][1] * rng.standard_normal(n)) / 100
    reach = spread("ankle_range_deg", "range")
    rows = {
        "duration": duration,
        "stance": stance,
        "flags": flags,
        "ankle_at_contact": 100 * (looks.at("ankle_at_contact_deg", share) + lift),
        "ankle_swing_peak": 100 * (looks.at("ankle_swing_peak_deg", share) + lift + 0.3 * rng.standard_normal(n)),
        "ankle_range": 100 * np.maximum(reach, 1.0),
        "foot_pitch_at_contact": 100 * pitch,
        "moment_swing": 1000 * moment,
        "assist_impulse": 1000 * moment * swing,
        "loading_impulse": 1000 * looks.at("loading_impulse_nms", share) * np.abs(pct),
        "shank_to_vertical": 100 * spread("shank_to_vertical_deg", "shank"),
        "swing_rate_peak": 10 * looks.at("swing_rate_peak_dps", share) * pct,
        "slap_rate": 10 * looks.at("slap_rate_dps", share) * pct,
    }
    return np.column_stack([np.rint(rows[name]) for name in kinds.BY_NAME["stride"].names]).astype(np.int64)


def _flags(pitch: np.ndarray, first: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """How each foot came down, and which strides turn, are unsure or are none."""
    contact = np.where(pitch > 5, 1, np.where(pitch < -5, 3, 2))
    flags = (contact << 4) | kinds.STRIDE_TO_BY_RATE
    draw = rng.random(len(pitch))
    flags = np.where(draw < INVALID_SHARE, flags | kinds.STRIDE_REASONS.index("jump"), flags)
    turning = (draw >= INVALID_SHARE) & (draw < INVALID_SHARE + TURN_SHARE)
    flags = np.where(turning, flags | kinds.STRIDE_TURN, flags)
    flags = np.where(draw > 1 - UNSURE_SHARE, flags | kinds.STRIDE_LOW_CONFIDENCE, flags)
    return np.where(first, flags | kinds.STRIDE_FIRST_OF_BOUT, flags)


def minutes_of(start_ms: np.ndarray, grid_ms: np.ndarray) -> np.ndarray:
    """How many of the (rising) starts fall into each minute of a rising grid."""
    edges = np.searchsorted(start_ms, grid_ms, side="left")
    return np.searchsorted(start_ms, grid_ms + MINUTE_MS, side="left") - edges
