"""Who made an entry? The trail knows: each entry of a page stands in it, a moment after the time the entry bears.

Where two accounts entered something of one person in the same two seconds, and where nobody had an account, it is not
known, and not guessed.
"""

from collections.abc import Iterable

from sqlalchemy import Connection, select

from talus_host.store import people, schema_pages

WITHIN_MS = 2000


def names(connection: Connection, person: int, moments_ms: Iterable[int]) -> dict[int, str]:
    """Moment of an entry -> the account's name, "" where it is not known."""
    people.person_row(connection, person)
    a, known = schema_pages.audit.c, schema_pages.account.c
    found = {}
    for at_ms in moments_ms:
        near = a.at_ms.between(at_ms - WITHIN_MS, at_ms + WITHIN_MS)
        query = select(known.name).select_from(schema_pages.audit)
        query = query.outerjoin(schema_pages.account, known.id == a.account)
        rows = connection.execute(query.where(a.person == person, a.action == "enter", near).distinct()).scalars().all()
        found[at_ms] = str(rows[0]) if len(rows) == 1 and rows[0] is not None else ""
    return found
