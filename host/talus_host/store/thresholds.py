"""A clinician's own limits for one person. Nothing is overwritten: of two entries the later holds, and the newest can
be taken back."""

from collections.abc import Collection, Mapping

import pandas as pd
from sqlalchemy import Connection, insert, select

from talus_host.errors import InputError
from talus_host.metrics.limits import DEFAULTS, LIMITS, refusal
from talus_host.store import bulk, people
from talus_host.store.newest import take_back
from talus_host.store.schema_pages import threshold

COLUMNS = ("name", "unit", "value", "default", "low", "high", "why", "own", "entered_ms", "account")


def add(
    connection: Connection, person: int, name: str, value: float | None, account: int | None, entered_ms: int
) -> None:
    """Set a limit; None: the default again. Raises InputError naming what does not fit."""
    people.person_row(connection, person)
    wrong = refusal(name, DEFAULTS.get(name, 0.0) if value is None else value)
    if wrong:
        raise InputError(wrong)
    known = threshold.c
    mine = (known.person == person) & (known.name == name) & (known.entered_ms == entered_ms)
    if connection.execute(select(known.value).where(mine)).first():
        raise InputError(f"{name}: was set at this very moment; look at it again")
    values = {"person": person, "name": name, "entered_ms": entered_ms, "value": value, "account": account}
    connection.execute(insert(threshold).values(**values))


def every(connection: Connection, person: int) -> pd.DataFrame:
    """Columns COLUMNS, one row per limit; own: somebody set it, NaN entered_ms and account where nobody did."""
    people.person_row(connection, person)
    told = _latest(connection, [person])
    rows = []
    for one in LIMITS:
        value, entered_ms, account = told.get((person, one.name), (None, None, None))
        own = value is not None
        holds = float(value) if value is not None else float(one.default)
        entered = (entered_ms, account) if own else (None, None)
        rows.append((one.name, one.unit, holds, float(one.default), one.low, one.high, one.why, own, *entered))
    found = pd.DataFrame(rows, columns=list(COLUMNS))
    return bulk.numbers(found, ["value", "default", "low", "high", "entered_ms", "account"])


def of_people(connection: Connection, numbers: Collection[int]) -> pd.DataFrame:
    """A row per person (the index) and a column per limit."""
    found = pd.DataFrame(dict(DEFAULTS), index=list(numbers), dtype="float64")
    for (person, name), (value, *_) in _latest(connection, numbers).items():
        if value is not None:
            found.loc[person, name] = value
    return found


def undo(connection: Connection, person: int) -> dict[str, object]:
    """Take the last entry back; returns it. Raises InputError when there is none."""
    row = take_back(connection, threshold, person, [threshold.c.name], "no threshold was set")
    return {"name": row.name, "value": row.value}


def _latest(
    connection: Connection, numbers: Collection[int]
) -> Mapping[tuple[int, str], tuple[float | None, int, int | None]]:
    """(person, name) -> (value, entered_ms, account) of the entry that holds; limits of another Talus are left out."""
    t = threshold.c
    query = select(t.person, t.name, t.value, t.entered_ms, t.account).order_by(t.entered_ms)
    wanted = set(numbers)
    rows = connection.execute(query.where(t.person == next(iter(wanted))) if len(wanted) == 1 else query)
    return {
        (row.person, row.name): (row.value, row.entered_ms, row.account)
        for row in rows
        if row.person in wanted and row.name in DEFAULTS
    }
