"""Which days may speak for a person's walking, and what does a week of them say?

A day speaks when it is valid, worn for 4 h and has 50 strides in walks of 10 s; a week when three of its days do
(Mobilise-D's rule of three). Days worn with too little walking are counted and shown, never dropped in silence.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

WEAR_H = 4.0  # [E]
STRIDES = 50.0  # in walks of at least 10 s [E]
WEEK_DAYS = 3  # Mobilise-D
DAY_CLASSES = ("gait", "little_walking", "little_wear", "gait_unseen", "not_worn", "partial", "missing", "paused")


def day_number(day: pd.Series) -> np.ndarray:
    """Civil days as int64 days since 1970-01-01."""
    return day.to_numpy("datetime64[D]").astype(np.int64)


def number_of(day: object) -> int:
    """One civil day (ISO text, date, datetime64 or Timestamp) as days since 1970-01-01."""
    return int(pd.Timestamp(day).to_datetime64().astype("datetime64[D]").astype(np.int64))


def day_class(days: pd.DataFrame, *, wear_h: float = WEAR_H, strides: float = STRIDES) -> pd.Series:
    """One of DAY_CLASSES per row of a table of days (status, worn_h, strides_measured).

    gait: speaks for walking; little_walking: worn, too little walking to measure; little_wear: walked enough, worn
    under wear_h; gait_unseen: worn, and the brace could not see strides; not_worn; partial, missing and paused as the
    status.
    """
    worn = days["worn_h"].to_numpy(np.float64)
    walked = days["strides_measured"].to_numpy(np.float64)
    status = days["status"].to_numpy(object)
    kinds = np.select(
        [
            *(status == "paused", status == "missing", status == "partial"),
            *(~(worn > 0), np.isnan(walked), walked < strides, worn < wear_h),
        ],
        ["paused", "missing", "partial", "not_worn", "gait_unseen", "little_walking", "little_wear"],
        default="gait",
    )
    kinds = np.where((kinds == "not_worn") & np.isnan(worn), "missing", kinds)
    return pd.Series(kinds, index=days.index, dtype="str", name="day_class")


def weekly(
    days: pd.DataFrame,
    measures: Sequence[str],
    *,
    least_days: int = WEEK_DAYS,
    wear_h: float = WEAR_H,
    strides: float = STRIDES,
) -> pd.DataFrame:
    """One row per side and week: week (its Monday), days (of it in the table), days_gait, days_little_walking,
    days_little_wear, days_gait_unseen, days_not_worn, days_unknown (partial and missing), days_paused, valid,
    worn_h (median of the days whose wear is valid), and each measure's median over days_gait with <measure>_n days
    behind it.

    A measure is NaN in a week with fewer than least_days days that measured it. days: side, day, status, worn_h,
    strides_measured and the measures.
    """
    kinds = day_class(days, wear_h=wear_h, strides=strides)
    number = day_number(days["day"])
    monday = (number - (number + 3) % 7).astype("datetime64[D]").astype("datetime64[s]")  # 1970-01-01: a Thursday
    table = days[["side"]].assign(week=monday)
    counts = {
        "days": np.ones(len(days)),
        "days_gait": kinds == "gait",
        "days_little_walking": kinds == "little_walking",
        "days_little_wear": kinds == "little_wear",
        "days_gait_unseen": kinds == "gait_unseen",
        "days_not_worn": kinds == "not_worn",
        "days_unknown": kinds.isin(["partial", "missing"]),
        "days_paused": kinds == "paused",
    }
    table = table.assign(**{name: np.asarray(values, np.int64) for name, values in counts.items()})
    table["worn_h"] = days["worn_h"].where(~kinds.isin(["partial", "missing", "paused"]))
    for name in measures:
        table[name] = days[name].where(kinds == "gait")
    grouped = table.groupby(["side", "week"], sort=True)
    found = grouped[list(counts)].sum()
    found["valid"] = found["days_gait"] >= least_days
    found["worn_h"] = grouped["worn_h"].median()
    for name in measures:
        found[f"{name}_n"] = grouped[name].count()
        found[name] = grouped[name].median().where(found[f"{name}_n"] >= least_days)
    return found.reset_index()
