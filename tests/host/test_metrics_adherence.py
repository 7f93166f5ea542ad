"""Adherence as a range, by hand-made days; abandonment never reads as adherence; what no brace can see says so."""

import numpy as np
import pandas as pd
import pytest

from talus_host.metrics.adherence import KINDS, UNASSESSED, adherence, habits, targets

NAN = float("nan")
MONDAY = pd.Timestamp("2026-03-02")


def days(worn: list[float], status: list[str] | str = "valid", start: pd.Timestamp = MONDAY) -> pd.DataFrame:
    table = pd.DataFrame({"side": "left", "day": pd.date_range(start, periods=len(worn), freq="D", unit="s")})
    table = table.assign(worn_h=worn, status=status, steps=1000.0, walking_min=20.0)
    return table.assign(day_class=np.where(table["worn_h"] > 0, "gait", "not_worn"))


def given(*rows: tuple[str, str, float, float, float], side: str = "left") -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=["from_day", "kind", "hours", "hours_max", "hours_more"])
    return table.assign(side=side, from_day=table["from_day"].to_numpy("datetime64[s]"))


NOTHING = given()
EIGHT = given(("2026-01-01", "hours", 8, NAN, NAN))


def test_a_range_from_what_is_not_known_as_not_worn_to_what_was_observed() -> None:
    """Eight valid days of 6 h, a partial one of 3, a missing one: 51 h over 10 days, and 6 h."""
    table = days([6.0] * 8 + [3.0, NAN], ["valid"] * 8 + ["partial", "missing"])
    found = adherence(table, EIGHT).iloc[0]
    assert (found["worn_h_low"], found["worn_h_high"]) == (pytest.approx(5.1), 6)
    assert (found["days_valid"], found["days_partial"], found["days_missing"]) == (8, 1, 1)
    assert found["met_pct_high"] == pytest.approx(75)
    assert found["met_pct_low"] == pytest.approx(100 * (8 * 0.75 + 3 / 8) / 10)


def test_under_seven_days_of_ten_it_is_not_assessable() -> None:
    """A brace worn faithfully and then left in a cupboard, its battery flat."""
    for valid, assessable in ((7, True), (6, False)):
        table = days([8.0] * valid + [NAN] * (10 - valid), ["valid"] * valid + ["missing"] * (10 - valid))
        found = adherence(table, EIGHT).iloc[0]
        assert found["assessable"] == assessable
        assert np.isnan(found["worn_h_high"]) != assessable
    assert "60 %" in found["why"] and "70 %" in found["why"]


def test_long_days_do_not_hide_empty_ones() -> None:
    """4, 12, 8 and 0 h of 8: 50, 100, 100 and 0 % capped; 75 % uncapped; two days of four at 80 % or more."""
    found = adherence(days([4.0, 12, 8, 0]), EIGHT).iloc[0]
    assert found["met_pct_high"] == 62.5 and found["met_uncapped_pct"] == 75 and found["target_pct_high"] == 50
    assert (found["worn_h_median"], found["worn_h_q1"], found["worn_h_q3"]) == (6, 3, 9)


def test_four_fifths_of_the_hours_are_enough_and_less_is_not() -> None:
    found = adherence(days([6.4, 6.39, 6.41]), EIGHT).iloc[0]
    assert found["target_pct_high"] == pytest.approx(200 / 3)


def test_without_hours_prescribed_there_is_no_share_of_them() -> None:
    found = adherence(days([4.0] * 5), NOTHING).iloc[0]
    assert found["worn_h_high"] == 4 and np.isnan(found["met_pct_high"]) and found["kinds"] == ""
    assert found["steps"] == 1000


@pytest.mark.parametrize("kind", sorted(UNASSESSED))
def test_what_no_brace_can_see_is_said(kind: str) -> None:
    found = adherence(days([4.0] * 5), given(("2026-01-01", kind, NAN, NAN, NAN))).iloc[0]
    assert found["unassessed"] == UNASSESSED[kind] and np.isnan(found["met_pct_high"])
    assert found["worn_h_high"] == 4


def test_a_break_in_rises_to_its_maximum_and_too_long_days_are_counted() -> None:
    """1 h on Monday, half an hour more each day, 3 h at most."""
    rows = given(("2026-03-02", "break_in", 1, 3, 0.5), ("2026-03-08", "hours", 8, NAN, NAN))
    table = days([1.0, 1.5, 2.6, 2.5, 3.0, 3.6, 8.0])
    wanted = targets(rows, table)
    assert wanted["target_h"].tolist() == [1, 1.5, 2, 2.5, 3, 3, 8]
    assert wanted["most_h"].tolist()[:6] == [1, 1.5, 2, 2.5, 3, 3] and np.isnan(wanted["most_h"].iloc[6])
    found = adherence(table, rows).iloc[0]
    assert found["days_over"] == 2 and found["kinds"] == "hours, break_in"  # 2.6 and 3.6; half an hour is let pass


def test_a_prescription_holds_from_its_day_to_the_next_of_its_leg() -> None:
    rows = given(("2026-03-04", "hours", 4, NAN, NAN), ("2026-03-06", "none", NAN, NAN, NAN))
    other = given(("2026-03-02", "hours", 9, NAN, NAN), side="right")
    wanted = targets(pd.concat([rows, other]), days([1.0] * 6))
    assert wanted["kind"].tolist() == ["", "", "hours", "hours", "", ""]
    assert set(wanted["kind"]) - {""} <= set(KINDS)


def test_discontinued_is_fourteen_known_days_without_wear_and_unknown_ones_are_said_to_be() -> None:
    for tail, status, state in (
        ([0.0] * 13, "valid", "no"),
        ([0.0] * 14, "valid", "yes"),
        ([NAN] * 14, "missing", "not known"),
        ([0.0] * 14 + [2.0], "valid", "no"),
    ):
        table = days([8.0] * 20 + tail, ["valid"] * 20 + [status] * len(tail))
        assert adherence(table, NOTHING).iloc[0]["discontinued"] == state


def test_days_with_too_little_walking_to_measure_are_counted() -> None:
    table = days([5.0] * 4).assign(day_class=["gait", "little_walking", "little_walking", "gait"])
    assert adherence(table, NOTHING).iloc[0]["days_little_walking"] == 2


def test_paused_days_are_in_no_denominator() -> None:
    """Seven days of 6 h, three paused: not the 4.2 h that ten days would make, and all that is asked is known."""
    found = adherence(days([6.0] * 7 + [NAN] * 3, ["valid"] * 7 + ["paused"] * 3), EIGHT).iloc[0]
    assert (found["days"], found["days_paused"], found["share_known"]) == (7, 3, 1)
    assert (found["worn_h_low"], found["worn_h_high"], found["met_pct_low"]) == (6, 6, 75)


def test_a_pause_ends_a_run_without_wear() -> None:
    """Fourteen known days without wear are a brace given up; seven, a pause and seven more are not."""
    given_up = days([8.0] + [0.0] * 14)
    held = days([8.0] + [0.0] * 7 + [NAN] * 2 + [0.0] * 7, ["valid"] * 8 + ["paused"] * 2 + ["valid"] * 7)
    assert adherence(given_up, EIGHT).iloc[0]["discontinued"] == "yes"
    row = adherence(held, EIGHT).iloc[0]
    assert (row["discontinued"], row["no_wear_days"]) == ("no", 7)


def test_habits_by_hand() -> None:
    """Monday to Sunday: 8 h on weekdays, 4 at the weekend; put on twice a day; off for one night of 15 h."""
    table = days([8.0] * 5 + [4.0] * 2)
    starts = [day + pd.Timedelta(hours=hour) for day in table["day"] for hour in (8, 14)]
    bouts = pd.DataFrame({"side": "left", "start_utc": pd.to_datetime(starts, utc=True), "state": "worn"})
    bouts["end_utc"] = bouts["start_utc"] + pd.Timedelta(hours=4)
    night = {"side": "left", "start_utc": bouts["end_utc"].iloc[1], "state": "not_worn"}
    night["end_utc"] = night["start_utc"] + pd.Timedelta(hours=15)
    bouts = pd.concat([bouts, pd.DataFrame([night])], ignore_index=True)
    bouts["day"] = bouts["start_utc"].dt.tz_localize(None).dt.normalize().astype("datetime64[s]")
    hours = pd.DataFrame({"side": "left", "hour": [8, 8, 9], "worn_min": [60.0, 30.0, NAN]})
    found = habits(table, hours, bouts).iloc[0]
    assert (found["dons_per_day"], found["longest_off_h"], found["weekday_h"], found["weekend_h"]) == (2, 15, 8, 4)
    assert found["hour_8"] == 45 and np.isnan(found["hour_9"]) and np.isnan(found["hour_3"])
