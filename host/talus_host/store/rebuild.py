"""Every view anew from the records: what `talus rebuild` does, and what a corrected zone or wearer needs."""

from collections.abc import Callable, Iterable

import numpy as np
from sqlalchemy import Connection, delete, func, select

from talus_host.metrics.civil import Calendar
from talus_host.store import bulk, clocks, judged, load, schema, views

Progress = Callable[[int, int], None]


def rebuild(connection: Connection, progress: Progress | None = None) -> int:
    """All views of everybody; returns how many days were made. progress(days done, days in all)."""
    r = schema.record.c
    key = (r.device, r.journal, r.boot, r.kind)
    for view in schema.VIEWS:
        connection.execute(delete(view))
    held = select(*key, func.count(), func.min(r.at_ms), func.max(r.at_ms)).group_by(*key).order_by(*key)
    counted = [tuple(row) for row in connection.execute(held)]
    bulk.add(connection, schema.boot_kind, counted)
    for device, journal, boot in sorted({row[:3] for row in counted}):
        clocks.make_pairs(connection, device, journal, boot)
    for device in sorted({row[0] for row in counted}):
        clocks.make_pressure_events(connection, device)
    b = schema.brace.c
    legs = connection.execute(select(b.person, b.side).distinct().order_by(b.person, b.side)).all()
    return make_legs(connection, [(leg.person, leg.side) for leg in legs], progress)


def make_legs(connection: Connection, legs: Iterable[tuple[int, str]], progress: Progress | None = None) -> int:
    """The day views of these legs (person, side) anew; returns how many days were made."""
    work = []
    for person, side in legs:
        judged.outdated(connection, person)
        for view in schema.DAY_VIEWS:
            connection.execute(delete(view).where(view.c.person == person, view.c.side == side))
        sources = load.sources_of(connection, load.devices_of(connection, person, side))
        calendar = load.calendar_of(connection, person)
        work.append((person, side, sources, calendar, sorted(_days(connection, sources, calendar))))
    total, done = sum(len(days) for *_, days in work), 0
    for person, side, sources, calendar, days in work:
        for batch in views.batches(days):
            views.recompute(connection, person, side, sources, calendar, batch)
            done += len(batch)
            if progress is not None:
                progress(done, total)
    return done


def _days(connection: Connection, sources: list[load.Source], calendar: Calendar) -> set[int]:
    """Every day in which a placed boot has a record, and those between."""
    found: set[int] = set()
    for source in sources:
        span = clocks.boot_span(connection, source.device, source.journal, source.boot)
        found |= views.days_from(calendar, *source.placement.utc(np.array(span)).tolist())
    return found
