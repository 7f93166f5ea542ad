"""Sums by group that depend on the group's own rows and on their order alone.

pandas adds one way or another by how the other groups lie; a view made for one day must equal the one made for all.
"""

from typing import Any

import numpy as np
import pandas as pd


def sums(grouped: Any, values: pd.Series) -> np.ndarray:
    """The sum of `values` in each group, in the order of the groups; NaN where one of them is."""
    codes = grouped.ngroup().to_numpy()
    own = codes >= 0
    return np.bincount(codes[own], weights=values.to_numpy(np.float64)[own], minlength=grouped.ngroups)


def spread_sums(grouped: Any, values: pd.Series) -> pd.Series:
    """The same, at each row of its group."""
    return pd.Series(sums(grouped, values)[grouped.ngroup().to_numpy()], index=values.index)
