"""`talus exercise`: a brace in range counts a set of repetitions while this waits, and says what it counted."""

import asyncio
import contextlib
import os
import sys
import threading
from collections.abc import Awaitable, Callable
from pathlib import Path
from zoneinfo import ZoneInfo

import pandas as pd

from talus.wire import gatt, kinds
from talus_host import tables
from talus_host.collect import tell_the_time
from talus_host.errors import InputError, RefusedError
from talus_host.link import Link, ble
from talus_host.session import Session
from talus_host.store import Store
from talus_host.verbs.collect import utc_ms
from talus_host.verbs.in_range import one_in_range
from talus_host.verbs.rim import aside, database, number, print_json, print_table
from talus_host.verbs.whose import person_of

SETTLE_S = 0.3  # the set becomes a record with the brace's next sample
EXCHANGES = 2  # of the clock: telling it has the brace write what it holds
NAMES = {
    "dorsiflexion": "toe raises",
    "heel_raise": "heel raises",
    "hold": "holds",
    "single_leg_stand": "standing on one leg",
}
HEADER = (
    "when",
    "leg",
    "exercise",
    "counted",
    "range °",
    "highest °",
    "held s",
    "last/first %",
    "relief N.m",
    "sway °/s",
)
COLUMNS = (
    ("range_deg", 1),
    ("peak_deg", 1),
    ("hold_s", 1),
    ("fatigue_pct", 0),
    ("moment_dip_nm", 2),
    ("sway_deg_s", 1),
)
Wait = Callable[[], Awaitable[object]]


def list_sets(folder: Path, label: str | None, as_json: bool) -> None:
    """Every set in the database. Raises InputError."""
    with Store(database(folder), create=False) as store:
        person, label = person_of(store, label)
        zone = ZoneInfo(str(store.person(person)["zone"]))
        sets = store.records(person, "exercise")
    if as_json:
        told = sets.astype(object)
        print_json({"zone": str(zone), "sets": told.where(told.notna(), None).to_dict("records")})
    elif sets.empty:
        aside.print(f"{label}: no set yet; `talus exercise dorsiflexion` counts one", highlight=False)
    else:
        rows = [_row(one, zone) for one in sets.to_dict("records")]
        print_table(f"{label}: exercises; – is not measured, never zero", HEADER, rows, left=3)


def _row(one: dict[str, object], zone: ZoneInfo) -> list[str]:
    at = one["start_utc"]
    when = at.astimezone(zone).strftime("%Y-%m-%d %H:%M") if pd.notna(at) else "unknown day"  # type: ignore[attr-defined]
    name = str(one["exercise"])
    figures = [number(one[column], digits) for column, digits in COLUMNS]  # type: ignore[arg-type]
    return [when, str(one["side"]), NAMES.get(name, name), number(one["repetitions"], 0), *figures]  # type: ignore[arg-type]


def count(name: str, address: str | None, seconds: float | None, as_json: bool) -> None:
    """One set. Raises InputError, RefusedError (not measurable here), NoBraceError and RoadErrors."""
    if name not in kinds.EXERCISES:
        raise InputError(f"exercise {name!r}: is none of {', '.join(kinds.EXERCISES)}")

    def told() -> None:
        how = f"for {seconds:g} s" if seconds else "until you press Enter"
        aside.print(f"counting {NAMES.get(name, name)} {how}; Ctrl-C ends it unseen", highlight=False)

    wait: Wait = (lambda: asyncio.sleep(seconds)) if seconds else enter
    counted = asyncio.run(from_air(name, address, wait, told))
    if as_json:
        plain = counted.astype(object)
        print_json(plain.where(plain.notna(), None).to_dict())
    else:
        for line in sentences(counted):
            aside.print(line, highlight=False)
    if counted["counted_by"] == "none":
        raise RefusedError("not measurable: the brace saw too little of it to count")


async def enter() -> None:
    """Until Enter is pressed. The thread that waits for it holds no lock: a process that ends does not wait for it."""
    loop, pressed = asyncio.get_running_loop(), asyncio.Event()
    said: list[bytes] = []

    def read() -> None:
        said.append(os.read(sys.stdin.fileno(), 1024))
        with contextlib.suppress(RuntimeError):  # the loop is closed: nobody waits any more
            loop.call_soon_threadsafe(pressed.set)

    threading.Thread(target=read, daemon=True).start()
    await pressed.wait()
    if not said[0]:
        raise InputError("seconds: nobody is there to press Enter; give --seconds")


async def from_air(
    name: str, address: str | None, wait: Wait, told: Callable[[], None], backend: ble.Backend | None = None
) -> "pd.Series[object]":
    """The set's record as a row of tables.table. Only one brace may be meant."""
    found = await one_in_range(address, backend)
    async with ble.BleLink(found, utc_ms, backend) as link:
        return await one_set(link, name, wait, told)


async def one_set(link: Link, name: str, wait: Wait, told: Callable[[], None]) -> "pd.Series[object]":
    """Begin, wait, end, and fetch what was counted. However the waiting ends, the set does, too."""
    before = await link.info()
    reply = await link.request(gatt.BEGIN_SET, kinds.EXERCISES.index(name))
    if reply.values[1] != gatt.SUCCESS:
        why = gatt.RESULTS.get(reply.values[1], f"result {reply.values[1]}")
        raise RefusedError(f"{NAMES.get(name, name)}: {why}")
    told()
    try:
        await wait()
    finally:  # a set that ended by itself in a pause is as well
        await asyncio.shield(link.request(gatt.END_SET))
    await asyncio.sleep(SETTLE_S)
    await tell_the_time(link, EXCHANGES)
    return await _newest(link, before)


async def _newest(link: Link, before: dict[str, int]) -> "pd.Series[object]":
    """The newest exercise record since `before`. What is read here is not acknowledged: a collector fetches it, too."""
    session = Session(before["journal"], before["next"])
    records = []
    async with contextlib.aclosing(link.stream(before["next"])) as stream:
        async for piece in stream:
            records += session.feed(piece)
    records += session.finish()
    mine = [record.payload for record in records if record.kind == kinds.BY_NAME["exercise"].number]
    if not mine:
        raise RefusedError("the brace kept no set; try again")
    return tables.table("exercise", mine).iloc[-1]


def sentences(counted: "pd.Series[object]") -> list[str]:
    """What was counted, in plain words; what was not measured is not said as zero."""
    name = str(counted["exercise"])
    title = NAMES.get(name, name)
    if name == "single_leg_stand":
        return _stood(counted, title)
    if pd.isna(counted["repetitions"]):
        return [f"{title}: not measurable"]
    found = [f"{title}: {counted['repetitions']:.0f}"]
    if counted["counted_by"] == "moment":
        found.append("counted by the pull on the brace: the foot itself hardly moved")
    rows = (
        ("range_deg", "{:.1f}° each, in the middle"),
        ("peak_deg", "highest {:.1f}°"),
        ("hold_s", "held for {:.1f} s"),
        ("moment_dip_nm", "the brace was relieved of {:.2f} N.m"),
        ("fatigue_pct", "the last three were {:.0f} % of the first three"),
    )
    return found + [text.format(counted[column]) for column, text in rows if pd.notna(counted[column])]


def _stood(counted: "pd.Series[object]", title: str) -> list[str]:
    if pd.isna(counted["repetitions"]):
        return [f"{title}: not measurable"]
    times = int(counted["repetitions"])  # type: ignore[call-overload]
    found = [f"{title}: " + ("not once", "once", "twice")[times] if times < 3 else f"{title}: {times} times"]
    if pd.notna(counted["hold_s"]):
        found.append(f"{counted['hold_s']:.1f} s" + (" each, in the middle" if times > 1 else ""))
    if pd.notna(counted["sway_deg_s"]):
        found.append(f"the shank swayed by {counted['sway_deg_s']:.1f}°/s")
    return found
