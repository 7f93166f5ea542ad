"""Between which days was the brace the same? Figures are pooled within a segment only; a change of the brace ends one.

A change of the brace: what a diary tells of its mechanics or of stimulation, another calibration, other settings,
another brace. What happens to the person (a drug, an injection, a relapse) and a new program are notes: the baseline
before them still holds, and they are where a change is looked for first.
"""

import numpy as np
import pandas as pd

from talus_host.metrics.baseline import window
from talus_host.metrics.change import floor_of
from talus_host.metrics.weekly import day_number, number_of

BRACE_CHANGES = ("strap", "strut", "wedge", "shoe", "stiffness", "neutral", "fes_on", "fes_off", "other")
PERSON_CHANGES = ("botulinum", "drug", "relapse")
WHAT = (*BRACE_CHANGES, *PERSON_CHANGES)  # what a diary may say
FOUND = ("calibration", "settings", "brace", "program")  # what the brace's own records say
BREAKS = (*BRACE_CHANGES, "calibration", "settings", "brace")
SETTLING_DAYS = 3
SIDE_LEAST = 7  # valid days each side of an adjustment
SIDE_MOST = 28
NEEDED_SE = 2.58  # 0.4.6
COLUMNS = (
    *("side", "day", "what", "measure", "before", "before_days", "after", "after_days"),
    *("difference", "se", "why", "needed"),
)
WINDOW = ("before_from", "after_from", "after_end")


def changes(diary: pd.DataFrame, settings: pd.DataFrame, boots: pd.DataFrame) -> pd.DataFrame:
    """Every change, one row per side, day and what: side, day, what (of WHAT or FOUND), breaks (it ends a segment).

    diary: side, day, what. settings: side, device, day, settings, calibration, imu_place (records in order of time).
    boots: side, device, day, version (records in order of time).
    """
    rows = [diary[["side", "day", "what"]]]
    for (side,), leg in settings.groupby(["side"], sort=True):
        rows.append(_differs(leg, "device", "brace", side))
        for _, one in leg.groupby("device", sort=True):
            rows.append(_differs(one, "calibration", "calibration", side))
            rows.append(_differs(one, "settings", "settings", side))
            rows.append(_differs(one, "imu_place", "calibration", side))
    for (side, _), one in boots.groupby(["side", "device"], sort=True):
        rows.append(_differs(one, "version", "program", side))
    found = pd.concat(rows, ignore_index=True).drop_duplicates(["side", "day", "what"])
    found["breaks"] = found["what"].isin(BREAKS)
    return found.sort_values(["side", "day", "what"], ignore_index=True)


def _differs(table: pd.DataFrame, column: str, what: str, side: str) -> pd.DataFrame:
    """Days on which a column is not what it was at the record before; what is not known changes nothing."""
    known = table[table[column].notna().to_numpy()]
    value = known[column].to_numpy(object)
    new = np.flatnonzero(value[1:] != value[:-1]) + 1
    return pd.DataFrame({"side": side, "day": known["day"].iloc[new].to_numpy(), "what": what})


def segments(days: pd.DataFrame, changed: pd.DataFrame) -> pd.DataFrame:
    """side, segment (from 1), start, end (first day of the next; NaT: goes on), why (what ended the one before; "").

    days: side, day. A change on a leg's first day, or before it, ends nothing; several on one day are one end.
    """
    rows = []
    for side, leg in days.groupby("side", sort=True):
        first, last = leg["day"].min(), leg["day"].max()
        mine = changed[((changed["side"] == side) & changed["breaks"]).to_numpy(bool)]
        mine = mine[((mine["day"] > first) & (mine["day"] <= last)).to_numpy(bool)]
        ends = mine.groupby("day", sort=True)["what"].agg(lambda whats: ", ".join(sorted(whats)))
        starts = [first, *ends.index.tolist()]
        whys = ["", *ends.tolist()]
        for at, (start, why) in enumerate(zip(starts, whys, strict=True)):
            end = starts[at + 1] if at + 1 < len(starts) else pd.NaT
            rows.append((side, at + 1, start, end, why))
    found = pd.DataFrame(rows, columns=["side", "segment", "start", "end", "why"])
    for name in ("start", "end"):
        found[name] = found[name].astype("datetime64[s]")
    return found


def adjustments(
    days: pd.DataFrame,
    changed: pd.DataFrame,
    measures: tuple[str, ...],
    *,
    settling_days: int = SETTLING_DAYS,
    least: int = SIDE_LEAST,
    most_days: int = SIDE_MOST,
) -> pd.DataFrame:
    """Before and after each change, without a verdict: side, day, what, measure, before, before_days, after,
    after_days, difference, se (from the days there are), why ("" or why it cannot be said), needed (2.58 se, and not
    less than the sensor's own zero can make), before_from, after_from, after_end (days, the last one not included).

    days: side, day, day_class and the measures. At most `most_days` calendar days each side, none of them beyond the
    neighbouring change; the day itself and `settling_days` after it belong to neither.
    """
    rows = []
    for side, leg in days.groupby("side", sort=True):
        mine = changed[((changed["side"] == side) & (changed["what"] != "program")).to_numpy(bool)]
        whats = mine.groupby("day", sort=True)["what"].agg(lambda some: ", ".join(sorted(some)))
        gait = leg[(leg["day_class"] == "gait").to_numpy()]
        number = day_number(gait["day"])
        marks = [number_of(day) for day in whats.index]
        for at, (mark, what) in enumerate(zip(marks, whats.tolist(), strict=True)):
            low = max(mark - most_days, marks[at - 1] + settling_days + 1 if at else mark - most_days)
            begin = mark + settling_days + 1
            high = min(begin + most_days, marks[at + 1] if at + 1 < len(marks) else begin + most_days)
            for measure in measures:
                before = _laid(gait, number, measure, low, mark)
                after = _laid(gait, number, measure, begin, high)
                compared = _compared(before, after, least)
                needed = float(np.maximum(NEEDED_SE * compared[-2], floor_of(measure, leg)))  # NaN stays NaN
                rows.append((side, whats.index[at], what, measure, *compared, needed, low, begin, high))
    found = pd.DataFrame(rows, columns=[*COLUMNS, *WINDOW])
    for name in WINDOW:
        found[name] = found[name].to_numpy(np.int64).astype("datetime64[D]").astype("datetime64[s]")
    return found


def _laid(gait: pd.DataFrame, number: np.ndarray, measure: str, start: int, stop: int) -> np.ndarray:
    found = np.full(max(0, stop - start), np.nan)
    if measure in gait:
        inside = (number >= start) & (number < stop)
        found[number[inside] - start] = gait[measure].to_numpy(np.float64)[inside]
    return found


def _compared(before: np.ndarray, after: np.ndarray, least: int) -> tuple[float, int, float, int, float, float, str]:
    one, two = window(before), window(after)
    n = (int(one.n), int(two.n))
    why = "" if min(n) >= least else f"{n[0]} days before and {n[1]} after; {least} each are needed"
    if why:
        return float(one.median), n[0], float(two.median), n[1], np.nan, np.nan, why
    se = float(np.hypot(one.se, two.se))
    return float(one.median), n[0], float(two.median), n[1], float(two.median - one.median), se, why
