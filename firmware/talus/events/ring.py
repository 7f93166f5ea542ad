# The last five seconds of each channel, two bytes a value: written once a tick, read when a stride has ended.
# A value that was not measured is MISSING, never a zero. Nothing here allocates after construction.

from array import array

SIZE = 512  # ticks of 10 ms: the longest stride (4 s) and the time to be sure of its end; a power of two
MASK = SIZE - 1
MISSING = -32768
LIMIT = 32767


def make():
    """An empty ring: `ring[tick & MASK]` is the value at that tick."""
    return array("h", b"\x00\x80" * SIZE)


def clamp(value):
    """The nearest value a ring holds."""
    return LIMIT if value > LIMIT else -LIMIT if value < -LIMIT else value


def smooth(ring, tick):
    """(1, 2, 1)/4 around a tick: -3 dB at 18 Hz and no delay; the value itself where a neighbour is missing."""
    here = ring[tick & MASK]
    before = ring[(tick - 1) & MASK]
    after = ring[(tick + 1) & MASK]
    if here == MISSING or before == MISSING or after == MISSING:
        return here
    return (before + 2 * here + after) >> 2


def complete(ring, start, end):
    """Whether every tick of [start, end) was measured."""
    for tick in range(start, end):
        if ring[tick & MASK] == MISSING:
            return False
    return end > start


def lowest(ring, start, end):
    """The tick of the smallest smoothed value in [start, end), or -1 where nothing was measured."""
    best = -1
    least = 0
    for tick in range(start, end):
        value = smooth(ring, tick)
        if value != MISSING and (best < 0 or value < least):
            best, least = tick, value
    return best


def highest(ring, start, end):
    """The largest value in [start, end), or MISSING."""
    most = MISSING
    for tick in range(start, end):
        value = ring[tick & MASK]
        if value > most:
            most = value
    return most


def total(ring, start, end):
    """Sum of the values measured in [start, end)."""
    result = 0
    for tick in range(start, end):
        value = ring[tick & MASK]
        if value != MISSING:
            result += value
    return result


def total_positive(ring, start, end):
    """Sum of the positive values in [start, end)."""
    result = 0
    for tick in range(start, end):
        value = ring[tick & MASK]
        if value > 0:
            result += value
    return result


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
