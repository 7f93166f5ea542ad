"""Small sums the pages print beside their figures: how much of a day has passed, and wear against a prescription.

Pure: tables and dates in, numbers out. Unknown time is never counted as worn or as not worn.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pandas as pd

from talus_dashboards.figures.calendar import every_day

STEP = timedelta(minutes=15)  # every zone's offset is a multiple of it
ENOUGH = 0.7  # share of days with enough data before adherence is printed (clinical reference 0.4.1)
STRIDES_NEEDED = 50  # fewer in a day is "too little walking to measure" (clinical reference 1.3, `valid_gait`)


def day_bounds(day: date, zone: str) -> tuple[datetime, datetime]:
    """Return the UTC start and end of a local day: 23, 24 or 25 h apart."""
    here = ZoneInfo(zone)
    start, end = (datetime.combine(d, time(), here) for d in (day, day + timedelta(days=1)))
    utc = ZoneInfo("UTC")
    return start.astimezone(utc), end.astimezone(utc)


def elapsed_minutes(day: date, zone: str, now: datetime) -> list[float]:
    """Return, for each local hour 0-23 of `day`, the minutes of it that have passed at `now`.

    On the days the clocks change one hour has 0 or 120 minutes.
    """
    start, end = day_bounds(day, zone)
    here = ZoneInfo(zone)
    minutes = [0.0] * 24
    at = start
    while at < min(end, now):
        until = min(at + STEP, end, now)
        minutes[at.astimezone(here).hour] += (until - at).total_seconds() / 60
        at = until
    return minutes


@dataclass(frozen=True)
class Adherence:
    """Wear over whole days: `low` counts missing days as 0 h, `high` leaves them out; partial days are in neither."""

    days: int
    valid: int
    partial: int
    missing: int
    zero_days: int
    thin_days: int
    low_h: float
    high_h: float
    low_pct: float
    high_pct: float

    @property
    def assessable(self) -> bool:
        return self.days > 0 and self.valid >= ENOUGH * self.days


def adherence(days: pd.DataFrame, first: date, last: date, goal_h: float) -> Adherence:
    """Sum up one brace's whole days [first, last] against `goal_h` hours a day (NaN: none, then the shares are NaN).

    Days before the first one with a record are left out: the brace was not there yet; so are paused ones.
    """
    known = days[~days["status"].isin(("missing", "paused"))]
    if known.empty or last < first:
        return Adherence(0, 0, 0, 0, 0, 0, *[float("nan")] * 4)
    first = max(first, pd.to_datetime(days["day"]).dt.date.min())
    table = every_day(days, first, last)
    table = table[table["status"] != "paused"]
    valid = table[table["status"] == "valid"]
    partial = int((table["status"] == "partial").sum())
    missing = int((table["status"] == "missing").sum())
    worn = valid["worn_h"].astype(float)
    share = 100 * worn.clip(upper=goal_h) / goal_h
    counted = max(len(valid) + missing, 1)
    few = valid["strides"].astype(float).fillna(0) < STRIDES_NEEDED
    return Adherence(
        days=len(table),
        valid=len(valid),
        partial=partial,
        missing=missing,
        zero_days=int((worn == 0).sum()),
        thin_days=int(((worn > 0) & few).sum()),
        low_h=float(worn.sum() / counted),
        high_h=float(worn.mean()),
        low_pct=float(share.sum(min_count=1) / counted),
        high_pct=float(share.mean()),
    )
