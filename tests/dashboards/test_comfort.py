"""Pressure in words: what is still pressing is told however long ago it began, and with the day it began on."""

from datetime import timedelta

import pandas as pd
import pytest
from dashboards import made_tables as made

from talus_dashboards.pages import comfort
from talus_dashboards.words import LANGUAGES

WORDS = LANGUAGES["en"]


def told(tables: made.Tables) -> comfort.Comfort:
    return comfort.of_day(tables, tables.people().iloc[0], made.NOW.date(), made.NOW, WORDS)


def one_event(began: timedelta, lasted: timedelta | None) -> made.Tables:
    tables = made.wearer(weeks=4)
    start = pd.Timestamp(made.NOW) - began
    end = pd.NaT if lasted is None else start + lasted
    row = ["left", start, end, 1, "fibular_head", "amber", 4.1, 3.8, 0.5, 18.0]
    table = pd.DataFrame([row], columns=made.EVENT_COLUMNS)
    tables.events_table = table.assign(end_utc=pd.to_datetime(table["end_utc"], utc=True))
    return tables


@pytest.mark.parametrize("days", [0.02, 1, 3, 13])
def test_an_open_event_stands_on_top_however_long_ago_it_began(days: float) -> None:
    tables = one_event(timedelta(days=days), None)
    page = told(tables)
    assert page.open and page.notice is not None
    began = (pd.Timestamp(made.NOW) - timedelta(days=days)).tz_convert(made.ZONE)
    text = str(page.notice)
    assert WORDS.clock(began) in text
    if days >= 3:
        assert WORDS.when(began, pd.Timestamp(made.NOW).tz_convert(made.ZONE)) in text, (
            "a time without its day misleads"
        )


def test_an_event_that_ended_before_today_is_no_longer_told() -> None:
    page = told(one_event(timedelta(days=3), timedelta(minutes=40)))
    assert not page.open and page.notice is None
    assert WORDS.COMFORT_ADVICE not in str(page.lines)
