"""How long a local day is, and how much of each of its hours has passed. Pure: dates in, numbers out."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

STEP = timedelta(minutes=15)  # every zone's offset is a multiple of it


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
