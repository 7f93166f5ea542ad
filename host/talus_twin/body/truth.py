# What really happened in a scene, from the curves before any sensor, by the definitions of the clinical reference
# (2.1, 3.1-3.6). A detector is judged against this. What a stride does not have (a heel that never rose) is NaN.

from dataclasses import dataclass

import numpy as np

from talus_twin.body.state import RATE_HZ, State
from talus_twin.body.walking import Steps

TERRAINS = ("level", "ramp", "stairs_up", "stairs_down")

# name -> meaning; one float column each, one row per whole stride
STRIDE_COLUMNS = (
    ("start_s", "initial contact"),
    ("end_s", "the next of the same leg"),
    ("stance_s", "initial contact to toe off"),
    ("contact", "index into kinds.CONTACTS: heel, flat, forefoot"),
    ("foot_pitch_at_contact_deg", "to the ground underfoot, + toes up"),
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
    ("toe_off_s", "the instant of toe off"),
    ("flat_s", "first instant the foot turns slower than 20 deg/s for 50 ms"),
    ("mid_stance_s", "middle of the calmest 0.1 s of the foot before 70 % of stance"),
    ("heel_off_s", "last time before toe off that the foot begins to pitch down faster than 20 deg/s"),
    ("mid_swing_s", "the instant of the largest shank rate"),
    ("flat_after_s", "contact to foot flat"),
    ("moment_peak_nm", "95th percentile of the moment in swing"),
    ("work_returned_j", "work of the brace on the foot over the stride, where it gives"),
    ("work_stored_j", "the same where it takes, as a positive number"),
    ("work_push_off_j", "work returned from heel off to toe off"),
    ("push_off_rate_dps", "fastest plantarflexion from heel off to toe off"),
    ("shank_range_deg", "range of the shank's inclination in swing"),
    ("shank_back_deg", "how far the shank's lower end is behind its upper at most, after toe off: steppage"),
    ("foot_pitch_mid_swing_deg", "foot pitch to the level as the shank passes the vertical in swing, + toes up"),
    ("slope_deg", "of the ground underfoot at mid-stance, + uphill"),
    ("climb_m", "rise of the ankle from this mid-stance to the next, + up"),
    ("terrain", "index into TERRAINS"),
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


@dataclass(frozen=True)
class _Curves:
    """A scene's noise-free curves at RATE_HZ: pitch to the ground, rates in deg/s, moment in N.m."""

    state: State
    moment: np.ndarray
    pitch: np.ndarray
    shank_rate: np.ndarray
    ankle_rate: np.ndarray
    foot_rate: np.ndarray


def stride_table(state: State, moment: np.ndarray, steps: Steps) -> dict[str, np.ndarray]:
    """STRIDE_COLUMNS of every whole stride (two contacts of one walk with a toe-off between)."""
    rows = []
    offs = np.array(steps.toe_off_s)
    pitch = state.phi - state.slope
    turns = (np.gradient(curve) * RATE_HZ for curve in (state.psi, state.theta, pitch))
    curves = _Curves(state, moment, pitch, *turns)
    for i, (start, end) in enumerate(zip(steps.contact_s[:-1], steps.contact_s[1:], strict=True)):
        between = offs[(offs > start) & (offs < end)]
        if len(between) == 1 and steps.walk[i] == steps.walk[i + 1]:
            rows.append(_stride(curves, steps, i, (start, float(between[0]), end)))
    return {name: np.array([row[name] for row in rows], dtype=float) for name, _ in STRIDE_COLUMNS}


def _stride(curves: _Curves, steps: Steps, i: int, times: tuple[float, float, float]) -> dict[str, float]:
    start, off, end = times
    a, o, b = (round(t * RATE_HZ) for t in times)
    state, moment = curves.state, curves.moment
    theta = state.theta[a:b]
    low, high = np.percentile(theta, [5, 95])
    assist = np.maximum(moment[o:b], 0.0)
    flat = _flat_after(curves.foot_rate[a:o])
    middle = _middle(curves.foot_rate, a, o)
    rise = _heel_off(curves, middle, o)
    done = _work(curves, a, b)
    push = slice(o if rise is None else rise, o + 1)
    swing = state.psi[o:b]
    back = o + int(np.argmin(swing))
    upright = back + int(np.argmax(state.psi[back:b] >= 0.0))
    return {
        "start_s": start,
        "end_s": end,
        "stance_s": off - start,
        "contact": ("heel", "flat", "forefoot").index(steps.contact_class[i]),
        "foot_pitch_at_contact_deg": curves.pitch[a],
        "ankle_at_contact_deg": float(np.median(state.theta[max(0, a - round(0.02 * RATE_HZ)) : a + 1])),
        "ankle_swing_peak_deg": float(state.theta[o + round(0.25 * (b - o)) : b].max()),
        "ankle_range_deg": float(high - low),
        "moment_swing_nm": float(assist.mean()),
        "assist_impulse_nms": float(assist.sum() / RATE_HZ),
        "loading_impulse_nms": float(np.maximum(moment[a : a + flat], 0.0).sum() / RATE_HZ),
        "slap_rate_dps": max(0.0, float(-np.gradient(theta[: RATE_HZ // 5]).min() * RATE_HZ)),
        "shank_to_vertical_deg": -float(state.psi[middle]),
        "swing_rate_peak_dps": float(curves.shank_rate[o:b].max()),
        "drag": float(any(start <= at < end for at, _ in steps.drags_s)),
        "turn": float(any(t0 < end and t1 > start for t0, t1 in steps.turns_s)),
        "toe_off_s": off,
        "flat_s": start + flat / RATE_HZ,
        "mid_stance_s": middle / RATE_HZ,
        "heel_off_s": np.nan if rise is None else rise / RATE_HZ,
        "mid_swing_s": (o + int(np.argmax(curves.shank_rate[o:b]))) / RATE_HZ,
        "flat_after_s": flat / RATE_HZ,
        "moment_peak_nm": float(np.percentile(moment[o:b], 95)),
        "work_returned_j": float(done[done > 0].sum()),
        "work_stored_j": float(-done[done < 0].sum()),
        "work_push_off_j": np.nan if rise is None else float(np.maximum(done[rise - a : o - a], 0.0).sum()),
        "push_off_rate_dps": np.nan if rise is None else max(0.0, float(-curves.ankle_rate[push].min())),
        "shank_range_deg": float(np.ptp(swing)),
        "shank_back_deg": -float(swing.min()),
        "foot_pitch_mid_swing_deg": float(state.phi[upright]) if state.psi[upright] >= 0.0 else np.nan,
        "slope_deg": float(state.slope[middle]),
        "climb_m": _next_height(curves, steps, i, b) - float(state.ankle_z[middle]),
        "terrain": TERRAINS.index(steps.terrain[i]),
    }


def _work(curves: _Curves, a: int, b: int) -> np.ndarray:
    """Work of the brace on the foot in each step of the grid from a to b, in J: mean moment times turned angle."""
    moment = 0.5 * (curves.moment[a:b] + curves.moment[a + 1 : b + 1])
    return moment * np.radians(np.diff(curves.state.theta[a : b + 1]))


def _middle(foot_rate: np.ndarray, a: int, o: int) -> int:
    """Mid-stance: the middle of the calmest 0.1 s of the foot between contact and 70 % of stance (clinical 2.1)."""
    width = RATE_HZ // 10
    calm = np.convolve(foot_rate[a : a + int(0.7 * (o - a))] ** 2, np.ones(width), mode="valid")
    return a + int(np.median(np.flatnonzero(calm <= calm.min() + 1e-3))) + width // 2


def _flat_after(foot_rate: np.ndarray) -> int:
    """Samples from contact to foot flat: the foot turns less than 20 deg/s for 50 ms (clinical 2.1)."""
    width = RATE_HZ // 20
    still = np.convolve(np.abs(foot_rate) < 20.0, np.ones(width), mode="valid") > width - 0.5
    return int(np.argmax(still)) if still.any() else len(foot_rate)


def _heel_off(curves: _Curves, middle: int, off: int) -> int | None:
    """The last fall of the foot rate through -20 deg/s before a toe off with the toes below the heel (clinical 2.1)."""
    rate = curves.foot_rate[middle : off + 1]
    falls = np.flatnonzero((rate[:-1] > -20.0) & (rate[1:] <= -20.0))
    if not len(falls) or curves.pitch[off] >= -3.0:
        return None
    return middle + int(falls[-1]) + 1


def _next_height(curves: _Curves, steps: Steps, i: int, contact: int) -> float:
    """Height of the ankle over the next flat foot: at its mid-stance, or standing after the walk's last contact."""
    later = [at for at in steps.toe_off_s if at * RATE_HZ > contact]
    follows = i + 2 < len(steps.contact_s) and steps.walk[i + 2] == steps.walk[i]
    last = round(later[0] * RATE_HZ) if follows else contact + round(0.6 * RATE_HZ)
    last = min(last, len(curves.pitch) - 1)
    return float(curves.state.ankle_z[_middle(curves.foot_rate, contact, last)])
