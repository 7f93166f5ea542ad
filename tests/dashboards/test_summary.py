"""How long local days are, by the tables of time zones."""

from datetime import UTC, date, datetime

import pytest

from talus_dashboards.summary import elapsed_minutes


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
