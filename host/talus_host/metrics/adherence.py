"""How much is the brace worn, against what was prescribed? As a range, because a brace in a cupboard leaves no hours.

Clinical reference, 1.4 as changed by 0.4.1 and 0.4.2: the low end takes every hour that nothing is known of as not
worn, the high end is the mean of the valid days alone; under 70 % of days with data it is "not assessable". Wear as a
share of a 16 h day (A4) is not given; the share of all steps (A5) needs a second counter: no brace sees them all.
Paused days are in no denominator: they are counted, and that is all that is told of them.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from talus_host.metrics.weekly import day_number, number_of

ASSESSABLE = 0.7  # share of days with data
TARGET = 0.8  # of the prescribed hours: the convention of medication [R: PDC]
DISCONTINUED_DAYS = 14
FAR = 1 << 20  # more than any day's number
OVER_H = 0.5  # above a break-in day's hours before it counts as too long [E]
KINDS = ("hours", "walking", "outdoors", "break_in", "none")
UNASSESSED: Mapping[str, str] = {
    "walking": "prescribed while walking: no brace sees walking without it; that needs the steps of a phone or watch",
    "outdoors": "prescribed outdoors: the brace does not know where it is worn",
}


class Range(NamedTuple):
    """low: what is not known counted as not worn; high: the mean of what was observed. NaN: nothing to say."""

    low: float
    high: float


def targets(prescriptions: pd.DataFrame, days: pd.DataFrame) -> pd.DataFrame:
    """Per row of days (side, day): kind in force ("" none), target_h (NaN: none in hours) and most_h (NaN: no maximum).

    prescriptions: side, from_day, kind, hours, hours_max, hours_more. One is in force until the next of its side; kind
    none ends it. A break-in begins with `hours`, adds `hours_more` each day up to hours_max; its target is its maximum.
    """
    sides = pd.unique(days["side"])
    leg = pd.Series(np.arange(len(sides)), index=sides)
    given = prescriptions[prescriptions["side"].isin(sides).to_numpy(bool)]
    from_number = np.array([number_of(day) for day in given["from_day"]], dtype=np.int64)
    given = given.assign(leg=leg.reindex(given["side"]).to_numpy(), from_number=from_number)
    found = in_force(leg.reindex(days["side"]).to_numpy(), day_number(days["day"]), given)
    return pd.DataFrame(found, index=days.index)


def in_force(leg: np.ndarray, number: np.ndarray, prescriptions: pd.DataFrame) -> dict[str, np.ndarray]:
    """kind, target_h and most_h as of `targets`, per leg (a number) and day (its number) of the two arrays.

    prescriptions: leg, from_number, kind, hours, hours_max, hours_more.
    """
    rx = prescriptions.sort_values(["leg", "from_number"], kind="stable")
    legs, begun = (np.append(rx[name].to_numpy(np.int64), -1) for name in ("leg", "from_number"))
    at = np.searchsorted(legs[:-1] * FAR + begun[:-1], leg * FAR + number, side="right") - 1
    at = np.where(legs[at] == leg, at, len(rx))  # the last row: nothing was prescribed
    kind = np.append(rx["kind"].to_numpy(object), "")[at]
    hours, most, more = (
        np.append(rx[n].to_numpy(np.float64), np.nan)[at] for n in ("hours", "hours_max", "hours_more")
    )
    since = number - begun[at]
    rising = np.where(kind == "break_in", np.minimum(hours + more * since, most), np.nan)
    return {
        "kind": np.where(kind == "none", "", kind),
        "target_h": np.where(kind == "hours", hours, rising),
        "most_h": rising,
    }


def adherence(
    days: pd.DataFrame,
    prescriptions: pd.DataFrame,
    *,
    assessable: float = ASSESSABLE,
    target: float = TARGET,
    over_h: float = OVER_H,
    discontinued_days: int = DISCONTINUED_DAYS,
) -> pd.DataFrame:
    """One row per side: days (none of them paused), days_paused, days_valid, days_partial, days_missing,
    days_little_walking (worn, too little walking to measure), share_known, assessable, why; A1 worn_h_low, worn_h_high,
    worn_h_median, worn_h_q1, worn_h_q3; kinds (in force on any day); A2 met_pct_low, met_pct_high, met_uncapped_pct;
    A3 target_pct_low, target_pct_high; days_over (of a break-in); A6 discontinued ("yes", "no", "not known") with
    no_wear_days; steps (with the brace on) and walking_min per valid day; unassessed (reasons, "; " between).

    days: side, day, status, day_class, worn_h, steps, walking_min: a row for every day of the period, those without a
    record too; leave out a day that still runs, and the day the brace was first put on. Ranges are NaN where the leg is
    not assessable; days are counted all the same.
    """
    wanted = targets(prescriptions, days)
    rows = []
    for side, every in days.groupby("side", sort=True):
        leg = every[(every["status"] != "paused").to_numpy()]
        own = wanted.loc[leg.index]
        row: dict[str, Any] = {"side": side, "days": len(leg), "days_paused": len(every) - len(leg)}
        for name in ("valid", "partial", "missing"):
            row[f"days_{name}"] = int((leg["status"] == name).sum())
        row["days_little_walking"] = int((leg["day_class"] == "little_walking").sum())
        row["share_known"] = row["days_valid"] / len(leg) if len(leg) else np.nan
        row["assessable"] = bool(row["share_known"] >= assessable)
        row["why"] = "" if row["assessable"] else _why(row["share_known"], assessable)
        row |= _wear(leg, row["assessable"])
        row |= _met(leg, own, row["assessable"], target, over_h)
        row |= _discontinued(every, discontinued_days)
        row |= _walked(leg)
        rows.append(row)
    return pd.DataFrame(rows)


def _why(share: float, assessable: float) -> str:
    if np.isnan(share):
        return "paused on all of the days"
    return f"data on {100 * share:.0f} % of the days; {100 * assessable:.0f} % are needed"


def _wear(leg: pd.DataFrame, assessable: bool) -> dict[str, float]:
    """A1."""
    valid = (leg["status"] == "valid").to_numpy()
    worn = leg["worn_h"].to_numpy(np.float64)
    names = ("worn_h_low", "worn_h_high", "worn_h_median", "worn_h_q1", "worn_h_q3")
    if not assessable:
        return dict.fromkeys(names, np.nan)
    seen = worn[valid]
    low = float(np.nan_to_num(worn).sum() / len(worn))
    figures = (min(low, float(seen.mean())), float(seen.mean()), *np.percentile(seen, (50, 25, 75)).tolist())
    return dict(zip(names, figures, strict=True))


def _met(leg: pd.DataFrame, own: pd.DataFrame, assessable: bool, target: float, over_h: float) -> dict[str, Any]:
    """A2 and A3 over the days that hours were prescribed for, and the days of a break-in worn too long."""
    kinds = [kind for kind in KINDS if (own["kind"] == kind).any()]
    told: dict[str, Any] = {"kinds": ", ".join(kinds)}
    told["unassessed"] = "; ".join(UNASSESSED[kind] for kind in kinds if kind in UNASSESSED)
    names = ("met_pct_low", "met_pct_high", "met_uncapped_pct", "target_pct_low", "target_pct_high")
    told |= dict.fromkeys(names, np.nan)
    worn = leg["worn_h"].to_numpy(np.float64)
    valid = (leg["status"] == "valid").to_numpy()
    wanted = own["target_h"].to_numpy(np.float64)
    most = own["most_h"].to_numpy(np.float64)
    with np.errstate(invalid="ignore"):
        told["days_over"] = int((worn > most + over_h).sum()) if np.isfinite(most).any() else np.nan
    asked = wanted > 0
    seen = valid & asked
    if not assessable or not seen.any():
        return told
    met = np.nan_to_num(worn[asked]) / wanted[asked]
    share = worn[seen] / wanted[seen]
    capped = 100 * np.minimum(share, 1).mean()
    reached = 100 * (share >= target).mean()
    told["met_pct_high"], told["met_uncapped_pct"] = float(capped), float(100 * share.mean())
    told["met_pct_low"] = float(min(100 * np.minimum(met, 1).mean(), capped))
    told["target_pct_high"] = float(reached)
    told["target_pct_low"] = float(min(100 * (met >= target).mean(), reached))
    return told


def _discontinued(leg: pd.DataFrame, least: int) -> dict[str, Any]:
    """A6: the latest run of days without any known wear, and whether it is known that nobody wore it. A pause ends a
    run as wear does: what lies before it and what follows are not consecutive."""
    leg = leg.sort_values("day")
    worn = (leg["worn_h"].to_numpy(np.float64) > 0) | (leg["status"] == "paused").to_numpy()
    at = np.flatnonzero(worn)
    tail = leg.iloc[int(at[-1]) + 1 :] if len(at) else leg
    known = (tail["status"] == "valid").to_numpy()
    run = longest = 0
    for one in known.tolist():
        run = run + 1 if one else 0
        longest = max(longest, run)
    gone = "yes" if longest >= least else "not known" if len(tail) >= least else "no"
    return {"discontinued": gone, "no_wear_days": len(tail)}


def _walked(leg: pd.DataFrame) -> dict[str, float]:
    seen = leg[(leg["status"] == "valid").to_numpy()]
    return {name: float(seen[name].mean()) for name in ("steps", "walking_min")}


def habits(days: pd.DataFrame, hours: pd.DataFrame, bouts: pd.DataFrame) -> pd.DataFrame:
    """A7, one row per side: dons_per_day (times it was put on, median of valid days), longest_off_h (longest known
    stretch not worn, NaN none), weekday_h and weekend_h (mean worn hours of valid days), and hour_0 to hour_23 (mean
    minutes worn in that hour of the wall, over the days that knew it).

    days: as for adherence. hours: side, hour, worn_min. bouts: side, day, start_utc, end_utc, state, whole across
    midnight; day: the civil day it began.
    """
    rows = []
    for side, leg in days.groupby("side", sort=True):
        valid = leg[(leg["status"] == "valid").to_numpy()]
        weekend = (day_number(valid["day"]) + 3) % 7 >= 5
        worn = valid["worn_h"].to_numpy(np.float64)
        mine = bouts[(bouts["side"] == side).to_numpy()]
        ons = mine[(mine["state"] == "worn").to_numpy()].groupby("day").size()
        dons = ons.reindex(valid["day"], fill_value=0)
        off = mine[(mine["state"] == "not_worn").to_numpy()]
        length = (off["end_utc"] - off["start_utc"]).dt.total_seconds() / 3600
        row: dict[str, Any] = {"side": side}
        row["dons_per_day"] = float(dons.median()) if len(dons) else np.nan
        row["longest_off_h"] = float(length.max()) if len(length) else np.nan
        row["weekday_h"] = float(worn[~weekend].mean()) if (~weekend).any() else np.nan
        row["weekend_h"] = float(worn[weekend].mean()) if weekend.any() else np.nan
        by_hour = hours[(hours["side"] == side).to_numpy()].groupby("hour")["worn_min"].mean()
        row |= {f"hour_{hour}": float(by_hour.get(hour, np.nan)) for hour in range(24)}
        rows.append(row)
    return pd.DataFrame(rows)
