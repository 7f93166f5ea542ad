"""Whose data, which leg, which day: what the verbs that tell the desk something ask alike."""

from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from talus_host.errors import InputError
from talus_host.metrics.civil import Calendar
from talus_host.metrics.weekly import number_of
from talus_host.store import Store
from talus_host.store.read import iso


def person_of(store: Store, label: str | None) -> tuple[str, str]:
    """(id, label) of the person of that label, or the only one there is. Raises InputError."""
    if label is not None:
        return store.person_id(label), label
    people = store.people()
    if people.empty:
        raise InputError("nobody is in this database yet: `talus collect` fetches from a brace")
    if len(people) != 1:
        raise InputError("whose? say --person " + " or ".join(str(one) for one in people["label"]))
    return str(people["person_id"].iloc[0]), str(people["label"].iloc[0])


def side_of(store: Store, person: str, side: str | None) -> str:
    """The side asked for, or that of the person's only brace. Raises InputError."""
    if side is not None:
        return side
    sides = sorted({str(one) for one in store.braces(person)["side"]} - {"unknown"})
    if len(sides) != 1:
        raise InputError("which leg? say --side left or --side right")
    return sides[0]


def today_of(store: Store, person: str, now_ms: int) -> str:
    """The civil day it is where the person lives, as ISO text."""
    zone = str(store.person(person)["zone"])
    number = int(Calendar([(0, zone)]).day(np.array([now_ms]))[0])
    return str(date.fromordinal(number + date(1970, 1, 1).toordinal()))


def moment_of(store: Store, person: str, day: str) -> int:
    """UTC ms of the first moment of a day where the person lives. Raises InputError for what is no day."""
    span = Calendar([(0, str(store.person(person)["zone"]))]).span(number_of(iso(day, "day")))
    if span is None:
        raise InputError(f"day {day}: the person's zone skipped it")
    return span[0]


def stretches(store: Store, person: str, table: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows with from_utc and until_utc as `from` and `until`, ISO text of the person's wall; None: it has no end."""
    zone = str(store.person(person)["zone"])
    told = table.rename(columns={f"{name}_utc": name for name in ("from", "until")})
    for name in ("from", "until"):
        walls = [None if pd.isna(at) else at.tz_convert(zone).isoformat(timespec="minutes") for at in told[name]]
        told[name] = pd.Series(walls, index=told.index, dtype=object)
    return [{str(key): value for key, value in row.items()} for row in told.astype(object).to_dict("records")]
