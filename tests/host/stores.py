"""What tests of the store share: looking into its file, and two days of records worked out by hand."""

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

from host.made_records import HOUR_MS, MINUTE_MS, Brace, utc_ms

from talus_host.store import Store, schema

ZONE = "Europe/Berlin"
NOON = utc_ms("2026-05-05T12:00:00", ZONE)
RECEIVED = utc_ms("2026-05-09T08:00:00")


def views(path: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Everything that is made from records, row by row."""
    with sqlite3.connect(path) as connection:
        names = [view.name for view in schema.VIEWS]
        found = {name: sorted(connection.execute(f"SELECT * FROM {name}"), key=repr) for name in names}
    connection.close()
    return found


def records(path: Path) -> list[tuple[Any, ...]]:
    with sqlite3.connect(path) as connection:
        found = connection.execute("SELECT * FROM record ORDER BY device, journal, sequence").fetchall()
    connection.close()
    return found


def filed(store: Store, brace: Brace, **sides: str) -> None:
    store.assign(brace.device, "1", sides.get("side", "left"))
    store.put(brace.info(), brace.records, RECEIVED)


def lived(folder: Path, life: Callable[[Brace], None]) -> Path:
    """The folder, with a database of one person whose left brace started at noon and lived through this."""
    brace = Brace(boot_utc_ms=NOON)
    brace.add("boot", NOON, cause=0)
    life(brace)
    with Store(folder / "talus.db") as store:
        store.add_person("A", ZONE)
        filed(store, brace)
    return folder


def two_days() -> Brace:
    """Two boots, the second over midnight: wear, a walk, a curve, pressure, a told loss; their clocks come last."""
    start = utc_ms("2026-05-05T20:00:00", ZONE)
    brace = Brace(boot_utc_ms=start)
    brace.add("boot", start, cause=0)
    brace.sites(start, "fibular_head", "heel")
    brace.minutes(start, 20, 1, pressure_1=5.0, pressure_2=1.0)
    brace.walk(start + 20 * MINUTE_MS, 15, ankle_range=20)
    brace.add("pressure", start + 16 * MINUTE_MS, channel=1, site=1, tier=1, ended=0, lasted=15, onset_back=15, peak=5)
    brace.clock(start + 30 * MINUTE_MS, says_ms=start + 30 * MINUTE_MS + 40)
    later = utc_ms("2026-05-05T23:30:00", ZONE)
    brace.restart(later)
    brace.add("boot", later, cause=2)
    brace.minutes(later, 30, 1)
    brace.minutes(later + 30 * MINUTE_MS, 30, 0)
    brace.add("wear", later + 32 * MINUTE_MS, worn=0, edge_back=150)
    brace.sites(later + 33 * MINUTE_MS, "dorsal_strap", "heel")
    brace.minutes(later + 60 * MINUTE_MS, 10, 1, pressure_1=5.0)
    brace.add("curve", later + 60 * MINUTE_MS, strides=15, angle=[1.0] * 25, moment=[0.5] * 25)
    brace.add("loss", later + 61 * MINUTE_MS, first=900, count=3, cause=0)
    for minute, state in ((0, 0), (20, 1), (21, 0), (55, 2)):  # active, quiet, active, stored
        brace.add("power", later + minute * MINUTE_MS + 500, state=state)
    brace.clock(later + 10 * MINUTE_MS)
    brace.clock(later + 71 * MINUTE_MS, says_ms=later + 5 * HOUR_MS)
    brace.clock(later + 72 * MINUTE_MS)
    return brace
