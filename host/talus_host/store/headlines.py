"""Which figures of a person are judged, and which way is better: chosen once, in advance, and dated.

A figure that was chosen later may not claim what was already there to be looked at. Without a choice the usual hold.
"""

from collections.abc import Sequence

import numpy as np
from sqlalchemy import Connection, delete, func, insert, select

from talus_host.errors import InputError
from talus_host.metrics.change import HEADLINES, Headline, check_headlines
from talus_host.store import judged, load, people, schema


def choose(connection: Connection, person: int, chosen: Sequence[Headline], entered_ms: int) -> None:
    """Judge these from now on. Raises InputError for none, more than three, an unknown figure or direction."""
    people.person_row(connection, person)
    if not chosen:
        raise InputError("headline: none is named")
    for one in chosen:
        if one.measure not in schema.DAY_MEASURES:
            raise InputError(f"headline {one.measure!r}: is no figure of a day; `talus export` writes them all")
    try:
        check_headlines(chosen)
    except ValueError as error:
        raise InputError(str(error)) from error
    for one in chosen:
        values = {"person": person, "entered_ms": entered_ms, "measure": one.measure, "better": one.better}
        connection.execute(insert(schema.headline).values(**values))
    judged.outdated(connection, person)


def chosen(connection: Connection, person: int) -> list[Headline]:
    """What is judged now. A figure's day of choice is that of the first of the choices running that named it so."""
    people.person_row(connection, person)
    h = schema.headline.c
    query = select(h.entered_ms, h.measure, h.better).where(h.person == person)
    rows = connection.execute(query.order_by(h.entered_ms, h.measure)).all()
    now = list(HEADLINES)
    for entered in sorted({row.entered_ms for row in rows}):
        day = load.calendar_of(connection, person).day(np.array([entered])).astype("datetime64[D]")
        before = {(one.measure, one.better): one.chosen for one in now}
        mine = [row for row in rows if row.entered_ms == entered]
        now = [Headline(r.measure, r.better, before.get((r.measure, r.better), str(day[0]))) for r in mine]
    return now


def last_ms(connection: Connection, person: int) -> int:
    """When the choice that holds was entered; 0 where the usual figures hold."""
    people.person_row(connection, person)
    h = schema.headline.c
    return int(connection.execute(select(func.max(h.entered_ms)).where(h.person == person)).scalar() or 0)


def undo(connection: Connection, person: int, entered_ms: int | None = None) -> list[str]:
    """Take the last choice back, if it is still the one entered then; returns the figures it named. Raises InputError
    when none was made."""
    people.person_row(connection, person)
    h = schema.headline
    last = connection.execute(select(func.max(h.c.entered_ms)).where(h.c.person == person)).scalar()
    if last is None:
        raise InputError("undo: no headline was chosen")
    if entered_ms is not None and entered_ms != last:
        raise InputError("undo: other headlines were chosen since, look again")
    mine = (h.c.person == person) & (h.c.entered_ms == last)
    names = connection.execute(select(h.c.measure).where(mine)).scalars().all()
    connection.execute(delete(h).where(mine))
    judged.outdated(connection, person)
    return [str(name) for name in names]
