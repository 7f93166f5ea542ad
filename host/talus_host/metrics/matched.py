"""What does a figure say when the person steps as fast as at baseline? Slow days and fast ones are not compared.

Bands are cut from the day's strides once: cadence in steps of 2.5 steps/min, walks in three classes of length. A value
at the baseline's cadence is the stride-weighted mean of the medians of the bands whose middle lies within 5 steps/min.
"""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from talus_host.metrics.baseline import median
from talus_host.metrics.cadence import BOUNDS_SPM
from talus_host.metrics.weekly import day_number, number_of

BAND_SPM = 2.5
WITHIN_SPM = 5.0  # clinical reference, 5.4
CLASSES_S = (10, 30, 60)  # shortest walk of each class; below the first is no steady walk
LEAST_STRIDES = 10
# Stride column -> day measure that can be judged at one cadence; the heel's share is made of contacts.
MEASURES: Mapping[str, str] = {
    "stance_s": "stance_pct",
    "ankle_swing_peak_deg": "swing_dorsiflexion_deg",
    "ankle_at_contact_deg": "ankle_at_contact_deg",
    "ankle_range_deg": "ankle_range_deg",
    "moment_swing_nm": "moment_swing_nm",
    "assist_impulse_nms": "assist_impulse_nms",
    "shank_to_vertical_deg": "shank_to_vertical_deg",
}
BAND_MEASURES = (*MEASURES.values(), "heel_first_pct")
LEAST: Mapping[str, int] = {"heel_first_pct": 20}


def bands(
    strides: pd.DataFrame, *, band_spm: float = BAND_SPM, bounds_spm: tuple[float, float] = BOUNDS_SPM
) -> pd.DataFrame:
    """day, walk_s (class: its shortest walk), band (its number: cadence in [band, band + 1) times band_spm), strides,
    and a median (heel_first_pct: a share) per measure of BAND_MEASURES, NaN where none of its strides had it.

    strides: steady strides with day, bout_s, duration_s, contact and the columns of MEASURES.
    """
    spm = 120.0 / strides["duration_s"].where(strides["duration_s"] > 0).to_numpy(np.float64)
    good = (spm >= bounds_spm[0]) & (spm <= bounds_spm[1])
    table = pd.DataFrame({"day": strides["day"].to_numpy()})
    at = np.searchsorted(CLASSES_S, strides["bout_s"].to_numpy(np.float64), side="right") - 1
    table["walk_s"] = np.array(CLASSES_S)[np.maximum(at, 0)]
    table["band"] = np.floor(np.where(good, spm, 0) / band_spm).astype(np.int64)
    for column, name in MEASURES.items():
        table[name] = strides[column].to_numpy(np.float64)
    table["stance_pct"] = 100 * table["stance_pct"] / strides["duration_s"].to_numpy(np.float64)
    contact = strides["contact"]
    heel = (contact == "heel").to_numpy(bool)
    table["heel_first_pct"] = np.where(contact.notna().to_numpy(), 100.0 * heel, np.nan)
    grouped = table[good & (at >= 0)].groupby(["day", "walk_s", "band"], sort=True)
    found = grouped[list(MEASURES.values())].median()
    found["heel_first_pct"] = grouped["heel_first_pct"].mean()
    found.insert(0, "strides", grouped.size().astype(np.float64))
    return found.reset_index()


def usual_cadence(days: pd.DataFrame, first: object, last: object) -> float:
    """Median cadence (steps/min) of one leg's speaking days from first to last, both included; NaN: none."""
    number = day_number(days["day"])
    low, high = number_of(first), number_of(last)
    inside = (number >= low) & (number <= high) & (days["day_class"] == "gait").to_numpy()
    return float(median(np.append(days["cadence_spm"].to_numpy(np.float64)[inside], np.nan)))


def matched(
    table: pd.DataFrame,
    measure: str,
    cadence_spm: float,
    *,
    within_spm: float = WITHIN_SPM,
    band_spm: float = BAND_SPM,
    walk_s: int | None = None,
    least: int | None = None,
) -> pd.DataFrame:
    """day, value, strides of one leg's bands at this cadence; days with fewer than `least` such strides are no row.

    walk_s: only walks of this class (of CLASSES_S); None takes all.
    """
    least = LEAST.get(measure, LEAST_STRIDES) if least is None else least
    middle = (table["band"].to_numpy(np.float64) + 0.5) * band_spm
    keep = (np.abs(middle - cadence_spm) <= within_spm) & table[measure].notna().to_numpy()
    if walk_s is not None:
        keep &= table["walk_s"].to_numpy(np.int64) == walk_s
    mine = table[keep]
    weight = mine["strides"].to_numpy(np.float64)
    sums = pd.DataFrame({"sum": mine[measure].to_numpy(np.float64) * weight, "strides": weight})
    found = sums.groupby(mine["day"].to_numpy()).sum()
    found = found[found["strides"] >= least]
    value = found["sum"] / found["strides"]
    return pd.DataFrame(
        {"day": found.index.to_numpy(), "value": value.to_numpy(), "strides": found["strides"].to_numpy()}
    )
