"""What a person tells is kept as told, each answer once, and taken back by exactly that."""

from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
from host.made_records import HOUR_MS, MINUTE_MS, Brace, utc_ms
from host.stores import NOON, ZONE, filed

from talus_host.errors import InputError
from talus_host.metrics.telling import BY_WHAT, TELLABLE, skin_check
from talus_host.store import Store

DAY_MS = 24 * HOUR_MS


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "talus.db") as opened:
        opened.add_person("A", ZONE)
        yield opened


def kept(store: Store) -> list[tuple[object, ...]]:
    found = store.told("1")
    return list(found[["what", "side", "value", "told_by"]].itertuples(index=False, name=None))


@pytest.mark.parametrize("row", TELLABLE, ids=lambda row: row.what)
def test_every_answer_of_every_row_is_kept_as_told(store: Store, row: object) -> None:
    told = BY_WHAT[row.what]  # type: ignore[attr-defined]
    expected = []
    for n, value in enumerate(told.answers):
        at = NOON + n * DAY_MS
        store.tell("1", told.what, value, told.sides[0], "helper", at, at)
        expected.append((told.what, told.sides[0], float(value), "helper"))
    assert kept(store) == expected
    assert list(store.told("1")["answer"]) == list(told.answers.values())


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"what": "mood"}, "what 'mood'"),
        ({"value": 11}, "value 11"),
        ({"value": 2.5}, "value 2.5"),
        ({"side": "unknown"}, "side 'unknown'"),
        ({"told_by": "nobody"}, "told_by 'nobody'"),
        ({"at_ms": NOON + HOUR_MS}, "at_ms"),
        ({"at_ms": 0}, "at_ms"),
    ],
)
def test_what_does_not_fit_is_refused_by_name_and_nothing_is_kept(
    store: Store, wrong: dict[str, object], named: str
) -> None:
    asked = {"what": "pain", "value": 3, "side": "left", "told_by": "self", "at_ms": NOON, "now_ms": NOON} | wrong
    with pytest.raises(InputError, match=named):
        store.tell("1", **asked)  # type: ignore[arg-type]
    assert kept(store) == []


def test_a_button_pressed_twice_is_one_answer_and_two_windows_are_two(store: Store) -> None:
    first = store.tell("1", "pain", 3, "left", "self", NOON, NOON)
    assert store.tell("1", "pain", 3, "left", "self", NOON + 900, NOON + 900) == first
    store.tell("1", "pain", 5, "left", "self", NOON, NOON)  # another window, the same millisecond
    store.tell("1", "pain", 3, "left", "self", NOON + MINUTE_MS, NOON + MINUTE_MS)
    assert [row[2] for row in kept(store)] == [3.0, 5.0, 3.0]


def test_exactly_the_answer_meant_is_taken_back_and_only_once(store: Store) -> None:
    store.tell("1", "pain", 3, "left", "self", NOON, NOON)
    second = store.tell("1", "pain", 8, "left", "self", NOON, NOON)
    store.untell("1", "pain", "left", second)
    assert [row[2] for row in kept(store)] == [3.0]
    with pytest.raises(InputError, match="taken back already"):
        store.untell("1", "pain", "left", second)


def test_nobody_elses_answer_is_taken_back(store: Store) -> None:
    store.add_person("B", ZONE)
    mine = store.tell("1", "fall", 0, "", "self", NOON, NOON)
    with pytest.raises(InputError):
        store.untell("2", "fall", "", mine)
    assert len(kept(store)) == 1


def test_a_day_told_of_belongs_to_the_persons_own_day_also_of_23_and_25_hours(store: Store) -> None:
    evening = utc_ms("2026-03-28T23:30:00", ZONE)  # the clocks go forward that night
    store.tell("1", "day_off", 1, "", "self", utc_ms("2026-03-29T23:30:00", ZONE), evening)
    store.tell("1", "day_off", 1, "", "self", utc_ms("2026-03-29T00:10:00", ZONE), evening + HOUR_MS)  # the same day
    store.tell("1", "pain", 1, "", "self", utc_ms("2026-10-25T23:59:59", ZONE), utc_ms("2026-10-26T00:00:30", ZONE))
    found = store.told("1")
    assert [str(day.date()) for day in found["day"]] == ["2026-03-29", "2026-10-25"]
    assert len(store.told("1", "2026-10-25", "2026-10-26")) == 1
    assert store.told("1", "2026-10-26").empty


def test_a_planned_day_off_is_in_no_denominator(tmp_path: Path) -> None:
    """Five whole days of 6 h worn, one of them without the brace: 24 h over 5 days, 24 h over 4 once it was planned."""
    start = utc_ms("2026-05-04T00:00:00", ZONE)
    brace = Brace(boot_utc_ms=start)
    brace.add("boot", start, cause=0)
    for day in range(7):
        off = day == 3
        for hour in range(24):
            worn = 0 if off or not 8 <= hour < 14 else 1
            brace.minutes(start + day * DAY_MS + hour * HOUR_MS, 60, worn)
    brace.clock(start + HOUR_MS)
    brace.clock(start + 6 * DAY_MS)
    with Store(tmp_path / "talus.db") as store:
        store.add_person("A", ZONE)
        filed(store, brace)
        before = store.changed("1", "2026-05-10", 5).adherence.iloc[0]
        assert (before["days_valid"], round(before["worn_h_high"], 2)) == (5, 4.8)
        at = start + 3 * DAY_MS + 10 * HOUR_MS
        store.tell("1", "day_off", 1, "", "self", at, at)
        after = store.changed("1", "2026-05-10", 5).adherence.iloc[0]
        assert (after["days"], after["days_valid"], round(after["worn_h_high"], 2)) == (4, 4, 6.0)
        assert round(after["worn_h_low"], 2) == 6.0


# minutes from the removal: worn until 0, then off. (told, now, step, due)
OFF = 1_000 * MINUTE_MS
STEPS = {
    "just off": ([], 1, "look", 30),
    "half an hour later, nothing told": ([], 31, "again", 30),
    "a mark at once": ([(2, 1)], 5, "wait", 30),
    "a mark, half an hour later": ([(2, 1)], 30, "again", 30),
    "no mark": ([(2, 0)], 40, "done", 30),
    "a mark that went": ([(2, 1), (32, 2)], 33, "done", 30),
    "a mark that stayed": ([(2, 1), (32, 3)], 33, "done", 30),
    "told a little before the removal was placed": ([(-3, 1)], 1, "wait", 30),
    "told the day before": ([(-600, 3)], 1, "look", 30),
    "nobody answered all night": ([], 13 * 60, "none", None),
    "a mark nobody looked at again": ([(2, 1)], 20 * 60, "again", 30),
}


@pytest.mark.parametrize("name", STEPS)
def test_the_look_at_the_skin_is_timed_by_the_removal(name: str) -> None:
    told, now, step, due = STEPS[name]
    bouts = pd.DataFrame(
        [(OFF - 600 * MINUTE_MS, OFF, "worn"), (OFF, OFF + 60 * MINUTE_MS, "not_worn")],
        columns=["start_ms", "end_ms", "state"],
    )
    answers = pd.DataFrame([(OFF + at * MINUTE_MS, float(v)) for at, v in told], columns=["at_ms", "value"])
    found = skin_check(bouts, answers, OFF + now * MINUTE_MS)
    assert found.step == step
    if due is not None:
        assert found.due_ms == OFF + due * MINUTE_MS


def test_where_the_removal_is_not_known_half_an_hour_counts_from_the_mark_told() -> None:
    nothing = pd.DataFrame(columns=["start_ms", "end_ms", "state"])
    told = pd.DataFrame([(0, 1.0), (10, 2.0), (100, 1.0), (103, 1.0)], columns=["at_ms", "value"])
    told["at_ms"] = (told["at_ms"] * MINUTE_MS).astype("int64")
    assert skin_check(nothing, told, 129 * MINUTE_MS).step == "wait"
    found = skin_check(nothing, told, 130 * MINUTE_MS)
    assert (found.step, found.due_ms) == ("again", 130 * MINUTE_MS)
    assert skin_check(nothing, told.iloc[:0], 0).step == "none"


def test_while_the_brace_is_on_or_nobody_knows_nothing_is_asked() -> None:
    told = pd.DataFrame(columns=["at_ms", "value"])
    on = pd.DataFrame([(0, 60, "not_worn"), (60, 90, "worn")], columns=["start_ms", "end_ms", "state"])
    assert skin_check(on, told, 90).step == "worn"
    lost = pd.DataFrame([(0, 60, "worn"), (60, 90, "unknown")], columns=["start_ms", "end_ms", "state"])
    assert skin_check(lost, told, 90).step == "none", "what is not known is not a removal"


def test_the_store_times_the_look_from_the_brace_own_records(store: Store) -> None:
    brace = Brace(boot_utc_ms=NOON)
    brace.add("boot", NOON, cause=0)
    brace.minutes(NOON, 120, 1)
    off = NOON + 120 * MINUTE_MS
    brace.minutes(off, 20, 0)
    brace.add("wear", off + 4 * MINUTE_MS, worn=0, edge_back=240)
    brace.clock(NOON + MINUTE_MS)
    brace.clock(off + 19 * MINUTE_MS)
    filed(store, brace)
    found = store.skin_checks("1", off + 10 * MINUTE_MS).iloc[0]
    assert (found["side"], found["step"]) == ("left", "look")
    assert abs(found["off_ms"] - off) <= 1000
    store.tell("1", "skin", 1, "left", "self", off + 11 * MINUTE_MS, off + 11 * MINUTE_MS)
    assert store.skin_checks("1", off + 12 * MINUTE_MS).iloc[0]["step"] == "wait"
    assert store.skin_checks("1", off + 31 * MINUTE_MS).iloc[0]["step"] == "again"
