"""What is derived from the day view when it is asked for: why a measure is missing, and what needs a person's mass."""

import numpy as np
import pandas as pd
from sqlalchemy import Connection, select

from talus_host import words
from talus_host.metrics.assist_ratio import assist_ratio
from talus_host.metrics.needed import missing
from talus_host.metrics.parts_by_day import parts_by_day
from talus_host.metrics.residual import residual_dorsiflexor
from talus_host.store import load, people, raw, read, schema
from talus_host.store.read import Day, moments


def not_measured(connection: Connection, person: int, start: Day = None, end: Day = None) -> pd.DataFrame:
    """side, day, measure, why: one row per measure of metrics.needed that a day lacks."""
    days = read.days(connection, person, start, end)
    calendar = load.calendar_of(connection, person)
    numbers = days["day"].to_numpy().astype("datetime64[D]").astype(np.int64)
    spans = [calendar.span(day) for day in numbers.tolist()]
    for at, name in enumerate(("start_utc", "end_utc")):
        days[name] = moments(pd.Series([None if s is None else s[at] for s in spans], dtype="Int64"))
    b = schema.brace.c
    braces = connection.execute(select(b.device, b.side).where(b.person == person).order_by(b.side, b.device)).all()
    told = [raw.health(connection, row.device).assign(side=row.side) for row in braces]
    starts = raw.records(connection, person, "boot").rename(columns={"start_utc": "utc"})
    if not told:
        return missing(days, pd.DataFrame(columns=["side", "day", "sensor", "state", "reason"]))
    health = pd.concat(told, ignore_index=True)
    parts = parts_by_day(health, starts, days)
    parts["reason"] = [words.REASONS.get(reason, reason) for reason in parts["reason"]]
    return missing(days, parts)


def assist_ratios(connection: Connection, person: int, start: Day = None, end: Day = None) -> pd.DataFrame:
    """side, day, assist_ratio, assist_ratio_low, assist_ratio_high; NaN without the person's mass."""
    days = read.days(connection, person, start, end)
    return days[["side", "day"]].join(assist_ratio(days["moment_swing_nm"], mass_kg=_mass_kg(connection, person)))


def exploratory(connection: Connection, person: int, start: Day = None, end: Day = None) -> pd.DataFrame:
    """side, day, exploratory_residual_nm with its bounds; NaN without the person's mass. Research only."""
    days = read.days(connection, person, start, end)
    return residual_dorsiflexor(days, mass_kg=_mass_kg(connection, person))


def _mass_kg(connection: Connection, person: int) -> float:
    mass_kg = people.person_row(connection, person).mass_kg
    return float("nan") if mass_kg is None else float(mass_kg)
