# Samples of a chip's own oscillator -> the 100 Hz grid, by linear interpolation between two neighbours. The chip's
# timestamps say when; the board's clock is tied to them afresh at each poll. Nothing is made across a gap: a moment
# without a neighbour on each side is None. Time is the board's microseconds, wrapping at 2**30.

from array import array

from talus.kernel import chips
from talus.sensors.lsm6dso import WORD

MASK = 0x3FFFFFFF
HALF = 0x20000000
SLOTS = 64  # 0.6 s: the longest erase of flash (0.4 s) and what follows it
AXES = 6
# Places in the kernel's numbers.
NEWEST, OLDER, TAG_COUNT, HAVE, WANTED, GYRO_SLOTS, ACCEL_SLOTS, BYTES, STAMP, EIGHTH_NS, READ_AT, RAW = range(12)
GYRO_HERE, ACCEL_HERE, TIME_HERE = 1, 2, 4


class Inertial:
    """Takes what an LSM6DSO's FIFO brings; between(moment), then lay() leaves the six axes of a moment in a sample.

    fitted: a Calibration; the parts a slot is expected to have, their alignment and bias.
    """

    def __init__(self, imu, fitted):
        self._imu = imu
        self._times = array("i", [0] * SLOTS)
        self._values = array("h", [0] * (SLOTS * (AXES + 1)))
        self.numbers = array("i", [0] * (RAW + AXES))
        self.numbers[WANTED] = (GYRO_HERE if fitted.gyro else 0) | (ACCEL_HERE if fitted.accel else 0) | TIME_HERE
        turning, pushing = fitted.gyro_rows + fitted.gyro_bias, fitted.accel_rows + fitted.accel_bias
        self._tables = (array("i", turning), array("i", pushing), None)
        self.raw = [0] * AXES  # room for a single reading
        self.empty()

    def empty(self):
        """Forget everything: the chip was started again."""
        numbers = self.numbers
        numbers[NEWEST] = numbers[TAG_COUNT] = -1
        numbers[OLDER] = numbers[HAVE] = 0

    def take_in(self, now):
        """Read the words the driver fetched; now: when the chip's present time was read."""
        imu, numbers = self._imu, self.numbers
        numbers[BYTES] = imu.words * WORD
        numbers[STAMP] = imu.stamp
        numbers[EIGHTH_NS] = imu.tick_ns >> 3
        numbers[READ_AT] = now
        chips.take_in(imu.buffer, numbers, self._times, self._values)

    def between(self, moment):
        """Bits of what is there at a moment, 0 when it does not lie between two of the chip's samples, -1 when none
        behind it is here yet."""
        return chips.between(self.numbers, self._times, self._values, moment)

    def lay(self, have, sample):
        """The axes at the moment just looked for; None for what is not there."""
        chips.turn(self.numbers, self._tables, have, sample)

    def count(self):
        """Count the samples anew: numbers[GYRO_SLOTS] and [ACCEL_SLOTS] are those come since."""
        self.numbers[GYRO_SLOTS] = self.numbers[ACCEL_SLOTS] = 0
