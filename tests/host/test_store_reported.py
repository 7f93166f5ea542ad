"""What a report stands on, out of records made by hand: blind stretches, faults, programs and calibrations."""

import pandas as pd
import pytest
from host.made_records import HOUR_MS, MINUTE_MS, Brace, utc_ms
from host.stores import ZONE, filed
from sqlalchemy import insert

from talus.wire.kinds import HEALTH_REASONS, SENSOR_STATES, SENSORS
from talus_host.errors import InputError
from talus_host.store import Store, schema_pages

MORNING = utc_ms("2026-05-05T08:00:00", ZONE)


def utc(ms: int) -> pd.Timestamp:
    return pd.Timestamp(ms, unit="ms", tz="UTC")


def started(at: int = MORNING) -> Brace:
    brace = Brace(boot_utc_ms=at)
    brace.add("boot", at, cause=0, major=0, minor=1, patch=0)
    brace.clock(at)
    return brace


def health(brace: Brace, at: int, sensor: str, state: str, reason: str) -> None:
    numbers = (SENSORS.index(sensor), SENSOR_STATES.index(state), HEALTH_REASONS.index(reason))
    brace.add("health", at, **dict(zip(("sensor", "state", "reason"), numbers, strict=True)), channel=0)


def test_blind_is_where_records_came_and_wear_is_not_known(store: Store) -> None:
    """An hour worn, an hour of records that tell nothing, an hour without a record, and a worn one again."""
    brace = started()
    known = {"pressure_1": 5.0, "pressure_2": 1.0}
    brace.minutes(MORNING, 60, 1, **known)
    brace.minutes(MORNING + HOUR_MS, 60, None)
    brace.minutes(MORNING + 3 * HOUR_MS, 60, 1, **known)
    brace.clock(MORNING + 4 * HOUR_MS)
    filed(store, brace)
    bouts = store.wear_bouts("1", "2026-05-05", "2026-05-06")
    dark = bouts[bouts["state"] == "unknown"]
    assert (dark["start_utc"] <= utc(MORNING + HOUR_MS)).any()  # one stretch without knowledge, of two kinds
    found = store.blind("1", "2026-05-05", "2026-05-06")
    inside = found[found["start_utc"] >= utc(MORNING)]
    assert inside[["side", "start_utc", "end_utc"]].to_numpy().tolist() == [
        ["left", utc(MORNING + HOUR_MS), utc(MORNING + 2 * HOUR_MS)]
    ]


def test_a_brace_that_says_nothing_is_not_blind(store: Store) -> None:
    brace = started()
    brace.minutes(MORNING, 30, 1, pressure_1=5.0, pressure_2=1.0)
    brace.clock(MORNING + HOUR_MS)
    filed(store, brace)
    assert store.blind("1").empty


def test_faults_have_their_stretch_and_those_before_the_range_are_left_out(store: Store) -> None:
    brace = started()
    for day, state, reason in ((0, "failed", "stuck"), (1, "ok", "none"), (3, "degraded", "drift")):
        at = MORNING + 24 * day * HOUR_MS
        health(brace, at, "encoder", state, reason)
        brace.minutes(at, 5, 1)
    brace.clock(MORNING + 73 * HOUR_MS)
    filed(store, brace)
    every = store.faults("1")
    assert every[["sensor", "state", "reason"]].to_numpy().tolist() == [
        ["encoder", "failed", "stuck"],
        ["encoder", "degraded", "drift"],
    ]
    assert every["start_utc"].tolist() == [utc(MORNING), utc(MORNING + 72 * HOUR_MS)]
    assert every["end_utc"].iloc[0] == utc(MORNING + 24 * HOUR_MS) and pd.isna(every["end_utc"].iloc[1])
    assert store.faults("1", "2026-05-07")["state"].tolist() == ["degraded"]
    assert store.faults("1", "2026-05-07", "2026-05-08").empty


def test_standing_has_a_row_for_what_changed_and_none_for_what_did_not(store: Store) -> None:
    brace = started()
    layout = {"side": 0, "imu_place": 0}
    brace.add("settings", MORNING, settings=11, calibration=3, **layout)
    brace.add("settings", MORNING + 24 * HOUR_MS, settings=11, calibration=3, **layout)
    brace.add("settings", MORNING + 48 * HOUR_MS, settings=11, calibration=4, **layout)
    brace.add("boot", MORNING + 72 * HOUR_MS, cause=0, major=0, minor=2, patch=1)
    brace.clock(MORNING + 73 * HOUR_MS)
    filed(store, brace)
    found = store.standing("1")
    rows = [[row.program, int(row.calibration), str(row.from_day.date())] for row in found.itertuples()]
    assert rows == [["0.1.0", 3, "2026-05-05"], ["0.1.0", 4, "2026-05-07"], ["0.2.1", 4, "2026-05-08"]]
    assert set(found["settings"].astype(int)) == {11}
    assert len(store.standing("1", "2026-05-07")) == 1


def test_standing_counts_what_never_came_and_what_has_no_time(store: Store) -> None:
    brace = started()
    brace.minutes(MORNING, 10, 1)
    brace.clock(MORNING + HOUR_MS)
    brace.sequence += 7
    brace.minutes(MORNING + HOUR_MS, 1, 1)
    brace.restart(MORNING + 2 * HOUR_MS)
    brace.minutes(MORNING + 2 * HOUR_MS, 4, 1)  # a boot whose clock nobody set
    filed(store, brace)
    row = store.standing("1").iloc[-1]
    assert (row["lost"], row["unplaced"]) == (7, 4)


def test_pauses_and_walks_come_as_they_were_entered(store: Store) -> None:
    with store.engine.begin() as connection:
        connection.execute(insert(schema_pages.pause).values(person=1, from_ms=MORNING, entered_ms=MORNING))
    store.add_timed_walk("1", MORNING, "10m", 12.5, False, MORNING + HOUR_MS)
    assert store.pauses("1")["from_utc"].tolist() == [utc(MORNING)] and store.pauses("1")["until_utc"].isna().all()
    assert store.walked("1").to_numpy().tolist() == [[utc(MORNING), 10.0, 12.5, 0]]


@pytest.mark.parametrize("question", ["pauses", "walked", "blind", "faults", "standing"])
def test_nobody_has_no_answer_but_a_refusal(store: Store, question: str) -> None:
    with pytest.raises(InputError, match="there is none of that id"):
        getattr(store, question)("7")


@pytest.mark.parametrize("question", ["pauses", "walked", "blind", "faults", "standing"])
def test_somebody_without_data_has_tables_without_rows(store: Store, question: str) -> None:
    assert getattr(store, question)("1").empty


def test_two_periods_are_compared_by_the_days_of_the_calendar(store: Store) -> None:
    """No day speaks here; the table is there, and says so."""
    brace = started()
    brace.minutes(MORNING, 10, 1)
    brace.clock(MORNING + 11 * MINUTE_MS)
    filed(store, brace)
    found = store.compared("1", ("2026-05-05", "2026-05-06"), ("2026-05-04", "2026-05-05"), ("steps",))
    assert found[["side", "measure", "before_days", "now_days"]].to_numpy().tolist() == [["left", "steps", 0, 0]]
