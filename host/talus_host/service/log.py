"""What the service did, one JSON line an event: no person, no label, no address, no path, no id in clear.

Only the events and fields of EVENTS can be written, and only numbers, words of this program and a brace's hash as
their values: what nobody typed into this table cannot leak through it.
"""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO

FILE_MAX = 10_000_000  # bytes, about four months of two braces; then it becomes FILE.1 and a new one begins

# event: its fields. brace: hash of its id; error: class of talus_host.errors; says: sentence of pace.ADVICE
EVENTS: dict[str, tuple[str, ...]] = {
    "started": ("braces",),
    "heard": ("brace", "rssi_dbm"),
    "synced": (
        *("brace", "records", "clock_records", "duplicates", "conflicts", "missing", "bytes", "seconds"),
        *("battery_pct", "clock_within_ms", "next_try_s"),
    ),
    "failed": ("brace", "error", "says", "records", "seconds", "failures", "next_try_s"),
    "clock_moved": ("brace", "by_s"),
    "adapter_failed": ("error", "says", "failures", "next_try_s"),
    "adapter_back": (),
    "state_not_kept": ("error",),
    "stopping": ("syncing",),
    "stopped": (),
}


class Log:
    """Lines to a stream, or to a file for its owner alone. Where nothing can be written it falls silent."""

    def __init__(self, to: TextIO | Path, clock: Callable[[], int]) -> None:
        self._to = to
        self._clock = clock

    def say(self, event: str, **fields: float | str | None) -> None:
        """clock: UTC ms. Raises KeyError for an event or a field that has no row."""
        if unknown := set(fields) - set(EVENTS[event]):
            raise KeyError(f"event {event}: no field {sorted(unknown)}")
        at = datetime.fromtimestamp(self._clock() / 1000, UTC).isoformat(timespec="milliseconds")
        line = json.dumps({"at": at.replace("+00:00", "Z"), "event": event} | fields, allow_nan=False) + "\n"
        try:
            self._write(line)
        except OSError:  # a full disk, a terminal that went: the collecting goes on
            return

    def _write(self, line: str) -> None:
        if not isinstance(self._to, Path):
            self._to.write(line)
            self._to.flush()
            return
        if self._to.exists() and self._to.stat().st_size > FILE_MAX:
            self._to.replace(self._to.with_name(self._to.name + ".1"))
        with self._to.open("a", encoding="utf-8") as file:
            file.write(line)
