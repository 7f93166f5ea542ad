# What a brace would keep of such a day: minute records and wear records. The features are worked out here, from their
# definitions (clinical reference, 1.2) and not by the brace's code, which a test holds them to; what the brace took
# each minute for is said by its own light machine, talus.events.wear, over these features.

from dataclasses import dataclass

import numpy as np

from talus.events import minute as places
from talus.events.wear import Wear
from talus.settings import Settings
from talus.wire import kinds
from talus_twin.body.wear_heat import ACC_HZ, Raw

NAMES = kinds.BY_NAME["minute"].names
STILL_G = 0.008  # the record's own definition: axes with an SD under 8 milli-g
ACTIVE = kinds.POWER_STATES.index("active")
TOUCH_S = 5


@dataclass(frozen=True)
class Kept:
    """grid_ms: UTC ms of each minute's start; values: minutes x fields of kinds "minute" in wire units, NaN unknown;
    wear: (UTC ms, worn or None, seconds back, evidence) of each wear record."""

    grid_ms: np.ndarray
    values: np.ndarray
    wear: tuple[tuple[int, int | None, int, int], ...]


class _Heard:
    """A minute and its pressure as Wear reads them."""

    def __init__(self) -> None:
        self.values: list[int | None] = [None] * len(NAMES)
        self.mean: list[int | None] = [None] * places.COUNT
        self.sd: list[int | None] = [None] * places.COUNT
        self.median: list[int | None] = [None] * kinds.PRESSURE_CHANNELS


def keep(raw: Raw) -> Kept:
    """Every minute of which anything was measured."""
    n = len(raw.strides)
    columns = {name: np.full(n, np.nan) for name in NAMES}
    for name, series in (("liner", raw.liner_degc), ("reference", raw.reference_degc)):
        columns[name] = np.rint(100 * _mean(series[: 60 * n].reshape(n, 60)))
    sustained, median = _quantiles(raw.pressure_kpa, n)
    for site in range(4):
        columns[f"pressure_{site + 1}"] = sustained[site]
    sd = raw.acceleration_g[:, : 60 * n * ACC_HZ].reshape(3, n, 60 * ACC_HZ).std(axis=2)
    columns["still_axes"] = np.where(np.isnan(sd).all(axis=0), np.nan, (sd < STILL_G).sum(axis=0))
    columns["angle_sd"] = np.rint(100 * raw.angle_sd_deg)
    columns["moment_sd"] = np.rint(1000 * raw.moment_sd_nm)
    columns["strides"] = raw.strides
    columns["touch_at"], columns["touch_change"] = touches(raw.pressure_kpa, n)
    columns["samples"] = columns["due"] = np.full(n, 6000.0)
    columns["state"] = np.full(n, float(ACTIVE))
    known = ~np.isnan(raw.strides)
    wear = _heard(raw, columns, median, known)
    values = np.column_stack([columns[name] for name in NAMES])
    return Kept(raw.second_ms[: 60 * n : 60][known], values[known], tuple(wear))


def touches(pressure_kpa: np.ndarray, minutes: int) -> tuple[np.ndarray, np.ndarray]:
    """(second, change in 10 Pa) per minute of the largest change of the summed pressure: the mean of the five seconds
    from it on less that of the five before. A change whose five seconds end in the next minute is the next minute's,
    told as its second 0. NaN where no site is measured."""
    measured = ~np.isnan(pressure_kpa).all(axis=1)
    at, change = np.full(minutes, np.nan), np.full(minutes, np.nan)
    if not measured.any():
        return at, change
    total = np.sum(pressure_kpa[measured], axis=0)
    whole = np.concatenate(([0.0], np.cumsum(np.nan_to_num(total))))
    lost = np.concatenate(([0], np.cumsum(np.isnan(total))))
    first = np.arange(TOUCH_S, len(total) - TOUCH_S + 1)
    step = (whole[first + TOUCH_S] - 2 * whole[first] + whole[first - TOUCH_S]) / TOUCH_S
    step[lost[first + TOUCH_S] > lost[first - TOUCH_S]] = np.nan
    heard = (first + TOUCH_S - 1) // 60
    for minute in range(minutes):
        a, b = np.searchsorted(heard, (minute, minute + 1))
        if b > a and not np.isnan(step[a:b]).all():
            best = a + int(np.nanargmax(np.abs(step[a:b])))
            at[minute] = max(0, int(first[best]) - 60 * minute)
            change[minute] = np.rint(100 * step[best])
    return at, change


def _mean(rows: np.ndarray) -> np.ndarray:
    known = (~np.isnan(rows)).sum(axis=1)
    return np.where(known >= 30, np.nansum(rows, axis=1) / np.maximum(known, 1), np.nan)


def _quantiles(pressure_kpa: np.ndarray, minutes: int) -> tuple[np.ndarray, np.ndarray]:
    """(20th percentile, median) of each minute and site in 10 Pa, to the steps in which the brace keeps them."""
    rows = np.sort(pressure_kpa[:, : 60 * minutes].reshape(4, minutes, 60), axis=2)
    unknown = np.isnan(rows).sum(axis=2) > 30
    found = []
    for place in (11, 29):
        dapa = 100 * rows[:, :, place]
        steps = np.where(dapa < 1280, 10 * np.floor(dapa / 10) + 5, 1280 + 50 * np.floor((dapa - 1280) / 50) + 25)
        found.append(np.where(unknown, np.nan, steps))
    return found[0], found[1]


def _heard(
    raw: Raw, columns: dict[str, np.ndarray], median: np.ndarray, known: np.ndarray
) -> list[tuple[int, int | None, int, int]]:
    """The light machine's word on every minute, written into the columns; the wear records it makes."""
    wear = Wear(Settings())
    told = []
    evidence = np.full(len(known), np.nan)
    state = np.full(len(known), np.nan)
    for i in np.flatnonzero(known).tolist():
        if i and not known[i - 1]:
            wear = Wear(Settings())  # it has started anew
        heard = _Heard()
        for name, place in (("liner", places.LINER), ("reference", places.REFERENCE)):
            heard.mean[place] = _whole(columns[name][i])
        for name, place in (("angle_sd", places.ANGLE), ("moment_sd", places.MOMENT)):
            heard.sd[place] = _whole(columns[name][i])
        for name in ("strides", "still_axes", "touch_at", "touch_change"):
            heard.values[kinds.BY_NAME["minute"].index(name)] = _whole(columns[name][i])
        heard.median = [_whole(value) for value in median[:, i]]
        if wear.minute(heard, heard):
            told.append((int(raw.second_ms[60 * i]) + 60_000, wear.state, wear.edge_back_s, wear.evidence))
        evidence[i] = wear.evidence
        state[i] = np.nan if wear.state is None else wear.state
    columns["evidence"], columns["worn"] = evidence, state
    return told


def _whole(value: float) -> int | None:
    return None if np.isnan(value) else int(value)
