"""Everything of one person as files, one table each: days and why a figure of theirs is missing, strides, walks,
hours, minutes, stumbles, exercises, pressure events, what was prescribed, told, noted, planned and agreed to. What is
only for research says so. Beside them, a dictionary says what each column means."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import BinaryIO

import pandas as pd

from talus_host.errors import InputError
from talus_host.export import atomic, dictionary
from talus_host.export.csv import write_csv
from talus_host.export.parquet import write_parquet
from talus_host.store import Store
from talus_host.store.entries import ENTRIES
from talus_host.store.people import Person
from talus_host.store.read import Day, moments

NEVER = "2000-01-01"  # before any brace


def _records(kind: str, store: Store, person: Person, start: Day, end: Day) -> pd.DataFrame:
    return store.records(person, kind, start, end)


def _told(read: Callable[[Store, Person], pd.DataFrame], store: Store, person: Person, *_: Day) -> pd.DataFrame:
    """What somebody entered, whatever the range: what was prescribed before it may hold in it."""
    return read(store, person).drop(columns="entered_ms", errors="ignore")


def _walks(store: Store, person: Person, start: Day, end: Day) -> pd.DataFrame:
    walks = store.timed_walks(person)
    walks.insert(0, "start_utc", moments(walks.pop("at_ms")))
    return walks


def _entries(name: str, store: Store, person: Person, *_: Day) -> pd.DataFrame:
    return store.entries(person, name)


def _person(store: Store, person: Person, *_: Day) -> pd.DataFrame:
    told = store.person(person)
    own = pd.DataFrame({name: [told[name]] for name in ("person_id", "zone", "goal_h", "mass_kg")})
    return own.astype({"goal_h": "float64", "mass_kg": "float64"})


TABLES: dict[str, Callable[..., pd.DataFrame]] = {
    "days": Store.days,
    "hours": Store.hours,
    "wear_bouts": Store.wear_bouts,
    "curves": Store.curves,
    "not_measured": Store.not_measured,
    "assist_ratios": Store.assist_ratios,
    "strides": Store.strides,
    "minutes": Store.minutes,
    "walks": partial(_records, "walk"),
    "stumbles": partial(_records, "stumble"),
    "exercises": partial(_records, "exercise"),
    "pressure_events": Store.pressure_responses,
    "pressure_days": Store.pressure_days,
    "prescriptions": partial(_told, Store.prescriptions),
    "diary": partial(_told, Store.brace_changes),
    "timed_walks": _walks,
    "exploratory": Store.exploratory,
    "person": _person,
    **{name: partial(_entries, name) for name in ENTRIES},
}
FORMATS = ("csv", "parquet")


def export(
    store: Store, person: Person, folder: Path, *, form: str = "csv", start: Day = None, end: Day = None
) -> list[Path]:
    """Write every table of TABLES into a folder (made if absent); returns the files written.

    Raises InputError for a form that is none of FORMATS, a person there is not, or a folder that cannot be written.
    """
    if form not in FORMATS:
        raise InputError(f"format {form!r}: is none of {', '.join(FORMATS)}")
    zone = str(store.person(person)["zone"])
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"folder {folder}: cannot be made: {error.strerror}") from error
    written = []
    for name, read in TABLES.items():
        path = folder / f"{name}.{form}"
        table = read(store, person, start, end)
        if form == "csv":
            write_csv(table, path, zone=zone)
        else:
            write_parquet(table, path, zone=zone, notes={"talus.table": name})
        written.append(path)
    return written + write_dictionary(dictionary.rows(tables_of(store, person)), folder)


def tables_of(store: Store, person: Person) -> dict[str, pd.DataFrame]:
    """Every table of TABLES, without the rows of any day: what it holds, not how much."""
    return {name: read(store, person, NEVER, NEVER) for name, read in TABLES.items()}


def write_dictionary(rows: list[dictionary.Row], folder: Path) -> list[Path]:
    """dictionary.csv for programs, dictionary.md for people."""
    written = []
    for name, text in (("csv", dictionary.as_csv(rows)), ("md", dictionary.as_markdown(rows))):
        path = folder / f"dictionary.{name}"

        def fill(file: BinaryIO, content: bytes = text.encode()) -> None:
            file.write(content)

        atomic.write(path, fill)
        written.append(path)
    return written
