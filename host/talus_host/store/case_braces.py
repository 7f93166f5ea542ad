"""The braces of many people: each leg's last sync, what it said of battery and parts, and the last weeks' pressures.

A leg's brace is the one that synced last: one that was replaced and lies in a drawer says nothing of its wearer. Of two
legs the worse figure is told.
"""

from collections.abc import Collection, Mapping

import numpy as np
import pandas as pd
from sqlalchemy import Connection, func, select

from talus_host.metrics.civil import Calendar
from talus_host.store import bulk, schema
from talus_host.store.case_wear import Pauses
from talus_host.store.read import fault_part, moments
from talus_host.store.withheld import OPEN_MS, touched

HOUR_MS, DAY_MS = 3_600_000, 86_400_000
PERIODS = {"7d": 7, "14d": 14}  # civil days, today among them
TIERS = ("red", "amber")
BRACE = ("last_sync_utc", "sync_age_h", "battery_pct", "battery_utc", "battery_side", "battery_unknown", "fault")
EVENTS = (*(f"{tier}_{name}" for tier in TIERS for name in (*PERIODS, "open")),)


def of_people(connection: Connection, people: pd.Index, now_ms: int) -> pd.DataFrame:
    """Per person BRACE, fault_part: the sync of the leg that is silent longest, the lowest battery that was told."""
    rows = _last_syncs(connection, people.tolist())
    rows = rows.sort_values(["person", "side", "received_ms"], kind="stable", na_position="first")
    legs = rows.drop_duplicates(["person", "side"], keep="last")
    legs = legs[legs["received_ms"].notna()]
    found = pd.DataFrame(index=people)
    by_person = legs.groupby("person")
    synced = by_person["received_ms"].min().reindex(people)
    found["last_sync_utc"] = moments(synced)
    found["sync_age_h"] = (now_ms - synced) / HOUR_MS
    low = (
        legs.sort_values(["battery", "side"], kind="stable")
        .drop_duplicates("person")
        .set_index("person")
        .reindex(people)
    )
    found["battery_pct"] = low["battery"]
    found["battery_utc"] = moments(low["received_ms"].where(low["battery"].notna()))
    found["battery_side"] = low["side"].where(low["battery"].notna())
    told = by_person["battery"].count().reindex(people)
    found["battery_unknown"] = ~(told == by_person.size().reindex(people))
    fault = legs.sort_values(["fault", "side"], ascending=[False, True], kind="stable", na_position="last")
    found["fault"] = fault.drop_duplicates("person").set_index("person")["fault"].reindex(people)
    found["fault_part"] = pd.Series([fault_part(one) for one in found["fault"].tolist()], index=people, dtype=object)
    return found


def _last_syncs(connection: Connection, ids: Collection[int]) -> pd.DataFrame:
    """person, side, received_ms, battery, fault (NaN: not known) of every brace."""
    b, s = schema.brace.c, schema.sync
    newest = select(func.max(s.c.received_ms)).where(s.c.device == b.device).correlate(schema.brace).scalar_subquery()
    query = (
        select(b.person, b.side, s.c.received_ms, s.c.battery, s.c.fault)
        .select_from(schema.brace)
        .outerjoin(s, (s.c.device == b.device) & (s.c.received_ms == newest))
        .where(b.person.in_(ids))
    )
    return bulk.numbers(bulk.fetch(connection, query), ["received_ms", "battery", "fault"])


def pressed(
    connection: Connection, today: pd.Series, calendars: Mapping[int, Calendar], pauses: Pauses
) -> pd.DataFrame:
    """Per person (the index of `today`, day numbers) EVENTS: how many began in the last days, and are still open."""
    people = today.index
    e, b = schema.pressure_event.c, schema.brace.c
    low = (int(today.min()) - max(PERIODS.values()) - 1) * DAY_MS if len(today) else 0
    query = (
        select(b.person, e.start_ms, e.end_ms, e.tier)
        .select_from(schema.brace)
        .join(schema.pressure_event, e.device == b.device)
        .where(b.person.in_(people.tolist()), e.tier.in_(TIERS))
    )
    lately = query.where(e.start_ms >= low, e.end_ms.is_not(None))
    rows = pd.concat(
        [bulk.fetch(connection, one) for one in (lately, query.where(e.end_ms.is_(None)))], ignore_index=True
    )
    rows = rows[~_paused(rows, pauses)].reset_index(drop=True)
    age = today.reindex(rows["person"]).to_numpy(np.int64) - _days(rows, calendars)
    held = {f"{tier}_{name}": age < days for name, days in PERIODS.items() for tier in TIERS}
    held |= {f"{tier}_open": rows["end_ms"].isna().to_numpy() for tier in TIERS}
    counts = pd.DataFrame(
        {name: mask & (rows["tier"] == name.split("_")[0]).to_numpy(bool) for name, mask in held.items()}
    )
    found = counts.groupby(rows["person"].to_numpy(np.int64)).sum().reindex(people, fill_value=0)
    return found[list(EVENTS)].astype(np.int64)


def _days(rows: pd.DataFrame, calendars: Mapping[int, Calendar]) -> np.ndarray:
    """The civil day each event began, for all people of one calendar at once."""
    found = np.zeros(len(rows), dtype=np.int64)
    start = rows["start_ms"].to_numpy(np.int64)
    whose = np.array([id(calendars[person]) for person in rows["person"].tolist()], dtype=np.int64)
    for calendar in {id(one): one for one in calendars.values()}.values():
        mine = whose == id(calendar)
        found[mine] = calendar.day(start[mine])
    return found


def _paused(rows: pd.DataFrame, pauses: Pauses) -> np.ndarray:
    """Events that a pause touches are shown to nobody, as everywhere."""
    found = np.zeros(len(rows), dtype=bool)
    person, start = rows["person"].to_numpy(), rows["start_ms"].to_numpy(np.int64)
    end = pd.to_numeric(rows["end_ms"]).fillna(OPEN_MS).to_numpy(np.int64)
    for one, spans in pauses.items():
        found |= (person == one) & touched(np.array(spans, dtype=np.int64), start, end)
    return found
