# Power and chance of a virtual board: why it started, whether the charger is in, random bytes of a fixed seed, and a
# watchdog that bites in virtual time.

from talus.board import WATCHDOG_MS


class Bitten(Exception):
    """The watchdog was not fed in time: on a board, a reset."""


class VirtualPower:
    """reset_cause() -> index into kinds.RESET_CAUSES; charging(); random(n) -> bytes; feed()."""

    def __init__(self, clock, cause=0, charging=False, seed=1):
        self._clock = clock
        self._cause = cause
        self.plugged = charging
        self._state = seed
        self._fed = clock.ticks_ms()
        self.fed = 0

    def reset_cause(self):
        return self._cause

    def charging(self):
        return self.plugged

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
