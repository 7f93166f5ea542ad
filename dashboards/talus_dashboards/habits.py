"""Sums of how a brace is used and walked in: hours of the day, on and off, walks by length, stumbles by week.

Pure: the host's tables in, small tables out. What is not known enters no figure, and each has its days beside it.
"""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

HOURS = range(24)
KNOWN_MIN = 45.0  # minutes of an hour that must be known before it says how much of it was worn [E]
ADJUSTMENT_MIN = (5.0, 15.0)  # a gap in wear so long is an adjustment (clinical reference 1.2)
BAND_SPM = 2.5  # the host's cadence bands; a test holds them to it
WITHIN_SPM = 5.0
# Name of a class of walks -> the host's classes (their shortest walk, s) it is made of.
CLASSES = {"10-30": (10,), "10": (10, 30, 60), "30": (30, 60), "60": (60,)}
STRIDES_LEAST = 10  # of one day, class and measure (clinical reference 3)
Z95 = 1.96


def by_hour(hours: pd.DataFrame) -> pd.DataFrame:
    """Of one brace: per hour of the wall days (that knew it), q1, median, q3 of minutes worn; NaN: none knew it."""
    known = hours["worn_min"] + hours["not_worn_min"]
    part = hours[known >= KNOWN_MIN]
    minutes = 60 * part["worn_min"] / (part["worn_min"] + part["not_worn_min"])
    grouped = minutes.astype(float).groupby(part["hour"])
    found = pd.DataFrame({name: grouped.quantile(q) for name, q in (("q1", 0.25), ("median", 0.5), ("q3", 0.75))})
    found.insert(0, "days", grouped.size())
    found = found.reindex(HOURS)
    found["days"] = found["days"].fillna(0).astype(int)
    return found


@dataclass(frozen=True)
class OnAndOff:
    """days: known ones; on: times it was put on a day (median); short: gaps of 5 to 15 min in all; most_short: of the
    day with most; longest_off_h: longest known stretch not worn; first_on: middle hour of the day it was first put on.
    """

    days: int
    on: float
    short: int
    most_short: int
    longest_off_h: float
    first_on: float


def on_and_off(bouts: pd.DataFrame, days: pd.DataFrame, zone: str) -> OnAndOff:
    """Of one brace: bouts start_utc, end_utc, state without holes; days day, status. Only valid days are counted."""
    valid = [pd.Timestamp(day).date() for day in days.loc[days["status"] == "valid", "day"]]
    bouts = bouts.sort_values("start_utc").reset_index(drop=True)
    state = bouts["state"].to_numpy(object)
    before, after = np.append([""], state[:-1]), np.append(state[1:], [""])
    start = pd.to_datetime(bouts["start_utc"], utc=True).dt.tz_convert(ZoneInfo(zone))
    minutes = (bouts["end_utc"] - bouts["start_utc"]).dt.total_seconds().to_numpy(float) / 60
    day = start.dt.date
    inside = day.isin(valid).to_numpy()
    on = (state == "worn") & (before == "not_worn") & inside
    short = (state == "not_worn") & (before == "worn") & (after == "worn") & inside
    short &= (minutes >= ADJUSTMENT_MIN[0]) & (minutes < ADJUSTMENT_MIN[1])
    ons = day[on].value_counts().reindex(valid, fill_value=0)
    shorts = day[short].value_counts()
    off = minutes[state == "not_worn"]
    clock = (start.dt.hour + start.dt.minute / 60)[on].groupby(day[on]).min()
    return OnAndOff(
        days=len(valid),
        on=float(ons.median()) if valid else float("nan"),
        short=int(short.sum()),
        most_short=int(shorts.max()) if len(shorts) else 0,
        longest_off_h=float(off.max() / 60) if len(off) else float("nan"),
        first_on=float(clock.median()) if len(clock) else float("nan"),
    )


@dataclass(frozen=True)
class Middle:
    """A figure over the days that have it: their median and quartiles, how many days and strides stand behind."""

    median: float
    q1: float
    q3: float
    days: int
    strides: float


def usual_cadence(days: pd.DataFrame) -> float:
    """The middle cadence of one leg's valid days; NaN: none."""
    return float(days.loc[days["status"] == "valid", "cadence_spm"].astype(float).median())


def of_class(bands: pd.DataFrame, measure: str, name: str, near_spm: float | None = None) -> Middle:
    """One leg's `measure` in walks of a class, days as the units; near_spm: only strides within 5 steps/min of it.

    bands: day, walk_s, band, strides and the measure: medians of a day's strides at one cadence, here weighted by them.
    """
    middle = (bands["band"].to_numpy(float) + 0.5) * BAND_SPM
    values = pd.Series(middle, index=bands.index) if measure == "cadence_spm" else bands[measure].astype(float)
    keep = bands["walk_s"].isin(CLASSES[name]).to_numpy() & values.notna().to_numpy()
    if near_spm is not None:
        keep &= np.abs(middle - near_spm) <= WITHIN_SPM
    weight = bands.loc[keep, "strides"].astype(float)
    sums = pd.DataFrame({"sum": values[keep] * weight, "strides": weight}).groupby(bands.loc[keep, "day"]).sum()
    sums = sums[sums["strides"] >= STRIDES_LEAST]
    each = sums["sum"] / sums["strides"]
    q1, q2, q3 = (float(each.quantile(q)) if len(each) else float("nan") for q in (0.25, 0.5, 0.75))
    return Middle(q2, q1, q3, len(each), float(sums["strides"].sum()))


def stumble_weeks(days: pd.DataFrame) -> pd.DataFrame:
    """Of one leg: week (its Monday), events, worn_h and, per 10 h worn, rate with low and high (95 %, Poisson).

    Only valid days on which somebody could look count; a week without one is no row. The bounds are Wilson and
    Hilferty's, within 8 % of the exact ones from 2 events on.
    """
    seen = days[(days["status"] == "valid") & days["possible_stumbles"].notna() & (days["worn_h"].astype(float) > 0)]
    day = pd.to_datetime(seen["day"])
    monday = (day - pd.to_timedelta(day.dt.day_of_week, unit="D")).dt.date
    sums = seen[["possible_stumbles", "worn_h"]].astype(float).groupby(monday.to_numpy()).sum()
    events, worn = sums["possible_stumbles"].to_numpy(), sums["worn_h"].to_numpy()
    low, high = poisson_bounds(events)
    found = pd.DataFrame({"week": sums.index, "events": events, "worn_h": worn})
    return found.assign(rate=10 * events / worn, low=10 * low / worn, high=10 * high / worn)


def poisson_bounds(events: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The 95 % bounds of counts."""
    some = np.maximum(events, 1.0)
    low = some * (1 - 1 / (9 * some) - Z95 / (3 * np.sqrt(some))) ** 3
    more = events + 1
    high = more * (1 - 1 / (9 * more) + Z95 / (3 * np.sqrt(more))) ** 3
    return np.where(events > 0, low, 0.0), high


def quartiles(counts: pd.DataFrame, width: float) -> tuple[float, float, float]:
    """(q1, median, q3) of a histogram: bin n is [n, n + 1) times `width`, `strides` in each; NaN where it is empty."""
    table = counts.sort_values("bin")
    reached = table["strides"].astype(float).cumsum().to_numpy()
    if not len(reached) or reached[-1] <= 0:
        return (float("nan"),) * 3
    starts = table["bin"].to_numpy(float) * width
    found = []
    for share in (0.25, 0.5, 0.75):
        wanted = share * reached[-1]
        at = int(np.searchsorted(reached, wanted))
        lower = reached[at - 1] if at else 0.0
        found.append(float(starts[at] + width * (wanted - lower) / (reached[at] - lower)))
    return found[0], found[1], found[2]
