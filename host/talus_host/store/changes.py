"""All that change over weeks is judged by, of one person, in one picture: views in, through the metrics, tables out."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from sqlalchemy import Connection

from talus_host.metrics import adherence, flags, matched, segments, weekly
from talus_host.metrics.baseline import BASELINE_DAYS
from talus_host.metrics.change import Headline, change
from talus_host.metrics.civil import Calendar
from talus_host.metrics.weekly import number_of
from talus_host.store import (
    brace_changes,
    headlines,
    load,
    people,
    prescriptions,
    raw,
    read,
    schema,
    tellings,
    thresholds,
    withheld,
)
from talus_host.store.read import Day, iso

PERIOD_DAYS = 28  # of which adherence is told, unless asked otherwise


@dataclass(frozen=True)
class Changed:
    """Tables of the metrics of these names, and what they stand on: `today` (ISO) and the headlines judged."""

    today: str
    headlines: list[Headline]
    verdicts: pd.DataFrame
    looks: pd.DataFrame
    segments: pd.DataFrame
    changes: pd.DataFrame
    adjustments: pd.DataFrame
    flags: pd.DataFrame
    weeks: pd.DataFrame
    adherence: pd.DataFrame
    habits: pd.DataFrame


def changed(connection: Connection, person: int, today: Day, period_days: int = PERIOD_DAYS) -> Changed:
    """Everything as it could be said on `today` (a day of the person's calendar, still running).

    Adherence and habits are those of the last `period_days` whole days; a day planned without the brace is none of
    them. Raises InputError.
    """
    people.person_row(connection, person)
    now = iso(today, "today")
    assert now is not None
    calendar = load.calendar_of(connection, person)
    chosen = headlines.chosen(connection, person)
    days = _days(connection, person, now, calendar)
    known = _changes(connection, person)
    known = known[(known["day"] <= pd.Timestamp(now)).to_numpy(bool)].reset_index(drop=True)
    stretches = segments.segments(days, known)
    at_cadence = _matched(connection, person, days, stretches, [one.measure for one in chosen])
    verdicts, looks = change(stretches, days, today=now, headlines=chosen, matched=at_cadence)
    names = tuple(one.measure for one in chosen if one.measure in days)
    before = days[(days["day"] < pd.Timestamp(now)).to_numpy()]
    off = tellings.days_off(connection, person)
    period = _period(before[~before["day"].isin(off).to_numpy(bool)], now, period_days)
    worn, habits = _adherence(connection, person, period)
    raised = _flags(connection, person, stretches, _without(days, off), now)
    return Changed(
        now, chosen, verdicts, looks, stretches, known, segments.adjustments(before, known, names), raised,
        weekly.weekly(before, names), worn, habits,
    )  # fmt: skip


def classed_days(connection: Connection, person: int, today: Day) -> pd.DataFrame:
    """The days that speak and those that do not: read.days to today, those without a record too, with day_class."""
    now = iso(today, "today")
    assert now is not None
    return _days(connection, person, now, load.calendar_of(connection, person))


def days_and_changes(connection: Connection, person: int, today: Day) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The same, and every change there ever was: what comparisons of one's own choice stand on."""
    return classed_days(connection, person, today), _changes(connection, person)


def _days(connection: Connection, person: int, now: str, calendar: Calendar) -> pd.DataFrame:
    """Every day of each leg from its first to today, with its class; days behind the last record are missing."""
    days = read.days(connection, person, None, str(np.datetime64(now, "D") + 1))
    legs = []
    for side, leg in days.groupby("side", sort=True):
        behind = pd.date_range(leg["day"].max(), pd.Timestamp(now), freq="D", unit="s")[1:]
        hours = [sum(b - a for a, b in calendar.pieces(number_of(day))) / 3_600_000 for day in behind]
        missing = pd.DataFrame({"side": side, "day": behind, "status": "missing", "coverage": 0.0})
        missing["unknown_h"] = missing["day_h"] = np.array(hours, dtype=np.float64)
        missing = missing[missing["day_h"].to_numpy() > 0]
        legs.append(pd.concat([leg, missing], ignore_index=True) if len(missing) else leg)
    whole = pd.concat(legs, ignore_index=True) if legs else days
    whole = withheld.mask_days(connection, person, whole, calendar)
    return whole.assign(day_class=weekly.day_class(whole))


def _changes(connection: Connection, person: int) -> pd.DataFrame:
    """The diary, and what the brace's own records say of calibration, settings and program."""
    settings = raw.records(connection, person, "settings")
    boots = raw.records(connection, person, "boot")
    numbers = boots[["major", "minor", "patch"]].to_numpy(np.float64).tolist()
    version = [None if np.isnan(row).any() else "{:.0f}.{:.0f}.{:.0f}".format(*row) for row in numbers]
    boots["version"] = pd.Series(version, index=boots.index, dtype=object)
    return segments.changes(brace_changes.every(connection, person), settings, boots)


def _matched(
    connection: Connection, person: int, days: pd.DataFrame, stretches: pd.DataFrame, names: list[str]
) -> dict[tuple[str, int, str], pd.DataFrame]:
    """Each segment's figures at the cadence of its own baseline."""
    names = [name for name in names if name in matched.BAND_MEASURES]
    table = read.cadence_bands(connection, person) if names else pd.DataFrame()
    first, end = BASELINE_DAYS
    found = {}
    for one in stretches.to_dict("records") if names else []:
        leg = days[(days["side"] == one["side"]).to_numpy()]
        low, high = (one["start"] + pd.Timedelta(days=day - 1) for day in (first, end))
        cadence = matched.usual_cadence(leg, low, high)
        mine = table[(table["side"] == one["side"]).to_numpy()]
        for name in names:
            found[(one["side"], one["segment"], name)] = matched.matched(mine, name, cadence)
    return found


def _without(days: pd.DataFrame, off: pd.Series) -> pd.DataFrame:
    """Days planned without the brace say nothing of how it is worn: their status is neither valid nor missing."""
    planned = days["day"].isin(off).to_numpy(bool) & ~(days["worn_h"] > 0).to_numpy(bool)
    return days.assign(status=days["status"].where(~planned, "day_off"))


def _period(before: pd.DataFrame, now: str, period_days: int) -> pd.DataFrame:
    """The last whole days, without the one a leg's brace was first put on."""
    first = before.groupby("side")["day"].transform("min")
    low = pd.Timestamp(np.datetime64(now, "D") - period_days)
    return before[((before["day"] >= low) & (before["day"] > first)).to_numpy()].reset_index(drop=True)


def _adherence(connection: Connection, person: int, period: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    given = prescriptions.every(connection, person)
    start = None if period.empty else str(period["day"].min().date())
    hours = read.hours(connection, person, start)
    hours = hours.merge(period[["side", "day"]], on=["side", "day"])
    bouts = read.wear_bouts(connection, person, start)
    calendar = load.calendar_of(connection, person)
    began = bouts["start_utc"].astype("int64").to_numpy()
    bouts["day"] = calendar.day(began).astype("datetime64[D]").astype("datetime64[s]")
    return adherence.adherence(period, given), adherence.habits(period, hours, bouts)


def _flags(connection: Connection, person: int, stretches: pd.DataFrame, days: pd.DataFrame, now: str) -> pd.DataFrame:
    pressed = read.pressure_days(connection, person)
    fibular = pressed[(pressed["site"] == "fibular_head").to_numpy(bool)]
    minutes = fibular.groupby(["side", "day"])["measured_min"].sum().rename("fibular_measured_min")
    table = days.merge(minutes.reset_index(), on=["side", "day"], how="left")
    events = read.pressure_events(connection, person, None, str(np.datetime64(now, "D") + 1))
    calendar = load.calendar_of(connection, person)
    began = events["start_utc"].astype("int64").to_numpy()
    events["day"] = calendar.day(began).astype("datetime64[D]").astype("datetime64[s]")
    stale_days = round(thresholds.of_people(connection, [person]).loc[person, "no_data_days"])
    doubts = _doubts(connection, person, calendar)
    told = tellings.every(connection, person, str(np.datetime64(now, "D") + 1 - flags.SHOWN_DAYS))
    return flags.flags(stretches, table, events, doubts, today=now, stale_days=stale_days, told=told)


def _doubts(connection: Connection, person: int, calendar: Calendar) -> pd.DataFrame:
    """side, sensor, first, last: days a part of a brace was not well; last NaT: it still is not."""
    rows = []
    for brace in read.braces(connection, person).to_dict("records"):
        health = raw.health(connection, schema.id_of(brace["device"]))
        health = health[health["utc"].notna()]
        day = calendar.day(health["utc"].astype("int64").to_numpy()).astype("datetime64[D]").astype("datetime64[s]")
        for (sensor, _), told in health.assign(day=day).groupby(["sensor", "channel"], observed=True):
            told = told.sort_values(["utc", "sequence"])
            until = [*told["day"].tolist()[1:], pd.NaT]
            for state, first, last in zip(told["state"], told["day"], until, strict=True):
                if state not in ("ok", "absent"):
                    rows.append((brace["side"], str(sensor), first, last))
    return pd.DataFrame(rows, columns=["side", "sensor", "first", "last"])
