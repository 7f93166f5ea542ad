"""Records as tables for export and for a closer look: every stride and minute of a range, each with its moment."""

import numpy as np
import pandas as pd
from sqlalchemy import Connection, select

from talus.wire.kinds import BY_NAME
from talus_host import tables
from talus_host.metrics.civil import Calendar
from talus_host.store import load, people, schema, views, withheld
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
    r, b = schema.record.c, schema.boot_kind.c
    same = (r.device == b.device) & (r.journal == b.journal) & (r.boot == b.boot) & (r.kind == b.kind)
    query = (
        select(r.device, r.journal, r.sequence, r.boot, r.at_ms, r.payload)
        .select_from(schema.boot_kind.join(schema.record, same))
        .where(b.device == device, b.kind == BY_NAME["health"].number)
        .order_by(r.journal, r.sequence)
    )
    rows = connection.execute(query).all()
    found = tables.table("health", [row.payload for row in rows])
    placements = {(s.journal, s.boot): s.placement for s in load.sources_of(connection, [device])}
    utc: list[int | None] = []
    for row in rows:
        placement = placements.get((row.journal, row.boot))
        utc.append(None if placement is None else int(placement.utc(np.array([row.at_ms]))[0]))
    found.insert(0, "device", schema.name_of(device))
    for at, name in enumerate(("journal", "sequence", "boot"), start=1):
        values = [getattr(row, name) for row in rows]
        found.insert(at, name, [schema.name_of(v) for v in values] if name == "journal" else values)
    found.insert(4, "utc", moments(pd.Series(utc, dtype="Int64")))
    return found


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
        part.insert(1, "device", pd.Series([schema.name_of(d) for d in mine.device().tolist()], dtype="str"))
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
