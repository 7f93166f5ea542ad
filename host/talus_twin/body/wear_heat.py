# How a brace feels on a leg, on a table and in a bag: pressure at four sites and warmth once a second, acceleration at
# 20 Hz, from plain physics. No number here is one of a detector's settings. Sources:
# warmth: heat per area of a 3 mm polypropylene shell with 6 mm of foam, 5-9 kJ/(m2 K), against free convection and
#   radiation of 7-11 W/(m2 K) in the open (Incropera, ch. 9), 25-35 W/(m2 K) to skin under a strap; skin under a socket
#   30.5-33.5 degC (Peery 2005); a board of 15 g in its box, 4-9 min, 0.5-1.2 K above its air by its own power;
# bus and car: 0.3-0.6 m/s2 rms at the seat (ISO 2631-1, public transport); IMU: 70-110 ug/rtHz (LSM6DSO data sheet);
# straps 1-4 kPa, a shod heel in a brace 3-6 sitting and 12-25 standing, fidgeting and turning in bed: [E].

from dataclasses import dataclass

import numpy as np

ACC_HZ = 20
SITES = ("calf_cuff", "dorsal_strap", "lateral_malleolus", "heel")
HANDLED_S = 20  # a brace is turned in the hands so long before and after it is on
ON_LEG = ("walk", "stand", "sit", "still", "lie", "wheel")
OFF_LEG = ("table", "bag", "bus", "drive", "parked")
FIDGETS_PER_H = {"sit": 25.0, "still": 3.0, "lie": 5.0, "wheel": 40.0, "stand": 60.0}
STRAPS = {"walk": 1.15, "stand": 1.1, "sit": 1.0, "still": 1.0, "lie": 0.8, "wheel": 1.0}
SWAY_G = {"bag": (0.10, 0.22), "bus": (0.03, 0.06), "drive": (0.02, 0.04)}


@dataclass(frozen=True)
class Act:
    """So many seconds of one thing, in air of so many degC. What: one of ON_LEG or OFF_LEG."""

    what: str
    seconds: int
    air_degc: float

    @property
    def worn(self) -> bool:
        return self.what in ON_LEG


@dataclass(frozen=True)
class Build:
    """One brace on one leg, in physics."""

    heat_kj_m2k: float
    open_w_m2k: float
    skin_w_m2k: float
    skin_degc: float
    cover: float  # share of skin less air that the liner reaches when worn long
    board_s: float
    board_share: float
    board_own_k: float
    site_kpa: tuple[float, ...]
    empty_kpa: tuple[float, ...]
    strap: float  # of the usual pressure that reaches the sensors
    noise_g: float
    hinge_flop_deg: float
    stiffness_nm_deg: float


@dataclass(frozen=True)
class Raw:
    """second_ms: UTC ms of each second; pressure_kpa: 4 x seconds; liner_degc, reference_degc: per second;
    acceleration_g: 3 x (20 per second), forward, up, lateral; angle_deg and moment_nm: deviations per minute;
    strides: per minute. NaN where nothing was measured."""

    second_ms: np.ndarray
    pressure_kpa: np.ndarray
    liner_degc: np.ndarray
    reference_degc: np.ndarray
    acceleration_g: np.ndarray
    angle_sd_deg: np.ndarray
    moment_sd_nm: np.ndarray
    strides: np.ndarray


def build(rng: np.random.Generator, *, cover: float = 1.0, strap: float = 1.0) -> Build:
    """One of many braces. cover: below 1 where cloth lies over the sensor; strap: where it lies under the strap."""
    return Build(
        heat_kj_m2k=rng.uniform(5.0, 9.0),
        open_w_m2k=rng.uniform(7.0, 11.0),
        skin_w_m2k=rng.uniform(25.0, 35.0) * cover**2,
        skin_degc=rng.uniform(30.5, 33.5),
        cover=rng.uniform(0.80, 0.93) * cover,
        board_s=rng.uniform(240, 540),
        board_share=rng.uniform(0.15, 0.40),
        board_own_k=rng.uniform(0.5, 1.2),
        site_kpa=tuple(rng.uniform(low, high) for low, high in ((1.6, 3.0), (1.8, 3.5), (0.9, 2.2), (3.0, 6.0))),
        empty_kpa=tuple(rng.uniform(0.0, 0.2, 4)),
        strap=strap,
        noise_g=rng.uniform(70e-6, 110e-6) * np.sqrt(50),
        hinge_flop_deg=rng.uniform(0.03, 1.5),
        stiffness_nm_deg=rng.uniform(0.15, 0.6),
    )


def live(acts: list[Act], made: Build, start_ms: int, rng: np.random.Generator) -> tuple[Raw, list[tuple[int, int]]]:
    """What the sensors gave, and the spans worn in seconds: from the first strap closed to the first one opened."""
    length = np.array([act.seconds for act in acts])
    index = np.repeat(np.arange(len(acts)), length)
    starts = np.concatenate(([0], np.cumsum(length)))
    worn = np.array([act.worn for act in acts])[index]
    air = np.array([act.air_degc for act in acts])[index]
    spans = _spans(worn)
    handled = _handled(spans, len(worn))
    liner, reference = _warmth(worn, air, made, rng)
    kinds = np.array([act.what for act in acts])
    raw = Raw(
        second_ms=start_ms + 1000 * np.arange(len(worn), dtype=np.int64),
        pressure_kpa=_pressure(kinds[index], index, spans, made, rng),
        liner_degc=liner,
        reference_degc=reference,
        acceleration_g=_acceleration(acts, starts, handled, made, rng),
        **_hinge(kinds[index], handled, made, rng),
    )
    return raw, spans


def _spans(worn: np.ndarray) -> list[tuple[int, int]]:
    edges = np.flatnonzero(np.diff(np.concatenate(([0], worn.astype(int), [0]))))
    return list(zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True))


def _handled(spans: list[tuple[int, int]], seconds: int) -> np.ndarray:
    found = np.zeros(seconds, dtype=bool)
    for on, off in spans:
        for edge in (on, off):
            if 0 < edge < seconds:
                found[max(0, edge - HANDLED_S) : edge + HANDLED_S] = True
    return found


def _warmth(worn: np.ndarray, air: np.ndarray, made: Build, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """First order, with one time constant on the skin and another in the open."""
    n = len(worn)
    warmed = air + made.cover * (made.skin_degc + 0.4 * np.sin(np.arange(n) / 14_000 + rng.uniform(0, 6)) - air)
    goal = np.where(worn, warmed, air)
    capacity = 1000 * made.heat_kj_m2k
    tau = np.where(worn, capacity / made.skin_w_m2k, capacity / made.open_w_m2k)
    liner = np.empty(n)
    board = np.empty(n)
    level = float(goal[0])
    outside = float(air[0] + made.board_own_k + made.board_share * (level - air[0]))
    give = -np.expm1(-1 / tau)
    share = -np.expm1(-1 / made.board_s)
    own = air + made.board_own_k
    for i, (want, part, base, around) in enumerate(
        zip(goal.tolist(), give.tolist(), own.tolist(), air.tolist(), strict=True)
    ):
        level += part * (want - level)
        outside += share * (base + made.board_share * (level - around) - outside)
        liner[i] = level
        board[i] = outside
    return liner + rng.normal(0, 0.02, n), board + rng.normal(0, 0.05, n)


def _pressure(
    what: np.ndarray, index: np.ndarray, spans: list[tuple[int, int]], made: Build, rng: np.random.Generator
) -> np.ndarray:
    """Four sites. A brace goes on heel first, then strap by strap; it comes off strap by strap within seconds."""
    n = len(what)
    found = np.empty((4, n))
    for site, empty in enumerate(made.empty_kpa):
        found[site] = empty
    _squeeze(found, what, index, rng)
    for on, off in spans:
        t = np.arange(on, off)
        doing = what[on:off]
        hours = (t - on) / 3600
        fidget = _steps(doing, rng, 0.10)
        for site in range(4):
            part = _heel(doing, made) if site == 3 else made.site_kpa[site] * np.vectorize(STRAPS.get)(doing)
            creep = 1 + 0.05 * np.log1p(6 * hours)
            load = part * made.strap * creep * fidget
            walking = doing == "walk"
            load = load * np.exp(rng.normal(0, 1, len(t)) * np.where(walking, 0.2, 0.02))
            late = (0, int(rng.integers(5, 15)), 2, -int(rng.integers(2, 8)))[site] if on > 0 else 0
            soon = (0, int(rng.integers(1, 5)), int(rng.integers(2, 8)), int(rng.integers(3, 10)))[site]
            begin, end = max(0, on + late), off + soon if off < n else n
            held = np.interp(np.arange(begin, min(end, n)), t, load)
            found[site, begin : min(end, n)] += held
    return np.maximum(0.0, found + rng.normal(0, 0.02, found.shape))


def _heel(doing: np.ndarray, made: Build) -> np.ndarray:
    sitting = made.site_kpa[3]
    return np.select([doing == "lie", doing == "stand", doing == "walk"], [0.4, 4 * sitting, 2.5 * sitting], sitting)


def _steps(doing: np.ndarray, rng: np.random.Generator, spread: float) -> np.ndarray:
    """Pressure shifts with each fidget and each change of what is done."""
    rate = np.vectorize(lambda w: FIDGETS_PER_H.get(w, 10.0))(doing) / 3600
    shifted = rng.random(len(doing)) < rate
    shifted[1:] |= doing[1:] != doing[:-1]
    group = np.cumsum(shifted)
    return np.exp(rng.normal(0, spread, group[-1] + 1))[group]


def _squeeze(found: np.ndarray, what: np.ndarray, index: np.ndarray, rng: np.random.Generator) -> None:
    """What else lies in a bag presses on a site or two, and shifts."""
    for act in np.unique(index[np.isin(what, ("bag", "bus"))]):
        at = np.flatnonzero(index == act)
        for site in rng.choice(4, int(rng.integers(0, 3)), replace=False):
            level = rng.uniform(0.1, 1.5)
            group = np.cumsum(rng.random(len(at)) < 1 / 90)
            found[site, at] += level * np.exp(rng.normal(0, 0.5, group[-1] + 1))[group]


def _acceleration(
    acts: list[Act], starts: np.ndarray, handled: np.ndarray, made: Build, rng: np.random.Generator
) -> np.ndarray:
    """Gravity along how it lies, what moves it, and the chip's own noise."""
    n = int(starts[-1]) * ACC_HZ
    found = rng.normal(0, made.noise_g, (3, n))
    for act, begin, end in zip(acts, starts[:-1].tolist(), starts[1:].tolist(), strict=True):
        a, b = begin * ACC_HZ, end * ACC_HZ
        found[:, a:b] += _gravity(act, b - a, rng) + _motion(act, b - a, rng)
    held = np.repeat(handled, ACC_HZ)
    found[:, held] += rng.normal(0, 0.15, (3, int(held.sum())))
    return found.astype(np.float32)


def _gravity(act: Act, n: int, rng: np.random.Generator) -> np.ndarray:
    """Direction of up in the leg; a fidget or a turn in bed moves it, a brace that lies keeps it."""
    upright = act.what in ("walk", "stand", "sit", "still", "wheel")
    rate = FIDGETS_PER_H.get(act.what, 0.0) / 3600 / ACC_HZ
    group = np.cumsum(rng.random(n) < rate)
    count = int(group[-1]) + 1
    middle = np.array([0.1, 1.0, 0.0]) if upright else rng.normal(0, 1, 3)
    spread = 0.06 if upright else 0.4
    ways = middle[:, None] + spread * rng.normal(0, 1, (3, count))
    return (ways / np.linalg.norm(ways, axis=0))[:, group]


def _motion(act: Act, n: int, rng: np.random.Generator) -> np.ndarray:
    t = np.arange(n) / ACC_HZ
    if act.what in ("walk", "bag"):
        hz = rng.uniform(0.75, 1.0) if act.what == "walk" else rng.uniform(1.6, 2.0)
        size = np.array([0.35, 0.28, 0.12]) if act.what == "walk" else rng.uniform(*SWAY_G["bag"]) * np.ones(3)
        phase = 2 * np.pi * hz * t + 0.3 * np.sin(t / 7)
        wave = np.array([np.sin(phase), np.sin(2 * phase + 1), np.cos(phase + 2)])
        return size[:, None] * (wave + rng.normal(0, 0.4, (3, n)))
    if act.what in SWAY_G:
        rms = rng.uniform(*SWAY_G[act.what])
        stops = np.repeat(rng.random(n // (20 * ACC_HZ) + 1) < 0.15, 20 * ACC_HZ)[:n]  # at lights and stops
        return rms * np.where(stops, 0.15, 1.0) * rng.normal(0, 1, (3, n))
    rate = FIDGETS_PER_H.get(act.what, 0.0) / 3600 / ACC_HZ
    bumps = np.convolve((rng.random(n) < rate) * rng.uniform(0.02, 0.2, n), np.hanning(2 * ACC_HZ))[:n]
    pulse = 0.001 if act.worn else 0.0
    return (bumps + pulse) * rng.normal(0, 1, (3, n))


def _hinge(what: np.ndarray, handled: np.ndarray, made: Build, rng: np.random.Generator) -> dict[str, np.ndarray]:
    """How the hinge bent and how the brace was loaded in each minute: a loose brace flops, and nothing loads it."""
    n = len(what) // 60
    minute = what[: 60 * n].reshape(n, 60)[:, 30]
    held = handled[: 60 * n].reshape(n, 60).any(axis=1)
    stirred = rng.random(n)
    angle = np.select(
        [minute == "walk", minute == "stand", np.isin(minute, ("sit", "wheel")), np.isin(minute, ("still", "lie"))],
        [rng.uniform(4, 8, n), rng.uniform(0.4, 1.5, n), np.where(stirred < 0.35, rng.uniform(0.5, 2.5, n), 0.12),
         np.where(stirred < 0.06, rng.uniform(0.3, 1.5, n), 0.06)],
        0.03,
    )  # fmt: skip
    loose = np.isin(minute, ("bag", "bus", "drive"))
    angle = np.where(loose, made.hinge_flop_deg * rng.uniform(0.5, 1.0, n), angle)
    angle = np.where(held, np.maximum(angle, rng.uniform(1, 4, n)), angle)
    leg = np.isin(minute, ON_LEG)
    moment = 0.01 + np.where(leg, made.stiffness_nm_deg * angle, np.where(loose | held, 0.02, 0.0))
    pace = np.where(minute == "walk", rng.integers(38, 56, n), 0)
    return {"angle_sd_deg": angle, "moment_sd_nm": moment, "strides": pace.astype(np.float64)}
