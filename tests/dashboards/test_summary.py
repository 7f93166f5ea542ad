"""Wear against a prescription, summed by hand: a brace in a cupboard must not read as worn."""

from datetime import UTC, date, datetime, timedelta

import pandas as pd
import pytest
from dashboards.speaking import en

from talus_dashboards.pages.person import adherence_lines
from talus_dashboards.summary import adherence, elapsed_minutes

START = date(2026, 11, 1)


def days(*rows: tuple[str, float, float]) -> pd.DataFrame:
    """(status, worn hours, strides) of days from START on."""
    table = pd.DataFrame(rows, columns=["status", "worn_h", "strides"])
    return table.assign(day=[START + timedelta(days=n) for n in range(len(rows))], side="left")


def test_missing_days_widen_the_range_and_partial_days_are_in_neither_end() -> None:
    nan = float("nan")
    table = days(
        *[("valid", 8.0, 900)] * 6,
        ("valid", 10.0, 900),
        ("partial", 1.0, 9),
        ("missing", nan, nan),
        ("missing", nan, nan),
    )
    sums = adherence(table, START, START + timedelta(days=9), goal_h=8.0)
    assert (sums.days, sums.valid, sums.partial, sums.missing) == (10, 7, 1, 2)
    assert sums.assessable
    assert sums.high_h == pytest.approx(58 / 7) and sums.low_h == pytest.approx(58 / 9)
    assert sums.high_pct == pytest.approx(100) and sums.low_pct == pytest.approx(700 / 9)


def test_a_brace_in_a_cupboard_is_not_assessable() -> None:
    """Worn for a week, then silent: the days after the last record count, though the store has no row for them."""
    sums = adherence(days(*[("valid", 9.0, 900)] * 7), START, START + timedelta(days=27), goal_h=8.0)
    assert (sums.days, sums.valid, sums.missing) == (28, 7, 21)
    assert not sums.assessable


def test_days_not_worn_and_days_with_too_little_walking_are_counted() -> None:
    sums = adherence(
        days(("valid", 0.0, 0), ("valid", 5.0, 49), ("valid", 5.0, 50)), START, START + timedelta(days=2), 8.0
    )
    assert (sums.zero_days, sums.thin_days) == (1, 1)


def test_days_before_the_brace_came_do_not_count() -> None:
    sums = adherence(days(("valid", 8.0, 900)), START - timedelta(days=30), START, 8.0)
    assert sums.days == 1


def test_paused_days_are_in_no_count() -> None:
    """Eight hours on each of two known days; the paused one between neither lowers the range nor counts."""
    rows = (("valid", 8.0, 900), ("paused", float("nan"), float("nan")), ("valid", 8.0, 900))
    sums = adherence(days(*rows), START, START + timedelta(days=2), 8.0)
    assert (sums.days, sums.valid, sums.missing, sums.low_h, sums.high_h) == (2, 2, 0, 8.0, 8.0)


def test_a_goal_is_not_called_a_prescription() -> None:
    """What was prescribed has dates and kinds and is judged by `talus change`; the page knows the goal alone."""
    for goal_h in (9.0, float("nan")):
        said = adherence_lines(adherence(days(("valid", 8.0, 900)), START, START, goal_h), goal_h, en)
        assert "goal" in said[0].lower() and not any("prescri" in line.lower() for line in said)


def test_without_a_prescription_there_is_no_share() -> None:
    sums = adherence(days(("valid", 8.0, 900)), START, START, float("nan"))
    assert sums.high_h == 8.0 and pd.isna(sums.high_pct) and pd.isna(sums.low_pct)


@pytest.mark.parametrize(
    ("day", "total", "hour", "minutes"),
    [
        (date(2026, 3, 29), 23 * 60, 2, 0),  # the clocks go forward: there is no 02:00
        (date(2026, 10, 25), 25 * 60, 2, 120),  # they go back: there are two
        (date(2026, 11, 20), 24 * 60, 2, 60),
    ],
)
def test_days_of_23_24_and_25_hours(day: date, total: int, hour: int, minutes: int) -> None:
    elapsed = elapsed_minutes(day, "Europe/Berlin", datetime(2027, 1, 1, tzinfo=UTC))
    assert sum(elapsed) == total and elapsed[hour] == minutes


def test_the_running_hour_is_cut_at_now() -> None:
    elapsed = elapsed_minutes(date(2026, 11, 20), "Europe/Berlin", datetime(2026, 11, 20, 14, 32, 30, tzinfo=UTC))
    assert elapsed[14] == 60 and elapsed[15] == 32.5 and elapsed[16] == 0
