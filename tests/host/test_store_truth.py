"""A lived month through the store: what days say against what really happened, known only to the one who made it up."""

from collections.abc import Iterator

import pandas as pd
import pytest
from host.made_records import Record, utc_ms

from talus.settings import Settings
from talus.wire import record
from talus.wire.kinds import BY_NAME
from talus_host.metrics import pressure_minutes
from talus_host.store import Store
from talus_twin.body.history import Course, History, live

ZONE = "Europe/Berlin"
# Over the night of 29 March, when the clock jumps.
COURSE = Course(utc_ms("2026-04-08T18:00:00", ZONE), seed=4, weeks=4, zone=ZONE, strides_per_day=600)
INFO = {"device": 7, "journal": 9, "side": 0, "boot": 1, "battery": 50, "fault": 0}


@pytest.fixture(scope="module")
def lived() -> History:
    return live(COURSE)


@pytest.fixture(scope="module")
def store(lived: History, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    rows, buffer = [], bytearray(300)
    for boot in lived.boots:
        for name, at_ms, values in boot.records:
            end = record.pack(BY_NAME[name], 0, values, buffer)
            payload = bytes(buffer[record.HEADER : end])
            rows.append(Record(len(rows), boot.number, at_ms, BY_NAME[name].number, payload))
    with Store(tmp_path_factory.mktemp("truth") / "talus.db") as opened:
        opened.assign(INFO["device"], opened.add_person("P1", ZONE, 8), "left")
        for begin in range(0, len(rows), 7000):
            opened.put(INFO, rows[begin : begin + 7000], lived.end_ms)
        yield opened


def test_worn_hours_strides_and_unknown_hours_are_the_true_ones(store: Store, lived: History) -> None:
    """Wear within a minute a day on average and five on any (clinical reference, 1.5), strides to the last one."""
    days = store.days("1").set_index(store.days("1")["day"].dt.date)
    truth = {day.date: day for day in lived.days}
    assert list(days.index) == sorted(truth)
    flat = [d for d, day in truth.items() if day.unknown_min == day.day_min]
    assert flat and days.loc[flat, ["worn_h", "not_worn_h", "steps", "strides"]].isna().all(axis=None)
    known = [d for d in days.index if d not in flat]
    wrong = [abs(days.loc[d, "worn_h"] * 60 - truth[d].worn_min) for d in known]
    assert max(wrong) < 5 and sum(wrong) / len(wrong) < 1
    assert days.loc[known, "strides"].tolist() == [truth[d].strides for d in known]
    assert days.loc[known, "strides_valid"].tolist() == [truth[d].strides_valid for d in known]
    whole = list(days.index)[:-1]  # the last day is not over
    assert (days.loc[whole, "day_h"] * 60).tolist() == [truth[d].day_min for d in whole]
    unknown = [abs(days.loc[d, "unknown_h"] * 60 - truth[d].unknown_min) for d in whole]
    assert max(unknown) < 2
    assert days.loc[pd.Timestamp("2026-03-29").date(), "day_h"] == 23


def test_lasting_pressures_are_found_where_they_were(store: Store, lived: History) -> None:
    events = store.pressure_events("1")
    assert len(events) == len(lived.presses) > 0
    assert events["end_utc"].notna().all()


def test_a_rebuild_changes_nothing(store: Store) -> None:
    reads = (store.days, store.hours, store.pressure_days, store.pressure_events, store.curves, store.wear_bouts)
    before = [read("1") for read in reads]
    told: list[tuple[int, int]] = []
    made = store.rebuild(lambda done, total: told.append((done, total)))
    assert told[-1] == (made, made)
    for read, was in zip(reads, before, strict=True):
        pd.testing.assert_frame_equal(read("1"), was, check_exact=True)


def test_the_host_counts_pressure_above_the_levels_the_brace_was_given() -> None:
    """Two rooms, one fact: the brace's settings and the host's defaults."""
    brace = Settings()
    assert brace.amber_mmhg == pressure_minutes.AMBER_DEFAULT_MMHG
    assert brace.red_a_mmhg == pressure_minutes.RED_DEFAULT_MMHG
    assert {"fibular_head": brace.amber_fibular_mmhg} == pressure_minutes.AMBER_MMHG
    assert {"fibular_head": brace.red_fibular_mmhg} == pressure_minutes.RED_MMHG
