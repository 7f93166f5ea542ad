# One minute in numbers: means and standard deviations of what was measured in it, and how many strides began.
# A channel measured on less than half of the ticks is None. No sum grows beyond 2^30 while the minute lasts: squares
# are kept in two halves, and only the end of the minute joins them (the one allocation, once in 6000 ticks).

from array import array

import talus.wire.kinds as kinds
from talus.kernel import kernel

MINUTE = kinds.BY_NAME["minute"]
TICKS = 60000 // kinds.SAMPLE_MS
ANGLE, MOMENT, ACC_FORWARD, ACC_UP, ACC_LATERAL, LINER, REFERENCE = range(7)
CHANNELS = (
    kinds.ANGLE,
    kinds.MOMENT,
    kinds.ACC_FORWARD,
    kinds.ACC_UP,
    kinds.ACC_LATERAL,
    kinds.LINER,
    kinds.REFERENCE,
)
COUNT = len(CHANNELS)
PLACES = bytes(CHANNELS)
STRIDES = MINUTE.index("strides")
STILL_AXES = MINUTE.index("still_axes")
FIRST_PRESSURE = MINUTE.index("pressure_1")
# (field of the record, channel whose mean or deviation fills it)
MEANS = ((MINUTE.index("liner"), LINER), (MINUTE.index("reference"), REFERENCE))
MEANS += ((MINUTE.index("angle_mean"), ANGLE), (MINUTE.index("moment_mean"), MOMENT))
DEVIATIONS = ((MINUTE.index("angle_sd"), ANGLE), (MINUTE.index("moment_sd"), MOMENT))
ACCELERATIONS = (ACC_FORWARD, ACC_UP, ACC_LATERAL)


class Minute:
    """`update` once a tick; 1 at the end of each minute. Then `values` is a "minute" record's list, with None for the
    fields that are not its own: worn, evidence, samples, late, missed, resampled, battery and power.

    `pressure`, when given, lends its sustained values. `sd[i]` is the deviation of CHANNELS[i], or None.
    """

    def __init__(self, settings, pressure=None):
        self.retune(settings)
        self._pressure = pressure
        made = [array("i", [0] * COUNT) for _ in range(5)]
        self._origin, self._count, self._sum, self._low, self._high = made
        self._sums = tuple(made) + (None,)
        self._ticks = 0
        self._strides = 0
        self.mean = [None] * COUNT
        self.sd = [None] * COUNT
        self.values = [None] * len(MINUTE.names)

    def retune(self, settings):
        """Work with these from now on; nothing under way is lost."""
        self._still = settings.still_sd_mg

    def update(self, s, stride):
        """Take in a sample and whether a valid stride has just been closed."""
        kernel.sum_up(s, PLACES, self._sums)
        if stride:
            self._strides += 1
        self._ticks += 1
        if self._ticks < TICKS:
            return 0
        self._finish()
        return 1

    @property
    def left(self):
        """Ticks until its end."""
        return TICKS - self._ticks

    def slow(self, s, ticks):
        """One sample that stands for so many ticks, of those that are left; 1 at the end of the minute."""
        for i in range(COUNT):
            value = s[CHANNELS[i]]
            if value is None:
                continue
            if not self._count[i]:
                self._origin[i] = value
            self._count[i] += ticks
            value = max(-32767, min(32767, value - self._origin[i]))
            self._sum[i] += value * ticks
            value *= value
            self._low[i] += (value & 0xFFFF) * ticks
            self._high[i] += (value >> 16) * ticks
        self._ticks += ticks
        if self._ticks < TICKS:
            return 0
        self._finish()
        return 1

    def _finish(self):
        for i in range(COUNT):
            count = self._count[i]
            self.mean[i] = self.sd[i] = None
            if count >= TICKS // 2:
                total = self._sum[i]
                squares = (self._high[i] << 16) + self._low[i]
                self.mean[i] = self._origin[i] + (total + count // 2) // count
                self.sd[i] = root((squares - total * total // count) // count)
            self._count[i] = self._sum[i] = self._low[i] = self._high[i] = 0
        self._fill()
        self._ticks = self._strides = 0

    def _fill(self):
        values = self.values
        values[STRIDES] = min(self._strides, 254)
        values[STILL_AXES] = None
        if self.sd[ACC_FORWARD] is not None:
            still = 0
            for i in ACCELERATIONS:
                if self.sd[i] is not None and self.sd[i] < self._still:
                    still += 1
            values[STILL_AXES] = still
        for field, channel in MEANS:
            values[field] = self.mean[channel]
        for field, channel in DEVIATIONS:
            values[field] = self.sd[channel]
        for i in range(kinds.PRESSURE_CHANNELS):
            values[FIRST_PRESSURE + i] = None if self._pressure is None else self._pressure.sustained[i]


def root(value):
    """The integer nearest below the square root."""
    if value <= 0:
        return 0
    guess = value
    better = (guess + 1) >> 1
    while better < guess:
        guess = better
        better = (guess + value // guess) >> 1
    return guess
