"""What followed each long pressure, and the prompts of each day: gathered when asked for, from records as they are."""

import numpy as np
import pandas as pd
from sqlalchemy import Connection

from talus_host.metrics.pressure_response import pressure_responses, prompts_by_day
from talus_host.store import raw, read
from talus_host.store.read import Day

PROMPTS = ("pressure_amber", "pressure_red")


def responses(connection: Connection, person: int, start: Day = None, end: Day = None) -> pd.DataFrame:
    """The events of read.pressure_events with metrics.pressure_response.COLUMNS beside them."""
    events = read.pressure_events(connection, person, start, end)
    if events.empty:
        return events.join(pressure_responses(_timed(events), events, events.assign(utc_ms=[]), np.array([])))
    until = None if end is None else str((pd.Timestamp(end) + pd.Timedelta(days=2)).date())  # what follows may be later
    minutes = _at(raw.minutes(connection, person, start, until))
    prompts = _prompts(connection, person, start, until)
    wear = _at(raw.records(connection, person, "wear", start, until))
    parts = []
    for side, mine in events.groupby("side", sort=False):
        told = prompts[prompts["side"] == side]
        off = wear[(wear["side"] == side) & (wear["worn"] == "not_worn")]
        off_ms = (off["utc_ms"] - 1000 * off["edge_back_s"].fillna(0)).to_numpy(np.float64)
        parts.append(pressure_responses(_timed(mine), minutes[minutes["side"] == side], told, off_ms))
    return events.join(pd.concat(parts))


def prompts(connection: Connection, person: int, start: Day = None, end: Day = None) -> pd.DataFrame:
    """day, felt, silenced, review: the pressure prompts of each day that had one, both legs together."""
    return prompts_by_day(_prompts(connection, person, start, end))


def _prompts(connection: Connection, person: int, start: Day, end: Day) -> pd.DataFrame:
    found = _at(raw.records(connection, person, "prompt", start, end))
    return found[found["what"].isin(PROMPTS)]


def _at(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.assign(utc_ms=_ms(frame["start_utc"]))


def _timed(events: pd.DataFrame) -> pd.DataFrame:
    return events.assign(start_ms=_ms(events["start_utc"]), end_ms=_ms(events["end_utc"]))


def _ms(moments: pd.Series) -> np.ndarray:
    """UTC milliseconds, NaN for no moment."""
    utc = pd.to_datetime(moments, utc=True)
    return np.where(utc.isna(), np.nan, utc.astype("datetime64[ms, UTC]").astype(np.int64)).astype(np.float64)
