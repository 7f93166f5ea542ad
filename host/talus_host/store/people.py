"""People and their braces: pseudonyms, zones, goals, and which leg a brace is on. A person here is a label, no name."""

import uuid
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import Connection, Row, Table, delete, func, insert, select, update

from talus_host.errors import InputError
from talus_host.store import schema, schema_pages

Person = int | str  # ids are numbers in the database and text on a page
ID_MAX = (1 << 63) - 1  # what the database can count to
SIDES = ("left", "right", "unknown")


def number_of(person: Person) -> int:
    """The database's id of a person. Raises InputError for text that is no id."""
    try:
        number = int(person)
    except ValueError as error:
        raise InputError(f"person {person!r}: there is none of that id") from error
    if not 0 <= number <= ID_MAX:
        raise InputError(f"person {person!r}: there is none of that id")
    return number


def check_zone(zone: str) -> None:
    """Raises InputError unless the zone is an IANA name this machine knows."""
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise InputError(f"zone {zone!r}: is not an IANA time zone such as Europe/Berlin") from error


def add_person(
    connection: Connection, label: str, zone: str, goal_h: float | None, *, provisional: bool = False
) -> int:
    """A new person; returns the id. Raises InputError naming the field for a taken label, a wrong zone or goal."""
    check_zone(zone)
    if not label.strip():
        raise InputError(f"label {label!r}: is empty")
    if not label.isprintable() or any(c in label for c in "/\\:") or label.startswith("."):
        raise InputError(f"label {label!r}: names a folder in an export, so it holds no / \\ : and begins with no dot")
    if goal_h is not None and not 0 < goal_h <= 24:
        raise InputError(f"goal_h {goal_h!r}: is not above 0 and at most 24 hours")
    if connection.execute(select(schema.person.c.id).where(schema.person.c.label == label)).first():
        raise InputError(f"label {label!r}: there is a person of that label")
    person = _next_number(connection)
    values = {"id": person, "label": label, "goal_h": goal_h, "provisional": int(provisional)}
    connection.execute(insert(schema.person).values(**values))
    connection.execute(insert(schema.person_zone).values(person=person, from_ms=0, zone=zone))
    return person


def _next_number(connection: Connection) -> int:
    """A number nobody has and nobody had: the trail still names those who were erased."""
    used = (schema.person.c.id, schema_pages.audit.c.person)
    return 1 + max(connection.execute(select(func.max(column))).scalar() or 0 for column in used)


def person_row(connection: Connection, person: int) -> Row[Any]:
    """Raises InputError when there is no such person."""
    row = connection.execute(select(schema.person).where(schema.person.c.id == person)).first()
    if row is None:
        raise InputError(f"person {person!r}: there is none of that id")
    return row


def export_id(connection: Connection, person: int) -> str:
    """What other systems know the person by: a random UUID, made when first asked for, the same ever after."""
    known = person_row(connection, person).export_id
    if known is not None:
        return str(known)
    made = str(uuid.uuid4())
    connection.execute(update(schema.person).where(schema.person.c.id == person).values(export_id=made))
    return made


def zone_now(connection: Connection, person: int) -> str:
    """The zone told last."""
    z = schema.person_zone.c
    query = select(z.zone).where(z.person == person).order_by(z.from_ms.desc()).limit(1)
    return str(connection.execute(query).scalar_one())


def set_zone(connection: Connection, person: int, zone: str, from_ms: int | None) -> None:
    """From a moment on (a journey), or, with None, for all time (it was wrong)."""
    check_zone(zone)
    person_row(connection, person)
    z = schema.person_zone
    if from_ms is None:
        connection.execute(delete(z).where(z.c.person == person))
        from_ms = 0
    else:
        connection.execute(delete(z).where(z.c.person == person, z.c.from_ms == from_ms))
    connection.execute(insert(z).values(person=person, from_ms=from_ms, zone=zone))


def set_goal(connection: Connection, person: int, goal_h: float | None) -> None:
    if goal_h is not None and not 0 < goal_h <= 24:
        raise InputError(f"goal_h {goal_h!r}: is not above 0 and at most 24 hours")
    person_row(connection, person)
    connection.execute(update(schema.person).where(schema.person.c.id == person).values(goal_h=goal_h))


def set_mass(connection: Connection, person: int, mass_kg: float | None) -> None:
    if mass_kg is not None and not 20 <= mass_kg <= 300:
        raise InputError(f"mass_kg {mass_kg!r}: is not from 20 to 300 kg")
    person_row(connection, person)
    connection.execute(update(schema.person).where(schema.person.c.id == person).values(mass_kg=mass_kg))


def brace_row(connection: Connection, device: int) -> Row[Any] | None:
    return connection.execute(select(schema.brace).where(schema.brace.c.device == device)).first()


def ensure_brace(connection: Connection, device: int, side: str, zone: str) -> Row[Any]:
    """The brace's row, made with a person of its own if it is new: two people's data are never thrown together.

    The side is learnt once; a brace that later says another is filed where it was, and `quality` says so.
    """
    row = brace_row(connection, device)
    if row is None:
        label = f"wearer of {schema.name_of(device)[:6]}"
        taken = select(func.count()).where(schema.person.c.label == label)
        if connection.execute(taken).scalar_one():
            label = f"wearer of {schema.name_of(device)}"
        person = add_person(connection, label, zone, None, provisional=True)
        values = {"device": device, "side": side, "person": person}
        connection.execute(insert(schema.brace).values(**values))
        row = brace_row(connection, device)
    assert row is not None
    return row


def assign(connection: Connection, device: int, person: int, side: str | None, *, move: bool) -> tuple[int, str]:
    """File a brace under a person, and say its leg; returns what it was filed under before.

    Raises InputError when it already holds records of somebody named and `move` does not say that they were misfiled.
    """
    person_row(connection, person)
    if side is not None and side not in SIDES:
        raise InputError(f"side {side!r}: is none of {', '.join(SIDES)}")
    row = brace_row(connection, device)
    if row is None:
        values = {"device": device, "side": side or "unknown", "person": person}
        connection.execute(insert(schema.brace).values(**values))
        return person, side or "unknown"
    old = person_row(connection, row.person)
    b = schema.boot_kind.c
    if old.id != person and not old.provisional and not move:
        held = connection.execute(select(func.sum(b.records)).where(b.device == device)).scalar()
        if held:
            raise InputError(
                f"brace {schema.name_of(device)}: holds {held} records of {old.label}; "
                "say that they were misfiled to move them"
            )
    changed = {"person": person, "side": side or row.side}
    connection.execute(update(schema.brace).where(schema.brace.c.device == device).values(**changed))
    return int(old.id), str(row.side)


def drop_if_provisional(connection: Connection, person: int) -> None:
    """Forget a person who was only made to hold a brace, holds none any more, and of whom nothing else was told."""
    row = person_row(connection, person)
    own = (schema.judged, schema.person_zone)  # of everybody, told or not
    held = [one for one in schema.metadata.sorted_tables if _points_to_people(one) and one not in own]
    has = any(connection.execute(select(func.count()).where(one.c.person == person)).scalar_one() for one in held)
    if row.provisional and not has:
        for one in own:
            connection.execute(delete(one).where(one.c.person == person))
        connection.execute(delete(schema.person).where(schema.person.c.id == person))


def _points_to_people(table: Table) -> bool:
    return any(key.column.table is schema.person for key in table.foreign_keys)


def end_journey(connection: Connection, person: int, from_ms: int) -> None:
    """Forget one change of zone. Raises InputError when there is none of that moment, or it is where the person is
    from."""
    z = schema.person_zone
    mine = (z.c.person == person) & (z.c.from_ms == from_ms) & (z.c.from_ms > 0)
    if not connection.execute(delete(z).where(mine)).rowcount:
        raise InputError("zone: that change of zone was taken back already")
