"""What a report says, before any of it is a word or a line: tables in, one small picture out. Pure.

Unknown is NaN or a state of its own, never 0. No figure here claims a change: verdicts come as the metrics gave them.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from talus_dashboards.figures import pressure
from talus_dashboards.figures.curves import ZERO_NM
from talus_dashboards.figures.measures import MEASURES
from talus_dashboards.report import wear
from talus_dashboards.report.asked import MECHANICS, Asked

ASSIST = ("moment_swing_nm", "assist_impulse_nms")
SIDES = ("left", "right", "unknown")
DAY_OFF = "day_off"  # told: a day that was planned without the brace
GAP_H = 2.0  # unknown hours of a day that are worth a line
Row = dict[str, Any]


@dataclass(frozen=True)
class Site:
    """One pressure site: events by hour of the day they began in and tier, minutes (NaN: not measurable), hours."""

    site: str
    channel: int
    amber: tuple[int, ...]
    red: tuple[int, ...]
    still_open: int
    minutes_amber: float
    minutes_red: float
    measured_h: float


@dataclass(frozen=True)
class Leg:
    """One leg's period. adherence: the metric's own row, None where no day counts yet."""

    side: str
    prescriptions: list[Row]
    adherence: Row | None
    split: dict[str, float]
    zero_days: int  # known, and not worn at all
    off_days: int
    paused_days: int
    profile: pd.DataFrame
    strips: list[wear.Strip]
    gait: list[Row]  # side, measure, before, before_days, now, now_days, difference, needed and, if judged, verdict
    mechanics: list[Row]
    ratio: tuple[float, float, float]  # how much of the foot the brace carries: middle, low, high
    sites: list[Site]
    gaps: list[tuple[date, float]]  # days with their hours of no data or sensor fault

    @property
    def coverage(self) -> float:
        """Share of the hours that are known, of those that were not paused."""
        asked = sum(self.split.values()) - self.split["paused"]
        return 1 - sum(self.split[name] for name in wear.UNKNOWN) / asked if asked > 0 else float("nan")


@dataclass(frozen=True)
class Facts:
    """The whole report. Tables keep the reader's columns, cut to the period."""

    asked: Asked
    legs: list[Leg]
    flags: list[Row]
    told: list[Row]
    changes: list[Row]
    adjustments: list[Row]
    notes: list[Row]
    walks: list[Row]
    faults: list[Row]
    standing: list[Row]

    @property
    def empty(self) -> bool:
        """Nothing was recorded of any day of the period."""
        return not any(leg.strips or leg.sites for leg in self.legs)


def facts(asked: Asked) -> Facts:
    """Work everything out."""
    there = set(asked.braces["side"]) | set(asked.days["side"])
    changed = asked.changed
    low, high = pd.Timestamp(asked.first), pd.Timestamp(asked.last)
    changes = changed.changes[(changed.changes["day"] >= low) & (changed.changes["day"] <= high)]
    adjustments = changed.adjustments[(changed.adjustments["day"] <= high)]
    notes = asked.notes[(asked.notes["first_day"] <= high) & (asked.notes["last_day"] >= low)]
    return Facts(
        asked=asked,
        legs=[_leg(asked, side) for side in SIDES if side in there],
        flags=_rows(changed.flags[changed.flags["state"] == "raised"]),
        told=_local(asked.told, "at_utc", asked),
        changes=_rows(changes),
        adjustments=_rows(adjustments.sort_values("day", ascending=False)),
        notes=_rows(notes),
        walks=_local(asked.walked, "at_utc", asked),
        faults=_rows(asked.faults),
        standing=[row for row in _rows(asked.standing) if _held(row, asked)],
    )


def _rows(table: pd.DataFrame) -> list[Row]:
    return [{str(name): value for name, value in row.items()} for row in table.to_dict("records")]


def _local(table: pd.DataFrame, column: str, asked: Asked) -> list[Row]:
    """Rows of the period, with `at` local, the newest first."""
    if table.empty:
        return []
    at = pd.to_datetime(table[column], utc=True).dt.tz_convert(ZoneInfo(asked.zone))
    table = table.assign(at=at)[(at.dt.date >= asked.first) & (at.dt.date <= asked.last)]
    return _rows(table.sort_values("at", ascending=False, kind="stable"))


def _held(row: Row, asked: Asked) -> bool:
    """Was this in force on any day of the period?"""
    mine = asked.standing[asked.standing["device"] == row["device"]]
    later = mine["from_day"][(mine["from_day"] > row["from_day"]) & (mine["from_day"] <= pd.Timestamp(asked.first))]
    return bool(later.empty)


def _of(table: pd.DataFrame, side: str) -> pd.DataFrame:
    return table[table["side"] == side]


def _leg(asked: Asked, side: str) -> Leg:
    told = asked.told[(asked.told["what"] == DAY_OFF) & asked.told["side"].isin(["", side])]
    off = pd.to_datetime(told["at_utc"], utc=True).dt.tz_convert(ZoneInfo(asked.zone)).dt.date if len(told) else ()
    days = wear.laid(_of(asked.days, side), asked.first, asked.last, asked.zone, off=off, pauses=asked.pauses)
    bouts = _of(asked.bouts, side)
    fault = wear.spans(_of(asked.blind, side))
    met = _rows(_of(asked.changed.adherence, side)) if len(asked.changed.adherence) else []
    compared = {row["measure"]: row for row in _rows(_of(asked.compared, side))}
    return Leg(
        side=side,
        prescriptions=_prescribed(_of(asked.prescriptions, side), asked),
        adherence=met[0] if met else None,
        split=wear.split(days, fault),
        zero_days=sum(one.row is not None and one.row["status"] == "valid" and one.row["worn_h"] == 0 for one in days),
        off_days=sum(one.off for one in days),
        paused_days=sum(one.paused for one in days),
        profile=wear.profile(_of(asked.hours, side), days),
        strips=wear.strips(days, bouts, fault),
        gait=_gait(compared, _verdicts(asked.changed.verdicts, side)),
        mechanics=[compared[name] for name in (*ASSIST, *MECHANICS) if _seen(compared.get(name))],
        ratio=_ratio(_of(asked.ratios, side)),
        sites=_sites(_of(asked.pressure_days, side), _of(asked.events, side), asked.zone),
        gaps=_gaps(days),
    )


def _prescribed(given: pd.DataFrame, asked: Asked) -> list[Row]:
    """What was in force on the first day, and what was begun since."""
    rows = _rows(given[given["from_day"] <= pd.Timestamp(asked.last)].sort_values("from_day"))
    before = [row for row in rows if row["from_day"] <= pd.Timestamp(asked.first)]
    return [*before[-1:], *(row for row in rows if row["from_day"] > pd.Timestamp(asked.first))]


def _verdicts(table: pd.DataFrame, side: str) -> dict[str, Row]:
    """Of the segment that runs: a brace changed since is another brace."""
    mine = _of(table, side)
    return {row["measure"]: row for row in _rows(mine[mine["segment"] == mine["segment"].max()])}


def _seen(row: Row | None) -> bool:
    return row is not None and bool(row["before_days"] or row["now_days"])


def _gait(compared: dict[str, Row], verdicts: dict[str, Row]) -> list[Row]:
    """Judged figures first, then the others in the pages' order, but for the assist, which stands with the brace; what
    was never measured in either period is no row."""
    others = (one.column for one in MEASURES if one.column not in (*verdicts, *ASSIST))
    names = [*verdicts, *others]
    rows = [compared[name] | {"verdict": verdicts.get(name)} for name in names if name in compared]
    return [row for row in rows if row["verdict"] or _seen(row)]


def within_zero(row: Row) -> bool:
    """Whether a difference of the assist is no more than its bridge's zero can make."""
    return row["measure"].startswith("moment_") and abs(row["difference"]) <= ZERO_NM


def _ratio(ratios: pd.DataFrame) -> tuple[float, float, float]:
    names = ("assist_ratio", "assist_ratio_low", "assist_ratio_high")
    low, middle, high = (float(ratios[name].astype(float).median()) for name in (names[1], names[0], names[2]))
    return middle, low, high


def _sites(days: pd.DataFrame, events: pd.DataFrame, zone: str) -> list[Site]:
    found = []
    begun = pd.to_datetime(events["start_utc"], utc=True).dt.tz_convert(ZoneInfo(zone)).dt.hour
    rows = _rows(pressure.sites(days, events))
    seen = {(row["channel"], row["site"]) for row in rows}
    nothing = {"minutes_amber": np.nan, "minutes_red": np.nan, "measured_min": 0.0}
    for channel, site in sorted(set(zip(events["channel"], events["site"], strict=True)) - seen):
        rows.append({"channel": channel, "site": site} | nothing)  # an event is never left out for want of minutes
    for row in rows:
        mine = (events["channel"] == row["channel"]) & (events["site"] == row["site"])
        amber, red = (
            np.bincount(begun[mine & (events["tier"] == tier)].to_numpy(np.int64), minlength=24).tolist()
            for tier in ("amber", "red")
        )
        still_open = int((mine & events["end_utc"].isna()).sum())
        minutes = (row["minutes_amber"], row["minutes_red"], row["measured_min"] / 60)
        found.append(Site(row["site"], int(row["channel"]), tuple(amber), tuple(red), still_open, *minutes))
    return found


def _gaps(days: list[wear.Day]) -> list[tuple[date, float]]:
    found = []
    for one in days:
        hours = one.length_h if one.row is None else float(np.nan_to_num(one.figure("unknown_h")))
        if not one.paused and hours >= GAP_H:
            found.append((one.day, hours))
    return found
