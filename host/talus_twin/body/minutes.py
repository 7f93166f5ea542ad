# What the brace keeps of every minute in those weeks: warmth, pressure, movement, battery; and the pressures that
# lasted. Everything is worked out on one grid of minutes from the first to the last, then cut to the boots.
# Tiers and windows are the clinical reference's (4.4 as changed by 0.4.4); how often they happen is [E].

from dataclasses import dataclass

import numpy as np

from talus import power
from talus.wire import kinds
from talus_twin.body.days import MINUTE_MS, Day, Span, overlap_ms
from talus_twin.body.scene import BOARD_S, BOARD_SHARE, SKIN_DEGC, WARM_S, first_order

DOSE_ABOVE_KPA = 2.666  # 20 mmHg
AMBER = {"fibular_head": (3.3, 10)}  # site -> (kPa, minutes of window); every other site:
AMBER_ELSE = (4.7, 15)
RED = {"fibular_head": (6.67, 30)}
RED_ELSE = (9.0, 60)
OFFSET_MIN = 5
USUAL_KPA = (1.5, 1.8, 2.6, 2.2)
STEPPED_KPA, SHIFTED_KPA = (
    3.0,
    0.12,
)  # SD of the largest change of a minute: a heel that is stood on, a leg that rests [E]
AWAKE_MIN = 30 * 60  # a charge lasts
CHARGE_MIN = 170

STATES = {name: number for number, name in enumerate(kinds.POWER_STATES)}
DUE = [MINUTE_MS // row[1] if row[1] else 0 for row in power.STATES]  # samples of a minute in each state


@dataclass(frozen=True)
class Press:
    """One pressure that lasted (truth): UTC ms of onset and end, 1-based channel, site, tier, the pressures in kPa."""

    onset_ms: int
    end_ms: int
    channel: int
    site: str
    tier: str
    peak_kpa: float
    mean_kpa: float
    dose_kpah: float
    red_ms: int | None


@dataclass(frozen=True)
class Minutes:
    """grid_ms: UTC ms of every minute's start; worn: share of it on the leg; values: n x 22, as kinds "minute"."""

    grid_ms: np.ndarray
    worn: np.ndarray
    values: np.ndarray


def warm(grid_ms: np.ndarray, worn: np.ndarray, days: list[Day], rng: np.random.Generator) -> dict[str, np.ndarray]:
    """Liner and board temperature per minute in degC: first order toward skin or room; rooms differ by day and hour."""
    count = len(days)
    index = np.clip(np.searchsorted([day.start_ms for day in days], grid_ms, side="right") - 1, 0, count - 1)
    room = 20.8 + np.cumsum(rng.normal(0, 0.35, count)) * 0.5
    room = np.clip(room, 18.5, 25.5)[index]
    hour = (grid_ms / 3.6e6) % 24
    room = room + 0.9 * np.sin((hour - 9) / 24 * 2 * np.pi)
    skin = SKIN_DEGC + rng.normal(0, 0.4, count)[index]
    liner = first_order(room + worn * (skin - room), float(room[0]), WARM_S / 60)
    reference = first_order(room + 0.6 + BOARD_SHARE * (liner - room), float(room[0]) + 0.6, BOARD_S / 60)
    return {"liner": liner + rng.normal(0, 0.05, len(liner)), "reference": reference + rng.normal(0, 0.05, len(room))}


def resting(grid_ms: np.ndarray, worn: np.ndarray, day_count: int, rng: np.random.Generator) -> np.ndarray:
    """4 x minutes of sustained pressure in kPa without events: straps differ by day and creep through it."""
    day = np.clip(((grid_ms - grid_ms[0]) // 86_400_000).astype(int), 0, day_count)
    on = np.where(worn > 0.5, 1.0, 0.0)
    hours = np.maximum.accumulate(np.where(on == 0, np.arange(len(on)), 0))
    hours = (np.arange(len(on)) - hours) / 60.0
    rows = []
    for usual in USUAL_KPA:
        strap = usual * np.exp(rng.normal(0, 0.12, day_count + 1))[day]
        rows.append(on * strap * (1 + 0.02 * hours) * np.exp(rng.normal(0, 0.05, len(on))))
    return np.minimum(np.array(rows), 3.1)


def presses(
    days: list[Day], holes: list[Span], sites: tuple[str, ...], rng: np.random.Generator
) -> list[tuple[int, int, int, float]]:
    """Tight spots to come: (channel index, onset ms, end ms, kPa). More in the first weeks, few of them red."""
    found = []
    for day in days:
        free = [span for span in day.worn if span[1] - span[0] > 60 * MINUTE_MS]
        free = [span for span in free if not any(span[0] < b and a < span[1] for a, b in holes)]
        often = 0.55 * np.exp(-day.progress / 0.25) + 0.10
        if not free or rng.random() > often:
            continue
        low, high = free[int(rng.integers(len(free)))]
        channel = int(rng.choice(4, p=(0.35, 0.25, 0.30, 0.10)))
        site = sites[channel]
        red = rng.random() < 0.15
        level, window = RED.get(site, RED_ELSE) if red else AMBER.get(site, AMBER_ELSE)
        length = int(rng.uniform(1.15, 1.6) * window + 8)
        latest = (high - low) // MINUTE_MS - length - 2 * OFFSET_MIN
        if latest < 5:
            continue
        onset = low + int(rng.integers(4, latest)) * MINUTE_MS
        ceiling = 2.0 if red else 1.7
        found.append((channel, onset, onset + length * MINUTE_MS, float(level * rng.uniform(1.15, ceiling - 0.3))))
    return found


def press(
    pressure: np.ndarray, grid_ms: np.ndarray, plans: list[tuple[int, int, int, float]], sites: tuple[str, ...],
    rng: np.random.Generator,
) -> list[Press]:  # fmt: skip
    """Write the tight spots into the 4 x minutes pressures; returns their truth by tier, window and dose."""
    found = []
    for channel, onset, end, level in plans:
        a, b = (int(np.searchsorted(grid_ms, t)) for t in (onset, end))
        if b - a < 10 or b >= len(grid_ms):
            continue
        values = level * np.exp(rng.normal(0, 0.02, b - a))
        amber, _ = AMBER.get(sites[channel], AMBER_ELSE)
        values = np.maximum(values, amber * 1.03)
        pressure[channel, a:b] = values
        red, red_window = RED.get(sites[channel], RED_ELSE)
        above = values >= red
        is_red = bool(above.all()) and b - a >= red_window
        found.append(
            Press(
                int(grid_ms[a]), int(grid_ms[a] + (b - a) * MINUTE_MS), channel + 1, sites[channel],
                "red" if is_red else "amber", float(values.max()), float(values.mean()),
                float(np.maximum(values - DOSE_ABOVE_KPA, 0).sum() / 60),
                int(grid_ms[a]) + red_window * MINUTE_MS if is_red else None,
            )
        )  # fmt: skip
    return found


def press_records(one: Press) -> list[tuple[int, str, tuple[int, ...]]]:
    """The records a brace keeps of it: (UTC ms, "pressure", values) when it begins, turns red and ends."""
    site = kinds.SITES.index(one.site)
    window = AMBER.get(one.site, AMBER_ELSE)[1]
    total = (one.end_ms - one.onset_ms) // MINUTE_MS
    peak, mean = round(one.peak_kpa * 100), round(one.mean_kpa * 100)

    def row(minutes: int, tier: int, ended: int, behind: int) -> tuple[int, str, tuple[int, ...]]:
        dose = round(100 * one.dose_kpah * min(1.0, minutes / total))
        values = (one.channel, site, tier, ended, minutes, peak, mean, dose, minutes + behind)
        return one.onset_ms + (minutes + behind) * MINUTE_MS, "pressure", values

    rows = [row(window, 1, 0, 0)]
    if one.red_ms is not None:
        rows.append(row((one.red_ms - one.onset_ms) // MINUTE_MS, 2, 0, 0))
    rows.append(row(total, 2 if one.red_ms is not None else 1, 1, OFFSET_MIN))
    return rows


def battery(grid_ms: np.ndarray, worn: np.ndarray, flats: list[Span], days: list[Day]) -> tuple[np.ndarray, np.ndarray]:
    """(percent, charging) per minute: charged at night, except before a battery went flat."""
    charging = np.zeros(len(grid_ms), dtype=bool)
    for day in days:
        if any(a - 40 * 3_600_000 < day.start_ms < a for a, _ in flats):
            continue
        charging |= (grid_ms >= day.start_ms + 4 * MINUTE_MS) & (grid_ms < day.start_ms + (CHARGE_MIN + 9) * MINUTE_MS)
    charging &= worn == 0
    percent = np.empty(len(grid_ms))
    level = 82.0
    ends = {int(np.searchsorted(grid_ms, b)) for _, b in flats}
    for i, on in enumerate(charging.tolist()):
        if i in ends:
            level = 96.0
        level = min(100.0, level + 100 / CHARGE_MIN) if on else max(3.0, level - 100 / AWAKE_MIN)
        percent[i] = level
    return percent, charging


def strapped(pressure: np.ndarray, strap: np.ndarray) -> np.ndarray:
    """4 x minutes of resting pressure under straps this tight (times the usual), still below every amber."""
    return np.minimum(pressure * strap, 3.2)


def touched(table: Minutes, spans: list[Span], strap: np.ndarray, rng: np.random.Generator) -> None:
    """Write when the pressures changed most and by how much, in place: straps that close and open, a foot that walks,
    and else what shifts a little by itself; nothing while the brace is off."""
    minute = kinds.BY_NAME["minute"]
    second, change = (table.values[:, minute.index(name)] for name in ("touch_at", "touch_change"))
    n = len(table.grid_ms)
    walked = table.values[:, minute.index("strides")] > 0
    shifted = np.where(walked, STEPPED_KPA, SHIFTED_KPA) * rng.standard_normal(n)
    on = table.worn > 0.5
    second[:] = np.where(on, rng.integers(0, 60, n), 0)
    change[:] = np.where(on, np.rint(100 * shifted), 0)
    for edge, sign in ((edge, sign) for span in spans for edge, sign in zip(span, (1, -1), strict=True)):
        at = int(np.searchsorted(table.grid_ms, edge, side="right")) - 1
        if at >= 0 and edge < table.grid_ms[at] + MINUTE_MS:
            second[at] = (edge - table.grid_ms[at]) // 1000
            change[at] = sign * round(100 * sum(USUAL_KPA) * strap[at] * float(np.exp(0.1 * rng.standard_normal())))


def moved(
    strides: np.ndarray, on: np.ndarray, law: tuple[np.ndarray, np.ndarray], rng: np.random.Generator
) -> dict[str, np.ndarray]:
    """How angle, moment and accelerometer moved in each minute, from the strides that began in it.

    law: stiffness (N.m/deg) and neutral (deg) of the brace in each.
    """
    n = len(on)
    walk = np.clip(strides / 50.0, 0, 1)
    shifted = on * (rng.random(n) < 0.35)
    angle_sd = on * (0.15 + 0.5 * rng.random(n)) + shifted * 1.5 + 6.2 * np.sqrt(walk)
    k, neutral = law
    angle = np.where(on > 0, -4.0 + 2.5 * rng.standard_normal(n) + 3.0 * walk, neutral)
    moment = on * k * (neutral - angle)
    return {
        "angle_mean": 100 * angle,
        "angle_sd": 100 * np.where(on > 0, angle_sd, 0.03),
        "moment_mean": 1000 * moment,
        "moment_sd": 1000 * np.where(on > 0, 0.02 + k * angle_sd, 0.02),
        "still_axes": np.where(on == 0, 3, np.where(strides > 0, 0, np.where(shifted > 0, 1, 3))),
        "shifted": shifted,
    }


def keep(
    grid_ms: np.ndarray, spans: list[Span], strides: np.ndarray, heat: dict[str, np.ndarray], pressure: np.ndarray,
    power: tuple[np.ndarray, np.ndarray], law: tuple[np.ndarray, np.ndarray], rng: np.random.Generator,
) -> Minutes:  # fmt: skip
    """All of it as minute records' wire values."""
    n = len(grid_ms)
    share = overlap_ms(spans, grid_ms, MINUTE_MS) / MINUTE_MS
    on = (share >= 0.5).astype(float)
    body = moved(strides, on, law, rng)
    busy = (body.pop("shifted") > 0) | (strides > 0)
    evidence = np.where(strides >= 4, kinds.EVIDENCE_GAIT, 0)
    evidence |= np.where(on > 0, kinds.EVIDENCE_CONTACT, 0)
    evidence |= np.where(heat["liner"] - heat["reference"] > 2.0, kinds.EVIDENCE_WARM, 0)
    evidence |= np.where(busy, kinds.EVIDENCE_STRAIN | kinds.EVIDENCE_ANGLE | kinds.EVIDENCE_MOTION, 0)
    percent, charging = power
    state = np.where(busy, STATES["active"], STATES["quiet"])
    state = np.where(charging, STATES["charging"], np.where(on > 0, state, STATES["stored"]))
    moving = state == STATES["active"]
    due = np.array(DUE)[state]
    missed = rng.poisson(1.2, n) * moving
    rows = {
        "worn": on,
        "evidence": evidence,
        "strides": strides,
        "samples": due - missed,
        "state": state,
        "due": due,
        "late": rng.poisson(2.0, n) * moving,
        "missed": missed,
        "resampled": np.zeros(n),
        "liner": 100 * heat["liner"],
        "reference": 100 * heat["reference"],
        **{f"pressure_{k + 1}": 100 * pressure[k] for k in range(4)},
        "battery": percent,
        "power": np.where(charging, kinds.POWER_CHARGING, 0) | np.where(percent < 15, kinds.POWER_LOW, 0),
        **body,
        "touch_at": np.zeros(n),
        "touch_change": np.zeros(n),
    }
    values = np.column_stack([np.rint(rows[name]) for name in kinds.BY_NAME["minute"].names]).astype(np.int64)
    return Minutes(grid_ms, share, values)
