"""What is missing or doubtful, as one table beside the data: nothing here changes a figure, everything explains one.

Columns: what, side, device, start_utc, end_utc (NaT: unknown, or still so), count, unit, detail. Each function takes
the tables that show one kind of doubt and gives rows; a row is a plain fact, without judgement.
"""

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from talus_host import words

COLUMNS = ("what", "side", "device", "start_utc", "end_utc", "count", "unit", "detail")
OK = "ok"
UNKNOWN = "unknown"
ABSENT = "absent"
DUE = 6000  # samples of a minute at full rate: what braces that do not say how many were due mean
STARTS_WITHOUT_NOTE = ("power_on", "deep_sleep")


def together(parts: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """All rows in order of time, those without a moment first."""
    real = [part for part in parts if len(part)]
    if not real:
        return _rows([])
    found = pd.concat(real, ignore_index=True)
    return found.sort_values(["start_utc", "what", "side"], na_position="first", kind="stable", ignore_index=True)


def sequence_gaps(gaps: pd.DataFrame) -> pd.DataFrame:
    """Records that never came. gaps: side, device, journal, first, behind, cause (missing: not told)."""
    rows = []
    for gap in gaps.to_dict("records"):
        why = "the brace does not say why" if pd.isna(gap["cause"]) else f"the brace says: {gap['cause']}"
        detail = f"journal {gap['journal']}, sequences {gap['first']} to {gap['behind'] - 1}; {why}"
        rows.append(_row("sequence_gap", gap, count=gap["behind"] - gap["first"], unit="records", detail=detail))
    return _rows(rows)


def unplaced(boots: pd.DataFrame) -> pd.DataFrame:
    """The unknown day: records of boots whose clock nobody set.

    boots: side, device, journal, boot, records, lasted_s.
    """
    rows = []
    for boot in boots.to_dict("records"):
        detail = f"journal {boot['journal']}, boot {boot['boot']}: no clock; {boot['lasted_s'] / 3600:.1f} h of records"
        rows.append(_row("unknown_day", boot, count=boot["records"], unit="records", detail=detail))
    return _rows(rows)


def contradicting_clocks(pairs: pd.DataFrame) -> pd.DataFrame:
    """Clock pairs that were not believed.

    pairs: side, device, boot, utc (as told), off_s (from those that are believed, NaN: none is), by_host.
    """
    rows = []
    for pair in pairs.to_dict("records"):
        who = "a host" if pair["by_host"] else "the brace's own clock"
        off = (
            "no pair of its boot is believed"
            if np.isnan(pair["off_s"])
            else f"{round(pair['off_s'], 1):+g} s from the others"
        )
        detail = f"boot {pair['boot']}: {who} said {pair['utc']:%Y-%m-%d %H:%M:%S} UTC, {off}"
        rows.append(_row("clock_not_believed", pair, start=pair["utc"], count=1, unit="pairs", detail=detail))
    return _rows(rows)


def uncertain_times(times: pd.DataFrame) -> pd.DataFrame:
    """Days of a boot whose moments are not known as well as they should be: too long since, or until, a sync.

    times: side, device, boot, day, start_utc, end_utc (of what is over the limit), worst_s, limit_s.
    """
    rows = []
    for one in times.to_dict("records"):
        detail = (
            f"{one['day']}, boot {one['boot']}: known within {one['worst_s']:.0f} s, {one['limit_s']:.0f} s allowed"
        )
        place = {"start": one["start_utc"], "end": one["end_utc"]}
        rows.append(_row("time_uncertain", one, count=one["worst_s"], unit="s", detail=detail, **place))
    return _rows(rows)


def samples(minutes: pd.DataFrame) -> pd.DataFrame:
    """Samples late, missed or made between two others, and those nobody accounts for, by day.

    minutes: side, device, day, start_utc, samples, late, missed, resampled, due. A brace at rest owes fewer samples:
    a minute is as complete as it has those that were due; an older brace, which does not say, owed 6000.
    """
    rows = []
    due = minutes["due"].fillna(DUE)
    short = (due - minutes["samples"] - minutes["missed"].fillna(0)).clip(lower=0)
    minutes = minutes.assign(due=due, unaccounted=short)
    for (side, device, _), day in minutes.groupby(["side", "device", "day"], sort=True):
        for what in ("late", "missed", "resampled", "unaccounted"):
            count = day[what].sum()
            if not count:
                continue
            share = 100 * count / day["due"].sum()
            place = {"side": side, "device": device}
            start, end = day["start_utc"].min(), day["start_utc"].max() + pd.Timedelta(minutes=1)
            detail = f"{share:.2f} % of the samples due that day"
            rows.append(
                _row(f"samples_{what}", place, start=start, end=end, count=count, unit="samples", detail=detail)
            )
    return _rows(rows)


def sensors(health: pd.DataFrame) -> pd.DataFrame:
    """Stretches in which a part was not ok.

    health: side, device, journal, sequence, boot, utc, sensor, channel, state, reason. A stretch
    ends with the part's next record; the last one is still so (NaT). Parts that are not fitted are no doubt.
    """
    rows = []
    for (side, device, _, sensor, channel), told in health.groupby(
        ["side", "device", "journal", "sensor", "channel"], sort=True, observed=True
    ):
        told = told.sort_values("sequence")
        until = [*told["utc"].tolist()[1:], pd.NaT]
        for one, end in zip(told.to_dict("records"), until, strict=True):
            if one["state"] in (OK, ABSENT):
                continue
            if pd.isna(one["state"]):  # a state newer than this program: not known to be well
                one["state"] = UNKNOWN
            place = {"side": side, "device": device}
            reason = "the brace does not say why" if pd.isna(one["reason"]) else str(one["reason"])
            detail = words.trouble(str(sensor), channel, str(one["state"]), reason)
            rows.append(
                _row(f"sensor_{one['state']}", place, start=one["utc"], end=end, count=1, unit="", detail=detail)
            )
    return _rows(rows)


def starts(boots: pd.DataFrame) -> pd.DataFrame:
    """Starts that nobody asked for. boots: side, device, start_utc, cause, last_battery_v."""
    rows = []
    for boot in boots.to_dict("records"):
        if boot["cause"] in STARTS_WITHOUT_NOTE:
            continue
        why = "the brace does not say why it started" if pd.isna(boot["cause"]) else words.STARTS[boot["cause"]]
        volts = "" if pd.isna(boot["last_battery_v"]) else f"; battery {boot['last_battery_v']:.2f} V before"
        rows.append(_row("start", boot, start=boot["start_utc"], count=1, unit="", detail=f"{why}{volts}"))
    return _rows(rows)


def prompts(told: pd.DataFrame) -> pd.DataFrame:
    """Prompts that were silenced. told: side, device, start_utc, what, channel, silenced."""
    rows = []
    for one in told[told["silenced"] != 0].to_dict("records"):
        what = "a prompt newer than this program" if pd.isna(one["what"]) else words.PROMPTS[one["what"]]
        felt = "not known whether it was felt" if pd.isna(one["silenced"]) else "recorded, not felt"
        place = f" at channel {one['channel']:.0f}" if one["channel"] else ""
        rows.append(
            _row("prompt_silenced", one, start=one["start_utc"], count=1, unit="", detail=f"{what}{place}: {felt}")
        )
    return _rows(rows)


def unknown_hours(days: pd.DataFrame) -> pd.DataFrame:
    """Days with hours of which nothing is known. days: side, day, unknown_h, day_h, status."""
    rows = []
    for day in days[days["unknown_h"] > 0].to_dict("records"):
        detail = f"{day['day']:%Y-%m-%d}: {day['unknown_h']:.1f} of {day['day_h']:.0f} h unknown, day {day['status']}"
        place = {"side": day["side"], "device": ""}
        rows.append(
            _row("unknown_hours", place, count=day["unknown_h"], unit="h", detail=detail, start=day["start_utc"])
        )
    return _rows(rows)


def syncs(syncs: pd.DataFrame) -> pd.DataFrame:
    """Records that came twice with different content, and a brace that says it is on the other leg.

    syncs: side (as filed), device, received_utc, conflicts, said_side.
    """
    rows = []
    for sync in syncs.to_dict("records"):
        if sync["conflicts"]:
            detail = "came again with other content; what came first is kept"
            count = sync["conflicts"]
            rows.append(_row("conflict", sync, start=sync["received_utc"], count=count, unit="records", detail=detail))
        if sync["said_side"] not in (sync["side"], "unknown"):
            detail = f"filed as {sync['side']}, the brace says {sync['said_side']}"
            rows.append(_row("side_disagrees", sync, start=sync["received_utc"], count=1, unit="syncs", detail=detail))
    return _rows(rows)


def journeys(zones: pd.DataFrame) -> pd.DataFrame:
    """Changes of zone: the days around one are longer or shorter, and nothing is scaled.

    zones: from_utc, before, zone.
    """
    rows = []
    for change in zones.to_dict("records"):
        detail = f"from {change['before']} to {change['zone']}"
        place = {"side": "", "device": ""}
        rows.append(_row("zone_changed", place, start=change["from_utc"], count=1, unit="", detail=detail))
    return _rows(rows)


def _row(
    what: str,
    place: Mapping[str, Any],
    *,
    count: float,
    unit: str,
    detail: str,
    start: pd.Timestamp | None = None,
    end: pd.Timestamp | None = None,
) -> tuple[Any, ...]:
    return (what, place["side"], place["device"], start, end, float(count), unit, detail)


def _rows(rows: list[tuple[Any, ...]]) -> pd.DataFrame:
    found = pd.DataFrame(rows, columns=list(COLUMNS))
    for name in ("start_utc", "end_utc"):
        found[name] = pd.to_datetime(found[name], utc=True).astype("datetime64[ms, UTC]")
    return found.astype(dict.fromkeys(("what", "side", "device", "unit", "detail"), "str") | {"count": np.float64})
