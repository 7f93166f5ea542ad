"""`talus pause`: days of which nothing is shown. What is recorded then is kept, and told to nobody but as paused."""

from pathlib import Path

from talus_host.store import Store
from talus_host.verbs.collect import utc_ms
from talus_host.verbs.rim import aside, database, print_json, print_table
from talus_host.verbs.whose import moment_of, stretches


def pause_of(
    folder: Path, label: str, start: str | None, until: str | None, end: bool, undo: bool, as_json: bool
) -> None:
    """Begin, end, take back, or list. Raises InputError naming what does not fit."""
    with Store(database(folder), create=False) as store:
        person = store.person_id(label)
        if undo:
            store.undo_pause(person)
            aside.print(f"{label}: the last pause is taken back; what it withheld is shown again", highlight=False)
        elif start is not None:
            store.pause_days(person, start, until, utc_ms())
        elif end:
            store.end_pause(person, utc_ms() if until is None else moment_of(store, person, until))
        rows = stretches(store, person, store.paused(person))
    if as_json:
        print_json(rows)
    elif rows:
        cells = [[str(row["from"]), str(row["until"] or "open")] for row in rows]
        print_table(f"{label}: paused", ("from", "until"), cells, left=2)
    else:
        aside.print(f"{label}: nothing is paused", highlight=False)
