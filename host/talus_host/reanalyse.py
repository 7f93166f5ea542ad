"""Raw recordings through the brace's own events again, so that brace and desk never disagree.

Samples are the grid's: one every 10 ms, whole numbers in the units of `kinds.RAW_CHANNELS`, unknown where nothing was
measured. Out come the records that a brace keeps of the same samples, with the times it keeps them at, and the same
tables of strides and of minutes of walking that the store makes of a brace's records.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from talus.events.minute import TICKS as MINUTE_TICKS
from talus.events.walking import Walking
from talus.wire import kinds, record
from talus.wire.errors import LocalError, RemoteError
from talus_host import tables
from talus_host.errors import InputError

Sample = list[int | None]
RATE_HZ = 1000 // kinds.SAMPLE_MS
MINUTE_MS = MINUTE_TICKS * kinds.SAMPLE_MS
HOUR_MINUTES = 60
CHANNELS = tuple(row[0] for row in kinds.RAW_CHANNELS)
UNKNOWN = kinds.CODES["h"][3]
LONGEST_GAP_MS = 3_600_000


@dataclass(frozen=True)
class Leg:
    """Where a brace sits and how it was set up: what its calibration and its board say.

    imu_place: one of kinds.IMU_PLACES; delays_ms: how long before its tick each channel was true, by sample index
    (talus.board.delays_ms() of a brace's own recording), None: not at all; heel: 1 to 4, the pressure channel under the
    heel; stand_cdeg: ankle angle in quiet standing, 0.01 deg, None: not calibrated.
    """

    imu_place: str = "shank"
    delays_ms: Sequence[int] | None = None
    heel: int | None = None
    stand_cdeg: int | None = None


@dataclass
class Told:
    """What the events said: (kind's name, ms on the recording's clock, payload) in the order a brace keeps them."""

    records: list[tuple[str, int, bytes]] = field(default_factory=list)

    def of(self, kind: str) -> list[tuple[int, bytes]]:
        """(ms, payload) of one kind's records."""
        return [(at_ms, payload) for name, at_ms, payload in self.records if name == kind]

    @property
    def strides(self) -> pd.DataFrame:
        """As tables.strides, with at_ms."""
        found = self.of("stride")
        return _timed(tables.strides([payload for _, payload in found]), found)

    @property
    def walks(self) -> pd.DataFrame:
        """As tables.table of walk records, with at_ms: a row for each minute that was walked in."""
        found = self.of("walk")
        return _timed(tables.table("walk", [payload for _, payload in found]), found)


def _timed(table: pd.DataFrame, found: list[tuple[int, bytes]]) -> pd.DataFrame:
    table.insert(0, "at_ms", np.array([at_ms for at_ms, _ in found], dtype=np.int64))
    return table


class _Brace:
    """What owns the events here: the clock of the recording, and where records go."""

    def __init__(self, settings: Any, leg: Leg, start_ms: int) -> None:
        if leg.imu_place not in kinds.IMU_PLACES:
            raise InputError(f"imu_place: {leg.imu_place!r} is none of {', '.join(kinds.IMU_PLACES)}")
        if leg.heel is not None and not 1 <= leg.heel <= kinds.PRESSURE_CHANNELS:
            raise InputError(f"heel: channel {leg.heel} is not from 1 to {kinds.PRESSURE_CHANNELS}")
        self.told = Told()
        self.now_ms = start_ms - kinds.SAMPLE_MS
        self._buffer = bytearray(record.HEADER + record.PAYLOAD_MAX)
        place = kinds.IMU_PLACES.index(leg.imu_place)
        heel = None if leg.heel is None else kinds.PRESSURE_1 + leg.heel - 1
        self.walking = Walking(self, settings, place, leg.delays_ms, heel, leg.stand_cdeg)

    def at_ms(self, back_ms: int) -> int:
        return max(0, self.now_ms - back_ms)

    def keep_at(self, kind: kinds.Kind, time_ms: int, values: Sequence[Any]) -> None:
        self.walking.settle()
        try:
            end = record.pack(kind, 0, values, self._buffer)
        except LocalError:
            return  # a brace loses it too, and counts it
        self.told.records.append((kind.name, time_ms, bytes(self._buffer[record.HEADER : end])))


def reanalyse(
    samples: Iterable[Sequence[int | None]], settings: Any, *, leg: Leg | None = None, start_ms: int = 0
) -> Told:
    """Every sample through the events of walking, minutes counted from the first; an unfinished last one is told too.

    samples: rows of at least kinds.SAMPLE_SIZE values in sample units, None unknown; settings: the talus Settings in
    force; leg None: as Leg's defaults; start_ms: time of the first sample. Raises InputError naming what does not fit.
    """
    brace = _Brace(settings, leg or Leg(), start_ms)
    minute = tick = 0
    for tick, sample in enumerate(samples, 1):
        if len(sample) < kinds.SAMPLE_SIZE:
            raise InputError(f"sample {tick}: {len(sample)} values, and a sample has {kinds.SAMPLE_SIZE}")
        brace.now_ms += kinds.SAMPLE_MS
        brace.walking.update(sample)
        if tick % MINUTE_TICKS == 0:
            minute += 1
            brace.walking.minute(MINUTE_MS)
            if minute % HOUR_MINUTES == 0:
                brace.walking.hour()
    brace.walking.settle()
    brace.walking.minute(tick % MINUTE_TICKS * kinds.SAMPLE_MS)
    brace.walking.hour()
    return brace.told


def from_table(table: pd.DataFrame) -> Iterator[Sample]:
    """Samples of a table with columns named as kinds.RAW_CHANNELS, in their wire units; NaN is unknown.

    Rows are 10 ms apart; a column that is not there was not measured. Raises InputError for a strange column, a value
    that is no whole number of its unit or does not fit, and a table without any channel.
    """
    strange = [name for name in table.columns if name not in CHANNELS]
    if strange or not len(table.columns):
        raise InputError(f"columns: {', '.join(map(str, strange)) or 'none'}; a sample has {', '.join(CHANNELS)}")
    values = np.full((len(table), kinds.SAMPLE_SIZE), np.nan)
    for name in table.columns:
        column = pd.to_numeric(table[name], errors="coerce").to_numpy(np.float64, na_value=np.nan)
        known = column[~np.isnan(column)]
        if len(known) and (np.any(known != np.rint(known)) or np.abs(known).max() > kinds.CODES["h"][2]):
            raise InputError(f"{name}: a value is no whole number from -32767 to 32767 of its unit")
        values[:, CHANNELS.index(name)] = column
    for row in values:
        yield [None if np.isnan(value) else int(value) for value in row]


def from_raw(blocks: Sequence[tuple[int, bytes]]) -> tuple[int, list[Sample]]:
    """(time of the first sample in ms, samples) of a brace's raw records, each (ms of its first sample, payload).

    What lies between two blocks is unknown, never joined. Raises InputError for a rate that is not the grid's, blocks
    that overlap or are more than an hour apart, a payload that ends inside a sample, and for no block at all.
    """
    if not blocks:
        raise InputError("raw: no record")
    samples: list[Sample] = []
    ordered = sorted(blocks)
    start_ms = ordered[0][0]
    for at_ms, payload in ordered:
        behind = at_ms - start_ms - len(samples) * kinds.SAMPLE_MS
        if behind <= -kinds.SAMPLE_MS or behind > LONGEST_GAP_MS:
            raise InputError(f"raw record at {at_ms} ms: the one before it ended {behind} ms before")
        samples += [[None] * kinds.SAMPLE_SIZE for _ in range((behind + kinds.SAMPLE_MS // 2) // kinds.SAMPLE_MS)]
        samples += _block(at_ms, payload)
    return start_ms, samples


def _block(at_ms: int, payload: bytes) -> Iterator[Sample]:
    try:
        channels, rate, packed = record.unpack(kinds.BY_NAME["raw"], payload)
    except RemoteError as error:
        raise InputError(f"raw record at {at_ms} ms: {error}") from None
    if rate != RATE_HZ:
        raise InputError(f"raw record at {at_ms} ms: {rate} samples a second; the grid has {RATE_HZ}")
    places = [i for i in range(len(CHANNELS)) if (channels or 0) >> i & 1]
    if not places or len(packed) % (2 * len(places)):
        raise InputError(f"raw record at {at_ms} ms: {len(packed)} bytes are no samples of {len(places)} channels")
    rows = np.frombuffer(packed, dtype="<i2").reshape(-1, len(places))
    for row in rows.tolist():
        sample: Sample = [None] * kinds.SAMPLE_SIZE
        for place, value in zip(places, row, strict=True):
            sample[place] = None if value == UNKNOWN else value
        yield sample
