"""How often did the foot catch: scuffs, drags, trips and possible stumbles, beside the walking they happened in.

They are possible stumbles, never falls. Counts are nothing without their denominator: see `per_thousand`.
"""

import numpy as np
import pandas as pd

from talus.wire.kinds import STUMBLES

NAMES = {"scuff": "scuffs", "drag": "drags", "trip": "trips", "possible_stumble": "possible_stumbles"}


def stumbles(records: pd.DataFrame) -> pd.DataFrame:
    """By day, how many of each of NAMES. records: stumble records with day and what (a word of kinds.STUMBLES).

    A word newer than this program is counted nowhere. A day without any record is no row: whether it had none or nobody
    looked is for the caller to know.
    """
    counted = pd.crosstab(records["day"], records["what"].astype(object)).reindex(columns=list(STUMBLES), fill_value=0)
    return counted.rename(columns=NAMES).astype(np.float64).rename_axis(columns=None)


def per_thousand(counts: pd.Series, strides: pd.Series, *, minimum: int = 200) -> pd.Series:
    """Events per 1,000 valid strides; NaN below `minimum` strides, where one event would weigh more than 5 [E]."""
    return 1000 * counts / strides.where(strides >= minimum, np.nan)
