"""Stretches in which nothing of a person is shown: what was recorded in one is kept as received and told to nobody.

A pause is [from, until) in UTC, made of whole days of the person's calendar or of moments; open while it has no end.
Two never overlap. Taking one back shows again what it withheld: who may do that is the door's to say, not this room's.
"""

import numpy as np
import pandas as pd
from sqlalchemy import Connection, insert, select, update

from talus_host.errors import InputError
from talus_host.metrics.weekly import number_of
from talus_host.store import bulk, judged, load, people, schema_pages
from talus_host.store.newest import take_back
from talus_host.store.prescriptions import AHEAD_DAYS, DAY_MS, check_old
from talus_host.store.read import Day, iso, moments
from talus_host.store.withheld import OPEN_MS, spans


def add_days(connection: Connection, person: int, from_day: Day, until_day: Day, entered_ms: int) -> None:
    """Pause from one day of the person's calendar until another, the first that is shown again; None leaves it open.

    Raises InputError naming what does not fit.
    """
    start = day_ms(connection, person, from_day, "from")
    end = None if until_day is None else day_ms(connection, person, until_day, "until")
    add(connection, person, start, end, entered_ms)


def add(connection: Connection, person: int, from_ms: int, until_ms: int | None, entered_ms: int) -> None:
    """Pause from one moment until another. Raises InputError for one that is empty, far ahead or overlaps another."""
    people.person_row(connection, person)
    if until_ms is not None and until_ms <= from_ms:
        raise InputError(f"until {_utc(until_ms)}: is not after the pause begins, {_utc(from_ms)}")
    if from_ms > entered_ms + AHEAD_DAYS * DAY_MS:
        raise InputError(f"from {_utc(from_ms)}: is more than {AHEAD_DAYS} days ahead")
    for start, end in spans(connection, person).tolist():
        if from_ms < end and start < (OPEN_MS if until_ms is None else until_ms):
            until = "and has no end" if end == OPEN_MS else f"until {_utc(end)}"
            raise InputError(f"pause from {_utc(from_ms)}: there is one from {_utc(start)} {until}")
    row = {"person": person, "from_ms": from_ms, "until_ms": until_ms, "entered_ms": entered_ms}
    connection.execute(insert(schema_pages.pause).values(**row))
    judged.outdated(connection, person)


def end(connection: Connection, person: int, until_ms: int) -> None:
    """End the pause that is open. Raises InputError when none is, or when it had not begun."""
    people.person_row(connection, person)
    p = schema_pages.pause
    started = connection.execute(select(p.c.from_ms).where(p.c.person == person, p.c.until_ms.is_(None))).scalar()
    if started is None:
        raise InputError("end: no pause is open")
    if until_ms <= started:
        raise InputError(f"until {_utc(until_ms)}: is not after the pause begins, {_utc(started)}")
    mine = (p.c.person == person) & (p.c.from_ms == started)
    connection.execute(update(p).where(mine).values(until_ms=until_ms))
    judged.outdated(connection, person)


def every(connection: Connection, person: int) -> pd.DataFrame:
    """from_utc, until_utc (NaT: open), by time."""
    people.person_row(connection, person)
    p = schema_pages.pause.c
    found = bulk.fetch(connection, select(p.from_ms, p.until_ms).where(p.person == person).order_by(p.from_ms))
    return pd.DataFrame({f"{name}_utc": moments(found[f"{name}_ms"]) for name in ("from", "until")})


def undo(connection: Connection, person: int) -> dict[str, object]:
    """Take the pause that was entered last back, as if it had never been; returns it. Raises InputError for none."""
    p = schema_pages.pause
    row = take_back(connection, p, person, [p.c.from_ms], "no pause was entered")
    judged.outdated(connection, person)
    return {"from_ms": row.from_ms, "until_ms": row.until_ms}


def day_ms(connection: Connection, person: int, day: Day, field: str) -> int:
    """The first moment of a day of the person's calendar. Raises InputError naming the field."""
    text = iso(day, field)
    if text is None:
        raise InputError(f"{field}: is missing")
    check_old(text, field)
    people.person_row(connection, person)
    span = load.calendar_of(connection, person).span(number_of(text))
    if span is None:
        raise InputError(f"{field} {text}: the person's journey skipped it")
    return span[0]


def _utc(at_ms: int) -> str:
    return f"{np.datetime64(at_ms, 'ms').astype('datetime64[m]')} UTC"
