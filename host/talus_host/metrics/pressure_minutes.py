"""For how many minutes of a day did sustained pressure at a site lie above its amber and its red level?

kPa inside, mmHg only where a person reads it. A minute counts where the channel was measured and the brace was not
known to be off. These are levels, not alerts: an alert also needs time, and is the brace's own record.
"""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from talus.wire.kinds import PRESSURE_CHANNELS, SITES

KPA_PER_MMHG = 0.133322387415
# Levels in mmHg by site: amber Abbott 2019 adapted, red Linder-Ganz 2006 (the level that harms after 2 h); the
# fibular head's nerve lies bare, so its own are lower [E].
AMBER_MMHG: Mapping[str, float] = {"fibular_head": 25.0}
RED_MMHG: Mapping[str, float] = {"fibular_head": 50.0}
AMBER_DEFAULT_MMHG = 35.0
RED_DEFAULT_MMHG = 67.0
UNKNOWN_SITE = "unknown"


def pressure_minutes(
    minutes: pd.DataFrame,
    *,
    amber_mmhg: Mapping[str, float] = AMBER_MMHG,
    red_mmhg: Mapping[str, float] = RED_MMHG,
    amber_default_mmhg: float = AMBER_DEFAULT_MMHG,
    red_default_mmhg: float = RED_DEFAULT_MMHG,
) -> pd.DataFrame:
    """day, channel, site, minutes_amber, minutes_red, sustained_median_kpa, measured_min; NaN: nothing was measured.

    minutes: day, worn (1, 0, NaN), pressure_1_kpa ... and site_1 ... (names of kinds.SITES, or "unknown").
    A channel assigned nowhere and never measured is no row.
    """
    on = minutes[minutes["worn"].to_numpy(np.float64) != 0]
    channels = range(1, PRESSURE_CHANNELS + 1)
    kpa = np.concatenate([on[f"pressure_{c}_kpa"].to_numpy(np.float64) for c in channels])
    site = np.concatenate([on[f"site_{c}"].to_numpy(object) for c in channels])
    known = ~np.isnan(kpa)
    rows = pd.DataFrame(
        {
            "day": np.tile(on["day"].to_numpy(), PRESSURE_CHANNELS),
            "channel": np.repeat(np.array(channels), len(on)),
            "site": pd.Categorical(site),
            "minutes_amber": (known & (kpa >= _levels(site, amber_mmhg, amber_default_mmhg))).astype(np.float64),
            "minutes_red": (known & (kpa >= _levels(site, red_mmhg, red_default_mmhg))).astype(np.float64),
            "kpa": kpa,
            "measured_min": known.astype(np.float64),
        }
    )
    grouped = rows.groupby(["day", "channel", "site"], observed=True, sort=True)
    found = grouped[["minutes_amber", "minutes_red", "measured_min"]].sum()
    found.insert(2, "sustained_median_kpa", grouped["kpa"].median())
    found = found.reset_index()
    found["site"] = found["site"].astype(object)
    nothing = found["measured_min"] == 0
    found.loc[nothing, ["minutes_amber", "minutes_red"]] = np.nan
    return found[~(nothing & found["site"].isin([SITES[0], UNKNOWN_SITE]))].reset_index(drop=True)


def _levels(site: np.ndarray, by_site: Mapping[str, float], default: float) -> np.ndarray:
    """The level of each minute's site in kPa."""
    level = np.full(len(site), default)
    for name, mmhg in by_site.items():
        level[site == name] = mmhg
    # The wire's own rounding (0.01 kPa) must not turn a level into a miss.
    return level * KPA_PER_MMHG - 0.005
