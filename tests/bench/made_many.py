"""Databases to measure readings on, made once and kept in a folder: `python tests/bench/made_many.py [folder]`.

A year of one person goes through the real `Store.put` (made_year.py). Longer lives and other people are copies of its
rows, moved in time and filed under other ids by SQL, because putting forty years would take hours. A copy's clock
records still bear the moments of the first: nothing is rebuilt here. Other people have half a year, and of records only
those that a reading of the whole life goes through: no strides and no minutes. Every day is one of the real year's.
"""

import shutil
import sqlite3
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import numpy as np
from bench import made_year
from bench.made_year import DAY_MS, DEVICE, END_MS, JOURNAL, ZONE

from talus.wire.kinds import BY_NAME
from talus_host.store import Store, schema

FOLDER = Path(__file__).parents[2] / "data" / "bench"
YEARS = (1, 2, 5, 10)
PEOPLE = 2000
YEAR_DAYS = 364
KEPT_DAYS = 182  # of another person
SEEN_DAYS = 30  # of their hours, bouts, curves and histograms, of which no reading of the whole life asks
ENDED = ((0, 0.70), (1, 0.15), (2, 0.05), (5, 0.10))  # days since the last record, and how many people so
KEPT_KINDS = ("boot", "settings", "health", "clock", "pressure", "prompt")
# Columns that are moments of UTC; others of these names are milliseconds since a boot.
MOMENTS: Mapping[str, tuple[str, ...]] = {
    "sync": ("received_ms",),
    "clock_pair": ("utc_ms",),
    "wear_bout": ("start_ms", "end_ms"),
    "curve": ("at_ms",),
    "pressure_event": ("start_ms", "end_ms"),
}
BY_BRACE = (
    schema.sync, schema.record, schema.clock_pair, schema.clock_drift, schema.clock_rest, schema.boot_kind,
    schema.pressure_event,
)  # fmt: skip


def copied(connection: sqlite3.Connection, shift: Mapping[str, int]) -> None:
    """Every row of the attached `year`, moved and filed anew; what is known is left alone.

    shift: person, device, journal (new ids), boots, sequences (to add) and days (to take away).
    """
    sums = {"boot": "boot + :boots", "sequence": "sequence + :sequences", "day": "date(day, '-' || :days || ' days')"}
    sums |= {name: f":{name}" for name in ("person", "device", "journal")}
    for table in (*BY_BRACE, *schema.DAY_VIEWS):
        names = [column.name for column in table.columns]
        moved = {name: f"{name} - :days * {DAY_MS}" for name in MOMENTS.get(table.name, ())}
        columns = ", ".join(moved.get(name) or sums.get(name, name) for name in names)
        sql = f"INSERT OR IGNORE INTO main.{table.name} ({', '.join(names)}) SELECT {columns} FROM year.{table.name}"
        connection.execute(sql, shift)


def grown(year: Path, path: Path, years: int) -> None:
    """One person, 1, with the year's life `years` times in a row."""
    with Store(path, zone=ZONE) as store:
        person = store.add_person("P-1", ZONE, 9.0)
        store.assign(DEVICE, person, "left")
        begun = str(np.datetime64(made_year.TODAY) - YEAR_DAYS * years)
        store.prescribe(person, "left", begun, "hours", {"hours": 9.0}, END_MS)
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        _begun(connection)
        connection.execute("ATTACH ? AS year", (str(year),))
        boots, sequences = connection.execute("SELECT max(boot), max(sequence) + 1 FROM year.record").fetchone()
        connection.execute("BEGIN")
        for at in reversed(range(years)):  # the newest first: where two meet in a day, the newer one's day is kept
            shift = {"person": 1, "device": DEVICE, "journal": JOURNAL, "days": YEAR_DAYS * (years - 1 - at)}
            copied(connection, shift | {"boots": at * boots, "sequences": at * sequences})
        _finished(connection)


def clinic(year: Path, path: Path, people: int) -> None:
    """`people` others of half a year each; some ended days ago, every tenth has no prescription."""
    with Store(path, zone=ZONE):
        pass
    dice = np.random.default_rng(3)
    ended = dice.choice([days for days, _ in ENDED], people, p=[share for _, share in ENDED]).tolist()
    first = str(np.datetime64(made_year.TODAY) - KEPT_DAYS)
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        _begun(connection)
        _half(connection, year, first)
        connection.execute("BEGIN")
        for at, days in enumerate(ended):
            person, device = at + 1, 1000 + at
            connection.execute("INSERT INTO person VALUES (?, ?, 9.0, 0, NULL)", (person, f"P-{person}"))
            connection.execute("INSERT INTO person_zone VALUES (?, 0, ?)", (person, ZONE))
            connection.execute("INSERT INTO brace VALUES (?, 'left', ?)", (device, person))
            if at % 10:
                rx = (person, "left", first, "hours", 6.0 + at % 7, None, None, END_MS)
                connection.execute("INSERT INTO prescription VALUES (?, ?, ?, ?, ?, ?, ?, ?)", rx)
            ids = {"person": person, "device": device, "journal": 100_000 + at, "boots": 0, "sequences": 0}
            copied(connection, ids | {"days": days})
        _finished(connection)


def _half(connection: sqlite3.Connection, year: Path, first: str) -> None:
    """What another person has, in memory, as `year`."""
    kinds = ", ".join(str(BY_NAME[name].number) for name in KEPT_KINDS)
    late = END_MS - KEPT_DAYS * DAY_MS
    where = {view.name: f"day >= '{first}'" for view in schema.DAY_VIEWS}
    seen = np.datetime64(made_year.TODAY) - SEEN_DAYS
    where |= {view.name: f"day >= '{seen}'" for view in (schema.hour, schema.wear_bout, schema.curve, schema.histogram)}
    where |= {"record": f"kind IN ({kinds})", "sync": f"received_ms >= {late}", "clock_rest": "0"}
    where |= {"pressure_event": f"start_ms >= {late}"}
    connection.execute("ATTACH ? AS whole", (str(year),))
    connection.execute("ATTACH ':memory:' AS year")
    for table in (*BY_BRACE, *schema.DAY_VIEWS):
        keep = where.get(table.name, "1")
        connection.execute(f"CREATE TABLE year.{table.name} AS SELECT * FROM whole.{table.name} WHERE {keep}")


def _begun(connection: sqlite3.Connection) -> None:
    connection.execute("PRAGMA synchronous = OFF")
    connection.execute("PRAGMA foreign_keys = OFF")


def _finished(connection: sqlite3.Connection) -> None:
    if connection.in_transaction:
        connection.execute("COMMIT")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def kept(folder: Path, name: str, make: Callable[[Path], None]) -> Path:
    """The database of this name, made if this version of the tables has none yet."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}_{schema.HEAD}.db"
    if not path.exists():
        part = path.with_suffix(".making")
        for old in folder.glob(f"{part.name}*"):
            old.unlink()
        begun = time.perf_counter()
        make(part)
        shutil.move(part, path)
        print(f"made {path.name}: {path.stat().st_size >> 20} MiB in {time.perf_counter() - begun:.0f} s", flush=True)
    return path


def of_years(folder: Path, years: int) -> Path:
    year = kept(folder, "year_1", made_year.year)
    return year if years == 1 else kept(folder, f"year_{years}", lambda path: grown(year, path, years))


def of_people(folder: Path) -> Path:
    year = kept(folder, "year_1", made_year.year)
    return kept(folder, f"people_{PEOPLE}", lambda path: clinic(year, path, PEOPLE))


def main(folder: Path) -> None:
    for years in YEARS:
        of_years(folder, years)
    of_people(folder)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER)
