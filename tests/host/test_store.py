"""Days, hours, curves and events out of the store, against records worked out by hand."""

import math
from pathlib import Path

import pandas as pd
import pytest
from host.made_records import HOUR_MS, Brace, utc_ms
from host.stores import NOON, RECEIVED, ZONE, filed, two_days, views

from talus_host.store import Store


def test_two_days_by_hand(store: Store) -> None:
    """Boot 1's only clock was read 40 ms late, so all of it lies 40 ms later. Boot 2 was told two times hours apart: of
    two hosts the later is believed, and it was right."""
    filed(store, two_days())
    days = store.days("1").set_index("day")
    assert [str(day.date()) for day in days.index] == ["2026-05-05", "2026-05-06"]
    first, second = days.iloc[0], days.iloc[1]
    # 20 min in the evening; from 23:30 on 29.5 min: the wear record of 00:02 puts the change 150 s back.
    assert first["worn_h"] == pytest.approx(49.5 / 60)
    assert first["not_worn_h"] == pytest.approx(0.5 / 60)
    assert first["unknown_h"] == pytest.approx(24 - 50 / 60)
    assert (first["strides"], first["steps"], first["ankle_range_deg"]) == (15, 30, 20)
    assert first["cadence_spm"] == pytest.approx(120 / 1.1)
    assert first["walking_min"] == pytest.approx(15 * 1.1 / 60)
    assert second["worn_h"] == pytest.approx(10 / 60)
    assert second["not_worn_h"] == pytest.approx(30 / 60)
    assert second["steps"] == 0 and math.isnan(second["cadence_spm"])
    event = store.pressure_events("1").iloc[0]
    start = utc_ms("2026-05-05T20:01:00", ZONE) + 40
    assert event["start_utc"] == pd.Timestamp(start, unit="ms", tz="UTC")
    assert event["end_utc"] == event["start_utc"] + pd.Timedelta(minutes=15)  # the restart hid its end
    assert (event["site"], event["tier"], event["minutes"]) == ("fibular_head", "amber", 15)
    amber = store.pressure_days("1")[["channel", "site", "minutes_amber", "measured_min"]]
    assert amber.fillna(-1).values.tolist() == [
        [1, "fibular_head", 20, 20],
        [2, "heel", 0, 20],
        [1, "dorsal_strap", 10, 10],
        [2, "heel", -1, 0],
    ]
    bouts = store.wear_bouts("1")
    assert bouts["state"].tolist() == ["unknown", "worn", "unknown", "worn", "not_worn", "worn", "unknown"]


def test_the_wall_hours_of_a_dst_night(store: Store) -> None:
    """29 March 2026: worn from 00:00 to 06:00 of the wall is five hours, and there is no hour 2."""
    start = utc_ms("2026-03-29T00:00:00", ZONE)
    brace = Brace(boot_utc_ms=start)
    brace.clock(start)
    brace.minutes(start, 5 * 60, 1)
    brace.minutes(start + 5 * HOUR_MS, 18 * 60, 0)
    filed(store, brace)
    day = store.days("1").iloc[0]
    assert (day["day_h"], day["worn_h"], day["not_worn_h"], day["unknown_h"]) == (23, 5, 18, 0)
    hours = store.hours("1")
    assert hours["hour"].tolist() == [h for h in range(24) if h != 2]
    assert hours["worn_min"].tolist() == [60.0] * 5 + [0.0] * 18


def test_the_hour_that_comes_twice(store: Store) -> None:
    start = utc_ms("2026-10-25T00:00:00", ZONE)
    brace = Brace(boot_utc_ms=start)
    brace.clock(start)
    brace.minutes(start, 25 * 60, 1)
    filed(store, brace)
    day = store.days("1").iloc[0]
    assert (day["day_h"], day["worn_h"], day["coverage"]) == (25, 25, 1)
    assert store.hours("1").set_index("hour").loc[2, "worn_min"] == 120


def test_a_journey_moves_the_days(store: Store) -> None:
    """Berlin to New York on 10 May at noon UTC: the 10th has 30 hours."""
    start = utc_ms("2026-05-10T00:00:00", ZONE)
    brace = Brace(boot_utc_ms=start)
    brace.clock(start)
    brace.minutes(start, 36 * 60, 1)
    filed(store, brace)
    assert store.days("1")["worn_h"].tolist() == [24, 12]
    store.set_zone("1", "America/New_York", utc_ms("2026-05-10T12:00:00"))
    assert store.days("1")[["day_h", "worn_h"]].values.tolist() == [[30, 30], [24, 6]]
    assert store.person("1")["zone"] == "America/New_York"
    assert "zone_changed" in store.quality("1")["what"].tolist()
    brace.minutes(start + 36 * HOUR_MS, 10 * 60, 0)
    store.put(brace.info(), brace.records[-600:], RECEIVED)
    made = views(Path(str(store.engine.url.database)))
    store.rebuild()
    assert views(Path(str(store.engine.url.database))) == made


def test_a_day_without_a_record_is_there_and_missing(store: Store) -> None:
    start = utc_ms("2026-05-05T00:00:00", ZONE)
    brace = Brace(boot_utc_ms=start)
    brace.clock(start)
    for day in (0, 1, 3, 4):
        brace.minutes(start + day * 24 * HOUR_MS, 24 * 60, 1)
    filed(store, brace)
    days = store.days("1")
    assert days["status"].tolist() == ["missing", "valid", "missing", "valid", "missing"]  # first, hole, last
    hole = days.iloc[2]
    assert (hole["unknown_h"], hole["coverage"]) == (24, 0)
    assert hole[["worn_h", "not_worn_h", "steps", "cadence_spm", "walking_min"]].isna().all()
    bouts = store.wear_bouts("1")
    assert bouts["state"].tolist() == ["worn", "unknown", "worn"]
    assert ((bouts["end_utc"] - bouts["start_utc"]) / pd.Timedelta(hours=1)).tolist() == [48, 24, 48]
    some = store.days("1", "2026-05-06", "2026-05-08")
    assert some["day"].dt.day.tolist() == [6, 7] and some["status"].tolist() == ["valid", "missing"]


def test_records_without_a_clock_wait_in_the_unknown_day_until_one_comes(store: Store) -> None:
    brace = Brace(boot_utc_ms=NOON)
    brace.minutes(NOON, 90, 1)
    filed(store, brace)
    assert store.days("1").empty
    doubt = store.quality("1").iloc[0]
    assert (doubt["what"], doubt["count"]) == ("unknown_day", 90)
    clock = brace.clock(NOON + 2 * HOUR_MS)
    store.put(brace.info(), [clock], RECEIVED)
    assert store.days("1")["worn_h"].tolist() == [1.5]
    assert "unknown_day" not in store.quality("1")["what"].tolist()


def test_a_clock_of_1970_dates_nothing(store: Store) -> None:
    brace = Brace(boot_utc_ms=NOON)
    brace.clock(NOON, says_ms=5000)
    brace.minutes(NOON, 10, 1)
    filed(store, brace)
    assert store.days("1").empty
    assert set(store.quality("1")["what"]) == {"unknown_day", "clock_not_believed"}


def test_a_later_clock_moves_a_day(store: Store) -> None:
    """The first host was a day slow; two later ones agree on the truth."""
    brace = Brace(boot_utc_ms=NOON)
    brace.clock(NOON, says_ms=NOON - 24 * HOUR_MS)
    brace.minutes(NOON, 60, 1)
    filed(store, brace)
    assert [str(d.date()) for d in store.days("1")["day"]] == ["2026-05-04"]
    late = [brace.clock(NOON + HOUR_MS), brace.clock(NOON + 2 * HOUR_MS)]
    put = store.put(brace.info(), late, RECEIVED)
    assert {"2026-05-04", "2026-05-05"} <= set(put.days)
    assert [str(d.date()) for d in store.days("1")["day"]] == ["2026-05-05"]


def test_curves_come_back_as_they_were(store: Store) -> None:
    brace = Brace(boot_utc_ms=NOON)
    brace.clock(NOON)
    angle = [round(math.sin(i / 4), 2) for i in range(25)]
    moment = [None if i == 3 else i / 100 for i in range(25)]
    brace.add("curve", NOON + HOUR_MS, strides=40, angle=angle, moment=moment)
    filed(store, brace)
    curve = store.curves("1")
    assert curve["point"].tolist() == list(range(25))
    assert curve["angle_deg"].tolist() == pytest.approx(angle)
    assert math.isnan(curve["moment_nm"][3]) and curve["moment_nm"][24] == 0.24
    assert curve["hour_utc"].unique().tolist() == [pd.Timestamp(NOON, unit="ms", tz="UTC")]
    assert set(curve["strides"]) == {40}


def test_strides_and_minutes_in_time(store: Store) -> None:
    brace = Brace(boot_utc_ms=NOON)
    brace.clock(NOON)
    brace.walk(NOON + 1000, 3, duration=1.25, ankle_range=12.5)
    brace.minutes(NOON, 2, 1, liner=30.5)
    filed(store, brace)
    strides = store.strides("1")
    assert (strides["start_utc"] - pd.Timestamp(NOON, unit="ms", tz="UTC")).dt.total_seconds().tolist() == [
        1,
        2.25,
        3.5,
    ]
    assert strides["ankle_range_deg"].tolist() == [12.5] * 3 and strides["valid"].all()
    assert store.minutes("1")["liner_degc"].tolist() == [30.5, 30.5]
    assert store.strides("1", "2026-05-06").empty
    assert list(store.records("1", "clock")["source"]) == ["host"]


def test_empty_tables_have_their_columns(store: Store) -> None:
    for read in (store.days, store.hours, store.pressure_days, store.pressure_events, store.curves, store.wear_bouts):
        assert read("1").empty and len(read("1").columns) >= 4
    for read in (store.histograms, store.strides, store.minutes, store.quality):
        assert read("1").empty and len(read("1").columns) >= 4
    assert store.days("1").columns.tolist()[:4] == ["person_id", "side", "day", "status"]
    assert store.people()[["label", "zone", "goal_h"]].values.tolist() == [["P1", ZONE, 8.0]]
