"""Wear and gait by day, as a table for people, JSON for programs or pages in a browser."""

import asyncio
import contextlib
import math
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pandas as pd

from talus_host.store import Store
from talus_host.verbs.attending import Attending
from talus_host.verbs.beside import beside
from talus_host.verbs.live_feed import Feed
from talus_host.verbs.pages import Listening, serve_pages
from talus_host.verbs.rim import aside, database, number, print_json, print_table

# (column, heading, digits): what fits 80 columns; --json and export have them all
COLUMNS = (
    ("worn_h", "worn\nh", 1),
    ("not_worn_h", "not\nworn", 1),
    ("unknown_h", "unknown\nh", 1),
    ("steps", "steps", 0),
    ("cadence_spm", "steps\n/min", 0),
    ("heel_first_pct", "heel\n1st %", 0),
    ("swing_dorsiflexion_deg", "swing\nDF deg", 1),
    ("assist_impulse_nms", "assist\nN.m.s", 2),
)


def show_days(folder: Path, label: str | None, days: int, as_json: bool) -> None:
    """`talus show`. Raises InputError for a label nobody has."""
    found = _of_people(folder, label, lambda store, person: _last_days(store.days(person), days))
    if as_json:
        print_json({name: _plain(table) for name, table in found.items()})
        return
    if not found:
        aside.print("nobody yet: `talus collect` fetches from a brace, `talus demo` makes a person up", highlight=False)
    for name, table in found.items():
        if table.empty:
            aside.print(f"{name}: no day with a record yet", highlight=False)
            continue
        header = ("day", "side", "status", *(heading for _, heading, _ in COLUMNS))
        last = table.groupby("side")["day"].transform("max")
        rows = [_row(row, running) for (_, row), running in zip(table.iterrows(), table["day"] == last, strict=True)]
        print_table(f"{name}, by day; – is not measured, never zero", header, rows, 3)


def show_missing(folder: Path, label: str | None, days: int, as_json: bool) -> None:
    """`talus show --why`: measures that days lack, each with its reason; days that lack alike share a row."""
    found = _of_people(folder, label, lambda store, person: _last_days(store.not_measured(person), days))
    if as_json:
        print_json({name: _plain(table) for name, table in found.items()})
        return
    for name, table in found.items():
        if table.empty:
            aside.print(f"{name}: nothing is missing", highlight=False)
            continue
        alike = table.groupby(["side", "why", "measure"], sort=False)["day"].agg(["min", "max", "size"]).reset_index()
        alike = alike.groupby(["side", "why", "min", "max", "size"], sort=False)["measure"].agg(", ".join).reset_index()
        rows = [
            [
                f"{row['min']:%m-%d} to {row['max']:%m-%d}",
                str(row["side"]),
                str(row["size"]),
                row["why"],
                row["measure"],
            ]
            for row in alike.sort_values(["side", "min"]).to_dict("records")
        ]
        print_table(f"{name}: what was not measured, and why", ("from, to", "side", "days", "why", "what"), rows, 5)


def show_pages(folder: Path, listening: Listening, live: bool) -> None:
    """`talus show --pages`: the same, and more, in a browser. live: pages that ask for it read the brace near."""
    with Store(database(folder), create=False) as store:
        asyncio.run(_serve(store, listening, live))


async def _serve(store: Store, listening: Listening, live: bool) -> None:
    feed = Feed() if live else None
    # Records are for `talus watch` to fetch: here a brace is connected to while somebody looks, and for nothing else.
    looked_at = Attending(store, None, feed, math.inf, lambda: None).run() if feed else None
    async with beside(looked_at) if looked_at else contextlib.nullcontext():
        await serve_pages(store, listening, "Ctrl-C ends.", feed=feed)


def _of_people(folder: Path, label: str | None, read: Callable[[Store, str], pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """A table of everybody, or of one, by label."""
    with Store(database(folder), create=False) as store:
        people = store.people()
        if label is not None:
            store.person_id(label)
            people = people[people["label"] == label]
        return {str(row.label): read(store, str(row.person_id)) for row in people.itertuples()}


def _last_days(table: pd.DataFrame, days: int) -> pd.DataFrame:
    if len(table):
        table = table[table["day"] > table["day"].max() - timedelta(days=days)]
    return table


def _row(row: "pd.Series[float]", running: bool) -> list[str]:
    """running: the leg's last day, which the clinical rule calls missing while it may still be going on."""
    status = "so far" if running and row["coverage"] > 0 else str(row["status"])
    cells = [f"{row['day']:%Y-%m-%d}", str(row["side"]), status]
    return cells + [number(row[column], digits) for column, _, digits in COLUMNS]


def _plain(table: pd.DataFrame) -> list[dict[str, object]]:
    told = table.assign(day=table["day"].dt.strftime("%Y-%m-%d")).astype(object)
    return told.where(told.notna(), None).to_dict("records")
