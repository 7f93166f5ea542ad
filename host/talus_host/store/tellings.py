"""What a person told, or a helper for them: kept with its moment and with the moment it was entered, and taken back by
exactly that. Nothing is overwritten; only the same answer within a breath, a button pressed twice, is one."""

from collections import defaultdict
from collections.abc import Collection

import numpy as np
import pandas as pd
from sqlalchemy import Connection, delete, insert, select

from talus_host.errors import InputError
from talus_host.metrics.telling import BY_WHAT, TELLERS, SkinCheck, skin_check
from talus_host.store import bulk, judged, load, people, raw, read, schema, schema_pages
from talus_host.store.prescriptions import AHEAD_DAYS, DAY_MS, EARLIEST_DAY
from talus_host.store.read import Day, moments

TWICE_MS = 2000
EARLIEST_MS = int(np.datetime64(EARLIEST_DAY, "ms").astype(np.int64))
MINUTE_MS = 60_000
COLUMNS = ("at_utc", "day", "what", "side", "value", "answer", "unit", "told_by", "at_ms", "entered_ms")


def tell(
    connection: Connection, person: int, what: str, value: float, side: str, told_by: str, at_ms: int, entered_ms: int
) -> int:
    """Keep one answer; returns its entered_ms, by which it is known. at_ms: when it was so; of a row told of a day,
    any moment of that day. Raises InputError naming what does not fit."""
    people.person_row(connection, person)
    row = BY_WHAT.get(what)
    if row is None:
        raise InputError(f"what {what!r}: is none of {', '.join(BY_WHAT)}")
    if value not in row.answers:
        raise InputError(f"value {value!r}: {what} has {', '.join(str(one) for one in row.answers)}")
    if side not in row.sides:
        raise InputError(f"side {side!r}: {what} has {', '.join(one or 'none' for one in row.sides)}")
    if told_by not in TELLERS:
        raise InputError(f"told_by {told_by!r}: is none of {', '.join(TELLERS)}")
    ahead = AHEAD_DAYS * DAY_MS if row.of_day else MINUTE_MS
    if not EARLIEST_MS <= at_ms <= entered_ms + ahead:
        raise InputError(f"at_ms {at_ms!r}: is before {EARLIEST_DAY} or too far ahead")
    t = schema_pages.told
    mine = [t.c.person == person, t.c.what == what, t.c.side == side]
    if row.of_day:
        at_ms, end_ms = _day_of(connection, person, at_ms)
        same = [*mine, t.c.at_ms >= at_ms, t.c.at_ms < end_ms]
    else:
        same = [*mine, t.c.value == value, t.c.told_by == told_by, t.c.entered_ms > entered_ms - TWICE_MS]
        same.append(t.c.entered_ms <= entered_ms + TWICE_MS)
    before = connection.execute(select(t.c.entered_ms).where(*same).limit(1)).scalar()
    if before is not None:
        return int(before)
    taken = select(t.c.entered_ms).where(*mine, t.c.entered_ms >= entered_ms)
    others = set(connection.execute(taken).scalars())
    while entered_ms in others:  # another window told something else in the same millisecond
        entered_ms += 1
    key = {"person": person, "at_ms": at_ms, "what": what, "side": side, "entered_ms": entered_ms}
    connection.execute(insert(t).values(**key, value=value, told_by=told_by))
    judged.outdated(connection, person)
    return entered_ms


def _day_of(connection: Connection, person: int, at_ms: int) -> tuple[int, int]:
    calendar = load.calendar_of(connection, person)
    span = calendar.span(int(calendar.day(np.array([at_ms]))[0]))
    assert span is not None
    return span


def untell(connection: Connection, person: int, what: str, side: str, entered_ms: int) -> None:
    """Take exactly one answer back. Raises InputError when it is not there (any more)."""
    people.person_row(connection, person)
    t = schema_pages.told
    mine = (t.c.person == person, t.c.what == what, t.c.side == side, t.c.entered_ms == entered_ms)
    if not connection.execute(delete(t).where(*mine)).rowcount:
        raise InputError(f"{what}: this was taken back already")
    judged.outdated(connection, person)


def every(connection: Connection, person: int, start: Day = None, end: Day = None) -> pd.DataFrame:
    """COLUMNS, by moment: at_utc, day of the person's calendar, what, side ("" neither leg), value, answer (its short
    name), unit, told_by, at_ms, entered_ms. What was told of days in [start, end)."""
    people.person_row(connection, person)
    t = schema_pages.told.c
    calendar = load.calendar_of(connection, person)
    low, high = raw.bounds(calendar, start, end)
    query = select(t.what, t.side, t.value, t.told_by, t.at_ms, t.entered_ms)
    query = query.where(t.person == person, t.at_ms >= low, t.at_ms < high).order_by(t.at_ms, t.entered_ms, t.what)
    found = bulk.numbers(bulk.fetch(connection, query), ["value"])
    found["at_utc"] = moments(found["at_ms"])
    day = calendar.day(found["at_ms"].to_numpy(np.int64))
    found["day"] = day.astype("datetime64[D]").astype("datetime64[s]")
    rows = zip(found["what"], found["value"], strict=True)
    found["answer"] = pd.Series([BY_WHAT[what].answers[int(value)] for what, value in rows], dtype="str")
    found["unit"] = pd.Series([BY_WHAT[what].unit for what in found["what"]], dtype="str")
    return found[list(COLUMNS)]


def days_off(connection: Connection, person: int) -> pd.Series:
    """The days planned without the brace, as datetime64."""
    found = every(connection, person)
    return found.loc[(found["what"] == "day_off").to_numpy(bool), "day"].drop_duplicates(ignore_index=True)


def days_off_of(connection: Connection, ids: Collection[int]) -> dict[int, list[int]]:
    """Of many people, the first moment of each day planned without the brace."""
    t = schema_pages.told.c
    found: dict[int, list[int]] = defaultdict(list)
    for row in connection.execute(select(t.person, t.at_ms).where(t.person.in_(ids), t.what == "day_off")):
        found[row.person].append(row.at_ms)
    return dict(found)


def skin_checks(connection: Connection, person: int, now_ms: int) -> pd.DataFrame:
    """side and metrics.telling.SkinCheck, a row for each leg with a brace."""
    calendar = load.calendar_of(connection, person)
    today = calendar.day(np.array([now_ms]))[0].astype("datetime64[D]")
    start = str(today - 2)
    bouts = read.wear_bouts(connection, person, start, str(today + 1))
    for name in ("start", "end"):
        bouts[f"{name}_ms"] = bouts[f"{name}_utc"].astype("datetime64[ms, UTC]").astype(np.int64)
    told = every(connection, person, start)
    told = told[(told["what"] == "skin").to_numpy(bool)]
    b = schema.brace.c
    sides = connection.execute(select(b.side).where(b.person == person).distinct().order_by(b.side)).scalars().all()
    rows = []
    for side in sides:
        own = told[told["side"].isin([side, ""]).to_numpy(bool)]
        mine = bouts[(bouts["side"] == side).to_numpy(bool)]
        rows.append((side, *skin_check(mine, own, now_ms)))
    return pd.DataFrame(rows, columns=["side", *SkinCheck._fields])
