"""The views that are made per boot or per brace: clock pairs with the drift they show, and pressure events."""

import dataclasses

import numpy as np
import pandas as pd
from sqlalchemy import Connection, delete, func, select

from talus.wire.kinds import BY_NAME, CLOCK_SOURCES, POWER_STATES, SITES
from talus_host import tables
from talus_host.metrics.pressure_events import pressure_events
from talus_host.metrics.pressure_minutes import UNKNOWN_SITE
from talus_host.placing import Placement, fit, placed_by
from talus_host.store import bulk, load, people, schema
from talus_host.store.placements import placements
from talus_host.wander import Rests

CLOCK = BY_NAME["clock"].number
PRESSURE = BY_NAME["pressure"].number
POWER = BY_NAME["power"].number
AWAKE = tuple(POWER_STATES.index(name) for name in ("active", "charging"))
BY_HOST = CLOCK_SOURCES.index("host")


def placement_of(connection: Connection, device: int, journal: int, boot: int) -> Placement | None:
    """The placement of one boot as its view has it now."""
    return placements(connection, [device], journal, boot).get((device, journal, boot))


def make_pairs(connection: Connection, device: int, journal: int, boot: int) -> Placement | None:
    """The clock pairs of one boot anew from its records; returns the placement they give."""
    r = schema.record.c
    query = (
        select(r.sequence, r.at_ms, r.payload)
        .where(r.device == device, r.journal == journal, r.boot == boot, r.kind == CLOCK)
        .order_by(r.at_ms, r.sequence)
    )
    rows = connection.execute(query).all()
    values = tables.arrays("clock", [row.payload for row in rows])
    told = ~np.isnan(values["utc"])
    frame = pd.DataFrame(
        {
            "device": device,
            "journal": journal,
            "boot": boot,
            "sequence": np.array([row.sequence for row in rows], dtype=np.int64)[told],
            "at_ms": np.array([row.at_ms for row in rows], dtype=np.int64)[told],
            "utc_ms": (values["utc"] * 1000 + np.nan_to_num(values["utc_ms"]))[told].astype(np.int64),
            "uncertainty_ms": values["uncertainty"][told],
            "by_host": (values["source"][told] == BY_HOST).astype(np.int64),
        }
    )
    return _keep(connection, (device, journal, boot), frame)


def _keep(connection: Connection, boot_of: tuple[int, int, int], frame: pd.DataFrame) -> Placement | None:
    device, journal, boot = boot_of
    for view in (schema.clock_pair, schema.clock_drift, schema.clock_rest):
        v = view.c
        connection.execute(delete(view).where(v.device == device, v.journal == journal, v.boot == boot))
    rests = _rests(connection, boot_of)
    asleep = zip(rests.at_ms.tolist(), rests.asleep.astype(np.int64).tolist(), strict=True)
    bulk.add(connection, schema.clock_rest, [(*boot_of, *row) for row in asleep])
    pairs = load.pairs_of(frame)
    found = fit(pairs, rests)
    frame["believed"], frame["used"] = found.believed.astype(np.int64), found.used.astype(np.int64)
    for name in schema.RATE:
        frame[name] = np.nan
        frame.loc[found.used, name] = [getattr(rate, name) for rate in found.rates]
    bulk.add_table(connection, schema.clock_pair, frame)
    if found.used.any():
        rates = [number for rate in (found.rates[-1], found.before) for number in dataclasses.astuple(rate)]
        counts = int(found.used.sum()), int((~found.believed).sum())
        bulk.add(connection, schema.clock_drift, [(*boot_of, *rates, *counts)])
    return placed_by(pairs, found, rests)


def _rests(connection: Connection, boot_of: tuple[int, int, int]) -> Rests:
    """When a boot's clock was a crystal's and when it may have slept, by its power records; a state that is not known
    counts as sleep."""
    r = schema.record.c
    device, journal, boot = boot_of
    query = (
        select(r.at_ms, r.payload)
        .where(r.device == device, r.journal == journal, r.boot == boot, r.kind == POWER)
        .order_by(r.at_ms, r.sequence)
    )
    rows = connection.execute(query).all()
    if not rows:
        return Rests.unknown()
    state = tables.arrays("power", [row.payload for row in rows])["state"]
    return Rests.told(np.array([row.at_ms for row in rows]), ~np.isin(state, AWAKE))


def drifts(connection: Connection, person: int) -> pd.DataFrame:
    """side, device, journal, boot, ppm (how much UTC gains on the clock from its last pair on), half_ppm (within which
    its middle is known), used and rejected (pairs), of every placed boot of a person's braces."""
    people.person_row(connection, person)
    b, d = schema.brace.c, schema.clock_drift.c
    query = (
        select(b.side, d.device, d.journal, d.boot, d.ppm, d.half_ppm, d.used, d.rejected)
        .select_from(schema.brace.join(schema.clock_drift, b.device == d.device))
        .where(b.person == person)
        .order_by(b.side, d.device, d.journal, d.boot)
    )
    found = bulk.fetch(connection, query)
    for name in ("device", "journal"):
        found[name] = [schema.name_of(number) for number in found[name].tolist()]
    return bulk.numbers(found, schema.RATE)


def boot_span(connection: Connection, device: int, journal: int, boot: int) -> tuple[int, int]:
    """Smallest and largest ms since boot of a boot's records."""
    b = schema.boot_kind.c
    query = select(func.min(b.first_at_ms), func.max(b.last_at_ms))
    first, last = connection.execute(query.where(b.device == device, b.journal == journal, b.boot == boot)).one()
    return int(first), int(last)


def has_open_event(connection: Connection, device: int) -> bool:
    """Whether a pressure event of this brace has not ended."""
    e = schema.pressure_event.c
    return connection.execute(select(e.start_ms).where(e.device == device, e.end_ms.is_(None))).first() is not None


def make_pressure_events(connection: Connection, device: int) -> None:
    """All pressure events of one brace anew. They are few: some records a day."""
    e = schema.pressure_event
    connection.execute(delete(e).where(e.c.device == device))
    sources = load.sources_of(connection, [device])
    rows = load.placed(connection, sources, -(2**61), 2**61, ["pressure"])
    running = _running(connection, device)
    journals = rows.journal()
    for journal in np.unique(journals).tolist():
        mine = np.flatnonzero(journals == journal)
        mine = mine[np.argsort(rows.sequence[mine], kind="stable")]
        records = _pressure_table(rows, mine)
        events = pressure_events(records, last_boot=running.get(journal))
        events = events.rename(columns={"first": "sequence"}).assign(device=device, journal=journal)
        events["end_ms"] = [None if np.isnan(v) else int(v) for v in events["end_ms"].astype(np.float64)]
        bulk.add_table(connection, e, events.astype({"end_ms": object}))


def _pressure_table(rows: load.Placed, mine: np.ndarray) -> pd.DataFrame:
    values = tables.arrays("pressure", rows.payload[mine].tolist())
    site = tables.words("SITES", values["site"]).astype(object)
    boots = np.array([s.boot for s in rows.sources], dtype=np.int64)
    return pd.DataFrame(
        {
            "row": rows.sequence[mine],
            "utc_ms": rows.utc_ms[mine],
            "boot": boots[rows.source[mine]],
            "channel": values["channel"],
            "site": [name if name in SITES else UNKNOWN_SITE for name in site],
            "tier": values["tier"],
            "ended": values["ended"],
            "lasted_min": values["lasted"],
            "onset_back_min": values["onset_back"],
            "peak_kpa": values["peak"],
            "mean_kpa": values["mean"],
            "dose_kpah": values["dose"],
        }
    )


def _running(connection: Connection, device: int) -> dict[int, int]:
    """journal -> boot that may still be running: the last boot of the journal the brace spoke of last."""
    s, r = schema.sync.c, schema.record.c
    journal = connection.execute(
        select(s.journal).where(s.device == device).order_by(s.received_ms.desc()).limit(1)
    ).scalar()
    last = connection.execute(
        select(r.boot).where(r.device == device, r.journal == journal).order_by(r.sequence.desc()).limit(1)
    ).scalar()
    return {} if journal is None or last is None else {int(journal): int(last)}
