"""What is known of each brace's clock: when it was last asked, how it drifts, how well the records stand in time."""

import numpy as np
import pandas as pd
from sqlalchemy import Connection, func, select

from talus_host.store import bulk, clocks, load, people, schema
from talus_host.store.read import moments

LOOKED_EACH_MS = 1_800_000
DAY_MS = 86_400_000
COLUMNS = (
    "side",
    "device",
    "exchange_utc",
    "exchange_within_ms",
    "drift_ppm",
    "drift_within_ppm",
    "pairs",
    "contradicting",
    "placed_median_ms",
    "placed_worst_ms",
    "unplaced",
    "newest_utc",
)


def of_braces(connection: Connection, person: int, days: int) -> pd.DataFrame:
    """COLUMNS, a row for each brace of a person, over its last so many days.

    exchange: the last time a host and the brace compared clocks, and how well; drift: of the newest boot (NaN: not
    known from one exchange); pairs and contradicting: that boot's; placed: half-widths of moments half an hour apart
    (NaN: none placed); unplaced: records that nobody knows the time of.
    """
    people.person_row(connection, person)
    b = schema.brace.c
    braces = connection.execute(select(b.device, b.side).where(b.person == person).order_by(b.side, b.device)).all()
    return _table([(row.side, schema.name_of(row.device), *_of_brace(connection, row.device, days)) for row in braces])


def of_device(connection: Connection, device: int, days: int) -> pd.DataFrame:
    """The same of one brace, whoever wears it."""
    side = connection.execute(select(schema.brace.c.side).where(schema.brace.c.device == device)).scalar_one()
    return _table([(side, schema.name_of(device), *_of_brace(connection, device, days))])


def _table(rows: list[tuple[object, ...]]) -> pd.DataFrame:
    found = pd.DataFrame(rows, columns=list(COLUMNS))
    for name in ("exchange_utc", "newest_utc"):
        found[name] = moments(found[name].astype("Int64"))
    return bulk.numbers(found, [name for name in COLUMNS if name.endswith(("_ms", "_ppm"))])


def _of_brace(connection: Connection, device: int, days: int) -> tuple[object, ...]:
    exchange, within = _exchange(connection, device)
    sources = load.sources_of(connection, [device])
    looked = [_looked(connection, source) for source in sources]
    unplaced = _records(connection, device, {(one.journal, one.boot) for one in sources})
    if not sources:
        return exchange, within, None, None, 0, 0, None, None, unplaced, None
    newest_ms = max(int(utc[-1]) for utc, _ in looked)
    newest = max(range(len(sources)), key=lambda index: int(looked[index][0][-1]))
    half = np.concatenate([half[utc > newest_ms - days * DAY_MS] for utc, half in looked])
    drift = _drift(connection, sources[newest])
    return exchange, within, *drift, float(np.median(half)), float(half.max()), unplaced, newest_ms


def _exchange(connection: Connection, device: int) -> tuple[int | None, float | None]:
    c = schema.clock_pair.c
    query = select(c.utc_ms, c.uncertainty_ms).where(c.device == device, c.by_host == 1, c.believed == 1)
    last = connection.execute(query.order_by(c.utc_ms.desc()).limit(1)).first()
    return (None, None) if last is None else (int(last.utc_ms), last.uncertainty_ms)


def _looked(connection: Connection, source: load.Source) -> tuple[np.ndarray, np.ndarray]:
    """(UTC ms, half-width ms) of moments from a boot's first record to its last."""
    first, last = clocks.boot_span(connection, source.device, source.journal, source.boot)
    at = np.append(np.arange(first, last, LOOKED_EACH_MS, dtype=np.int64), last)
    return source.placement.utc(at), source.placement.uncertainty(at)


def _drift(connection: Connection, source: load.Source) -> tuple[object, ...]:
    d = schema.clock_drift.c
    mine = (d.device == source.device, d.journal == source.journal, d.boot == source.boot)
    row = connection.execute(select(d.ppm, d.half_ppm, d.used, d.rejected).where(*mine)).one()
    rate = (row.ppm, row.half_ppm) if row.used > 1 else (None, None)
    return *rate, row.used, row.rejected


def _records(connection: Connection, device: int, placed: set[tuple[int, int]]) -> int:
    """How many lie in boots that are not placed."""
    k = schema.boot_kind.c
    query = select(k.journal, k.boot, func.sum(k.records).label("records")).where(k.device == device)
    rows = connection.execute(query.group_by(k.journal, k.boot)).all()
    return sum(int(row.records) for row in rows if (row.journal, row.boot) not in placed)
