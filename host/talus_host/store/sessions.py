"""Who is logged in, and who is invited. A browser holds 256 random bits; the database their SHA-256 alone.

A session is new at each login, ends with logging out, with a new password, with its account, when nobody has asked for
so long, and in any case after the role's longest. Sessions outlive a restart of the pages.
"""

import contextlib
import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, Engine, delete, insert, select, update

from talus_host.errors import DeniedError, StoreError
from talus_host.store import accounts, schema_pages
from talus_host.store.engine import reading, writing

TOKEN_BYTES = 32
MINUTE_MS, HOUR_MS, DAY_MS = 60_000, 3_600_000, 86_400_000
# role: (idle, longest). An orthotist's screen in a room others walk through shows many people: the 30 minutes and
# 12 hours of NIST SP 800-63B-3, AAL2 (a working day). A patient sees their own data, on a device of their own, and
# types with one hand, perhaps in the morning only: a week idle, and its 30 days of AAL1. A developer sees no person.
LASTS: Mapping[str, tuple[int, int]] = {
    "orthotist": (30 * MINUTE_MS, 12 * HOUR_MS),
    "patient": (7 * DAY_MS, 30 * DAY_MS),
    "developer": (12 * HOUR_MS, 30 * DAY_MS),
}
SEEN_EVERY_MS = MINUTE_MS  # a session's last moment is written no more often than that
INVITED_MS = 3 * DAY_MS


@dataclass(frozen=True)
class Visitor:
    """A session's account. people: ids it may see besides, None for everybody; session: the token's SHA-256."""

    account: int
    name: str
    role: str
    person: str | None
    people: frozenset[str] | None
    language: str
    session: bytes


def kept(token: str) -> bytes:
    """A token as the database knows it."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()


def begin(connection: Connection, account: int, now_ms: int) -> str:
    """A new session; returns its token. What has run out is swept out on the way."""
    s = schema_pages.web_session
    connection.execute(delete(s).where(s.c.until_ms <= now_ms))
    longest = LASTS[accounts.row_of(connection, account).role][1]
    token = secrets.token_urlsafe(TOKEN_BYTES)
    times = {"made_ms": now_ms, "seen_ms": now_ms, "until_ms": now_ms + longest}
    connection.execute(insert(s).values(token=kept(token), account=account, **times))
    return token


def find(engine: Engine, token: str, now_ms: int) -> Visitor | None:
    """Whose session this is, None where it is none or none any more. That it was seen is written where it can be."""
    s, a = schema_pages.web_session, schema_pages.account
    with reading(engine) as connection:
        query = select(s.c.seen_ms, s.c.until_ms, a).join_from(s, a, s.c.account == a.c.id)
        row = connection.execute(query.where(s.c.token == kept(token), a.c.closed_ms.is_(None))).first()
        if row is None or now_ms >= row.until_ms or now_ms >= row.seen_ms + LASTS[row.role][0]:
            return None
        people: frozenset[str] | None = frozenset()
        if row.role == "orthotist":
            people = None if row.everybody else frozenset(map(str, accounts.in_care(connection, row.id, now_ms)))
    if now_ms - row.seen_ms >= SEEN_EVERY_MS:
        with contextlib.suppress(StoreError), writing(engine) as connection:
            connection.execute(update(s).where(s.c.token == kept(token)).values(seen_ms=now_ms))
    person = None if row.person is None else str(row.person)
    return Visitor(int(row.id), row.name, row.role, person, people, row.language or "", kept(token))


def end(connection: Connection, session: bytes) -> None:
    s = schema_pages.web_session
    connection.execute(delete(s).where(s.c.token == session))


def end_all(connection: Connection, account: int) -> None:
    s = schema_pages.web_session
    connection.execute(delete(s).where(s.c.account == account))


def invite(connection: Connection, account: int, now_ms: int) -> str:
    """A token that lets into an account once; the ones before it are void."""
    i = schema_pages.invitation
    accounts.row_of(connection, account)
    connection.execute(delete(i).where((i.c.account == account) | (i.c.until_ms <= now_ms)))
    token = secrets.token_urlsafe(TOKEN_BYTES)
    connection.execute(insert(i).values(token=kept(token), account=account, until_ms=now_ms + INVITED_MS))
    return token


def invited(connection: Connection, token: str, now_ms: int) -> int:
    """The account an invitation is for; it is not used by that. Raises DeniedError."""
    i = schema_pages.invitation.c
    found = connection.execute(select(i.account).where(i.token == kept(token), i.until_ms > now_ms)).scalar()
    if found is None:
        raise DeniedError("invitation: was used, has run out, or never was one")
    return int(found)


def use(connection: Connection, token: str, now_ms: int) -> int:
    """The account of an invitation, which is used up. Raises DeniedError."""
    account = invited(connection, token, now_ms)
    i = schema_pages.invitation
    connection.execute(delete(i).where(i.c.token == kept(token)))
    return account
