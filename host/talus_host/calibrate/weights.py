"""How many counts is a newton metre? Known masses on the foot plate, both ways, up and down.

Clinical reference 7.2: M = m g L cos(alpha); ordinary least squares through all points; R2 at least 0.999, no residual
above 3 % of full scale, hysteresis at most 5 %; two gains, continuous at zero, where the directions differ.
Deviation: 1. the plate's own weight pulls, too, and the other way once the brace is turned over: it is fitted beside
the offset, from the readings without a mass.
"""

from collections.abc import Sequence

import numpy as np

from talus_host.calibrate.fit import Drawing, Fit, refused
from talus_host.calibrate.readings import Load

GRAVITY = 9.80665  # CGPM 1901
LOADS_MIN = 3
FULL_SCALE_MIN_NM = 1.5
R2_MIN = 0.999
RESIDUAL_MAX = 0.03
HYSTERESIS_MAX = 0.05
DIFFER_MIN = 0.005  # of the gain, and three standard errors
COUNTS_MIN = 10.0  # a newton metre: the converter's noise
PLATE_MAX_NM = 1.0
WARM_SPREAD_DEGC = 3.0  # at 0.015 N.m a degree this is 0.05 N.m, what a warmth fit may leave


def moment_nm(rows: Sequence[Load]) -> np.ndarray:
    """+ toward dorsiflexion."""
    return np.array([r.toward * r.mass_kg * GRAVITY * r.lever_m * np.cos(np.radians(r.plate_deg)) for r in rows])


def fit_weights(rows: Sequence[Load]) -> Fit:
    """Offset and gain (two where the directions differ) of the bridge."""
    moments = moment_nm(rows)
    for toward, word in ((1, "dorsiflexion"), (-1, "plantarflexion")):
        loads = {
            round(float(m), 3)
            for m, row in zip(moments, rows, strict=True)
            if row.toward * toward > 0 and abs(m) > 0.05
        }
        if len(loads) < LOADS_MIN:
            why = f"{len(loads)} loads toward {word}, and {LOADS_MIN} are needed: two points fit any line"
            return refused("weights", why)
    full = float(np.max(np.abs(moments)))
    if full < FULL_SCALE_MIN_NM:
        return refused("weights", f"the largest load is {full:.1f} N.m; {FULL_SCALE_MIN_NM} are needed")
    return _judged(rows, moments, full)


def _judged(rows: Sequence[Load], moments: np.ndarray, full: float) -> Fit:
    counts = np.array([row.counts for row in rows], dtype=float)
    toward = np.array([np.sign(row.toward) for row in rows])
    (up_zero, up, up_error), (down_zero, down, down_error) = (
        _line(moments[toward == way], counts[toward == way]) for way in (1, -1)
    )
    if up * down < 0:
        both = f"{up / 10:.0f} counts per 0.1 N.m toward dorsiflexion, {down / 10:.0f} toward plantarflexion"
        return refused("weights", f"{both}: the loads of one direction were hung the other way")
    if min(abs(up), abs(down)) < COUNTS_MIN:
        return refused("weights", f"{min(abs(up), abs(down)):.0f} counts per N.m: the bridge does not feel the load")
    two = abs(up - down) > max(DIFFER_MIN * abs(up), 3 * float(np.hypot(up_error, down_error)))
    if two:
        plate = (up_zero - down_zero) / (up + down)
        offset = up_zero - up * plate
    else:
        offset, up, plate = _one_gain(moments, toward, counts)
        down = up
    whole = moments + toward * plate
    rest = (counts - offset) / np.where(toward > 0, up, down) - whole
    worst = int(np.argmax(np.abs(rest)))
    spread = float(np.sum((whole - whole.mean()) ** 2))
    figures = {
        "counts_per_nm": up,
        "plantar_counts_per_nm": down,
        "plate_nm": plate,
        "r2": 1 - float(np.sum(rest**2)) / spread,
        "residual_pct": 100 * float(abs(rest[worst])) / full,
        "hysteresis_pct": 100 * _hysteresis(rows, moments, counts, up) / full,
        "full_scale_nm": full,
    }
    ends = np.array([whole.min(), 0.0, whole.max()])
    fitted = (offset + np.where(ends > 0, up, down) * ends).tolist()
    drawing = Drawing("weights", "moment, N.m", "counts", whole.tolist(), counts.tolist(), ends.tolist(), fitted)
    why = _why(figures, float(moments[worst]), rows)
    if why:
        return refused("weights", why, figures, drawing)
    given = {"offset": round(offset), "counts_per_100_mnm": round(up / 10), "at_cdegc": _at_cdegc(rows)}
    if two:
        given["plantar_per_100_mnm"] = round(down / 10)
    return Fit("weights", True, "", figures, {"bridge": given}, drawing)


def _why(figures: dict[str, float], at_nm: float, rows: Sequence[Load]) -> str:
    warm = [row.degc for row in rows if row.degc is not None]
    if warm and max(warm) - min(warm) > WARM_SPREAD_DEGC:
        went = f"the brace went from {min(warm):.1f} to {max(warm):.1f} degC between loads"
        return f"{went}; {WARM_SPREAD_DEGC:.0f} is the limit"
    if not -0.1 * PLATE_MAX_NM <= figures["plate_nm"] <= PLATE_MAX_NM:
        plate = (
            f"the plate's own weight comes out as {figures['plate_nm']:.2f} N.m, and {PLATE_MAX_NM:.0f} is the limit"
        )
        return f"{plate}: the zero moved between the two directions"
    if figures["hysteresis_pct"] > 100 * HYSTERESIS_MAX:
        return (
            f"hysteresis {figures['hysteresis_pct']:.1f} % of full scale, and {100 * HYSTERESIS_MAX:.0f} is the limit"
        )
    if figures["residual_pct"] > 100 * RESIDUAL_MAX:
        where = f"the load of {at_nm:.1f} N.m lies {figures['residual_pct']:.1f} % of full scale beside the line"
        return f"{where}, and {100 * RESIDUAL_MAX:.0f} is the limit: read it again"
    if figures["r2"] < R2_MIN:
        return f"R2 {figures['r2']:.4f}, and {R2_MIN} is the least"
    return ""


def _line(x: np.ndarray, y: np.ndarray) -> tuple[float, float, float]:
    """(at zero, slope, standard error of the slope) of one direction."""
    away = x - x.mean()
    slope = float(away @ (y - y.mean()) / (away @ away))
    at_zero = float(y.mean() - slope * x.mean())
    rest = float(np.sum((y - at_zero - slope * x) ** 2)) / max(1, len(x) - 2)
    return at_zero, slope, float(np.sqrt(rest / (away @ away)))


def _one_gain(moments: np.ndarray, toward: np.ndarray, counts: np.ndarray) -> tuple[float, float, float]:
    """(offset, gain, moment of the plate's own weight) where both directions have one gain."""
    rows = np.column_stack([np.ones_like(moments), moments, toward])
    weights, *_ = np.linalg.lstsq(rows, counts, rcond=None)
    return float(weights[0]), float(weights[1]), float(weights[2] / weights[1])


def _hysteresis(rows: Sequence[Load], moments: np.ndarray, counts: np.ndarray, gain: float) -> float:
    """The widest gap between loading and unloading at one load, N.m; up to the largest load of a side, then down."""
    widest = 0.0
    for toward in (1, -1):
        at = [i for i, row in enumerate(rows) if row.toward * toward > 0]
        top = max(range(len(at)), key=lambda k: abs(moments[at[k]]))
        for down in at[top + 1 :]:
            same = [i for i in at[:top] if abs(moments[i] - moments[down]) < 1e-3]
            if same:
                widest = max(widest, abs(counts[down] - float(np.mean(counts[same]))) / abs(gain))
    return float(widest)


def _at_cdegc(rows: Sequence[Load]) -> int:
    warm = [row.degc for row in rows if row.degc is not None]
    return round(100 * float(np.median(warm))) if warm else 2500
