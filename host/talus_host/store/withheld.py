"""What a pause withholds, at the one place everything is read through: values become unknown, events are left out.

A day that a pause touches is paused whole, because its sums hold what the pause withholds; so is an hour. What tells of
a moment or a stretch (a stride, a curve, a pressure event) is left out when the pause touches it. What a brace says of
itself (its starts, clock, parts, settings) stays: without it the figures around a pause would be wrong.
"""

from itertools import pairwise

import numpy as np
import pandas as pd
from sqlalchemy import Connection, select

from talus_host.metrics.civil import Calendar
from talus_host.store import schema, schema_pages

OPEN_MS = 2**62  # the end of a pause that has none yet
PAUSED = "paused"  # joins valid, partial and missing
OF_THE_BRACE = ("boot", "clock", "health", "settings", "loss", "power")
KEPT = ("day_h",)  # how long the calendar makes a day is nobody's secret


def spans(connection: Connection, person: int) -> np.ndarray:
    """Rows of [from, until) in UTC ms, by time; an open end is OPEN_MS."""
    p = schema_pages.pause.c
    rows = connection.execute(select(p.from_ms, p.until_ms).where(p.person == person).order_by(p.from_ms)).all()
    told = [(row.from_ms, OPEN_MS if row.until_ms is None else row.until_ms) for row in rows]
    return np.array(told, dtype=np.int64).reshape(-1, 2)


def touched(pauses: np.ndarray, start_ms: np.ndarray, end_ms: np.ndarray) -> np.ndarray:
    """Which of the stretches [start, end) a pause touches; one without length is touched where it lies in a pause."""
    start = np.asarray(start_ms, dtype=np.int64)
    end = np.maximum(np.asarray(end_ms, dtype=np.int64), start + 1)
    found = np.zeros(len(start), dtype=bool)
    for begin, stop in pauses.tolist():
        found |= (start < stop) & (begin < end)
    return found


def touched_days(pauses: np.ndarray, calendar: Calendar, day: pd.Series) -> np.ndarray:
    """Which of these civil days a pause touches."""
    if not len(pauses):
        return np.zeros(len(day), dtype=bool)
    numbers = day.to_numpy().astype("datetime64[D]").astype(np.int64)
    paused = set()
    for number in np.unique(numbers).tolist():
        pieces = np.array(calendar.pieces(number), dtype=np.int64).reshape(-1, 2)
        if touched(pauses, pieces[:, 0], pieces[:, 1]).any():
            paused.add(number)
    return np.isin(numbers, sorted(paused))


def mask_days(connection: Connection, person: int, days: pd.DataFrame, calendar: Calendar) -> pd.DataFrame:
    """Days (day, status, measures) with those that a pause touches marked, and every measure of theirs unknown."""
    paused = touched_days(spans(connection, person), calendar, days["day"])
    if not paused.any():
        return days
    days = days.copy()
    days.loc[paused, "status"] = PAUSED
    measures = [name for name in schema.DAY_MEASURES if name in days and name not in KEPT]
    days.loc[paused, measures] = np.nan
    return days


def mask_hours(connection: Connection, person: int, hours: pd.DataFrame, calendar: Calendar) -> pd.DataFrame:
    """Hours (day, hour, figures) with a column `paused`, and every figure of a paused one unknown."""
    pauses = spans(connection, person)
    near = touched_days(pauses, calendar, hours["day"])
    paused = np.zeros(len(hours), dtype=bool)
    numbers = hours["day"].to_numpy().astype("datetime64[D]").astype(np.int64)
    for number in np.unique(numbers[near]).tolist():
        start, end, hour = calendar.slots(number)
        withheld = np.unique(hour[touched(pauses, start, end)])
        paused |= (numbers == number) & np.isin(hours["hour"].to_numpy(np.int64), withheld)
    hours = hours.assign(paused=paused)
    hours.loc[paused, ["worn_min", "not_worn_min", "unknown_min", "steps"]] = np.nan
    return hours


def cut(connection: Connection, person: int, tiles: pd.DataFrame) -> pd.DataFrame:
    """Stretches (side, start_ms, end_ms, state) cut where pauses begin and end; inside, their state is `paused`."""
    pauses = spans(connection, person)
    if not len(pauses) or tiles.empty:
        return tiles
    legs = [_cut(leg, pauses) for _, leg in tiles.groupby("side", sort=True)]
    return pd.concat(legs, ignore_index=True)


def _cut(leg: pd.DataFrame, pauses: np.ndarray) -> pd.DataFrame:
    rows = []
    for one in leg.to_dict("records"):
        inner = [int(at) for at in pauses.ravel() if one["start_ms"] < at < one["end_ms"]]
        edges = [one["start_ms"], *sorted(set(inner)), one["end_ms"]]
        rows += [one | {"start_ms": a, "end_ms": b} for a, b in pairwise(edges)]
    pieces = pd.DataFrame(rows)
    paused = touched(pauses, pieces["start_ms"].to_numpy(), pieces["end_ms"].to_numpy())
    pieces["state"] = np.where(paused, PAUSED, pieces["state"])
    run = (pieces["state"] != pieces["state"].shift()) | (pieces["start_ms"] != pieces["end_ms"].shift())
    grouped = pieces.groupby(run.cumsum(), sort=True)
    return grouped.agg(
        side=("side", "first"), start_ms=("start_ms", "min"), end_ms=("end_ms", "max"), state=("state", "first")
    )
