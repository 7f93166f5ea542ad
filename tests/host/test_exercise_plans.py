"""Exercises as planned and as the brace counted them, by sums done by hand."""

from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
from host.made_records import HOUR_MS, Brace, utc_ms
from host.stores import ZONE, filed

from talus.wire.kinds import EXERCISES
from talus_host.errors import InputError
from talus_host.store import Store

MONDAY = utc_ms("2026-05-04T00:00:00", ZONE)
ASKED = {"sets_a_day": 2, "repetitions": 10, "days_a_week": 5}


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "talus.db") as opened:
        opened.add_person("A", ZONE)
        yield opened


def plan(store: Store, day: str, **changed: int) -> None:
    store.plan_exercise("1", "dorsiflexion", "left", day, ASKED | changed, MONDAY)


def days(store: Store, first: str = "2026-05-04", end: str = "2026-05-08") -> pd.DataFrame:
    return store.exercise_days("1", first, end)


def test_a_plan_holds_from_its_day_until_the_next_and_ends_with_none(store: Store) -> None:
    plan(store, "2026-05-04")
    plan(store, "2026-05-06", sets_a_day=3)
    plan(store, "2026-05-07", sets_a_day=0)
    found = days(store)
    assert [(str(d.date()), n) for d, n in zip(found["day"], found["sets_a_day"], strict=True)] == [
        ("2026-05-04", 2.0),
        ("2026-05-05", 2.0),
        ("2026-05-06", 3.0),
    ]
    assert (found["sets"] == 0).all()


def test_of_two_entries_the_later_holds_and_taking_it_back_leaves_the_first(store: Store) -> None:
    plan(store, "2026-05-04")
    plan(store, "2026-05-04", repetitions=15)
    assert list(store.exercise_plan("1")["repetitions"]) == [15]
    store.undo_exercise_plan("1")
    assert list(store.exercise_plan("1")["repetitions"]) == [10]
    store.undo_exercise_plan("1")
    with pytest.raises(InputError, match="no exercise was planned"):
        store.undo_exercise_plan("1")


@pytest.mark.parametrize(
    ("name", "value"), [("sets_a_day", -1), ("sets_a_day", 21), ("repetitions", 0), ("days_a_week", 8)]
)
def test_a_plan_beyond_reason_is_refused_by_name(store: Store, name: str, value: int) -> None:
    with pytest.raises(InputError, match=name):
        plan(store, "2026-05-04", **{name: value})
    assert store.exercise_plan("1").empty


def test_what_the_brace_counted_stands_beside_the_plan_and_unseen_is_not_none(store: Store) -> None:
    """Monday 10 and 12 repetitions, Tuesday 7 and an unseen set, Wednesday nothing; another exercise unplanned."""
    brace = Brace(boot_utc_ms=MONDAY)
    brace.add("boot", MONDAY, cause=0)
    angle, none = 1, 0
    dorsiflexion, heel = EXERCISES.index("dorsiflexion"), EXERCISES.index("heel_raise")
    sets = [(9, dorsiflexion, 10, angle), (18, dorsiflexion, 12, angle), (33, dorsiflexion, 7, angle)]
    sets += [(34, dorsiflexion, None, none), (35, heel, 8, angle)]
    for hour, which, count, by in sets:
        brace.add("exercise", MONDAY + hour * HOUR_MS, exercise=which, repetitions=count, counted_by=by)
    brace.clock(MONDAY + HOUR_MS)
    brace.clock(MONDAY + 40 * HOUR_MS)
    filed(store, brace)
    plan(store, "2026-05-04")
    found = days(store, end="2026-05-07").set_index(["exercise", "day"])
    columns = ["sets", "sets_full", "repetitions_counted", "sets_unseen"]
    rows = {
        str(day.date()): tuple(found.loc[("dorsiflexion", day), columns]) for day in found.loc["dorsiflexion"].index
    }
    assert rows == {"2026-05-04": (2, 2, 22, 0), "2026-05-05": (1, 0, 7, 1), "2026-05-06": (0, 0, 0, 0)}
    unplanned = found.loc["heel_raise"].iloc[0]
    assert unplanned["sets"] == 1 and pd.isna(unplanned["sets_a_day"]) and pd.isna(unplanned["sets_full"])
