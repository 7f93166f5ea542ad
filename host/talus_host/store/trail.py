"""The trail of who saw and changed what. Rows are only ever added, and each one's hash holds the one before it, so that
a row taken out or changed later shows. What it says names numbers, never a label: it outlives what it tells of.

Whoever can write the file can also make the whole chain anew; only its end, noted elsewhere, would tell.
"""

import hashlib
import json
from dataclasses import dataclass
from typing import Any

import pandas as pd
from sqlalchemy import Connection, delete, insert, select

from talus_host.store import bulk, schema_pages
from talus_host.store.read import moments

DESK = "desk"  # whoever holds the database: the command line, where no account is asked
FIELDS = ("at_ms", "account", "role", "action", "person", "what")


@dataclass(frozen=True)
class Chain:
    """rows: how many there are; broken: the number of the first that does not fit, 0 for none; end: the last hash."""

    rows: int
    broken: int
    end: str


def add(
    connection: Connection, at_ms: int, action: str, person: int | None, what: str, *, role: str = DESK,
    account: int | None = None,
) -> None:  # fmt: skip
    """One row more."""
    a, e = schema_pages.audit, schema_pages.audit_end
    last, before = _last(connection)
    values = {"at_ms": at_ms, "account": account, "role": role, "action": action, "person": person, "what": what}
    row: dict[str, Any] = {"id": last + 1, **values}
    digest = _digest(before, row)
    connection.execute(insert(a).values(**row, hash=digest))
    connection.execute(delete(e))
    connection.execute(insert(e).values(id=1, last=row["id"], hash=digest))


def _last(connection: Connection) -> tuple[int, bytes]:
    e = schema_pages.audit_end.c
    row = connection.execute(select(e.last, e.hash)).first()
    return (int(row.last), bytes(row.hash)) if row else (0, b"")


def _digest(before: bytes, row: dict[str, Any]) -> bytes:
    return hashlib.sha256(before + json.dumps(row, sort_keys=True).encode()).digest()


def verify(connection: Connection) -> Chain:
    """Walk the chain from its first row."""
    a = schema_pages.audit.c
    before, count = b"", 0
    for row in connection.execute(select(*schema_pages.audit.columns).order_by(a.id)):
        told = {"id": row.id} | {name: row._mapping[name] for name in FIELDS}
        if row.id != count + 1 or bytes(row.hash) != _digest(before, told):
            return Chain(count, count + 1, before.hex())
        before, count = bytes(row.hash), count + 1
    broken = 0 if _last(connection) == (count, before) else count + 1
    return Chain(count, broken, before.hex())


def every(connection: Connection, person: int | None, last: int, without: int | None = None) -> pd.DataFrame:
    """id, at_utc, account (NaN: none), role, action, person (NaN), what: the newest `last` rows, newest first; of one
    person, and without what one account did."""
    a = schema_pages.audit.c
    query = select(a.id, a.at_ms, a.account, a.role, a.action, a.person, a.what).order_by(a.id.desc()).limit(last)
    if person is not None:
        query = query.where(a.person == person)
    if without is not None:
        query = query.where(a.account.is_distinct_from(without))
    found = bulk.fetch(connection, query)
    found.insert(1, "at_utc", moments(found["at_ms"]))
    return bulk.numbers(found.drop(columns="at_ms"), ["account", "person"])
