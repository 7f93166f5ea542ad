"""Wear from the brace's own minutes: rules one by one, then hours of days counted minute by minute."""

import math
from datetime import date

import numpy as np
import pandas as pd
import pytest
from host.made_records import MINUTE_MS, utc_ms

from talus_host.metrics import wear, worn_hours
from talus_host.metrics.civil import Calendar
from talus_host.metrics.day_status import day_status

T0 = utc_ms("2026-05-05T06:00:00")
LETTERS = {"w": 1.0, "n": 0.0, "u": math.nan}


def minutes(story: str, start: int = T0, brace: int = 0) -> pd.DataFrame:
    """One letter a minute: w worn, n not worn, u unknown by the brace, . no record."""
    rows = [(start + i * MINUTE_MS, LETTERS[c], brace) for i, c in enumerate(story) if c != "."]
    return pd.DataFrame(rows, columns=["utc_ms", "worn", "brace"])


def edges(*rows: tuple[int, int, float]) -> pd.DataFrame:
    """(decided at minute, seconds back, into)."""
    made = [(T0 + m * MINUTE_MS, T0 + m * MINUTE_MS - back * 1000, into) for m, back, into in rows]
    return pd.DataFrame(made, columns=["utc_ms", "edge_ms", "worn"])


def story(table: pd.DataFrame) -> str:
    """Segments as text, in minutes: '10w 5n'."""
    names = {wear.WORN: "w", wear.NOT_WORN: "n", wear.UNKNOWN: "u"}
    length = (table["end_ms"] - table["start_ms"]) / MINUTE_MS
    assert (table["start_ms"].iloc[1:].to_numpy() == table["end_ms"].iloc[:-1].to_numpy()).all()
    return " ".join(f"{m:g}{names[s]}" for m, s in zip(length, table["state"], strict=True))


def told(text: str, *, told_edges: pd.DataFrame | None = None, **settings: float) -> str:
    length = len(text) * MINUTE_MS
    none = edges()
    given = none if told_edges is None else told_edges
    return story(wear.segments(minutes(text), given, start_ms=T0, end_ms=T0 + length, **settings))


# (minutes, segments they give)
RULES = (
    ("w" * 10 + "n" * 10, "10w 10n"),
    ("n" * 10 + "w" * 4 + "n" * 10, "24n"),  # wear shorter than 5 min is dropped
    ("n" * 10 + "w" * 5 + "n" * 10, "10n 5w 10n"),  # 5 min is not shorter
    ("w" * 10 + "n" * 4 + "w" * 10, "24w"),  # a gap shorter than 5 min is closed
    ("w" * 10 + "n" * 5 + "w" * 10, "10w 5n 10w"),
    ("n" * 9 + "w" * 4 + "n" * 2 + "w" * 4 + "n" * 9, "28n"),  # dropped first, so there is nothing to close
    ("w" * 10 + "." * 3 + "w" * 10, "10w 3u 10w"),  # nothing is closed across the unknown
    ("w" * 10 + "u" * 3 + "w" * 10, "10w 3u 10w"),
    ("." * 5 + "w" * 3 + "." * 5, "5u 3w 5u"),  # how long it was worn is not known: it stays
    ("n" * 5 + "w" * 3 + "." * 5, "5n 3w 5u"),
    ("." * 20, "20u"),
)


@pytest.mark.parametrize(("text", "want"), RULES)
def test_rules_of_bouts(text: str, want: str) -> None:
    assert told(text) == want


def test_a_change_is_moved_to_where_the_wear_record_puts_it() -> None:
    text = "n" * 20 + "w" * 20 + "n" * 20
    # Decided at minute 20, 90 s after it was put on; taken off 30 s into minute 40, decided at once.
    given = edges((20, 90, 1.0), (41, 30, 0.0))
    assert told(text, told_edges=given) == "18.5n 22w 19.5n"


def test_a_change_the_brace_needed_long_for_is_moved_too() -> None:
    text = "n" * 40 + "w" * 20
    assert told(text, told_edges=edges((40, 25 * 60, 1.0))) == "15n 45w"


def test_a_record_of_another_change_moves_nothing() -> None:
    text = "n" * 30 + "w" * 30
    assert told(text, told_edges=edges((30, 60, 0.0), (50, 60, 1.0))) == "30n 30w"


def test_a_record_does_not_fill_what_is_unknown() -> None:
    assert told("." * 10 + "w" * 20, told_edges=edges((10, 300, 1.0))) == "10u 20w"


def test_minutes_that_drift_by_a_second_leave_no_hole() -> None:
    table = minutes("w" * 10)
    table["utc_ms"] += np.arange(10) * 1000  # each minute a second late
    found = wear.segments(table, edges(), start_ms=T0, end_ms=T0 + 10 * MINUTE_MS)
    assert story(found) == "10w"


def test_of_two_braces_of_a_leg_worn_outdoes_not_worn_and_both_the_unknown() -> None:
    both = pd.concat(
        [minutes("n" * 30, brace=0), minutes("w" * 10 + "u" * 10, start=T0 + 10 * MINUTE_MS + 7000, brace=1)]
    )
    found = wear.segments(both, edges(), start_ms=T0, end_ms=T0 + 30 * MINUTE_MS)
    assert found["state"].tolist() == [wear.NOT_WORN, wear.WORN, wear.NOT_WORN]
    assert ((found["end_ms"] - found["start_ms"]) / 1000).tolist() == [607, 600, 593]


def test_inputs_stay_as_they_were() -> None:
    table, given = minutes("n" * 20 + "w" * 20), edges((20, 90, 1.0))
    before = table.copy(), given.copy()
    wear.segments(table, given, start_ms=T0, end_ms=T0 + 40 * MINUTE_MS)
    pd.testing.assert_frame_equal(table, before[0])
    pd.testing.assert_frame_equal(given, before[1])


@pytest.mark.parametrize(("day", "length"), [("2026-03-29", 23), ("2026-10-25", 25), ("2026-05-05", 24)])
def test_hours_of_a_day_are_what_counting_its_minutes_gives(day: str, length: int) -> None:
    zone = "Europe/Berlin"
    calendar = Calendar([(0, zone)])
    number = (date.fromisoformat(day) - date(1970, 1, 1)).days
    start, end = calendar.pieces(number)[0]
    # Worn for the first 10 hours of the day, off for 3, unknown for 2, worn to its end.
    cuts = np.array([start, start + 600 * MINUTE_MS, start + 780 * MINUTE_MS, start + 900 * MINUTE_MS, end])
    states = [wear.WORN, wear.NOT_WORN, wear.UNKNOWN, wear.WORN]
    tiles = pd.DataFrame({"start_ms": cuts[:-1], "end_ms": cuts[1:], "state": states})
    row = worn_hours.by_day(tiles, calendar, number)
    assert row["day_h"] == length
    assert row["worn_h"] == length - 5
    assert (row["not_worn_h"], row["unknown_h"]) == (3, 2)
    assert row["coverage"] == (length - 2) / length
    hours = worn_hours.by_hour(tiles, calendar, number)
    every = np.arange(start, end, MINUTE_MS)
    shown = calendar.hour(every)
    state = np.repeat(states, np.diff(cuts) // MINUTE_MS)
    for hour in hours.to_dict("records"):
        here = state[shown == hour["hour"]]
        assert hour["unknown_min"] == (here == wear.UNKNOWN).sum()
        known = len(here) > hour["unknown_min"]
        want = [(here == s).sum() if known else math.nan for s in (wear.WORN, wear.NOT_WORN)]
        assert np.array_equal([hour["worn_min"], hour["not_worn_min"]], want, equal_nan=True)


def test_a_day_of_which_nothing_is_known_has_no_worn_hours() -> None:
    calendar = Calendar([(0, "UTC")])
    tiles = pd.DataFrame({"start_ms": [0], "end_ms": [24 * 60 * MINUTE_MS], "state": [wear.UNKNOWN]})
    row = worn_hours.by_day(tiles, calendar, 0)
    assert math.isnan(row["worn_h"]) and math.isnan(row["not_worn_h"])
    assert (row["unknown_h"], row["coverage"], row["unknown_waking_h"]) == (24, 0, 15)


def test_status_of_days_by_what_is_unknown_of_their_waking_hours() -> None:
    days = pd.DataFrame({"day": range(7), "unknown_waking_h": [0, 0, 2.0, 2.1, 6.0, 6.1, 0]})
    assert day_status(days).tolist() == ["missing", "valid", "valid", "partial", "partial", "missing", "missing"]
    assert day_status(days, trust_ends=True).tolist()[0] == "valid"
    assert day_status(pd.DataFrame({"day": [0, 1, 2], "unknown_waking_h": [0, math.nan, 0]})).tolist()[1] == "missing"
