"""`talus diary`: when something about the brace or the treatment changed. A change of the brace begins a segment."""

from pathlib import Path

from talus_host.errors import InputError
from talus_host.store import Store
from talus_host.store.read import iso
from talus_host.verbs.collect import utc_ms
from talus_host.verbs.prescribe import plain
from talus_host.verbs.rim import aside, database, print_json, print_table
from talus_host.verbs.whose import person_of, side_of, today_of
from talus_host.words_change import CHANGES


def diary(
    folder: Path, label: str | None, side: str | None, what: str | None, day: str | None, undo: bool, as_json: bool
) -> None:
    """Enter `what`, take the last entry back or, without either, list. Raises InputError naming what does not fit."""
    with Store(database(folder), create=False) as store:
        person, label = person_of(store, label)
        if undo:
            gone = store.undo_brace_change(person)
            aside.print(f"{label}, {gone['side']}: taken back: {gone['what']} on {gone['day']}", highlight=False)
        elif what is not None:
            leg, today = side_of(store, person, side), today_of(store, person, utc_ms())
            day = iso(day, "day")
            if day is not None and day > today:
                raise InputError(f"day {day}: is still to come")
            store.add_brace_change(person, leg, day or today, what, utc_ms())
            aside.print(f"{label}, {leg}: {CHANGES[what]} on {day or today}", highlight=False)
        found = store.brace_changes(person)
    if as_json:
        print_json(plain(found))
    elif what is None and not undo:
        rows = [[one["side"], f"{one['day']:%Y-%m-%d}", CHANGES[one["what"]]] for one in found.to_dict("records")]
        if rows:
            print_table(f"{label}: diary", ("side", "day", "what"), rows, left=3)
        else:
            aside.print(f"{label}: the diary is empty", highlight=False)
