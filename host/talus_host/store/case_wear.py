"""Wear of many people's last days, from the day view: which days can be used and how much of the prescribed was worn.

Days are counted as `changes` counts them: neither today nor a leg's first day, and a day without a record is missing.
A day that lay in a pause, was planned without the brace, or that a journey skipped is in no denominator. Of two legs
the worse one is told.
"""

from collections.abc import Collection, Mapping

import numpy as np
import pandas as pd
from sqlalchemy import Connection, Subquery, func, select

from talus_host.metrics.adherence import in_force
from talus_host.metrics.civil import Calendar
from talus_host.metrics.day_status import day_status
from talus_host.metrics.wear_ranges import met_ranges
from talus_host.metrics.weekly import day_number, number_of
from talus_host.store import bulk, schema, tellings

Pauses = Mapping[int, list[tuple[int, int]]]
WORST = ["person", "nothing", "assessable", "met_pct_low", "side"]  # of two legs the first in this order


def of_people(
    connection: Connection, today: pd.Series, calendars: Mapping[int, Calendar], pauses: Pauses, period_days: int
) -> pd.DataFrame:
    """Per person (the index of `today`, day numbers): has_brace, last_day (the leg's that is silent longest), side,
    days, days_valid, days_with_data, assessable, met_pct_low, met_pct_high, prescribed, and before_* of the period
    before."""
    legs = _legs(connection, today.index.tolist())
    people = legs["person"].to_numpy(np.int64)
    now = today.reindex(people).to_numpy(np.int64)
    number = now[:, None] - 2 * period_days + np.arange(2 * period_days)
    there = number > legs["first"].to_numpy(np.int64)[:, None]
    there &= ~_left_out(legs, number, calendars, pauses, tellings.days_off_of(connection, today.index.tolist()))
    days = _laid(connection, legs, number)
    given = _prescribed(connection, legs)
    wanted = in_force(np.repeat(np.arange(len(legs)), number.shape[1]), number.ravel(), given)
    target = wanted["target_h"].reshape(number.shape)
    kinds = (wanted["kind"] != "").reshape(number.shape)
    for prefix, part in (("", slice(period_days, None)), ("before_", slice(period_days))):
        found = met_ranges(days["worn_h"][:, part], days["valid"][:, part], there[:, part], target[:, part])
        for name, values in found._asdict().items():
            legs[prefix + name] = values
        legs[f"{prefix}days_with_data"] = (days["seen"] & there)[:, part].sum(1)
        legs[f"{prefix}prescribed"] = (kinds & there)[:, part].any(1)
    return _of_worst_leg(legs, today.index)


def _legs(connection: Connection, ids: Collection[int]) -> pd.DataFrame:
    """person, side, first (day number, far ahead: none) and last_day (with data) of every leg that has a brace."""
    d, leg = schema.day.c, _leg_of(ids)
    mine = (d.person == leg.c.person) & (d.side == leg.c.side)
    first = select(func.min(d.day)).where(mine).scalar_subquery()
    last = select(func.max(d.day)).where(mine).scalar_subquery()
    seen = select(d.day).where(mine, d.coverage > 0).order_by(d.day.desc()).limit(1).scalar_subquery()
    query = select(leg.c.person, leg.c.side, first.label("first"), last.label("last"), seen.label("seen"))
    found = bulk.fetch(connection, query.order_by(leg.c.person, leg.c.side))
    far = np.iinfo(np.int64).max
    for name in ("first", "last"):
        found[name] = np.array([far if day is None else number_of(day) for day in found[name]], dtype=np.int64)
    found["last_day"] = pd.to_datetime(found.pop("seen")).astype("datetime64[s]")
    return found


def _leg_of(ids: Collection[int]) -> Subquery:
    b = schema.brace.c
    return select(b.person, b.side).where(b.person.in_(ids)).distinct().subquery("leg")


def _laid(connection: Connection, legs: pd.DataFrame, number: np.ndarray) -> dict[str, np.ndarray]:
    """worn_h, valid and seen (there are data) per leg and day."""
    found = {"worn_h": np.full(number.shape, np.nan), "valid": np.zeros(number.shape, bool)}
    found["seen"] = found["valid"].copy()
    if not len(legs):
        return found
    d, leg = schema.day.c, _leg_of(legs["person"].unique().tolist())
    low = str(np.datetime64(int(number.min()), "D"))
    query = (
        select(d.person, d.side, d.day, d.worn_h, d.unknown_waking_h, d.coverage)
        .select_from(leg)
        .join(schema.day, (d.person == leg.c.person) & (d.side == leg.c.side))
        .where(d.day >= low)
    )
    rows = bulk.numbers(bulk.fetch(connection, query), ["worn_h", "unknown_waking_h", "coverage"])
    row = pd.MultiIndex.from_frame(legs[["person", "side"]]).get_indexer(
        pd.MultiIndex.from_frame(rows[["person", "side"]])
    )
    day = day_number(pd.Series(rows["day"].to_numpy("datetime64[D]")))
    edge = (day == legs["first"].to_numpy()[row]) | (day == legs["last"].to_numpy()[row])
    valid = (day_status(rows, trust_ends=True) == "valid").to_numpy() & ~edge
    at = day - number[row, 0]
    inside = (at >= 0) & (at < number.shape[1])
    place = (row[inside], at[inside])
    found["worn_h"][place] = rows["worn_h"].to_numpy(np.float64)[inside]
    found["valid"][place] = valid[inside]
    found["seen"][place] = (rows["coverage"].to_numpy(np.float64) > 0)[inside]
    return found


def _left_out(
    legs: pd.DataFrame,
    number: np.ndarray,
    calendars: Mapping[int, Calendar],
    pauses: Pauses,
    off: Mapping[int, list[int]],
) -> np.ndarray:
    """Days of a pause, days planned off (their moments), and days that a journey skipped, which only somebody with
    several zones has."""
    found = np.zeros(number.shape, dtype=bool)
    for at, person in enumerate(legs["person"].tolist()):
        calendar = calendars[person]
        for low, high in [*pauses.get(person, ()), *((one, one + 1) for one in off.get(person, ()))]:
            first, last = calendar.day(np.array([low, high - 1])).tolist()
            found[at] |= (number[at] >= first) & (number[at] <= last)
        if len(calendar.zones) > 1:
            found[at] |= [calendar.span(day) is None for day in number[at].tolist()]
    return found


def _prescribed(connection: Connection, legs: pd.DataFrame) -> pd.DataFrame:
    """What holds, as `adherence.in_force` wants it."""
    p = schema.prescription.c
    query = select(p.person, p.side, p.from_day, p.kind, p.hours, p.hours_max, p.hours_more)
    query = query.where(p.person.in_(legs["person"].unique().tolist()))
    rows = bulk.fetch(connection, query.order_by(p.person, p.side, p.from_day, p.entered_ms))
    rows = rows.drop_duplicates(["person", "side", "from_day"], keep="last")
    leg = pd.MultiIndex.from_frame(legs[["person", "side"]])
    rows["leg"] = leg.get_indexer(pd.MultiIndex.from_frame(rows[["person", "side"]]))
    rows["from_number"] = day_number(pd.Series(rows["from_day"].to_numpy("datetime64[D]")))
    return bulk.numbers(rows[rows["leg"] >= 0], ["hours", "hours_max", "hours_more"])


def _of_worst_leg(legs: pd.DataFrame, people: pd.Index) -> pd.DataFrame:
    silent = legs.groupby("person")["last_day"].min()
    legs = legs.assign(nothing=legs["days"] == 0).sort_values(WORST, na_position="last", kind="stable")
    worst = legs.drop_duplicates("person").set_index("person").drop(columns=["first", "last", "last_day", "nothing"])
    found = worst.reindex(people)
    found["has_brace"] = people.isin(worst.index)
    found["last_day"] = silent.reindex(people)
    for name in ("assessable", "prescribed"):
        for prefix in ("", "before_"):
            found[prefix + name] = found[prefix + name].eq(True)
    counts = [prefix + name for prefix in ("", "before_") for name in ("days", "days_valid", "days_with_data")]
    found[counts] = found[counts].fillna(0).astype(np.int64)
    return found
