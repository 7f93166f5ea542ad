# A recording of a real leg -> what the brace's chips would have felt. It says what drives what, in words.
# References (contact_ref, grf_*, *_pitch*, *_mocap*) are never inputs; what the file lacks stays missing (its
# channel is absent and the chip is powered down); nothing is invented but the stillness before and after.

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from talus.wire.kinds import CODES
from talus_twin.body import alignment
from talus_twin.body.columns import AXES, CHIP_ACC_G, CHIP_GYRO_DPS, DIRECT, PLACES, STANDARD_GRAVITY
from talus_twin.body.errors import RecordingError
from talus_twin.body.reading import Table, read_table

LEAD_S = 4.0  # stillness before the first row, so that the brace's filters have settled
TAIL_S = 3.0  # and after the last, so that the last stride is closed
EASE_S = 0.2  # a rate rises from and falls to rest within this: no step the leg never made

MOST_NM = CODES["h"][2] / 1000

IDENTITY = (1000, 0, 0, 0, 1000, 0, 0, 0, 1000)
RATES_HZ = (50, 64, 80, 100, 125, 160, 200, 250, 320, 400, 500)  # rows that last whole microseconds


@dataclass(frozen=True)
class Recording:
    """What a leg's chips feel, on a uniform grid.

    columns: Leg channel -> int32 array in wire units, lead and tail included; absent channels are missing.
    rate_hz rows a second; first_s and last_s: the file's own first and last stamps; lead_s, tail_s as played.
    imu_place: "shank" or "foot", None without an IMU; imu_alignment: nine integers per 1000, forward,
    up and lateral axis of the leg in chip axes; derived: the gyro is played from a derivative; provenance:
    sentences for people.
    """

    name: str
    rate_hz: int
    columns: dict[str, np.ndarray]
    first_s: float
    last_s: float
    lead_s: float
    tail_s: float
    imu_place: str | None
    imu_alignment: tuple[int, ...]
    derived: bool
    provenance: tuple[str, ...] = field(default=())

    @property
    def duration_s(self) -> float:
        """Length of the file itself, without lead and tail."""
        return self.last_s - self.first_s

    @property
    def played_s(self) -> float:
        """Length of what is played, lead and tail included."""
        rows = len(next(iter(self.columns.values())))
        return rows / self.rate_hz

    def own_s(self, played_ms: float) -> float:
        """Milliseconds since the first row played -> seconds on the recording's own clock."""
        return self.first_s - self.lead_s + played_ms / 1000.0

    def within(self, own_s: float) -> bool:
        """Whether a time on the recording's own clock lies in the file and not in the lead or tail."""
        return self.first_s <= own_s <= self.last_s


def load(path: str | Path, lead_s: float = LEAD_S, tail_s: float = TAIL_S) -> Recording:
    """Read, check and turn one CSV file into Leg columns. Raises RecordingError, one line."""
    table = read_table(path)
    rate_hz, grid_s, how = _grid(table)
    said = [f"{table.name}: {table.time_s[-1] - table.time_s[0]:.2f} s, {len(table.time_s)} rows, {how}"]
    values = {
        name: column if grid_s is table.time_s else np.interp(grid_s, table.time_s, column)
        for name, column in table.values.items()
    }
    columns, used = _direct(values, said)
    imu = _Imu(table.name, values, rate_hz)
    columns.update(imu.columns)
    said.extend(imu.said)
    used |= imu.used
    if not columns:
        raise RecordingError(f"{table.name}: no column a brace could measure on its own (it has {', '.join(values)})")
    _say_rest(table, values, used, said)
    lead, tail = round(lead_s * rate_hz), round(tail_s * rate_hz)
    ends = _resting_acc(columns)
    held = {
        name: _held(name, column, lead, tail, rate_hz, ends.get(name, (column[0], column[-1])))
        for name, column in columns.items()
    }
    return Recording(
        table.name,
        rate_hz,
        held,
        float(grid_s[0]),
        float(table.time_s[-1]),
        lead / rate_hz,
        tail / rate_hz,
        imu.place,
        imu.alignment,
        imu.derived,
        tuple(said),
    )


def _grid(table: Table) -> tuple[int, np.ndarray, str]:
    """(rate, stamps, words): the table's own stamps when they are even and at one of RATES_HZ.

    Else an even grid at the next rate above, between whose points the values go straight.
    """
    rate = 1.0 / table.step_s
    whole = next((known for known in RATES_HZ if known > 0.99 * rate), RATES_HZ[-1])
    even = table.time_s[0] + np.arange(len(table.time_s)) / whole
    if np.max(np.abs(even - table.time_s)) < 0.1 / whole:
        return whole, table.time_s, f"{whole} Hz"
    count = int(np.floor((table.time_s[-1] - table.time_s[0]) * whole + 1e-6)) + 1
    return whole, table.time_s[0] + np.arange(count) / whole, f"{rate:.4g} Hz, put on an even {whole} Hz grid"


def _direct(values: dict[str, np.ndarray], said: list[str]) -> tuple[dict[str, np.ndarray], set[str]]:
    columns, used = {}, set()
    for name, (channel, per) in DIRECT.items():
        if name in values:
            columns[channel] = np.rint(values[name] * per).astype(np.int32)
            used.add(name)
            said.append(f"{name} drives {channel}")
    if "ankle_angle_deg" in values and np.ptp(values["ankle_angle_deg"]) < 1.6:
        said.append("note: ankle_angle_deg moves less than 1.6 deg: a solid brace, or radians?")
    over = int(np.count_nonzero(np.abs(values.get("moment_nm", np.zeros(1))) > MOST_NM))
    if over:
        said.append(f"note: moment_nm is beyond what a brace records in {over} rows (+-{MOST_NM:g} N.m): unknown there")
    return columns, used


class _Imu:
    """Which place and columns play the IMU, and how its axes lie. Everything missing stays missing."""

    def __init__(self, name: str, values: dict[str, np.ndarray], rate_hz: int) -> None:
        self.name = name
        self.values = values
        self.rate_hz = rate_hz
        self.place: str | None = None
        self.alignment: tuple[int, ...] = IDENTITY
        self.derived = False
        self.columns: dict[str, np.ndarray] = {}
        self.used: set[str] = set()
        self.said: list[str] = []
        for place in PLACES:
            raw = [f"{place}_gyro_{axis}_dps" for axis in AXES]
            if all(column in values for column in raw):
                self._raw(place, raw)
            elif f"{place}_gyro_sag_dps" in values:
                self._single(place, f"{place}_gyro_sag_dps")
            elif f"{place}_rate_derived_dps" in values:
                self.derived = True
                self._single(place, f"{place}_rate_derived_dps")
            else:
                continue
            self.place = place
            break

    def _raw(self, place: str, raw: list[str]) -> None:
        gyro = np.column_stack([self.values[column] for column in raw])
        sagittal = f"{place}_gyro_sag_dps"
        if sagittal in self.values:
            lateral, explained, gain = alignment.lateral_by_regression(gyro, self.values[sagittal])
            found = f"the axis that turns at {sagittal} ({100 * explained:.1f} % of its variance)"
            if explained < alignment.EXPLAINED_LOW:
                share = f"{100 * max(explained, 0.0):.0f} %"
                self.said.append(f"note: {place}_gyro_x/y/z_dps explain {share} of {sagittal} and are left out")
                self._single(place, sagittal)
                return
            if not 1 / alignment.GAIN < gain < alignment.GAIN:
                raise RecordingError(
                    f"{self.name}, {place}_gyro_x/y/z_dps: {sagittal} is {gain:.3g} times what they turn: another unit?"
                )
        else:
            lateral, explained = alignment.lateral_by_variance(gyro, place, self.rate_hz)
            found = f"the axis of most rotation ({100 * explained:.0f} % of it), swing positive"
        for axis, column in zip(AXES, raw, strict=True):
            self._gyro(f"gyro_{axis}", self.values[column])
        self.used |= {*raw, sagittal} & set(self.values)
        self.said.append(f"{place}_gyro_x/y/z_dps drive the gyro; lateral is {found}")
        acc = [f"{place}_acc_{axis}_mps2" for axis in AXES]
        up = np.zeros(3)
        if all(column in self.values for column in acc):
            up = self._acc(place, acc, gyro)
        self.alignment = alignment.per_mille(alignment.leg_axes(lateral, up))

    def _acc(self, place: str, acc: list[str], gyro: np.ndarray) -> np.ndarray:
        """Play the accelerometer's axes; returns gravity's direction in them, pointing up."""
        values = np.column_stack([self.values[column] for column in acc])
        up, where = alignment.gravity(values, gyro, place, self.rate_hz)
        length = float(np.median(np.linalg.norm(values, axis=1)))
        if not 5.0 < length < 20.0:
            raise RecordingError(
                f"{self.name}, {place}_acc_x/y/z_mps2: their usual length is {length:.3g} m/s2 where gravity is "
                f"{STANDARD_GRAVITY:.2f}: another unit?"
            )
        for i, axis in enumerate(AXES):
            mg = values[:, i] / STANDARD_GRAVITY * 1000
            over = int(np.count_nonzero(np.abs(mg) > CHIP_ACC_G * 1000))
            if over:
                self.said.append(f"note: {acc[i]} saturates the chip in {over} rows (+-{CHIP_ACC_G:g} g)")
            self.columns[f"acc_{axis}"] = np.rint(np.clip(mg, -CHIP_ACC_G * 1000, CHIP_ACC_G * 1000)).astype(np.int32)
        self.used |= set(acc)
        self.said.append(f"{place}_acc_x/y/z_mps2 drive the accelerometer; up is gravity in {where}")
        return up

    def _single(self, place: str, column: str) -> None:
        """One sagittal rate: the chip lies with z lateral; the two other turns are not in the file and stay at rest."""
        self._gyro("gyro_z", self.values[column])
        rest = np.zeros(len(self.values[column]), dtype=np.int32)
        self.columns["gyro_x"] = rest
        self.columns["gyro_y"] = rest
        self.used.add(column)
        label = " (derived from angles, not gyro samples)" if self.derived else ""
        self.said.append(f"{column} drives the gyro's lateral axis{label}; its other two axes are not in the file: 0")
        if f"{place}_acc_x_mps2" in self.values:
            self.said.append(f"note: {place}_acc_* left out: without raw gyro axes their directions are unknown")

    def _gyro(self, channel: str, rate_dps: np.ndarray) -> None:
        over = int(np.count_nonzero(np.abs(rate_dps) > CHIP_GYRO_DPS))
        if over:
            self.said.append(f"note: {channel} saturates the chip in {over} rows (+-{CHIP_GYRO_DPS:g} deg/s)")
        self.columns[channel] = np.rint(np.clip(rate_dps, -CHIP_GYRO_DPS, CHIP_GYRO_DPS) * 10).astype(np.int32)


def _say_rest(table: Table, values: dict[str, np.ndarray], used: set[str], said: list[str]) -> None:
    """What is absent and what was not used, so that nobody takes silence for a measurement."""
    unused = [name for name in values if name not in used]
    if unused:
        said.append("inputs not used: " + ", ".join(unused))
    if table.references:
        said.append("references, never inputs: " + ", ".join(table.references))
    if table.strangers:
        said.append("unknown columns, left alone: " + ", ".join(table.strangers))


def _resting_acc(columns: dict[str, np.ndarray]) -> dict[str, tuple[float, float]]:
    """First and last value to hold of each acceleration: the file's own direction, but 1 g long, as at rest."""
    names = [f"acc_{axis}" for axis in AXES]
    if names[0] not in columns:
        return {}
    values = np.column_stack([columns[name] for name in names]).astype(float)
    ends = values[[0, -1]]
    ends *= 1000.0 / np.maximum(np.linalg.norm(ends, axis=1, keepdims=True), 1.0)
    return {name: (float(ends[0, i]), float(ends[1, i])) for i, name in enumerate(names)}


def _held(name: str, column: np.ndarray, lead: int, tail: int, rate_hz: int, ends: tuple[float, float]) -> np.ndarray:
    """The column with `ends` (its first and last value, in the main) held before and after.

    A rate is held at rest instead, eased over EASE_S: a leg that lies still does not turn, and four seconds
    of a held swing rate would be two whole turns of the shank.
    """
    before = np.full(lead, ends[0], dtype=np.float64)
    after = np.full(tail, ends[1], dtype=np.float64)
    if name.startswith("gyro"):
        ease = round(EASE_S * rate_hz)
        rise = 0.5 - 0.5 * np.cos(np.pi * (np.arange(ease) + 0.5) / ease)
        before = before * np.concatenate((np.zeros(lead), rise))[-lead:] if lead else before
        after = after * np.concatenate((rise[::-1], np.zeros(tail)))[:tail]
    return np.concatenate((np.rint(before), column, np.rint(after))).astype(np.int32)
