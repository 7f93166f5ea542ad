"""The trail of who saw and changed what. Rows are only ever added, and each one's hash holds the one before it, so that
a row taken out or changed later shows. What it says names numbers, never a label: it outlives what it tells of."""

import hashlib
import json

from sqlalchemy import Connection, insert, select

from talus_host.store import schema_pages

DESK = "desk"  # whoever holds the database: the command line, where no account is asked


def add(
    connection: Connection, at_ms: int, action: str, person: int | None, what: str, *, role: str = DESK,
    account: int | None = None,
) -> None:  # fmt: skip
    """One row more."""
    a = schema_pages.audit
    before = connection.execute(select(a.c.hash).order_by(a.c.id.desc()).limit(1)).scalar() or b""
    row = {"at_ms": at_ms, "account": account, "role": role, "action": action, "person": person, "what": what}
    told = json.dumps(row, sort_keys=True, ensure_ascii=False).encode()
    connection.execute(insert(a).values(**row, hash=hashlib.sha256(bytes(before) + told).digest()))
