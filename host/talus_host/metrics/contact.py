"""How often does the heel land first? The share of strides whose kind of contact is known and is the heel's."""

import numpy as np
import pandas as pd

MIN_STRIDES = 20  # clinical reference, section 3.1


def heel_first(strides: pd.DataFrame, *, minimum: int = MIN_STRIDES) -> pd.DataFrame:
    """heel_first_pct and heel_first_pct_n (strides with a known contact) by day, of steady strides (day, contact)."""
    known = strides["contact"].notna().to_numpy()
    heel = (strides["contact"] == "heel").to_numpy()
    day = strides["day"].to_numpy()
    found = pd.DataFrame({"n": known, "heel": heel & known}).groupby(day).sum()
    share = 100 * found["heel"] / found["n"].where(found["n"] >= max(minimum, 1), np.nan)
    result = pd.DataFrame({"heel_first_pct": share, "heel_first_pct_n": found["n"]})
    result.index.name = "day"
    return result
