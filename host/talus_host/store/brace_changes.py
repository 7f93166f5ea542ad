"""The diary: when something about a brace, or about its wearer's treatment, changed. Day, side and one word."""

import numpy as np
import pandas as pd
from sqlalchemy import Connection, delete, insert, select

from talus_host.errors import InputError
from talus_host.metrics.segments import WHAT
from talus_host.metrics.weekly import number_of
from talus_host.store import bulk, judged, load, people, schema
from talus_host.store.newest import take_back
from talus_host.store.prescriptions import check_old, check_side
from talus_host.store.read import Day, iso, moments


def add(connection: Connection, person: int, side: str, day: Day, what: str, entered_ms: int) -> None:
    """Something changed on a day of the person's calendar. Raises InputError naming what does not fit."""
    people.person_row(connection, person)
    check_side(side)
    if what not in WHAT:
        raise InputError(f"what {what!r}: is none of {', '.join(WHAT)}")
    text = iso(day, "day")
    if text is None:
        raise InputError("day: is missing")
    check_old(text, "day")
    calendar = load.calendar_of(connection, person)
    if number_of(text) > number_of(calendar.day(np.array([entered_ms])).astype("datetime64[D]")[0]):
        raise InputError(f"day {text}: is still to come")
    span = calendar.span(number_of(text))
    if span is None:
        raise InputError(f"day {text}: the person's journey skipped it")
    c = schema.brace_change
    key = {"person": person, "side": side, "at_ms": span[0], "what": what}
    mine = [c.c[name] == value for name, value in key.items()]
    if connection.execute(select(c.c.what).where(*mine)).first():
        raise InputError(f"{what} on {text}: the diary has it")
    connection.execute(insert(c).values(**key, entered_ms=entered_ms))
    judged.outdated(connection, person)


def every(connection: Connection, person: int) -> pd.DataFrame:
    """side, day (datetime64 of the person's calendar), what, entered_utc, by day."""
    people.person_row(connection, person)
    c = schema.brace_change.c
    query = select(c.side, c.at_ms, c.what, c.entered_ms).where(c.person == person).order_by(c.at_ms, c.side, c.what)
    found = bulk.fetch(connection, query)
    days = load.calendar_of(connection, person).day(found.pop("at_ms").to_numpy("int64"))
    found.insert(1, "day", days.astype("datetime64[D]").astype("datetime64[s]"))
    found["entered_utc"] = moments(found.pop("entered_ms"))
    return found


def remove(connection: Connection, person: int, side: str, day: Day, what: str) -> None:
    """Take one entry out. Raises InputError when the diary has none such."""
    text = iso(day, "day")
    mine = every(connection, person)
    mine = mine[((mine["side"] == side) & (mine["what"] == what) & (mine["day"] == pd.Timestamp(text))).to_numpy(bool)]
    span = None if mine.empty or text is None else load.calendar_of(connection, person).span(number_of(text))
    if span is None:
        raise InputError(f"{what} on {text}: the diary has it no more")
    c = schema.brace_change.c
    inside = (c.at_ms >= span[0]) & (c.at_ms < span[1])
    mine_too = (c.person == person) & (c.side == side) & (c.what == what) & inside
    connection.execute(delete(schema.brace_change).where(mine_too))
    judged.outdated(connection, person)


def undo(connection: Connection, person: int) -> dict[str, object]:
    """Take the last entry back; returns it. Raises InputError when there is none."""
    diary = schema.brace_change
    row = take_back(connection, diary, person, [diary.c.at_ms, diary.c.what], "the diary is empty")
    judged.outdated(connection, person)
    day = load.calendar_of(connection, person).day(pd.Series([row.at_ms]).to_numpy())
    return {"side": row.side, "day": str(day.astype("datetime64[D]")[0]), "what": row.what}
