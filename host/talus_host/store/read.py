"""What pages, reports and exports read: views as tables, with the columns named here and no others.

What a pause touches is withheld here, for everybody downstream: see store/withheld.py. NaN means "not measured",
never 0. `day` is a civil date of the person's own calendar (midnight, without a zone); `*_utc` are moments with the
zone UTC. Ranges of days are half-open: [start, end); None leaves an end open.
"""

from datetime import date
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
from sqlalchemy import Connection, Select, Table, func, select

from talus.wire.kinds import SENSORS
from talus_host.errors import InputError
from talus_host.metrics.civil import HOUR_MS, Calendar
from talus_host.metrics.day_status import day_status
from talus_host.metrics.pressure_minutes import MEASURES as PRESSURE_MEASURES
from talus_host.store import bulk, load, people, schema, withheld

Day: TypeAlias = date | str | np.datetime64 | None  # a pandas Timestamp is a date, too

DAYS = ("person_id", "side", "day", "status", *(n for n in schema.DAY_MEASURES if n != "unknown_waking_h"))
HOURS = ("side", "day", "hour", "worn_min", "not_worn_min", "unknown_min", "steps", "paused")


def all_people(connection: Connection) -> pd.DataFrame:
    """person_id (text), label, zone, goal_h (NaN: none set)."""
    p = schema.person.c
    found = bulk.fetch(connection, select(p.id.label("person_id"), p.label, p.goal_h).order_by(p.id))
    found["zone"] = [people.zone_now(connection, person) for person in found["person_id"].tolist()]
    found["person_id"] = found["person_id"].astype(str)
    return bulk.numbers(found[["person_id", "label", "zone", "goal_h"]], ["goal_h"])


def braces(connection: Connection, person: int | None = None) -> pd.DataFrame:
    """device (16 hex digits), side, person_id, last_sync_utc (NaT: never), battery_pct, fault, fault_part, records,
    added_last. fault_part: word of kinds.SENSORS of the part that was worst at the last sync, "" none, NaN not known.
    """
    b, s, k = schema.brace.c, schema.sync, schema.boot_kind.c
    last = select(s.c.device, func.max(s.c.received_ms).label("received_ms")).group_by(s.c.device).subquery()
    held = select(k.device, func.sum(k.records).label("records")).group_by(k.device).subquery()
    query = (
        select(b.device, b.side, b.person.label("person_id"), s.c.received_ms, s.c.battery, s.c.fault, s.c.added)
        .add_columns(func.coalesce(held.c.records, 0).label("records"))
        .outerjoin(last, last.c.device == b.device)
        .outerjoin(s, (s.c.device == b.device) & (s.c.received_ms == last.c.received_ms))
        .outerjoin(held, held.c.device == b.device)
        .order_by(b.person, b.side, b.device)
    )
    if person is not None:
        people.person_row(connection, person)
        query = query.where(b.person == person)
    found = bulk.fetch(connection, query)
    found["device"] = [schema.name_of(device) for device in found["device"].tolist()]
    found["person_id"] = found["person_id"].astype(str)
    found["last_sync_utc"] = moments(found["received_ms"])
    found = bulk.numbers(found, ["battery", "fault", "added"])
    found = found.rename(columns={"battery": "battery_pct", "added": "added_last"})
    found["fault_part"] = [fault_part(fault) for fault in found["fault"].tolist()]
    told = ["device", "side", "person_id", "last_sync_utc", "battery_pct", "fault", "fault_part"]
    return found[[*told, "records", "added_last"]]


def fault_part(fault: float) -> object:
    """The word of the part a sync named; NaN not known."""
    if np.isnan(fault):
        return np.nan
    return SENSORS[int(fault) - 1] if 0 < fault <= len(SENSORS) else "" if fault == 0 else "unknown"


def days(connection: Connection, person: int, start: Day = None, end: Day = None) -> pd.DataFrame:
    """One row per side and civil day from the leg's first day with a record to its last: the columns of DAYS.

    A day between without any record is there too: missing, all of its hours unknown, every measure NaN. Of a day that a
    pause touches nothing is told but that it is paused.
    """
    found = _of_days(connection, schema.day, person, start, end)
    found = bulk.numbers(found, schema.DAY_MEASURES)
    calendar = load.calendar_of(connection, person)
    every = _edges(connection, person)
    legs = [
        _whole_leg(found[(found["side"] == side).to_numpy(bool)], side, calendar, edges, start, end)
        for side, edges in every.items()
    ]
    legs = [leg for leg in legs if len(leg)]
    nothing = found.astype({"side": "str"}) if every else found
    whole = pd.concat(legs, ignore_index=True) if legs else nothing.assign(status=pd.Series(dtype="str"))
    whole = withheld.mask_days(connection, person, whole, calendar)
    return whole.rename(columns={"person": "person_id"}).assign(person_id=str(person))[list(DAYS)]


def _edges(connection: Connection, person: int) -> dict[str, tuple[pd.Timestamp, pd.Timestamp]]:
    """The first and the last day of each leg."""
    d = schema.day.c
    query = select(d.side, func.min(d.day), func.max(d.day)).where(d.person == person).group_by(d.side)
    rows = bulk.tuples(connection, query.order_by(d.side))
    return {side: (pd.Timestamp(first), pd.Timestamp(last)) for side, first, last in rows}


def _whole_leg(
    leg: pd.DataFrame, side: str, calendar: Calendar, edges: tuple[pd.Timestamp, pd.Timestamp], start: Day, end: Day
) -> pd.DataFrame:
    """One leg's days of a range without holes, with their status. edges: its first and its last day of all."""
    low = edges[0] if start is None else max(edges[0], pd.Timestamp(iso(start, "start")))
    high = edges[1] if end is None else min(edges[1], pd.Timestamp(iso(end, "end")) - pd.Timedelta(days=1))
    every = pd.date_range(low, high, freq="D", unit="s")
    whole = leg.set_index("day").reindex(every).rename_axis("day").reset_index()
    empty = whole["day_h"].isna()
    for at in np.flatnonzero(empty.to_numpy()):
        number = int(whole["day"].iloc[at].to_numpy().astype("datetime64[D]").astype(np.int64))
        hours = sum(stop - begin for begin, stop in calendar.pieces(number)) / 3_600_000
        whole.loc[at, ["unknown_h", "day_h", "coverage"]] = [hours, hours, 0.0]
    whole = whole[whole["day_h"] > 0].reset_index(drop=True)  # a date a journey skipped was no day
    whole["side"] = side
    whole["status"] = day_status(whole, trust_ends=True).mask(whole["day"].isin(edges), "missing")
    return whole


def hours(connection: Connection, person: int, start: Day = None, end: Day = None) -> pd.DataFrame:
    """Columns HOURS, one row per side, day and hour of the wall (0 to 23) of days that have a record."""
    found = bulk.numbers(_of_days(connection, schema.hour, person, start, end), HOURS[3:-1])
    return withheld.mask_hours(connection, person, found, load.calendar_of(connection, person))[list(HOURS)]


def pressure_days(connection: Connection, person: int, start: Day = None, end: Day = None) -> pd.DataFrame:
    """side, day, channel, site and metrics.pressure_minutes.MEASURES; no row of a paused day."""
    found = _shown(connection, _of_days(connection, schema.pressure_day, person, start, end), person)
    measures = list(PRESSURE_MEASURES)
    return bulk.numbers(found, measures)[["side", "day", "channel", "site", *measures]]


def pressure_events(connection: Connection, person: int, start: Day = None, end: Day = None) -> pd.DataFrame:
    """side, start_utc, end_utc (NaT: open), channel, site, tier, peak_kpa, mean_kpa, dose_kpah, minutes.

    Events that began on a day of the range, and that no pause touches.
    """
    people.person_row(connection, person)
    e, b = schema.pressure_event, schema.brace
    query = select(b.c.side, *e.c).join(b, b.c.device == e.c.device).where(b.c.person == person)
    found = bulk.fetch(connection, query.order_by(e.c.start_ms, b.c.side, e.c.channel, e.c.sequence))
    until = found["end_ms"].fillna(withheld.OPEN_MS).astype(np.int64)
    found = found[~withheld.touched(withheld.spans(connection, person), found["start_ms"], until)]
    calendar = load.calendar_of(connection, person)
    found["day"] = calendar.day(found["start_ms"].to_numpy(np.int64)).astype("datetime64[D]").astype("datetime64[s]")
    found = _within(found, start, end)
    found["start_utc"] = moments(found["start_ms"])
    found["end_utc"] = moments(found["end_ms"])
    measures = ["peak_kpa", "mean_kpa", "dose_kpah", "minutes"]
    return bulk.numbers(found, measures)[["side", "start_utc", "end_utc", "channel", "site", "tier", *measures]]


def curves(connection: Connection, person: int, start: Day = None, end: Day = None) -> pd.DataFrame:
    """side, hour_utc (start of the hour averaged), strides, point (0 to 24), angle_deg, moment_nm."""
    found = _of_days(connection, schema.curve, person, start, end)
    at_ms = found["at_ms"].to_numpy(np.int64)
    found = found[~withheld.touched(withheld.spans(connection, person), at_ms - HOUR_MS, at_ms)]
    count = len(found)
    points = np.frombuffer(b"".join(found["points"]), dtype="<f8").reshape(count, 2, -1) if count else None
    each = points.shape[2] if points is not None else 25
    began = moments(found["at_ms"].astype(np.int64) - HOUR_MS)
    return pd.DataFrame(
        {
            "side": np.repeat(found["side"].to_numpy(object), each),
            "hour_utc": began.repeat(each).reset_index(drop=True),
            "strides": np.repeat(found["strides"].to_numpy(np.float64), each),
            "point": np.tile(np.arange(each), count),
            "angle_deg": points[:, 0, :].ravel() if points is not None else np.array([]),
            "moment_nm": points[:, 1, :].ravel() if points is not None else np.array([]),
        }
    )


def wear_bouts(connection: Connection, person: int, start: Day = None, end: Day = None) -> pd.DataFrame:
    """side, start_utc, end_utc, state (worn, not_worn, unknown, paused): whole across midnight, without holes."""
    found = _of_days(connection, schema.wear_bout, person, start, end, "start_ms")
    legs = [_joined(leg) for _, leg in found.groupby("side", sort=True)]
    columns = ["side", "start_ms", "end_ms", "state"]
    joined = pd.concat(legs, ignore_index=True) if legs else pd.DataFrame(columns=columns)
    joined = withheld.cut(connection, person, joined)
    joined["start_utc"] = moments(joined["start_ms"])
    joined["end_utc"] = moments(joined["end_ms"])
    return joined[["side", "start_utc", "end_utc", "state"]]


def _joined(leg: pd.DataFrame) -> pd.DataFrame:
    """Days' stretches end to end: what lies between two days is unknown, neighbours of one state are one."""
    leg = leg.sort_values("start_ms")
    hole = leg["end_ms"].iloc[:-1].to_numpy() < leg["start_ms"].iloc[1:].to_numpy()
    unknown = pd.DataFrame(
        {"start_ms": leg["end_ms"].iloc[:-1][hole].to_numpy(), "end_ms": leg["start_ms"].iloc[1:][hole].to_numpy()}
    ).assign(state="unknown", side=leg["side"].iloc[0])
    tiles = pd.concat([leg[["side", "start_ms", "end_ms", "state"]], unknown]).sort_values("start_ms")
    run = (tiles["state"] != tiles["state"].shift()).cumsum()
    grouped = tiles.groupby(run, sort=True)
    return grouped.agg(
        side=("side", "first"), start_ms=("start_ms", "min"), end_ms=("end_ms", "max"), state=("state", "first")
    )


def histograms(connection: Connection, person: int, start: Day = None, end: Day = None) -> pd.DataFrame:
    """side, measure, bin, strides over a range of days: bin n is [n, n + 1) times metrics.histograms.BINS[measure]."""
    people.person_row(connection, person)
    if len(withheld.spans(connection, person)):
        found = _shown(connection, _of_days(connection, schema.histogram, person, start, end), person)
        return found.groupby(["side", "measure", "bin"], as_index=False)["strides"].sum()
    h = schema.histogram.c
    keys = (h.side, h.measure, h.bin)
    query = select(*keys, func.sum(h.strides).label("strides")).where(h.person == person).group_by(*keys)
    return bulk.fetch(connection, _in_days(query, schema.histogram, start, end).order_by(*keys))


def cadence_bands(connection: Connection, person: int, start: Day = None, end: Day = None) -> pd.DataFrame:
    """side, day, walk_s, band, strides and the measures of metrics.matched.bands."""
    found = _shown(connection, _of_days(connection, schema.cadence_band, person, start, end), person)
    found = bulk.numbers(found, schema.BAND_MEASURES)
    return found[["side", "day", "walk_s", "band", "strides", *schema.BAND_MEASURES]]


def moments(ms: pd.Series) -> pd.Series:
    """UTC milliseconds (None or NaN: NaT) as moments with a zone."""
    return pd.to_datetime(pd.to_numeric(ms).astype("Int64"), unit="ms", utc=True).astype("datetime64[ms, UTC]")


def iso(value: Day, field: str) -> str | None:
    """A day as ISO text; raises InputError naming the field for what is no date."""
    if value is None:
        return None
    try:
        stamp = pd.Timestamp(value)
    except (ValueError, TypeError):
        stamp = pd.NaT
    if pd.isna(stamp):  # also what pandas makes of an empty text
        raise InputError(f"{field} {value!r}: is not a date such as 2026-03-29")
    return str(stamp.date())


def _of_days(connection: Connection, view: Table, person: int, start: Day, end: Day, *order: str) -> pd.DataFrame:
    """Rows of a day view in a range, with `day` as datetime64."""
    people.person_row(connection, person)
    query: Select[Any] = select(view).where(view.c.person == person)
    query = _in_days(query, view, start, end)
    keys = [view.c[name] for name in (*order, *view.primary_key.columns.keys())]
    found = bulk.fetch(connection, query.order_by(*keys))
    found["day"] = found["day"].to_numpy(dtype="datetime64[s]") if len(found) else np.array([], "datetime64[s]")
    return found


def _shown(connection: Connection, found: pd.DataFrame, person: int) -> pd.DataFrame:
    """Rows of days that no pause touches."""
    pauses = withheld.spans(connection, person)
    if not len(pauses):
        return found
    return found[~withheld.touched_days(pauses, load.calendar_of(connection, person), found["day"])]


def _in_days(query: Select[Any], view: Table, start: Day, end: Day) -> Select[Any]:
    if start is not None:
        query = query.where(view.c.day >= iso(start, "start"))
    if end is not None:
        query = query.where(view.c.day < iso(end, "end"))
    return query


def _within(frame: pd.DataFrame, start: Day, end: Day) -> pd.DataFrame:
    keep = np.ones(len(frame), dtype=bool)
    if start is not None:
        keep &= (frame["day"] >= pd.Timestamp(iso(start, "start"))).to_numpy()
    if end is not None:
        keep &= (frame["day"] < pd.Timestamp(iso(end, "end"))).to_numpy()
    return frame[keep].reset_index(drop=True)
