"""What a made wearer's weeks hold beside days and hours: bouts of wear, cadence bands, a diary, doubts, and verdicts.

Verdicts and flags are the host's own metrics over the made days, so that pages are shown what a store would say.
"""

from datetime import date, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from talus_host.metrics import adherence, flags, segments
from talus_host.metrics.change import HEADLINES, change
from talus_host.metrics.weekly import day_class

NAN = float("nan")
PRESCRIPTION = ["side", "from_day", "kind", "hours", "hours_max", "hours_more"]
MORE = {"shank_to_vertical_iqr_deg": 2.4, "possible_stumbles": 1.0, "trips": 0.0, "drags": 2.0, "scuffs": 3.0}
MORE |= {"stiffness_nm_deg": 1.9, "neutral_deg": 2.5}


def completed(days: pd.DataFrame) -> pd.DataFrame:
    """The days with the measures of MORE, where the brace walked; whoever has one keeps it."""
    walked = days["strides"].astype(float) > 0
    extra = {name: np.where(walked, value, NAN) for name, value in MORE.items() if name not in days}
    return days.assign(**extra)


def changed(days: pd.DataFrame, events: pd.DataFrame, given: pd.DataFrame, diary: pd.DataFrame, today: date, back: int):
    """As Store.changed answers, from made tables."""
    days = completed(days).assign(day=pd.to_datetime(days["day"]).astype("datetime64[s]"))
    if days.empty:
        none = pd.DataFrame
        return SimpleNamespace(
            verdicts=none(columns=["side", "end"]), flags=none(columns=["side", "flag", "state", "since", "reason"]),
            adherence=none(columns=["side"]), changes=diary,
        )  # fmt: skip
    legs = [_to(leg, today) for _, leg in days.groupby("side")]
    days = pd.concat(legs, ignore_index=True)
    days["day_class"] = day_class(days)
    known = segments.changes(diary, *(pd.DataFrame(columns=["side", "device", "day"]) for _ in range(2)))
    known["breaks"] = known["breaks"].astype(bool)
    stretches = segments.segments(days, known)
    verdicts, looks = change(stretches, days, today=today.isoformat(), headlines=HEADLINES)
    before = days[days["day"] < pd.Timestamp(today)]
    first = before.groupby("side")["day"].transform("min")
    low = pd.Timestamp(today - timedelta(days=back))
    period = before[(before["day"] >= low) & (before["day"] > first)].reset_index(drop=True)
    pressed = events.assign(day=pd.to_datetime(events["start_utc"], utc=True).dt.tz_localize(None).dt.normalize())
    doubts = pd.DataFrame(columns=["side", "sensor", "first", "last"])
    raised = flags.flags(stretches, days.assign(fibular_measured_min=400.0), pressed, doubts, today=today.isoformat())
    worn = adherence.adherence(period, given) if len(period) else pd.DataFrame(columns=["side"])
    return SimpleNamespace(verdicts=verdicts, looks=looks, flags=raised, adherence=worn, changes=known)


def _to(leg: pd.DataFrame, today: date) -> pd.DataFrame:
    """A leg's days up to today; those behind its last record are missing."""
    behind = pd.date_range(leg["day"].max(), pd.Timestamp(today), freq="D", unit="s")[1:]
    if not len(behind):
        return leg
    missing = pd.DataFrame({"side": leg["side"].iloc[0], "day": behind, "status": "missing", "coverage": 0.0})
    return pd.concat([leg, missing], ignore_index=True)


def prescribed(sides: list[str], goal_h: float, first: date) -> pd.DataFrame:
    """Hours a day from the first day on; none where there is no goal."""
    rows = [[side, pd.Timestamp(first), "hours", goal_h, NAN, NAN] for side in sides if goal_h == goal_h]
    return pd.DataFrame(rows, columns=PRESCRIPTION)


def bouts(days: pd.DataFrame, zone: str) -> pd.DataFrame:
    """Worn from 8:00 with one gap of 10 min at 12:00, off at night; a missing day is unknown from end to end."""
    rows: list[list[Any]] = []
    for one in days.to_dict("records"):
        start = datetime.combine(one["day"], datetime.min.time(), ZoneInfo(zone))
        if one["status"] == "missing" or pd.isna(one["worn_h"]):
            rows.append([one["side"], start, start + timedelta(days=1), "unknown"])
            continue
        marks = [(0.0, "not_worn")]
        if one["worn_h"] > 4:
            marks += [(8.0, "worn"), (12.0, "not_worn"), (12.0 + 1 / 6, "worn"), (8 + one["worn_h"], "not_worn")]
        elif one["worn_h"] > 0:
            marks += [(8.0, "worn"), (8 + one["worn_h"], "not_worn")]
        ends = [*[at for at, _ in marks[1:]], 24.0]
        for (at, state), end in zip(marks, ends, strict=True):
            rows.append([one["side"], start + timedelta(hours=at), start + timedelta(hours=end), state])
    found = pd.DataFrame(rows, columns=["side", "start_utc", "end_utc", "state"])
    for name in ("start_utc", "end_utc"):
        found[name] = pd.to_datetime(found[name], utc=True)
    return _joined(found)


def _joined(table: pd.DataFrame) -> pd.DataFrame:
    """Neighbours of one state are one stretch, across midnight too."""
    if table.empty:
        return table
    run = ((table["state"] != table["state"].shift()) | (table["side"] != table["side"].shift())).cumsum()
    return table.groupby(run).agg(
        side=("side", "first"), start_utc=("start_utc", "min"), end_utc=("end_utc", "max"), state=("state", "first")
    )  # fmt: skip


def bands(days: pd.DataFrame) -> pd.DataFrame:
    """Three classes of walks and two cadences a day that walked."""
    columns = ("stance_pct", "swing_dorsiflexion_deg", "ankle_at_contact_deg", "ankle_range_deg", "moment_swing_nm",
               "assist_impulse_nms", "shank_to_vertical_deg", "heel_first_pct")  # fmt: skip
    rows = []
    for one in days[days["strides"].astype(float) > 0].to_dict("records"):
        band = int(one["cadence_spm"] // 2.5)
        for walk_s, share in ((10, 0.3), (30, 0.4), (60, 0.3)):
            for shift in (0, 4):
                rows.append(
                    {"side": one["side"], "day": one["day"], "walk_s": walk_s, "band": band + shift}
                    | {"strides": share * float(one["strides"]) / 2}
                    | {name: one[name] for name in columns}
                )
    return pd.DataFrame(rows, columns=["side", "day", "walk_s", "band", "strides", *columns])


def histograms(days: pd.DataFrame) -> pd.DataFrame:
    """The shank's angle of every day's strides, in the bin of the day's own middle."""
    known = days[days["shank_to_vertical_deg"].notna() & (days["strides"].astype(float) > 0)]
    table = pd.DataFrame(
        {
            "side": known["side"].to_numpy(),
            "measure": "shank_to_vertical_deg",
            "bin": np.floor(known["shank_to_vertical_deg"].to_numpy(float) / 0.5).astype(int),
            "strides": known["strides"].to_numpy(float),
        }
    )
    return table.groupby(["side", "measure", "bin"], as_index=False)["strides"].sum()


def diary(*entries: tuple[str, date, str]) -> pd.DataFrame:
    table = pd.DataFrame(entries, columns=["side", "day", "what"])
    return table.assign(day=pd.to_datetime(table["day"]).astype("datetime64[s]"))


def hours(days: pd.DataFrame) -> pd.DataFrame:
    """Worn from 8:00 on, as `bouts`, less its gap; nothing is known of the hours of a missing day."""
    rows = []
    for one in days.to_dict("records"):
        known = one["status"] != "missing" and not pd.isna(one["worn_h"])
        for hour in range(24):
            if not known:
                rows.append([one["side"], one["day"], hour, 0.0, 0.0, 60.0, NAN])
                continue
            worn = 60 * min(max(8 + one["worn_h"] - hour, 0.0), 1.0) if hour >= 8 else 0.0
            rows.append([one["side"], one["day"], hour, worn, 60 - worn, 0.0, 6.0 * worn])
    return pd.DataFrame(rows, columns=["side", "day", "hour", "worn_min", "not_worn_min", "unknown_min", "steps"])
