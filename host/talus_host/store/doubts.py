"""Gathers from the database what `talus_host.quality` tells of one person."""

import numpy as np
import pandas as pd
from sqlalchemy import Connection, func, select

from talus_host import quality
from talus_host.metrics.civil import Calendar
from talus_host.store import bulk, clocks, load, people, raw, read, schema
from talus_host.store.gaps import gaps
from talus_host.store.read import Day, moments

TIME_LIMIT_MS = 60_000  # beyond it a minute record may be another minute's
LOOKED_EACH_MS = 1_800_000


def doubts(connection: Connection, person: int, start: Day = None, end: Day = None) -> pd.DataFrame:
    """Columns quality.COLUMNS. A range of days narrows what has a day; gaps and unplaced records have none."""
    people.person_row(connection, person)
    b = schema.brace.c
    braces = connection.execute(select(b.device, b.side).where(b.person == person).order_by(b.side, b.device)).all()
    calendar = load.calendar_of(connection, person)
    parts = [_of_brace(connection, row.device, row.side, calendar) for row in braces]
    minutes = raw.minutes(connection, person, start, end)
    days = read.days(connection, person, start, end)
    numbers = days["day"].to_numpy().astype("datetime64[D]").astype(np.int64)
    spans = [calendar.span(day) for day in numbers.tolist()]
    days["start_utc"] = moments(pd.Series([None if s is None else s[0] for s in spans], dtype="Int64"))
    boots = raw.records(connection, person, "boot", start, end)
    prompts = raw.records(connection, person, "prompt", start, end)
    parts += [[quality.samples(minutes), quality.starts(boots), quality.prompts(prompts)]]
    parts += [[quality.unknown_hours(days), quality.journeys(_journeys(connection, person))]]
    return quality.together(part for group in parts for part in group)


def _of_brace(connection: Connection, device: int, side: str, calendar: Calendar) -> list[pd.DataFrame]:
    return [
        quality.sequence_gaps(_filed(_gaps(connection, device), device, side)),
        quality.unplaced(_filed(_unplaced(connection, device), device, side)),
        quality.contradicting_clocks(_filed(_clocks(connection, device), device, side)),
        quality.uncertain_times(_filed(_uncertain(connection, device, calendar), device, side)),
        quality.sensors(_filed(raw.health(connection, device), device, side)),
        quality.syncs(_filed(_syncs(connection, device), device, side)),
    ]


def _filed(frame: pd.DataFrame, device: int, side: str) -> pd.DataFrame:
    return frame.assign(device=schema.name_of(device), side=side)


def _gaps(connection: Connection, device: int) -> pd.DataFrame:
    k = schema.boot_kind.c
    journals = connection.execute(select(k.journal).where(k.device == device).distinct().order_by(k.journal)).scalars()
    parts = [gaps(connection, device, journal).assign(journal=schema.name_of(journal)) for journal in journals.all()]
    return (
        pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=["journal", "first", "behind", "cause"])
    )


def _unplaced(connection: Connection, device: int) -> pd.DataFrame:
    k = schema.boot_kind.c
    query = (
        select(
            k.journal,
            k.boot,
            func.sum(k.records).label("records"),
            (func.max(k.last_at_ms) - func.min(k.first_at_ms)).label("lasted_ms"),
        )
        .where(k.device == device)
        .group_by(k.journal, k.boot)
        .order_by(k.journal, k.boot)
    )
    found = bulk.fetch(connection, query)
    placed = {(s.journal, s.boot) for s in load.sources_of(connection, [device])}
    keep = [(j, b) not in placed for j, b in zip(found["journal"].tolist(), found["boot"].tolist(), strict=True)]
    found = found[keep]
    return found.assign(
        journal=[schema.name_of(j) for j in found["journal"].tolist()], lasted_s=found["lasted_ms"].astype(float) / 1000
    )


def _clocks(connection: Connection, device: int) -> pd.DataFrame:
    c = schema.clock_pair.c
    found = bulk.fetch(connection, select(schema.clock_pair).where(c.device == device, c.believed == 0))
    placements = {(s.journal, s.boot): s.placement for s in load.sources_of(connection, [device])}
    off = []
    for pair in found.to_dict("records"):
        placement = placements.get((pair["journal"], pair["boot"]))
        true = np.nan if placement is None else float(placement.utc(np.array([pair["at_ms"]]))[0])
        off.append((pair["utc_ms"] - true) / 1000)
    return found.assign(utc=moments(found["utc_ms"]), off_s=np.array(off, dtype=np.float64))


def _uncertain(connection: Connection, device: int, calendar: Calendar) -> pd.DataFrame:
    """Of each placed boot the days, by moments half an hour apart, in which time is not known within the limit."""
    rows = []
    for source in load.sources_of(connection, [device]):
        first, last = clocks.boot_span(connection, device, source.journal, source.boot)
        at = np.append(np.arange(first, last, LOOKED_EACH_MS, dtype=np.int64), last)
        worst = source.placement.uncertainty(at)
        over = worst > TIME_LIMIT_MS
        utc, worst = source.placement.utc(at[over]), worst[over]
        day = calendar.day(utc)
        for number in np.unique(day).tolist():
            mine = day == number
            span = int(utc[mine].min()), int(utc[mine].max())
            rows.append((source.boot, str(np.datetime64(number, "D")), *span, float(worst[mine].max()) / 1000))
    found = pd.DataFrame(rows, columns=["boot", "day", "start_ms", "end_ms", "worst_s"])
    utc_of = {f"{edge}_utc": moments(found[f"{edge}_ms"].astype("Int64")) for edge in ("start", "end")}
    return found.assign(limit_s=TIME_LIMIT_MS / 1000, **utc_of)


def _syncs(connection: Connection, device: int) -> pd.DataFrame:
    s = schema.sync.c
    query = select(s.received_ms, s.conflicts, s.side.label("said_side")).where(s.device == device)
    found = bulk.fetch(connection, query.order_by(s.received_ms))
    return found.assign(received_utc=moments(found["received_ms"]))


def _journeys(connection: Connection, person: int) -> pd.DataFrame:
    z = schema.person_zone.c
    found = bulk.fetch(connection, select(z.from_ms, z.zone).where(z.person == person).order_by(z.from_ms))
    found["before"] = found["zone"].shift()
    return found.iloc[1:].assign(from_utc=lambda t: moments(t["from_ms"]))
