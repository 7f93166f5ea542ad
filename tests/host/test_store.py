"""The store: exactly once in any order and any pieces, views that a rebuild gives again, days worked out by hand."""

import math
import shutil
import sqlite3
import threading
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from host.made_records import HOUR_MS, MINUTE_MS, Brace, utc_ms
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from talus_host.errors import InputError
from talus_host.store import Store, schema

ZONE = "Europe/Berlin"
NOON = utc_ms("2026-05-05T12:00:00", ZONE)
RECEIVED = utc_ms("2026-05-09T08:00:00")


@pytest.fixture(scope="session")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database at this version with one person, to be copied."""
    path = tmp_path_factory.mktemp("store") / "empty.db"
    with Store(path) as store:
        assert store.add_person("P1", ZONE, 8) == "1"
    return path


@pytest.fixture
def store(empty: Path, tmp_path: Path) -> Iterator[Store]:
    shutil.copy(empty, tmp_path / "talus.db")
    with Store(tmp_path / "talus.db") as opened:
        yield opened


def views(path: Path) -> dict[str, list[tuple]]:
    """Everything that is made from records, row by row."""
    with sqlite3.connect(path) as connection:
        names = [view.name for view in schema.VIEWS]
        found = {name: sorted(connection.execute(f"SELECT * FROM {name}"), key=repr) for name in names}
    connection.close()
    return found


def records(path: Path) -> list[tuple]:
    with sqlite3.connect(path) as connection:
        found = connection.execute("SELECT * FROM record ORDER BY device, journal, sequence").fetchall()
    connection.close()
    return found


def filed(store: Store, brace: Brace, **sides: str) -> None:
    store.assign(brace.device, "1", sides.get("side", "left"))
    store.put(brace.info(), brace.records, RECEIVED)


def two_days() -> Brace:
    """Two boots, the second over midnight: wear, a walk, a curve, pressure, a told loss; their clocks come last."""
    start = utc_ms("2026-05-05T20:00:00", ZONE)
    brace = Brace(boot_utc_ms=start)
    brace.add("boot", start, cause=0)
    brace.sites(start, "fibular_head", "heel")
    brace.minutes(start, 20, 1, pressure_1=5.0, pressure_2=1.0)
    brace.walk(start + 20 * MINUTE_MS, 15, ankle_range=20)
    brace.add("pressure", start + 16 * MINUTE_MS, channel=1, site=1, tier=1, ended=0, lasted=15, onset_back=15, peak=5)
    brace.clock(start + 30 * MINUTE_MS, says_ms=start + 30 * MINUTE_MS + 40)
    later = utc_ms("2026-05-05T23:30:00", ZONE)
    brace.restart(later)
    brace.add("boot", later, cause=2)
    brace.minutes(later, 30, 1)
    brace.minutes(later + 30 * MINUTE_MS, 30, 0)
    brace.add("wear", later + 32 * MINUTE_MS, worn=0, edge_back=150)
    brace.sites(later + 33 * MINUTE_MS, "dorsal_strap", "heel")
    brace.minutes(later + 60 * MINUTE_MS, 10, 1, pressure_1=5.0)
    brace.add("curve", later + 60 * MINUTE_MS, strides=15, angle=[1.0] * 25, moment=[0.5] * 25)
    brace.add("loss", later + 61 * MINUTE_MS, first=900, count=3, cause=0)
    brace.clock(later + 71 * MINUTE_MS, says_ms=later + 5 * HOUR_MS)
    brace.clock(later + 72 * MINUTE_MS)
    return brace


ALL = two_days().records


@settings(
    max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], deadline=None
)
@given(
    order=st.permutations(range(len(ALL))),
    again=st.lists(st.integers(0, len(ALL) - 1), max_size=30),
    cuts=st.lists(st.integers(1, len(ALL) + 29), max_size=4),
)
def test_any_order_any_repeats_any_pieces_give_the_same_store(
    empty: Path, tmp_path: Path, order: list[int], again: list[int], cuts: list[int]
) -> None:
    whole, torn = tmp_path / "whole.db", tmp_path / "torn.db"
    for path in (whole, torn):
        path.unlink(missing_ok=True)
        shutil.copy(empty, path)
    brace = two_days()
    with Store(whole) as store:
        filed(store, brace)
    with Store(torn) as store:
        store.assign(brace.device, "1", "left")
        sent = [ALL[i] for i in [*order, *again]]
        edges = [0, *sorted(cuts), len(sent)]
        added = 0
        for begin, end in pairwise(edges):
            added += store.put(brace.info(), sent[begin:end], RECEIVED).added
        assert added == len(ALL)
    assert records(torn) == records(whole)
    made = views(torn)
    assert made == views(whole)
    with Store(torn) as store:
        store.rebuild()
    assert views(torn) == made


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


def test_records_never_change(store: Store) -> None:
    brace = Brace(boot_utc_ms=NOON)
    brace.clock(NOON)
    brace.minutes(NOON, 5, 1)
    filed(store, brace)
    path = Path(str(store.engine.url.database))
    before = records(path)
    with sqlite3.connect(path) as connection:
        for statement in ("UPDATE record SET kind = 9", "DELETE FROM record"):
            with pytest.raises(sqlite3.IntegrityError, match="record"):
                connection.execute(statement)
    connection.close()
    changed = [brace.records[1]._replace(payload=b"\x00"), brace.records[2]._replace(at_ms=7)]
    put = store.put(brace.info(), changed, RECEIVED + 1)
    assert (put.added, put.conflicts) == (0, 2)
    assert records(path) == before
    doubt = store.quality("1").set_index("what").loc["conflict"]
    assert doubt["count"] == 2


def test_one_of_two_that_differ_in_one_put_is_kept(store: Store) -> None:
    brace = Brace(boot_utc_ms=NOON)
    first = brace.add("minute", NOON, worn=1)
    put = store.put(brace.info(), [first, first, first._replace(payload=b"\x00")], RECEIVED)
    assert (put.received, put.added, put.conflicts) == (3, 1, 1)


def test_where_a_sync_goes_on(store: Store) -> None:
    brace = Brace(boot_utc_ms=NOON)
    brace.minutes(NOON, 30, 1)
    loss = brace.add("loss", NOON, first=10, count=5, cause=1)  # sequence 30
    key = (brace.device, brace.journal)
    assert store.first_missing(*key) == 0
    assert store.first_missing(*key, 7) == 7
    store.put(brace.info(), brace.records[2:10] + brace.records[15:25], RECEIVED)
    assert store.first_missing(*key) == 0
    assert store.first_missing(*key, 2) == 10
    store.put(brace.info(), [loss], RECEIVED)
    assert store.first_missing(*key, 2) == 25
    store.put(brace.info(), brace.records[25:30], RECEIVED)
    assert store.first_missing(*key, 2) == 31
    gaps = store.quality(store.braces()["person_id"].iloc[0])
    told = gaps[gaps["what"] == "sequence_gap"]
    assert told["count"].tolist() == [5] and "damaged" in told["detail"].iloc[0]


def test_ids_of_64_bits_keep_all_of_them(store: Store) -> None:
    brace = Brace(device=0xFFFF_FFFF_FFFF_FFF7, journal=0x8000_0000_0000_0001, boot_utc_ms=NOON)
    brace.clock(NOON)
    brace.minutes(NOON, 2, 1)
    store.put(brace.info(), brace.records, RECEIVED)
    assert store.braces()["device"].tolist() == ["fffffffffffffff7"]
    assert store.first_missing("fffffffffffffff7", brace.journal) == 3
    store.assign("fffffffffffffff7", "1", "right")
    assert store.days("1")["side"].tolist() == ["right"]


def test_a_new_brace_gets_a_wearer_of_its_own(store: Store) -> None:
    one, two = Brace(device=1, boot_utc_ms=NOON), Brace(device=2, boot_utc_ms=NOON)
    for brace in (one, two):
        brace.clock(NOON)
        brace.minutes(NOON, 30, 1)
        store.put(brace.info(), brace.records, RECEIVED)
    assert len(store.people()) == 3
    assert store.braces()["person_id"].nunique() == 2
    store.assign(1, "1")
    assert len(store.people()) == 2  # who was made for it is gone
    assert store.days("1")["worn_h"].tolist() == [0.5]
    with pytest.raises(InputError, match="31 records of P1"):
        store.assign(1, store.add_person("P2", ZONE))
    store.assign(1, store.person_id("P2"), "right", move=True)
    assert store.days("1").empty
    assert store.days(store.person_id("P2"))["side"].tolist() == ["right"]


def test_two_braces_are_one_persons_left_and_right(store: Store) -> None:
    for device, side, worn in ((1, 0, 1), (2, 1, 0)):
        brace = Brace(device=device, side=side, boot_utc_ms=NOON)
        brace.clock(NOON)
        brace.minutes(NOON, 60, worn)
        store.assign(device, "1", ("left", "right")[side])
        store.put(brace.info(), brace.records, RECEIVED)
    days = store.days("1").set_index("side")
    assert days["worn_h"].to_dict() == {"left": 1, "right": 0}
    assert store.braces("1")["side"].tolist() == ["left", "right"]


def test_a_side_learnt_late_takes_its_days_along(store: Store) -> None:
    brace = Brace(side=255, boot_utc_ms=NOON)
    brace.clock(NOON)
    brace.minutes(NOON, 60, 1)
    store.assign(brace.device, "1")
    store.put(brace.info(), brace.records, RECEIVED)
    assert store.days("1")["side"].tolist() == ["unknown"]
    store.put(brace.info(side=1), [], RECEIVED + 1)
    assert store.days("1")["side"].tolist() == ["right"]
    store.put(brace.info(side=0), [], RECEIVED + 2)
    assert store.days("1")["side"].tolist() == ["right"]
    assert "side_disagrees" in store.quality("1")["what"].tolist()


def test_syncs_in_pieces_are_one_sync(store: Store) -> None:
    brace = Brace(boot_utc_ms=NOON)
    brace.clock(NOON)
    brace.minutes(NOON, 30, 1)
    store.assign(brace.device, "1", "left")
    assert pd.isna(store.braces("1")["last_sync_utc"].iloc[0])
    for piece in (brace.records[:10], brace.records[10:]):
        store.put(brace.info(battery=61), piece, RECEIVED)
    row = store.braces("1").iloc[0]
    assert row["last_sync_utc"] == pd.Timestamp(RECEIVED, unit="ms", tz="UTC")
    assert (row["battery_pct"], row["records"], row["added_last"]) == (61, 31, 31)
    store.put(brace.info(battery=255), [], RECEIVED + 5000)
    assert math.isnan(store.braces("1")["battery_pct"].iloc[0])


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


def test_a_record_kind_of_a_newer_brace_is_kept(store: Store) -> None:
    brace = Brace(boot_utc_ms=NOON)
    newer = brace.clock(NOON)._replace(kind=250, payload=b"what is this")
    assert store.put(brace.info(), [newer], RECEIVED).added == 1
    assert records(Path(str(store.engine.url.database)))[0][5:] == (250, b"what is this")


def test_asking_for_what_is_not_there(store: Store) -> None:
    with pytest.raises(InputError, match="person 77"):
        store.days(77)
    with pytest.raises(InputError, match="person 'x'"):
        store.days("x")
    with pytest.raises(InputError, match="start 'yesterday'"):
        store.days("1", "yesterday")
    with pytest.raises(InputError, match="zone 'Berlin'"):
        store.add_person("P9", "Berlin")
    with pytest.raises(InputError, match="goal_h 25"):
        store.set_goal("1", 25)
    with pytest.raises(InputError, match="label 'P1'"):
        store.add_person("P1", ZONE)
    with pytest.raises(InputError, match="sequence -1"):
        store.put(Brace().info(), [ALL[0]._replace(sequence=-1)], RECEIVED)


def test_empty_tables_have_their_columns(store: Store) -> None:
    for read in (store.days, store.hours, store.pressure_days, store.pressure_events, store.curves, store.wear_bouts):
        assert read("1").empty and len(read("1").columns) >= 4
    for read in (store.histograms, store.strides, store.minutes, store.quality):
        assert read("1").empty and len(read("1").columns) >= 4
    assert store.days("1").columns.tolist()[:4] == ["person_id", "side", "day", "status"]
    assert store.people()[["label", "zone", "goal_h"]].values.tolist() == [["P1", ZONE, 8.0]]


def test_several_threads_read_while_one_writes(store: Store) -> None:
    brace = Brace(boot_utc_ms=NOON)
    brace.clock(NOON)
    brace.minutes(NOON, 600, 1)
    store.assign(brace.device, "1", "left")
    seen: list[float] = []
    failed: list[BaseException] = []
    done = threading.Event()

    def read() -> None:
        try:
            while not done.is_set():
                seen.extend(store.days("1")["worn_h"].tolist())
        except BaseException as error:
            failed.append(error)

    readers = [threading.Thread(target=read) for _ in range(2)]
    for reader in readers:
        reader.start()
    for begin in range(0, len(brace.records), 100):
        store.put(brace.info(), brace.records[begin : begin + 100], RECEIVED)
    done.set()
    for reader in readers:
        reader.join()
    assert failed == []
    whole = {round(n / 60, 6) for n in [*range(99, 601, 100), 600]}
    assert {round(h, 6) for h in seen if not np.isnan(h)} <= whole  # never half a put
