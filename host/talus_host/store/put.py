"""Records in, exactly once, with every view they change made anew in the same transaction.

Identity is (device, journal, sequence). What is known is left alone; a record that comes again with other content is
counted as a conflict and the first one stays. Nothing here reads a clock: the moment of receipt is handed in.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias

import numpy as np
from sqlalchemy import Connection, func, select, update
from sqlalchemy import Row as SqlRow
from sqlalchemy.dialects.sqlite import insert

from talus.wire import frame, record
from talus.wire.kinds import BY_NAME, SIDES
from talus_host.errors import InputError
from talus_host.metrics.civil import Calendar
from talus_host.placing import Placement, moved
from talus_host.store import bulk, clocks, erasing, load, people, schema, views
from talus_host.store.rebuild import make_legs

UNKNOWN_BATTERY = 255
NEWEST = ("journal", "side", "boot", "battery", "fault", *schema.SAID)  # of puts of one sync the last one's
CLOCK, PRESSURE = BY_NAME["clock"].number, BY_NAME["pressure"].number
TIMED = (CLOCK, BY_NAME["power"].number)  # what says where in time a boot is, and how sure its clock was
VIEW_KINDS = tuple(BY_NAME[name].number for name in views.KINDS)
SETTINGS = BY_NAME["settings"].number
Row: TypeAlias = tuple[int, int, int, int, int, int, bytes]
COLUMNS = ("device", "journal", "sequence", "boot", "at_ms", "kind")
AT_MAX_MS = frame.BASE_MAX_MS + record.OFFSET_MAX_MS
LIMITS = {2: 0xFFFFFFFF, 3: 0xFFFF, 4: AT_MAX_MS, 5: 0xFF}  # column -> largest value a frame can carry


class Record(Protocol):
    """What a session gives."""

    sequence: int
    boot: int
    at_ms: int
    kind: int
    payload: bytes


@dataclass(frozen=True)
class Put:
    """What one put did: records given, of them new, of them known with other content, and the days made anew."""

    received: int
    added: int
    conflicts: int
    days: tuple[str, ...]


def put(
    connection: Connection, info: Mapping[str, int], records: Iterable[Record], received_utc_ms: int, zone: str
) -> Put:
    """Keep records of one journal.

    info: fields of the radio's Info. Raises InputError for a value no record can have, ErasedError for a journal of a
    person who was erased.
    """
    device, journal = schema.signed(info["device"]), schema.signed(info["journal"])
    erasing.check(connection, device, journal)
    side = SIDES[info["side"]] if 0 <= info["side"] < len(SIDES) else "unknown"
    rows = [
        (device, journal, r.sequence, r.boot, int(r.at_ms), r.kind, bytes(r.payload))
        for r in sorted(records, key=lambda r: r.sequence)
    ]
    _check(rows)
    brace = people.ensure_brace(connection, device, side, zone)
    if brace.side == "unknown" and side != "unknown":
        people.assign(connection, device, brace.person, side, move=False)
        make_legs(connection, [(brace.person, "unknown"), (brace.person, side)])
        brace = people.ensure_brace(connection, device, side, zone)
    new, conflicts = _unknown(connection, rows)
    bulk.add(connection, schema.record, new, ignore=True)
    _count(connection, new)
    new_journal = _note_sync(connection, info, side, len(rows), len(new), conflicts, received_utc_ms)
    if not new and not new_journal:
        return Put(len(rows), 0, conflicts, ())
    days = _make_views(connection, brace, journal, new, new_journal)
    return Put(len(rows), len(new), conflicts, tuple(views.text_of(day) for day in sorted(days)))


def _check(rows: list[Row]) -> None:
    for at, high in LIMITS.items():
        numbers = np.array([row[at] for row in rows], dtype=np.int64)
        wrong = np.flatnonzero((numbers < 0) | (numbers > high))
        if len(wrong):
            first = int(wrong[0])
            raise InputError(f"record {rows[first][2]}: {COLUMNS[at]} {numbers[first]} is not from 0 to {high}")


def _unknown(connection: Connection, rows: list[Row]) -> tuple[list[Row], int]:
    """(rows whose sequence is not stored yet, how many of the others differ from what is)."""
    if not rows:
        return [], 0
    r = schema.record.c
    device, journal = rows[0][:2]
    query = (
        select(r.sequence, r.boot, r.at_ms, r.kind, r.payload)
        .where(r.device == device, r.journal == journal)
        .where(r.sequence >= rows[0][2], r.sequence <= rows[-1][2])
    )
    have = {row.sequence: tuple(row) for row in connection.execute(query)}
    new, conflicts = [], 0
    for row in rows:
        known = have.get(row[2])
        if known is None:
            have[row[2]] = row[2:]
            new.append(row)
        elif known != row[2:]:
            conflicts += 1
    return new, conflicts


def _note_sync(
    connection: Connection, info: Mapping[str, int], side: str, received: int, added: int, conflicts: int, at_ms: int
) -> bool:
    """Count this put into its sync (puts of one sync share their moment); True when the journal changed."""
    s = schema.sync
    device, journal = schema.signed(info["device"]), schema.signed(info["journal"])
    last = select(s.c.journal).where(s.c.device == device).order_by(s.c.received_ms.desc()).limit(1)
    before = connection.execute(last).scalar()
    values = {
        "device": device,
        "received_ms": int(at_ms),
        "journal": journal,
        "records": received,
        "added": added,
        "conflicts": conflicts,
        "side": side,
        "boot": info["boot"],
        "battery": None if info["battery"] == UNKNOWN_BATTERY else info["battery"],
        "fault": info["fault"],
        **{name: info.get(name) for name in schema.SAID},
        "ended": 0,
    }
    row = insert(s).values(**values)
    sums = {name: s.c[name] + row.excluded[name] for name in ("records", "added", "conflicts")}
    newest = {name: row.excluded[name] for name in NEWEST}
    connection.execute(row.on_conflict_do_update(index_elements=["device", "received_ms"], set_=sums | newest))
    after = connection.execute(last).scalar()
    return before is not None and before != after


def end_sync(connection: Connection, device: int, at_ms: int, link: Mapping[str, int | None]) -> None:
    """Say of the sync whose puts shared this moment that it came to its end. One that put nothing is not there.

    link: of schema.LINK what is known. Raises InputError for a name that is none of them.
    """
    if strange := set(link) - set(schema.LINK):
        raise InputError(f"link figure {min(strange)!r}: is none of {', '.join(schema.LINK)}")
    s = schema.sync
    mine = (s.c.device == device) & (s.c.received_ms == int(at_ms))
    connection.execute(update(s).where(mine).values(ended=1, **link))


def _count(connection: Connection, new: list[Row]) -> None:
    """Add new records to what each boot is known to hold."""
    counts: dict[tuple[int, ...], list[int]] = {}
    for device, journal, _, boot, at_ms, kind, _ in new:
        held = counts.setdefault((device, journal, boot, kind), [0, at_ms, at_ms])
        held[0] += 1
        held[1] = min(held[1], at_ms)
        held[2] = max(held[2], at_ms)
    b = schema.boot_kind
    for key, held in counts.items():
        row = insert(b).values((*key, *held))
        sums = {
            "records": b.c.records + row.excluded.records,
            "first_at_ms": func.min(b.c.first_at_ms, row.excluded.first_at_ms),
            "last_at_ms": func.max(b.c.last_at_ms, row.excluded.last_at_ms),
        }
        connection.execute(row.on_conflict_do_update(index_elements=list(b.primary_key), set_=sums))


def _make_views(
    connection: Connection, brace: SqlRow[Any], journal: int, new: list[Row], new_journal: bool
) -> set[int]:
    """Make anew what these new records change; returns the days."""
    calendar = load.calendar_of(connection, brace.person)
    columns = {name: np.array([row[at] for row in new], dtype=np.int64) for at, name in enumerate(COLUMNS)}
    days: set[int] = set()
    anything_moved = False
    for boot in np.unique(columns["boot"]).tolist():
        mine = columns["boot"] == boot
        before = clocks.placement_of(connection, brace.device, journal, boot)
        after = before
        if np.isin(columns["kind"][mine], TIMED).any():
            after = clocks.make_pairs(connection, brace.device, journal, boot)
        if after is not None:
            seen = mine & np.isin(columns["kind"], VIEW_KINDS)
            days |= views.days_of(calendar, after.utc(columns["at_ms"][seen]))
        for stretch in moved(before, after):
            anything_moved = True
            days |= _days_between(connection, calendar, (brace.device, journal, boot), stretch, (before, after))
    for sequence in columns["sequence"][columns["kind"] == SETTINGS].tolist():
        days |= _days_of_settings(connection, calendar, brace.device, journal, sequence)
    sources = load.sources_of(connection, load.devices_of(connection, brace.person, brace.side))
    views.recompute(connection, brace.person, brace.side, sources, calendar, days)
    pressed = bool((columns["kind"] == PRESSURE).any())
    if pressed or anything_moved or new_journal or clocks.has_open_event(connection, brace.device):
        clocks.make_pressure_events(connection, brace.device)
    return days


def _days_between(
    connection: Connection,
    calendar: Calendar,
    boot_of: tuple[int, int, int],
    stretch: tuple[float, float],
    placements: tuple[Placement | None, Placement | None],
) -> set[int]:
    """Days that a stretch of a boot's milliseconds lay in under either placement."""
    first, last = clocks.boot_span(connection, *boot_of)
    start, end = int(max(stretch[0], first)), int(min(stretch[1], last))
    if end < start:
        return set()
    found: set[int] = set()
    for placement in placements:
        if placement is not None:
            found |= views.days_from(calendar, *placement.utc(np.array([start, end])).tolist())
    return found


def _days_of_settings(connection: Connection, calendar: Calendar, device: int, journal: int, sequence: int) -> set[int]:
    """Days of the records that a settings record speaks for: those up to the next one of its journal."""
    r = schema.record.c
    ours = (r.device == device) & (r.journal == journal) & (r.sequence > sequence)
    following = connection.execute(select(func.min(r.sequence)).where(ours, r.kind == SETTINGS)).scalar()
    query = select(r.boot, func.min(r.at_ms), func.max(r.at_ms)).where(ours).group_by(r.boot)
    if following is not None:
        query = query.where(r.sequence < following)
    found: set[int] = set()
    for boot, first, last in connection.execute(query).all():
        placement = clocks.placement_of(connection, device, journal, boot)
        if placement is not None:
            found |= views.days_from(calendar, *placement.utc(np.array([first, last])).tolist())
    return found
