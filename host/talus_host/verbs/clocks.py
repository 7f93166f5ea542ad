"""`talus clocks`: how well each brace's records stand in time, and whether left and right may be compared."""

from datetime import timedelta
from pathlib import Path

import pandas as pd

from talus_host import words_clock
from talus_host.metrics.both_legs import LIMIT_MS
from talus_host.store import Store
from talus_host.verbs.prescribe import plain
from talus_host.verbs.rim import aside, database, number, print_json, print_table, result

BRACE_HEADER = (
    "brace",
    "side",
    "its records' time",
    "clock told",
    "to",
    "drift\nppm",
    "half of its\nrecords",
    "all of its\nrecords",
)
LEGS_HEADER = (
    "day",
    "not shown, as",
    "left against\nright %",
    "clocks leave\nopen %",
    "steps",
    "hidden",
    "clocks\napart",
)


def show_clocks(folder: Path, label: str | None, days: int, as_json: bool) -> None:
    """Everybody, or one person. Raises InputError for a label nobody has."""
    with Store(database(folder), create=False) as store:
        people = store.people()
        if label is not None:
            store.person_id(label)
            people = people[people["label"] == label]
        found = {str(one.label): _of_person(store, str(one.person_id), days) for one in people.itertuples()}
    if as_json:
        print_json({name: _told(clocks, legs) for name, (clocks, legs) in found.items()})
        return
    if not found:
        aside.print("nobody yet: `talus collect` fetches from a brace", highlight=False)
    for name, (clocks, legs) in found.items():
        _tell(name, clocks, legs, days)


def _of_person(store: Store, person: str, days: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """(braces, days of both legs; none of these where a leg has no brace)."""
    clocks = store.clocks(person, days)
    newest = clocks["newest_utc"].max()
    if newest != newest or not {"left", "right"} <= set(clocks["side"]):
        return clocks, pd.DataFrame()
    return clocks, store.step_times(person, (newest - timedelta(days=days)).date())


def _told(clocks: pd.DataFrame, legs: pd.DataFrame) -> dict[str, object]:
    clocks = clocks.assign(quality=[words_clock.quality(row) for row in clocks.to_dict("records")])
    for name in ("exchange_utc", "newest_utc"):
        clocks[name] = clocks[name].dt.strftime("%Y-%m-%dT%H:%M:%SZ")
    return {"braces": plain(clocks), "both_legs": plain(legs)}


def _tell(name: str, clocks: pd.DataFrame, legs: pd.DataFrame, days: int) -> None:
    if clocks.empty:
        aside.print(f"{name}: no brace yet", highlight=False)
        return
    rows = [_brace(row) for row in clocks.to_dict("records")]
    print_table(f"{name}: clocks, over the last {days} days; – is not known", BRACE_HEADER, rows, 3)
    if not {"left", "right"} <= set(clocks["side"]):
        result.print(f"{name}: one leg has no brace, so there is nothing to compare", soft_wrap=True)
        return
    if legs.empty:
        result.print(f"{name}: no walking of the left leg is placed in time, so there is nothing to compare")
        return
    title = f"{name}: step times of both legs, shown where their clocks are within {LIMIT_MS:g} ms of each other"
    print_table(title, LEGS_HEADER, [_day(row) for row in legs.to_dict("records")], 2)


def _brace(row: dict[str, object]) -> list[str]:
    at = row["exchange_utc"]
    when = "never" if pd.isna(at) else f"{at:%Y-%m-%d %H:%M} UTC"
    spans = [words_clock.span(float(row[name])) for name in ("placed_median_ms", "placed_worst_ms")]  # type: ignore[arg-type]
    within = words_clock.span(float(row["exchange_within_ms"]))  # type: ignore[arg-type]
    head = [str(row["device"]), str(row["side"]), words_clock.quality(row)]
    return [*head, when, within, words_clock.drift(row), *spans]


def _day(row: dict[str, object]) -> list[str]:
    told = [row[name] for name in ("step_time_asymmetry_pct", "open_pct")]
    figures = [number(float(value)) for value in told]  # type: ignore[arg-type]
    counts = [str(row["step_time_asymmetry_pct_n"]), str(row["hidden"])]
    apart = words_clock.span(float(row["apart_ms"]))  # type: ignore[arg-type]
    return [f"{row['day']:%Y-%m-%d}", str(row["reason"]), *figures, *counts, apart]
