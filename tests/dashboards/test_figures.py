"""A figure shows its table and nothing else: the same values, gaps where nothing is known, never a zero for unknown."""

import re
from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
from dashboards import made_tables as made
from dashboards.speaking import en

from talus_dashboards.figures import calendar, curves, measures, pressure, steps
from talus_dashboards.figures.drawing import UNKNOWN_FILL, Drawing, config
from talus_dashboards.pages import parts
from talus_dashboards.words import LANGUAGES

FIRST = made.TODAY - timedelta(days=83)
ELAPSED = [60.0] * 15 + [32.0] + [0.0] * 8


@pytest.fixture(scope="module")
def tables() -> made.Tables:
    return made.wearer()


def trace(drawn: Drawing, name: str):
    assert drawn.figure is not None
    return next(one for one in drawn.figure.data if one.name == name)


# --- steps -------------------------------------------------------------------------------------------------------


def test_steps_equal_the_table_and_unknown_hours_have_no_bar(tables: made.Tables) -> None:
    drawn = steps.by_hour(tables.hours_table, ELAPSED, words=en)
    bars = list(trace(drawn, "steps").y)
    given = tables.hours_table.set_index("hour")["steps"]
    for hour in range(24):
        if hour not in given.index or np.isnan(given[hour]):
            assert bars[hour] is None, hour
        else:
            assert bars[hour] == given[hour]
    assert bars[11] is None and bars[2] == 0  # not known; and known to be without a step


def test_steps_strip_accounts_for_every_elapsed_minute_once(tables: made.Tables) -> None:
    drawn = steps.by_hour(tables.hours_table, ELAPSED, words=en)
    widths = [np.array(trace(drawn, f"strip {column}").width) for column in ("worn_min", "not_worn_min", "unknown_min")]
    assert np.allclose(sum(widths) * 60, ELAPSED)
    assert widths[0].sum() * 60 == pytest.approx(tables.hours_table["worn_min"].sum())
    assert widths[2][11] == 1 and widths[2][15] == pytest.approx(6 / 60)


def test_steps_sentence_says_what_is_not_known(tables: made.Tables) -> None:
    text = steps.by_hour(tables.hours_table, ELAPSED, words=en).text
    assert (
        text.startswith("2,590 steps so far today.") and "10:00 to 11:00" in text and "1 h 6 min are not known" in text
    )


def test_a_day_without_any_record_is_unknown_not_zero() -> None:
    drawn = steps.by_hour(made.nobody().hours_table, ELAPSED, words=en)
    assert drawn.figure is None and drawn.text == en.STEPS_UNKNOWN


def test_a_known_day_without_steps_says_so() -> None:
    rows = [["left", made.TODAY, hour, 0.0, 60.0, 0.0, 0.0] for hour in range(15)]
    drawn = steps.by_hour(pd.DataFrame(rows, columns=made.HOUR_COLUMNS), [60.0] * 15 + [0.0] * 9, words=en)
    assert drawn.text == en.STEPS_NONE


# --- calendar ----------------------------------------------------------------------------------------------------


def cells(drawn: Drawing, name: str) -> dict[str, str]:
    one = trace(drawn, name)
    return {data[0]: text for data, text in zip(one.customdata, one.text, strict=True)}


def test_calendar_tells_not_worn_from_not_known(tables: made.Tables) -> None:
    drawn = calendar.wear(tables.days_table, FIRST, made.TODAY, side="left", words=en)
    unknown, off = cells(drawn, "not known"), cells(drawn, "not worn")
    days = tables.days_table.set_index("day")
    zero = days[(days["status"] == "valid") & (days["worn_h"] == 0)].index
    missing = days[days["status"] == "missing"].index
    assert set(off) == {en.day_row(day) for day in zero} and set(off.values()) == {"0"}
    assert {day for day, text in unknown.items() if text == "?"} == {en.day_row(day) for day in missing}
    assert trace(drawn, "not known").marker.pattern.bgcolor == UNKNOWN_FILL
    assert trace(drawn, "not worn").marker.pattern.shape is None


def test_calendar_prints_the_hours_of_the_table(tables: made.Tables) -> None:
    drawn = calendar.wear(tables.days_table, FIRST, made.TODAY, side="left", words=en)
    days = tables.days_table
    worn = days[(days["status"] == "valid") & (days["worn_h"] > 0)]
    assert cells(drawn, "worn") == {en.day_row(row.day): f"{row.worn_h:.1f}" for row in worn.itertuples()}
    part = days[(days["status"] == "partial") & (days["worn_h"] > 0)]
    expected = {en.day_row(row.day): f"{row.worn_h:.1f}+" for row in part.itertuples()}
    assert cells(drawn, "worn, partly known") == expected


def test_a_paused_day_is_neither_not_known_nor_not_worn() -> None:
    days = made.wearer().days_table
    held = days["day"].isin([made.TODAY - timedelta(days=n) for n in (3, 4)])
    days.loc[held, ["worn_h", "not_worn_h", "unknown_h", "coverage"]] = float("nan")
    days.loc[held, "status"] = "paused"
    drawn = calendar.wear(days, FIRST, made.TODAY, side="left", words=en)
    names = {en.day_row(made.TODAY - timedelta(days=n)) for n in (3, 4)}
    assert set(cells(drawn, "paused")) == names and set(cells(drawn, "paused").values()) == {calendar.PAUSE_SIGN}
    for name in ("not known", "not worn", "worn", "worn, partly known"):
        assert not names & set(cells(drawn, name))
    assert "Paused: 2 days." in drawn.text and ("swatch-paused", en.KEY_PAUSED) in drawn.key
    assert [row[1] for row in drawn.rows if row[0] in names] == ["paused"] * 2
    unpaused = calendar.wear(made.wearer().days_table, FIRST, made.TODAY, side="left", words=en)
    assert "aused" not in unpaused.text and en.KEY_PAUSED not in dict(unpaused.key).values()


def test_a_date_without_a_row_is_not_known() -> None:
    days = made.wearer().days_table
    hole = days[days["day"] != made.TODAY - timedelta(days=3)]
    drawn = calendar.wear(hole, FIRST, made.TODAY, side="left", words=en)
    assert cells(drawn, "not known")[en.day_row(made.TODAY - timedelta(days=3))] == "?"
    assert len(drawn.rows) == 84


# --- measures ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("measure", measures.MEASURES, ids=lambda measure: measure.column)
def test_measure_days_equal_the_table_and_gaps_stay(tables: made.Tables, measure: measures.Measure) -> None:
    drawn = measures.over_days(tables.days_table, measure, FIRST, made.TODAY, words=en)
    given = tables.days_table.set_index("day")[measure.column]
    dots = trace(drawn, "left")
    for at, value, (day, expected) in zip(dots.x, dots.y, given.items(), strict=True):
        assert at.startswith(day.isoformat())
        assert value is None if np.isnan(expected) else value == expected
    assert dots.mode == "markers"
    assert trace(drawn, "left week").connectgaps is False


def test_weeks_need_three_valid_days_and_are_their_median(tables: made.Tables) -> None:
    measure = next(one for one in measures.MEASURES if one.column == "cadence_spm")
    monday = date(2026, 11, 2)
    days = tables.days_table[
        (tables.days_table["day"] >= monday) & (tables.days_table["day"] < monday + timedelta(days=7))
    ]
    days = days.assign(status=["valid"] * 3 + ["partial"] * 4, cadence_spm=[90.0, 94.0, 91.0, 1.0, 1.0, 1.0, 1.0])
    level = trace(measures.over_days(days, measure, monday, monday + timedelta(days=6), words=en), "left week")
    assert list(level.y) == [91.0, 91.0, None]
    fewer = days.assign(status=["valid"] * 2 + ["partial"] * 5)
    assert (
        list(trace(measures.over_days(fewer, measure, monday, monday + timedelta(days=6), words=en), "left week").y)
        == []
    )


def test_an_axis_of_days_and_a_count_of_days_are_said_in_the_readers_language() -> None:
    german, days = LANGUAGES["de"], made.wearer().days_table
    drawn = measures.over_days(days, measures.MEASURES[0], date(2026, 10, 1), date(2026, 11, 19), words=german)
    named = drawn.figure.layout.xaxis.ticktext
    assert len(named) == 4 and named[0] == "7. Okt." and named[-1] == "15. Nov."
    assert " von 50 Tagen mit einem Wert" in drawn.text


def test_numbers_of_an_axis_have_the_readers_own_signs() -> None:
    for language, signs in (("en", ".,"), ("de", ",.")):
        words = LANGUAGES[language]
        drawn = measures.over_days(made.wearer().days_table, measures.MEASURES[0], FIRST, made.TODAY, words=words)
        shown = parts.drawing(drawn, "steps", "Steps", words)
        graph = next(one for one in shown._traverse() if getattr(one, "id", None) == "steps")
        assert graph.figure.layout.separators == signs


def test_a_measure_that_was_not_had_says_what_it_needs() -> None:
    solid = made.wearer(solid=True)
    measure = next(one for one in measures.MEASURES if one.column == "ankle_range_deg")
    drawn = measures.over_days(solid.days_table, measure, FIRST, made.TODAY, words=en)
    assert drawn.figure is None and "not measured" in drawn.text and "encoder" in drawn.text


def test_two_sides_differ_in_more_than_colour() -> None:
    both = made.wearer(sides=("left", "right"))
    drawn = measures.over_days(both.days_table, measures.MEASURES[3], FIRST, made.TODAY, words=en)
    symbols = [
        {symbol.removesuffix("-open") for symbol in trace(drawn, side).marker.symbol} for side in ("left", "right")
    ]
    assert symbols[0].isdisjoint(symbols[1])


# --- curves ------------------------------------------------------------------------------------------------------


def test_curves_are_weighted_by_strides() -> None:
    rows = [
        ["left", made.NOW - timedelta(days=1), strides, point, value, 0.0]
        for strides, value in ((300, 2.0), (100, 6.0))
        for point in range(25)
    ]
    table = pd.DataFrame(rows, columns=made.CURVE_COLUMNS)
    drawn = curves.over_stride(table, curves.ANGLE, FIRST, made.TODAY, zone=made.ZONE, words=en)
    assert list(trace(drawn, "Last 28 days").y) == pytest.approx([3.0] * 25)
    assert list(trace(drawn, "First 28 days").y) == []
    assert "400 strides on 1 day" in drawn.text


def test_a_curve_hour_belongs_to_the_wearers_own_day() -> None:
    late = pd.Timestamp("2026-11-19 23:30", tz="UTC")  # 00:30 on the 20th in Berlin
    table = pd.DataFrame([["left", late, 10, point, 1.0, 1.0] for point in range(25)], columns=made.CURVE_COLUMNS)
    assert curves.period_mean(table, "angle_deg", made.TODAY, made.TODAY, made.ZONE).attrs["days"] == 1
    assert curves.period_mean(table, "angle_deg", made.TODAY, made.TODAY, "UTC").empty


def test_a_missing_channel_draws_no_curve() -> None:
    solid = made.wearer(solid=True)
    drawn = curves.over_stride(solid.curves_table, curves.ANGLE, FIRST, made.TODAY, zone=made.ZONE, words=en)
    assert drawn.figure is None and "encoder" in drawn.text


def test_the_moment_shows_how_well_its_zero_is_known(tables: made.Tables) -> None:
    drawn = curves.over_stride(tables.curves_table, curves.MOMENT, FIRST, made.TODAY, zone=made.ZONE, words=en)
    band, mean = trace(drawn, "zero"), trace(drawn, "Last 28 days")
    assert np.array(band.y[:25]) - np.array(mean.y) == pytest.approx(0.3)
    assert "± 0.3 N·m" in drawn.text


# --- pressure ----------------------------------------------------------------------------------------------------


def test_pressure_minutes_equal_the_table_and_a_dead_channel_has_no_bar(tables: made.Tables) -> None:
    drawn = pressure.by_site(tables.pressure_table, tables.events_table, words=en)
    sums = tables.pressure_table.groupby("channel")[["minutes_amber", "minutes_red"]].sum()
    for column in ("minutes_amber", "minutes_red"):
        bars = trace(drawn, column).x
        assert list(bars[:3]) == list(sums[column].iloc[:3]) and bars[3] is None
    assert "Heel, left: not measured in this period." in drawn.text
    assert drawn.rows[3][2:4] == [en.NOT_KNOWN, en.NOT_KNOWN]


@pytest.mark.parametrize(("kpa", "mmhg"), [(4.666, 35), (9.0, 67.5), (20.0, 150.0)])
def test_mmhg(kpa: float, mmhg: float) -> None:
    assert kpa * pressure.MMHG_PER_KPA == pytest.approx(mmhg, rel=1e-3)


# --- all of them -------------------------------------------------------------------------------------------------


def every_drawing(tables: made.Tables) -> list[Drawing]:
    curve = {"zone": made.ZONE, "words": en}
    return [
        steps.by_hour(tables.hours_table, ELAPSED, words=en),
        calendar.wear(tables.days_table, FIRST, made.TODAY, side="left", words=en),
        *(measures.over_days(tables.days_table, one, FIRST, made.TODAY, words=en) for one in measures.MEASURES),
        *(
            curves.over_stride(tables.curves_table, one, FIRST, made.TODAY, **curve)
            for one in (curves.ANGLE, curves.MOMENT)
        ),
        pressure.by_site(tables.pressure_table, tables.events_table, words=en),
    ]


def test_every_figure_has_a_sentence_a_key_and_a_table(tables: made.Tables) -> None:
    for drawn in every_drawing(tables):
        assert drawn.text and drawn.key and drawn.rows
        assert all(len(row) == len(drawn.columns) for row in drawn.rows)


def test_no_figure_claims_a_trend(tables: made.Tables) -> None:
    for drawn in every_drawing(tables):
        assert drawn.figure is not None
        assert not [a for a in drawn.figure.layout.annotations if a.showarrow]
        shown = drawn.text + str(drawn.figure.layout.annotations)
        assert not re.search(r"[↑↓↗↘→▲▼]|better|worse|improv|trend|compliance", shown, re.IGNORECASE)


def test_no_table_is_changed(tables: made.Tables) -> None:
    fresh = made.wearer()
    every_drawing(tables)
    for name in ("days_table", "hours_table", "pressure_table", "events_table", "curves_table"):
        pd.testing.assert_frame_equal(getattr(tables, name), getattr(fresh, name))


def test_the_share_button_is_off() -> None:
    assert (
        config()["showSendToCloud"] is False and config()["plotlyServerURL"] == "" and config()["displaylogo"] is False
    )
