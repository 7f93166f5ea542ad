"""What was planned of an exercise on each day, and what the brace counted of it.

The brace counts only within a set that somebody started: no set counted is not "none done", and a set it could not see
is kept apart from one without repetitions.
"""

import numpy as np
import pandas as pd

COLUMNS = (
    "exercise", "side", "day", "sets_a_day", "repetitions", "days_a_week", "sets", "sets_full", "repetitions_counted",
    "sets_unseen",
)  # fmt: skip


def exercise_days(plans: pd.DataFrame, sets: pd.DataFrame, start: str, end: str) -> pd.DataFrame:
    """COLUMNS, a row per exercise, leg and day of [start, end) that has a plan or a set.

    sets_a_day, repetitions, days_a_week: of the plan in force (NaN: none). sets: those the brace counted; sets_full: of
    them with the repetitions of the plan (NaN: no plan); repetitions_counted: of all of them together; sets_unseen:
    started, but the brace saw too little to count. plans: exercise, side, from_day, sets_a_day (0: ended), repetitions,
    days_a_week. sets: exercise, side, day, repetitions (NaN: unseen).
    """
    days = pd.date_range(start, end, freq="D", inclusive="left", unit="s")
    keys = pd.concat([plans[["exercise", "side"]], sets[["exercise", "side"]].astype(object)]).drop_duplicates()
    rows = []
    for exercise, side in sorted(keys.itertuples(index=False, name=None)):
        mine = plans[((plans["exercise"] == exercise) & (plans["side"] == side)).to_numpy(bool)]
        own = sets[((sets["exercise"] == exercise) & (sets["side"] == side)).to_numpy(bool)]
        for day in days:
            plan = mine[(mine["from_day"] <= day).to_numpy(bool)].sort_values("from_day").tail(1)
            asked = plan.iloc[0] if len(plan) and plan["sets_a_day"].iloc[0] > 0 else None
            today = own.loc[(own["day"] == day).to_numpy(bool), "repetitions"].to_numpy(np.float64)
            if asked is not None or len(today):
                rows.append((exercise, side, day, *_asked(asked), *_counted(today, asked)))
    found = pd.DataFrame(rows, columns=list(COLUMNS))
    found["day"] = pd.to_datetime(found["day"]).astype("datetime64[s]")
    return found.astype(dict.fromkeys(COLUMNS[3:], np.float64))


def _asked(plan: "pd.Series[float] | None") -> tuple[float, float, float]:
    if plan is None:
        return np.nan, np.nan, np.nan
    return float(plan["sets_a_day"]), float(plan["repetitions"]), float(plan["days_a_week"])


def _counted(repetitions: np.ndarray, plan: "pd.Series[float] | None") -> tuple[float, float, float, float]:
    seen = repetitions[np.isfinite(repetitions)]
    full = np.nan if plan is None else float((seen >= plan["repetitions"]).sum())
    return float(len(seen)), full, float(seen.sum()), float(len(repetitions) - len(seen))
