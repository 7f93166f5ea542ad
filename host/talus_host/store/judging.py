"""Brings flags and claims of many people up to date, one person at a time: see `judged` for why not in a put.

Somebody is out of date who was never judged, of whom something came since, or whose answer is of another day. Who was
judged longest ago comes first, so that whoever has little time at each call gets round to everybody.
"""

import time
from collections.abc import Collection

import numpy as np
from sqlalchemy import Connection, Engine, select

from talus_host.store import caseload, changes, judged, schema
from talus_host.store.engine import reading, writing


def judge(engine: Engine, now_ms: int, numbers: Collection[int] | None, within_s: float | None) -> int:
    """Judge who is out of date; returns how many still are. At least one is judged, however little time there is."""
    begun = time.monotonic()
    with reading(engine) as connection:
        due = out_of_date(connection, now_ms, numbers)
    for done, (person, day) in enumerate(due, 1):
        with reading(engine) as connection:
            answered = judged.asked(connection, person)
            answer = judged.answer_of(changes.changed(connection, person, day))
        with writing(engine) as connection:
            judged.keep(connection, person, answered, answer)
        if within_s is not None and time.monotonic() - begun >= within_s:
            return len(due) - done
    return 0


def out_of_date(connection: Connection, now_ms: int, numbers: Collection[int] | None) -> list[tuple[int, str]]:
    """(person, today there) of everybody with a brace who is out of date, the oldest answer first."""
    b, j = schema.brace.c, schema.judged.c
    query = select(b.person, j.asked, j.answered, j.day).distinct()
    query = query.select_from(schema.brace).outerjoin(schema.judged, j.person == b.person)
    if numbers is not None:
        query = query.where(b.person.in_(list(numbers)))
    rows = connection.execute(query).all()
    calendars = caseload.calendars_of(connection, [row.person for row in rows])
    number = caseload.todays(calendars, now_ms)
    found = []
    for row in rows:
        today = str(np.datetime64(number[row.person], "D"))
        if row.answered is None or row.answered != row.asked or row.day != today:
            found.append((row.day or "", row.person, today))
    return [(person, today) for _, person, today in sorted(found)]
