"""What a report prints beside its figures: what was recorded blindly, which parts failed, programs, calibrations."""

import numpy as np
import pandas as pd
from sqlalchemy import Connection, func, select

from talus.wire.kinds import BY_NAME
from talus_host.metrics.compare import compare
from talus_host.store import bulk, changes, load, people, raw, read, schema, schema_pages, timed_walks
from talus_host.store.gaps import gaps
from talus_host.store.placements import placements
from talus_host.store.read import Day, moments

MINUTE_MS = 60_000
NEXT_MS = 90_000  # two minute records are of one stretch when no whole minute lies between them
WELL = ("ok", "absent")
STANDING = ("side", "device", "program", "calibration", "settings", "from_day", "lost", "unplaced")


def compared(
    connection: Connection, person: int, now: tuple[Day, Day], before: tuple[Day, Day], measures: tuple[str, ...]
) -> pd.DataFrame:
    """metrics.compare of one person's days; now and before: [first, end)."""
    people.person_row(connection, person)
    return compare(changes.classed_days(connection, person, now[1]), measures, now=now, before=before)


def blind(connection: Connection, person: int, start: Day = None, end: Day = None) -> pd.DataFrame:
    """side, start_utc, end_utc: stretches in which minute records came and wear is not known all the same."""
    bouts = read.wear_bouts(connection, person, start, end)
    bouts = bouts[(bouts["state"] == "unknown").to_numpy()]
    rows: list[tuple[str, int, int]] = []
    for side, leg in bouts.groupby("side", sort=True):
        sources = load.sources_of(connection, load.devices_of(connection, person, str(side)))
        for first, last in zip(*(leg[name].astype("int64") for name in ("start_utc", "end_utc")), strict=True):
            utc = np.unique(np.concatenate([_minutes(connection, source, first, last) for source in sources]))
            cut = np.flatnonzero(np.diff(utc) > NEXT_MS)
            begins, ends = (np.append(0, cut + 1), np.append(cut, len(utc) - 1)) if len(utc) else (cut, cut)
            rows += [(side, int(utc[a]), min(int(utc[b]) + MINUTE_MS, last)) for a, b in zip(begins, ends, strict=True)]
    found = pd.DataFrame(rows, columns=["side", "start_ms", "end_ms"])
    told = {"start_utc": moments(found["start_ms"]), "end_utc": moments(found["end_ms"])}
    return found[["side"]].assign(**told)


def _minutes(connection: Connection, source: load.Source, first: int, last: int) -> np.ndarray:
    """UTC ms of a boot's minute records in [first, last), without reading what they hold."""
    r = schema.record.c
    low, high = source.placement.at(np.array([first - 5, last + 5]))
    query = (
        select(r.at_ms)
        .where(r.device == source.device, r.journal == source.journal, r.boot == source.boot)
        .where(r.kind == BY_NAME["minute"].number, r.at_ms >= int(low), r.at_ms < int(high))
    )
    utc = source.placement.utc(np.array(connection.execute(query).scalars().all(), dtype=np.int64))
    return utc[(utc >= first) & (utc < last)]


def faults(connection: Connection, person: int, start: Day = None, end: Day = None) -> pd.DataFrame:
    """side, sensor, channel, state, reason, start_utc, end_utc (NaT: still so): parts that were not well in a range."""
    first, last = (pd.Timestamp(ms, unit="ms", tz="UTC") for ms in _bounds(connection, person, start, end))
    parts = []
    b = schema.brace.c
    for brace in connection.execute(select(b.device, b.side).where(b.person == person).order_by(b.side)).all():
        told = raw.health(connection, brace.device).sort_values(["journal", "sequence"])
        told = told[told["utc"].notna()].assign(side=brace.side)
        until = told.groupby(["journal", "sensor", "channel"], observed=True)["utc"].shift(-1)
        parts.append(told.rename(columns={"utc": "start_utc"}).assign(end_utc=until))
    columns = ["side", "sensor", "channel", "state", "reason", "start_utc", "end_utc"]
    if not parts:
        return pd.DataFrame(columns=columns)
    found = pd.concat(parts, ignore_index=True)
    found = found[~found["state"].isin(WELL) & (found["start_utc"] < last)]
    found = found[found["end_utc"].isna() | (found["end_utc"] > first)]
    return found[columns].sort_values(["start_utc", "side"], ignore_index=True)


def standing(connection: Connection, person: int, end: Day = None) -> pd.DataFrame:
    """STANDING, by brace and day: each program, calibration (id) and digest of settings, from its first day on.

    lost: records of the brace that never came; unplaced: records whose time nobody knows. Of the whole brace, each row.
    """
    settings = raw.records(connection, person, "settings", None, end)
    boots = raw.records(connection, person, "boot", None, end)
    numbers = boots[["major", "minor", "patch"]].to_numpy(np.float64).tolist()
    boots["program"] = [None if np.isnan(row).any() else "{:.0f}.{:.0f}.{:.0f}".format(*row) for row in numbers]
    told = pd.concat([settings, boots], ignore_index=True).sort_values("start_utc", kind="stable")
    rows = []
    b = schema.brace.c
    for brace in connection.execute(select(b.device, b.side).where(b.person == person).order_by(b.side)).all():
        name = schema.name_of(brace.device)
        mine = told[(told["device"] == name).to_numpy()]
        held = mine[["program", "calibration", "settings"]].astype(object).ffill()
        last = ~mine["day"].duplicated(keep="last").to_numpy()  # what a day ended with
        mine, held = mine[last], held[last]
        new = (held.fillna("") != held.shift().fillna("")).any(axis=1).to_numpy()
        lost, unplaced = _lost(connection, brace.device), _unplaced(connection, brace.device)
        for day, row in zip(mine["day"][new], held[new].itertuples(index=False), strict=True):
            rows.append((brace.side, name, row.program, row.calibration, row.settings, day, lost, unplaced))
    return pd.DataFrame(rows, columns=list(STANDING))


def _lost(connection: Connection, device: int) -> int:
    k = schema.boot_kind.c
    journals = connection.execute(select(k.journal).where(k.device == device).distinct()).scalars().all()
    found = [gaps(connection, device, journal) for journal in journals]
    return int(sum((one["behind"] - one["first"]).sum() for one in found))


def _unplaced(connection: Connection, device: int) -> int:
    k = schema.boot_kind.c
    query = select(k.journal, k.boot, func.sum(k.records).label("records")).where(k.device == device)
    placed = set(placements(connection, [device]))
    rows = connection.execute(query.group_by(k.journal, k.boot)).all()
    return sum(int(row.records) for row in rows if (device, row.journal, row.boot) not in placed)


def _bounds(connection: Connection, person: int, start: Day, end: Day) -> tuple[int, int]:
    people.person_row(connection, person)
    return raw.bounds(load.calendar_of(connection, person), start, end)


# -- what was entered by the person, a helper or the clinic ---------------------------------------------------------


def pauses(connection: Connection, person: int) -> pd.DataFrame:
    """from_utc, until_utc (NaT: open), by time."""
    people.person_row(connection, person)
    p = schema_pages.pause.c
    found = bulk.fetch(connection, select(p.from_ms, p.until_ms).where(p.person == person).order_by(p.from_ms))
    return pd.DataFrame({f"{name}_utc": moments(found[f"{name}_ms"]) for name in ("from", "until")})


def walked(connection: Connection, person: int) -> pd.DataFrame:
    """at_utc, distance_m, seconds, brace_on: timed walks as they were entered; what the brace saw is not looked for."""
    found = timed_walks.every(connection, person)
    return found.assign(at_utc=moments(found["at_ms"]))[["at_utc", "distance_m", "seconds", "brace_on"]]
