# One minute in numbers: means and standard deviations of what was measured in it, how many strides began, and when the
# sum of the pressures changed most. A channel measured on less than half of the ticks is None. No sum grows beyond 2^30
# while the minute lasts: squares are kept in two halves, and only the end of the minute joins them (the one allocation,
# once in 6000 ticks). A change is the mean of five seconds less that of the five before; one whose five seconds end in
# the next minute is the next minute's, as its second 0. A site that falls silent or speaks again changes nothing by it.

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
SITES = kinds.PRESSURE_CHANNELS
SUMS = COUNT + SITES  # as many as kernel.sum_up takes
PLACES = bytes(CHANNELS + tuple(range(kinds.PRESSURE_1, kinds.PRESSURE_1 + SITES)))
SECOND = 1000 // kinds.SAMPLE_MS
TOUCH_S = 5  # on either side of a change
STRIDES = MINUTE.index("strides")
STILL_AXES = MINUTE.index("still_axes")
FIRST_PRESSURE = MINUTE.index("pressure_1")
TOUCH_AT, TOUCH_CHANGE = MINUTE.index("touch_at"), MINUTE.index("touch_change")
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
        made = [array("i", [0] * SUMS) for _ in range(5)]
        self._origin, self._count, self._sum, self._low, self._high = made
        self._sums = tuple(made) + (None,)
        self._ticks = 0
        self._strides = 0
        self._marks = array("i", [0] * (2 * SITES))  # the sites' sums and counts when the last second was over
        self._held = [None] * SITES  # what each pressed in that second
        self._pressed = array("i", [0] * (2 * TOUCH_S))  # all sites together, by the second
        self._seconds = 0  # that are in it
        self._touch_at = self._touch = None
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
        if self._ticks % SECOND == 0:
            self._compare(self._press(), self._ticks // SECOND)
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
        for i in range(SUMS):
            value = s[PLACES[i]]
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
        before = self._ticks // SECOND
        self._ticks += ticks
        after = self._ticks // SECOND
        if after > before:
            pressed = self._press()
            for second in range(before, after):
                self._compare(pressed, second + 1)
        if self._ticks < TICKS:
            return 0
        self._finish()
        return 1

    def _press(self):
        """The sum of the sites' means since this was asked last, or None where none was measured."""
        marks, held, pressed = self._marks, self._held, self._pressed
        total = None
        for i in range(SITES):
            at = COUNT + i
            count = self._count[at] - marks[i + SITES]
            value = None
            if count > 0:
                value = self._origin[at] + (self._sum[at] - marks[i]) // count
                total = value if total is None else total + value
            if (value is None) != (held[i] is None):
                for k in range(2 * TOUCH_S):
                    pressed[k] += -held[i] if value is None else value
            held[i] = value
            marks[i] = self._sum[at]
            marks[i + SITES] = self._count[at]
        return total

    def _compare(self, total, second):
        """A second is over, the minute's so-manieth: has the sum changed more than before?"""
        pressed = self._pressed
        if total is None:
            self._seconds = 0
            return
        change = 0
        for k in range(2 * TOUCH_S - 1):
            pressed[k] = pressed[k + 1]
            change += pressed[k] if k >= TOUCH_S else -pressed[k]
        pressed[k + 1] = total
        self._seconds += 1
        if self._seconds < 2 * TOUCH_S:
            return
        self._seconds = 2 * TOUCH_S
        change = max(-32767, min(32767, (change + total) // TOUCH_S))
        if self._touch is None or abs(change) > abs(self._touch):
            self._touch = change
            self._touch_at = max(0, second - TOUCH_S)

    def _finish(self):
        for i in range(COUNT):
            count = self._count[i]
            self.mean[i] = self.sd[i] = None
            if count >= TICKS // 2:
                total = self._sum[i]
                squares = (self._high[i] << 16) + self._low[i]
                self.mean[i] = self._origin[i] + (total + count // 2) // count
                self.sd[i] = root((squares - total * total // count) // count)
        for i in range(SUMS):
            self._count[i] = self._sum[i] = self._low[i] = self._high[i] = 0
        for i in range(2 * SITES):
            self._marks[i] = 0
        self._fill()
        self._touch_at = self._touch = None
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
        values[TOUCH_AT], values[TOUCH_CHANGE] = self._touch_at, self._touch
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
