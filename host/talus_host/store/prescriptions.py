"""What was prescribed, from which day, for which leg. Nothing is overwritten: of two for one day the later entry holds,
and taking an entry back leaves what it had replaced."""

from collections.abc import Mapping

import pandas as pd
from sqlalchemy import Connection, delete, insert, select

from talus_host.errors import InputError
from talus_host.metrics.adherence import KINDS
from talus_host.metrics.adherence import targets as targets_of
from talus_host.metrics.weekly import number_of
from talus_host.store import bulk, people, schema
from talus_host.store.newest import take_back
from talus_host.store.read import Day, iso

SIDES = ("left", "right")
HOURS = ("hours", "hours_max", "hours_more")
EARLIEST_DAY = "2000-01-01"  # before any brace: a slip of the fingers
AHEAD_DAYS, DAY_MS = 366, 86_400_000
FIELDS: Mapping[str, tuple[str, ...]] = {"hours": ("hours",), "break_in": ("hours", "hours_max", "hours_more")}


def add(
    connection: Connection,
    person: int,
    side: str,
    from_day: Day,
    kind: str,
    hours: Mapping[str, float | None],
    entered_ms: int,
) -> None:
    """hours: hours, hours_max, hours_more as the kind wants them. Raises InputError naming what does not fit."""
    people.person_row(connection, person)
    check_side(side)
    if kind not in KINDS:
        raise InputError(f"kind {kind!r}: is none of {', '.join(KINDS)}")
    day = iso(from_day, "from_day")
    if day is None:
        raise InputError("from_day: is missing")
    check_old(day, "from_day")
    if number_of(day) > entered_ms // DAY_MS + AHEAD_DAYS:
        raise InputError(f"from_day {day}: is more than {AHEAD_DAYS} days ahead")
    wanted = FIELDS.get(kind, ())
    for name in HOURS:
        value = hours.get(name)
        if (value is None) == (name in wanted):
            raise InputError(f"{name}: {kind} needs it" if value is None else f"{name} {value!r}: {kind} has none")
        if value is not None and not 0 < value <= 24:
            raise InputError(f"{name} {value!r}: is not above 0 and at most 24 hours")
    if kind == "break_in" and (hours["hours"] or 0) > (hours["hours_max"] or 0):
        raise InputError(f"hours {hours['hours']!r}: is more than hours_max {hours['hours_max']!r}")
    values = {name: hours.get(name) for name in HOURS}
    held = every(connection, person)
    held = held[((held["side"] == side) & (held["from_day"] == pd.Timestamp(day))).to_numpy(bool)]
    if len(held) and (held["kind"].iloc[0], *_plain(held)) == (kind, *values.values()):
        raise InputError(f"from_day {day}: the same is prescribed already")
    key = {"person": person, "side": side, "from_day": day, "entered_ms": entered_ms}
    connection.execute(insert(schema.prescription).values(**key, kind=kind, **values))


def check_old(day: str, field: str) -> None:
    """Raises InputError for a day before there could be a record."""
    if day < EARLIEST_DAY:
        raise InputError(f"{field} {day}: is before {EARLIEST_DAY}")


def check_side(side: str) -> None:
    if side not in SIDES:
        raise InputError(f"side {side!r}: is neither left nor right")


def _plain(held: pd.DataFrame) -> list[float | None]:
    return [None if pd.isna(held[name].iloc[0]) else float(held[name].iloc[0]) for name in HOURS]


def every(connection: Connection, person: int) -> pd.DataFrame:
    """side, from_day (datetime64), kind, hours, hours_max, hours_more, entered_ms: what holds, by side and day."""
    found = history(connection, person)
    return found.drop_duplicates(["side", "from_day"], keep="last", ignore_index=True)


def history(connection: Connection, person: int) -> pd.DataFrame:
    """The same of all that was entered, also what a later entry for the same day replaced."""
    people.person_row(connection, person)
    p = schema.prescription.c
    query = select(p.side, p.from_day, p.kind, p.hours, p.hours_max, p.hours_more, p.entered_ms)
    order = (p.side, p.from_day, p.entered_ms)
    found = bulk.fetch(connection, query.where(p.person == person).order_by(*order))
    found["from_day"] = pd.to_datetime(found["from_day"]).astype("datetime64[s]")
    return bulk.numbers(found, HOURS)


def remove(connection: Connection, person: int, side: str, from_day: Day, entered_ms: int) -> None:
    """Take one entry back; what it had replaced holds again. Raises InputError when it is gone already."""
    p = schema.prescription
    key = {"person": person, "side": side, "from_day": iso(from_day, "from_day"), "entered_ms": entered_ms}
    if not connection.execute(delete(p).where(*(p.c[name] == value for name, value in key.items()))).rowcount:
        raise InputError(f"from_day {key['from_day']}: that prescription was taken back already")


def targets(connection: Connection, person: int, start: Day, end: Day) -> pd.DataFrame:
    """side, day, kind ("" none), target_h, most_h: what is asked of each leg with a brace or a prescription, on each
    day of [start, end), days to come too. See metrics.adherence.targets."""
    given = every(connection, person)
    b = schema.brace.c
    braces = connection.execute(select(b.side).where(b.person == person)).scalars().all()
    days = pd.date_range(iso(start, "start"), iso(end, "end"), freq="D", inclusive="left", unit="s")
    sides = pd.DataFrame({"side": sorted({*braces, *given["side"]})})
    table = sides.merge(pd.DataFrame({"day": days}), how="cross")
    return table.join(targets_of(given, table))


def undo(connection: Connection, person: int) -> dict[str, object]:
    """Take the last entry back; returns it. Raises InputError when there is none."""
    entries = schema.prescription
    row = take_back(connection, entries, person, [entries.c.from_day], "no prescription was entered")
    return {"side": row.side, "from_day": row.from_day, "kind": row.kind}
