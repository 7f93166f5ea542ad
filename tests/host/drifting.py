"""Braces whose clocks drift, and a link that keeps them waiting: what a host then knows of time, beside the truth.

The truth is the twin's clock; of it the code under test sees four stamps an exchange and the power records.
"""

import math
import random
from collections.abc import Callable

import numpy as np

from talus.wire import clock
from talus_host.collect import EXCHANGES, GOOD_MS, MOST_EXCHANGES
from talus_host.placing import Pairs, Placement, place
from talus_host.session import ClockExchange, ClockPair
from talus_host.wander import Rests
from talus_twin.board.drifting import DriftingClock

MINUTE, HOUR, DAY = 60_000, 3_600_000, 86_400_000
ZERO_UTC = 1_770_000_000_123  # UTC of true 0
TICK_MS = 10  # an active brace answers on its grid
LOST = 0.05  # packets that need another interval


class Air:
    """A connection: an event each interval at a phase of its own, a host's stack before and behind it."""

    def __init__(self, interval_ms: float, dice: random.Random) -> None:
        self.interval_ms, self.dice = interval_ms, dice
        self.phase_ms = dice.uniform(0, interval_ms)

    def next_event(self, at_ms: float) -> float:
        number = math.floor((at_ms - self.phase_ms) / self.interval_ms) + 1
        while self.dice.random() < LOST:
            number += 1
        return self.phase_ms + number * self.interval_ms

    def stack_ms(self) -> float:
        return 0.3 + self.dice.expovariate(1 / 1.5)


def exchanged(board: DriftingClock, at_ms: float, interval_ms: float, dice: random.Random) -> ClockPair:
    """What a host measures from true `at_ms` on, as collect.tell_the_time does."""
    air, measured, now = Air(interval_ms, dice), ClockExchange(), at_ms
    tick_ms = dice.uniform(0, TICK_MS)
    pair: ClockPair | None = None
    while len(measured) < EXCHANGES or (
        pair and pair.uncertainty_ms > GOOD_MS and len(measured) < EXCHANGES * MOST_EXCHANGES
    ):
        now += measured.pause_ms
        stamp, sent = measured.hold_ms, now
        came = air.next_event(now + air.stack_ms()) + dice.uniform(0, 2)  # an interrupt's delay
        left = came + clock.hold_ms(stamp)
        left = tick_ms + math.ceil((left - tick_ms) / TICK_MS) * TICK_MS
        now = air.next_event(left) + air.stack_ms()
        stamps = (ZERO_UTC + sent, board.brace_ms(came), board.brace_ms(left), ZERO_UTC + now)
        measured.add(*(math.floor(one) for one in stamps))
        pair = measured.best()
        now += air.stack_ms()
    assert pair is not None
    return pair


def a_temperature(days: float, dice: random.Random, swing: float = 20.0) -> Callable[[float], float]:
    """Outdoors, indoors, a car: somewhere in 25 +- swing degC for an hour or three, ten minutes to warm through."""
    at, degc = [0.0], [25.0]
    while at[-1] < days * DAY:
        at += [at[-1] + 10 * MINUTE, at[-1] + 10 * MINUTE + dice.uniform(1, 3) * HOUR]
        degc += [25 + dice.choice((-1, 1)) * dice.uniform(0, swing)] * 2
    return lambda true_ms: float(np.interp(true_ms, at, degc))


def some_sleep(days: float, dice: random.Random) -> list[tuple[int, int, float]]:
    """A third of each day in rests of minutes, and eight hours of night; each corrected but for up to 500 ppm."""
    found: list[tuple[int, int, float]] = []
    for day in range(math.ceil(days)):
        at = day * DAY + 10 * MINUTE
        while at < day * DAY + 15 * HOUR:
            lasts = int(dice.uniform(2, 30) * MINUTE)
            found.append((at, at + lasts, dice.uniform(-0.05, 0.05)))
            at += lasts + int(dice.uniform(5, 60) * MINUTE)
        night = day * DAY + 16 * HOUR
        found.append((night, night + 8 * HOUR - 5 * MINUTE, dice.uniform(-0.05, 0.05)))
    return found


class Life:
    """One boot of a brace over days, synced at some true moments."""

    def __init__(
        self, days: float, ppm: float, syncs: list[float], interval_ms: float, dice: random.Random, *, sleeps: bool
    ) -> None:
        asleep = some_sleep(days, dice) if sleeps else []
        slope = dice.choice((0.0, 0.1, -0.1))
        self.board = DriftingClock(days * DAY, ppm, a_temperature(days, dice), slope, asleep=asleep)
        told = [exchanged(self.board, at, interval_ms, dice) for at in syncs]
        self.pairs = Pairs(
            np.array([one.brace_ms for one in told]),
            np.array([one.utc_ms for one in told]),
            np.array([float(one.uncertainty_ms) for one in told]),
            np.ones(len(told), dtype=bool),
        )
        edges = [(0, False)] + [(at, state) for a, b, _ in asleep for at, state in ((a, True), (b, False))]
        self.rests = Rests.told(
            np.array([round(self.board.brace_ms(at)) for at, _ in edges]), np.array([state for _, state in edges])
        )
        placement = place(self.pairs, self.rests)
        assert placement is not None
        self.placement: Placement = placement

    def wrong(self, true_ms: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """(signed error of records made at these true moments, half-width stated), ms."""
        at = np.array([math.floor(self.board.brace_ms(one)) for one in true_ms.tolist()])
        return self.placement.utc(at) - (ZERO_UTC + true_ms), self.placement.uncertainty(at)
