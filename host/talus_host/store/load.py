"""Records out of the database, each with its moment in UTC. What cannot be placed is not here, but in `unknown_day`."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
from sqlalchemy import Connection, Select, Table, select

from talus.wire.kinds import BY_NAME
from talus_host import tables
from talus_host.metrics.civil import Calendar
from talus_host.metrics.pressure_minutes import UNKNOWN_SITE
from talus_host.placing import Pairs, Placement, Rate
from talus_host.store import schema
from talus_host.wander import Rests

Boot: TypeAlias = tuple[int, int, int]  # device, journal, boot


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


def placements(
    connection: Connection, devices: Iterable[int], journal: int | None = None, boot: int | None = None
) -> dict[Boot, Placement]:
    """(device, journal, boot) -> the placement its views have now; one boot's where it is named."""
    rows: dict[Table, dict[Boot, pd.DataFrame]] = {}
    for view in (schema.clock_pair, schema.clock_drift, schema.clock_rest):
        query = select(view).where(view.c.device.in_(sorted(devices)))
        if journal is not None:
            query = query.where(view.c.journal == journal, view.c.boot == boot)
        if view is schema.clock_pair:
            query = query.where(view.c.used == 1)
        frame = pd.DataFrame(connection.execute(query).all(), columns=list(view.c.keys()))
        rows[view] = {_ids(key): mine for key, mine in frame.groupby(["device", "journal", "boot"], sort=True)}
    found = {}
    for key, drift in rows[schema.clock_drift].items():
        pairs = rows[schema.clock_pair][key].sort_values("at_ms")
        told = pairs_of(pairs)
        rates = [Rate(*row) for row in pairs[list(schema.RATE)].to_numpy(np.float64).tolist()]
        before = Rate(*drift[[f"before_{name}" for name in schema.RATE]].to_numpy(np.float64)[0].tolist())
        rests = Rests.unknown()
        if key in rows[schema.clock_rest]:
            rest = rows[schema.clock_rest][key].sort_values("at_ms")
            rests = Rests(rest["at_ms"].to_numpy(np.int64), rest["asleep"].to_numpy(np.int64).astype(bool))
        found[key] = Placement(told.at_ms, told.offset_ms, told.half_ms, rates, before, rests)
    return found


def _ids(key: Any) -> Boot:
    return int(key[0]), int(key[1]), int(key[2])


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


def _in_boot(source: Source, start_ms: int, end_ms: int, kinds: list[int]) -> Select[Any]:
    r = schema.record.c
    # The inverse of a placement is within a millisecond: ask for a little more, cut exactly afterwards.
    start, end = source.placement.at(np.array([start_ms - 5, end_ms + 5]))
    return (
        select(r.sequence, r.at_ms, r.kind, r.payload)
        .where(r.device == source.device, r.journal == source.journal, r.boot == source.boot)
        .where(r.at_ms >= int(start), r.at_ms < int(end), r.kind.in_(kinds))
    )


def placed(connection: Connection, sources: list[Source], start_ms: int, end_ms: int, names: Iterable[str]) -> Placed:
    """Records of the named kinds in [start_ms, end_ms) UTC, by time, then source, then sequence."""
    kinds = sorted(BY_NAME[name].number for name in names)
    parts: list[tuple[np.ndarray, ...]] = []
    for index, source in enumerate(sources):
        rows = connection.execute(_in_boot(source, start_ms, end_ms, kinds)).all()
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
    r, b = schema.record.c, schema.boot_kind.c
    same = (r.device == b.device) & (r.journal == b.journal) & (r.boot == b.boot) & (r.kind == b.kind)
    query = (
        select(r.device, r.journal, r.sequence, r.payload)
        .select_from(schema.boot_kind.join(schema.record, same))
        .where(b.device.in_(devices), b.kind == BY_NAME["settings"].number)
        .order_by(r.device, r.journal, r.sequence)
    )
    rows = connection.execute(query).all() if devices else []
    settings = tables.table("settings", [row.payload for row in rows])
    keys = np.array([(row.device, row.journal) for row in rows], dtype=np.int64).reshape(-1, 2)
    at = np.array([row.sequence for row in rows], dtype=np.int64)
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
