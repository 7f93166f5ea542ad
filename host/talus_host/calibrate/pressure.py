"""What pressure is a conductance? An FSR under a puck of known area, up and down.

Clinical reference 4.6: P = a (G - G0)^b, fitted in log space to the mean of loading and unloading; hysteresis and
spread are properties of the part: they are reported, and refused only where the sensor cannot be meant.
"""

from collections.abc import Sequence

import numpy as np

from talus.calibration_file import KNOTS
from talus_host.calibrate.fit import Drawing, Fit, refused
from talus_host.calibrate.readings import Squeeze

FULL_COUNTS = 26400  # 3.3 V at 125 uV; the same number measures and calibrates, so it cancels
RATIO = 16384
PRESSURES_MIN = 3
WET = 0.3  # of the largest conductance, with nothing on it
SATURATED = 0.98  # of the supply
TOLD = 0.005  # of its most: less is nothing; a small FSR begins at 10 kPa
EXPONENT = (0.5, 2.0)
HYSTERESIS_MAX = 0.20  # twice what the data sheet of a cheap one says
FIT_MAX = 0.15  # the uncertainty shown to people after a calibration
SHARES = (0.005, 0.015, 0.04, 0.1, 0.22, 0.45, 0.7, 1.0)  # 2.5 apart: 2 % beside the curve at an exponent of 1.2


def fit_pressure(rows: Sequence[Squeeze], channel: int, site: int) -> Fit:
    """The curve of one channel, as the knots the brace keeps."""
    name = f"pressure {channel}"
    kpa = np.array([row.kpa for row in rows], dtype=float)
    counts = np.array([row.counts for row in rows], dtype=float)
    levels = sorted(set(kpa.round(3)))
    if 0.0 not in levels or len(levels) < PRESSURES_MIN + 1:
        return refused(name, f"{len(levels)} pressures were read; 0 and {PRESSURES_MIN} others are needed")
    if counts.max() >= SATURATED * FULL_COUNTS:
        at = float(kpa[int(np.argmax(counts))])
        return refused(name, f"{counts.max():.0f} counts at {at:g} kPa: at the supply, a short or a wet lead")
    ratio = np.maximum(counts, 0) / (FULL_COUNTS - counts) * RATIO
    open_ratio = float(np.median(ratio[kpa == 0]))
    if open_ratio > WET * ratio.max():
        share = 100 * open_ratio / float(ratio.max())
        return refused(name, f"it conducts {share:.0f} % of its most with nothing on it: wet, or pinched")
    return _judged(name, site, kpa, ratio, levels, open_ratio)


def _judged(name: str, site: int, kpa: np.ndarray, ratio: np.ndarray, levels: list[float], unloaded: float) -> Fit:
    mean = np.array([_branches(kpa, ratio, level)[0] for level in levels])
    told = mean - unloaded > TOLD * (mean[-1] - unloaded)
    deaf = int(np.argmax(told)) - 1  # of the lowest pressures it tells none from nothing
    if deaf > 0:
        levels, mean = [0.0, *levels[1 + deaf :]], np.append(unloaded, mean[1 + deaf :])
        if len(levels) < PRESSURES_MIN + 1:
            need = f"{PRESSURES_MIN} pressures from there are needed"
            return refused(name, f"it tells nothing below {levels[1]:g} kPa; {need}")
    falls = np.flatnonzero(np.diff(mean) <= 0)
    if len(falls):
        low, high = levels[falls[0]], levels[falls[0] + 1]
        return refused(
            name, f"it conducts no more at {high:g} kPa than at {low:g}: the puck slipped, or the sensor is bad"
        )
    at = np.array(levels[1:])
    more = mean[1:] - unloaded
    if more.min() <= 0:
        return refused(name, f"it conducts no more at {at[int(np.argmin(more))]:g} kPa than with nothing on it")
    exponent, log_a = np.polyfit(np.log(more), np.log(at), 1)
    error = np.exp(log_a) * more**exponent / at - 1
    worst = int(np.argmax(np.abs(error)))
    gap = max(abs(_branches(kpa, ratio, level)[1]) for level in levels[1:])
    rise = float(more[-1])
    figures = {
        "exponent": float(exponent),
        "hysteresis_pct": 100 * gap / rise,
        "cv_pct": 100 * max(_branches(kpa, ratio, level)[2] for level in levels[1:]),
        "fit_error_pct": 100 * float(abs(error[worst])),
    }
    knots = _knots(float(exponent), float(log_a), unloaded, at[-1])
    drawing = Drawing(
        name,
        "conductance ratio x 16384",
        "kPa",
        ratio.tolist(),
        kpa.tolist(),
        knots[::2],
        [p / 100 for p in knots[1::2]],
    )
    why = _why(figures, float(at[worst]))
    if why:
        return refused(name, why, figures, drawing)
    given = {"site": site, "full": FULL_COUNTS, "open": round(unloaded), "curve": knots}
    given["floor"] = round(100 * at[0])
    return Fit(name, True, "", figures, {"pressure": given}, drawing)


def _why(figures: dict[str, float], at_kpa: float) -> str:
    if not EXPONENT[0] <= figures["exponent"] <= EXPONENT[1]:
        return f"exponent {figures['exponent']:.2f}; {EXPONENT[0]:g} to {EXPONENT[1]:g} is what an FSR has"
    if figures["hysteresis_pct"] > 100 * HYSTERESIS_MAX:
        return f"hysteresis {figures['hysteresis_pct']:.0f} % of its range, and {100 * HYSTERESIS_MAX:.0f} is the limit"
    if figures["fit_error_pct"] > 100 * FIT_MAX:
        return (
            f"the curve misses {at_kpa:g} kPa by {figures['fit_error_pct']:.0f} %, and {100 * FIT_MAX:.0f} is the limit"
        )
    return ""


def _branches(kpa: np.ndarray, ratio: np.ndarray, level: float) -> tuple[float, float, float]:
    """(mean of loading and unloading, their gap, relative spread over cycles) at one level.

    A reading is of the loading branch where the one before it was lower.
    """
    at = np.flatnonzero(kpa.round(3) == level)
    up = ratio[[i for i in at if i == 0 or kpa[i - 1] <= level]]
    down = ratio[[i for i in at if i > 0 and kpa[i - 1] > level]]
    means = [float(branch.mean()) for branch in (up, down) if len(branch)]
    spread = max((float(b.std() / b.mean()) for b in (up, down) if len(b) > 1 and b.mean() > 0), default=0.0)
    return float(np.mean(means)), means[-1] - means[0], spread


def _knots(exponent: float, log_a: float, unloaded: float, top_kpa: float) -> list[int]:
    """Ratio and 10 Pa by turns: straight pieces between them stay within a per cent or two of the curve."""
    knots = [round(unloaded), 0]
    for share in SHARES[: KNOTS - 1]:
        kpa = share * top_kpa
        knots += [round(unloaded + float(np.exp((np.log(kpa) - log_a) / exponent))), round(100 * kpa)]
    return knots
