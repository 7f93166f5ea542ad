"""How was each part of a brace at its worst, day by day? Out of its health records, which tell changes only.

A state lasts until the part's next record or until the brace starts again: what a start does not repeat is well.
"""

import numpy as np
import pandas as pd

WORST = ("ok", "degraded", "failed", "absent")  # rising


def parts_by_day(health: pd.DataFrame, starts: pd.DataFrame, days: pd.DataFrame) -> pd.DataFrame:
    """side, day, sensor, state, reason: one row per day and part that was not well on it.

    health: side, device, utc, sensor, channel, state, reason. starts: side, device, utc of each start. days: side, day,
    start_utc, end_utc. States that are not of WORST are left out.
    """
    told = health[health["utc"].notna() & health["state"].isin(WORST)].sort_values("utc", kind="stable")
    rows = []
    for (side, device, sensor, _), mine in told.groupby(
        ["side", "device", "sensor", "channel"], observed=True, sort=True
    ):
        own = starts[(starts["side"] == side) & (starts["device"] == device)]["utc"].sort_values()
        until = _until(_plain(mine["utc"]), _plain(own))
        for one, end in zip(mine.to_dict("records"), until, strict=True):
            if one["state"] == WORST[0]:
                continue
            inside = (days["side"] == side) & (days["end_utc"] > one["utc"])
            inside &= np.isnat(end) | (_plain(days["start_utc"]) < end)
            rows += [(side, day, str(sensor), one["state"], str(one["reason"])) for day in days.loc[inside, "day"]]
    found = pd.DataFrame(rows, columns=["side", "day", "sensor", "state", "reason"])
    rank = found["state"].map({state: i for i, state in enumerate(WORST)})
    order = found.assign(rank=rank).sort_values(["side", "day", "sensor", "rank"], kind="stable")
    return order.drop_duplicates(["side", "day", "sensor"], keep="last").drop(columns="rank").reset_index(drop=True)


def _plain(moments: pd.Series) -> np.ndarray:
    return pd.to_datetime(moments, utc=True).dt.tz_convert(None).to_numpy("datetime64[ms]")


def _until(at: np.ndarray, starts: np.ndarray) -> np.ndarray:
    """When each record's state ended: at the next record or the next start, NaT: it still lasts."""
    never = np.array(["NaT"], dtype="datetime64[ms]")
    after = np.append(at[1:], never)
    began = np.append(starts, never)[np.searchsorted(starts, at, side="right")]
    return np.fmin(after, began)
