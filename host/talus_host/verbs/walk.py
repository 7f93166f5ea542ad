"""`talus walk`: a walk over a known distance, timed here or by a stopwatch; with the brace or without it."""

import math
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pandas as pd

from talus_host.errors import InputError
from talus_host.metrics import timed_walk
from talus_host.store import Store
from talus_host.store.timed_walks import check_distance
from talus_host.verbs.collect import utc_ms
from talus_host.verbs.rim import aside, database, number, print_json, print_table
from talus_host.verbs.whose import person_of

NAMES = {metres: name for name, metres in timed_walk.DISTANCES_M.items()}
BRACE = {1: "on", 0: "off"}


def walk(
    folder: Path, label: str | None, distance: str | None, brace_on: bool, seconds: float | None, at: str | None,
    undo: bool, as_json: bool,
) -> None:  # fmt: skip
    """Time and keep one walk, take the last one back or, without either, list. Raises InputError."""
    with Store(database(folder), create=False) as store:
        person, label = person_of(store, label)
        zone = ZoneInfo(str(store.person(person)["zone"]))
        if undo:
            gone = store.undo_timed_walk(person)
            aside.print(
                f"{label}: taken back: {_plain(gone['distance_m'])} in {gone['seconds']:.1f} s", highlight=False
            )
        elif distance is not None:
            check_distance(distance)  # before anybody walks it
            at_ms = None if at is None else _moment(at, zone)
            if seconds is None:
                at_ms, seconds = _stopwatch(distance)
            elif not math.isfinite(seconds):
                raise InputError(f"seconds {seconds}: is not from 1 to 600")
            store.add_timed_walk(
                person, at_ms or utc_ms() - round(1000 * seconds), distance, seconds, brace_on, utc_ms()
            )
        walks = store.timed_walks(person)
    if as_json:
        print_json(_documents(walks, zone))
    elif not undo:
        _print(label, walks, zone, None if distance is None else timed_walk.DISTANCES_M.get(distance))


def _stopwatch(distance: str) -> tuple[int, float]:
    """(start in UTC ms, seconds) between two presses of Enter. Raises InputError where nobody is there to press."""
    aside.print(f"{distance}: press Enter as the foot crosses the first line; Ctrl-C throws it away", highlight=False)
    _enter()
    at_ms, begin = utc_ms(), time.monotonic()
    aside.print("running; press Enter at the second line", highlight=False)
    _enter()
    return at_ms, time.monotonic() - begin


def _enter() -> None:
    if not sys.stdin.readline():
        raise InputError("seconds: nobody is there to press Enter; give --seconds")


def _moment(text: str, zone: ZoneInfo) -> int:
    """UTC ms of a time of the person's wall, or of one with its own offset."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise InputError(f"at {text!r}: is not a time such as 2026-03-29T10:15") from None
    return round((moment if moment.tzinfo else moment.replace(tzinfo=zone)).timestamp() * 1000)


def _plain(metres: float) -> str:
    return NAMES.get(metres, f"{metres:g} m")


def _wall(at_ms: float, zone: ZoneInfo) -> str:
    return datetime.fromtimestamp(at_ms / 1000, UTC).astimezone(zone).strftime("%Y-%m-%d %H:%M")


def _documents(walks: pd.DataFrame, zone: ZoneInfo) -> dict[str, object]:
    def rows(table: pd.DataFrame) -> list[dict[str, object]]:
        told = table.astype(object)
        return told.where(told.notna(), None).to_dict("records")

    return {
        "zone": str(zone),
        "walks": rows(walks),
        "comparisons": rows(timed_walk.comparisons(walks)),
        "brace_effect": rows(timed_walk.brace_effect(walks)),
    }


def _print(label: str, walks: pd.DataFrame, zone: ZoneInfo, only: float | None) -> None:
    if walks.empty:
        aside.print(f"{label}: no timed walk yet; `talus walk --distance 10m` times one", highlight=False)
        return
    shown = walks if only is None else walks[walks["distance_m"] == only]
    rows = [
        [
            _wall(one["at_ms"], zone), _plain(one["distance_m"]), BRACE[int(one["brace_on"])],
            f"{one['seconds']:.1f}", f"{one['speed_mps']:.2f}",
            number(one["strides"], 0), number(one["cadence_spm"], 0),
        ]
        for one in shown.to_dict("records")
    ]  # fmt: skip
    header = ("when", "distance", "brace", "s", "m/s", "strides", "steps/min")
    print_table(f"{label}: timed walks; – is not measured, never zero", header, rows, left=3)
    for one in timed_walk.comparisons(shown).to_dict("records"):
        what = f"{_plain(one['distance_m'])}, brace {BRACE[int(one['brace_on'])]}, first to last"
        aside.print(f"{what}: {one['word']} ({one['why']})", highlight=False)
    effects = timed_walk.brace_effect(shown).to_dict("records")
    if effects:
        last = effects[-1]
        aside.print(
            f"{_plain(last['distance_m'])}, {_wall(last['at_ms'], zone)}: {last['on_mps']:.2f} m/s with the brace, "
            f"{last['off_mps']:.2f} without: {last['difference_mps']:+.2f} m/s",
            highlight=False,
        )
