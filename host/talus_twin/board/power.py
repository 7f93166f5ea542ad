# Power and chance of a virtual board: why it started, whether the charger is in, random bytes, light sleep that spends
# virtual time and ends early as a board's does, and a watchdog that bites in virtual time.
# A brace draws its ids from chance: so no two boards have the same, unless somebody gives them one seed.

import os
import random

from talus.board import WATCHDOG_MS
from talus_twin.board.memory import Memory


class Bitten(Exception):
    """The watchdog was not fed in time: on a board, a reset."""


class Restarted(Exception):
    """The program asked for a reset."""


class Off(Exception):
    """The program switched itself off: on a board only the charger or the button starts it again."""


def chance():
    """A seed nobody chose, 64 bits."""
    if hasattr(os, "urandom"):
        return int.from_bytes(os.urandom(8), "little")
    return random.getrandbits(32) << 32 | random.getrandbits(32)  # MicroPython's WebAssembly build; seeded by its host


class VirtualPower:
    """reset_cause() -> index into kinds.RESET_CAUSES; charging(); random(n) -> bytes; feed(); sleep_ms(ms); speed(mhz).

    imu: the chip whose interrupt ends a sleep, or None; button: value() 0 ends it too; horizon_us: a sleep ends before
    this moment of the clock's elapsed_us(), for a leg that has to be loaded again. slept_ms, mhz: told so far;
    memory: what outlives a reset, to be handed to the next start; seed: of random(), None for one nobody chose.
    """

    def __init__(self, clock, cause=0, charging=False, seed=None, memory=None):
        self._clock = clock
        self.memory = memory or Memory()
        self._cause = cause
        self.plugged = charging
        self._state = chance() if seed is None else seed
        self._fed = clock.ticks_ms()
        self.fed = 0
        self.imu = self.button = self.horizon_us = None
        self.slept_ms = 0
        self.mhz = 0

    def reset_cause(self):
        return self._cause

    def charging(self):
        return self.plugged

    def sleep_ms(self, ms):
        """Light sleep: at most so long, at least a millisecond; ends early as the pins of a board would end it."""
        clock = self._clock
        if self.horizon_us is not None:
            ms = min(ms, (self.horizon_us - clock.elapsed_us()) // 1000)
        if self.button is not None and not self.button.value():
            ms = 1
        elif self.imu is not None and ms > 1:
            ms = min(ms, (self.imu.wakes(clock.us, clock.us + ms * 1000 & 0x3FFFFFFF) - clock.us & 0x3FFFFFFF) // 1000)
        ms = max(ms, 1)
        self.slept_ms += ms
        clock.sleep_ms(ms)

    def speed(self, mhz):
        """The CPU's clock from here on; its table of costs stays as it is."""
        self.mhz = mhz

    def off(self):
        raise Off

    def reset(self):
        raise Restarted

    def random(self, n):
        data = bytearray(n)
        for i in range(n):
            # Knuth's MMIX generator: enough for an id of a twin, never for a key.
            self._state = self._state * 6364136223846793005 + 1442695040888963407 & 0xFFFFFFFFFFFFFFFF
            data[i] = self._state >> 56
        return bytes(data)

    def feed(self):
        """Raises Bitten when the last feeding was longer ago than the watchdog waits."""
        now = self._clock.ticks_ms()
        if now - self._fed & 0x3FFFFFFF > WATCHDOG_MS:
            raise Bitten("the watchdog waited %d ms" % (now - self._fed & 0x3FFFFFFF))
        self._fed = now
        self.fed += 1
