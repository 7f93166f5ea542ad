"""What was read at the bench, as rows; the same rows as a JSON file: a session that was interrupted, or a laboratory's
own bench. A file that does not fit is refused by step, row and field."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

from talus_host import given_json
from talus_host.errors import InputError


@dataclass(frozen=True)
class Angle:
    """Encoder: circular median and SD of some readings at a jig angle; angle_deg None: moved into dorsiflexion."""

    counts: float
    sd_counts: float
    angle_deg: float | None = None
    gain: float | None = None


@dataclass(frozen=True)
class Load:
    """Bridge: a mass at a lever; toward: how the brace answers it, +1 dorsiflexion (sole down) or -1 (turned over);
    plate_deg: the plate from horizontal."""

    counts: float
    mass_kg: float
    lever_m: float
    toward: float
    plate_deg: float = 0.0
    degc: float | None = None


@dataclass(frozen=True)
class Warm:
    """Bridge unloaded, at a temperature of the brace's own reference."""

    counts: float
    degc: float


@dataclass(frozen=True)
class Squeeze:
    """FSR of a channel (1 to 4) under a known pressure."""

    counts: float
    channel: float
    kpa: float


@dataclass(frozen=True)
class Still:
    """IMU at rest, counts along the chip's axes; what: standing, or lying on one of six sides."""

    what: str
    gyro: Sequence[float]
    accel: Sequence[float]
    gyro_sd: float
    accel_sd: float
    ankle_counts: float | None = None


@dataclass(frozen=True)
class Turning:
    """IMU in motion, as talus.fitting.stretch sums it; what: strides, or lifted (one lift of leg or toes)."""

    what: str
    moments: Sequence[float]


@dataclass(frozen=True)
class Worn:
    """Sustained counts of the four inputs on a leg; what: sitting or walking; skin: 1 when it was checked and clear."""

    what: str
    channels: Sequence[float]
    skin: float = 0


ROWS = {
    "encoder": Angle,
    "weights": Load,
    "warmth": Warm,
    "pressure": Squeeze,
    "still": Still,
    "turning": Turning,
    "fit": Worn,
}
LENGTHS = {"gyro": 3, "accel": 3, "moments": 21, "channels": 4}
CHOICES = {"channel": (1, 2, 3, 4), "toward": (1, -1), "skin": (0, 1)}
NEVER_NEGATIVE = ("sd_counts", "gyro_sd", "accel_sd", "mass_kg", "lever_m", "kpa")
WORDS = {"still": ("standing", "side"), "turning": ("strides", "lifted"), "fit": ("sitting", "walking")}


@dataclass
class Readings:
    """Everything read so far, in order."""

    encoder: list[Angle] = field(default_factory=list)
    weights: list[Load] = field(default_factory=list)
    warmth: list[Warm] = field(default_factory=list)
    pressure: list[Squeeze] = field(default_factory=list)
    still: list[Still] = field(default_factory=list)
    turning: list[Turning] = field(default_factory=list)
    fit: list[Worn] = field(default_factory=list)
    roles: dict[str, str] = field(default_factory=dict)
    done: list[str] = field(default_factory=list)
    device: str = ""

    def as_json(self) -> bytes:
        return json.dumps(asdict(self), indent=1).encode()


def rows_of(readings: Readings, step: str) -> list[list[Any]]:
    """The lists a step fills: each situation adds one row to one of them."""
    return [readings.still, readings.turning] if step == "imu" else [getattr(readings, step)]


def read(path: Path) -> Readings:
    """Raises InputError naming the file, the step, the row and the field."""
    found = given_json.read(path, f"readings {path}")
    if not isinstance(found, dict):
        raise InputError(f"readings {path}: no JSON object")
    made = Readings()
    for step, rows in found.items():
        if step in ROWS:
            if not isinstance(rows, list):
                raise InputError(f"readings {path}: {step}: a list of rows belongs here")
            getattr(made, step).extend(_row(path, step, index, row) for index, row in enumerate(rows, 1))
        elif step in ("roles", "done", "device"):
            _take(path, made, step, rows)
        else:
            raise InputError(f"readings {path}: {step}: there are {', '.join(ROWS)}")
    return made


def _take(path: Path, made: Readings, step: str, rows: Any) -> None:
    if step == "done" and isinstance(rows, list) and all(isinstance(one, str) for one in rows):
        made.done.extend(rows)
    elif step == "roles" and isinstance(rows, dict) and all(isinstance(one, str) for one in rows.values()):
        made.roles.update(rows)
    elif step == "device" and isinstance(rows, str):
        made.device = rows
    else:
        raise InputError(f"readings {path}: {step}: does not fit")


def _row(path: Path, step: str, index: int, row: Any) -> Any:
    def fail(name: str, value: Any, wanted: str) -> InputError:
        return InputError(f"readings {path}: {step} row {index}: {name} {value!r} is not {wanted}")

    if not isinstance(row, dict):
        raise fail("row", row, "an object")
    kind = ROWS[step]
    names = {one.name: one for one in fields(kind)}
    for name, value in row.items():
        if name not in names:
            raise fail(name, value, "a field there is")
        if name == "what":
            if value not in WORDS[step]:
                raise fail(name, value, " or ".join(WORDS[step]))
        elif name in LENGTHS:
            if not isinstance(value, list) or len(value) != LENGTHS[name] or not all(_number(one) for one in value):
                raise fail(name, value, f"{LENGTHS[name]} numbers")
        elif not _number(value) and not (value is None and names[name].default is None):
            raise fail(name, value, "a number")
        elif value not in CHOICES.get(name, (value,)):
            raise fail(name, value, " or ".join(map(str, CHOICES[name])))
        elif name in NEVER_NEGATIVE and value < 0:
            raise fail(name, value, "0 or more")
    try:
        return kind(**row)
    except TypeError as error:
        raise InputError(f"readings {path}: {step} row {index}: {str(error).partition(') ')[2]}") from error


def _number(value: Any) -> bool:
    return type(value) in (int, float) and abs(value) < 1e30  # NaN and infinity compare False
