"""How does the bridge's zero move with temperature? An unloaded brace through fridge, room and warm box and back.

Clinical reference 7.3: b1 and b2 of a quadratic; what is left over 15 to 40 degC is at most 0.05 N.m.
"""

from collections.abc import Sequence

import numpy as np

from talus_host.calibrate.fit import Drawing, Fit, refused
from talus_host.calibrate.readings import Warm

READINGS_MIN = 6
FROM_DEGC, TO_DEGC = 15.0, 40.0
REACH_DEGC = 1.0  # a fridge and a box end where they end
RESIDUAL_MAX_NM = 0.05


def fit_warmth(rows: Sequence[Warm], at_cdegc: int, counts_per_nm: float) -> Fit:
    """Drift about the temperature at which the offset was measured; counts_per_nm says what a count is worth."""
    if len(rows) < READINGS_MIN:
        return refused("warmth", f"{len(rows)} readings, and {READINGS_MIN} are needed")
    warm = np.array([row.degc for row in rows], dtype=float)
    counts = np.array([row.counts for row in rows], dtype=float)
    if warm.min() > FROM_DEGC + REACH_DEGC or warm.max() < TO_DEGC - REACH_DEGC:
        span = f"{warm.min():.1f} to {warm.max():.1f} degC"
        return refused("warmth", f"the run went over {span}; {FROM_DEGC:.0f} to {TO_DEGC:.0f} are needed")
    away = warm - at_cdegc / 100
    (b2, b1, b0), rest = _quadratic(away, counts)
    inside = (warm >= FROM_DEGC - REACH_DEGC) & (warm <= TO_DEGC + REACH_DEGC)
    left_nm = np.where(inside, np.abs(rest) / abs(counts_per_nm), 0.0)
    worst = int(np.argmax(left_nm))
    figures = {
        "b1_counts_per_degc": b1,
        "b2_counts_per_degc2": b2,
        "b1_nm_per_degc": b1 / abs(counts_per_nm),
        "residual_nm": float(left_nm[worst]),
    }
    line = np.linspace(float(warm.min()), float(warm.max()), 40)
    fitted = np.polyval([b2, b1, b0], line - at_cdegc / 100)
    drawing = Drawing("warmth", "degC", "counts", warm.tolist(), counts.tolist(), line.tolist(), fitted.tolist())
    if left_nm[worst] > RESIDUAL_MAX_NM:
        why = f"{left_nm[worst]:.3f} N.m are left at {warm[worst]:.1f} degC, and {RESIDUAL_MAX_NM} is the limit"
        return refused("warmth", f"{why}: warm and cool more slowly", figures, drawing)
    given = {"counts_per_degc": round(b1), "counts_per_100_degc2": round(100 * b2)}
    return Fit("warmth", True, "", figures, {"bridge": given}, drawing)


def _quadratic(x: np.ndarray, y: np.ndarray) -> tuple[tuple[float, float, float], np.ndarray]:
    rows = np.column_stack([x**2, x, np.ones_like(x)])
    weights, *_ = np.linalg.lstsq(rows, y, rcond=None)
    return (float(weights[0]), float(weights[1]), float(weights[2])), y - rows @ weights
