"""Real databases in the states life leaves them in: nothing, a day, a year, holes, faults, both legs, a put cut off.

Each is made by the store from records the twin's history would have kept. A year is a fortnight of records whose views
are laid out again, fortnight by fortnight: the pages read views, and half a million minutes would only cost time.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

from sqlalchemy import event, text

from talus.wire import gatt, kinds, record
from talus_host.session import Record
from talus_host.store import Store
from talus_host.store.engine import writing
from talus_twin.body.history import Boot, Course, live

NOW = datetime(2026, 11, 20, 14, 32, tzinfo=UTC)  # as the served pages have it
ZONE = "Europe/Berlin"
LABEL = "Wearer 17"
GOAL_H = 8.0
SYNCED_MS = int((NOW - timedelta(minutes=6)).timestamp() * 1000)
DAY_MS = 86_400_000
DEVICES = {"left": 0xA1B2_C3D4_E5F6_0718, "right": 0x1122_3344_5566_7788}
LINK = {"took_ms": 5400, "stream_ms": 4100, "octets": 51_200, "skipped": 0, "missing": 0, "within_ms": 6}
FORTNIGHTS = 26
# view -> its columns of UTC ms, to be moved with its day
VIEWS: dict[str, tuple[str, ...]] = {
    "day": (), "hour": (), "wear_bout": ("start_ms", "end_ms"), "pressure_day": (), "curve": ("at_ms",),
    "histogram": (), "cadence_band": (),
}  # fmt: skip


@dataclass
class State:
    """An open database: the person its pages are about ("": nobody) and a brace ("": none).

    broken: it cannot be read at all, and each page that reads says so instead.
    """

    store: Store
    person: str = ""
    device: str = ""
    broken: bool = False


@cache
def fortnight(side: str = "left") -> tuple[Boot, ...]:
    """Two weeks up to the last sync; the second boot is today's."""
    course = Course(SYNCED_MS, 3 if side == "left" else 4, 2, ZONE, side, cut_days=1, strides_per_day=500, flat_times=0)
    return live(course).boots


def records_of(boots: Iterable[Boot], first: int = 0) -> list[Record]:
    """The boots' records as a session gives them, and a clock record at each one's end."""
    buffer = bytearray(300)
    found: list[Record] = []
    for boot in boots:
        at_end = boot.end_ms - boot.start_ms - 1000
        utc = boot.start_ms + at_end
        told = (utc // 1000, utc % 1000, 12, kinds.CLOCK_SOURCES.index("host"))
        for name, at_ms, values in (*boot.records, ("clock", at_end, told)):
            kind = kinds.BY_NAME[name]
            end = record.pack(kind, 0, list(values), buffer)
            payload = bytes(buffer[record.HEADER : end])
            found.append(Record(first + len(found), boot.number, at_ms, kind.number, payload))
    return found


def info(side: str, records: list[Record], **changes: int) -> dict[str, int]:
    told = dict.fromkeys((row[0] for row in gatt.INFO_ROWS), 0)
    told |= {"protocol": gatt.PROTOCOL, "side": kinds.SIDES.index(side), "device": DEVICES[side], "journal": 0x51}
    told |= {"layout": kinds.digest(), "boot": 2, "next": len(records), "battery": 64, "state": 0, "settings": 0xBEEF}
    return told | changes


def named(number: int) -> str:
    return f"{number:016x}"


def person(store: Store, *sides: str, label: str = LABEL, zone: str = ZONE) -> str:
    """Somebody with a brace for each of these legs, from which nothing has come."""
    made = store.add_person(label, zone, GOAL_H)
    for side in sides:
        store.assign(DEVICES[side], made, side)
    return made


def worn(
    store: Store,
    *sides: str,
    boots: slice = slice(None),
    cut: Callable[[list[Record]], list[Record]] = list,
    label: str = LABEL,
    zone: str = ZONE,
) -> State:
    """Somebody whose braces brought these boots, as `cut` leaves their records."""
    made = person(store, *sides, label=label, zone=zone)
    for side in sides:
        records = records_of(fortnight(side)[boots])
        store.put(info(side, records), cut(records), SYNCED_MS)
        store.end_sync(DEVICES[side], SYNCED_MS, LINK)
    return State(store, made, named(DEVICES[sides[0]]))


def empty(folder: Path) -> State:
    return State(Store(folder / "talus.db"))


def silent(folder: Path) -> State:
    """A person and a brace, and nothing came yet."""
    store = Store(folder / "talus.db")
    return State(store, person(store, "left"), named(DEVICES["left"]))


def one_day(folder: Path) -> State:
    return worn(Store(folder / "talus.db"), "left", boots=slice(1, None))


def year(folder: Path) -> State:
    """A fortnight, and its views 25 times more, each a fortnight earlier."""
    state = worn(Store(folder / "talus.db"), "left")
    with writing(state.store.engine) as connection:
        for back in range(1, FORTNIGHTS):
            for view, moments in VIEWS.items():
                columns = [row[1] for row in connection.execute(text(f"PRAGMA table_info({view})"))]
                moved = {name: f"{name} - {back * 14 * DAY_MS}" for name in moments}
                moved["day"] = f"date(day, '-{back * 14} days')"
                chosen = ", ".join(moved.get(name, name) for name in columns)
                since = (NOW.date() - timedelta(days=14)).isoformat()
                connection.execute(
                    text(f"INSERT INTO {view} SELECT {chosen} FROM {view} WHERE day >= '{since}' AND day < :today"),
                    {"today": NOW.date().isoformat()},
                )
        for week in range(52):
            connection.execute(
                text(
                    "INSERT OR IGNORE INTO sync (device, received_ms, journal, records, added, conflicts, side, boot,"
                    " battery, fault) SELECT device, received_ms - :back, journal, records, added, 0, side, boot, 55, 0"
                    " FROM sync WHERE received_ms = :last"
                ),
                {"back": (week + 1) * 7 * DAY_MS, "last": SYNCED_MS},
            )
    return state


def unknown_days(folder: Path) -> State:
    """Ten days of the first boot never came, the hours before today neither; a boot has no clock at all."""

    def cut(records: list[Record]) -> list[Record]:
        first = min(one.boot for one in records)
        kept = [one for one in records if one.boot != first or not 2 * DAY_MS < one.at_ms < 12 * DAY_MS]
        return kept + lost_in_time(len(records), first + 7)

    return worn(Store(folder / "talus.db"), "left", cut=cut)


def lost_in_time(sequence: int, boot: int) -> list[Record]:
    """A start and a part's trouble of which nobody knows when."""
    rows = (("boot", (2, 0, 1, 0, None, 3300, 4, None, 3290, None)), ("health", (8, 0, 1, 22, 5)))
    found = []
    for at, (name, values) in enumerate(rows):
        buffer = bytearray(300)
        end = record.pack(kinds.BY_NAME[name], 0, list(values), buffer)
        payload = bytes(buffer[record.HEADER : end])
        found.append(Record(sequence + at, boot, at, kinds.BY_NAME[name].number, payload))
    return found


def failed_sensors(folder: Path) -> State:
    """Encoder and bridge have failed, a pressure channel is doubtful: what they would have measured is unknown."""
    store = Store(folder / "talus.db")
    made = person(store, "left")
    boots = []
    for boot in fortnight():
        rows = [*(_blind(*row) for row in boot.records), *_troubles()]
        boots.append(replace(boot, records=tuple(sorted(rows, key=lambda row: row[1]))))
    records = records_of(boots)
    fault = kinds.SENSORS.index("bridge") + 1
    told = info("left", records, fault=fault, fault_reason=kinds.HEALTH_REASONS.index("saturated"), battery=255)
    store.put(told, records, SYNCED_MS)
    return State(store, made, named(DEVICES["left"]))


Row = tuple[str, int, tuple[object, ...]]


def _troubles() -> list[Row]:
    """A word on every part a second after the start, with each of the reasons there are at least once a boot."""
    rows: list[Row] = []
    for at, name in enumerate(kinds.SENSORS):
        state = 2 if name in ("encoder", "bridge") else 1 if name == "pressure" else 0
        rows.append(("health", 1000 + at, (at, 1 if name == "pressure" else 0, state, 2 if state else 0, 0)))
    for at in range(len(kinds.HEALTH_REASONS)):
        rows.append(("health", 3_600_000 * (at + 2), (4, 2, 1, at, 4095)))
    return rows


def _blind(name: str, at_ms: int, values: tuple[object, ...]) -> Row:
    blind = {"stride": ("ankle_", "moment_", "assist_", "loading_"), "minute": ("angle_", "moment_", "pressure_1")}
    blind |= {"curve": ("angle", "moment"), "walk": ("moment", "work", "push")}
    starts = blind.get(name, ())
    kind = kinds.BY_NAME[name]
    told: list[object] = []
    for field, code, value in zip(kind.names, kind.codes, values, strict=True):
        unknown = [None] * kinds.count_of(code) if kinds.count_of(code) > 1 else None
        told.append(unknown if starts and field.startswith(starts) else value)
    return name, at_ms, tuple(told)


def both_legs(folder: Path) -> State:
    return worn(Store(folder / "talus.db"), "left", "right")


def half_imported(folder: Path) -> State:
    """A put cut off midway, sequences missing before and after, and some that came again with other content."""

    def cut(records: list[Record]) -> list[Record]:
        half = records[: len(records) // 2]
        return [one for one in half if one.sequence % 997 > 40]

    state = worn(Store(folder / "talus.db"), "left", cut=cut)
    records = records_of(fortnight())
    again = [replaced(one) for one in records[100:110]]
    state.store.put(info("left", records), again, SYNCED_MS + 60_000)
    return state


def replaced(one: Record) -> Record:
    return Record(one.sequence, one.boot, one.at_ms + 1, one.kind, one.payload)


def paused(folder: Path) -> State:
    """A pause over days of the fortnight and one that is open now."""
    state = worn(Store(folder / "talus.db"), "left")
    with writing(state.store.engine) as connection:
        for start, end in ((SYNCED_MS - 8 * DAY_MS, SYNCED_MS - 5 * DAY_MS), (SYNCED_MS - DAY_MS, None)):
            connection.execute(
                text("INSERT INTO pause (person, from_ms, until_ms, entered_ms) VALUES (:p, :a, :b, :a)"),
                {"p": int(state.person), "a": start, "b": end},
            )
    return state


def care_ended(folder: Path) -> State:
    """Consent to care was given and ended yesterday: of this person an orthotist is shown nothing."""
    state = worn(Store(folder / "talus.db"), "left", boots=slice(1, None))
    state.store.consent(state.person, "care", "care-1", SYNCED_MS - 3 * DAY_MS, SYNCED_MS)
    state.store.end_consent(state.person, "care", SYNCED_MS - DAY_MS)
    return state


def read_only(folder: Path) -> State:
    """What may be read and no longer written."""
    state = worn(Store(folder / "talus.db"), "left", boots=slice(1, None))

    @event.listens_for(state.store.engine, "begin")
    def lock(connection: object) -> None:
        connection.exec_driver_sql("PRAGMA query_only = 1")  # type: ignore[attr-defined]

    return state


def gone(folder: Path) -> State:
    """The database was taken away while the pages were open."""
    state = worn(Store(folder / "talus.db"), "left", boots=slice(1, None))
    state.store.engine.dispose()
    for file in folder.glob("talus.db*"):
        file.unlink()
    return replace(state, broken=True)


STATES: dict[str, Callable[[Path], State]] = {
    one.__name__: one
    for one in (
        empty, silent, one_day, year, unknown_days, failed_sensors, both_legs, half_imported, paused, care_ended,
        read_only, gone,
    )
}  # fmt: skip
CORE = ("silent", "year", "failed_sensors")  # what every page is shown in, however many pages there are
