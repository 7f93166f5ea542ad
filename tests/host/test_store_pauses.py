"""A pause withholds what was recorded in it from everything that reads, keeps it as received, and gives it back."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from host.made_records import HOUR_MS, MINUTE_MS, Brace, utc_ms
from host.stores import ZONE, records

from talus_host.errors import InputError
from talus_host.store import Store

FIRST = utc_ms("2026-05-04T00:00:00", ZONE)
DAY_MS = 24 * HOUR_MS
DAYS = [f"2026-05-0{day}" for day in range(4, 9)]
NOW = FIRST + 10 * DAY_MS
MEASURES = ["worn_h", "not_worn_h", "unknown_h", "coverage", "steps", "strides", "walking_min", "low_confidence_h"]


def five_days() -> Brace:
    """The same on each of five days: two hours worn from 10:00, 15 strides at 11:00, a long pressure, a curve."""
    brace = Brace(boot_utc_ms=FIRST)
    brace.add("boot", FIRST, cause=0)
    brace.sites(FIRST, "fibular_head", "heel")
    for day in range(5):
        start = FIRST + day * DAY_MS
        brace.clock(start)
        brace.minutes(start, 600, 0, pressure_1=0.0)
        brace.minutes(start + 10 * HOUR_MS, 60, 1, pressure_1=5.0)
        brace.add("curve", start + 11 * HOUR_MS, strides=15, angle=[float(day)] * 25, moment=[0.5] * 25)
        brace.walk(start + 11 * HOUR_MS, 15, ankle_range=20)
        brace.minutes(start + 11 * HOUR_MS, 60, 1, pressure_1=5.0, strides=1)
        pressed = {"channel": 1, "site": 1, "tier": 1, "peak": 5}
        brace.add("pressure", start + 11 * HOUR_MS, ended=0, lasted=60, onset_back=60, **pressed)
        brace.add("pressure", start + 11 * HOUR_MS + MINUTE_MS, ended=1, lasted=61, onset_back=61, **pressed)
        brace.minutes(start + 12 * HOUR_MS, 719, 0, pressure_1=0.0)
    brace.clock(FIRST + 5 * DAY_MS - MINUTE_MS)
    return brace


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "talus.db"


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    brace = five_days()
    with Store(path) as opened:
        opened.add_person("P1", ZONE)
        opened.assign(brace.device, "1", "left")
        opened.put(brace.info(), brace.records, NOW)
        yield opened


def of_day(store: Store, day: str) -> dict[str, pd.DataFrame]:
    """Everything the store tells of one day, in readings that tell of moments."""
    end = str((pd.Timestamp(day) + pd.Timedelta(days=1)).date())
    reads = {
        **{"strides": store.strides, "minutes": store.minutes, "curves": store.curves},
        **{"pressure_days": store.pressure_days, "pressure_events": store.pressure_events},
        **{"histograms": store.histograms, "responses": store.pressure_responses, "prompts": store.pressure_prompts},
    }
    return {name: read("1", day, end) for name, read in reads.items()}


def test_a_paused_day_says_so_and_nothing_else(store: Store) -> None:
    before = store.days("1")
    before.index = before["day"].dt.strftime("%Y-%m-%d").tolist()
    assert before["worn_h"].tolist() == [2.0] * 5 and before["status"].tolist()[1:-1] == ["valid"] * 3
    store.pause_days("1", DAYS[2], DAYS[3], NOW)
    days = store.days("1").set_axis(before.index)
    assert days.loc[DAYS[2], "status"] == "paused"
    assert days.loc[DAYS[2], MEASURES].isna().all() and days.loc[DAYS[2], "day_h"] == 24
    others = [day for day in DAYS if day != DAYS[2]]
    pd.testing.assert_frame_equal(days.loc[others], before.loc[others])


def test_what_tells_of_a_moment_in_a_pause_is_left_out_and_its_neighbours_are_whole(store: Store) -> None:
    whole = {day: of_day(store, day) for day in DAYS}
    assert all(len(table) for name, table in whole[DAYS[2]].items() if name != "prompts")
    store.pause_days("1", DAYS[2], DAYS[3], NOW)
    assert {name: len(table) for name, table in of_day(store, DAYS[2]).items()} == dict.fromkeys(whole[DAYS[2]], 0)
    for day in (DAYS[1], DAYS[3]):
        for name, table in of_day(store, day).items():
            pd.testing.assert_frame_equal(table, whole[day][name])
    start = pd.Timestamp(FIRST + 2 * DAY_MS, unit="ms", tz="UTC")
    bouts = store.wear_bouts("1")
    paused = bouts[bouts["state"] == "paused"]
    assert [(row.start_utc, row.end_utc) for row in paused.itertuples()] == [(start, start + pd.Timedelta(days=1))]
    inside = bouts[(bouts["start_utc"] < start + pd.Timedelta(days=1)) & (bouts["end_utc"] > start)]
    assert inside["state"].tolist() == ["paused"]
    assert (bouts["start_utc"].iloc[1:].to_numpy() == bouts["end_utc"].iloc[:-1].to_numpy()).all()
    assert sorted(store.assist_ratios("1")["day"].dt.strftime("%Y-%m-%d")) == DAYS


def test_what_the_brace_says_of_itself_stays(store: Store) -> None:
    kept = {kind: len(store.records("1", kind)) for kind in ("boot", "settings", "clock")}
    walked = len(store.records("1", "pressure"))
    store.pause_days("1", DAYS[0], None, NOW)
    assert {kind: len(store.records("1", kind)) for kind in kept} == kept and min(kept.values()) > 0
    assert walked == 10 and store.records("1", "pressure").empty


def test_a_pause_of_hours_withholds_those_hours_and_the_day_whose_sums_hold_them(store: Store) -> None:
    """From 11:00 to 11:30 of the third day: the hour 11 and the whole day's sums, not the other hours."""
    start = FIRST + 2 * DAY_MS + 11 * HOUR_MS
    store.pause("1", start, start + HOUR_MS // 2, NOW)
    assert store.days("1")["status"].tolist()[2] == "paused"
    hours = store.hours("1", DAYS[2], DAYS[3]).set_index("hour")
    assert hours["paused"].tolist() == [hour == 11 for hour in range(24)]
    assert hours.loc[11, ["worn_min", "not_worn_min", "unknown_min", "steps"]].isna().all()
    assert hours.loc[10, "worn_min"] == 60 and hours.loc[9, "worn_min"] == 0
    assert not store.hours("1", DAYS[3])["paused"].any()
    minutes = store.minutes("1", DAYS[2], DAYS[3])
    assert len(minutes) == 1439 - 30
    assert minutes["start_utc"].dt.tz_convert(ZONE).dt.strftime("%H:%M").between("11:00", "11:29").sum() == 0
    assert len(store.strides("1", DAYS[2], DAYS[3])) == 0  # all 15 were walked from 11:00 on
    assert len(store.curves("1", DAYS[2], DAYS[3])) == 25  # of the hour before 11:00


def test_the_edges_of_a_pause_are_half_open(store: Store) -> None:
    """A pause that begins with the midnight of a day leaves the day before alone, and ends with the next."""
    store.pause_days("1", DAYS[1], DAYS[2], NOW)
    assert store.days("1")["status"].eq("paused").tolist() == [False, True, False, False, False]
    assert store.hours("1")["paused"].sum() == 24


def test_the_day_a_clock_jumps_is_paused_from_its_own_midnight_to_its_own(path: Path) -> None:
    """29 March 2026 has 23 hours in Berlin: from 23:00 UTC of the 28th to 22:00 UTC."""
    with Store(path) as store:
        store.add_person("P1", ZONE)
        store.pause_days("1", "2026-03-29", "2026-03-30", NOW)
        row = store.paused("1").iloc[0]
    assert (row["from_utc"].isoformat(), row["until_utc"].isoformat()) == (
        "2026-03-28T23:00:00+00:00",
        "2026-03-29T22:00:00+00:00",
    )


def test_records_are_kept_as_received_and_a_pause_taken_back_gives_them_back(store: Store, path: Path) -> None:
    kept, days = records(path), store.days("1")
    store.pause_days("1", DAYS[1], None, NOW)
    assert records(path) == kept
    store.undo_pause("1")
    pd.testing.assert_frame_equal(store.days("1"), days)
    assert store.paused("1").empty


def test_a_pause_holds_for_records_that_come_later_and_for_nobody_else(store: Store, path: Path) -> None:
    other = Brace(device=0xC3, boot_utc_ms=FIRST)
    other.clock(FIRST)
    other.minutes(FIRST, 60, 1, pressure_1=5.0)
    store.add_person("P2", ZONE)
    store.assign(other.device, "2", "left")
    store.put(other.info(), other.records, NOW)
    store.pause_days("1", DAYS[0], None, NOW)
    assert store.days("2")["status"].tolist() != ["paused"] and len(store.minutes("2")) == 60
    late = Brace(boot_utc_ms=FIRST + 5 * DAY_MS, boot=2)
    late.sequence = 10**6
    late.clock(late.boot_utc_ms)
    late.minutes(late.boot_utc_ms, 60, 1)
    store.put(late.info(), late.records, NOW)
    assert store.days("1")["status"].tolist() == ["paused"] * 6 and store.minutes("1").empty


def test_a_pause_ends_once_and_two_never_overlap(store: Store) -> None:
    store.pause_days("1", DAYS[0], DAYS[1], NOW)
    store.pause_days("1", DAYS[1], None, NOW + 1)  # they may touch
    with pytest.raises(InputError, match=r"pause from 2026-05-07T22:00 UTC: there is one from .*and has no end"):
        store.pause_days("1", "2026-05-08", "2026-05-09", NOW)
    with pytest.raises(InputError, match="until 2026-05-03T22:00 UTC: is not after the pause begins"):
        store.end_pause("1", FIRST)
    store.end_pause("1", FIRST + 3 * DAY_MS)
    with pytest.raises(InputError, match="end: no pause is open"):
        store.end_pause("1", FIRST + 4 * DAY_MS)
    assert store.days("1")["status"].eq("paused").tolist() == [True, True, True, False, False]
    with pytest.raises(InputError, match=r"until .*is not after"):
        store.pause_days("1", DAYS[4], DAYS[4], NOW)
    with pytest.raises(InputError, match="from '2026-13-01': is not a date"):
        store.pause_days("1", "2026-13-01", None, NOW)
    with pytest.raises(InputError, match="is more than 366 days ahead"):
        store.pause_days("1", "2027-12-01", None, NOW)
    with pytest.raises(InputError, match="person 9"):
        store.pause_days("9", DAYS[0], None, NOW)
    with pytest.raises(InputError, match="undo: no pause was entered"):
        store.add_person("P2", ZONE)
        store.undo_pause("2")


def test_paused_days_leave_every_denominator_and_are_counted(store: Store) -> None:
    """Five days of 2 h, the brace put on on the first and today not over: the second to fourth count, one is paused."""
    store.prescribe("1", "left", "2026-05-01", "hours", {"hours": 4.0}, NOW)
    before = store.changed("1", DAYS[4]).adherence.iloc[0]
    assert (before["days"], before["days_valid"], before["met_pct_high"]) == (3, 3, 50)
    store.pause_days("1", DAYS[2], DAYS[3], NOW)
    found = store.changed("1", DAYS[4])
    row = found.adherence.iloc[0]
    assert (row["days"], row["days_paused"], row["days_valid"], row["days_missing"]) == (2, 1, 2, 0)
    assert (row["share_known"], row["worn_h_low"], row["worn_h_high"], row["met_pct_high"]) == (1, 2, 2, 50)
    assert found.weeks["days_paused"].tolist() == [1] and found.weeks["days_unknown"].tolist() == [1]  # the first
    store.undo_pause("1")
    store.pause_days("1", DAYS[0], None, NOW)
    row = store.changed("1", DAYS[4]).adherence.iloc[0]
    assert (row["days"], row["days_paused"], row["assessable"]) == (0, 3, False)
    assert row["why"] == "paused on all of the days" and np.isnan(row["worn_h_high"])


def test_a_pause_is_no_silence_that_alarms(store: Store) -> None:
    """Ten days after the last record: no data for ten days. Paused, it is said to be; then it counts from its end."""

    def told(today: str) -> tuple[str, str]:
        found = store.changed("1", today).flags
        return tuple(found.loc[found["flag"] == "no_data", ["state", "reason"]].iloc[0])

    assert told("2026-05-18") == ("raised", "no data for 10 days: what is worn or pressed is not known")
    store.pause_days("1", "2026-05-09", "2026-05-16", NOW)
    assert told("2026-05-15") == ("not_assessable", "paused: what comes is not looked at")
    assert told("2026-05-16") == ("clear", "a pause 1 days ago")
    assert told("2026-05-18") == (
        "raised",
        "no data for 3 days after a pause: what is worn or pressed is not known",
    )


def test_a_figure_of_a_paused_day_is_missing_because_it_is_paused(store: Store) -> None:
    store.pause_days("1", DAYS[2], DAYS[3], NOW)
    why = store.not_measured("1", DAYS[2], DAYS[3])
    assert len(why) and set(why["why"]) == {"paused"}


def test_a_caseload_is_judged_anew_after_a_pause_begins_ends_or_is_taken_back(store: Store) -> None:
    """Pressure at the fibular head on each of five days: a flag. Paused, it is known of no longer."""

    def told() -> tuple[bool, tuple[str, ...]]:
        row = store.caseload(FIRST + 4 * DAY_MS + 13 * HOUR_MS).iloc[0]
        return bool(row["judged"]), tuple(flag["flag"] for flag in row["flags"])

    now = FIRST + 4 * DAY_MS + 13 * HOUR_MS
    store.judge_cases(now)
    assert told() == (True, ("fibular_head",))
    store.pause_days("1", DAYS[0], DAYS[4], now)
    assert not told()[0]
    store.judge_cases(now)
    assert told() == (True, ())
    store.undo_pause("1")
    assert not told()[0]
    store.judge_cases(now)
    assert told() == (True, ("fibular_head",))


def test_a_caseload_counts_no_pressure_that_a_pause_touches(store: Store) -> None:
    """The third day's lasts from 10:00 to 11:01; a pause from 11:00 touches it, as it does where it is listed."""
    now = FIRST + 4 * DAY_MS + 13 * HOUR_MS

    def counted() -> tuple[int, int]:
        return int(store.caseload(now).iloc[0]["amber_7d"]), len(store.pressure_events("1"))

    assert counted() == (5, 5)
    store.pause("1", FIRST + 2 * DAY_MS + 11 * HOUR_MS, FIRST + 2 * DAY_MS + 12 * HOUR_MS, NOW)
    assert counted() == (4, 4)
