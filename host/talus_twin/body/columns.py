# Every column a recording may have, as rows: the inputs with unit and range, and the references.
# A reference column (what somebody else concluded or measured beside the leg) is never an input.
# Ranges are wider than any leg and narrower than the same quantity in another unit.

import re
from dataclasses import dataclass

TIME = "time_s"
PLACES = ("shank", "foot")  # in order of preference: the brace's IMU sits on the shank unless it cannot
AXES = ("x", "y", "z")

# The IMU's own limits (LSM6DSO at +-16 g and +-2000 deg/s): beyond them it saturates, here and on a brace.
CHIP_GYRO_DPS = 2000.0
CHIP_ACC_G = 16.0
STANDARD_GRAVITY = 9.80665


@dataclass(frozen=True)
class Column:
    """One input column: its name, unit, the closed range its values must lie in."""

    name: str
    unit: str
    low: float
    high: float


def _imu_columns(place: str) -> tuple[Column, ...]:
    return (
        Column(f"{place}_gyro_sag_dps", "deg/s", -4000, 4000),
        Column(f"{place}_rate_derived_dps", "deg/s", -4000, 4000),
        *(Column(f"{place}_gyro_{axis}_dps", "deg/s", -4000, 4000) for axis in AXES),
        *(Column(f"{place}_acc_{axis}_mps2", "m/s2", -400, 400) for axis in AXES),
    )


# name -> (Leg channel, wire units per unit of the column)
DIRECT = {
    "ankle_angle_deg": ("ankle_angle", 100),
    "moment_nm": ("moment", 1000),
    "pressure_1_kpa": ("pressure_1", 100),
    "pressure_2_kpa": ("pressure_2", 100),
    "pressure_3_kpa": ("pressure_3", 100),
    "pressure_4_kpa": ("pressure_4", 100),
    "liner_degc": ("liner", 100),
    "reference_degc": ("reference", 100),
}

INPUTS = (
    Column("ankle_angle_deg", "deg", -90, 90),
    *_imu_columns("shank"),
    *_imu_columns("foot"),
    Column("moment_nm", "N.m", -200, 200),
    *(Column(f"pressure_{n}_kpa", "kPa", 0, 300) for n in range(1, 5)),
    Column("liner_degc", "degC", -20, 70),
    Column("reference_degc", "degC", -20, 85),
)
BY_NAME = {column.name: column for column in INPUTS}

REFERENCES = tuple(
    re.compile(pattern)
    for pattern in (
        r"contact_ref(_[a-z]+)?",
        r"phase_ref(_[a-z]+)?",
        r"grf_.*",
        r"(foot|shank)_pitch.*",
        r".*_mocap(_.*)?",
        r".*_ref(_.*)?",
    )
)


def is_reference(name: str) -> bool:
    """Whether this column is somebody else's conclusion and therefore never an input."""
    return any(pattern.fullmatch(name) for pattern in REFERENCES)


def meant(name: str) -> str | None:
    """The input (or time) column that `name` looks like a slip of, or None for a stranger.

    A slip is at most two edits, another case, a missing unit or another unit behind the same stem.
    """
    plain = re.sub(r"[^a-z0-9]+", "_", name.strip().lower()).strip("_")
    known = (TIME, *BY_NAME)
    for candidate in known:
        stem = candidate.rsplit("_", 1)[0]
        if plain in (candidate, stem) or plain.rsplit("_", 1)[0] == stem:
            return candidate
    near = min(known, key=lambda candidate: _edits(plain, candidate))
    return near if _edits(plain, near) <= 2 else None


def _edits(left: str, right: str) -> int:
    """Edit distance with neighbours swapped counted once (optimal string alignment)."""
    before: list[int] = []
    last = list(range(len(right) + 1))
    for i, a in enumerate(left, 1):
        row = [i]
        for j, b in enumerate(right, 1):
            best = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (a != b))
            if i > 1 and j > 1 and a == right[j - 2] and left[i - 2] == b:
                best = min(best, before[j - 2] + 1)
            row.append(best)
        before, last = last, row
    return last[-1]
