"""What an orthotist wrote beside days, or beside one measure of them. A note is hidden, never overwritten or lost."""

import pandas as pd
from sqlalchemy import Connection, insert, select, update

from talus_host.errors import InputError
from talus_host.metrics.weekly import number_of
from talus_host.store import bulk, people, schema, schema_pages
from talus_host.store.prescriptions import AHEAD_DAYS, DAY_MS, check_old
from talus_host.store.read import Day, iso, moments

TEXT_MOST = 2000  # characters


def add(
    connection: Connection,
    person: int,
    first_day: Day,
    last_day: Day,
    measure: str | None,
    text: str,
    account: int | None,
    entered_ms: int,
) -> int:
    """Keep a note of the days [first_day, last_day]; returns its id. Raises InputError naming what does not fit."""
    people.person_row(connection, person)
    first, last = _day(first_day, "first_day", entered_ms), _day(last_day, "last_day", entered_ms)
    if last < first:
        raise InputError(f"last_day {last}: is before first_day {first}")
    if measure is not None and measure not in schema.DAY_MEASURES:
        raise InputError(f"measure {measure!r}: is no figure of a day")
    text = check_text(text)
    n = schema_pages.note
    values = {"person": person, "first_day": first, "last_day": last, "measure": measure, "text": text}
    same = select(n.c.id).where(*(n.c[name].is_not_distinct_from(value) for name, value in values.items()))
    if connection.execute(same.where(n.c.hidden_ms.is_(None))).first():
        raise InputError("text: the same note of these days is there already")
    done = connection.execute(insert(n).values(**values, account=account, entered_ms=entered_ms))
    assert done.inserted_primary_key is not None
    return int(done.inserted_primary_key[0])


def check_text(text: str) -> str:
    """A note's text without the white space around it. Raises InputError for none, and for too much."""
    text = text.strip()
    if not text:
        raise InputError("text: is empty")
    if len(text) > TEXT_MOST:
        raise InputError(f"text: has {len(text)} characters, {TEXT_MOST} at most")
    odd = next((sign for sign in text if not sign.isprintable() and sign not in "\n\t"), None)
    if odd is not None:
        raise InputError(f"text: holds a sign that nobody can read, {odd!r}")
    return text


def _day(day: Day, field: str, entered_ms: int) -> str:
    found = iso(day, field)
    if found is None:
        raise InputError(f"{field}: is missing")
    check_old(found, field)
    if number_of(found) > entered_ms // DAY_MS + AHEAD_DAYS:
        raise InputError(f"{field} {found}: is more than {AHEAD_DAYS} days ahead")
    return found


def every(
    connection: Connection, person: int, start: Day = None, end: Day = None, *, hidden: bool = False
) -> pd.DataFrame:
    """id, first_day, last_day (datetime64), measure ("" for none), text, by (the account's name, "" for nobody's),
    entered_utc, hidden_utc (NaT: it is shown), of the days [start, end), by day.

    hidden: those taken off the pages, too.
    """
    people.person_row(connection, person)
    n, a = schema_pages.note.c, schema_pages.account.c
    query = select(n.id, n.first_day, n.last_day, n.measure, n.text, a.name.label("by"), n.entered_ms, n.hidden_ms)
    query = query.outerjoin(schema_pages.account, a.id == n.account).where(n.person == person)
    low, high = iso(start, "start"), iso(end, "end")
    if low is not None:
        query = query.where(n.last_day >= low)
    if high is not None:
        query = query.where(n.first_day < high)
    if not hidden:
        query = query.where(n.hidden_ms.is_(None))
    found = bulk.fetch(connection, query.order_by(n.first_day, n.id))
    for name in ("first_day", "last_day"):
        found[name] = pd.to_datetime(found[name]).astype("datetime64[s]")
    for name in ("measure", "by"):
        found[name] = found[name].astype(object).where(found[name].notna(), "")
    for name in ("entered", "hidden"):
        found[f"{name}_utc"] = moments(found.pop(f"{name}_ms"))
    return found


def hide(connection: Connection, person: int, note: int, now_ms: int, *, back: bool = False) -> None:
    """Take one note off the pages, or put it back. Raises InputError when the person has no such note there."""
    people.person_row(connection, person)
    n = schema_pages.note
    is_hidden = n.c.hidden_ms.is_not(None) if back else n.c.hidden_ms.is_(None)
    mine = (n.c.person == person) & (n.c.id == note) & is_hidden
    if not connection.execute(update(n).where(mine).values(hidden_ms=None if back else now_ms)).rowcount:
        raise InputError(f"note {note}: is {'not hidden' if back else 'not shown'} any more")
