"""Everybody at once, sorted by need: what an orthotist looks at before choosing whom to call.

Wear, syncs, battery and pressure are read from the views, a few days of each person, so they are always up to date and
hang on the moment they are asked for; flags and claims are those kept by `judged`, with the day they were judged on.
No loop here runs over days; the answer for 500 people costs a few reads of the database.
"""

import json
from collections.abc import Collection
from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy import Connection, select

from talus_host.metrics.civil import Calendar
from talus_host.metrics.flags import FLAGS
from talus_host.metrics.need import need
from talus_host.store import bulk, case_braces, case_wear, consents, schema, thresholds, visits
from talus_host.store.schema_pages import pause

PERIOD_DAYS = 14
FOREVER_MS = 4_102_444_800_000  # 2100-01-01
KEPT_FLAGS = tuple(flag for flag in FLAGS if flag != "no_data")
# What is shown of nobody whose data are paused, or who agrees to care no longer.
COUNTS = ("days", "days_valid", "days_with_data", "worse", "flags_clear", *case_braces.EVENTS)
NUMBERS = (
    *("met_pct_low", "met_pct_high", "before_met_pct_low", "before_met_pct_high", "days_since_data", "sync_age_h"),
    *("battery_pct", "fault"),
)
LISTS = ("flags", "flags_unknown", "claims")


def caseload(connection: Connection, now_ms: int, numbers: Collection[int] | None) -> pd.DataFrame:
    """One row per person, worst need first.

    person_id, label, provisional, paused, care_ended (of whom no figure is told), today; need, reason, figure, reasons
    (metrics.need), judged (flags and claims are of today and of all that came), judged_day; flags (raised: dicts of
    store.judged), flags_unknown (names of those that could not be judged), claims; side (the leg whose wear is told:
    the worst), days, days_valid, days_with_data, assessable, met_pct_low, met_pct_high, prescribed, and before_* of the
    14 days before; last_sync_utc, sync_age_h, last_day, days_since_data; battery_pct, battery_utc, battery_side,
    battery_unknown, fault, fault_part; red_7d, amber_7d, red_14d, amber_14d, red_open, amber_open; visit_day,
    days_to_visit; a column per limit.
    """
    table = _people(connection, numbers)
    ids, people = table.index.tolist(), table.index
    calendars = calendars_of(connection, ids)
    today = pd.Series(todays(calendars, now_ms), index=people, dtype="int64")
    pauses = _pauses(connection, ids)
    table["today"] = _dates(today)
    care = consents.of_people(connection, ids, consents.CARE, now_ms)
    table["care_ended"] = [care[one].state == consents.ENDED for one in ids]
    table["paused"] = [any(low <= now_ms < high for low, high in pauses.get(one, ())) for one in ids]
    table = table.join(case_wear.of_people(connection, today, calendars, pauses, PERIOD_DAYS))
    table["days_since_data"] = (table["today"] - table["last_day"]).dt.days.astype(np.float64)
    table = table.join(case_braces.of_people(connection, people, now_ms))
    table = table.join(case_braces.pressed(connection, today, calendars, pauses))
    table = table.join(_judged(connection, table["today"])).join(thresholds.of_people(connection, ids))
    planned = visits.of_people(connection, ids)
    day = pd.Series([planned.get(one) for one in ids], index=people, dtype="datetime64[s]")
    table["visit_day"] = day.where(day >= table["today"])
    table["days_to_visit"] = (table["visit_day"] - table["today"]).dt.days.astype(np.float64)
    return need(_hidden(table))


def _people(connection: Connection, numbers: Collection[int] | None) -> pd.DataFrame:
    p = schema.person.c
    query = select(p.id, p.label, p.provisional).order_by(p.id)
    if numbers is not None:
        query = query.where(p.id.in_(list(numbers)))
    found = bulk.fetch(connection, query)
    found["person_id"] = found["id"].astype(str)
    found["provisional"] = found["provisional"].astype(bool)
    return found.set_index(found.pop("id").astype(np.int64).rename("person"))[["person_id", "label", "provisional"]]


def calendars_of(connection: Connection, ids: Collection[int]) -> dict[int, Calendar]:
    """Each person's calendar; people who share their zones share it."""
    z = schema.person_zone.c
    told: dict[int, list[tuple[int, str]]] = {one: [] for one in ids}
    for row in connection.execute(select(z.person, z.from_ms, z.zone).order_by(z.person, z.from_ms)):
        if row.person in told:
            told[row.person].append((row.from_ms, row.zone))
    known = {changes: Calendar(changes) for changes in {tuple(one) for one in told.values()}}
    return {one: known[tuple(changes)] for one, changes in told.items()}


def todays(calendars: dict[int, Calendar], now_ms: int) -> dict[int, int]:
    """The number of each person's civil day at a moment."""
    known = {id(one): int(one.day(np.array([now_ms]))[0]) for one in {id(c): c for c in calendars.values()}.values()}
    return {person: known[id(calendar)] for person, calendar in calendars.items()}


def _pauses(connection: Connection, ids: Collection[int]) -> dict[int, list[tuple[int, int]]]:
    """[from, until) of every pause, by person."""
    wanted = set(ids)
    found: dict[int, list[tuple[int, int]]] = {}
    for row in connection.execute(select(pause.c.person, pause.c.from_ms, pause.c.until_ms)):
        if row.person in wanted:
            until = FOREVER_MS if row.until_ms is None else row.until_ms
            found.setdefault(row.person, []).append((row.from_ms, until))
    return found


def _judged(connection: Connection, today: pd.Series) -> pd.DataFrame:
    """Per person what `judged` keeps: judged, judged_day, flags, flags_unknown, flags_clear, claims, worse, flag_*."""
    j = schema.judged.c
    rows = connection.execute(select(schema.judged).where(j.answered.is_not(None))).all()
    kept = {row.person: row for row in rows}
    days = dict(zip(today.index.tolist(), today.dt.strftime("%Y-%m-%d").tolist(), strict=True))
    table = pd.DataFrame([_answer(kept.get(one), day) for one, day in days.items()], columns=list(ANSWER))
    table = table.set_index(today.index)
    table["judged_day"] = table["judged_day"].astype("datetime64[s]")
    return table


ANSWER = ("judged", "judged_day", *LISTS, "flags_clear", "worse", *(f"flag_{name}" for name in KEPT_FLAGS))


def _answer(row: Any, day: str) -> tuple[Any, ...]:
    if row is None:
        return (False, None, (), (), (), 0, 0, *(False for _ in KEPT_FLAGS))
    flags, claims = json.loads(row.flags), json.loads(row.claims)
    raised = tuple(one for one in flags if one["state"] == "raised")
    unknown = tuple(dict.fromkeys(one["flag"] for one in flags if one["state"] == "not_assessable"))
    clear = sum(one["state"] == "clear" for one in flags)
    worse = sum(one["verdict"] == "worse" for one in claims)
    names = {one["flag"] for one in raised}
    fresh = row.answered == row.asked and row.day == day
    return (fresh, row.day, raised, unknown, tuple(claims), clear, worse, *(name in names for name in KEPT_FLAGS))


def _hidden(table: pd.DataFrame) -> pd.DataFrame:
    """What was recorded is shown of nobody who is paused now; of whom consent to care ended, no visit either."""
    ended = table["care_ended"].to_numpy(bool)
    paused = table["paused"].to_numpy(bool) | ended
    if not paused.any():
        return table
    table.loc[ended, "visit_day"] = pd.NaT
    table.loc[ended, "days_to_visit"] = np.nan
    flags = [f"flag_{name}" for name in KEPT_FLAGS]
    table.loc[paused, [*COUNTS, *(f"before_{name}" for name in COUNTS[:3])]] = 0
    table.loc[paused, list(NUMBERS)] = np.nan
    table.loc[paused, ["assessable", "before_assessable", "judged", *flags]] = False
    table.loc[paused, ["last_day", "last_sync_utc", "battery_utc", "judged_day"]] = pd.NaT
    for name in LISTS:
        table[name] = [() if hide else one for one, hide in zip(table[name], paused, strict=True)]
    table.loc[paused, ["side", "battery_side", "fault_part"]] = None
    return table


def _dates(number: pd.Series) -> pd.Series:
    return pd.Series(number.to_numpy().astype("datetime64[D]").astype("datetime64[s]"), index=number.index)
