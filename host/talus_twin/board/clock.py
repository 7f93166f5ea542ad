# A board's clock that moves only when something costs time: the handle main.py makes of the module `time`.
# Ticks wrap at 2**30 like a 32-bit board's. In its course nothing is allocated.

MASK = 0x3FFFFFFF


class VirtualClock:
    """ticks_ms(), ticks_us(), sleep_ms(n), sleep_us(n), and spend(us) for what a cost takes."""

    def __init__(self, costs, start_ms=0):
        self.costs = costs
        self.us = start_ms % 1073742 * 1000 & MASK
        self._ms = start_ms & MASK
        self._part_us = 0
        self._laps = 0
        self._before = self.us

    def ticks_us(self):
        return self.us

    def ticks_ms(self):
        return self._ms

    def spend(self, us):
        """Let us microseconds pass (0 to 2**29)."""
        left = MASK - self.us
        if us > left:  # never a sum above 2**30: that would be an object on a 32-bit heap
            self.us = us - left - 1
            self._laps += 1
        else:
            self.us += us
        part = self._part_us + us
        if part >= 1000:
            self._ms = self._ms - (MASK - part // 1000 + 1) & MASK
            part %= 1000
        self._part_us = part

    def sleep_us(self, us):
        if us > 0:
            self.spend(us)

    def sleep_ms(self, ms):
        while ms > 500000:
            self.spend(500000000)
            ms -= 500000
        if ms > 0:
            self.spend(ms * 1000)

    def elapsed_us(self):
        """All the time since the start, without a wrap; allocates on a 32-bit board."""
        return self._laps * (MASK + 1) + self.us - self._before
