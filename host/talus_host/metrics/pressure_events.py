"""When did a sustained pressure begin at a site, how high did it rise, when did it end?

The brace writes a record when an event begins, rises a tier and ends; here they are joined into one row. An event that
a restart cut off, or that a newer one of its channel replaced, ended at an unknown moment: its last known one is given.
"""

from typing import Any

import numpy as np
import pandas as pd

from talus.wire.kinds import TIERS

MINUTE_MS = 60_000
COLUMNS = (
    "first", "start_ms", "end_ms", "channel", "site", "tier", "peak_kpa", "mean_kpa", "dose_kpah", "minutes"
)  # fmt: skip


def pressure_events(records: pd.DataFrame, *, last_boot: int | None) -> pd.DataFrame:
    """One row per event: first (`row` of the record that began it), start_ms, end_ms (NaN: still open), channel, site,
    tier, peak_kpa, mean_kpa, dose_kpah, minutes.

    records: pressure records of one journal in order of sequence, with row (any key), utc_ms, boot, channel, site
    (name), tier (index into TIERS), ended, lasted_min, peak_kpa, mean_kpa, dose_kpah, onset_back_min. last_boot: the
    boot that may still be running; open events of any other were cut off (None: all were).
    """
    events: list[dict[str, Any]] = []
    open_by_channel: dict[int, dict[str, Any]] = {}
    for row in records.to_dict("records"):
        if np.isnan(row["channel"]):
            continue
        channel = int(row["channel"])
        current = open_by_channel.get(channel)
        if current is not None and (current["boot"] != row["boot"] or _another(current, row)):
            _cut(current)
            current = None
        if current is None:
            current = {"row": row["row"], "boot": row["boot"], "channel": channel}
            current |= {"start_ms": row["utc_ms"] - _ms(row["onset_back_min"]), "end_ms": np.nan, "tier": 0.0}
            events.append(current)
            open_by_channel[channel] = current
        _extend(current, row)
        if row["ended"] == 1:
            current["end_ms"] = float(row["utc_ms"])
            del open_by_channel[channel]
    for current in open_by_channel.values():
        if current["boot"] != last_boot:
            _cut(current)
    return _table(events)


def _ms(minutes: float) -> int:
    return 0 if np.isnan(minutes) else int(minutes) * MINUTE_MS


def _another(current: dict[str, Any], row: dict[str, Any]) -> bool:
    """Whether a record names an onset more than two minutes from the open event's: then an end was never written."""
    onset = row["utc_ms"] - _ms(row["onset_back_min"])
    return bool(abs(onset - current["start_ms"]) > 2 * MINUTE_MS)


def _extend(event: dict[str, Any], row: dict[str, Any]) -> None:
    event["last_ms"] = row["utc_ms"]
    event["site"] = row["site"]
    event["tier"] = np.fmax(event["tier"], row["tier"])
    event["minutes"] = row["lasted_min"]
    for name in ("peak_kpa", "mean_kpa", "dose_kpah"):
        event[name] = row[name]


def _cut(event: dict[str, Any]) -> None:
    event["end_ms"] = float(event["last_ms"])


def _table(events: list[dict[str, Any]]) -> pd.DataFrame:
    found = pd.DataFrame(events, columns=["row", *COLUMNS[1:]]).rename(columns={"row": "first"})
    tier = pd.to_numeric(found["tier"]).fillna(0).astype(np.int64)
    found["tier"] = [TIERS[min(t, len(TIERS) - 1)] for t in tier]
    return found[list(COLUMNS)]
