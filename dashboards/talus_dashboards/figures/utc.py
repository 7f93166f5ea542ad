"""What the device's figures share: an axis of UTC days, and how a UTC moment is said. Plotly is handed UTC as it is."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import pandas as pd

from talus_dashboards.figures.drawing import room_for, some_days
from talus_dashboards.words import Words

MARGIN = {"l": 52, "r": 10, "t": 8, "b": 36}


def wide_margin(names: Sequence[str]) -> dict[str, int]:
    """The margins where these words stand at the left."""
    return MARGIN | {"l": room_for(names)}


def moment(value: Any, words: Words) -> str:
    """A UTC moment as tables name it, to the minute; one that is not known says so."""
    if pd.isna(value):
        return str(words.NOT_KNOWN)
    at = pd.Timestamp(value)
    return f"{words.day_row(at.date())} {words.clock(at)}"


def seconds(ms: float, words: Words) -> str:
    """A length of time in the unit it reads best in; one that is not known says so."""
    if pd.isna(ms):
        return str(words.NOT_KNOWN)
    return f"{words.number(ms)} ms" if ms < 1000 else f"{words.number(ms / 1000, 1)} s"


def drawn(value: Any) -> str | None:
    """A UTC moment for plotly, which would move one that names its zone to the browser's."""
    return None if pd.isna(value) else pd.Timestamp(value).strftime("%Y-%m-%d %H:%M:%S")


def at_day(day: date, hour: int = 0) -> str:
    return f"{day.isoformat()} {hour:02d}:00"


def midnight(day: date) -> pd.Timestamp:
    return pd.Timestamp(datetime(day.year, day.month, day.day), tz="UTC")


def axis(first: date, behind: date, words: Words, most: int = 4) -> dict[str, Any]:
    """Days [first, behind), at most so many of them named."""
    days = some_days(first, behind, most)
    named = {"tickvals": [at_day(day, 12) for day in days], "ticktext": [words.day_short(day) for day in days]}
    return {"type": "date", "range": [at_day(first), at_day(behind)], "tickangle": 0, **named}


def within(table: pd.DataFrame, column: str, first: date, behind: date) -> pd.DataFrame:
    """Rows whose moment lies on the days [first, behind)."""
    at = table[column]
    return table[(at >= midnight(first)) & (at < midnight(behind))]
