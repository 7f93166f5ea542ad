"""A database the orthotist's working pages can write to: ten weeks of one lived-in brace, made once a run."""

import shutil
from pathlib import Path

from bench.made_year import info, rows_of
from dashboards import made_tables

from talus_host.store import Store
from talus_twin.body.history import Course, live

NOW_MS = int(made_tables.NOW.timestamp() * 1000)
WEEKS, STRIDES_A_DAY = 10, 400
DEVICE = 0xA1


def lived(path: Path) -> Path:
    """Person 1, P-1, with a left brace whose newest record is of this morning; person 2 has nothing."""
    history = live(
        Course(NOW_MS - 6 * 3_600_000, 1, WEEKS, made_tables.ZONE, strides_per_day=STRIDES_A_DAY, cut_days=14)
    )
    with Store(path, zone=made_tables.ZONE) as store:
        store.add_person("P-1", made_tables.ZONE, 8.0)
        store.add_person("P-2", made_tables.ZONE)
        store.assign(DEVICE, "1", "left")
        store.put(info(history.boots[-1].number), list(rows_of(history)), NOW_MS - 5 * 3_600_000)
    return path


def copied(lived_once: Path, folder: Path) -> Store:
    """A store of one test's own."""
    shutil.copy(lived_once, folder / "talus.db")
    return Store(folder / "talus.db")
