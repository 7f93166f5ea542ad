# The last five seconds of each channel, two bytes a value: written once a tick, read when a stride has ended.
# A value that was not measured is MISSING, never a zero. Nothing here allocates after construction.
# The loops over many ticks are talus.kernel's; their names are known here too.

from array import array

from talus.kernel import kernel

SIZE = 512  # ticks of 10 ms: the longest stride (4 s) and the time to be sure of its end; a power of two
MASK = SIZE - 1
MISSING = -32768
LIMIT = 32767

smooth = kernel.smooth
complete = kernel.complete
lowest = kernel.lowest
highest = kernel.highest
total = kernel.total


def make():
    """An empty ring: `ring[tick & MASK]` is the value at that tick."""
    return array("h", b"\x00\x80" * SIZE)


def clamp(value):
    """The nearest value a ring holds."""
    return LIMIT if value > LIMIT else -LIMIT if value < -LIMIT else value


def crossing_ms(ring, tick):
    """Where the smoothed line from `tick` to the next tick passes zero, in ms; the tick itself where it does not."""
    here = smooth(ring, tick)
    after = smooth(ring, tick + 1)
    if here == after or here * after > 0:
        return tick * 10
    return tick * 10 + here * 10 // (here - after)


class Typical:
    """The median of the last eight accepted values; None before the first."""

    def __init__(self):
        self._last = [0] * 8
        self._sorted = [0] * 8
        self.clear()

    def clear(self):
        self.count = 0
        self._next = 0
        self.median = None

    def add(self, value):
        self._last[self._next] = value
        self._next = (self._next + 1) & 7
        if self.count < 8:
            self.count += 1
        ordered = self._sorted
        for i in range(self.count):
            value = self._last[i]
            j = i
            while j and ordered[j - 1] > value:
                ordered[j] = ordered[j - 1]
                j -= 1
            ordered[j] = value
        self.median = ordered[self.count >> 1]
