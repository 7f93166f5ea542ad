"""Two periods of one person laid beside each other, and what changed about the brace in them."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from sqlalchemy import Connection

from talus_host.errors import InputError
from talus_host.metrics import periods
from talus_host.metrics.both_legs import LIMIT_MS
from talus_host.store import changes, legs, people
from talus_host.store.read import Day, iso

Period = tuple[Day, Day]


@dataclass(frozen=True)
class Compared:
    """table: of metrics.periods; changes: side, day, what (diary and records) within either period; asymmetry: a row a
    period: days (with a figure), median_pct, open_pct (how far the clocks can move it), hidden (steps), apart_ms (the
    best), limit_ms."""

    table: pd.DataFrame
    changes: pd.DataFrame
    asymmetry: pd.DataFrame


def side_by_side(
    connection: Connection, person: int, first: Period, second: Period, measures: tuple[str, ...], today: Day
) -> Compared:
    """Both periods [start, end). Raises InputError naming the day that cannot be: missing, turned round, still to come,
    shared by both, or before anything is known."""
    people.person_row(connection, person)
    now = iso(today, "today")
    assert now is not None
    days, known = changes.days_and_changes(connection, person, now)
    begun = None if days.empty else str(days["day"].min().date())
    one, two = _checked(first, "first", now), _checked(second, "second", now)
    if one[0] < two[1] and two[0] < one[1]:
        shared = max(one[0], two[0])
        raise InputError(f"second_start {two[0]}: {shared} lies in both periods")
    _check_begun(one, "first", begun)
    _check_begun(two, "second", begun)
    day = known["day"].dt.strftime("%Y-%m-%d")
    inside = ((day >= one[0]) & (day < one[1])) | ((day >= two[0]) & (day < two[1]))
    rows = [_asymmetry(legs.step_times(connection, person, *period)) for period in (one, two)]
    table = periods.between(days, one, two, measures)
    return Compared(table, known[inside.to_numpy(bool)].reset_index(drop=True), pd.DataFrame(rows))


def _checked(period: Period, name: str, today: str) -> tuple[str, str]:
    start, end = iso(period[0], f"{name}_start"), iso(period[1], f"{name}_end")
    for field, day in ((f"{name}_start", start), (f"{name}_end", end)):
        if day is None:
            raise InputError(f"{field}: is missing")
    assert start is not None and end is not None
    last = str(np.datetime64(end, "D") - 1)
    if end <= start:
        raise InputError(f"{name}_end {last}: is before {name}_start {start}")
    if last > today:
        raise InputError(f"{name}_end {last}: is still to come; today is {today}")
    return start, end


def _check_begun(period: tuple[str, str], name: str, begun: str | None) -> None:
    if begun is None:
        raise InputError(f"{name}_start {period[0]}: nothing is known of any day yet")
    if period[1] <= begun:
        last = np.datetime64(period[1], "D") - 1
        raise InputError(f"{name}_end {last}: is before {begun}, the first day anything is known of")


def _asymmetry(found: pd.DataFrame) -> dict[str, float]:
    value = found["step_time_asymmetry_pct"]
    return {
        "days": float(value.notna().sum()),
        "median_pct": float(value.median()),
        "open_pct": float(found["open_pct"].median()),
        "hidden": float(found["hidden"].sum()),
        "apart_ms": float(found["apart_ms"].min()),
        "limit_ms": LIMIT_MS,
    }
