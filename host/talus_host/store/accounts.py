"""Accounts: a name typed at the door, a role, and for a patient whose pages they are.

An orthotist sees everybody in the database, the people of one practice, unless the account was narrowed: then only who
is in its `care` now. Narrowed is a property of the account, so the end of the last care opens nothing. A developer sees
devices and nobody's data. A closed account keeps its name and its number, which the trail tells of.
"""

import unicodedata
from typing import Any

import pandas as pd
from sqlalchemy import Connection, Row, delete, func, insert, select, update

from talus_host.errors import InputError
from talus_host.store import people, schema, schema_pages

NAME_MOST = 40
LANGUAGE_MOST = 8


def named(name: str) -> str:
    """A name as it is kept: what a phone makes of it, a capital or a space behind it, is the same name."""
    return unicodedata.normalize("NFKC", name).strip().casefold()


def add(
    connection: Connection, name: str, role: str, person: int | None, everybody: bool, password: str | None, now_ms: int
) -> int:
    """A new account; returns its number. Raises InputError naming what does not fit."""
    a = schema_pages.account
    kept = check_name(name)
    if role not in schema_pages.ROLES:
        raise InputError(f"role {role!r}: is none of {', '.join(schema_pages.ROLES)}")
    if (person is None) == (role == "patient"):
        raise InputError("person: a patient's account needs one" if person is None else f"person: a {role} is none")
    if person is not None:
        people.person_row(connection, person)
    if connection.execute(select(a.c.id).where(a.c.name == kept)).first():
        raise InputError(f"name {kept!r}: there is an account of that name")
    number, sees = _next(connection), int(everybody and role == "orthotist")
    row = {"name": kept, "role": role, "person": person, "password": password, "made_ms": now_ms}
    connection.execute(insert(a).values(id=number, **row, everybody=sees))
    return number


def _next(connection: Connection) -> int:
    """A number nobody had: the trail tells of accounts that are gone with their person."""
    had = [select(func.max(column)) for column in (schema_pages.account.c.id, schema_pages.audit.c.account)]
    return 1 + max(int(connection.execute(one).scalar() or 0) for one in had)


def check_name(name: str) -> str:
    """The name as it is kept. Raises InputError for one nobody could type or read."""
    kept = named(name)
    if not 2 <= len(kept) <= NAME_MOST or not kept.isprintable():
        raise InputError(f"name {name!r}: has not 2 to {NAME_MOST} characters that can be printed")
    return kept


def any_there(connection: Connection) -> bool:
    """Whether an account was ever made here."""
    return bool(connection.execute(select(func.count()).select_from(schema_pages.account)).scalar_one())


def by_name(connection: Connection, name: str) -> Row[Any] | None:
    """The open account of a name."""
    a = schema_pages.account
    return connection.execute(select(a).where(a.c.name == named(name), a.c.closed_ms.is_(None))).first()


def row_of(connection: Connection, account: int) -> Row[Any]:
    """Raises InputError unless there is such an account, open."""
    a = schema_pages.account
    row = connection.execute(select(a).where(a.c.id == account, a.c.closed_ms.is_(None))).first()
    if row is None:
        raise InputError(f"account {account!r}: there is none, or it is closed")
    return row


def shut_out(connection: Connection, account: int) -> None:
    """End every session and every invitation of an account."""
    for table in (schema_pages.web_session, schema_pages.invitation):
        connection.execute(delete(table).where(table.c.account == account))


def change(connection: Connection, account: int, **values: Any) -> None:
    a = schema_pages.account
    connection.execute(update(a).where(a.c.id == account).values(**values))


def every(connection: Connection) -> pd.DataFrame:
    """account, name, role, person_id and label ("": none), everybody, has_password, language, made_ms, closed."""
    a, p = schema_pages.account.c, schema.person.c
    query = select(
        a.id, a.name, a.role, a.person, p.label, a.everybody, a.password, a.language, a.made_ms, a.closed_ms
    ).join_from(schema_pages.account, schema.person, a.person == p.id, isouter=True)
    rows = [
        {
            "account": int(row.id), "name": row.name, "role": row.role,
            "person_id": "" if row.person is None else str(row.person), "label": row.label or "",
            "everybody": bool(row.everybody), "has_password": row.password is not None,
            "language": row.language or "", "made_ms": int(row.made_ms), "closed": row.closed_ms is not None,
        }
        for row in connection.execute(query.order_by(a.id))
    ]  # fmt: skip
    columns = ("account", "name", "role", "person_id", "label", "everybody", "has_password", "language", "made_ms")
    return pd.DataFrame(rows, columns=[*columns, "closed"])


# -- care ----------------------------------------------------------------------------------------------------------


def in_care(connection: Connection, account: int, now_ms: int) -> frozenset[int]:
    """Whom a narrowed orthotist sees."""
    c = schema_pages.care.c
    now = (c.from_ms <= now_ms) & (c.until_ms.is_(None) | (c.until_ms > now_ms))
    return frozenset(
        int(one) for one in connection.execute(select(c.person).where(c.account == account, now)).scalars()
    )


def take_care(connection: Connection, account: int, person: int, now_ms: int) -> None:
    """From now on this orthotist's account, narrowed hereby, sees this person. Raises InputError."""
    if row_of(connection, account).role != "orthotist":
        raise InputError(f"account {account!r}: is no orthotist's")
    people.person_row(connection, person)
    change(connection, account, everybody=0)
    if person in in_care(connection, account, now_ms):
        return
    connection.execute(insert(schema_pages.care).values(account=account, person=person, from_ms=now_ms))


def end_care(connection: Connection, account: int, person: int, now_ms: int) -> None:
    """From now on it does not. Raises InputError when it did not before."""
    if person not in in_care(connection, account, now_ms):
        raise InputError(f"person {person!r}: is not in the care of account {account!r}")
    c = schema_pages.care
    mine = (c.c.account == account) & (c.c.person == person) & c.c.until_ms.is_(None)
    connection.execute(update(c).where(mine).values(until_ms=now_ms))


def seers(connection: Connection, person: int, now_ms: int) -> pd.DataFrame:
    """role, accounts: how many may see this person's data now, by role."""
    a = schema_pages.account
    found = {"patient": 0, "orthotist": 0}
    for row in connection.execute(select(a).where(a.c.closed_ms.is_(None))):
        sees = row.person == person if row.role == "patient" else row.role == "orthotist"
        if sees and row.role == "orthotist" and not row.everybody:
            sees = person in in_care(connection, row.id, now_ms)
        if sees:
            found[row.role] += 1
    return pd.DataFrame({"role": list(found), "accounts": list(found.values())})
