"""Taking one person out of the database, completely: every row that is theirs, and every byte those rows left behind.

The rows go in one transaction, all or none. Then the log is emptied and the file written anew, because deleted rows
linger in both; a mark in the file's head says so until that is done, and whoever opens the database next does it.

What stays is a tombstone of each of their braces' journals and one row of the trail without content. A late sync of
such a journal is refused, not swallowed: an acknowledgement would let the brace write over records that nobody has, and
a next wearer's data would vanish in silence in a journal that began with another's. Refused, nothing is lost anywhere,
and the message says what ends it: `talus erase` on the cable empties the brace, which begins a new journal, under a new
id, with its next start. So may the brace of a person who is erased be given to another.
"""

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Engine, Table, delete, insert, literal_column, select, union

from talus_host.errors import ErasedError, StoreError
from talus_host.store import attempts, people, schema, schema_pages, trail
from talus_host.store.engine import BUSY_MS, plainly, reading, writing

KEPT = ("audit", "audit_end", "erased")  # tombstones, and the trail: neither holds content
LEFT_OVER = 1  # user_version: rows were deleted whose bytes may still be in the files
OPENING_MS = 500  # a program that only opens the database waits no longer for others to let it clean


@dataclass
class Receipt:
    """What was erased: rows by table, the braces (16 hex digits), and whether no byte of it is left in the files."""

    person: int
    at_ms: int
    rows: dict[str, int] = field(default_factory=dict)
    braces: list[str] = field(default_factory=list)
    cleaned: bool = False


def erase(engine: Engine, person: int, now_ms: int, *, wait_ms: int = BUSY_MS) -> Receipt:
    """See the head. Raises InputError for nobody; StoreErrors, and then everything is as it was."""
    with writing(engine) as connection:
        connection.exec_driver_sql("PRAGMA secure_delete = ON")
        receipt = take_out(connection, person, now_ms)
        connection.exec_driver_sql(f"PRAGMA user_version = {LEFT_OVER}")
    with contextlib.suppress(StoreError):  # busy, or no room: the rows are gone, and the mark stays
        clean(engine, wait_ms)
        receipt.cleaned = True
    return receipt


def take_out(connection: Connection, person: int, now_ms: int) -> Receipt:
    """Every row of a person, those that point to others first."""
    people.person_row(connection, person)
    b, a = schema.brace.c, schema_pages.account.c
    devices = [int(one) for one in connection.execute(select(b.device).where(b.person == person)).scalars()]
    accounts = {int(row.id): row.name for row in connection.execute(select(a.id, a.name).where(a.person == person))}
    typed = [attempts.key_of(str(name)) for name in (*accounts.values(), people.person_row(connection, person).label)]
    _bury(connection, devices, now_ms)
    receipt = Receipt(person, now_ms, braces=[schema.name_of(device) for device in devices])
    for table in reversed(schema.metadata.sorted_tables):
        gone = 0
        for column, values in owned_by(table, person, devices, list(accounts), typed):
            if values:
                gone += connection.execute(delete(table).where(table.c[column].in_(values))).rowcount
        if gone:
            receipt.rows[table.name] = gone
    trail.add(connection, now_ms, "erase", person, f"{sum(receipt.rows.values())} rows")
    return receipt


def owned_by(
    table: Table, person: int, devices: list[int], accounts: list[int], typed: list[bytes]
) -> Iterator[tuple[str, Sequence[int | bytes]]]:
    """(column, values) that make a row the person's: by the person, by their brace, by their account, or by its name
    as it was typed at the door."""
    if table.name in KEPT:
        return
    if table.name == "person":
        yield "id", [person]
    for column, values in (("person", [person]), ("device", devices)):
        if column in table.c:
            yield column, values
    if table is schema_pages.attempt:
        yield "name", typed
    if "account" in table.c and table.c["account"].foreign_keys:  # a note's author is not its subject
        yield "account", accounts


def _bury(connection: Connection, devices: list[int], now_ms: int) -> None:
    """A tombstone of every journal of these braces."""
    e, s, k = schema_pages.erased, schema.sync.c, schema.boot_kind.c
    held = union(
        select(s.device, s.journal).where(s.device.in_(devices)),
        select(k.device, k.journal).where(k.device.in_(devices)),
    ).subquery()
    known = select(e.c.device).where(e.c.device == held.c.device, e.c.journal == held.c.journal).exists()
    rows = select(held.c.device, held.c.journal, literal_column(str(int(now_ms)))).where(~known)
    connection.execute(insert(e).from_select(["device", "journal", "at_ms"], rows))


def check(connection: Connection, device: int, journal: int) -> None:
    """Raises ErasedError for a journal of which somebody was erased."""
    e = schema_pages.erased.c
    if connection.execute(select(e.at_ms).where(e.device == device, e.journal == journal)).first():
        raise ErasedError(
            f"brace {schema.name_of(device)}: holds records of a person who was erased here; none was fetched or "
            "acknowledged. `talus erase` on its cable empties the brace, then it can be given to somebody"
        )


def clean(engine: Engine, wait_ms: int) -> None:
    """Leave no byte of what was deleted in the database's files. Raises StoreBusyError, StoreFullError, StoreError."""
    path = engine.url.database or ""
    with plainly(path), contextlib.closing(engine.raw_connection()) as connection:
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout = {wait_ms}")
        cursor.execute("PRAGMA temp_store = FILE")  # the whole file is written anew: not through memory
        try:
            _empty_log(cursor, path)
            cursor.execute("VACUUM")
            _empty_log(cursor, path)
            cursor.execute("PRAGMA user_version = 0")
        finally:
            cursor.execute("PRAGMA temp_store = MEMORY")
            cursor.execute(f"PRAGMA busy_timeout = {BUSY_MS}")
            cursor.close()


def _empty_log(cursor: Any, path: str) -> None:
    busy = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
    if busy:
        raise StoreError(
            f"database {path}: another program reads it; traces of what was erased stay until it is closed"
        )


def finish(engine: Engine) -> bool:
    """Clean what an erasure that was cut off left; False where that has to wait."""
    with reading(engine) as connection:
        left = connection.exec_driver_sql("PRAGMA user_version").scalar() == LEFT_OVER
    if not left:
        return True
    try:
        clean(engine, OPENING_MS)
    except StoreError:
        return False
    return True
