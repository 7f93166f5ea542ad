"""A person's FHIR bundle as one file: what the bundle is made of is gathered here, and given as it is."""

from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from talus_host.errors import InputError
from talus_host.export import atomic
from talus_host.export.fhir import Told, bundle
from talus_host.metrics import weekly
from talus_host.metrics.adherence import adherence
from talus_host.store import Store
from talus_host.store.people import Person
from talus_host.store.read import Day

NAME = "talus.fhir.json"


def export_fhir(
    store: Store,
    person: Person,
    folder: Path,
    now_ms: int,
    *,
    start: Day = None,
    end: Day = None,
    report: bytes | None = None,
) -> Path:
    """Write NAME into a folder (made if absent). Raises InputError for nobody, and where there is no day to tell of."""
    content = bundle(gathered(store, person, now_ms, start=start, end=end, report=report))
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"folder {folder}: cannot be made: {error.strerror}") from error

    def fill(file: BinaryIO) -> None:
        file.write(content)

    atomic.write(folder / NAME, fill)
    return folder / NAME


def gathered(
    store: Store, person: Person, now_ms: int, *, start: Day = None, end: Day = None, report: bytes | None = None
) -> Told:
    """What a bundle is made of: see fhir.Told."""
    days = store.days(person, start, end)
    label = store.person(person)["label"]
    if days.empty:
        raise InputError(f"person {label}: there is no day to tell of")
    zone = ZoneInfo(str(store.person(person)["zone"]))
    calendar = store.calendar(person)
    spans = [calendar.span(number) for number in weekly.day_number(days["day"]).tolist()]
    for at, name in enumerate(("start", "end")):
        edges = [datetime.fromtimestamp(span[at] / 1000, zone) for span in spans if span is not None]
        days[name] = pd.Series(edges, dtype=object)
    days["day_class"] = weekly.day_class(days)
    return Told(
        subject=store.export_id(person),
        days=days,
        why=store.not_measured(person, start, end),
        braces=_braces(store, person),
        periods=adherence(days, store.prescriptions(person)),
        now=datetime.fromtimestamp(now_ms // 1000, UTC),
        report=report,
    )


def _braces(store: Store, person: Person) -> pd.DataFrame:
    """device, side, version (of the last start, "" unknown), each leg's last brace."""
    boots = store.records(person, "boot").sort_values("start_utc")
    numbers = boots[["major", "minor", "patch"]].to_numpy(np.float64)
    told = ["" if np.isnan(row).any() else ".".join(f"{part:.0f}" for part in row) for row in numbers]
    latest = dict(zip(boots["device"], told, strict=True))  # the last of each stays
    braces = store.braces(person).sort_values("last_sync_utc", na_position="first")
    version = [latest.get(device, "") for device in braces["device"]]
    return braces.assign(version=version)[["device", "side", "version"]].drop_duplicates("side", keep="last")
