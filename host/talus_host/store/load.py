"""Records out of the database, each with its moment in UTC. What cannot be placed is not here, but in `unknown_day`."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy import Connection, Select, bindparam, func, select

from talus.wire.kinds import BY_NAME
from talus_host import tables
from talus_host.metrics.civil import Calendar
from talus_host.metrics.pressure_minutes import UNKNOWN_SITE
from talus_host.placing import Pairs, Placement
from talus_host.store import bulk, schema
from talus_host.store.placements import Boot, placements

NEAR_MS = 60_000.0
STRAYED = 2e-3  # thrice what a clock may stray for good, asleep all the time (wander.py, placing.py)


@dataclass(frozen=True)
class Source:
    """One boot of one brace that has a clock: device and journal as the database keeps them."""

    device: int
    journal: int
    boot: int
    placement: Placement


@dataclass(frozen=True)
class Placed:
    """Records in order of time. `source` indexes `sources`; payloads are bytes."""

    sources: list[Source]
    source: np.ndarray
    sequence: np.ndarray
    utc_ms: np.ndarray
    kind: np.ndarray
    payload: np.ndarray

    def of(self, name: str) -> "Placed":
        """Only the records of one kind."""
        return self.only(self.kind == BY_NAME[name].number)

    def only(self, mine: np.ndarray) -> "Placed":
        """Those that a mask chooses."""
        return Placed(
            self.sources, self.source[mine], self.sequence[mine], self.utc_ms[mine], self.kind[mine], self.payload[mine]
        )

    def device(self) -> np.ndarray:
        """The database's id of each record's brace."""
        return np.array([s.device for s in self.sources], dtype=np.int64)[self.source]

    def journal(self) -> np.ndarray:
        return np.array([s.journal for s in self.sources], dtype=np.int64)[self.source]


def pairs_of(frame: pd.DataFrame) -> Pairs:
    """Clock pairs of one boot from rows of the clock_pair view, by at_ms, then sequence."""
    frame = frame.sort_values(["at_ms", "sequence"], kind="stable")
    return Pairs(
        frame["at_ms"].to_numpy(np.int64),
        frame["utc_ms"].to_numpy(np.int64),
        frame["uncertainty_ms"].to_numpy(np.float64),
        frame["by_host"].to_numpy(np.int64).astype(bool),
    )


def sources_of(connection: Connection, devices: Iterable[int]) -> list[Source]:
    """Every placed boot of these braces, in a fixed order."""
    return [
        Source(*boot_of, placement) for boot_of, placement in sorted(placements(connection, devices).items(), key=_key)
    ]


def _key(item: tuple[Boot, Placement]) -> Boot:
    return item[0]


def devices_of(connection: Connection, person: int, side: str) -> list[int]:
    """The braces of one leg of one person."""
    b = schema.brace.c
    query = select(b.device).where(b.person == person, b.side == side).order_by(b.device)
    return [int(device) for device in connection.execute(query).scalars()]


def calendar_of(connection: Connection, person: int) -> Calendar:
    """The person's wall calendar."""
    z = schema.person_zone.c
    rows = connection.execute(select(z.from_ms, z.zone).where(z.person == person).order_by(z.from_ms)).all()
    return Calendar([(row.from_ms, row.zone) for row in rows])


def _in_boot(source: Source, start_ms: int, end_ms: int, kinds: list[int], span: tuple[int, int]) -> Select[Any] | None:
    """What to read of one boot, None where nothing of it lies there; exactly cut afterwards."""
    r = schema.record.c
    first, last = span
    # However a clock strays, a moment is no further from where its first pair puts it than this.
    offsets = source.placement.offset_ms
    low, high = start_ms - float(offsets.max()), end_ms - float(offsets.min())
    slack = NEAR_MS + STRAYED * (max(abs(low), abs(high)) + abs(last))
    if last < low - slack or first > high + slack:
        return None
    start, end = first, last + 1
    if first < low + slack or last > high - slack:
        # The inverse of a placement is within a millisecond: ask for a little more.
        start, end = source.placement.at(np.array([start_ms - 5, end_ms + 5])).tolist()
    return (
        select(r.sequence, r.at_ms, r.kind, r.payload)
        .where(r.device == source.device, r.journal == source.journal, r.boot == source.boot)
        .where(r.at_ms >= int(start), r.at_ms < int(end), r.kind.in_(kinds))
    )


def _spans(connection: Connection, sources: list[Source], kinds: list[int]) -> dict[Boot, tuple[int, int]]:
    """First and last ms since boot of the records of these kinds, of every boot that has some."""
    b = schema.boot_kind.c
    query = select(b.device, b.journal, b.boot, func.min(b.first_at_ms), func.max(b.last_at_ms))
    query = query.where(b.device.in_(sorted({source.device for source in sources})), b.kind.in_(kinds))
    rows = bulk.tuples(connection, query.group_by(b.device, b.journal, b.boot))
    return {row[:3]: (row[3], row[4]) for row in rows}


def placed(connection: Connection, sources: list[Source], start_ms: int, end_ms: int, names: Iterable[str]) -> Placed:
    """Records of the named kinds in [start_ms, end_ms) UTC, by time, then source, then sequence."""
    kinds = sorted(BY_NAME[name].number for name in names)
    spans = _spans(connection, sources, kinds)
    parts: list[tuple[np.ndarray, ...]] = []
    for index, source in enumerate(sources):
        span = spans.get((source.device, source.journal, source.boot))
        query = None if span is None else _in_boot(source, start_ms, end_ms, kinds, span)
        rows = [] if query is None else bulk.tuples(connection, query)
        if not rows:
            continue
        sequence, at_ms, kind, payload = zip(*rows, strict=True)
        parts.append(
            (
                np.full(len(rows), index),
                np.array(sequence, dtype=np.int64),
                source.placement.utc(np.array(at_ms, dtype=np.int64)),
                np.array(kind, dtype=np.int64),
                _objects(payload),
            )
        )
    if not parts:
        whole = np.array([], dtype=np.int64)
        return Placed(sources, whole, whole, whole, whole, np.array([], dtype=object))
    columns = [np.concatenate(column) for column in zip(*parts, strict=True)]
    source_at, sequence_of, utc, kind_of, payload_of = columns
    keep = np.flatnonzero((utc >= start_ms) & (utc < end_ms))
    order = keep[np.lexsort((sequence_of[keep], source_at[keep], utc[keep]))]
    return Placed(sources, *(column[order] for column in (source_at, sequence_of, utc, kind_of, payload_of)))


def _objects(values: tuple[bytes, ...]) -> np.ndarray:
    found = np.empty(len(values), dtype=object)
    found[:] = values
    return found


def of_kind(connection: Connection, devices: Iterable[int], name: str) -> list[tuple[Any, ...]]:
    """(device, journal, sequence, boot, at_ms, payload) of every record of a kind, placed or not, in their order.

    Boot by boot and with a moment, which every record has, or the database would go through all there are of a journal.
    """
    r, b = schema.record.c, schema.boot_kind.c
    kind = BY_NAME[name].number
    boots = select(b.device, b.journal, b.boot).where(b.device.in_(sorted(devices)), b.kind == kind)
    mine = [r[key] == bindparam(f"of_{key}") for key in ("device", "journal", "boot")]
    query = select(r.device, r.journal, r.sequence, r.boot, r.at_ms, r.payload).where(
        *mine, r.kind == kind, r.at_ms >= 0
    )
    found = []
    for device, journal, boot in bulk.tuples(connection, boots):
        ours = {"of_device": device, "of_journal": journal, "of_boot": boot}
        found += bulk.tuples(connection, query, ours)
    return sorted(found, key=lambda row: row[:3])


def minutes_of(connection: Connection, rows: Placed) -> pd.DataFrame:
    """Minute records as a table: utc_ms, brace (index of the device), worn, ..., and each channel's site then."""
    mine = rows.of("minute")
    found = tables.minutes(mine.payload.tolist())
    found.insert(0, "utc_ms", mine.utc_ms)
    devices, brace = np.unique(mine.device(), return_inverse=True)
    found.insert(1, "brace", brace)
    for name, values in _fitted(connection, mine, [int(d) for d in devices]).items():
        found[name] = values
    return found


def strides_of(rows: Placed) -> pd.DataFrame:
    """Stride records as a table with utc_ms (first contact)."""
    mine = rows.of("stride")
    found = tables.strides(mine.payload.tolist())
    found.insert(0, "utc_ms", mine.utc_ms)
    return found


def _fitted(connection: Connection, mine: Placed, devices: list[int]) -> dict[str, np.ndarray]:
    """site_1 ... and floor_1_kpa ... of each minute: those of the last settings record before it in its journal."""
    rows = of_kind(connection, devices, "settings")
    settings = tables.table("settings", [row[5] for row in rows])
    keys = np.array([row[:2] for row in rows], dtype=np.int64).reshape(-1, 2)
    at = np.array([row[2] for row in rows], dtype=np.int64)
    latest = np.full(len(mine.sequence), -1)
    device, journal = mine.device(), mine.journal()
    for one_device, one_journal in np.unique(keys, axis=0):
        theirs = np.flatnonzero((keys[:, 0] == one_device) & (keys[:, 1] == one_journal))
        ours = np.flatnonzero((device == one_device) & (journal == one_journal))
        before = np.searchsorted(at[theirs], mine.sequence[ours], side="right") - 1
        latest[ours[before >= 0]] = theirs[before[before >= 0]]
    found = {}
    for channel in range(1, 5):
        names = settings[f"site_{channel}"].astype(object).fillna(UNKNOWN_SITE).to_numpy(object)
        found[f"site_{channel}"] = np.append(names, UNKNOWN_SITE)[latest]
        floors = settings[f"floor_{channel}_kpa"].to_numpy(np.float64)
        found[f"floor_{channel}_kpa"] = np.append(floors, np.nan)[latest]
    return found
