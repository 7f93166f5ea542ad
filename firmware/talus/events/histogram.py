# The running quantiles of one pressure channel over a minute, from a histogram that forgets: ten samples a second in,
# 600 kept. Steps are 0.1 kPa up to 12.8 kPa (the tiers of skin) and 0.5 kPa above, to 76 kPa.

from array import array

SPAN = 600
FINE = 128
FINE_STEP = 10  # 10 Pa each, so 0.1 kPa
COARSE_STEP = 50
BINS = 255
UNKNOWN = 255


class Histogram:
    """`put` ten times a second; `quantile` when asked. Values are in 10 Pa, None is not measured."""

    def __init__(self):
        self._bins = array("h", bytes(2 * BINS))
        self._kept = bytearray(b"\xff" * SPAN)
        self._at = 0
        self.known = 0

    def put(self, value):
        """Take in one value and forget the one of a minute ago."""
        old = self._kept[self._at]
        if old != UNKNOWN:
            self._bins[old] -= 1
            self.known -= 1
        if value is None:
            new = UNKNOWN
        else:
            if value < FINE * FINE_STEP:
                new = value // FINE_STEP if value > 0 else 0
            else:
                new = FINE + (value - FINE * FINE_STEP) // COARSE_STEP
                if new >= BINS:
                    new = BINS - 1
            self._bins[new] += 1
            self.known += 1
        self._kept[self._at] = new
        self._at = self._at + 1 if self._at < SPAN - 1 else 0

    def put_often(self, value, times):
        """The same value so many times."""
        for _ in range(min(times, SPAN)):
            self.put(value)

    def quantile(self, percent):
        """Middle of the bin that holds the quantile; None when less than half a minute is known."""
        if self.known < SPAN // 2:
            return None
        wanted = self.known * percent
        below = 0
        for i in range(BINS):
            below += 100 * self._bins[i]
            if below >= wanted and below:
                break
        if i < FINE:
            return i * FINE_STEP + FINE_STEP // 2
        return FINE * FINE_STEP + (i - FINE) * COARSE_STEP + COARSE_STEP // 2
