"""The two legs of one person side by side: their strides with how well each moment is known."""

import numpy as np
import pandas as pd
from sqlalchemy import Connection

from talus_host.metrics import both_legs, walking
from talus_host.metrics.by_day import steady
from talus_host.store import load, people, raw, withheld
from talus_host.store.read import Day


def step_times(connection: Connection, person: int, start: Day = None, end: Day = None) -> pd.DataFrame:
    """See metrics.both_legs.step_time_asymmetry; day is a civil date."""
    people.person_row(connection, person)
    left, right = (_strides(connection, person, side, start, end) for side in ("left", "right"))
    found = both_legs.step_time_asymmetry(left, right).reset_index()
    found["day"] = found["day"].to_numpy(np.int64).astype("datetime64[D]").astype("datetime64[s]")
    return found


def _strides(connection: Connection, person: int, side: str, start: Day, end: Day) -> pd.DataFrame:
    calendar = load.calendar_of(connection, person)
    sources = load.sources_of(connection, load.devices_of(connection, person, side))
    rows = load.placed(connection, sources, *raw.bounds(calendar, start, end), ["stride"]).of("stride")
    rows = rows.only(~withheld.touched(withheld.spans(connection, person), rows.utc_ms, rows.utc_ms))
    found = load.strides_of(rows)
    found["uncertainty_ms"] = np.nan
    for index, source in enumerate(sources):
        mine = rows.source == index
        at = source.placement.at(rows.utc_ms[mine])
        found.loc[mine, "uncertainty_ms"] = source.placement.uncertainty(at)
    found["day"] = calendar.day(rows.utc_ms)
    found["inside"] = True
    return steady(found.join(walking.bouts(found)))
