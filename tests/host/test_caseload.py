"""Everybody sorted by need: what a caseload says of people whose days were made up by hand."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from host.made_records import HOUR_MS, MINUTE_MS, Brace, utc_ms
from host.stores import ZONE
from sqlalchemy import insert

from talus_host.errors import InputError
from talus_host.store import Store, judged
from talus_host.store.engine import writing
from talus_host.store.schema_pages import pause

NOW = utc_ms("2026-05-20T12:00:00", ZONE)
DAY_MS = 24 * HOUR_MS


def worn(device: int, days: range, hours: int = 8) -> Brace:
    """A left brace, worn `hours` from 8 o'clock on each of these days before the day of NOW; it lay by else."""
    begun = utc_ms("2026-05-20T00:00:00", ZONE)
    brace = Brace(device=device, journal=device, boot_utc_ms=begun - days.start * DAY_MS)
    brace.add("boot", brace.boot_utc_ms, cause=0)
    brace.clock(brace.boot_utc_ms + 1000)
    for back in days:
        low = begun - back * DAY_MS
        brace.minutes(low, 8 * 60, 0)
        brace.minutes(low + 8 * HOUR_MS, 60 * hours, 1)
        brace.minutes(low + (8 + hours) * HOUR_MS, 60 * (16 - hours), 0)
    return brace


def known(store: Store, label: str, brace: Brace | None, hours: float | None = 8.0, **info: int) -> str:
    person = store.add_person(label, ZONE)
    if brace is not None:
        store.assign(brace.device, person, "left")
        store.put(brace.info(**info), brace.records, NOW - HOUR_MS)
    if hours:
        store.prescribe(person, "left", "2026-01-01", "hours", {"hours": hours}, NOW)
    return person


def last_days(first: int, last: int) -> range:
    return range(first, last - 1, -1)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "talus.db")


def test_wear_is_a_range_and_a_day_without_data_counts_as_not_worn_at_its_low_end(store: Store) -> None:
    """18 days of 4 h against 8 h, nothing of the last 2. The last day with a record ends a deployment: missing."""
    known(store, "A", worn(1, last_days(20, 3), 4))
    row = store.caseload(NOW).iloc[0]
    assert (row["days"], row["days_valid"], row["days_with_data"]) == (14, 11, 12)
    assert row["assessable"] and row["met_pct_high"] == pytest.approx(50)
    # 12 of the 14 days have 4 h of 8 in them, two have none that is known.
    assert row["met_pct_low"] == pytest.approx(50 * 12 / 14)
    assert row["days_since_data"] == 3 and row["reason"] == "no_data" and row["figure"] == 3
    assert (row["before_days"], row["before_days_valid"]) == (5, 5)  # the first of its 6 days is in no denominator


def test_what_a_leg_had_is_what_its_own_page_says(store: Store) -> None:
    for at, (first, last, hours, rx) in enumerate(((30, 1, 6, 8.0), (25, 5, 3, 8.0), (9, 1, 2, None), (40, 2, 9, 7.0))):
        known(store, f"P{at}", worn(10 + at, last_days(first, last), hours), rx)
    table = store.caseload(NOW).set_index("person_id")
    for person, row in table.iterrows():
        told = store.changed(str(person), "2026-05-20", 14).adherence.iloc[0]
        names = ["days", "days_valid", "assessable", "met_pct_low", "met_pct_high"]
        np.testing.assert_allclose(row[names].to_numpy(float), told[names].to_numpy(float), rtol=1e-12)


def test_nobody_of_whom_nothing_is_known_stands_as_fine(store: Store) -> None:
    known(store, "no brace", None)
    known(store, "never synced", Brace(device=7))
    table = store.caseload(NOW).set_index("label")
    assert table.loc["no brace", "reason"] == "no_brace"
    assert table.loc["never synced", "reason"] == "never_any_data"
    for name in ("met_pct_low", "met_pct_high", "days_since_data"):
        assert table[name].isna().all()
    assert table["battery_unknown"].all() or not table.loc["never synced", "battery_unknown"]


def test_a_pressure_that_is_still_on_comes_first_and_counts_by_civil_days(store: Store) -> None:
    brace = worn(1, last_days(20, 1))
    for back, tier, ended in ((13.6, 1, 1), (13.4, 1, 1), (6.6, 1, 1), (6.4, 1, 1), (5, 2, 1), (0.2, 2, 0)):
        at = NOW - int(back * DAY_MS)  # noon less a part of a day: 6.4 days before is still the sixth day before today
        told = {"channel": 1, "site": 1, "tier": tier, "lasted": 15, "peak": 5}
        brace.add("pressure", at, ended=0, onset_back=0, **told)
        if ended:
            brace.add("pressure", at + 20 * MINUTE_MS, ended=1, onset_back=20, **told)
    known(store, "pressed", brace)
    known(store, "silent", worn(2, last_days(20, 6)))
    table = store.caseload(NOW)
    assert table["label"].tolist() == ["pressed", "silent"]
    row = table.iloc[0]
    assert row["reason"] == "pressure_red_open"
    counts = row[["red_open", "amber_open", "red_7d", "amber_7d", "red_14d", "amber_14d"]].tolist()
    assert counts == [1, 0, 2, 1, 2, 3]


def test_of_whom_care_ended_a_reason_is_left_and_no_figure_until_it_is_given_again(store: Store) -> None:
    ended = known(store, "ended", worn(1, last_days(20, 4)), battery=15, fault=2)
    held = known(store, "held", worn(2, last_days(20, 4)))
    store.plan_visit(ended, "2026-05-21", None, NOW)
    store.judge_cases(NOW)
    shown = store.caseload(NOW).set_index("label").loc["ended"]
    assert shown["reason"] == "no_data" and shown["battery_pct"] == 15 and shown["met_pct_high"] > 0
    for person in (ended, held):
        store.consent(person, "care", "care-1", NOW - DAY_MS, NOW - DAY_MS)
    store.end_consent(ended, "care", NOW - HOUR_MS)
    table = store.caseload(NOW).set_index("label")
    one = table.loc["ended"]
    assert (one["reason"], one["reasons"], one["care_ended"]) == ("care_ended", ("care_ended",), True)
    numbers = ["met_pct_low", "met_pct_high", "days_since_data", "sync_age_h", "battery_pct", "fault", "days_to_visit"]
    assert one[numbers].isna().all() and pd.isna(one["visit_day"]) and pd.isna(one["last_day"])
    assert not any(one[["days", "days_valid", "days_with_data", "red_14d", "amber_14d", "worse"]])
    assert one["flags"] == one["claims"] == ()
    assert table.loc["held", "reason"] == "no_data", "of nobody else anything is hidden"
    assert store.caseload(NOW - 2 * HOUR_MS).set_index("label").loc["ended", "battery_pct"] == 15, "it held then"
    store.consent(ended, "care", "care-2", NOW, NOW)
    again = store.caseload(NOW).set_index("label").loc["ended"]
    assert again["battery_pct"] == 15 and again["reasons"] == shown["reasons"]


def test_battery_and_fault_are_those_of_the_brace_that_is_in_use(store: Store) -> None:
    person = known(store, "A", worn(1, last_days(20, 1)), battery=15, fault=2)
    row = store.caseload(NOW).iloc[0]
    assert (row["battery_pct"], row["fault_part"], row["sync_age_h"]) == (15, "bridge", 1.0)
    assert {"brace_fault", "battery_low"} <= set(row["reasons"])
    store.assign(2, person, "left")
    other = Brace(device=2, journal=2)
    store.put(other.info(battery=255), [], NOW - MINUTE_MS)
    row = store.caseload(NOW).iloc[0]
    assert np.isnan(row["battery_pct"]) and row["battery_unknown"] and row["fault"] == 0
    assert "battery_unknown" in row["reasons"] and "battery_low" not in row["reasons"]


def test_what_hangs_on_now_is_worked_out_when_it_is_asked_for(store: Store) -> None:
    known(store, "A", worn(1, last_days(20, 1)))
    store.judge_cases(NOW)
    first, later = store.caseload(NOW).iloc[0], store.caseload(NOW + 3 * DAY_MS).iloc[0]
    assert (first["days_since_data"], later["days_since_data"]) == (1, 4)
    assert later["sync_age_h"] - first["sync_age_h"] == 72
    assert "no_data" not in first["reasons"] and later["reason"] == "no_data"
    assert first["judged"] and not later["judged"] and "not_judged" in later["reasons"]


def test_an_answer_is_out_of_date_when_anything_comes_that_it_may_hang_on(store: Store) -> None:
    brace = worn(1, last_days(20, 2))
    person = known(store, "A", brace)

    def fresh() -> bool:
        return bool(store.caseload(NOW).iloc[0]["judged"])

    assert not fresh()
    assert store.judge_cases(NOW) == 0 and fresh()
    more = worn(1, last_days(1, 1))
    store.put(brace.info(), [], NOW)  # nothing new
    assert fresh()
    late = brace.add("wear", NOW - 2 * DAY_MS, worn=1, edge_back=10)
    store.put(brace.info(), [late], NOW)
    assert not fresh() and store.judge_cases(NOW) == 0 and fresh()
    changes = (
        lambda: store.add_brace_change(person, "left", "2026-05-18", "strap", NOW),
        lambda: store.undo_brace_change(person),
        lambda: store.set_zone(person, "Europe/Lisbon", NOW - 5 * DAY_MS),
        store.rebuild,
    )
    for change in changes:
        change()
        assert not fresh()
        assert store.judge_cases(NOW) == 0 and fresh()
    assert more.records


def test_what_came_while_somebody_was_judged_leaves_the_answer_out_of_date(store: Store) -> None:
    person = int(known(store, "A", worn(1, last_days(20, 1))))
    with writing(store.engine) as connection:
        seen = judged.asked(connection, person)
        judged.outdated(connection, person)
        judged.keep(connection, person, seen, judged.Answer("2026-05-20", [], []))
    assert not store.caseload(NOW).iloc[0]["judged"]
    store.judge_cases(NOW)
    with writing(store.engine) as connection:  # a slower one, who had seen less, comes last
        judged.keep(connection, person, seen, judged.Answer("2026-05-20", [{"state": "raised", "flag": "drags"}], []))
    row = store.caseload(NOW).iloc[0]
    assert row["judged"] and not row["flag_drags"]


def test_little_time_judges_who_waited_longest_and_says_how_many_are_left(store: Store) -> None:
    for at in range(3):
        known(store, f"P{at}", worn(1 + at, last_days(4, 1)))
    assert [store.judge_cases(NOW, within_s=0) for _ in range(4)] == [2, 1, 0, 0]
    assert store.caseload(NOW)["judged"].all()


def test_flags_are_those_of_the_persons_own_page(store: Store) -> None:
    brace = worn(1, last_days(40, 8), 9)
    known(store, "A", brace)
    for back in last_days(7, 1):  # 1 h a day instead of 9
        one = worn(1, range(back, back - 1, -1), 1)
        brace.restart(one.boot_utc_ms)
        brace.add("boot", one.boot_utc_ms, cause=0)
        brace.clock(one.boot_utc_ms + 1000)
        begun = len(brace.records)
        low = one.boot_utc_ms
        brace.minutes(low + MINUTE_MS, 479, 0)
        brace.minutes(low + 8 * HOUR_MS, 60, 1)
        brace.minutes(low + 9 * HOUR_MS, 15 * 60, 0)
        store.put(brace.info(), brace.records[begun - 2 :], NOW)
    brace.add("wear", NOW - HOUR_MS, worn=0)  # today: yesterday is not the last day
    store.put(brace.info(), brace.records[-1:], NOW)
    store.judge_cases(NOW)
    row = store.caseload(NOW).iloc[0]
    told = store.changed("1", "2026-05-20").flags
    raised = told[(told["state"] == "raised") & (told["flag"] != "no_data")]["flag"].tolist()
    assert raised == ["adherence_collapse"] == [one["flag"] for one in row["flags"]]
    assert row["reason"] == "adherence_collapse" and row["met_pct_high"] < 80


def test_a_fall_that_was_told_is_a_reason_for_a_week_and_gone_when_taken_back(store: Store) -> None:
    person = known(store, "A", worn(1, last_days(20, 0)))
    at_ms = NOW - 3 * DAY_MS
    entered = store.tell(person, "fall", 2, "", "helper", at_ms, NOW)
    store.judge_cases(NOW)
    row = store.caseload(NOW).iloc[0]
    assert "told_fall" in row["reasons"] and row["flag_told_fall"]
    told = store.changed(person, "2026-05-20").flags.set_index("flag").loc["told_fall"]
    assert (told["side"], str(told["since"].date())) == ("", "2026-05-17")
    assert told["reason"] == "told on 2026-05-17: fell and hurt"
    assert "told_fall" not in store.changed(person, "2026-05-24").flags["flag"].tolist(), "seven days later"
    store.untell(person, "fall", "", entered)
    store.judge_cases(NOW)
    assert "told_fall" not in store.caseload(NOW).iloc[0]["reasons"]


def test_nothing_is_shown_of_somebody_who_is_paused(store: Store) -> None:
    person = int(known(store, "A", worn(1, last_days(20, 6)), battery=5))
    with writing(store.engine) as connection:
        row = {"person": person, "from_ms": NOW - DAY_MS, "until_ms": None, "entered_ms": NOW}
        connection.execute(insert(pause).values(**row))
    row = store.caseload(NOW).iloc[0]
    assert row["paused"] and row["reason"] == "paused" and row["reasons"] == ("paused",)
    assert row[["met_pct_low", "battery_pct", "days_since_data", "last_day", "last_sync_utc"]].isna().all()


def test_days_of_a_pause_are_in_no_denominator(store: Store) -> None:
    person = int(known(store, "A", worn(1, last_days(20, 1), 4)))
    low = utc_ms("2026-05-10T00:00:00", ZONE)
    with writing(store.engine) as connection:
        row = {"person": person, "from_ms": low, "until_ms": low + 3 * DAY_MS, "entered_ms": NOW}
        connection.execute(insert(pause).values(**row))
    row = store.caseload(NOW).iloc[0]
    assert not row["paused"] and row["days"] == 11 and row["met_pct_high"] == pytest.approx(50)


def test_a_limit_of_ones_own_moves_only_that_person_and_can_be_taken_back(store: Store) -> None:
    first, second = (known(store, name, worn(at, last_days(20, 2)), battery=30) for at, name in enumerate("AB", 1))
    store.set_threshold(first, "no_data_days", 2, None, NOW)
    store.set_threshold(first, "low_battery_pct", 35, 4, NOW + 1)

    def reasons(label: str) -> set[str]:
        return set(store.caseload(NOW).set_index("label").loc[label, "reasons"])

    assert {"no_data", "battery_low"} <= reasons("A") and not {"no_data", "battery_low"} & reasons("B")
    own = store.thresholds(first).set_index("name")
    assert own.loc["low_battery_pct", ["value", "default", "own", "account"]].tolist() == [35, 20, True, 4]
    assert not own.loc["adherence_pct", "own"] and np.isnan(own.loc["adherence_pct", "entered_ms"])
    flags = store.changed(first, "2026-05-20").flags.set_index("flag")
    assert flags.loc["no_data", "state"] == "raised"
    assert store.undo_threshold(first) == {"name": "low_battery_pct", "value": 35}
    assert "battery_low" not in reasons("A") and "no_data" in reasons("A")
    store.set_threshold(first, "no_data_days", None, None, NOW + 2)
    assert "no_data" not in reasons("A")
    store.undo_threshold(first)
    assert "no_data" in reasons("A")
    assert store.changed(second, "2026-05-20").flags.set_index("flag").loc["no_data", "state"] == "clear"


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("no_data_days", 0, "no_data_days 0: is not from 1 to 30 d"),
        ("low_battery_pct", float("nan"), "low_battery_pct nan: is not from 5 to 80 %"),
        ("goal", 3, "threshold 'goal': is none of"),
    ],
)
def test_a_limit_out_of_its_range_is_refused(store: Store, name: str, value: float, says: str) -> None:
    person = store.add_person("A", ZONE)
    with pytest.raises(InputError) as refused:
        store.set_threshold(person, name, value, None, NOW)
    assert says in str(refused.value)
    assert not store.thresholds(person)["own"].any()
    with pytest.raises(InputError, match="undo: no threshold was set"):
        store.undo_threshold(person)


def test_a_planned_visit_is_told_until_it_is_over(store: Store) -> None:
    person = known(store, "A", worn(1, last_days(20, 1)))
    store.plan_visit(person, "2026-05-26", None, NOW)
    row = store.caseload(NOW).iloc[0]
    assert row["visit_day"] == pd.Timestamp("2026-05-26") and row["days_to_visit"] == 6
    assert "visit_soon" in row["reasons"]
    assert "visit_soon" not in store.caseload(NOW - 2 * DAY_MS).iloc[0]["reasons"]
    assert pd.isna(store.caseload(NOW + 7 * DAY_MS).iloc[0]["visit_day"])
    store.plan_visit(person, None, None, NOW + 1)
    assert store.visit(person) is None
    assert store.undo_visit(person) is None and store.visit(person) == "2026-05-26"
    with pytest.raises(InputError, match="day 2026-05-19: is over"):
        store.plan_visit(person, "2026-05-19", None, NOW)
    with pytest.raises(InputError, match="366 days ahead"):
        store.plan_visit(person, "2028-01-01", None, NOW)


def test_only_whom_one_asks_for_is_told_of(store: Store) -> None:
    people = [known(store, name, None) for name in "ABC"]
    assert sorted(store.caseload(NOW, people[1:])["label"]) == ["B", "C"]
    assert store.caseload(NOW, []).empty
