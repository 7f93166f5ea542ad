"""What people entered, as it stands in its table: for an export, which wants all of it and nothing decided.

Moments end in _utc, days are dates, text is text, numbers are numbers; who entered it is nobody's business there.
"""

import numpy as np
import pandas as pd
from sqlalchemy import Connection, Table, select

from talus_host.store import bulk, people, schema, schema_pages
from talus_host.store.read import moments

ENTRIES: dict[str, Table] = {
    "told": schema_pages.told,
    "notes": schema_pages.note,
    "fittings": schema_pages.fitting,
    "exercise_plans": schema_pages.exercise_plan,
    "thresholds": schema_pages.threshold,
    "visits": schema_pages.visit,
    "headlines": schema.headline,
    "consents": schema_pages.consent,
    "pauses": schema_pages.pause,
}
LEFT_OUT = ("person", "account", "id")
DAYS = ("day", "from_day", "first_day", "last_day")


def entries(connection: Connection, person: int, name: str) -> pd.DataFrame:
    """Every row of a person in one of ENTRIES, by its key."""
    people.person_row(connection, person)
    table = ENTRIES[name]
    columns = [column for column in table.c if column.name not in LEFT_OUT]
    rows = bulk.fetch(connection, select(*columns).where(table.c.person == person).order_by(*table.primary_key.columns))
    found = {}
    for column in columns:
        values = rows[column.name]
        if column.name.endswith("_ms"):
            found[f"{column.name.removesuffix('_ms')}_utc"] = moments(values)
        elif column.name in DAYS:
            found[column.name] = pd.to_datetime(values).astype("datetime64[s]")
        elif column.type is schema.TEXT:
            found[column.name] = values.astype("str")
        else:
            found[column.name] = pd.to_numeric(values).astype(np.float64 if column.type is schema.REAL else "Int64")
    return pd.DataFrame(found)
