# Days that try to deceive a wear detector, with the truth of each second: made from the physics of wear_heat, as raw
# series and as the records a brace would keep. The same name and seed give the same day, to the last bit.

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import numpy as np

from talus_twin.body import wear_heat
from talus_twin.body.errors import PersonError
from talus_twin.body.wear_heat import Act, Build, Raw
from talus_twin.body.wear_minutes import Kept, keep

DAY_S = 86_400
HOUR_S = 3600
EPOCH_MS = int(datetime(2026, 5, 5, tzinfo=UTC).timestamp() * 1000)
Span = tuple[int, int]  # [from, to) in UTC ms
Acts = list[Act]


@dataclass(frozen=True)
class WearDay:
    """start_ms: UTC ms of its first second, of DAY_S. worn, dark and moved: spans in UTC ms on the leg, with nothing
    recorded, and carried about while not worn. raw: what the sensors gave; kept: the brace's minutes and its wear
    records."""

    name: str
    seed: int
    start_ms: int
    worn: tuple[Span, ...]
    dark: tuple[Span, ...]
    moved: tuple[Span, ...]
    raw: Raw
    kept: Kept

    def worn_s(self, grid_ms: np.ndarray, width_ms: int = 60_000) -> np.ndarray:
        """Seconds of truth on the leg in each stretch of width_ms from grid_ms on."""
        found = np.zeros(len(grid_ms))
        for a, b in self.worn:
            found += np.clip(np.minimum(grid_ms + width_ms, b) - np.maximum(grid_ms, a), 0, None) / 1000
        return found


@dataclass(frozen=True)
class _Script:
    """acts: rng -> what is done; build: what differs of the brace; blind: what is not measured; starts: hour of UTC."""

    acts: Callable[[np.random.Generator], Acts]
    cover: float = 1.0
    strap: float = 1.0
    blind: tuple[str, ...] = ()
    dark_h: tuple[float, float] | None = None
    starts: int = 0


def list_days() -> list[str]:
    """The names that `make` knows."""
    return list(SCRIPTS)


def make(name: str, seed: int = 1) -> WearDay:
    """One day. Raises PersonError for a name that is not in list_days()."""
    if name not in SCRIPTS:
        raise PersonError(f"day {name!r}: not one of {', '.join(SCRIPTS)}")
    script = SCRIPTS[name]
    rng = np.random.default_rng([seed, list(SCRIPTS).index(name)])
    built: Build = wear_heat.build(rng, cover=script.cover, strap=script.strap)
    start = EPOCH_MS + 1000 * HOUR_S * script.starts
    acts = _fitted(script.acts(rng))
    raw, spans = wear_heat.live(acts, built, start, rng)
    dark: tuple[Span, ...] = ()
    if script.dark_h is not None:
        low, high = script.dark_h
        dark = ((int(start + 1000 * HOUR_S * low), int(start + 1000 * HOUR_S * high)),)
    raw = _blinded(raw, script.blind, dark, start)
    starts = start + 1000 * np.concatenate(([0], np.cumsum([act.seconds for act in acts])))
    moved = tuple(
        (int(a), int(b))
        for act, a, b in zip(acts, starts[:-1], starts[1:], strict=True)
        if act.what in ("bag", "bus", "drive")
    )
    worn = tuple((start + 1000 * a, start + 1000 * b) for a, b in spans)
    return WearDay(name, seed, start, worn, dark, moved, raw, keep(raw))


def _fitted(acts: Acts) -> Acts:
    """Cut or drawn out to a whole day."""
    found, left = [], DAY_S
    for act in acts:
        length = min(act.seconds, left)
        if length > 0:
            found.append(Act(act.what, length, act.air_degc))
        left -= length
    if left:
        found[-1] = Act(found[-1].what, found[-1].seconds + left, found[-1].air_degc)
    return found


def _blinded(raw: Raw, blind: tuple[str, ...], dark: tuple[Span, ...], start_ms: int) -> Raw:
    pressure, liner = raw.pressure_kpa.copy(), raw.liner_degc.copy()
    if "pressure" in blind:
        pressure[:] = np.nan
    if "pressure at 0" in blind:
        pressure[:] = 0.0
    if "thermometer" in blind:
        liner[:] = np.nan
    found = replace(raw, pressure_kpa=pressure, liner_degc=liner)
    for low, high in dark:
        a, b = (low - start_ms) // 60_000, (high - start_ms) // 60_000
        for series, each in (
            (found.pressure_kpa, 60),
            (found.liner_degc, 60),
            (found.reference_degc, 60),
            (found.acceleration_g, 60 * wear_heat.ACC_HZ),
            (found.angle_sd_deg, 1),
            (found.moment_sd_nm, 1),
            (found.strides, 1),
        ):
            series[..., a * each : b * each] = np.nan
    return found


# -- what people do -----------------------------------------------------------------------------------


def _room(rng: np.random.Generator) -> float:
    return float(rng.uniform(19.0, 23.5))


def awake(seconds: float, rng: np.random.Generator, air: float, *, feet: bool = True) -> Acts:
    """Sitting, standing, walking, some of it out of doors; with a wheelchair when not on one's feet."""
    found: Acts = []
    total = 0.0
    while total < seconds:
        draw = rng.random()
        if not feet:
            act = Act("wheel" if draw < 0.4 else "sit", int(rng.uniform(300, 2400)), air)
        elif draw < 0.3:
            act = Act("walk", int(rng.uniform(60, 480)), air)
        elif draw < 0.4:
            act = Act("walk", int(rng.uniform(300, 1500)), float(rng.uniform(4, 16)))
        elif draw < 0.6:
            act = Act("stand", int(rng.uniform(60, 500)), air)
        elif draw < 0.75:
            act = Act("still", int(rng.uniform(600, 2400)), air)
        else:
            act = Act("sit", int(rng.uniform(300, 3000)), air)
        found.append(Act(act.what, int(min(act.seconds, max(1, seconds - total))), act.air_degc))
        total += found[-1].seconds
    return found


def table(hours: float, air: float) -> Act:
    return Act("table", int(hours * HOUR_S), air)


def _ordinary(rng: np.random.Generator) -> Acts:
    air = _room(rng)
    first, last = rng.uniform(6.5, 8.5), rng.uniform(20, 22.5)
    rest = rng.uniform(12.5, 13.5)
    gap = rng.uniform(0.5, 1.5)
    return [
        table(first, air),
        *awake((rest - first) * HOUR_S, rng, air),
        table(gap, air),
        *awake((last - rest - gap) * HOUR_S, rng, air),
        table(5, air),
    ]


def _bag_on_bus(rng: np.random.Generator) -> Acts:
    air, bag = _room(rng), float(rng.uniform(16, 27))
    rides = [Act("bag", 900, bag), Act("bus", int(rng.uniform(1200, 3600)), bag), Act("bag", 600, bag)]
    return [table(7, air), *rides, *awake(6 * HOUR_S, rng, air), *rides, table(7, air)]


def _hot_car(rng: np.random.Generator) -> Acts:
    air = _room(rng)
    car = [Act("drive", 1500, 30.0), Act("parked", int(rng.uniform(2, 4) * HOUR_S), float(rng.uniform(40, 50)))]
    return [table(7, air), *awake(3 * HOUR_S, rng, air), *car, Act("drive", 1500, 33.0), *awake(5 * HOUR_S, rng, air),
            table(6, air)]  # fmt: skip


def _heat_wave(rng: np.random.Generator) -> Acts:
    found = _ordinary(rng)
    return [Act(act.what, act.seconds, 33.0 + float(rng.uniform(-0.5, 1.0))) for act in found]


def _sitting_still(rng: np.random.Generator) -> Acts:
    air = _room(rng)
    return [table(8, air), *awake(1800, rng, air), Act("still", int(rng.uniform(4, 7) * HOUR_S), air),
            *awake(1800, rng, air), table(10, air)]  # fmt: skip


def _night_worn(rng: np.random.Generator) -> Acts:
    air = float(rng.uniform(16, 20))
    return [Act("lie", int(rng.uniform(6, 8) * HOUR_S), air), *awake(5 * HOUR_S, rng, air), table(6, air),
            Act("lie", 6 * HOUR_S, air)]  # fmt: skip


def _night_not_worn(rng: np.random.Generator) -> Acts:
    air = float(rng.uniform(15, 20))
    return [table(7.5, air), *awake(14 * HOUR_S, rng, air), table(3, air)]


def _removed(rng: np.random.Generator, lengths_s: list[float]) -> Acts:
    air = _room(rng)
    found = [table(6, air)]
    for length in lengths_s:
        found += [*awake(rng.uniform(0.6, 1.4) * HOUR_S, rng, air), Act("table", int(length), air)]
    return [*found, *awake(0.7 * HOUR_S, rng, air), table(8, air)]


def _five_minutes(rng: np.random.Generator) -> Acts:
    return _removed(rng, [330.0] * 6)


def _removals(rng: np.random.Generator) -> Acts:
    return _removed(rng, (60 * rng.uniform(5.5, 60, 8)).tolist())


def _wheelchair(rng: np.random.Generator) -> Acts:
    air = _room(rng)
    return [table(7.5, air), *awake(5 * HOUR_S, rng, air, feet=False), table(0.8, air),
            *awake(7 * HOUR_S, rng, air, feet=False), table(5, air)]  # fmt: skip


def _whole_day(rng: np.random.Generator) -> Acts:
    air = _room(rng)
    return [Act("lie", 7 * HOUR_S, air), *awake(15.5 * HOUR_S, rng, air), Act("lie", 2 * HOUR_S, air)]


def _midnight(rng: np.random.Generator) -> Acts:
    """Begun at noon: put on some minutes before midnight or taken off some minutes after it."""
    air = _room(rng)
    edge = 12 * HOUR_S + int(rng.integers(-300, 300))
    before, after = table(1.5, air), Act("lie", 5 * HOUR_S, air)
    if rng.random() < 0.5:
        return [before, *awake(edge - before.seconds, rng, air), table(12, air)]
    return [before, *awake(4 * HOUR_S, rng, air), Act("table", edge - before.seconds - 4 * HOUR_S, air), after,
            table(7, air)]  # fmt: skip


SCRIPTS = {
    "ordinary": _Script(_ordinary),
    "bag_on_bus": _Script(_bag_on_bus),
    "hot_car": _Script(_hot_car),
    "heat_wave": _Script(_heat_wave),
    "sitting_still": _Script(_sitting_still),
    "night_worn": _Script(_night_worn),
    "night_not_worn": _Script(_night_not_worn),
    "five_minute_removals": _Script(_five_minutes),
    "removals": _Script(_removals),
    "thick_sock": _Script(_ordinary, cover=0.65, strap=0.9),
    "strap_over_trousers": _Script(_ordinary, cover=0.85, strap=0.6),
    "dead_thermometer": _Script(_ordinary, blind=("thermometer",)),
    "dead_pressure": _Script(_removals, blind=("pressure",)),
    "pressure_at_0": _Script(_ordinary, blind=("pressure at 0",)),
    "wheelchair": _Script(_wheelchair),
    "whole_day": _Script(_whole_day),
    "flat_battery": _Script(_ordinary, dark_h=(11.0, 17.0)),
    "midnight": _Script(_midnight, starts=12),
}
