"""Wrong passwords make the next try wait: five are free, then a minute, doubled by each further one up to an hour.

It is the typed name that waits, whether there is such an account or not, so waiting tells nothing. Each try is counted
before it is looked at, so many at once get no further than one by one; a right one forgets them all.
"""

import hashlib
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select

from talus_host.errors import DeniedError
from talus_host.store import schema_pages
from talus_host.store.accounts import named

FREE = 5
FIRST_MS, MOST_MS = 60_000, 3_600_000
FORGOTTEN_MS = 24 * 3_600_000  # after the last wrong one


def key_of(name: str) -> bytes:
    return hashlib.sha256(named(name).encode("utf-8", "surrogatepass")).digest()


def charge(connection: Connection, name: str, now_ms: int) -> int | None:
    """Count a try; returns until when the name waits if it was wrong. Raises DeniedError while it waits already."""
    t = schema_pages.attempt
    connection.execute(delete(t).where(t.c.last_ms < now_ms - FORGOTTEN_MS))
    row: Row[Any] | None = connection.execute(select(t).where(t.c.name == key_of(name))).first()
    if row is not None and row.until_ms > now_ms:
        raise DeniedError("name or password: too many wrong ones", int(row.until_ms))
    failures = 1 + (int(row.failures) if row else 0)
    wait_ms = 0 if failures < FREE else min(MOST_MS, FIRST_MS << min(failures - FREE, 20))
    forget(connection, name)
    values = {"failures": failures, "last_ms": now_ms, "until_ms": now_ms + wait_ms}
    connection.execute(insert(t).values(name=key_of(name), **values))
    return now_ms + wait_ms if wait_ms else None


def forget(connection: Connection, name: str) -> None:
    """The name starts anew."""
    t = schema_pages.attempt
    connection.execute(delete(t).where(t.c.name == key_of(name)))
