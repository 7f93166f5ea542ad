"""What a person may be told of their own walking: three figures, their weeks, what is usual, and what may be claimed.

Walking minutes, longest walk and heel-first steps, no speed and no degrees (clinical reference 0.4.8). Verdicts are
those of `changed`; a figure nobody chose to judge has none.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from sqlalchemy import Connection

from talus_host.metrics import first_hour, weekly
from talus_host.metrics.baseline import BASELINE_DAYS, BASELINE_LEAST
from talus_host.metrics.weekly import day_number
from talus_host.store import changes, people, read
from talus_host.store.read import Day, iso

OWN = ("walking_min", "longest_walk_min", "heel_first_pct")
NOT_JUDGED = "not_judged"
VERDICTS = ("side", "measure", "verdict", "since", "tell_on", "baseline", "latest", "days")
USUAL = ("side", "measure", "low", "median", "high", "days")


@dataclass(frozen=True)
class Progress:
    """verdicts: VERDICTS, a row per leg and figure of OWN, of the leg's newest segment. usual: USUAL, the middle half
    of the days of its baseline (NaN: fewer than 14 measured). weeks: of metrics.weekly. first_hour: of
    metrics.first_hour."""

    verdicts: pd.DataFrame
    usual: pd.DataFrame
    weeks: pd.DataFrame
    first_hour: pd.DataFrame


def progress(connection: Connection, person: int, today: Day) -> Progress:
    """As it could be said on `today`, a day of the person's calendar that still runs."""
    people.person_row(connection, person)
    now = iso(today, "today")
    assert now is not None
    found = changes.changed(connection, person, now)
    days = changes.classed_days(connection, person, now)
    before = days[(days["day"] < pd.Timestamp(now)).to_numpy()].reset_index(drop=True)
    newest = found.segments.groupby("side", sort=True).tail(1)
    pressed = read.pressure_days(connection, person, None, now)
    return Progress(
        _verdicts(found.verdicts, newest),
        _usual(before, newest),
        weekly.weekly(before, OWN),
        first_hour.first_hour(pressed, found.segments, today=now),
    )


def _verdicts(verdicts: pd.DataFrame, newest: pd.DataFrame) -> pd.DataFrame:
    asked = newest[["side", "segment"]].merge(pd.DataFrame({"measure": list(OWN)}), how="cross")
    found = asked.merge(verdicts, on=["side", "segment", "measure"], how="left")
    found["verdict"] = found["verdict"].fillna(NOT_JUDGED)
    return found[list(VERDICTS)]


def _usual(days: pd.DataFrame, newest: pd.DataFrame) -> pd.DataFrame:
    rows = []
    for segment in newest.to_dict("records"):
        first, last = (day_number(pd.Series([segment["start"]]))[0] + day - 1 for day in BASELINE_DAYS)
        number = day_number(days["day"])
        mine = (days["side"] == segment["side"]).to_numpy() & (days["day_class"] == "gait").to_numpy()
        mine &= (number >= first) & (number <= last)
        for measure in OWN:
            values = days.loc[mine, measure].dropna().to_numpy(np.float64)
            enough = len(values) >= BASELINE_LEAST
            low, middle, high = np.percentile(values, (25, 50, 75)).tolist() if enough else [np.nan] * 3
            rows.append((segment["side"], measure, low, middle, high, len(values)))
    return pd.DataFrame(rows, columns=list(USUAL))
