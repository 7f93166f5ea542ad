"""Which civil day and hour was it where the person was? A day is what the calendar on their wall says.

Time is UTC milliseconds; the wall's zone is an IANA name and may change (travel). Days have 23, 24 or 25 hours when
the zone says so, and are longer or shorter when the person moves; nothing is scaled, nothing divided by 24.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

HOUR_MS = 3_600_000
SLOT_MS = 900_000  # every zone's hours begin on a quarter of a UTC hour
EPOCH_DAY = datetime(1970, 1, 1)


@lru_cache(maxsize=4096)
def midnight_utc_ms(zone: str, day: int, begins_h: int = 0) -> int:
    """UTC ms of the first moment of a civil day (days since 1970-01-01) in a zone, begins_h hours of the wall after
    midnight. Where that moment does not exist (the clock jumps over it) the day begins at the jump; where it comes
    twice, at the first."""
    wall = (EPOCH_DAY + timedelta(days=day, hours=begins_h)).replace(tzinfo=ZoneInfo(zone))
    return int(wall.astimezone(UTC).timestamp() * 1000)


class Calendar:
    """The person's wall calendar.

    changes: (from UTC ms, IANA zone) in order of time; the first zone reaches back for ever. begins_h: hour of the wall
    at which a day begins, 0 or, for people who wear the brace past midnight, up to 6 (clinical reference, 1.3: 4).
    """

    def __init__(self, changes: Sequence[tuple[int, str]], *, begins_h: int = 0) -> None:
        if not changes:
            raise ValueError("calendar: no zone was given")
        if not 0 <= begins_h <= 6:
            raise ValueError(f"calendar: a day begins at 0 to 6 o'clock, not {begins_h}")
        self.begins_h = begins_h
        self.zones = [zone for _, zone in changes]
        self.starts = [-(2**62), *(int(start) for start, _ in changes[1:])]
        self.ends = [*self.starts[1:], 2**62]

    def _wall_ms(self, utc_ms: np.ndarray) -> np.ndarray:
        utc = np.asarray(utc_ms, dtype=np.int64)
        wall = np.empty_like(utc)
        for zone, start, end in zip(self.zones, self.starts, self.ends, strict=True):
            inside = (utc >= start) & (utc < end)
            if inside.any():
                stamps = pd.DatetimeIndex(utc[inside].astype("datetime64[ms]")).tz_localize("UTC").tz_convert(zone)
                wall[inside] = stamps.tz_localize(None).to_numpy().astype("datetime64[ms]").astype(np.int64)
        return wall

    def day(self, utc_ms: np.ndarray) -> np.ndarray:
        """Civil day of each moment, as int64 days since 1970-01-01."""
        return (self._wall_ms(utc_ms) - self.begins_h * HOUR_MS) // (24 * HOUR_MS)

    def hour(self, utc_ms: np.ndarray) -> np.ndarray:
        """Hour of the wall, 0 to 23, of each moment."""
        return self._wall_ms(utc_ms) // HOUR_MS % 24

    def pieces(self, day: int) -> list[tuple[int, int]]:
        """[start, end) in UTC ms of the stretches that bear this date: one, unless a journey cut the day in two."""
        found = []
        for zone, start, end in zip(self.zones, self.starts, self.ends, strict=True):
            begin = max(midnight_utc_ms(zone, day, self.begins_h), start)
            stop = min(midnight_utc_ms(zone, day + 1, self.begins_h), end)
            if begin < stop:
                found.append((begin, stop))
        return _joined(found)

    def span(self, day: int) -> tuple[int, int] | None:
        """[first, last) moment in UTC ms of a day; None for a date the person's journey skipped."""
        pieces = self.pieces(day)
        return (pieces[0][0], pieces[-1][1]) if pieces else None

    def slots(self, day: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """(start ms, end ms, hour of the wall 0-23) of the quarter hours that tile a day."""
        starts: list[np.ndarray] = []
        ends: list[np.ndarray] = []
        for begin, stop in self.pieces(day):
            inner = np.arange(begin // SLOT_MS * SLOT_MS + SLOT_MS, stop, SLOT_MS, dtype=np.int64)
            edges = np.concatenate(([begin], inner, [stop]))
            starts.append(edges[:-1])
            ends.append(edges[1:])
        if not starts:
            nothing = np.array([], dtype=np.int64)
            return nothing, nothing, nothing
        start = np.concatenate(starts)
        return start, np.concatenate(ends), self.hour(start)


def _joined(pieces: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Pieces that touch are one."""
    found: list[tuple[int, int]] = []
    for begin, stop in pieces:
        if found and found[-1][1] == begin:
            found[-1] = (found[-1][0], stop)
        else:
            found.append((begin, stop))
    return found
