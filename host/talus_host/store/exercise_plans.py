"""Which exercises were asked for, from which day: of two entries for one day the later holds, and taking an entry back
leaves what it had replaced. Beside it, what the brace counted: see metrics.exercise_days."""

import pandas as pd
from sqlalchemy import Connection, insert, select

from talus.wire.kinds import EXERCISES
from talus_host.errors import InputError
from talus_host.metrics.exercise_days import exercise_days
from talus_host.metrics.weekly import number_of
from talus_host.store import bulk, people, raw, schema_pages
from talus_host.store.newest import take_back
from talus_host.store.prescriptions import AHEAD_DAYS, DAY_MS, check_old, check_side
from talus_host.store.read import Day, iso

LIMITS = {"sets_a_day": (0, 20), "repetitions": (1, 100), "days_a_week": (1, 7)}
KEYS = ["exercise", "side", "from_day"]


def add(
    connection: Connection, person: int, exercise: str, side: str, from_day: Day, sets_a_day: int, repetitions: int,
    days_a_week: int, entered_ms: int,
) -> None:  # fmt: skip
    """sets_a_day 0 ends an exercise. Raises InputError naming what does not fit."""
    people.person_row(connection, person)
    check_side(side)
    if exercise not in EXERCISES:
        raise InputError(f"exercise {exercise!r}: is none of {', '.join(EXERCISES)}")
    day = iso(from_day, "from_day")
    if day is None:
        raise InputError("from_day: is missing")
    check_old(day, "from_day")
    if number_of(day) > entered_ms // DAY_MS + AHEAD_DAYS:
        raise InputError(f"from_day {day}: is more than {AHEAD_DAYS} days ahead")
    asked = {"sets_a_day": sets_a_day, "repetitions": repetitions, "days_a_week": days_a_week}
    for name, value in asked.items():
        low, high = LIMITS[name]
        if value != int(value) or not low <= value <= high:
            raise InputError(f"{name} {value!r}: is no whole number from {low} to {high}")
    p = schema_pages.exercise_plan
    key = {"person": person, "exercise": exercise, "side": side, "from_day": day}
    mine = [p.c[name] == value for name, value in key.items()]
    taken = set(connection.execute(select(p.c.entered_ms).where(*mine)).scalars())
    while entered_ms in taken:
        entered_ms += 1
    connection.execute(insert(p).values(**key, entered_ms=entered_ms, **asked))


def every(connection: Connection, person: int) -> pd.DataFrame:
    """exercise, side, from_day (datetime64), sets_a_day (0: it ended), repetitions, days_a_week: what holds."""
    people.person_row(connection, person)
    p = schema_pages.exercise_plan.c
    query = select(p.exercise, p.side, p.from_day, p.sets_a_day, p.repetitions, p.days_a_week)
    found = bulk.fetch(
        connection, query.where(p.person == person).order_by(p.exercise, p.side, p.from_day, p.entered_ms)
    )
    found = found.drop_duplicates(KEYS, keep="last", ignore_index=True)
    found["from_day"] = pd.to_datetime(found["from_day"]).astype("datetime64[s]")
    return found


def undo(connection: Connection, person: int) -> dict[str, object]:
    """Take the last entry back; returns it. Raises InputError when there is none."""
    plans = schema_pages.exercise_plan
    order = [plans.c.from_day, plans.c.exercise, plans.c.side]
    row = take_back(connection, plans, person, order, "no exercise was planned")
    return {"exercise": row.exercise, "side": row.side, "from_day": row.from_day}


def done(connection: Connection, person: int, start: Day, end: Day) -> pd.DataFrame:
    """See metrics.exercise_days, over the days [start, end)."""
    first, last = iso(start, "start"), iso(end, "end")
    if first is None or last is None:
        raise InputError("start and end: a range of days is needed")
    sets = raw.records(connection, person, "exercise", first, last)
    return exercise_days(every(connection, person), sets, first, last)
