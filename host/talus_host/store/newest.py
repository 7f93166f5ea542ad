"""What people enter by hand is kept with the moment it was entered; the newest entry can be taken back, as it stood."""

from typing import Any

from sqlalchemy import Column, Connection, Row, Table, delete, select

from talus_host.errors import InputError
from talus_host.store import people


def take_back(connection: Connection, entries: Table, person: int, then_by: list[Column[Any]], none: str) -> Row[Any]:
    """Delete a person's newest entry and return it. then_by: of entries of one moment, the largest first.

    Raises InputError, in the words of `none`, when there is no entry.
    """
    people.person_row(connection, person)
    order = [entries.c.entered_ms.desc(), *(column.desc() for column in then_by)]
    row = connection.execute(select(entries).where(entries.c.person == person).order_by(*order).limit(1)).first()
    if row is None:
        raise InputError(f"undo: {none}")
    connection.execute(delete(entries).where(*(key == row._mapping[key.name] for key in entries.primary_key)))
    return row
