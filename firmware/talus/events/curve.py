# The mean shape of an hour's valid strides: ankle angle and moment at 25 points from contact to contact.
# A channel that was not measured through a whole stride adds nothing to its curve; an hour without any is None.

from array import array

from talus.events.ring import complete
from talus.kernel import kernel
from talus.wire.kinds import CURVE_POINTS

STRIDES_MAX = 32767  # 32767 strides of 32.767 N.m fill 30 bits


class Curve:
    """`accumulate` after a valid stride, `take` once an hour. Sums stay below 2^30 up to 32767 strides."""

    def __init__(self):
        self._angle = array("i", [0] * CURVE_POINTS)
        self._moment = array("i", [0] * CURVE_POINTS)
        self._clear()

    def _clear(self):
        self.strides = self._angles = self._moments = 0
        for i in range(CURVE_POINTS):
            self._angle[i] = self._moment[i] = 0

    def accumulate(self, gait):
        """Add the stride that `gait` has just closed; call it only for valid ones."""
        if self.strides >= STRIDES_MAX:
            return
        first, last = gait.first_tick, gait.last_tick
        self.strides += 1
        if complete(gait.angle, first, last + 1):
            self._angles += 1
            kernel.resample(gait.angle, self._angle, first, last)
        if complete(gait.moment, first, last + 1):
            self._moments += 1
            kernel.resample(gait.moment, self._moment, first, last)

    def take(self):
        """Values of a "curve" record (strides, angle, moment) and begin again; None where no stride was added.

        This one allocates: it is for the turn of the hour.
        """
        if not self.strides:
            return None
        values = [self.strides, means(self._angle, self._angles), means(self._moment, self._moments)]
        self._clear()
        return values


def means(sums, count):
    if not count:
        return (None,) * CURVE_POINTS
    return tuple((total + count // 2) // count for total in sums)
