"""`talus prescribe`: how a brace is to be worn, from which day, on which leg; and taking the last of it back."""

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from talus_host.store import Store
from talus_host.verbs.collect import utc_ms
from talus_host.verbs.rim import aside, database, number, print_json, print_table
from talus_host.verbs.whose import person_of, side_of, today_of

HEADER = ("side", "from", "kind", "h/day", "max h", "+h a day")


def prescribe(
    folder: Path,
    label: str | None,
    side: str | None,
    kind: str | None,
    from_day: str | None,
    hours: Mapping[str, float | None],
    undo: bool,
    as_json: bool,
) -> None:
    """Enter, take back or, without a kind, list. Raises InputError naming what does not fit."""
    with Store(database(folder), create=False) as store:
        person, label = person_of(store, label)
        if undo:
            gone = store.undo_prescription(person)
            aside.print(f"{label}, {gone['side']}: taken back: {gone['kind']} from {gone['from_day']}", highlight=False)
        elif kind is not None:
            leg = side_of(store, person, side)
            day = from_day or today_of(store, person, utc_ms())
            store.prescribe(person, leg, day, kind, hours, utc_ms())
            aside.print(f"{label}, {leg}: {kind} from {day}", highlight=False)
        found = store.prescriptions(person)
    if as_json:
        print_json(plain(found.drop(columns="entered_ms")))
    elif kind is None and not undo:
        rows = [
            [one["side"], f"{one['from_day']:%Y-%m-%d}", one["kind"], *(number(one[name]) for name in HOURS)]
            for one in found.to_dict("records")
        ]
        if rows:
            print_table(f"{label}: prescribed", HEADER, rows, left=3)
        else:
            aside.print(f"{label}: nothing is prescribed", highlight=False)


HOURS = ("hours", "hours_max", "hours_more")


def plain(table: pd.DataFrame) -> list[dict[str, object]]:
    """Rows for JSON: days as ISO text, unknown as None."""
    told = table.copy()
    for name in told.columns:
        if pd.api.types.is_datetime64_any_dtype(told[name]):
            told[name] = told[name].dt.strftime("%Y-%m-%d")
    told = told.astype(object)
    return [
        {str(key): None if _unknown(value) else value for key, value in row.items()} for row in told.to_dict("records")
    ]


def _unknown(value: object) -> bool:
    return value is None or value is pd.NaT or (isinstance(value, float) and value != value)
