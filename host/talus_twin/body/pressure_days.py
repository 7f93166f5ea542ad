# Six hours of four sites with a true story each, and what their sensors read: pressures that must be told, near misses,
# and what deceives a film sensor (creep, warmth, wet, stride peaks). Truth is of the skin, by the second, by clinical
# reference 4.4 as changed by 0.4.4; a story stays so far from each level and window that a sensor of 8 % error, which
# is what a calibrated one is allowed, changes no tier. The same seed gives the same day, to the last bit.

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from talus.wire import kinds
from talus_twin.body.creep import crept, warmed

PA_PER_MMHG = 133.322387415
SECONDS = 6 * 3600
RATE_HZ = 10
DON_S, DOFF_S = 120, SECONDS - 600
SITES = ("fibular_head", "lateral_malleolus", "dorsal_strap", "heel")
OTHERS = ("fibular_head", "medial_malleolus", "calf_cuff", "heel")
# Of the reference, in mmHg and minutes: amber, red (fibular head: its own; else A), red B.
AMBER, RED, RED_B = {"fibular_head": (25, 10), "": (35, 15)}, {"fibular_head": (50, 30), "": (67, 60)}, (150, 15)
HELD = 0.95
OFFSET_MMHG, OFFSET_S = 10, 300
STRIDE_S, STANCE = 1.2, 0.6
PEAK_KPA = 200.0
SENSOR_ERROR = 0.08
FULL_KPA = 60.0  # three times what it was calibrated at: beyond, a divider stands at its supply
Hold = tuple[float, float, float]  # from, to (s), mmHg
Story = Callable[[np.random.Generator, str], list[Hold]]


@dataclass(frozen=True)
class Event:
    """A long pressure as it truly was: channel (from 1), seconds of its onset and end, and when each tier was due.

    amber_s, red_s: None where the tier was not reached. loosened_s: when the strap was let out on account of it.
    """

    channel: int
    site: str
    onset_s: int
    end_s: int
    amber_s: int | None
    red_s: int | None
    loosened_s: int | None

    @property
    def tier(self) -> str:
        return "amber" if self.red_s is None else "red"


@dataclass(frozen=True)
class PressureDay:
    """read: (SECONDS * RATE_HZ, 4) 10 Pa as the calibrated sensors give it, -1 where nothing is measured;
    true_mmhg: (SECONDS, 4) sustained on the skin; liner_cdegc: by the second; worn: by the second; wet: (channel, from
    s, to s) in which a reading is no pressure; per_10000_degc: what a calibration at temperature says of each."""

    seed: int
    sites: tuple[str, ...]
    stories: tuple[str, ...]
    read: np.ndarray
    true_mmhg: np.ndarray
    liner_cdegc: np.ndarray
    worn: np.ndarray
    events: tuple[Event, ...]
    wet: tuple[tuple[int, int, int], ...]
    per_10000_degc: tuple[int, ...]


def amber_of(site: str) -> tuple[int, int]:
    return AMBER.get(site, AMBER[""])


def red_of(site: str) -> tuple[int, int]:
    return RED.get(site, RED[""])


# -- the stories ----------------------------------------------------------------------------------------


def _all_day(mmhg: float) -> list[Hold]:
    return [(DON_S, DOFF_S, mmhg)]


def _amber(rng: np.random.Generator, site: str) -> list[Hold]:
    """Once in the morning and once two hours later, each half as long again as it takes."""
    level, minutes = amber_of(site)
    height = level * rng.uniform(1.2, 1.5)
    return [(at, at + 60 * minutes * rng.uniform(1.4, 2.0), height) for at in (rng.uniform(900, 3000), 11000.0)]


def _red(rng: np.random.Generator, site: str) -> list[Hold]:
    level, minutes = red_of(site)
    at = rng.uniform(900, 4000)
    return [(at, at + 60 * minutes * rng.uniform(1.2, 1.5), level * rng.uniform(1.2, 1.5))]


def _red_b(rng: np.random.Generator, site: str) -> list[Hold]:
    at = rng.uniform(900, 9000)
    return [(at, at + 60 * RED_B[1] * rng.uniform(1.3, 1.6), RED_B[0] * rng.uniform(1.2, 1.6))]


def _loosened(rng: np.random.Generator, site: str) -> list[Hold]:
    """Let out between two and fifteen minutes after the tier was due."""
    level, minutes = amber_of(site)
    at = rng.uniform(900, 4000)
    return [(at, at + 60 * (minutes + rng.uniform(2, 15)), level * 1.35)]


def _under(rng: np.random.Generator, site: str) -> list[Hold]:
    """All day a sixth below amber: an hour of creep is enough to read it as amber."""
    return _all_day(amber_of(site)[0] * rng.uniform(0.80, 0.84))


def _under_red(rng: np.random.Generator, site: str) -> list[Hold]:
    return _all_day(red_of(site)[0] * rng.uniform(0.80, 0.84))


def _short(rng: np.random.Generator, site: str) -> list[Hold]:
    """High enough and never long enough, time after time."""
    level, minutes = amber_of(site)
    found, at = [], 600.0
    while at < DOFF_S - 3600:
        lasts = 60 * minutes * rng.uniform(0.6, 0.8)
        found.append((at, at + lasts, level * rng.uniform(1.3, 1.9)))
        at += lasts + rng.uniform(600, 1800)
    return found


def _broken(rng: np.random.Generator, site: str) -> list[Hold]:
    """Relief of a minute and a half in every six: three quarters of a window, never 95 of 100."""
    level = amber_of(site)[0] * 1.5
    return [(at, at + 270, level) for at in np.arange(900.0, 9000.0, 360.0)]


def _nothing(rng: np.random.Generator, site: str) -> list[Hold]:
    return []


STORIES: dict[str, Story] = {
    "amber": _amber, "red": _red, "red_b": _red_b, "loosened": _loosened, "under": _under, "under_red": _under_red,
    "short": _short, "broken": _broken, "peaks": _nothing, "wet": _nothing,
}  # fmt: skip


# -- a day ----------------------------------------------------------------------------------------------


def make(seed: int) -> PressureDay:
    """One day: four stories, so that any five seeds that follow each other tell each of them twice."""
    rng = np.random.default_rng([seed, 4441])
    sites = SITES if seed % 3 else OTHERS
    names = list(STORIES)
    stories = tuple(names[(4 * seed + channel) % len(names)] for channel in range(4))
    seconds = np.arange(SECONDS)
    worn = (seconds >= DON_S) & (seconds < DOFF_S)
    walking = _walking(rng)
    rise = (37.0 if seed % 2 == 0 else 32.0) - 24  # every other day is a hot one
    liner = 24 + np.where(worn, rise, 0) * (1 - np.exp(-np.clip(seconds - DON_S, 0, None) / 1500))
    true = np.zeros((SECONDS, 4))
    read = np.zeros((SECONDS * RATE_HZ, 4), dtype=np.int32)
    events: list[Event] = []
    wet: list[tuple[int, int, int]] = []
    alphas = []
    for channel, (site, story) in enumerate(zip(sites, stories, strict=True)):
        holds = STORIES[story](rng, site)
        true[:, channel] = _felt(rng, holds, worn)
        alpha = float(rng.normal(0, 0.004))
        alphas.append(round(10000 * alpha))
        peaks = story == "peaks" or site == "heel"
        kpa = _sensed(rng, true[:, channel], walking, liner, alpha, peaks)
        if story == "wet":
            at = int(rng.uniform(4000, 12000))
            kpa = _soaked(kpa, at)
            wet.append((channel + 1, at, SECONDS))
        read[:, channel] = np.where(kpa < 0, -1, np.rint(100 * np.minimum(kpa, 655.34)))
        let_out = round(holds[0][1]) if story == "loosened" else None
        events += events_of(true[:, channel], worn, channel + 1, site, let_out)
    events.sort(key=lambda event: (event.onset_s, event.channel))
    centi = np.rint(100 * liner).astype(np.int32)
    return PressureDay(seed, sites, stories, read, true, centi, worn, tuple(events), tuple(wet), tuple(alphas))


def _walking(rng: np.random.Generator) -> np.ndarray:
    """Ten to twenty minutes at a time, a third of the day."""
    found = np.zeros(SECONDS, dtype=bool)
    at = rng.uniform(300, 900)
    while at < DOFF_S - 1200:
        lasts = rng.uniform(600, 1200)
        found[int(at) : int(at + lasts)] = True
        at += lasts + rng.uniform(1200, 2400)
    return found


def _felt(rng: np.random.Generator, holds: list[Hold], worn: np.ndarray) -> np.ndarray:
    """Sustained mmHg on the skin: a strap's few, and each hold reached and left within half a minute."""
    strap = rng.uniform(6, 13)
    found = np.full(SECONDS, strap)
    at = np.arange(SECONDS)
    for start, end, mmhg in holds:
        ramp = np.clip(np.minimum(at - start, end - at) / 30.0 + 0.5, 0, 1)
        found = np.maximum(found, strap + (mmhg - strap) * ramp)
    return np.where(worn, found, 0.0)


def _sensed(
    rng: np.random.Generator, mmhg: np.ndarray, walking: np.ndarray, liner: np.ndarray, alpha: float, peaks: bool
) -> np.ndarray:
    """kPa that the calibrated sensor gives, RATE_HZ times a second: strides on top, creep, warmth, its error, noise."""
    base = np.repeat(mmhg * PA_PER_MMHG / 1000, RATE_HZ)
    phase = np.arange(len(base)) / RATE_HZ % STRIDE_S / STRIDE_S
    stance = np.sin(np.pi * np.clip(phase / STANCE, 0, 1)) * (base > 0) * np.repeat(walking, RATE_HZ)
    kpa = base + stance * (PEAK_KPA if peaks else 0.35 * base)
    kpa = kpa * crept(kpa, RATE_HZ, rng.uniform(0.03, 0.05)) * np.repeat(warmed(liner, alpha), RATE_HZ)
    kpa = kpa * rng.uniform(1 - SENSOR_ERROR, 1 + SENSOR_ERROR)
    return np.maximum(kpa * (1 + rng.normal(0, 0.01, len(kpa))) + rng.normal(0, 0.03, len(kpa)), 0)


def _soaked(kpa: np.ndarray, at: int) -> np.ndarray:
    """Water makes a second path, within minutes a better one than any pressure; -1: the divider at its supply."""
    since = np.clip(np.arange(len(kpa)) / RATE_HZ - at, 0, None)
    wet = kpa + FULL_KPA * 1.5 * since / 240
    return np.where(wet > FULL_KPA, -1.0, wet)


# -- truth ----------------------------------------------------------------------------------------------


def _due(mmhg: np.ndarray, level: float, minutes: int) -> np.ndarray:
    """Seconds at which the level had been held for 95 % of the minutes before."""
    above = np.concatenate([[0], np.cumsum(mmhg >= level)])
    window = 60 * minutes
    found = np.zeros(len(mmhg), dtype=bool)
    found[window - 1 :] = above[window:] - above[:-window] >= HELD * window
    return found


def events_of(mmhg: np.ndarray, worn: np.ndarray, channel: int, site: str, let_out: int | None) -> list[Event]:
    """Every event of a site's sustained pressure (by the second), one after another."""
    amber, red = amber_of(site), red_of(site)
    tiers = (_due(mmhg, *amber), _due(mmhg, *red) | _due(mmhg, *RED_B))
    found: list[Event] = []
    at = 0
    while True:
        first = np.flatnonzero(tiers[0][at:] | tiers[1][at:])
        if not len(first):
            return found
        begun = at + int(first[0])
        window = max(0, begun - 60 * amber[1] + 1)
        onset = window + int(np.argmax(mmhg[window:] >= amber[0]))
        end = _end(mmhg, worn, begun, amber[0] - OFFSET_MMHG)
        reached: list[int | None] = []
        for tier in tiers:
            when = np.flatnonzero(tier[begun:end])
            reached.append(begun + int(when[0]) if len(when) else None)
        mine = let_out if let_out is not None and onset <= let_out < end else None
        found.append(Event(channel, site, onset, end, reached[0], reached[1], mine))
        at = end + 60 * amber[1]


def _end(mmhg: np.ndarray, worn: np.ndarray, begun: int, release: float) -> int:
    """Five minutes below the release, or the brace off."""
    below = 0
    for second in range(begun, len(mmhg)):
        below = below + 1 if mmhg[second] < release else 0
        if below >= OFFSET_S or not worn[second]:
            return second
    return len(mmhg)


# -- into a brace ---------------------------------------------------------------------------------------


def watch(day: PressureDay, pressure: Any) -> Iterator[tuple[int, list[int], bool]]:
    """Feed a brace's `Pressure` the day, tick after tick: (second, values of its record, whether it prompts) of each.

    The brace's own judgement of wear is not asked: it comes off when it does, and 15 s later that is known.
    """
    sample: list[int | None] = [None] * kinds.SAMPLE_SIZE
    ticks = 100 // RATE_HZ
    first = kinds.PRESSURE_1
    for index, row in enumerate(day.read.tolist()):
        second = index // RATE_HZ
        if index % RATE_HZ == 0:
            sample[kinds.LINER] = int(day.liner_cdegc[second])
            if second == DOFF_S + 15:
                for channel in range(4):
                    if pressure.doff(channel):
                        yield second, list(pressure.values), False
        sample[first : first + 4] = [None if value < 0 else value for value in row]
        for _ in range(ticks):
            if pressure.update(sample):
                yield second, list(pressure.values), pressure.prompt
