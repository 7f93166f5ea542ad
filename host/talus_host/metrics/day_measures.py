"""All measures of a day in one row: what the other questions answer, side by side.

A measure is NaN where it was not measured (`needed` says why); counts are 0 only where the brace looked and saw
nothing.
"""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import pandas as pd

from talus_host.metrics.ankle import ankle
from talus_host.metrics.assist import assist
from talus_host.metrics.by_day import BOUT_S, steady
from talus_host.metrics.cadence import cadence
from talus_host.metrics.contact import heel_first
from talus_host.metrics.mechanics import mechanics
from talus_host.metrics.shank import shank_to_vertical
from talus_host.metrics.slap import slap
from talus_host.metrics.stance import stance
from talus_host.metrics.steps import steps_by_day
from talus_host.metrics.stride_time import stride_time, variability
from talus_host.metrics.stumbles import NAMES as STUMBLE_COUNTS
from talus_host.metrics.stumbles import stumbles
from talus_host.metrics.walk import walk
from talus_host.metrics.walking import walking

COUNTS = ("steps", "strides", "strides_valid", "walking_min", "strides_measured", *STUMBLE_COUNTS.values())
MEDIANS = (cadence, stride_time, variability, stance, ankle, heel_first, assist, slap, shank_to_vertical)
FROM: Mapping[str, Callable[[pd.DataFrame], pd.DataFrame]] = {"walk": walk, "stumble": stumbles, "curve": mechanics}


def day_measures(
    strides: pd.DataFrame,
    minutes: pd.DataFrame,
    *,
    days: Sequence[int],
    others: Mapping[str, pd.DataFrame] | None = None,
    bout_s: float = BOUT_S,
) -> pd.DataFrame:
    """One row per day of `days`, with every measure of walking and its _n.

    strides: tables.strides with utc_ms, day, inside (False: only context), bout, bout_s, bout_n. minutes: day, strides
    (NaN where the brace could not see gait) of the days' own minutes. strides_measured counts what medians stand on.
    others: tables of the days' own walk, stumble and curve records by kind, as the metrics of FROM want them.
    """
    own = strides[strides["inside"].to_numpy(bool)]
    basis = steady(own, bout_s=bout_s)
    parts = [steps_by_day(own), walking(strides), *(measure(basis) for measure in MEDIANS)]
    parts.append(basis.groupby("day").size().astype(np.float64).rename("strides_measured").to_frame())
    parts += [FROM[kind](table) for kind, table in (others or {}).items()]
    found = pd.concat([part.reindex(list(days)) for part in parts], axis=1)
    looked = minutes.loc[minutes["strides"].notna().to_numpy(), "day"].unique()
    seen = found.index.isin(looked) | found["strides"].notna().to_numpy()
    for name in COUNTS:
        if name not in found:
            found[name] = np.nan
        found.loc[seen & found[name].isna().to_numpy(), name] = 0.0
    found.index.name = "day"
    return found.reset_index()
