"""Everything of one person as files, one table each: days and why a figure of theirs is missing, strides, walks,
minutes, stumbles, exercises, pressure events, prescriptions and the diary. What is only for research says so."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pandas as pd

from talus_host.errors import InputError
from talus_host.export.csv import write_csv
from talus_host.export.parquet import write_parquet
from talus_host.store import Store
from talus_host.store.people import Person
from talus_host.store.read import Day


def _records(kind: str, store: Store, person: Person, start: Day, end: Day) -> pd.DataFrame:
    return store.records(person, kind, start, end)


def _told(read: Callable[[Store, Person], pd.DataFrame], store: Store, person: Person, *_: Day) -> pd.DataFrame:
    """What somebody entered, whatever the range: what was prescribed before it may hold in it."""
    return read(store, person).drop(columns="entered_ms", errors="ignore")


def _walks(store: Store, person: Person, start: Day, end: Day) -> pd.DataFrame:
    return store.timed_walks(person)


TABLES: dict[str, Callable[..., pd.DataFrame]] = {
    "days": Store.days,
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
}
FORMATS = {"csv": write_csv, "parquet": write_parquet}


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
        FORMATS[form](read(store, person, start, end), path, zone=zone)
        written.append(path)
    return written
