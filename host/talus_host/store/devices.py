"""What is known of a brace as a device, whoever wears it: no table here holds a person, a pseudonym or a zone.

A device is named by its 16 hex digits. Moments are UTC; NaT is a record nobody knows the time of. NaN is not known.
What lies in a pause of its wearer is left out, for how a brace was worn is the wearer's; what the brace says of
itself (starts, parts, clock, settings, losses) stays.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from sqlalchemy import Connection, func, select

from talus.wire.kinds import BY_NAME, HEALTH_REASONS, POWER_CHARGING, POWER_STATES
from talus_host import tables
from talus_host.errors import InputError
from talus_host.quality import DUE
from talus_host.store import bulk, clocks, gaps, load, raw, read, schema, schema_pages, told_clocks, views
from talus_host.store.read import moments

HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS
LISTED = ("device", "side", "version", "last_sync_utc", "battery_pct", "fault_part", "records", "added_last")
SAMPLES = ("due", "taken", "late", "missed", "resampled", "unaccounted")


def listed(connection: Connection) -> pd.DataFrame:
    """LISTED, a row for each brace by its id. version: of its newest start known here, "" where none is."""
    found = read.braces(connection).drop(columns=["person_id"]).sort_values("device", ignore_index=True)
    found["version"] = [_version(connection, schema.id_of(str(device))) for device in found["device"].tolist()]
    return found[list(LISTED)]


def number_of(connection: Connection, device: str) -> int:
    """The database's id of a device. Raises InputError for one that is not known here."""
    known = connection.execute(select(schema.brace.c.device)).scalars().all()
    for number in known:
        if schema.name_of(number) == device:
            return int(number)
    raise InputError(f"device {device!r}: there is none of that id")


def health(connection: Connection, device: int) -> pd.DataFrame:
    """See raw.health: every word a brace said of its parts, by journal and sequence."""
    return raw.health(connection, device)


def starts(connection: Connection, device: int) -> pd.DataFrame:
    """utc, journal, boot, cause, version, slot, battery_v, last_battery_v, lost, recovered, layout of every start."""
    found = _told(connection, device, "boot")
    found["version"] = [_dotted(row) for row in found[["major", "minor", "patch"]].to_numpy(np.float64)]
    found["layout"] = [_hex8(value) for value in found["layout"].tolist()]
    columns = ["cause", "version", "slot", "battery_v", "last_battery_v", "lost", "recovered", "layout"]
    return found[["utc", "journal", "boot", *columns]]


def settings(connection: Connection, device: int) -> pd.DataFrame:
    """utc, journal, boot, settings and calibration (ids in hex), said_side, imu_place: what was in force, from when."""
    found = _told(connection, device, "settings").rename(columns={"side": "said_side"})
    for name in ("settings", "calibration"):
        found[name] = [_hex8(value) for value in found[name].tolist()]
    return found[["utc", "journal", "boot", "settings", "calibration", "said_side", "imu_place"]]


def syncs(connection: Connection, device: int) -> pd.DataFrame:
    """received_utc, journal, records, added, conflicts, boot, battery_pct, fault_part, reason, state, settings, kept,
    ended, and schema.LINK.

    kept: records that lay in the brace's ring then; ended: 0 of a sync that was cut off or still goes on, 1 of one
    that came to its end. NaN or "" where it was not kept at that sync.
    """
    s = schema.sync.c
    found = bulk.fetch(connection, select(schema.sync).where(s.device == device).order_by(s.received_ms))
    found = bulk.numbers(found, ["battery", "fault", "ended", *schema.SAID, *schema.LINK])
    found["received_utc"] = moments(found["received_ms"])
    found["journal"] = [schema.name_of(number) for number in found["journal"].tolist()]
    found["fault_part"] = [read.fault_part(fault) for fault in found["fault"].tolist()]
    found["reason"] = _worded(found["fault_reason"], HEALTH_REASONS)
    found["state"] = _worded(found["state"], POWER_STATES)
    found["settings"] = [_hex8(value) for value in found["settings"].tolist()]
    found["kept"] = found["next"] - found["first"]
    told = ["records", "added", "conflicts", "boot", "battery_pct", "fault_part", "reason", "state", "settings", "kept"]
    more = ["ended", *schema.LINK]
    return found.rename(columns={"battery": "battery_pct"})[["received_utc", "journal", *told, *more]]


def missing(connection: Connection, device: int) -> pd.DataFrame:
    """journal, first, behind, cause: sequences that never came, with what the brace says of why (NaN: nothing)."""
    k = schema.boot_kind.c
    journals = connection.execute(select(k.journal).where(k.device == device).distinct().order_by(k.journal)).scalars()
    parts = [gaps.gaps(connection, device, one).assign(journal=schema.name_of(one)) for one in journals.all()]
    columns = ["journal", "first", "behind", "cause"]
    return pd.concat(parts, ignore_index=True)[columns] if parts else pd.DataFrame(columns=columns)


def drifts(connection: Connection, device: int) -> pd.DataFrame:
    """journal, boot, began_utc, ended_utc, ppm (how much UTC gains on the clock), half_ppm, used, rejected (pairs).

    Of every placed boot; ppm and half_ppm are NaN where one exchange alone tells nothing of a drift.
    """
    d = schema.clock_drift.c
    query = select(d.journal, d.boot, d.ppm, d.half_ppm, d.used, d.rejected).where(d.device == device)
    found = bulk.fetch(connection, query.order_by(d.journal, d.boot))
    found = bulk.numbers(found, ["ppm", "half_ppm"])
    found.loc[found["used"] < 2, ["ppm", "half_ppm"]] = np.nan
    placed = {(one.journal, one.boot): one for one in load.sources_of(connection, [device])}
    ends = [_span(connection, placed[key]) for key in zip(found["journal"], found["boot"], strict=True)]
    for at, name in enumerate(("began_utc", "ended_utc")):
        found[name] = moments(pd.Series([end[at] for end in ends], dtype="Int64"))
    found["journal"] = [schema.name_of(number) for number in found["journal"].tolist()]
    return found[["journal", "boot", "began_utc", "ended_utc", "ppm", "half_ppm", "used", "rejected"]]


def clock(connection: Connection, device: int, days: int) -> pd.DataFrame:
    """One row: see told_clocks.of_device."""
    return told_clocks.of_device(connection, device, days)


def hours(connection: Connection, device: int, start: read.Day = None, end: read.Day = None) -> pd.DataFrame:
    """hour_utc, minutes, SAMPLES, battery_pct (the last one told in it), charging_min: UTC hours that have a minute.

    start and end are UTC days, [start, end). An older brace that does not say what was due owed 6000 a minute.
    """
    start_ms, end_ms = _day_ms(start, views.EARLIEST_MS, "start"), _day_ms(end, views.LATEST_MS, "end")
    mine = load.placed(connection, load.sources_of(connection, [device]), start_ms, end_ms, ["minute"])
    told = tables.arrays("minute", mine.payload.tolist())
    frame = pd.DataFrame({"hour": mine.utc_ms // HOUR_MS, "utc_ms": mine.utc_ms})
    frame["due"] = np.where(np.isnan(told["due"]), DUE, told["due"])
    frame["taken"] = told["samples"]
    for name in ("late", "missed", "resampled"):
        frame[name] = told[name]
    frame["unaccounted"] = (frame["due"] - frame["taken"] - frame["missed"].fillna(0)).clip(lower=0)
    frame["battery_pct"] = told["battery"]
    frame["charging_min"] = np.where(np.isnan(told["power"]), np.nan, _bit(told["power"], POWER_CHARGING))
    return _by_hour(frame[~_paused(connection, device, mine.utc_ms)])


def _by_hour(frame: pd.DataFrame) -> pd.DataFrame:
    grouped = frame.groupby("hour", sort=True)
    found = grouped[[*SAMPLES, "charging_min"]].sum(min_count=1)
    found["minutes"] = grouped.size()
    found["battery_pct"] = grouped["battery_pct"].last()  # last known: `last` leaves NaN out
    found = found.reset_index()
    found["hour_utc"] = moments(found["hour"] * HOUR_MS)
    return found[["hour_utc", "minutes", *SAMPLES, "battery_pct", "charging_min"]]


def _bit(values: np.ndarray, bit: int) -> np.ndarray:
    return (np.nan_to_num(values).astype(np.int64) & bit != 0).astype(np.float64)


def _day_ms(day: read.Day, otherwise: int, field: str) -> int:
    text = read.iso(day, field)
    return otherwise if text is None else int(np.datetime64(text, "ms").astype(np.int64))


def _paused(connection: Connection, device: int, utc_ms: np.ndarray) -> np.ndarray:
    """Which of these moments lie in a pause of who wears the brace."""
    p, b = schema_pages.pause, schema.brace
    query = select(p.c.from_ms, p.c.until_ms).join(b, b.c.person == p.c.person).where(b.c.device == device)
    inside = np.zeros(len(utc_ms), dtype=bool)
    for from_ms, until_ms in connection.execute(query).all():
        inside |= (utc_ms >= from_ms) & (until_ms is None or utc_ms < (until_ms or 0))
    return inside


def _told(connection: Connection, device: int, kind: str) -> pd.DataFrame:
    """Every record of one kind, placed or not: utc (NaT), journal, boot, and its columns, by journal and sequence."""
    r, b = schema.record.c, schema.boot_kind.c
    same = (r.device == b.device) & (r.journal == b.journal) & (r.boot == b.boot) & (r.kind == b.kind)
    query = (
        select(r.journal, r.sequence, r.boot, r.at_ms, r.payload)
        .select_from(schema.boot_kind.join(schema.record, same))
        .where(b.device == device, b.kind == BY_NAME[kind].number)
        .order_by(r.journal, r.sequence)
    )
    rows = bulk.fetch(connection, query)
    found = tables.table(kind, rows["payload"].tolist())
    placements = {(one.journal, one.boot): one.placement for one in load.sources_of(connection, [device])}
    utc: list[int | None] = []
    for row in rows.itertuples():
        placement = placements.get((row.journal, row.boot))
        utc.append(None if placement is None else int(placement.utc(np.array([row.at_ms]))[0]))
    found.insert(0, "utc", moments(pd.Series(utc, dtype="Int64")))
    found.insert(1, "journal", [schema.name_of(number) for number in rows["journal"].tolist()])
    found.insert(2, "boot", rows["boot"].astype(np.int64))
    return found


def _version(connection: Connection, device: int) -> str:
    """Of the newest start of the journal the brace spoke of last."""
    s, k, r = schema.sync.c, schema.boot_kind.c, schema.record.c
    kind = BY_NAME["boot"].number
    journal = connection.execute(
        select(s.journal).where(s.device == device).order_by(s.received_ms.desc()).limit(1)
    ).scalar()
    mine = (k.device == device, k.journal == journal, k.kind == kind)
    boot = connection.execute(select(func.max(k.boot)).where(*mine)).scalar()
    told = (r.device == device, r.journal == journal, r.boot == boot, r.kind == kind)
    payload = connection.execute(select(r.payload).where(*told).order_by(r.sequence.desc()).limit(1)).scalar()
    if payload is None:
        return ""
    values = tables.arrays("boot", [payload])
    return _dotted(np.array([values[name][0] for name in ("major", "minor", "patch")]))


def _dotted(parts: np.ndarray) -> str:
    return "" if np.isnan(parts).any() else ".".join(str(int(part)) for part in parts)


def _hex8(value: float) -> str:
    return "" if np.isnan(value) else f"{int(value):08x}"


def _worded(values: pd.Series, names: Sequence[str]) -> list[str]:
    """Indices as words; "" where none was kept or the word is newer than this program."""
    return [names[int(value)] if 0 <= value < len(names) else "" for value in values.tolist()]


def _span(connection: Connection, source: load.Source) -> tuple[int, int]:
    first, last = clocks.boot_span(connection, source.device, source.journal, source.boot)
    began, ended = source.placement.utc(np.array([first, last])).tolist()
    return int(began), int(ended)
