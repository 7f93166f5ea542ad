"""Timed walks, as somebody started and stopped them: a moment, a distance, seconds, with the brace or without."""

import math
from datetime import UTC, datetime

import numpy as np
import pandas as pd
from sqlalchemy import Connection, delete, insert, select

from talus_host.errors import InputError
from talus_host.metrics import timed_walk
from talus_host.metrics.timed_walk import DISTANCES_M
from talus_host.store import bulk, load, people, raw, schema
from talus_host.store.newest import take_back

OWN_M = (3.0, 100.0)
SECONDS = (1.0, 600.0)
FASTEST_MPS = 4.0  # 25 ft in 1.9 s; nobody in a brace walks faster


def add(
    connection: Connection, person: int, at_ms: int, distance: str, seconds: float, brace_on: bool, entered_ms: int
) -> None:
    """Keep one walk. distance: a key of DISTANCES_M, or metres such as "6m". Raises InputError."""
    people.person_row(connection, person)
    metres = metres_of(distance)
    if not SECONDS[0] <= seconds <= SECONDS[1]:
        raise InputError(f"seconds {seconds!r}: is not from {SECONDS[0]:g} to {SECONDS[1]:g}")
    speed = metres / seconds
    if speed > FASTEST_MPS:
        raise InputError(f"seconds {seconds!r}: {speed:.1f} m/s over {distance} is no walking")
    if at_ms + 1000 * seconds > entered_ms + 60_000:
        raise InputError(f"at {_utc(at_ms)}: this walk would end in the future")
    w = schema.timed_walk
    if connection.execute(select(w.c.at_ms).where(w.c.person == person, w.c.at_ms == at_ms)).first():
        raise InputError(f"at {_utc(at_ms)}: there is a walk of this moment")
    row = {"person": person, "at_ms": at_ms, "distance_m": metres, "seconds": seconds}
    connection.execute(insert(w).values(**row, brace_on=int(brace_on), entered_ms=entered_ms))


def check_distance(distance: str) -> None:
    if distance not in DISTANCES_M:
        raise InputError(f"distance {distance!r}: is none of {', '.join(DISTANCES_M)}")


def metres_of(distance: str) -> float:
    """Raises InputError for what is neither a key of DISTANCES_M nor metres that somebody can walk at one go."""
    if distance in DISTANCES_M:
        return DISTANCES_M[distance]
    try:
        metres = float(distance.removesuffix("m"))
    except ValueError:
        metres = math.nan
    if not OWN_M[0] <= metres <= OWN_M[1]:
        raise InputError(f"distance {distance!r}: is none of {', '.join(DISTANCES_M)} nor from 3 to 100 m")
    return metres


def every(connection: Connection, person: int) -> pd.DataFrame:
    """at_ms, distance_m, seconds, brace_on, by moment."""
    people.person_row(connection, person)
    w = schema.timed_walk.c
    query = select(w.at_ms, w.distance_m, w.seconds, w.brace_on).where(w.person == person).order_by(w.at_ms)
    return bulk.numbers(bulk.fetch(connection, query), ["distance_m", "seconds"])


def remove(connection: Connection, person: int, at_ms: int) -> None:
    """Take the walk of that moment out. Raises InputError when there is none."""
    w = schema.timed_walk
    if not connection.execute(delete(w).where(w.c.person == person, w.c.at_ms == at_ms)).rowcount:
        raise InputError(f"at {_utc(at_ms)}: there is no walk of this moment any more")


def seen(connection: Connection, person: int) -> pd.DataFrame:
    """What the brace saw of each walk: see metrics.timed_walk. Strides are read of the days of walks alone."""
    walks = every(connection, person)
    calendar = load.calendar_of(connection, person)
    ends = np.concatenate((walks["at_ms"], walks["at_ms"] + 1000 * SECONDS[1])).astype(np.int64)
    days = np.unique(calendar.day(ends))
    runs = np.split(days, np.flatnonzero(np.diff(days) > 1) + 1) if len(days) else [np.array([0])]
    spans = [(str(np.datetime64(int(run[0]), "D")), str(np.datetime64(int(run[-1]) + 1, "D"))) for run in runs]
    strides = pd.concat([raw.strides(connection, person, *span) for span in spans], ignore_index=True)
    return timed_walk.timed_walks(walks, strides.assign(utc_ms=strides["start_utc"].astype("int64")))


def undo(connection: Connection, person: int) -> dict[str, float]:
    """Take the walk that was entered last back; returns it. Raises InputError when there is none."""
    walks = schema.timed_walk
    row = take_back(connection, walks, person, [walks.c.at_ms], "there is no timed walk")
    return {"at_ms": row.at_ms, "distance_m": row.distance_m, "seconds": row.seconds, "brace_on": row.brace_on}


def _utc(at_ms: int) -> str:
    return datetime.fromtimestamp(at_ms / 1000, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
