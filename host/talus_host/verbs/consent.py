"""`talus consent`: what a person agreed to, from when until when. Nothing is assumed and nothing is deleted by it."""

from pathlib import Path

from talus_host.errors import InputError
from talus_host.store import Store
from talus_host.store.read import iso
from talus_host.verbs.collect import utc_ms
from talus_host.verbs.rim import aside, database, print_json, print_table
from talus_host.verbs.whose import moment_of, stretches


def consent_of(
    folder: Path, label: str, purpose: str | None, version: str | None, day: str | None, undo: bool, as_json: bool
) -> None:
    """Enter with a version, end without one, take back, or list. Raises InputError naming what does not fit."""
    with Store(database(folder), create=False) as store:
        person = store.person_id(label)
        if undo:
            aside.print(f"{label}: taken back: consent to {store.undo_consent(person)['purpose']}", highlight=False)
        elif purpose is not None:
            now = utc_ms()
            at = now if day is None else moment_of(store, person, day)
            if at > now:
                raise InputError(f"day {iso(day, 'day')}: is still to come")
            if version is None:
                store.end_consent(person, purpose, at)
            else:
                store.consent(person, purpose, version, at, now)
        found = store.consents(person)
        rows = stretches(store, person, found)
    if as_json:
        print_json(rows)
    elif rows:
        cells = [[str(row[name] or "holds") for name in ("purpose", "version", "from", "until")] for row in rows]
        print_table(f"{label}: consent", ("to", "text", "from", "until"), cells, left=4)
    else:
        aside.print(f"{label}: has agreed to nothing", highlight=False)
