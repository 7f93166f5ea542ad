"""Days of long pressures, near misses and sensors that deceive, through the brace's own judgement."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from talus.events.pressure import Pressure
from talus.settings import Settings
from talus.wire import kinds
from talus_twin.body import pressure_days
from talus_twin.body.pressure_days import Event, PressureDay

SEEDS: Sequence[int] = range(101, 113)
AMBER, RED = kinds.TIERS.index("amber"), kinds.TIERS.index("red")
ENDING_S = 420  # an event is over five minutes after its release, and the brace knows that a minute later


@dataclass
class Pressed:
    """One day, by the tier an event reached: how many were due, never told at that tier, and told though no such
    pressure was there; late_min: of each tier told, minutes after it was due."""

    seed: int
    due: dict[str, int] = field(default_factory=dict)
    missed: dict[str, int] = field(default_factory=dict)
    false: dict[str, int] = field(default_factory=dict)
    late_min: list[float] = field(default_factory=list)


def pressed(seed: int) -> Pressed:
    day = pressure_days.make(seed)
    sites = tuple(kinds.SITES.index(site) for site in day.sites)
    brace = Pressure(Settings(), sites, warmths=day.per_10000_degc)
    told = [
        (second, values[0], values[2])
        for second, values, _ in pressure_days.watch(day, brace)
        if not values[3]  # begins or rises
    ]
    found = Pressed(seed)
    for event in day.events:
        _look_for(event, told, found)
    for second, channel, tier in told:
        if not _true(day, second, channel, tier):
            name = kinds.TIERS[tier]
            found.false[name] = found.false.get(name, 0) + 1
    return found


def _look_for(event: Event, told: list[tuple[int, int, int]], found: Pressed) -> None:
    tier, due_s = (RED, event.red_s) if event.red_s is not None else (AMBER, event.amber_s)
    assert due_s is not None
    name = kinds.TIERS[tier]
    found.due[name] = found.due.get(name, 0) + 1
    near = [s for s, c, t in told if c == event.channel and t == tier and event.onset_s <= s < event.end_s + ENDING_S]
    if near:
        found.late_min.append((near[0] - due_s) / 60)
    else:
        found.missed[name] = found.missed.get(name, 0) + 1


def _true(day: PressureDay, second: int, channel: int, tier: int) -> bool:
    mine = [e for e in day.events if e.channel == channel and e.onset_s <= second <= e.end_s + ENDING_S]
    return any(tier == AMBER or event.red_s is not None for event in mine)
