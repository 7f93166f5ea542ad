"""Pieces of Live in, samples out, and how many were dropped on the way. It never awaits and never opens anything."""

import struct
from dataclasses import dataclass

import numpy as np
import pandas as pd

from talus.wire import gatt, kinds
from talus.wire.errors import RemoteError
from talus_host.tables import column

TIME = "since_boot_ms"
COLUMNS = tuple(column(name, unit) for name, _, unit in kinds.RAW_CHANNELS)
PER = np.array([per for _, per, _ in kinds.RAW_CHANNELS], dtype=np.float64)
UNKNOWN = np.int16(kinds.CODES["h"][3])
HEADER = struct.calcsize(gatt.LIVE_HEADER)
SAMPLE_BYTES = 2 * len(COLUMNS)


@dataclass(frozen=True)
class Samples:
    """at_ms: since the brace's boot, int64; values: samples x channels in the units of COLUMNS, NaN where unknown."""

    at_ms: np.ndarray
    values: np.ndarray

    def table(self) -> pd.DataFrame:
        return pd.DataFrame({TIME: self.at_ms, **dict(zip(COLUMNS, self.values.T, strict=True))})


def joined(parts: list[Samples]) -> Samples:
    """All of them, in their order."""
    if not parts:
        return Samples(np.empty(0, np.int64), np.empty((0, len(COLUMNS))))
    return Samples(np.concatenate([one.at_ms for one in parts]), np.concatenate([one.values for one in parts]))


class Watching:
    """One brace's samples. taken: how many came; dropped: how many are missing between the first and the last; device:
    its id as 16 hex digits, "" while nobody asked."""

    def __init__(self) -> None:
        self.taken = self.dropped = 0
        self.device = ""
        self._next_ms: int | None = None

    def feed(self, piece: bytes) -> Samples:
        """The samples of one notification. Raises RemoteError for one that is no whole number of them."""
        size = len(piece) - HEADER
        if size <= 0 or size % SAMPLE_BYTES:
            raise RemoteError(f"a piece of {len(piece)} bytes holds no whole number of samples")
        (first_ms,) = struct.unpack_from(gatt.LIVE_HEADER, piece)
        told = np.frombuffer(piece, dtype="<i2", offset=HEADER).reshape(-1, len(COLUMNS))
        values = np.where(told == UNKNOWN, np.nan, told / PER)
        if self._next_ms is not None and first_ms > self._next_ms:
            self.dropped += round((first_ms - self._next_ms) / kinds.SAMPLE_MS)
        self.taken += len(told)
        self._next_ms = first_ms + kinds.SAMPLE_MS * len(told)
        return Samples(first_ms + kinds.SAMPLE_MS * np.arange(len(told), dtype=np.int64), values)
