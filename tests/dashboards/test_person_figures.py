"""The figures of one person's page show their tables and nothing else; not measured is never a small or a zero."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest
from dashboards import made_tables as made
from dashboards import made_weeks
from dashboards.speaking import en

from talus.wire.kinds import SITES
from talus_dashboards.figures import assist, curves, leg, profile, spread, timeline
from talus_dashboards.summary import day_bounds

FIRST = made.TODAY - timedelta(days=83)
NAN = float("nan")


def trace(drawn, name: str):
    return next(one for one in drawn.figure.data if one.name == name)


# --- the drawn leg -----------------------------------------------------------------------------------------------


def pressed(**minutes: float) -> pd.DataFrame:
    """Minutes amber by site; NaN: the channel gave nothing."""
    rows = [
        ["left", made.TODAY, n, site, amber, 0.0 if amber == amber else NAN, 2.0, 0.0 if np.isnan(amber) else 300.0]
        for n, (site, amber) in enumerate(minutes.items(), start=1)
    ]
    return pd.DataFrame(rows, columns=made.PRESSURE_DAY_COLUMNS)


NO_EVENTS = pd.DataFrame(columns=made.EVENT_COLUMNS)


def test_a_leg_shows_each_site_with_its_minutes_in_words_and_size() -> None:
    table = pressed(fibular_head=80.0, lateral_malleolus=20.0, dorsal_strap=0.0, heel=NAN)
    drawn = leg.on_leg(table, NO_EVENTS, side="left", words=en)
    size = {site: trace(drawn, site).marker.size for site in table["site"]}
    assert size["fibular_head"] > size["lateral_malleolus"] > size["dorsal_strap"]
    labels = [note.text for note in drawn.figure.layout.annotations][2:]
    assert labels == ["<b>1</b>: 1.3 h", "<b>2</b>: 20 min", "<b>3</b>: 0 min", "<b>4</b>: ?"]
    assert "Fibular head: 1 h 20 min at amber level or above" in drawn.text
    assert "Dorsal strap: no long pressure in " in drawn.text
    assert "Heel: not measured." in drawn.text and drawn.rows[3][1] == en.NOT_KNOWN


def test_a_site_not_measured_is_a_ring_and_not_the_dot_of_a_quiet_one() -> None:
    drawn = leg.on_leg(pressed(dorsal_strap=0.0, heel=NAN), NO_EVENTS, side="left", words=en)
    assert "open" in trace(drawn, "heel").marker.symbol and trace(drawn, "dorsal_strap").marker.symbol is None


def test_outer_sites_lie_on_one_view_and_inner_ones_on_the_other() -> None:
    table = pressed(lateral_malleolus=5.0, medial_malleolus=5.0, navicular=5.0, fifth_metatarsal=5.0)
    drawn = leg.on_leg(table, NO_EVENTS, side="left", words=en)
    middle = leg.WIDE + leg.GAP / 2
    assert trace(drawn, "lateral_malleolus").x[0] < middle and trace(drawn, "fifth_metatarsal").x[0] < middle
    assert trace(drawn, "medial_malleolus").x[0] > middle and trace(drawn, "navicular").x[0] > middle
    assert len(drawn.figure.layout.shapes) == 2


def test_every_site_of_the_wire_has_a_place() -> None:
    assert set(leg.PLACES) == set(SITES)


def test_no_pressure_measured_is_a_sentence() -> None:
    drawn = leg.on_leg(pressed().iloc[:0], NO_EVENTS, side="left", words=en)
    assert drawn.figure is None and drawn.text == en.PRESSURE_NONE


# --- the day -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("day", "hours"), [("2026-03-29", 23), ("2026-10-25", 25), ("2026-11-20", 24)])
def test_a_day_is_as_long_as_it_was_and_every_minute_is_there_once(day: str, hours: int) -> None:
    start, end = day_bounds(pd.Timestamp(day).date(), made.ZONE)
    before, after = start - timedelta(hours=5), end + timedelta(hours=7)
    marks = [before, start + timedelta(hours=8), start + timedelta(hours=15), start + timedelta(hours=20), after]
    states = ["not_worn", "worn", "unknown", "not_worn"]
    bouts = pd.DataFrame({"start_utc": marks[:-1], "end_utc": marks[1:], "state": states})
    drawn = timeline.of_day(bouts, pd.DataFrame(columns=["hour", "steps"]), NO_EVENTS, start, end, end, words=en)
    widths = {state: sum(trace(drawn, state).width) for state in timeline.LOOKS}
    assert widths == pytest.approx({"worn": 7, "not_worn": hours - 12, "unknown": 5})
    assert drawn.text.startswith(f"Worn 7 h, not worn {hours - 12} h, not known 5 h.")
    assert "Steps with the brace on: not known" in drawn.text


def test_an_event_still_open_reaches_to_now_and_not_into_the_future() -> None:
    start, end = (edge.astimezone(ZoneInfo(made.ZONE)) for edge in day_bounds(made.TODAY, made.ZONE))
    bouts = pd.DataFrame({"start_utc": [start], "end_utc": [end], "state": ["worn"]})
    now = start + timedelta(hours=23)
    events = pd.DataFrame(
        {"start_utc": [start + timedelta(hours=22)], "end_utc": [pd.NaT], "tier": ["red"], "site": ["heel"]}
    )
    drawn = timeline.of_day(bouts, pd.DataFrame({"hour": [9], "steps": [120.0]}), events, start, end, now, words=en)
    assert list(trace(drawn, "red").width) == [1.0] and ["22:00", "23:00", "red: Heel", "1 h"] in drawn.rows
    assert "120 steps" in drawn.text


def test_a_day_of_which_nothing_is_known_has_no_picture() -> None:
    start, end = day_bounds(made.TODAY, made.ZONE)
    bouts = pd.DataFrame({"start_utc": [start], "end_utc": [end], "state": ["unknown"]})
    drawn = timeline.of_day(bouts, pd.DataFrame(columns=["hour", "steps"]), NO_EVENTS, start, end, end, words=en)
    assert drawn.figure is None and drawn.text == en.person.DAY_NOT_KNOWN


# --- hours of the day, the shank, assist, curves -----------------------------------------------------------------


def test_the_profile_draws_the_middle_day_and_leaves_unknown_hours_without_a_bar() -> None:
    rows = [[hour, 60.0 if 8 <= hour < 12 else 0.0, 0.0 if 8 <= hour < 12 else 60.0] for hour in range(20)]
    hours = pd.DataFrame(rows * 3, columns=["hour", "worn_min", "not_worn_min"])
    drawn = profile.by_hour(hours, side="left", words=en)
    bars = list(trace(drawn, "median").y)
    assert bars[8:12] == [60.0] * 4 and bars[12] == 0.0 and bars[22] is None
    assert [round(x - 0.5) for x in trace(drawn, "not known").x] == [20, 21, 22, 23]
    assert "from 08:00 to 12:00; 3 days known" in drawn.text
    assert profile.by_hour(hours.iloc[:0], side="left", words=en).figure is None


def test_the_shanks_spread_marks_the_middle_of_its_strides() -> None:
    counts = pd.DataFrame({"bin": [14, 15, 16], "strides": [25.0, 50.0, 25.0]})
    drawn = spread.shank_to_vertical(counts, side="left", words=en)
    assert drawn.text == "Left: middle 7.8°, half of the strides between 7.5° and 8.0°; 100 strides."
    assert spread.shank_to_vertical(counts.iloc[:0], side="left", words=en).figure is None


def test_assist_carries_its_zero_around_each_weeks_level() -> None:
    days = made.wearer().days_table
    drawn = assist.over_days(days, FIRST, made.TODAY, words=en)
    level, band = trace(drawn, "left week"), trace(drawn, "zero")
    assert max(y for y in band.y if y is not None) == pytest.approx(max(y for y in level.y if y is not None) + 0.3)
    assert len([y for y in band.y if y is None]) == len([y for y in level.y if y is None])
    assert "± 0.3 N·m" in drawn.text
    assert assist.over_days(days.assign(moment_swing_nm=NAN), FIRST, made.TODAY, words=en).figure is None


def test_curves_of_two_chosen_stretches_hold_their_days_alone() -> None:
    tables = made.wearer()
    mark = made.TODAY - timedelta(days=40)
    spans = (
        (mark - timedelta(days=28), mark - timedelta(days=1)),
        (mark + timedelta(days=4), mark + timedelta(days=31)),
    )
    drawn = curves.over_stride(
        tables.curves_table, curves.ANGLE, FIRST, made.TODAY, zone=made.ZONE, words=en, spans=spans,
        periods=("{days} before", "{days} after"),
    )  # fmt: skip
    for name, (first, last) in zip(("28 before", "28 after"), spans, strict=True):
        day = pd.to_datetime(tables.curves_table["hour_utc"], utc=True).dt.tz_convert(made.ZONE).dt.date
        mine = tables.curves_table[(day >= first) & (day <= last) & (tables.curves_table["point"] == 12)]
        assert trace(drawn, name).y[12] == pytest.approx(float(mine["angle_deg"].mean()))  # all weigh 400 strides


def test_made_weeks_are_worn_as_their_days_say() -> None:
    days = made.wearer(weeks=3).days_table
    bouts = made_weeks.bouts(days, made.ZONE)
    worn = bouts[bouts["state"] == "worn"]
    hours = (worn["end_utc"] - worn["start_utc"]).dt.total_seconds().sum() / 3600
    known = days[(days["status"] != "missing") & days["worn_h"].notna()]
    gaps = (known["worn_h"] > 4).sum() / 6
    assert hours == pytest.approx(known["worn_h"].sum() - gaps)
