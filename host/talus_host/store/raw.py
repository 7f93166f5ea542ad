"""Records as tables for export and for a closer look: every stride and minute of a range, each with its moment."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from sqlalchemy import Connection, select

from talus_host import tables
from talus_host.metrics.civil import Calendar
from talus_host.store import load, people, schema, views, withheld
from talus_host.store.placements import placements
from talus_host.store.read import Day, iso, moments


def strides(connection: Connection, person: int, start: Day = None, end: Day = None) -> pd.DataFrame:
    """side, device, start_utc, day, and the columns of tables.strides, by side and time."""
    return _decoded(connection, person, start, end, "stride")


def minutes(connection: Connection, person: int, start: Day = None, end: Day = None) -> pd.DataFrame:
    """side, device, start_utc, day, and the columns of tables.minutes, by side and time."""
    return _decoded(connection, person, start, end, "minute")


def records(connection: Connection, person: int, kind: str, start: Day = None, end: Day = None) -> pd.DataFrame:
    """side, device, start_utc, day, and the columns of tables.table of any one kind, by side and time.

    said_side: the side a settings record tells, beside the one the brace is filed under. What happened in a pause is
    left out, but for what the brace says of itself.
    """
    return _decoded(connection, person, start, end, kind)


def health(connection: Connection, device: int) -> pd.DataFrame:
    """Every health record of a brace, placed or not: device, journal, sequence, boot, utc (NaT), and its columns."""
    rows = load.of_kind(connection, [device], "health")
    _, journal, sequence, boot, at_ms, payload = list(zip(*rows, strict=True)) or [()] * 6
    found = tables.table("health", payload)
    found.insert(0, "device", schema.name_of(device))
    names = [schema.name_of(one) for one in journal]
    for at, (name, values) in enumerate((("journal", names), ("sequence", sequence), ("boot", boot)), start=1):
        found.insert(at, name, list(values))
    found.insert(4, "utc", moments(_utc(connection, device, journal, boot, at_ms)))
    return found


def _utc(
    connection: Connection, device: int, journal: Sequence[int], boot: Sequence[int], at_ms: Sequence[int]
) -> pd.Series:
    """When each of a brace's records was, missing where its boot has no clock."""
    at = np.array(at_ms, dtype=np.int64)
    utc, known = np.zeros(len(at), dtype=np.int64), np.zeros(len(at), dtype=bool)
    rows: dict[tuple[int, int], list[int]] = {}
    for row, whose in enumerate(zip(journal, boot, strict=True)):
        rows.setdefault(whose, []).append(row)
    for (_, *whole), placement in placements(connection, [device]).items():
        if mine := rows.get((whole[0], whole[1])):
            utc[mine], known[mine] = placement.utc(at[mine]), True
    return pd.Series(utc, dtype="Int64").where(known)


def _decoded(connection: Connection, person: int, start: Day, end: Day, kind: str) -> pd.DataFrame:
    people.person_row(connection, person)
    calendar = load.calendar_of(connection, person)
    start_ms, end_ms = bounds(calendar, start, end)
    decode = {"stride": tables.strides, "minute": tables.minutes}.get(kind, lambda p: tables.table(kind, p))
    pauses = withheld.spans(connection, person)[: 0 if kind in withheld.OF_THE_BRACE else None]
    parts = []
    b = schema.brace.c
    sides = connection.execute(select(b.side).where(b.person == person).distinct().order_by(b.side)).scalars().all()
    for side in sides or ["unknown"]:  # nobody's leg: the columns, and no row
        sources = load.sources_of(connection, load.devices_of(connection, person, side))
        mine = load.placed(connection, sources, start_ms, end_ms, [kind])
        mine = mine.only(~withheld.touched(pauses, mine.utc_ms, mine.utc_ms))
        part = decode(mine.payload.tolist()).rename(columns={"side": "said_side"})
        part.insert(0, "side", side)
        devices, whose = np.unique(mine.device(), return_inverse=True)
        names = np.array([schema.name_of(device) for device in devices.tolist()], dtype=object)
        part.insert(1, "device", pd.Series(names[whose].tolist(), dtype="str"))
        part.insert(2, "start_utc", moments(pd.Series(mine.utc_ms)))
        part.insert(3, "day", calendar.day(mine.utc_ms).astype("datetime64[D]").astype("datetime64[s]"))
        parts.append(part)
    return pd.concat(parts, ignore_index=True)


def bounds(calendar: Calendar, start: Day, end: Day) -> tuple[int, int]:
    """UTC ms of a range of civil days."""
    found = [views.EARLIEST_MS, views.LATEST_MS]
    for at, value in enumerate((iso(start, "start"), iso(end, "end"))):
        if value is None:
            continue
        day = int(np.datetime64(value, "D").astype(np.int64))
        span = calendar.span(day) or calendar.span(day + 1)
        if span is not None:
            found[at] = span[0]
    return found[0], found[1]
