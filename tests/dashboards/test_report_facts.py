"""What a report says, against sums done by hand: hours by state, strips, the hours of a day, sites, verdicts."""

from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd
import pytest
from dashboards.made_tables import EVENT_COLUMNS, HOUR_COLUMNS, PRESSURE_DAY_COLUMNS, ZONE
from dashboards.report_tables import FIRST, LAST, NAN, NOW, VERDICT, at, changed, compared, day, frame, person

from talus_dashboards import report
from talus_dashboards.errors import ReadError
from talus_dashboards.report.facts import Leg, within_zero
from talus_dashboards.report.wear import STATES

DAYS = (LAST - FIRST).days + 1
COMPARED = "side measure before before_days now now_days difference needed"


def leg(**tables: Any) -> Leg:
    return report.facts(report.ask(person(**tables), "p1", NOW, None, DAYS)).legs[0]


def told(what: str, moment: str, side: str = "left", value: float = NAN, by: str = "self") -> list[Any]:
    return [at(moment), what, side, value, by]


def test_the_period_is_whole_days_up_to_yesterday_where_the_person_lives() -> None:
    reader = person()
    asked = report.ask(reader, "p1", NOW, None, DAYS)
    assert (asked.first, asked.last) == (FIRST, LAST)
    questions = {name: rest for name, *rest in reader.asked}
    assert questions["hours"] == ["p1", FIRST, LAST + timedelta(days=1)]
    assert questions["compared"][1:3] == [
        (FIRST, LAST + timedelta(days=1)),
        (FIRST - timedelta(days=DAYS), FIRST),
    ]
    assert questions["changed"] == ["p1", LAST + timedelta(days=1), DAYS]


def test_at_half_past_midnight_yesterday_is_the_local_one() -> None:
    late = pd.Timestamp("2026-11-02T23:30:00", tz="UTC").to_pydatetime()  # half past midnight of the 3rd in Berlin
    assert report.ask(person(), "p1", late, None, DAYS).last == date(2026, 11, 2)


def test_every_hour_of_the_period_has_one_state() -> None:
    """Worn and walked; half unknown, 4 h of it blind; planned off; a pause; no row on 25 h; walking unseen."""
    off = told("day_off", "2026-10-23T12:00")
    pauses = frame("from_utc until_utc", [at("2026-10-26T10:00"), at("2026-10-26T12:00")])
    rows = [
        day(0, "missing"),  # the day it was first put on counts for nothing
        day(1, worn_h=8.0, walking_min=90.0),
        day(2, "partial", worn_h=2.0, unknown_h=12.0, walking_min=0.0),
        day(3, worn_h=1.0, walking_min=0.0),
        day(4, worn_h=5.0, walking_min=NAN),
        day(6, "paused", worn_h=NAN, unknown_h=NAN, walking_min=NAN) | {"not_worn_h": NAN},
    ]
    blind = frame("side start_utc end_utc", ["left", at("2026-10-22T10:00"), at("2026-10-22T14:00")])
    found = leg(days=pd.DataFrame(rows), blind=blind, told=frame("at_utc what side value told_by", off), pauses=pauses)
    after = 24.0 * 7  # 27 October to 2 November: nothing came
    expected = {"walking": 1.5, "still": 6.5 + 2.0 + 1.0, "unseen": 5.0, "not_worn": 16.0 + 10.0 + 19.0, "off": 23.0}
    expected |= {"fault": 4.0, "no_data": 8.0 + 25.0 + after, "paused": 24.0}
    assert found.split == pytest.approx(expected) and tuple(found.split) == STATES
    assert sum(found.split.values()) == pytest.approx(13 * 24 + 1)
    assert (found.off_days, found.paused_days) == (1, 1)
    known = 1.5 + 9.5 + 5 + 45 + 23
    assert found.coverage == pytest.approx(known / (13 * 24 + 1 - 24))
    assert found.gaps[:2] == [(date(2026, 10, 22), 12.0), (date(2026, 10, 25), 25.0)]


def test_a_day_off_of_the_other_leg_is_none_here() -> None:
    rows = [day(0), day(1, worn_h=4.0)]
    other = frame("at_utc what side value told_by", told("day_off", "2026-10-21T12:00", "right"))
    assert leg(days=pd.DataFrame(rows), told=other).split["off"] == 0
    neither = frame("at_utc what side value told_by", told("day_off", "2026-10-21T12:00", ""))
    assert leg(days=pd.DataFrame(rows), told=neither).split["off"] == 20


def test_a_strip_is_its_day_from_midnight_to_midnight_each_part_once() -> None:
    """On the day of 25 h, 02:00 comes twice: worn from 06:00 on is 7 h after midnight."""
    bouts = frame(
        "side start_utc end_utc state",
        ["left", at("2026-10-24T22:00"), at("2026-10-25T06:00"), "not_worn"],
        ["left", at("2026-10-25T06:00"), at("2026-10-25T12:00"), "worn"],
        ["left", at("2026-10-25T12:00"), at("2026-10-25T20:00"), "unknown"],
    )
    blind = frame("side start_utc end_utc", ["left", at("2026-10-25T12:00"), at("2026-10-25T14:00")])
    found = leg(days=pd.DataFrame([day(0), day(5, "missing", worn_h=6.0)]), wear_bouts=bouts, blind=blind)
    strip = next(one for one in found.strips if one.day == date(2026, 10, 25))
    pieces = sorted((start * 25, end * 25, state) for state, start, end in strip.pieces)
    assert pieces == [
        (0, pytest.approx(7), "not_worn"),
        (pytest.approx(7), pytest.approx(13), "worn"),
        (pytest.approx(13), pytest.approx(15), "fault"),
        (pytest.approx(15), pytest.approx(25), "no_data"),
    ]
    assert (strip.worn_h, strip.whole) == (6.0, False)
    assert len(found.strips) == DAYS - 1 and found.strips[-1].pieces == (("no_data", 0.0, 1.0),)


def test_the_hours_of_the_day_are_the_middle_and_the_half_of_days_that_know_them() -> None:
    minutes = [0.0, 15.0, 30.0, 60.0]
    rows: list[list[Any]] = []
    for number, worn in enumerate(minutes):
        rows.append(["left", FIRST + timedelta(days=number + 1), 9, worn, 60.0 - worn, 0.0, 0.0])
    rows.append(["left", FIRST + timedelta(days=5), 9, 10.0, 10.0, 40.0, 0.0])  # a third of it known: not counted
    rows.append(["left", date(2026, 10, 25), 2, 60.0, 60.0, 0.0, 0.0])  # comes twice: half of it
    rows += [["left", FIRST + timedelta(days=n), 2, 0.0, 60.0, 0.0, 0.0] for n in (1, 2)]
    rows += [["left", FIRST + timedelta(days=n), 10, 60.0, 0.0, 0.0, 0.0] for n in (1, 2)]
    days = pd.DataFrame([day(n) for n in range(7)])
    found = leg(days=days, hours=pd.DataFrame(rows, columns=HOUR_COLUMNS)).profile
    nine = found.loc[9, ["days", "q1", "median", "q3"]].tolist()
    assert nine == [4, *np.percentile(minutes, (25, 50, 75))]
    assert found.loc[2, ["days", "q3", "median"]].tolist() == [3, 15.0, 0.0]
    assert found.loc[10, "days"] == 2 and np.isnan(found.loc[10, "median"])
    assert len(found) == 24 and found.loc[0, "days"] == 0


def event(moment: str, channel: int, site: str, tier: str, end: str | None = "2026-10-29T23:00") -> list[Any]:
    ended = pd.NaT if end is None else at(end)
    return ["left", at(moment), ended, channel, site, tier, 9.0, 8.0, 1.0, 30.0]


def test_events_are_counted_by_site_and_the_wall_s_hour() -> None:
    pressed = pd.DataFrame(
        [
            ["left", date(2026, 10, 21), 1, "fibular_head", 20.0, 5.0, 3.0, 300.0],
            ["left", date(2026, 10, 22), 1, "fibular_head", 10.0, 0.0, 3.0, 120.0],
            ["left", date(2026, 10, 21), 2, "heel", NAN, 0.0, 3.0, 60.0],
            ["left", date(2026, 10, 21), 3, "calf_cuff", NAN, NAN, NAN, 0.0],
        ],
        columns=PRESSURE_DAY_COLUMNS,
    )
    events = pd.DataFrame(
        [
            event("2026-10-21T17:59", 1, "fibular_head", "amber"),
            event("2026-10-28T17:01", 1, "fibular_head", "amber", None),
            event("2026-10-28T00:10", 1, "fibular_head", "red"),
            event("2026-10-29T12:00", 4, "navicular", "amber"),
        ],
        columns=EVENT_COLUMNS,
    )
    found = {one.site: one for one in leg(pressure_days=pressed, pressure_events=events).sites}
    head = found["fibular_head"]
    assert [(hour, count) for hour, count in enumerate(head.amber) if count] == [(17, 2)]
    assert [(hour, count) for hour, count in enumerate(head.red) if count] == [(0, 1)]
    assert (head.still_open, head.minutes_amber, head.minutes_red, head.measured_h) == (1, 30.0, 5.0, 7.0)
    assert np.isnan(found["heel"].minutes_amber) and found["heel"].minutes_red == 0  # too little for its sensor
    assert np.isnan(found["calf_cuff"].minutes_red) and found["calf_cuff"].measured_h == 0
    assert sum(found["navicular"].amber) == 1 and found["navicular"].measured_h == 0  # never left out


def test_a_verdict_is_that_of_the_brace_as_it_is_now() -> None:
    old = VERDICT | {"segment": 1, "verdict": "worse"}
    right = VERDICT | {"side": "right", "segment": 3, "verdict": "no_clear_change"}
    verdicts = pd.DataFrame([old, VERDICT, right])
    table = frame(COMPARED, compared("heel_first_pct", 70.0, 74.0), compared("stance_pct", 60.0, 70.0))
    rows = leg(changed=changed(verdicts=verdicts), compared=table).gait
    assert [row["measure"] for row in rows] == ["heel_first_pct", "stance_pct"]
    assert rows[0]["verdict"]["verdict"] == "better"
    assert rows[1]["verdict"] is None  # however much it differs


@pytest.mark.parametrize(("difference", "inside"), [(0.3, True), (-0.29, True), (0.31, False)])
def test_an_assist_within_its_zero_is_said_to_be(difference: float, inside: bool) -> None:
    row = {"measure": "moment_swing_nm", "difference": difference}
    assert within_zero(row) is inside


def test_entries_of_other_days_stay_away_by_the_local_date() -> None:
    rows = [
        told("pain", "2026-10-19T23:59", value=9.0),
        told("pain", "2026-10-20T00:01", value=2.0),
        told("pain", "2026-11-02T23:59", value=4.0),
        told("pain", "2026-11-03T00:01", value=8.0),
    ]
    asked = report.ask(person(told=frame("at_utc what side value told_by", *rows)), "p1", NOW, None, DAYS)
    assert [row["value"] for row in report.facts(asked).told] == [4.0, 2.0]


def test_what_stands_is_what_was_in_force_in_the_period() -> None:
    columns = "side device program calibration settings from_day lost unplaced"
    rows = [
        ["left", "a1", version, 1, 7, pd.Timestamp(start), 0, 0]
        for version, start in (("0.1.0", "2026-01-01"), ("0.2.0", "2026-10-01"), ("0.3.0", "2026-10-28"))
    ]
    asked = report.ask(person(standing=frame(columns, *rows)), "p1", NOW, None, DAYS)
    assert [row["program"] for row in report.facts(asked).standing] == ["0.2.0", "0.3.0"]


def test_an_unknown_person_is_refused() -> None:
    with pytest.raises(ReadError, match="person 'p9': there is none of that id"):
        report.ask(person(), "p9", NOW, None, DAYS)


def test_zones_are_the_person_s() -> None:
    assert report.ask(person(), "p1", NOW, None, DAYS).now.tzname() == "CET" and ZONE == "Europe/Berlin"
