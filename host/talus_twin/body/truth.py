# What really happened in a scene, from the curves before any sensor, by the definitions of the clinical reference
# (2.1, 3.1, 3.2, 3.5). A detector is judged against this.

from dataclasses import dataclass

import numpy as np

from talus_twin.body.state import RATE_HZ, State
from talus_twin.body.walking import Steps

# name -> meaning; one float column each, one row per whole stride
STRIDE_COLUMNS = (
    ("start_s", "initial contact"),
    ("end_s", "the next of the same leg"),
    ("stance_s", "initial contact to toe off"),
    ("contact", "index into kinds.CONTACTS: heel, flat, forefoot"),
    ("foot_pitch_at_contact_deg", "+ toes up"),
    ("ankle_at_contact_deg", "+ dorsiflexion"),
    ("ankle_swing_peak_deg", "largest from 25 % of swing to the next contact"),
    ("ankle_range_deg", "95th less 5th percentile over the stride"),
    ("moment_swing_nm", "mean of the dorsiflexing moment in swing"),
    ("assist_impulse_nms", "its integral over swing"),
    ("loading_impulse_nms", "the same from contact to foot flat"),
    ("slap_rate_dps", "fastest plantarflexion within 200 ms of contact"),
    ("shank_to_vertical_deg", "shank lean at the calmest foot of mid-stance, + forward"),
    ("swing_rate_peak_dps", "largest shank rate in swing"),
    ("drag", "1 when the toe dragged in its swing"),
    ("turn", "1 when it lies in a turn"),
)


@dataclass(frozen=True)
class Stretch:
    """One activity of a scene: kind, seconds, and the part of it the brace was worn (equal ends: none)."""

    kind: str
    start_s: float
    end_s: float
    worn_start_s: float
    worn_end_s: float


@dataclass(frozen=True)
class Truth:
    """steps: every contact and toe-off; strides: column -> float array; liner_degc on the scene's grid;

    sustained_kpa: 4 x whole minutes, the 20th percentile of each minute.
    """

    steps: Steps
    strides: dict[str, np.ndarray]
    stretches: list[Stretch]
    liner_degc: np.ndarray
    sustained_kpa: np.ndarray

    @property
    def worn(self) -> list[tuple[float, float]]:
        """Worn intervals in seconds, touching ones joined."""
        found: list[tuple[float, float]] = []
        for one in self.stretches:
            if one.worn_end_s <= one.worn_start_s:
                continue
            if found and one.worn_start_s - found[-1][1] < 1e-6:
                found[-1] = (found[-1][0], one.worn_end_s)
            else:
                found.append((one.worn_start_s, one.worn_end_s))
        return found


def stride_table(state: State, moment: np.ndarray, steps: Steps) -> dict[str, np.ndarray]:
    """STRIDE_COLUMNS of every whole stride (two contacts of one walk with a toe-off between)."""
    rows = []
    offs = np.array(steps.toe_off_s)
    rate = np.gradient(state.psi) * RATE_HZ
    foot_rate = np.gradient(state.phi) * RATE_HZ
    for i, (start, end) in enumerate(zip(steps.contact_s[:-1], steps.contact_s[1:], strict=True)):
        between = offs[(offs > start) & (offs < end)]
        if len(between) == 1 and end - start < 4.0:
            rows.append(_stride(state, moment, rate, foot_rate, steps, i, (start, float(between[0]), end)))
    table = np.array(rows, dtype=float).reshape(-1, len(STRIDE_COLUMNS))
    return {name: table[:, k] for k, (name, _) in enumerate(STRIDE_COLUMNS)}


def _stride(
    state: State,
    moment: np.ndarray,
    rate: np.ndarray,
    foot_rate: np.ndarray,
    steps: Steps,
    i: int,
    times: tuple[float, float, float],
) -> tuple[float, ...]:
    start, off, end = times
    a, o, b = (round(t * RATE_HZ) for t in times)
    theta = state.theta[a:b]
    low, high = np.percentile(theta, [5, 95])
    assist = np.maximum(moment[o:b], 0.0)
    # Mid-stance: the middle of the calmest 0.1 s of the foot between contact and 70 % of stance (clinical 2.1).
    flat = _flat_after(foot_rate[a:o])
    width = RATE_HZ // 10
    calm = np.convolve(foot_rate[a : a + int(0.7 * (o - a))] ** 2, np.ones(width), mode="valid")
    middle = a + int(np.median(np.flatnonzero(calm <= calm.min() + 1e-3))) + width // 2
    return (
        start,
        end,
        off - start,
        ("heel", "flat", "forefoot").index(steps.contact_class[i]),
        state.phi[a],
        float(np.median(state.theta[max(0, a - round(0.02 * RATE_HZ)) : a + 1])),
        float(state.theta[o + round(0.25 * (b - o)) : b].max()),
        float(high - low),
        float(assist.mean()),
        float(assist.sum() / RATE_HZ),
        float(np.maximum(moment[a : a + flat], 0.0).sum() / RATE_HZ),
        max(0.0, float(-np.gradient(theta[: RATE_HZ // 5]).min() * RATE_HZ)),
        -float(state.psi[middle]),
        float(rate[o:b].max()),
        float(any(start <= at < end for at, _ in steps.drags_s)),
        float(any(t0 < end and t1 > start for t0, t1 in steps.turns_s)),
    )


def _flat_after(foot_rate: np.ndarray) -> int:
    """Samples from contact to foot flat: the foot turns less than 20 deg/s for 50 ms (clinical 2.1)."""
    width = RATE_HZ // 20
    still = np.convolve(np.abs(foot_rate) < 20.0, np.ones(width), mode="valid") > width - 0.5
    return int(np.argmax(still)) if still.any() else len(foot_rate)
