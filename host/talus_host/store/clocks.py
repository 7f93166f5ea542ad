"""The views that are made per boot or per brace: clock pairs and pressure events."""

import numpy as np
import pandas as pd
from sqlalchemy import Connection, delete, func, select

from talus.wire.kinds import BY_NAME, CLOCK_SOURCES, SITES
from talus_host import tables
from talus_host.metrics.pressure_events import pressure_events
from talus_host.metrics.pressure_minutes import UNKNOWN_SITE
from talus_host.placing import Placement, believed, place
from talus_host.store import bulk, load, schema

CLOCK = BY_NAME["clock"].number
PRESSURE = BY_NAME["pressure"].number
BY_HOST = CLOCK_SOURCES.index("host")


def placement_of(connection: Connection, device: int, journal: int, boot: int) -> Placement | None:
    """The placement of one boot as its view has it now."""
    c = schema.clock_pair.c
    query = select(schema.clock_pair).where(c.device == device, c.journal == journal, c.boot == boot)
    frame = pd.DataFrame(connection.execute(query).all(), columns=list(c.keys()))
    return place(load.pairs_of(frame)) if len(frame) else None


def make_pairs(connection: Connection, device: int, journal: int, boot: int) -> Placement | None:
    """The clock pairs of one boot anew from its records; returns the placement they give."""
    r, c = schema.record.c, schema.clock_pair.c
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
    pairs = load.pairs_of(frame)
    frame["believed"] = believed(pairs).astype(np.int64)
    connection.execute(delete(schema.clock_pair).where(c.device == device, c.journal == journal, c.boot == boot))
    bulk.add_table(connection, schema.clock_pair, frame)
    return place(pairs)


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
