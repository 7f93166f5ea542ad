"""Civil days against Python's own clock, minute by minute: 23 and 25 hours, lost midnights, odd zones, journeys."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from host.made_records import utc_ms

from talus_host.metrics.civil import Calendar

MINUTE = 60_000


def day_number(text: str) -> int:
    return (date.fromisoformat(text) - date(1970, 1, 1)).days


def wall(utc: int, zone: str) -> datetime:
    return datetime.fromtimestamp(utc / 1000, UTC).astimezone(ZoneInfo(zone))


# (zone, a day whose clock does something, hours it has)
DAYS = (
    ("Europe/Berlin", "2026-03-29", 23),
    ("Europe/Berlin", "2026-10-25", 25),
    ("Europe/Berlin", "2026-07-01", 24),
    ("America/New_York", "2026-03-08", 23),
    ("America/New_York", "2026-11-01", 25),
    ("Africa/Cairo", "2026-04-24", 23),  # midnight itself does not exist
    ("America/Santiago", "2026-09-06", 23),  # nor here
    ("America/Santiago", "2026-04-04", 25),  # the hour before midnight comes twice
    ("Asia/Kolkata", "2026-05-05", 24),
    ("Australia/Lord_Howe", "2026-04-05", 24.5),
    ("Asia/Kathmandu", "2026-05-05", 24),
)


@pytest.mark.parametrize(("zone", "day", "hours"), DAYS)
def test_a_day_has_the_minutes_its_clock_shows(zone: str, day: str, hours: float) -> None:
    number = day_number(day)
    calendar = Calendar([(0, zone)])
    noon = utc_ms(f"{day}T12:00:00", zone)
    minutes = [t for t in range(noon - 30 * 60 * MINUTE, noon + 30 * 60 * MINUTE, MINUTE) if
               wall(t, zone).date() == date.fromisoformat(day)]  # fmt: skip
    assert calendar.pieces(number) == [(minutes[0], minutes[-1] + MINUTE)]
    assert len(minutes) == hours * 60
    start, end, hour = calendar.slots(number)
    assert start[0] == minutes[0] and end[-1] == minutes[-1] + MINUTE
    assert (start[1:] == end[:-1]).all()
    shown = Counter(wall(t, zone).hour for t in minutes)
    per_hour = {h: int((end - start)[hour == h].sum()) // MINUTE for h in np.unique(hour).tolist()}
    assert per_hour == dict(shown)


def test_a_moment_has_the_date_its_clock_shows() -> None:
    calendar = Calendar([(0, "Europe/Berlin")])
    moments = np.arange(utc_ms("2026-03-28T20:00:00"), utc_ms("2026-03-30T04:00:00"), 7 * MINUTE)
    want = [day_number(wall(t, "Europe/Berlin").date().isoformat()) for t in moments.tolist()]
    assert calendar.day(moments).tolist() == want
    assert calendar.hour(moments).tolist() == [wall(t, "Europe/Berlin").hour for t in moments.tolist()]


def test_old_data_say_the_same_in_january_and_in_july() -> None:
    """Today's offset is nowhere used: only the zone and the moment count."""
    calendar = Calendar([(0, "Europe/Berlin")])
    winter, summer = utc_ms("2026-01-15T23:30:00"), utc_ms("2026-07-15T22:30:00")
    assert calendar.day(np.array([winter])).tolist() == [day_number("2026-01-16")]
    assert calendar.day(np.array([summer])).tolist() == [day_number("2026-07-16")]


# (what, first zone, next zone, moment of the change in UTC)
JOURNEYS = (
    ("west", "Europe/Berlin", "America/New_York", "2026-05-10T12:00:00"),
    ("east", "Europe/Berlin", "Asia/Tokyo", "2026-05-10T12:00:00"),
    ("west after midnight: the date goes back", "Europe/Berlin", "America/New_York", "2026-05-10T23:30:00"),
    ("east over the date line: a date is skipped", "Pacific/Honolulu", "Pacific/Kiritimati", "2026-05-10T11:00:00"),
)


@pytest.mark.parametrize(("what", "before", "after", "moment"), JOURNEYS)
def test_a_journey_makes_long_and_short_days(what: str, before: str, after: str, moment: str) -> None:
    change = utc_ms(moment)
    calendar = Calendar([(0, before), (change, after)])
    span = range(change - 72 * 60 * MINUTE, change + 72 * 60 * MINUTE, MINUTE)
    shown = Counter(wall(t, before if t < change else after).date() for t in span)
    first = wall(span[0], before).date()
    for day in (first + timedelta(days=n) for n in range(1, 5)):  # whole days within the span
        pieces = calendar.pieces(day_number(day.isoformat()))
        assert sum(stop - begin for begin, stop in pieces) // MINUTE == shown.get(day, 0), (what, day)
        assert (calendar.span(day_number(day.isoformat())) is None) == (shown.get(day, 0) == 0)


# The clock jumps at 02:00, 03:00, or back over 02:00 to 03:00: a day that begins at 2 or 4 begins once all the same.
BEGINNINGS = [
    (zone, day, begins_h)
    for zone, day in (
        ("Europe/Berlin", "2026-03-28"),
        ("Europe/Berlin", "2026-03-29"),
        ("Europe/Berlin", "2026-10-24"),
        ("Europe/Berlin", "2026-10-25"),
        ("America/New_York", "2026-03-08"),
        ("Asia/Kathmandu", "2026-05-05"),
    )
    for begins_h in (2, 4)
]


@pytest.mark.parametrize(("zone", "day", "begins_h"), BEGINNINGS)
def test_a_day_may_begin_in_the_small_hours(zone: str, day: str, begins_h: int) -> None:
    """It begins where the wall first shows that hour or a later one, and tiles time with its neighbours."""
    number = day_number(day)
    calendar = Calendar([(0, zone)], begins_h=begins_h)
    (start, end), (after, _) = calendar.pieces(number)[0], calendar.pieces(number + 1)[0]
    assert end == after
    here = date.fromisoformat(day)
    shown = range(utc_ms(f"{day}T00:00:00", zone), utc_ms(f"{day}T12:00:00", zone), MINUTE)
    assert start == next(t for t in shown if wall(t, zone).date() == here and wall(t, zone).hour >= begins_h)
    assert calendar.day(np.array([start - MINUTE, start, end - MINUTE, end])).tolist() == [
        number - 1, number, number, number + 1,
    ]  # fmt: skip
    first, last, _ = calendar.slots(number)
    assert (first[0], last[-1]) == (start, end) and (first[1:] == last[:-1]).all()


@pytest.mark.parametrize("begins_h", [-1, 7])
def test_a_day_does_not_begin_at_noon(begins_h: int) -> None:
    with pytest.raises(ValueError, match="0 to 6"):
        Calendar([(0, "UTC")], begins_h=begins_h)


def test_a_flight_over_nine_zones_makes_one_long_and_one_short_day() -> None:
    """Los Angeles is nine hours behind Berlin: 33 hours of one date going west, 15 coming back."""
    west, east = utc_ms("2026-05-10T10:00:00"), utc_ms("2026-05-20T10:00:00")
    calendar = Calendar([(0, "Europe/Berlin"), (west, "America/Los_Angeles"), (east, "Europe/Berlin")])
    hours = {day: sum(b - a for a, b in calendar.pieces(day_number(day))) / (60 * MINUTE) for day in
             ("2026-05-09", "2026-05-10", "2026-05-11", "2026-05-19", "2026-05-20", "2026-05-21")}  # fmt: skip
    assert list(hours.values()) == [24, 33, 24, 24, 15, 24]


def test_a_calendar_needs_a_zone() -> None:
    with pytest.raises(ValueError, match="no zone"):
        Calendar([])
