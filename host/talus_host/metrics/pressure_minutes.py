"""For how many minutes of a day did sustained pressure at a site lie above its amber and its red level, and how much?

kPa inside, mmHg only where a person reads it. A minute counts where the channel was measured and the brace was not
known to be off. These are levels, not alerts: an alert also needs time, and is the brace's own record. A level below
what the sensor can tell from nothing is not measurable: its minutes are NaN, never 0 (clinical reference 0.4.4).
"""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from talus.wire.kinds import PRESSURE_CHANNELS, SITES
from talus_host.metrics.exact import sums

KPA_PER_MMHG = 0.133322387415
# Levels in mmHg by site: amber Abbott 2019 adapted, red Linder-Ganz 2006 (the level that harms after 2 h); the
# fibular head's nerve lies bare, so its own are lower [E].
AMBER_MMHG: Mapping[str, float] = {"fibular_head": 25.0}
RED_MMHG: Mapping[str, float] = {"fibular_head": 50.0}
AMBER_DEFAULT_MMHG = 35.0
RED_DEFAULT_MMHG = 67.0
DOSE_ABOVE_MMHG = 20.0  # 4.5 [E]
FIRST_MIN = 60
UNKNOWN_SITE = "unknown"
MEASURES = (
    "minutes_amber", "minutes_red", "sustained_median_kpa", "measured_min", "above_35_min", "above_67_min", "dose_kpah",
    "first_hour_median_kpa", "floor_kpa",
)  # fmt: skip


def pressure_minutes(
    minutes: pd.DataFrame,
    *,
    amber_mmhg: Mapping[str, float] = AMBER_MMHG,
    red_mmhg: Mapping[str, float] = RED_MMHG,
    amber_default_mmhg: float = AMBER_DEFAULT_MMHG,
    red_default_mmhg: float = RED_DEFAULT_MMHG,
) -> pd.DataFrame:
    """day, channel, site and MEASURES; NaN: nothing was measured, or it cannot be by this sensor.

    above_35_min, above_67_min: the same levels at every site; dose_kpah: integral above 20 mmHg; first_hour_median_kpa:
    of the first hour measured; floor_kpa: the sensor's (NaN: not stated). minutes, in order: day, worn (1, 0, NaN),
    pressure_1_kpa ..., site_1 ... (names of kinds.SITES, or "unknown") and, where known, floor_1_kpa ...
    A channel assigned nowhere and never measured is no row.
    """
    on = minutes[minutes["worn"].to_numpy(np.float64) != 0]
    channels = range(1, PRESSURE_CHANNELS + 1)
    kpa = np.concatenate([on[f"pressure_{c}_kpa"].to_numpy(np.float64) for c in channels])
    site = np.concatenate([on[f"site_{c}"].to_numpy(object) for c in channels])
    nowhere = np.full(len(on), np.nan)
    floor = np.concatenate([on.get(f"floor_{c}_kpa", pd.Series(nowhere)).to_numpy(np.float64) for c in channels])
    known = ~np.isnan(kpa)
    levels = {
        "minutes_amber": _levels(site, amber_mmhg, amber_default_mmhg),
        "minutes_red": _levels(site, red_mmhg, red_default_mmhg),
        "above_35_min": _levels(site, {}, AMBER_DEFAULT_MMHG),
        "above_67_min": _levels(site, {}, RED_DEFAULT_MMHG),
    }
    dose_above = np.full(len(kpa), DOSE_ABOVE_MMHG * KPA_PER_MMHG)
    rows = pd.DataFrame(
        {
            "day": np.tile(on["day"].to_numpy(), PRESSURE_CHANNELS),
            "channel": np.repeat(np.array(channels), len(on)),
            "site": pd.Categorical(site),
            **{name: (known & (kpa >= level)).astype(np.float64) for name, level in levels.items()},
            "dose_kpah": np.where(known, np.clip(kpa - dose_above, 0, None), 0) / 60,
            **{f"{name}_blind": floor > level for name, level in levels.items()},
            "dose_kpah_blind": floor > dose_above,
            "floor_kpa": floor,
            "kpa": kpa,
            "measured_min": known.astype(np.float64),
        }
    )
    grouped = rows.groupby(["day", "channel", "site"], observed=True, sort=True)
    summed = [*levels, "dose_kpah"]
    found = grouped["kpa"].median().rename("sustained_median_kpa").to_frame()
    for name in (*summed, "measured_min"):
        found[name] = sums(grouped, rows[name])
    found["floor_kpa"] = grouped["floor_kpa"].max()
    first = rows[known & (rows["measured_min"].groupby([rows["day"], rows["channel"]]).cumsum() <= FIRST_MIN)]
    found["first_hour_median_kpa"] = first.groupby(["day", "channel", "site"], observed=True)["kpa"].median()
    blind = grouped[[f"{name}_blind" for name in summed]].any()
    for name in summed:
        found[name] = found[name].mask(blind[f"{name}_blind"] | (found["measured_min"] == 0))
    found = found.reset_index()[["day", "channel", "site", *MEASURES]]
    found["site"] = found["site"].astype(object)
    nothing = found["measured_min"] == 0
    return found[~(nothing & found["site"].isin([SITES[0], UNKNOWN_SITE]))].reset_index(drop=True)


def _levels(site: np.ndarray, by_site: Mapping[str, float], default: float) -> np.ndarray:
    """The level of each minute's site in kPa."""
    level = np.full(len(site), default)
    for name, mmhg in by_site.items():
        level[site == name] = mmhg
    # The wire's own rounding (0.01 kPa) must not turn a level into a miss.
    return level * KPA_PER_MMHG - 0.005
