"""Hours of a period, told apart: worn, not worn, no data, sensor fault, planned off, paused. No two of them ever merge.

A brace that recorded and still could not say whether it was worn has a sensor fault; where no record came there are no
data. A day that a pause touches is paused whole, as its figures are withheld.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd

from talus_dashboards.summary import day_bounds

# In the order they are drawn: what is not known first, as nothing may be read before it.
STATES = ("no_data", "fault", "paused", "off", "not_worn", "unseen", "still", "walking")
UNKNOWN = ("no_data", "fault")
STRIPS = 14
KNOWN_SHARE = 0.75  # of an hour, before it counts for the hours of the day
HOUR_DAYS = 3  # days that know an hour before it has a middle
MS_A_HOUR = 3_600_000
Spans = np.ndarray  # rows of [start, end) in UTC ms


@dataclass(frozen=True)
class Day:
    """One leg's day: bounds in UTC ms, its row of the days (None: no record of it), whether it was planned off."""

    day: date
    bounds: tuple[int, int]
    row: dict[str, float | str] | None
    off: bool
    paused: bool

    @property
    def length_h(self) -> float:
        return (self.bounds[1] - self.bounds[0]) / MS_A_HOUR

    def figure(self, name: str) -> float:
        return float("nan") if self.row is None else float(self.row[name])


@dataclass(frozen=True)
class Strip:
    """A day as stretches of a state, in shares of the day; hours worn (NaN: not known), and whether that is all."""

    day: date
    pieces: tuple[tuple[str, float, float], ...]
    worn_h: float
    whole: bool


def spans(frame: pd.DataFrame) -> Spans:
    """start_utc and end_utc of a table as UTC ms."""
    if frame.empty:
        return np.empty((0, 2), np.int64)
    edges = [pd.to_datetime(frame[f"{name}_utc"], utc=True).astype("datetime64[ms, UTC]") for name in ("start", "end")]
    return np.column_stack([edge.astype(np.int64) for edge in edges])


def within(found: Spans, bounds: tuple[int, int]) -> Spans:
    """The parts of stretches inside one stretch."""
    cut = np.clip(found, *bounds)
    return cut[cut[:, 0] < cut[:, 1]]


def laid(
    days: pd.DataFrame, first: date, last: date, zone: str, *, off: Iterable[date], pauses: pd.DataFrame
) -> list[Day]:
    """One leg's days of [first, last], but for the one the brace was first put on and those before it."""
    if days.empty:
        return []
    rows = {pd.Timestamp(row["day"]).date(): row for row in days.to_dict("records")}
    planned = set(off)
    found = []
    for number in range((last - first).days + 1):
        day = first + timedelta(days=number)
        if day <= min(rows):
            continue
        low, high = (int(edge.timestamp() * 1000) for edge in day_bounds(day, zone))
        row = rows.get(day)
        paused = row is not None and row["status"] == "paused"
        paused = paused or (row is None and _touched(pauses, low, high))
        found.append(Day(day, (low, high), None if paused else row, day in planned, paused))
    return found


def _touched(pauses: pd.DataFrame, low: int, high: int) -> bool:
    begun, ended = (pd.Timestamp(edge, unit="ms", tz="UTC") for edge in (low, high))
    return any(row.from_utc < ended and not row.until_utc <= begun for row in pauses.itertuples())


def split(days: list[Day], fault: Spans) -> dict[str, float]:
    """Hours of each state over these days; their sum is the length of the days.

    fault: where records came and wear is not known all the same.
    """
    hours = dict.fromkeys(STATES, 0.0)
    for one in days:
        if one.paused:
            hours["paused"] += one.length_h
            continue
        if one.row is None:
            hours["no_data"] += one.length_h
            continue
        worn, bare, unknown = (np.nan_to_num(one.figure(name)) for name in ("worn_h", "not_worn_h", "unknown_h"))
        blind = min(unknown, float(np.diff(within(fault, one.bounds)).sum()) / MS_A_HOUR)
        hours["fault"] += blind
        hours["no_data"] += unknown - blind
        hours["off" if one.off else "not_worn"] += bare
        walked = one.figure("walking_min") / 60
        if np.isnan(walked):
            hours["unseen"] += worn
        else:
            hours["walking"] += min(walked, worn)
            hours["still"] += worn - min(walked, worn)
    return hours


def strips(days: list[Day], bouts: pd.DataFrame, fault: Spans) -> list[Strip]:
    """The last days, each as it went: what is covered by no stretch has no data."""
    known = {state: spans(bouts[bouts["state"] == state]) for state in ("worn", "not_worn")}
    found = []
    for one in days[-STRIPS:]:
        if one.paused:
            found.append(Strip(one.day, (("paused", 0.0, 1.0),), float("nan"), False))
            continue
        layers = [("fault", fault), ("worn", known["worn"]), ("off" if one.off else "not_worn", known["not_worn"])]
        told = [(state, within(stretches, one.bounds)) for state, stretches in layers]
        told.insert(0, ("no_data", uncovered([stretches for _, stretches in told], one.bounds)))
        low, high = one.bounds
        pieces = tuple(
            (state, (float(a) - low) / (high - low), (float(b) - low) / (high - low))
            for state, stretches in told
            for a, b in stretches
        )
        status = "missing" if one.row is None else one.row["status"]
        found.append(Strip(one.day, pieces, one.figure("worn_h"), status == "valid"))
    return found


def uncovered(layers: list[Spans], bounds: tuple[int, int]) -> Spans:
    """What none of these stretches, which lie within the bounds, covers of them."""
    rows, at = [], bounds[0]
    for begin, end in sorted(np.concatenate(layers).tolist()):
        if begin > at:
            rows.append((at, begin))
        at = max(at, end)
    return np.array([*rows, (at, bounds[1])][: len(rows) + (at < bounds[1])], np.int64).reshape(-1, 2)


def profile(hours: pd.DataFrame, days: list[Day]) -> pd.DataFrame:
    """By hour of the day 0 to 23: days (that know at least three quarters of it) and q1, median, q3 of the minutes worn
    in it; NaN with fewer than three such days. An hour that the clock repeats counts as one."""
    mine = {one.day for one in days if not one.paused}
    keep = [pd.Timestamp(day).date() in mine for day in hours["day"]]
    table = hours[keep] if len(hours) else hours
    worn, bare, dark = (table[name].astype(float) for name in ("worn_min", "not_worn_min", "unknown_min"))
    seen = worn + bare
    enough = (seen > 0) & (seen >= KNOWN_SHARE * (seen + dark.fillna(0)))
    share = (60 * worn / seen.where(seen > 0))[enough]
    grouped = share.groupby(table["hour"][enough].astype(int))
    found = pd.DataFrame({"days": grouped.size()}).reindex(range(24), fill_value=0)
    for name, part in (("q1", 0.25), ("median", 0.5), ("q3", 0.75)):
        found[name] = grouped.quantile(part).reindex(range(24)).where(found["days"] >= HOUR_DAYS)
    return found
