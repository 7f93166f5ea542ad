"""Can a day be used? valid, partial (shown, in no denominator) or missing, by what is unknown of its waking hours."""

import numpy as np
import pandas as pd


def day_status(
    days: pd.DataFrame, *, valid_unknown_h: float = 2.0, partial_unknown_h: float = 6.0, trust_ends: bool = False
) -> pd.Series:
    """Status per row of a table of one leg's days (day, unknown_waking_h); limits are the clinical reference's [E].

    The first and the last day of a deployment began or ended with the brace elsewhere and are missing (Lutjeboer 2018)
    unless trust_ends. A day without a row belongs to the caller: it is missing.
    """
    unknown = days["unknown_waking_h"].to_numpy(np.float64)
    status = np.where(unknown <= valid_unknown_h, "valid", np.where(unknown <= partial_unknown_h, "partial", "missing"))
    status = np.where(np.isnan(unknown), "missing", status)
    if len(days) and not trust_ends:
        day = days["day"]
        status = np.where((day == day.min()) | (day == day.max()), "missing", status)
    return pd.Series(status, index=days.index, dtype="str", name="status")
