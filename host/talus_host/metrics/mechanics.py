"""How stiff is the brace today, where does it rest, and how much does it lose: the line of moment over angle.

Method: clinical reference, section 3.5, M = k (neutral - angle) - c rate. Deviations: 1. it is fitted to the mean
stride curves of a day's hours (25 points each), not to samples: a mean of strides keeps a line; 2. the viscous part is
taken out by least squares first, so that bins of 0.5 deg join both ways through an angle; 3. a side without 5 deg of
its own is not measured, but the whole line is where the two sides agree. Only ever compare a brace with itself.
"""

from collections.abc import Iterator

import numpy as np
import pandas as pd
from scipy.stats import theilslopes

COLUMNS = ("stiffness_nm_deg", "stiffness_down_nm_deg", "stiffness_up_nm_deg", "neutral_deg", "loss_j")
NOTHING = dict.fromkeys(COLUMNS, np.nan)


def mechanics(
    curves: pd.DataFrame,
    *,
    span_min_deg: float = 5.0,
    r2_min: float = 0.9,
    bin_deg: float = 0.5,
    strides_min: int = 30,
) -> pd.DataFrame:
    """By day: the whole line's stiffness_nm_deg, stiffness_down_nm_deg (below neutral, where it lifts the foot) and
    stiffness_up_nm_deg (above), neutral_deg (where the moment is nothing), loss_j (what a stride's loop of moment over
    angle swallows), NaN where the ankle moves too little or the points make no line; and mechanics_n, the strides.

    curves: day, strides, angle_deg and moment_nm (arrays of the points from contact to contact, NaN unknown).
    span_min_deg, r2_min, bin_deg: clinical reference 3.5 [E]. strides_min: below it an hour's curve is no mean [E].
    """
    found = {}
    for day, hours in curves.groupby("day", sort=True):
        kept = hours[hours["strides"].to_numpy(np.float64) >= strides_min]
        row = dict(NOTHING)
        loops = list(_loops(kept))
        if loops:
            row |= _fitted(loops, span_min_deg, r2_min, bin_deg)
        found[day] = row | {"mechanics_n": float(sum(weight for *_, weight in loops))}
    table = pd.DataFrame.from_dict(found, orient="index", columns=[*COLUMNS, "mechanics_n"]).astype(np.float64)
    table.index.name = "day"
    return table


def _loops(hours: pd.DataFrame) -> Iterator[tuple[np.ndarray, np.ndarray, float]]:
    """(angle, moment, strides) of each hour in which both were measured."""
    for angle, moment, strides in zip(hours["angle_deg"], hours["moment_nm"], hours["strides"], strict=True):
        if not (np.isnan(angle).any() or np.isnan(moment).any()):
            yield np.asarray(angle, dtype=np.float64), np.asarray(moment, dtype=np.float64), float(strides)


def _fitted(
    loops: list[tuple[np.ndarray, np.ndarray, float]], span_min_deg: float, r2_min: float, bin_deg: float
) -> dict[str, float]:
    angle = np.concatenate([a for a, _, _ in loops])
    moment = np.concatenate([m for _, m, _ in loops])
    rate = np.concatenate([np.gradient(a) for a, _, _ in loops])
    weight = np.array([w for *_, w in loops])
    lost = np.array([-_work(a, m) for a, m, _ in loops])
    found = {"loss_j": float((lost * weight).sum() / weight.sum())}
    bend = float(np.median(angle))
    for _ in range(3):  # where the line may bend is known only once the viscous part is out
        elastic = moment - _viscous(angle, rate, moment, bend) * rate
        neutral = _crossing(angle, elastic, bin_deg)
        bend = bend if np.isnan(neutral) else neutral
    moment = elastic
    whole = _line(angle, moment, span_min_deg, r2_min, bin_deg)
    if np.isnan(neutral) and whole is not None:
        neutral = whole[1]  # the ankle stayed on one side of it
    if np.isnan(neutral):
        return found
    down = _line(angle, moment, span_min_deg, r2_min, bin_deg, below=neutral)
    up = _line(angle, moment, span_min_deg, r2_min, bin_deg, above=neutral)
    if down is not None and up is not None:
        neutral = 0.5 * (down[1] + up[1])  # between two points on either side of a bend the crossing is off
    found["neutral_deg"] = neutral
    for name, line in (("stiffness_nm_deg", whole), ("stiffness_down_nm_deg", down), ("stiffness_up_nm_deg", up)):
        if line is not None:
            found[name] = line[0]
    return found


def _viscous(angle: np.ndarray, rate: np.ndarray, moment: np.ndarray, bend: float) -> float:
    """Slope of the moment over the rate, beside a straight line over the angle that may bend at one angle."""
    sides = (np.minimum(angle - bend, 0), np.maximum(angle - bend, 0))
    matrix = np.column_stack((np.ones_like(angle), *sides, rate))
    slope = float(np.linalg.lstsq(matrix, moment, rcond=None)[0][3])
    return min(slope, 0.0)  # no brace pushes along with the motion


def _binned(angle: np.ndarray, moment: np.ndarray, bin_deg: float) -> tuple[np.ndarray, np.ndarray]:
    """Median angle and moment of each bin."""
    grouped = pd.DataFrame({"angle": angle, "moment": moment}).groupby(np.floor(angle / bin_deg)).median()
    return grouped["angle"].to_numpy(), grouped["moment"].to_numpy()


def _line(
    angle: np.ndarray,
    moment: np.ndarray,
    span_min_deg: float,
    r2_min: float,
    bin_deg: float,
    *,
    below: float = np.inf,
    above: float = -np.inf,
) -> tuple[float, float] | None:
    """(stiffness, neutral) of the points between the two angles; None where they make no falling line."""
    inside = (angle <= below) & (angle >= above)
    if not inside.any() or np.ptp(angle[inside]) < span_min_deg:
        return None
    x, y = _binned(angle[inside], moment[inside], bin_deg)
    slope, intercept, *_ = theilslopes(y, x)
    spread = float(((y - y.mean()) ** 2).sum())
    left = float(((y - intercept - slope * x) ** 2).sum())
    if slope >= 0 or not spread or 1 - left / spread < r2_min:
        return None
    return -float(slope), float(-intercept / slope)


def _crossing(angle: np.ndarray, moment: np.ndarray, bin_deg: float) -> float:
    """Angle at which the binned moment goes through nothing; NaN where it never does."""
    x, y = _binned(angle, moment, bin_deg)
    falls = np.flatnonzero((y[:-1] > 0) & (y[1:] <= 0))
    if not len(falls):
        return float("nan")
    i = int(falls[0])
    return float(x[i] + (x[i + 1] - x[i]) * y[i] / (y[i] - y[i + 1]))


def _work(angle_deg: np.ndarray, moment_nm: np.ndarray) -> float:
    """Work of the brace on the foot around the closed loop, J: negative where it swallows."""
    turned = np.deg2rad(np.diff(np.append(angle_deg, angle_deg[0])))
    between = 0.5 * (moment_nm + np.append(moment_nm[1:], moment_nm[0]))
    return float((between * turned).sum())
