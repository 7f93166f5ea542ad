"""How fast is a walk over a known distance, with the brace and without, and is a difference a real one?

The only figures that clinic limits apply to: they were found for walks done like this, never for free living. 10 m
(stroke) and 25 ft (MS) are judged apart, with the brace and without apart. Speed class and limit are the earlier
walk's. Sources, as abstracts: Lewek 2019 (MDC95, chronic stroke), Hosoi 2023 (MDC, stroke), Tilson 2010 (MCID, stroke,
20 to 60 days), Hobart 2013 (T25FW, MS).
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

DISTANCES_M = {"10m": 10.0, "25ft": 7.62}
# Upper speed of the class in m/s, and its limit in m/s.
MDC95_LEWEK = ((0.4, 0.10), (0.8, 0.15), (np.inf, 0.18))
MDC_HOSOI = ((0.4, 0.05), (0.8, 0.11), (np.inf, 0.21))
MCID_MPS = 0.16
T25FW_SHARE = 0.20
SAME_DAY_MS = 12 * 3_600_000


@dataclass(frozen=True)
class Verdict:
    """word: "real change", "no clear change" or "not judged"; why: the figure, the limit, its source and its people."""

    word: str
    why: str


def timed_walks(walks: pd.DataFrame, strides: pd.DataFrame) -> pd.DataFrame:
    """walks (at_ms, distance_m, seconds, brace_on) with speed_mps, strides and cadence_spm.

    strides: utc_ms, duration_s, valid of the person's braces. A walk without the brace, or of which no stride is there,
    has NaN strides and cadence, never 0.
    """
    found = walks.sort_values("at_ms", kind="stable").reset_index(drop=True)
    found["speed_mps"] = found["distance_m"] / found["seconds"]
    valid = strides[strides["valid"].to_numpy(bool)]
    start = valid["utc_ms"].to_numpy(np.int64)
    counts, cadences = [], []
    for walk in found.to_dict("records"):
        inside = (start >= walk["at_ms"]) & (start < walk["at_ms"] + 1000 * walk["seconds"])
        seen = bool(walk["brace_on"]) and bool(inside.any())
        counts.append(float(inside.sum()) if seen else np.nan)
        cadences.append(120 / float(valid["duration_s"].to_numpy()[inside].mean()) if seen else np.nan)
    return found.assign(strides=np.array(counts, dtype=float), cadence_spm=np.array(cadences, dtype=float))


def limit_mps(speed_mps: float, classes: tuple[tuple[float, float], ...] = MDC95_LEWEK) -> float:
    """The smallest real change of somebody who walks at this speed."""
    return next(limit for upper, limit in classes if speed_mps < upper)


def limit_of(distance_m: float, before_mps: float) -> float:
    """What a change must reach to be called real, in m/s; NaN for a distance nothing was found for."""
    if abs(distance_m - DISTANCES_M["25ft"]) < 0.01:
        return T25FW_SHARE * before_mps
    return limit_mps(before_mps) if abs(distance_m - DISTANCES_M["10m"]) < 0.01 else float("nan")


def compared(before: float, after: float, distance_m: float) -> Verdict:
    """Two walks of one kind, speeds in m/s, the earlier first."""
    change = after - before
    if abs(distance_m - DISTANCES_M["25ft"]) < 0.01:
        share = change / before
        real = abs(share) >= T25FW_SHARE - 1e-9
        why = f"{100 * share:+.0f} % of speed; 20 % is meaningful in MS (Hobart 2013)"
        return Verdict("real change" if real else "no clear change", why)
    if abs(distance_m - DISTANCES_M["10m"]) >= 0.01:
        return Verdict("not judged", f"{change:+.2f} m/s; no limit was found for walks over {distance_m:g} m")
    limit = limit_mps(before)
    why = (
        f"{change:+.2f} m/s; at this speed {limit:.2f} m/s is beyond chance in chronic stroke (Lewek 2019), "
        f"{limit_mps(before, MDC_HOSOI):.2f} m/s in another study of stroke (Hosoi 2023)"
    )
    if abs(change) < limit - 1e-9:
        return Verdict("no clear change", why)
    felt = "reached" if abs(change) >= MCID_MPS - 1e-9 else "not reached"
    return Verdict(
        "real change", f"{why}; {MCID_MPS:.2f} m/s, meaningful 20 to 60 days after a stroke (Tilson 2010), {felt}"
    )


def comparisons(walks: pd.DataFrame) -> pd.DataFrame:
    """distance_m, brace_on, first_ms, last_ms, first_mps, change_mps, word, why: the last walk of each kind against the
    first."""
    rows = []
    for (distance, brace_on), mine in walks.sort_values("at_ms").groupby(["distance_m", "brace_on"], sort=True):
        if len(mine) < 2:
            continue
        first, last = mine.iloc[0], mine.iloc[-1]
        verdict = compared(float(first["speed_mps"]), float(last["speed_mps"]), float(distance))
        change = float(last["speed_mps"] - first["speed_mps"])
        rows.append(
            (distance, brace_on, first["at_ms"], last["at_ms"], first["speed_mps"], change, verdict.word, verdict.why)
        )
    columns = ["distance_m", "brace_on", "first_ms", "last_ms", "first_mps", "change_mps", "word", "why"]
    return pd.DataFrame(rows, columns=columns)


def brace_effect(walks: pd.DataFrame) -> pd.DataFrame:
    """distance_m, at_ms, on_mps, off_mps, difference_mps: each walk with the brace beside the nearest one without, of
    the same distance and within twelve hours."""
    rows = []
    off = walks[walks["brace_on"] == 0]
    for on in walks[walks["brace_on"] == 1].sort_values("at_ms").to_dict("records"):
        same = off[(off["distance_m"] == on["distance_m"]) & ((off["at_ms"] - on["at_ms"]).abs() <= SAME_DAY_MS)]
        if len(same):
            bare = float(same.loc[(same["at_ms"] - on["at_ms"]).abs().idxmin(), "speed_mps"])
            rows.append((on["distance_m"], on["at_ms"], on["speed_mps"], bare, on["speed_mps"] - bare))
    return pd.DataFrame(rows, columns=["distance_m", "at_ms", "on_mps", "off_mps", "difference_mps"])
