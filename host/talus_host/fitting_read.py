"""What a stretch of a brace's samples says for a step of a fitting: its figures, a line on each, or why there is none.

Nothing is filled across a gap, and what is not known has no figure. `talus calibrate` reads the chips themselves over a
cable and sets the brace; this judges the calibrated samples of a live link by the same numbers. Where they differ:
1. Spread at rest is the calibrated angle's, put back into counts; a table of the magnet's eccentricity stretches it by
   a few per cent.
2. Pressure is the median, not the 20th percentile, and the film's creep is left in: both read higher, to the safe side.
3. The shank's angle is that against the standing of the last calibration, where it is 0.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import NamedTuple

import numpy as np
import pandas as pd

from talus import board
from talus.fitting import GATE
from talus.sensors.lsm6dso import MILLI_DPS_PER_COUNT
from talus.wire import kinds
from talus_host import reanalyse
from talus_host.calibrate.encoder import COUNTS
from talus_host.calibrate.imu import NORM_MAX_G, STILL_SD_DPS, hinge, moments_of
from talus_host.fitting_steps import USUAL
from talus_host.metrics.pressure_minutes import KPA_PER_MMHG
from talus_host.watching import COLUMNS, PER, TIME

SECONDS = {"pair": 2.0, "zero": 2.0, "standing": 5.0, "strides": 5.0, "pressure": 10.0}  # 7.1 and 7.5: 2 s, 5 s
OPEN_ENDED = frozenset({"strides"})  # as long as somebody walks
MISSING_MOST = 0.05  # [E] of a stretch, or of a channel in it
DRIFT_MAX_DEG = 2.0  # [E] from the first second to the last; a quiet stand sways by less than 1 deg
SECOND = 1000 // kinds.SAMPLE_MS
ANGLE = COLUMNS[kinds.ANGLE]
GYRO = COLUMNS[kinds.GYRO_SAGITTAL : kinds.GYRO_TRANSVERSE + 1]
ACCELERATION = COLUMNS[kinds.ACC_FORWARD : kinds.ACC_LATERAL + 1]
PRESSURES = COLUMNS[kinds.PRESSURE_1 : kinds.PRESSURE_4 + 1]
FIBULAR_HEAD = "fibular_head"


class Line(NamedTuple):
    """Something to say: a name, and the numbers that belong to it in the units of the name's sentence."""

    name: str
    facts: Mapping[str, float | str] = MappingProxyType({})


class Fitted(NamedTuple):
    """How a brace was fitted, as far as it is known. sites: of the four pressure channels, () not known; imu_place: one
    of kinds.IMU_PLACES, "" not known."""

    sites: Sequence[str] = ()
    imu_place: str = ""


@dataclass
class Read:
    """figures: by name of talus_host.fitting_steps, in its units; lines: what was read and what could not be."""

    figures: dict[str, float] = field(default_factory=dict)
    lines: list[Line] = field(default_factory=list)
    refused: bool = False


def read(step: str, samples: pd.DataFrame, fitted: Fitted) -> Read:
    """samples: since_boot_ms and the columns of talus_host.watching, NaN not measured, of one boot, the oldest first.

    Refused where they are too few, where too many are missing, and where the step's own rule is broken.
    """
    grid = _grid(samples)
    needed = round(SECONDS[step] * SECOND)
    if len(grid) < (1 - MISSING_MOST) * needed:
        return _refused("short", seconds=len(grid) / SECOND, needed=SECONDS[step])
    missing = int(grid[TIME].isna().sum())
    if missing > MISSING_MOST * len(grid):
        return _refused("gaps", missing=missing, of=len(grid))
    return JUDGES[step](grid, fitted)


def _grid(samples: pd.DataFrame) -> pd.DataFrame:
    """A row every 10 ms from the first sample to the last, NaN where none came."""
    if samples.empty:
        return samples
    at = samples[TIME].to_numpy(np.int64)
    tick = np.rint((at - at[0]) / kinds.SAMPLE_MS).astype(np.int64)
    placed = samples.set_axis(tick)
    return placed[~placed.index.duplicated()].reindex(range(int(tick[-1]) + 1))


def _refused(name: str, **facts: float | str) -> Read:
    return Read(lines=[Line(name, facts)], refused=True)


def _measured(grid: pd.DataFrame, names: Sequence[str]) -> np.ndarray | None:
    """Samples x channels where all of them were measured; None where that is not nearly always so."""
    if not set(names) <= set(grid):
        return None
    values = grid[list(names)].to_numpy(np.float64)
    known = ~np.isnan(values).any(axis=1)
    return values[known] if known.sum() >= (1 - MISSING_MOST) * len(values) else None


def _pair(grid: pd.DataFrame, _: Fitted) -> Read:
    return Read(lines=[Line("pair", {"samples": len(grid), "seconds": len(grid) / SECOND})])


def _zero(grid: pd.DataFrame, _: Fitted) -> Read:
    angle = _measured(grid, [ANGLE])
    if angle is None:
        return _refused("no_angle")
    if moved := _moved(_measured(grid, GYRO), [angle]):
        return Read(lines=[moved], refused=True)
    spread = float(angle.std()) * COUNTS / 360
    return Read({"encoder_sd_counts": round(spread, 2)}, [Line("zero", {"counts": spread})])


def _standing(grid: pd.DataFrame, fitted: Fitted) -> Read:
    found = Read()
    ankle, shank = _measured(grid, [ANGLE]), None
    force, turning = _measured(grid, ACCELERATION), _measured(grid, GYRO)
    if ankle is None:
        found.lines.append(Line("no_ankle"))
    if force is None:
        found.lines.append(Line("no_shank"))
    elif fitted.imu_place != "shank":
        found.lines.append(Line("on_foot" if fitted.imu_place else "unplaced"))
    else:
        shank = np.degrees(np.arctan2(-force[:, :1], force[:, 1:2]))  # + leaning forward, as on the person's page
    if moved := _moved(turning, [one for one in (ankle, shank) if one is not None]):
        return Read(lines=[moved], refused=True)
    gravity = float("nan") if force is None else float(np.median(np.linalg.norm(force, axis=1)))
    if shank is not None and abs(gravity - 1) > NORM_MAX_G:
        found.lines.append(Line("gravity", {"percent": 100 * abs(gravity - 1), "limit": 100 * NORM_MAX_G}))
        shank = None
    for name, angle in (("ankle", ankle), ("shank", shank)):
        if angle is not None:
            middle = float(np.median(angle))
            found.figures[f"{name}_deg"] = round(middle, 1)
            found.lines.append(Line(name, {"deg": middle, "spread": float(angle.std())}))
    found.refused = not found.figures
    return found


def _moved(turning: np.ndarray | None, angles: Sequence[np.ndarray]) -> Line | None:
    """Why this was no rest: it turned to and fro, or slowly away. Without gyro and angles nobody can say."""
    if turning is None and not angles:
        return Line("no_motion")
    if turning is not None and (rate := float(turning.std(axis=0).max())) > STILL_SD_DPS:
        return Line("moved", {"rate": rate, "limit": STILL_SD_DPS})
    away = [abs(float(np.median(one[-SECOND:]) - np.median(one[:SECOND]))) for one in angles]
    if away and max(away) > DRIFT_MAX_DEG:
        return Line("drifted", {"deg": max(away), "limit": DRIFT_MAX_DEG})
    return None


def _strides(grid: pd.DataFrame, fitted: Fitted) -> Read:
    """The brace's own events count the strides; the hinge explains as much of the turning as it does in `calibrate`."""
    if not fitted.imu_place:
        return _refused("unplaced")
    strides = reanalyse.reanalyse(_samples(grid), USUAL, leg=_leg(fitted)).strides
    valid = int(strides["valid"].sum())
    if not valid:
        return _refused("no_strides", strides=len(strides))
    found = Read({"strides": float(valid)}, [Line("strides", {"strides": len(strides), "valid": valid})])
    turning = _measured(grid, GYRO)
    moments = moments_of(np.rint(10 * turning), GATE * MILLI_DPS_PER_COUNT / 100) if turning is not None else [0]
    if not moments[0]:
        found.lines.append(Line("no_axis"))
        return found
    share = 100 * hinge(moments)[1]
    found.figures["axis_explained_pct"] = round(share, 1)
    found.lines.append(Line("axis", {"percent": share}))
    return found


def _leg(fitted: Fitted) -> reanalyse.Leg:
    heel = list(fitted.sites).index("heel") + 1 if "heel" in fitted.sites else None
    return reanalyse.Leg(fitted.imu_place, board.delays_ms(), heel)


def _samples(grid: pd.DataFrame) -> list[list[int | None]]:
    """As the brace has them: whole numbers, and the two temperatures that no live sample carries."""
    slow: list[int | None] = [None] * (kinds.SAMPLE_SIZE - len(COLUMNS))
    rows = np.rint(grid.reindex(columns=list(COLUMNS)).to_numpy(np.float64) * PER)
    return [[None if np.isnan(value) else int(value) for value in row] + slow for row in rows]


def _pressure(grid: pd.DataFrame, fitted: Fitted) -> Read:
    """Each site's median; the worst of the others only where none of them is missing: it could be that one."""
    if not fitted.sites:
        return _refused("unsited")
    found = Read()
    nerve: list[float] = []
    others: list[float] = []
    for site, name in zip(fitted.sites, PRESSURES, strict=False):
        if site == "none":
            continue
        kpa = _measured(grid, [name])
        middle = float("nan") if kpa is None else float(np.median(kpa)) / KPA_PER_MMHG
        (nerve if site == FIBULAR_HEAD else others).append(middle)
        facts: dict[str, float | str] = {"site": site}
        if kpa is not None:
            facts |= {"median": middle, "most": float(kpa.max()) / KPA_PER_MMHG}
        found.lines.append(Line("site" if kpa is not None else "no_site", facts))
    if not np.nansum([*nerve, *others]) > 0:
        return Read(lines=[*found.lines, Line("no_pressure")], refused=True)
    for figure, medians, lacks in (
        ("fibular_head_mmhg", nerve, "no_nerve"),
        ("other_sites_mmhg", others, "no_others"),
    ):
        worst = max(medians) if medians and not np.isnan(medians).any() else float("nan")
        if np.isnan(worst):
            found.lines.append(Line(lacks))
        else:
            found.figures[figure] = round(worst, 1)
    return found


JUDGES: dict[str, Callable[[pd.DataFrame, Fitted], Read]] = {
    "pair": _pair,
    "zero": _zero,
    "standing": _standing,
    "strides": _strides,
    "pressure": _pressure,
}
