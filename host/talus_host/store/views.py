"""Views: what the records say, day by day, made from nothing but the records and the person's calendar.

A day is made from the records of its own hours and two hours around them, whatever else is being made with it: so a
day recomputed when a record arrives late is the day that a rebuild makes, to the last bit.
"""

from collections.abc import Iterable

import numpy as np
import pandas as pd
from sqlalchemy import Connection, Table, delete

from talus_host import tables
from talus_host.metrics import day_measures, walking, wear, wear_model, worn_hours
from talus_host.metrics.by_day import steady
from talus_host.metrics.civil import HOUR_MS, Calendar
from talus_host.metrics.histograms import histograms
from talus_host.metrics.matched import bands
from talus_host.metrics.pressure_minutes import pressure_minutes
from talus_host.metrics.steps import steps_by_hour
from talus_host.placing import EARLIEST_UTC_MS
from talus_host.store import bulk, judged, load, schema

MARGIN_MS = 2 * HOUR_MS
KINDS = ("minute", "wear", "stride", "curve", "walk", "stumble")
BATCH_DAYS = 14
# Moments outside these years come of a damaged count, not of a life: no day is made of them.
EARLIEST_MS = EARLIEST_UTC_MS
LATEST_MS = 4_102_444_800_000  # 2100-01-01


def text_of(day: int) -> str:
    """A day number as the ISO text the tables keep."""
    return str(np.datetime64(int(day), "D"))


def window(calendar: Calendar, day: int) -> tuple[int, int] | None:
    """The stretch of UTC whose records make a day: its own and the margin around it."""
    span = calendar.span(day)
    return None if span is None else (span[0] - MARGIN_MS, span[1] + MARGIN_MS)


def days_of(calendar: Calendar, utc_ms: np.ndarray) -> set[int]:
    """Every day that records at these moments help to make."""
    moments = np.unique(np.asarray(utc_ms, dtype=np.int64))
    moments = moments[(moments >= EARLIEST_MS) & (moments < LATEST_MS)]
    if not len(moments):
        return set()
    near = np.unique(calendar.day(np.concatenate((moments - MARGIN_MS, moments + MARGIN_MS))))
    found = set()
    for day in np.unique(np.concatenate((near - 1, near, near + 1))).tolist():
        bounds = window(calendar, day)
        if bounds is not None and np.searchsorted(moments, bounds[0]) < np.searchsorted(moments, bounds[1]):
            found.add(day)
    return found


def days_from(calendar: Calendar, start_ms: int, end_ms: int) -> set[int]:
    """Every day that records anywhere from one moment to another may help to make."""
    around = np.clip(np.array([start_ms - MARGIN_MS, end_ms + MARGIN_MS]), EARLIEST_MS, LATEST_MS)
    first, last = calendar.day(around).tolist()
    return set(range(first - 1, last + 2))


def recompute(
    connection: Connection, person: int, side: str, sources: list[load.Source], calendar: Calendar, days: Iterable[int]
) -> None:
    """Make these days of one leg anew."""
    judged.outdated(connection, person)
    ordered = sorted(days)
    for batch in batches(ordered):
        names = [text_of(day) for day in batch]
        for view in schema.DAY_VIEWS:
            of_leg = (view.c.person == person) & (view.c.side == side)
            connection.execute(delete(view).where(of_leg & view.c.day.in_(names)))
        made = _make(connection, sources, calendar, batch)
        for view, frame in made.items():
            if len(frame):
                frame = frame.assign(person=person, side=side, day=[text_of(day) for day in frame["day"]])
                bulk.add_table(connection, view, frame)


def batches(days: list[int]) -> Iterable[list[int]]:
    """Runs of days that follow each other, none too long for memory."""
    batch: list[int] = []
    for day in days:
        if batch and (day != batch[-1] + 1 or len(batch) == BATCH_DAYS):
            yield batch
            batch = []
        batch.append(day)
    if batch:
        yield batch


def _make(
    connection: Connection, sources: list[load.Source], calendar: Calendar, days: list[int]
) -> dict[Table, pd.DataFrame]:
    """Rows of every day view, with `day` as a number; days without a record in them have no row."""
    windows = {day: bounds for day in days if (bounds := window(calendar, day)) is not None}
    if not windows:
        return {}
    start, end = min(w[0] for w in windows.values()), max(w[1] for w in windows.values())
    rows = load.placed(connection, sources, start, end, KINDS)
    lived = set(np.unique(calendar.day(rows.utc_ms)).tolist()) & set(windows)
    windows = {day: windows[day] for day in sorted(lived)}
    if not windows:
        return {}
    minutes = _by_window(load.minutes_of(connection, rows), windows, calendar)
    strides = _by_window(load.strides_of(rows), windows, calendar)
    strides = strides.join(walking.bouts(strides))
    within = strides[strides["inside"].to_numpy(bool)]
    minutes, segments = _segments(minutes, _edges(rows), windows)
    own_minutes = minutes[minutes["inside"].to_numpy(bool)]
    worn, hours, bouts = _worn(segments, own_minutes, calendar)
    hourly = _curves(rows, calendar, lived)
    others = {kind: _own(rows, kind, calendar) for kind in ("walk", "stumble")} | {"curve": _spread(hourly)}
    measured = day_measures.day_measures(strides, own_minutes, days=list(windows), others=others)
    return {
        schema.day: worn.merge(measured, on="day"),
        schema.hour: _with_steps(hours, within, own_minutes, calendar),
        schema.wear_bout: bouts,
        schema.pressure_day: pressure_minutes(own_minutes),
        schema.curve: hourly,
        schema.histogram: histograms(steady(within)),
        schema.cadence_band: bands(steady(within)),
    }


def _by_window(frame: pd.DataFrame, windows: dict[int, tuple[int, int]], calendar: Calendar) -> pd.DataFrame:
    """Each row once per day whose window it lies in: columns day, and inside (it lies in the day itself)."""
    utc = frame["utc_ms"].to_numpy(np.int64)
    ranges = [np.searchsorted(utc, bounds) for bounds in windows.values()]
    index = np.concatenate([np.arange(lo, hi) for lo, hi in ranges])
    day = np.repeat(np.array(list(windows), dtype=np.int64), [hi - lo for lo, hi in ranges])
    copies = frame.iloc[index].reset_index(drop=True)
    copies["day"] = day
    copies["inside"] = calendar.day(utc)[index] == day if len(index) else np.array([], dtype=bool)
    return copies


def _edges(rows: load.Placed) -> pd.DataFrame:
    mine = rows.of("wear")
    values = tables.arrays("wear", mine.payload.tolist())
    back_ms = np.nan_to_num(values["edge_back"], nan=0.0).astype(np.int64) * 1000
    return pd.DataFrame({"utc_ms": mine.utc_ms, "edge_ms": mine.utc_ms - back_ms, "worn": values["worn"]})


def _segments(
    minutes: pd.DataFrame, edges: pd.DataFrame, windows: dict[int, tuple[int, int]]
) -> tuple[pd.DataFrame, dict[int, pd.DataFrame]]:
    """The minutes with what is decided of each in its day's window, and the wear segments that tile each window."""
    by_day = dict(iter(minutes.groupby("day")))
    nothing = minutes.iloc[:0]
    at = edges["utc_ms"].to_numpy(np.int64)
    decided, found = [], {}
    for day, (start, end) in windows.items():
        lo, hi = np.searchsorted(at, (start, end))
        known, changes = wear_model.decide(by_day.get(day, nothing), edges.iloc[lo:hi])
        found[day] = wear.segments(known, changes, start_ms=start, end_ms=end)
        decided.append(known)
    return pd.concat(decided, ignore_index=True), found


def _worn(
    segments: dict[int, pd.DataFrame], minutes: pd.DataFrame, calendar: Calendar
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """(day rows, hour rows, wear bouts cut at the day's ends)."""
    doubted = minutes.groupby("day")["low_confidence"].sum() / 60
    days, hours, bouts = [], [], []
    for day, tiles in segments.items():
        row = worn_hours.by_day(tiles, calendar, day)
        row["low_confidence_h"] = float(doubted.get(day, np.nan))
        days.append({"day": day} | row)
        hours.append(worn_hours.by_hour(tiles, calendar, day).assign(day=day))
        for start, end in calendar.pieces(day):
            bouts.append(wear.clipped(tiles, start, end).assign(day=day))
    cut = pd.concat(bouts, ignore_index=True)
    cut["state"] = np.array(wear.STATES, dtype=object)[cut["state"].to_numpy(np.int64)]
    return pd.DataFrame(days), pd.concat(hours, ignore_index=True), cut


def _with_steps(hours: pd.DataFrame, strides: pd.DataFrame, minutes: pd.DataFrame, calendar: Calendar) -> pd.DataFrame:
    """Hour rows with steps: 0 only where the brace looked and saw none, NaN where it did not look."""
    steps = steps_by_hour(strides.assign(hour=calendar.hour(strides["utc_ms"].to_numpy(np.int64))))
    looked = minutes[minutes["strides"].notna().to_numpy()]
    seen = {(d, h) for d, h in zip(looked["day"], calendar.hour(looked["utc_ms"].to_numpy(np.int64)), strict=True)}
    keys = list(zip(hours["day"].tolist(), hours["hour"].tolist(), strict=True))
    counted = steps.to_dict()
    return hours.assign(steps=[counted.get(key, 0.0 if key in seen else np.nan) for key in keys])


def _own(rows: load.Placed, kind: str, calendar: Calendar) -> pd.DataFrame:
    """Records of one kind as a table with their day."""
    mine = rows.of(kind)
    return tables.table(kind, mine.payload.tolist()).assign(day=calendar.day(mine.utc_ms))


def _spread(curves: pd.DataFrame) -> pd.DataFrame:
    """Curve rows with their points as arrays: angle_deg, moment_nm."""
    points = [np.frombuffer(one, dtype="<f8").reshape(2, -1) for one in curves["points"]]
    return curves.assign(angle_deg=[one[0] for one in points], moment_nm=[one[1] for one in points])


def _curves(rows: load.Placed, calendar: Calendar, days: set[int]) -> pd.DataFrame:
    mine = rows.of("curve")
    values = tables.arrays("curve", mine.payload.tolist())
    points = np.hstack((values["angle"], values["moment"])).astype("<f8")
    found = pd.DataFrame(
        {
            "day": calendar.day(mine.utc_ms),
            "at_ms": mine.utc_ms,
            "device": mine.device(),
            "strides": values["strides"],
            "points": pd.Series([row.tobytes() for row in points], dtype=object),
        }
    )
    return found[found["day"].isin(days)].drop_duplicates(["at_ms", "device"])
