"""The day a person is expected next. Nothing is overwritten: of two entries the later holds."""

from collections.abc import Collection

import numpy as np
from sqlalchemy import Connection, insert, select

from talus_host.errors import InputError
from talus_host.metrics.weekly import number_of
from talus_host.store import load, people
from talus_host.store.newest import take_back
from talus_host.store.prescriptions import AHEAD_DAYS
from talus_host.store.read import Day, iso
from talus_host.store.schema_pages import visit


def plan(connection: Connection, person: int, day: Day, account: int | None, entered_ms: int) -> None:
    """Expect the person on a day of their calendar; None: on none. Raises InputError naming what does not fit."""
    people.person_row(connection, person)
    text = iso(day, "day")
    today = int(load.calendar_of(connection, person).day(np.array([entered_ms]))[0])
    if text is not None and number_of(text) < today:
        raise InputError(f"day {text}: is over")
    if text is not None and number_of(text) > today + AHEAD_DAYS:
        raise InputError(f"day {text}: is more than {AHEAD_DAYS} days ahead")
    if connection.execute(
        select(visit.c.day).where(visit.c.person == person, visit.c.entered_ms == entered_ms)
    ).first():
        raise InputError("day: a visit was planned at this very moment; look at it again")
    values = {"person": person, "entered_ms": entered_ms, "day": text, "account": account}
    connection.execute(insert(visit).values(**values))


def undo(connection: Connection, person: int) -> str | None:
    """Take the last entry back; returns its day. Raises InputError when there is none."""
    row = take_back(connection, visit, person, [], "no visit was planned")
    return None if row.day is None else str(row.day)


def of_people(connection: Connection, numbers: Collection[int]) -> dict[int, str]:
    """The planned day of each person who has one, past days too: whoever asks knows what today is."""
    rows = connection.execute(select(visit.c.person, visit.c.day).order_by(visit.c.entered_ms)).all()
    latest = {row.person: row.day for row in rows}
    wanted = set(numbers)
    return {person: str(day) for person, day in latest.items() if day is not None and person in wanted}
